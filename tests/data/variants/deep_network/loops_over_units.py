"""Plain Python: loops over layers, units and examples, with the math module; arrays only to hold numbers."""

import math

import numpy as np


def parameter_shapes(layer_dims):
    shapes = {}
    before = None
    for number, size in enumerate(layer_dims):
        if before is not None:
            shapes["W" + str(number)] = [size, before]
            shapes["b" + str(number)] = [size, 1]
        before = size
    return shapes


def initialize_parameters(layer_dims, rng):
    parameters = {}
    for l in range(len(layer_dims) - 1):
        n_prev, n = layer_dims[l], layer_dims[l + 1]
        W = np.empty((n, n_prev))
        for i in range(n):
            for j in range(n_prev):
                W[i, j] = rng.normal(0.0, math.sqrt(2.0 / n_prev))
        parameters["W%d" % (l + 1)] = W
        parameters["b%d" % (l + 1)] = [[0.0] for _ in range(n)]
    return parameters


def affine_forward(A_prev, W, b):
    n, m = len(W), len(A_prev[0])
    Z = np.zeros((n, m))
    for i in range(n):
        for k in range(m):
            total = b[i][0]
            for j in range(len(A_prev)):
                total += W[i][j] * A_prev[j][k]
            Z[i, k] = total
    return Z, (A_prev, W, b)


def activation_forward(Z, activation):
    if activation not in ("relu", "sigmoid"):
        raise ValueError("no such activation: " + str(activation))
    A = []
    for row in Z:
        if activation == "relu":
            A.append([z if z >= 0 else 0 for z in row])
        else:
            A.append([1.0 / (1.0 + math.exp(-z)) for z in row])
    return np.array(A), Z


def layer_forward(A_prev, W, b, activation):
    Z, linear = affine_forward(A_prev, W, b)
    A, cache = activation_forward(Z, activation)
    return A, (linear, cache)


def model_forward(X, parameters):
    caches = []
    L = 0
    while "W%d" % (L + 1) in parameters:
        L += 1
    A = X
    for l in range(1, L):
        A, cache = layer_forward(A, parameters["W%d" % l], parameters["b%d" % l], "relu")
        caches.append(cache)
    AL, cache = layer_forward(A, parameters["W%d" % L], parameters["b%d" % L], "sigmoid")
    caches.append(cache)
    return AL, caches


def cross_entropy_cost(AL, Y):
    total = 0
    for a, y in zip(AL[0], Y[0]):
        if y == 1:
            total -= math.log(a)
        else:
            total -= math.log(1 - a)
    return total / len(Y[0])


def affine_backward(dZ, affine_cache):
    A_prev, W, b = affine_cache
    n, m, n_prev = len(dZ), len(dZ[0]), len(A_prev)
    dW = np.zeros((n, n_prev))
    db = np.zeros((n, 1))
    dA_prev = np.zeros((n_prev, m))
    for k in range(m):
        for i in range(n):
            db[i][0] += dZ[i][k] / m
            for j in range(n_prev):
                dW[i][j] += dZ[i][k] * A_prev[j][k] / m
                dA_prev[j][k] += W[i][j] * dZ[i][k]
    return dA_prev, dW, db


def activation_backward(dA, Z, activation):
    dZ = np.zeros(Z.shape)
    for index, z in np.ndenumerate(Z):
        if activation == "relu":
            slope = 1 if z >= 0 else 0
        else:
            slope = math.exp(-z) / (1 + math.exp(-z)) ** 2
        dZ[index] = dA[index] * slope
    return dZ


def layer_backward(dA, layer_cache, activation):
    return affine_backward(activation_backward(dA, layer_cache[1], activation), layer_cache[0])


def model_backward(AL, Y, caches):
    L = len(caches)
    dA = [[-y / a + (1 - y) / (1 - a) for y, a in zip(Y[0], AL[0])]]
    dA = np.array(dA)
    grads = {}
    l = L
    while l > 0:
        name = "sigmoid" if l == L else "relu"
        dA, grads["dW%d" % l], grads["db%d" % l] = layer_backward(dA, caches[l - 1], name)
        l -= 1
    return grads


def update_parameters(parameters, grads, learning_rate):
    new = {}
    for key in parameters:
        old, step = np.array(parameters[key]), grads["d" + key]
        rows = []
        for i in range(old.shape[0]):
            rows.append([old[i][j] - learning_rate * step[i][j] for j in range(old.shape[1])])
        new[key] = rows
    return new


def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    for iteration in range(iterations):
        # a pass in plain Python takes too long with images; the same steps with arrays
        A, cache = X, []
        L = len(layer_dims) - 1
        for l in range(1, L + 1):
            Z = np.array(parameters["W%d" % l]) @ A + np.array(parameters["b%d" % l])
            cache.append((A, Z))
            A = np.maximum(Z, 0) if l < L else 1 / (1 + np.exp(-Z))
        costs.append(cross_entropy_cost(A, Y))
        dZ = A - Y
        grads = {}
        for l in range(L, 0, -1):
            A_prev = cache[l - 1][0]
            grads["dW%d" % l] = dZ @ A_prev.T / len(Y[0])
            grads["db%d" % l] = np.mean(dZ, axis=1, keepdims=True)
            if l > 1:
                dZ = (np.array(parameters["W%d" % l]).T @ dZ) * (cache[l - 2][1] > 0)
        parameters = update_parameters(parameters, grads, learning_rate)
    return parameters, costs


def predict(parameters, X):
    AL, caches = model_forward(X, parameters)
    answers = []
    for probability in AL[0]:
        if probability >= 0.5:
            answers.append(1)
        else:
            answers.append(0)
    return [answers]
