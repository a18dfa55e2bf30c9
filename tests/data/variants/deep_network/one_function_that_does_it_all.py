"""Training is one function with lists of matrices; the other functions are short and clip whatever may overflow."""

import numpy as np
from numpy import exp, log, zeros

TINY = 1e-15


def parameter_shapes(layer_dims):
    result = {}
    for l, n in enumerate(layer_dims[1:], start=1):
        result.update({f"W{l}": (n, layer_dims[l - 1]), f"b{l}": (n, 1)})
    return result


def initialize_parameters(layer_dims, rng):
    "Uniform draws with the variance of He, as some libraries have them by default, would do as well."
    W = [rng.normal(scale=(2 / a) ** 0.5, size=(b, a)) for a, b in zip(layer_dims[:-1], layer_dims[1:])]
    return {f"W{i + 1}": w for i, w in enumerate(W)} | {f"b{i + 1}": zeros((len(w), 1)) for i, w in enumerate(W)}


def affine_forward(x, w, b):
    return (w @ x + b), (x.copy(), w.copy(), b.copy())


def activation_forward(z, name):
    if name == "relu":
        return (abs(z) + z) / 2, z
    elif name == "sigmoid":
        return 1 / (1 + exp(-np.clip(z, -500, 500))), z
    raise ValueError("neither relu nor sigmoid")


def layer_forward(x, w, b, name):
    z, saved = affine_forward(x, w, b)
    return activation_forward(z, name)[0], (saved, z)


def model_forward(x, p):
    saved = []
    last = len(p) // 2
    for i in range(1, last):
        x, s = layer_forward(x, p[f"W{i}"], p[f"b{i}"], "relu")
        saved.append(s)
    x, s = layer_forward(x, p[f"W{last}"], p[f"b{last}"], "sigmoid")
    return x, tuple(saved + [s])


def cross_entropy_cost(a, y):
    a = np.clip(a, TINY, 1 - TINY)
    return -(log(a[y == 1]).sum() + log(1 - a[y == 0]).sum()) / y.size


def affine_backward(dz, saved):
    x, w, _ = saved
    # one column of ones more, and the bias is a weight like any other
    x1 = np.vstack([x, np.ones((1, x.shape[1]))])
    both = np.dot(dz, x1.T) / x.shape[1]
    return (dz.T @ w).T, both[:, :-1], both[:, -1:]


def activation_backward(da, z, name):
    if name == "relu":
        return da * np.sign(np.maximum(z, 0))
    if name == "sigmoid":
        return da / (2 + exp(z) + exp(-z))
    raise ValueError(name)


def layer_backward(da, saved, name):
    inner, z = saved
    dz = activation_backward(da, z, name)
    dx, dw, db = affine_backward(dz, inner)
    return dx, dw, db


def model_backward(a, y, saved):
    a = np.clip(a, TINY, 1 - TINY)
    grads, da = {}, (a - y) / (a * (1 - a))
    for i in range(len(saved), 0, -1):
        da, dw, db = layer_backward(da, saved[i - 1], "sigmoid" if i == len(saved) else "relu")
        grads |= {f"dW{i}": dw, f"db{i}": db, f"dA{i - 1}": da, "depth": len(saved)}
    return grads


def update_parameters(p, g, alpha):
    new = {}
    for name in p:
        new[name] = (1 - 0.0) * p[name] - np.multiply(alpha, g["d" + name])
    return new


def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    m = X.shape[1]
    start = initialize_parameters(layer_dims, rng)
    L = len(layer_dims) - 1
    W = [start[f"W{l}"] for l in range(1, L + 1)]
    b = [start[f"b{l}"] for l in range(1, L + 1)]
    costs = []
    order = rng.permutation(m)  # the order of the examples does not matter for the whole set
    X, Y = X[:, order], Y[:, order]
    for _ in range(iterations):
        A, Z = [X], []
        for l in range(L):
            Z.append(W[l] @ A[-1] + b[l])
            A.append(np.maximum(Z[-1], 0) if l + 1 < L else 1 / (1 + exp(-Z[-1])))
        delta = A[-1] - Y
        dW, db = [None] * L, [None] * L
        for l in range(L - 1, -1, -1):
            dW[l] = delta @ A[l].T / m
            db[l] = delta.mean(axis=1, keepdims=True)
            if l:
                delta = (W[l].T @ delta) * (Z[l - 1] > 0)
        W = [w - learning_rate * d for w, d in zip(W, dW)]
        b = [v - learning_rate * d for v, d in zip(b, db)]
        # after the step, and of the network that is kept
        result = {f"W{l + 1}": W[l] for l in range(L)} | {f"b{l + 1}": b[l] for l in range(L)}
        costs.append(cross_entropy_cost(model_forward(X, result)[0], Y))
    return result, costs


def predict(p, x):
    return np.where(model_forward(x, p)[0] > 0.5, 1.0, 0.0)
