"""Arrays that are filled and scaled where they are, arguments included."""

import numpy as np


def zeros(layer_dims):
    parameters = {}
    while len(layer_dims) > 1:
        l = len(layer_dims) - 1
        n = layer_dims.pop()
        parameters[f"b{l}"] = np.zeros((n, 1), dtype=int)
        parameters[f"W{l}"] = np.zeros((n, layer_dims[-1]), dtype=int)
    return parameters


def scaled_normal(layer_dims, scale, rng):
    parameters = zeros(list(layer_dims))
    for name in sorted(parameters):
        if name[0] == "W":
            parameters[name] = parameters[name].astype(float)
            rng.standard_normal(out=parameters[name])
            parameters[name] *= scale
    return parameters


def _divide(parameters, size, factor):
    for name, W in parameters.items():
        if name[0] == "W":
            W *= factor
            W /= np.sqrt(size(W))
    return parameters


def xavier(layer_dims, rng):
    return _divide(scaled_normal(layer_dims, 1, rng), lambda W: W.shape[1], 1.0)


def glorot(layer_dims, rng):
    return _divide(scaled_normal(layer_dims, 1, rng), lambda W: sum(W.shape) / 2, 1.0)


def he(layer_dims, rng):
    return _divide(scaled_normal(layer_dims, 1, rng), lambda W: W.shape[1], 2**0.5)


def hidden_units_identical(W):
    W -= W[0].copy()
    return not W.any()


def linear_chain_norms(x, W, depth):
    norms = np.zeros(depth + 1)
    for k in range(depth + 1):
        norms[k] = np.sqrt((x * x).sum())
        x[:] = W.dot(x)
    return norms


def layer_activation_std(X, parameters, activation):
    norms = []
    for l in range(len(parameters) // 2):
        X = parameters[f"W{l + 1}"].dot(X)
        X += parameters.pop(f"b{l + 1}")
        if activation == "relu":
            X[X < 0] = 0
        else:
            np.tanh(X, out=X)
        norms += [np.sqrt(X.var())]
    return np.array(norms)
