# my solution, works for any number of layers
import numpy as np
import matplotlib.pyplot as plt
import h5py

plt.rcParams["figure.figsize"] = (5.0, 4.0)


def relu(z):
    return z * (z > 0)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def parameter_shapes(dims):
    out = {}
    for i, (n_in, n_out) in enumerate(zip(dims[:-1], dims[1:])):
        out[f"W{i + 1}"] = (n_out, n_in)
        out[f"b{i + 1}"] = (n_out, 1)
    return out


def initialize_parameters(dims, rng):
    params = {}
    for name, (rows, columns) in parameter_shapes(dims).items():
        if name[0] == "W":
            params[name] = rng.normal(0.0, (2.0 / columns) ** 0.5, size=(rows, columns))
        else:
            params[name] = np.zeros((rows, columns))
    return params


def affine_forward(A, W, b):
    assert W.shape[1] == A.shape[0]
    return W.dot(A) + b, (A, W, b)


def activation_forward(Z, activation):
    functions = {"relu": relu, "sigmoid": sigmoid}
    if activation not in functions:
        raise ValueError(activation)
    return functions[activation](Z), Z


def layer_forward(A, W, b, activation):
    Z, linear = affine_forward(A, W, b)
    return activation_forward(Z, activation)[0], (linear, Z)


def model_forward(X, params):
    n_layers = len(params) // 2
    A = X
    caches = []
    for i in range(1, n_layers + 1):
        A, cache = layer_forward(A, params[f"W{i}"], params[f"b{i}"], "relu" if i < n_layers else "sigmoid")
        caches.append(cache)
    return A, caches


def cross_entropy_cost(AL, Y):
    losses = -(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    return losses.mean()


def affine_backward(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    return W.T @ dZ, (dZ @ A.T) / m, dZ.mean(axis=1, keepdims=True)


def activation_backward(dA, Z, activation):
    if activation == "relu":
        return np.where(Z > 0, dA, 0)
    if activation == "sigmoid":
        return dA * sigmoid(Z) * (1 - sigmoid(Z))
    raise ValueError(activation)


def layer_backward(dA, cache, activation):
    linear, Z = cache
    return affine_backward(activation_backward(dA, Z, activation), linear)


def model_backward(AL, Y, caches):
    grads = {}
    n_layers = len(caches)
    # the slope of sigmoid cancels: dZ of the last layer is AL - Y
    dA, grads[f"dW{n_layers}"], grads[f"db{n_layers}"] = affine_backward(AL - Y, caches[-1][0])
    for i in range(n_layers - 1, 0, -1):
        dA, grads[f"dW{i}"], grads[f"db{i}"] = layer_backward(dA, caches[i - 1], "relu")
    return grads


def update_parameters(params, grads, learning_rate):
    for name in params:
        params[name] = params[name] - learning_rate * grads["d" + name]
    return params


def fit(X, Y, dims, learning_rate, iterations, rng):
    params = initialize_parameters(dims, rng)
    costs = []
    for i in range(iterations):
        AL, caches = model_forward(X, params)
        if i % 5 == 0 or i == iterations - 1:
            costs.append(cross_entropy_cost(AL, Y))
        params = update_parameters(params, model_backward(AL, Y, caches), learning_rate)
    print("last cost:", costs[-1])
    return params, costs


def predict(params, X):
    AL, _ = model_forward(X, params)
    return AL
