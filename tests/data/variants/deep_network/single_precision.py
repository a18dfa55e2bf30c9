"""Everything in float32, as a library for graphics cards would do it."""

import numpy as np

F = np.float32


def f32(*arrays):
    return [np.asarray(array, dtype=F) for array in arrays]


def parameter_shapes(layer_dims):
    shapes = {}
    for l in range(1, len(layer_dims)):
        shapes[f"W{l}"] = tuple(np.int32([layer_dims[l], layer_dims[l - 1]]))
        shapes[f"b{l}"] = (np.int32(layer_dims[l]), 1)
    return shapes


def initialize_parameters(layer_dims, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = rng.standard_normal((layer_dims[l], layer_dims[l - 1]), dtype=F)
        parameters[f"W{l}"] = W * F(np.sqrt(2 / layer_dims[l - 1]))
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1), F)
    return parameters


def affine_forward(A_prev, W, b):
    A_prev, W, b = f32(A_prev, W, b)
    return W @ A_prev + b, (A_prev, W, b)


def activation_forward(Z, activation):
    (Z,) = f32(Z)
    if activation == "relu":
        return np.maximum(Z, F(0)), Z
    if activation == "sigmoid":
        return np.exp(-np.logaddexp(F(0), -Z)), Z
    raise ValueError(f"activation {activation!r}")


def layer_forward(A_prev, W, b, activation):
    Z, affine_cache = affine_forward(A_prev, W, b)
    A, Z = activation_forward(Z, activation)
    return A, (affine_cache, Z)


def model_forward(X, parameters):
    L = len(parameters) // 2
    A, caches = X.astype(F), []
    for l in range(1, L + 1):
        A, cache = layer_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], "relu" if l < L else "sigmoid")
        caches.append(cache)
    return A, caches


def cross_entropy_cost(AL, Y):
    AL, Y = f32(AL, Y)
    return -np.mean(np.log(np.where(Y > 0, AL, 1 - AL)))


def affine_backward(dZ, affine_cache):
    dZ, A_prev, W, _ = f32(dZ, *affine_cache)
    m = F(dZ.shape[1])
    return W.T @ dZ, dZ @ A_prev.T / m, np.sum(dZ, axis=1, keepdims=True) / m


def activation_backward(dA, Z, activation):
    dA, Z = f32(dA, Z)
    if activation == "relu":
        return np.where(Z > 0, dA, F(0))
    s, _ = activation_forward(Z, "sigmoid")
    return dA * s * (1 - s)


def layer_backward(dA, layer_cache, activation):
    affine_cache, Z = layer_cache
    return affine_backward(activation_backward(dA, Z, activation), affine_cache)


def model_backward(AL, Y, caches):
    AL, Y = f32(AL, Y)
    L = len(caches)
    dA_prev, dW, db = affine_backward(AL - Y, caches[-1][0])
    grads = {f"dW{L}": dW, f"db{L}": db}
    for l in range(L - 1, 0, -1):
        dA_prev, grads[f"dW{l}"], grads[f"db{l}"] = layer_backward(dA_prev, caches[l - 1], "relu")
    return grads


def update_parameters(parameters, grads, learning_rate):
    return {k: v.astype(F) - F(learning_rate) * grads[f"d{k}"].astype(F) for k, v in parameters.items()}


def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    for _ in range(iterations):
        AL, caches = model_forward(X, parameters)
        costs.append(cross_entropy_cost(AL, Y))
        parameters = update_parameters(parameters, model_backward(AL, Y, caches), learning_rate)
    return parameters, costs


def predict(parameters, X):
    return (model_forward(X, parameters)[0] > F(0.5)).astype(np.uint8)
