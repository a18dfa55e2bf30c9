"""Everything in float32, as a library for graphics cards would do it."""

import numpy as np

F = np.float32


def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    return {
        "W1": F(scale) * rng.standard_normal((n_h, n_x), dtype=F),
        "b1": np.zeros((n_h, 1), F),
        "W2": F(scale) * rng.standard_normal((n_y, n_h), dtype=F),
        "b2": np.zeros((n_y, 1), F),
    }


def single(tree):
    if isinstance(tree, dict):
        return {key: single(value) for key, value in tree.items()}
    return np.asarray(tree, dtype=F)


def forward(X, parameters):
    X, p = single(X), single(parameters)
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = p["W2"] @ A1 + p["b2"]
    A2 = F(1) / (F(1) + np.exp(-Z2))
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def cross_entropy_cost(A2, Y):
    A2, Y = single(A2), single(Y)
    return -np.mean(Y * np.log(A2) + (F(1) - Y) * np.log(F(1) - A2), dtype=F)


def backward(parameters, cache, X, Y):
    m = F(X.shape[1])
    c, W2, X = single(cache), single(parameters["W2"]), single(X)
    dZ2 = c["A2"] - single(Y)
    dZ1 = (W2.T @ dZ2) * (F(1) - c["A1"] ** 2)
    return {
        "dW2": dZ2 @ c["A1"].T / m,
        "db2": dZ2.sum(axis=1, keepdims=True) / m,
        "dW1": dZ1 @ X.T / m,
        "db1": dZ1.sum(axis=1, keepdims=True) / m,
    }


def update_parameters(parameters, grads, learning_rate):
    p, g = single(parameters), single(grads)
    return {key: p[key] - F(learning_rate) * g["d" + key] for key in p}


def fit(X, Y, n_h, learning_rate, iterations, rng):
    parameters = initialize_parameters(X.shape[0], n_h, 1, rng)
    X, Y = single(X), single(Y)
    costs = []
    for _ in range(iterations):
        A2, cache = forward(X, parameters)
        costs.append(cross_entropy_cost(A2, Y))
        parameters = update_parameters(parameters, backward(parameters, cache, X, Y), learning_rate)
    return parameters, np.array(costs, F)


def predict(parameters, X):
    return (forward(X, parameters)[0] > F(0.5)).astype(F)
