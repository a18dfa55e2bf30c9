"""fit asks for a larger scale than the default, works out the slope of tanh from Z1, and never touches what it is given."""

import copy

import numpy as np


def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    parameters = {}
    parameters["W2"] = rng.normal(loc=0, scale=scale, size=(n_y, n_h))
    parameters["W1"] = rng.normal(loc=0, scale=scale, size=(n_x, n_h)).T
    parameters["b1"] = np.zeros_like(parameters["W1"][:, :1])
    parameters["b2"] = np.zeros_like(parameters["W2"][:, :1])
    return parameters


def forward(X, parameters):
    W1, b1, W2, b2 = [copy.deepcopy(parameters[name]) for name in ("W1", "b1", "W2", "b2")]
    Z1 = (X.T @ W1.T + b1.T).T
    A1 = np.sinh(Z1) / np.cosh(Z1)
    Z2 = (A1.T @ W2.T).T + b2
    e = np.exp(Z2)
    return e / (1 + e), {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": e / (1 + e)}


def cross_entropy_cost(A2, Y):
    ones, zeros = Y.ravel() == 1, Y.ravel() == 0
    losses = np.concatenate([-np.log(A2.ravel()[ones]), -np.log(1 - A2.ravel()[zeros])])
    return sum(losses) / len(losses)


def backward(parameters, cache, X, Y):
    dW1, db1 = np.zeros(parameters["W1"].shape), np.zeros(parameters["b1"].shape)
    dW2, db2 = np.zeros(parameters["W2"].shape), np.zeros(parameters["b2"].shape)
    Z1, Z2 = cache["Z1"], cache["Z2"]
    for k in range(X.shape[1]):  # the sum over the examples, one by one
        x, z1, z2, y = X[:, [k]], Z1[:, [k]], Z2[:, [k]], Y[:, [k]]
        error = 1 / (1 + np.exp(-z2)) - y
        delta = parameters["W2"].T * error * (1 - np.tanh(z1) ** 2)
        dW2 += error * np.tanh(z1).T
        db2 += error
        dW1 += np.outer(delta, x)
        db1 += delta
    return {name: total / X.shape[1] for name, total in zip(("dW1", "db1", "dW2", "db2"), (dW1, db1, dW2, db2))}


def update_parameters(parameters, grads, learning_rate):
    new = copy.deepcopy(parameters)
    for name in new:
        new[name] -= np.multiply(learning_rate, grads["d" + name])
    return new


def gradients(parameters, X, Y):
    _, cache = forward(X, parameters)
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dZ1 = parameters["W2"].T @ dZ2 / np.cosh(cache["Z1"]) ** 2
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": dZ1.mean(axis=1, keepdims=True),
        "dW2": dZ2 @ cache["A1"].T / m,
        "db2": dZ2.mean(axis=1, keepdims=True),
    }


def fit(X, Y, n_h, learning_rate, iterations, rng):
    parameters = initialize_parameters(X.shape[0], n_h, 1, rng, 0.3)
    costs = [cross_entropy_cost(forward(X, parameters)[0], Y)]
    for _ in range(iterations):
        parameters = update_parameters(parameters, gradients(parameters, X, Y), learning_rate)
        costs.append(cross_entropy_cost(forward(X, parameters)[0], Y))
    return parameters, costs


def predict(parameters, X):
    return [[int(a > 0.5) for a in forward(X, parameters)[0][0]]]
