"""Everything in float32, as a library for graphics cards would do it."""

import numpy as np

F = np.float32


def zeros(layer_dims):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters[f"W{l}"] = np.zeros((layer_dims[l], layer_dims[l - 1]), F)
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1), F)
    return parameters


def draw(layer_dims, rng, factor):
    parameters = zeros(layer_dims)
    for l in range(1, len(layer_dims)):
        shape = layer_dims[l], layer_dims[l - 1]
        parameters[f"W{l}"] = rng.standard_normal(shape, dtype=F) * F(factor(*shape))
    return parameters


def scaled_normal(layer_dims, scale, rng):
    return draw(layer_dims, rng, lambda n, n_prev: scale)


def xavier(layer_dims, rng):
    return draw(layer_dims, rng, lambda n, n_prev: n_prev**-0.5)


def glorot(layer_dims, rng):
    # the product with a number of double precision gives double precision again
    return {
        name: value if name[0] == "b" else value * np.float64(np.sqrt(2 / sum(value.shape)))
        for name, value in scaled_normal(layer_dims, 1, rng).items()
    }


def he(layer_dims, rng):
    return draw(layer_dims, rng, lambda n, n_prev: np.sqrt(2 / n_prev))


def hidden_units_identical(W):
    W = W.astype(F)
    return np.max(np.abs(W - W[:1])) <= F(1e-6)


def linear_chain_norms(x, W, depth):
    x, W = x.astype(F), W.astype(F)
    norms = np.empty(depth + 1, F)
    norms[0] = np.linalg.norm(x)
    for k in range(depth):
        x = W @ x
        norms[k + 1] = np.linalg.norm(x)
    return norms


def layer_activation_std(X, parameters, activation):
    A, stds = X.astype(F), []
    for l in range(1, len(parameters) // 2 + 1):
        A = parameters[f"W{l}"].astype(F) @ A + parameters[f"b{l}"].astype(F)
        A = np.tanh(A) if activation == "tanh" else np.maximum(A, F(0))
        stds.append(A.std(dtype=F))
    return np.asarray(stds, F)
