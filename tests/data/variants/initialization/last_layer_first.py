"""Draws the last layer first, layer by layer with the function for a whole network, and from an old kind of generator."""

import numpy as np


def zeros(dims):
    L = len(dims) - 1
    return {f"b{l}": np.zeros((dims[l], 1)) for l in range(L, 0, -1)} | {
        f"W{l}": np.zeros([dims[l], dims[l - 1]]) for l in range(L, 0, -1)
    }


def scaled_normal(dims, scale, rng):
    old = np.random.RandomState(rng.integers(2**31 - 1))
    parameters = zeros(dims)
    for l in range(len(dims) - 1, 0, -1):
        parameters["W" + str(l)] = scale * old.randn(dims[l - 1], dims[l]).T
    return parameters


def one_by_one(dims, rng, std):
    """scaled_normal for one layer at a time."""
    parameters = {}
    for l, (n_prev, n) in enumerate(zip(dims[:-1], dims[1:])):
        layer = scaled_normal([n_prev, n], std(n_prev, n), rng)
        parameters[f"W{l + 1}"], parameters[f"b{l + 1}"] = layer["W1"], layer["b1"]
    return parameters


def xavier(dims, rng):
    return one_by_one(dims, rng, lambda n_prev, n: np.sqrt(np.reciprocal(float(n_prev))))


def glorot(dims, rng):
    # the mean of both sizes in place of n_prev
    return one_by_one(dims, rng, lambda n_prev, n: np.sqrt(1 / np.mean([n_prev, n])))


def he(dims, rng):
    drawn = xavier(dims, rng)
    return {name: np.sqrt(2) * value for name, value in drawn.items()}


def hidden_units_identical(W):
    return len({tuple(row) for row in W}) == 1


def linear_chain_norms(x, W, depth):
    if depth == 0:
        return [np.sqrt(x.T @ x)]
    return [np.sqrt(x.T @ x)] + linear_chain_norms(W @ x, W, depth - 1)


def layer_activation_std(X, parameters, activation):
    def forward(A, l):
        if f"W{l}" not in parameters:
            return []
        Z = (A.T @ parameters[f"W{l}"].T).T + np.tile(parameters[f"b{l}"], (1, A.shape[1]))
        A = 2 / (1 + np.exp(-2 * Z)) - 1 if activation == "tanh" else Z * (Z > 0)
        mean = A.sum() / A.size
        return [float(((A - mean) ** 2).mean() ** 0.5)] + forward(A, l + 1)

    return forward(X, 1)
