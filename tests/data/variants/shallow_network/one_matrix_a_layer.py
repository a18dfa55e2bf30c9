"""Biases are weights of an input that is always 1: one matrix a layer inside, the asked-for dicts outside."""

import numpy as np


def with_ones(A):
    return np.vstack([A, np.ones((1, A.shape[1]))])


def join(parameters):
    return [np.hstack([parameters[f"W{i}"], parameters[f"b{i}"]]) for i in (1, 2)]


def split(matrices, prefix=""):
    named = {}
    for i, matrix in enumerate(matrices, start=1):
        named[f"{prefix}W{i}"] = matrix[:, :-1]
        named[f"{prefix}b{i}"] = matrix[:, -1:]
    return named


def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    sizes = [n_x, n_h, n_y]
    matrices = []
    for before, after in zip(sizes[:-1], sizes[1:]):
        matrix = scale * rng.standard_normal((after, before + 1))
        matrix[:, before] = 0
        matrices.append(matrix)
    return split(matrices)


def forward(X, parameters, return_all=True):
    one, two = join(parameters)
    Z1 = one @ with_ones(X)
    A1 = 2 / (1 + np.exp(-2 * Z1)) - 1
    Z2 = two @ with_ones(A1)
    A2 = 1 / (1 + np.exp(-Z2))
    return [A2, dict(Z1=Z1, A1=A1, Z2=Z2, A2=A2, X=X)]


def cross_entropy_cost(A2, Y):
    A2 = np.clip(A2, 1e-12, 1 - 1e-12)
    return -(Y @ np.log(A2).T + (1 - Y) @ np.log(1 - A2).T) / Y.shape[1]


def backward(parameters, cache, X, Y):
    one, two = join(parameters)
    m = X.shape[1]
    dZ2 = (cache["A2"] - Y) / m
    d_two = dZ2 @ with_ones(cache["A1"]).T
    dZ1 = (two.T @ dZ2)[:-1] * (1 + cache["A1"]) * (1 - cache["A1"])
    d_one = dZ1 @ with_ones(X).T
    return split([d_one, d_two], prefix="d")


def update_parameters(parameters, grads, learning_rate):
    new = [old - learning_rate * d for old, d in zip(join(parameters), join({k[1:]: v for k, v in grads.items()}))]
    return split(new)


def fit(X, Y, n_h, learning_rate, iterations, rng):
    def train(parameters, costs, left):
        # all costs after their update, the last one included
        for _ in range(left):
            A2, cache = forward(X, parameters)
            grads = backward(parameters, cache, X, Y)
            parameters = update_parameters(parameters, grads, learning_rate)
            costs.append(cross_entropy_cost(forward(X, parameters)[0], Y).item())
        return parameters, costs

    return train(initialize_parameters(X.shape[0], n_h, Y.shape[0], rng), [], iterations)


def predict(parameters, X):
    A2 = forward(X, parameters)[0]
    return np.where(A2 < 0.5, 0, 1)
