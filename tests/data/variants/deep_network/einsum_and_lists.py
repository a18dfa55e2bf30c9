"""Sums written as np.einsum, caches as lists, everything that NumPy has a ufunc for taken from there."""

from collections import OrderedDict
from functools import reduce

import numpy as np


def parameter_shapes(layer_dims):
    dims = np.asarray(layer_dims)
    pairs = np.stack([dims[1:], dims[:-1]], axis=1)
    shapes = OrderedDict()
    for l, pair in enumerate(pairs):
        shapes[f"W{l + 1}"] = pair
        shapes[f"b{l + 1}"] = np.array([pair[0], 1])
    return shapes


def initialize_parameters(layer_dims, rng):
    parameters = OrderedDict()
    for name, shape in parameter_shapes(layer_dims).items():
        if name[0] == "W":
            parameters[name] = rng.normal(loc=0, scale=np.sqrt(np.divide(2, shape[1])), size=tuple(shape))
        else:
            parameters[name] = np.zeros(shape, dtype=int)
    return parameters


def affine_forward(A_prev, W, b):
    return [np.einsum("ij,jk->ik", W, A_prev) + b, [A_prev, W, b]]


def activation_forward(Z, activation):
    functions = {"relu": lambda z: z * np.heaviside(z, 0), "sigmoid": lambda z: np.reciprocal(1 + np.exp(-z))}
    if activation not in functions:
        raise ValueError(activation)
    return [functions[activation](Z), Z]


def layer_forward(A_prev, W, b, activation):
    Z, affine_cache = affine_forward(A_prev, W, b)
    return [activation_forward(Z, activation)[0], [affine_cache, Z]]


def model_forward(X, parameters):
    L = max(int(key[1:]) for key in parameters)

    def step(so_far, l):
        A, caches = so_far
        A, cache = layer_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], ("relu", "sigmoid")[l == L])
        return A, caches + [cache]

    return reduce(step, range(1, L + 1), (X, []))


def cross_entropy_cost(AL, Y):
    m = np.size(Y)
    cost = -(np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T)) / m
    return np.squeeze(cost)


def affine_backward(dZ, affine_cache):
    A_prev, W, b = affine_cache
    m = np.size(dZ, axis=1)
    dW = np.einsum("ik,jk->ij", dZ, A_prev)
    db = np.einsum("ik->i", dZ)[:, None]
    dA_prev = np.einsum("ij,ik->jk", W, dZ)
    return [dA_prev, np.divide(dW, m), np.divide(db, m)]


def activation_backward(dA, Z, activation):
    if activation == "relu":
        return np.where(np.greater(Z, 0), dA, 0)
    s, _ = activation_forward(Z, activation)
    return np.multiply(dA, np.subtract(s, np.square(s)))


def layer_backward(dA, layer_cache, activation):
    return affine_backward(activation_backward(dA, layer_cache[1], activation), layer_cache[0])


def model_backward(AL, Y, caches):
    # (AL - Y) / (AL (1 - AL)) is the same as -Y / AL + (1 - Y) / (1 - AL) for labels 0 and 1
    dA = np.divide(AL - Y, AL * (1 - AL))
    grads = OrderedDict()
    for l, cache in reversed(list(enumerate(caches, start=1))):
        dA, grads[f"dW{l}"], grads[f"db{l}"] = layer_backward(dA, cache, "sigmoid" if l == len(caches) else "relu")
    return grads


def update_parameters(parameters, grads, learning_rate):
    return OrderedDict((k, np.add(v, np.multiply(-learning_rate, grads["d" + k]))) for k, v in parameters.items())


def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    parameters = initialize_parameters(layer_dims, rng)
    costs = np.empty(iterations)
    for i in range(iterations):
        AL, caches = model_forward(X, parameters)
        costs[i] = cross_entropy_cost(AL, Y)
        parameters = update_parameters(parameters, model_backward(AL, Y, caches), learning_rate)
    return parameters, costs


def predict(parameters, X):
    return np.greater_equal(model_forward(X, parameters)[0], 0.5)
