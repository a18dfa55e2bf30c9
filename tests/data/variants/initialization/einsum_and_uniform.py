"""Uniform draws around zero, as Glorot's paper has them, and einsum for every product."""

import itertools

import numpy as np
from numpy.linalg import matrix_power


def uniform(layer_dims, rng, limit):
    pairs = itertools.pairwise(layer_dims)
    weights = {f"W{l}": rng.uniform(-limit(i, o), limit(i, o), size=(o, i)) for l, (i, o) in enumerate(pairs, 1)}
    return {**weights, **{f"b{l}": np.zeros((n, 1)) for l, n in enumerate(layer_dims[1:], 1)}}


def zeros(layer_dims):
    return uniform(layer_dims, np.random.default_rng(), lambda i, o: 0.0)


def scaled_normal(layer_dims, scale, rng):
    return uniform(layer_dims, rng, lambda i, o: 3**0.5 * scale)


def xavier(layer_dims, rng):
    return uniform(layer_dims, rng, lambda i, o: np.sqrt(3 / i))


def glorot(layer_dims, rng):
    return uniform(layer_dims, rng, lambda i, o: np.sqrt(6 / (i + o)))


def he(layer_dims, rng):
    return uniform(layer_dims, rng, lambda i, o: np.sqrt(6 / i))


def hidden_units_identical(W):
    return np.ptp(W, axis=0).max() < 1e-9


def linear_chain_norms(x, W, depth):
    signals = np.stack([np.einsum("ij,jk->ik", matrix_power(W, k), x)[:, 0] for k in range(depth + 1)])
    return np.sqrt(np.einsum("ki,ki->k", signals, signals))


def layer_activation_std(X, parameters, activation):
    g = {"tanh": np.tanh, "relu": lambda Z: np.where(Z >= 0, Z, 0)}[activation]
    A, result = X, np.empty(len(parameters) // 2)
    for l in range(result.size):
        A = g(np.einsum("ij,jm->im", parameters[f"W{l + 1}"], A) + parameters[f"b{l + 1}"])
        result[l] = np.sqrt(np.einsum("im,im->", A - A.mean(), A - A.mean()) / A.size)
    return result
