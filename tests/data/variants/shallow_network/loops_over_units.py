"""Plain loops: over units, over inputs, and over examples where there is no hurry. The math module, and no matrix product."""
import math

import numpy as np


def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    W1 = np.empty((n_h, n_x))
    W2 = np.empty((n_y, n_h))
    for W in (W2, W1):
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                W[i, j] = rng.normal(0.0, scale)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}


def affine(W, b, A):
    Z = np.zeros((W.shape[0], A.shape[1]))
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            Z[i] = Z[i] + W[i, j] * A[j]
        Z[i] = Z[i] + b[i, 0]
    return Z


def forward(X, parameters):
    Z1 = affine(parameters["W1"], parameters["b1"], X)
    A1 = np.zeros(Z1.shape)
    for i in range(Z1.shape[0]):
        A1[i] = np.tanh(Z1[i])
    Z2 = affine(parameters["W2"], parameters["b2"], A1)
    A2 = np.zeros(Z2.shape)
    for k in range(Z2.shape[1]):
        A2[0, k] = 1 / (1 + math.exp(-Z2[0, k]))
    return [A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}]


def cross_entropy_cost(A2, Y):
    m = len(Y[0])
    total = 0.0
    for k in range(m):
        if Y[0, k] == 1:
            total -= math.log(A2[0, k])
        else:
            total -= math.log(1 - A2[0, k])
    return total / m


def backward(parameters, cache, X, Y):
    n_x, m = X.shape
    W2, A1, A2 = parameters["W2"], cache["A1"], cache["A2"]
    n_h = A1.shape[0]
    grads = {"dW1": np.zeros((n_h, n_x)), "db1": np.zeros((n_h, 1)), "dW2": np.zeros((1, n_h)), "db2": np.zeros((1, 1))}
    error = A2[0] - Y[0]
    grads["db2"][0, 0] = sum(error) / m
    for i in range(n_h):
        grads["dW2"][0, i] = (error * A1[i]).sum() / m
        delta = W2[0, i] * error * (1 - A1[i] * A1[i])
        grads["db1"][i, 0] = delta.sum() / m
        for j in range(n_x):
            grads["dW1"][i, j] = (delta * X[j]).sum() / m
    return grads


def update_parameters(parameters, grads, learning_rate):
    new = {}
    for name in ["W1", "b1", "W2", "b2"]:
        old, slope = parameters[name], grads["d" + name]
        new[name] = np.zeros(old.shape)
        for i in range(old.shape[0]):
            for j in range(old.shape[1]):
                new[name][i, j] = old[i, j] - learning_rate * slope[i, j]
    return new


def fit(X, Y, n_h, learning_rate, iterations, rng):
    parameters = initialize_parameters(len(X), n_h, len(Y), rng)
    costs = []
    step = 0
    while step < iterations:
        A2, cache = forward(X, parameters)
        costs.append(cross_entropy_cost(A2, Y))
        grads = backward(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads, learning_rate)
        step += 1
    return [parameters, costs]


def predict(parameters, X):
    A2, _ = forward(X, parameters)
    answers = [[]]
    for a in A2[0]:
        answers[0].append(1.0 if a >= 0.5 else 0.0)
    return np.array(answers)
