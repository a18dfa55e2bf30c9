"""Ufuncs with out=, einsum, where, norms; no operator where a function exists."""

from functools import reduce

import numpy as np


def _stack(parameters):
    return np.concatenate([parameters[k].ravel() for k in sorted(parameters) if k[0] == "W"])


def l2_penalty(params, lam, m):
    w = _stack(params)
    return 0.5 * lam / m * np.dot(w, w)


def l1_penalty(params, lam, m):
    return np.linalg.norm(_stack(params), ord=1) * lam / (m + m)


def l2_gradient(dW, W, lam, m):
    return np.add(dW, np.multiply(W, np.divide(lam, m)))


def l1_gradient(dW, W, lam, m):
    return dW + np.where(W >= 0, 0.5, -0.5) * lam / m


def weight_decay_update(W, dW, alpha, lam, m):
    return np.subtract(W, np.multiply(alpha, l2_gradient(dW, W, lam, m)))


def dropout_forward(A, p, rng):
    keep = np.less_equal(rng.random(size=A.shape), p)
    out = np.zeros_like(A)
    np.divide(A, p, out=out, where=keep)
    return out, keep


def dropout_backward(dA, keep, p):
    return np.where(keep, np.true_divide(dA, p), 0)


def forward_with_dropout(X, params, ps, rng):
    layers = len(params) // 2
    caches, masks, A = [], [], X
    # the hidden layers first, then the last one by itself
    for l, p in enumerate(ps, start=1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        Z = np.einsum("ij,jm->im", W, A) + b
        caches += [((A, W, b), Z)]
        A, keep = dropout_forward(np.where(Z > 0, Z, 0), p, rng)
        masks += [keep]
    W, b = params[f"W{layers}"], params[f"b{layers}"]
    Z = np.einsum("ij,jm->im", W, A) + b
    caches += [((A, W, b), Z)]
    return np.reciprocal(1 + np.exp(np.negative(Z))), caches, tuple(masks)


def backward_with_dropout(AL, Y, caches, masks, ps):
    grads = {}
    # the mean is taken at the start, and so nowhere else
    dZ = (AL - Y) / Y.size
    for l in range(len(caches), 0, -1):
        (A_prev, W, _), _ = caches[l - 1]
        grads[f"dW{l}"] = np.einsum("im,jm->ij", dZ, A_prev)
        grads[f"db{l}"] = np.einsum("im->i", dZ)[:, None]
        if l > 1:
            Z = caches[l - 2][1]
            dZ = np.einsum("ij,im->jm", W, dZ)
            dZ = np.select([np.logical_and(masks[l - 2], Z >= 0)], [dZ / ps[l - 2]], 0.0)
    return grads


def early_stopping(costs, patience):
    costs = np.asarray(costs)
    for stop in range(len(costs)):
        best = np.argmin(costs[: stop + 1])
        if stop - best >= patience:
            return best
    return np.argmin(costs)


def flip_horizontal(images):
    return np.take(images, np.arange(images.shape[2])[::-1], axis=2)


def random_crop(images, size, rng):
    m, h, w = images.shape
    top = rng.integers(h - size, size=m, endpoint=True)
    left = rng.integers(w - size, size=m, endpoint=True)
    rows = top[:, None, None] + np.arange(size)[None, :, None]
    cols = left[:, None, None] + np.arange(size)[None, None, :]
    return images[np.arange(m)[:, None, None], rows, cols]


def rotate_quarter_turns(images, turns):
    one = lambda x: np.swapaxes(x, 1, 2)[:, ::-1, :]
    return reduce(lambda x, _: one(x), range(np.mod(turns, 4)), images)


def ensemble_average(probabilities):
    return np.true_divide(reduce(np.add, probabilities), len(probabilities))
