"""float32 wherever numbers are computed, as a library for graphics cards would do it."""

import numpy as np

F = np.float32


def _f(x):
    return np.asarray(x, dtype=F)


def l2_penalty(parameters, lambd, m):
    return F(lambd / (2 * m)) * sum(np.sum(np.square(_f(v))) for k, v in parameters.items() if k[0] == "W")


def l1_penalty(parameters, lambd, m):
    return F(lambd / (2 * m)) * sum(np.sum(np.abs(_f(v))) for k, v in parameters.items() if k[0] == "W")


def l2_gradient(dW, W, lambd, m):
    return _f(dW) + F(lambd / m) * _f(W)


def l1_gradient(dW, W, lambd, m):
    return _f(dW) + F(lambd / (2 * m)) * np.sign(_f(W))


def weight_decay_update(W, dW, learning_rate, lambd, m):
    return F(1 - learning_rate * lambd / m) * _f(W) - F(learning_rate) * _f(dW)


def dropout_forward(A, keep_prob, rng):
    mask = (rng.random(A.shape, dtype=F) < keep_prob).astype(F)
    return _f(A) * mask / F(keep_prob), mask


def dropout_backward(dA, mask, keep_prob):
    return _f(dA) * _f(mask) / F(keep_prob)


def forward_with_dropout(X, parameters, keep_probs, rng):
    L = len(parameters) // 2
    A, caches, masks = _f(X), [], []
    for l in range(1, L + 1):
        W, b = _f(parameters[f"W{l}"]), _f(parameters[f"b{l}"])
        Z = W @ A + b
        caches.append(((A, W, b), Z))
        if l < L:
            A, mask = dropout_forward(np.maximum(Z, F(0)), keep_probs[l - 1], rng)
            masks.append(mask)
    return F(1) / (F(1) + np.exp(-Z)), caches, masks


def backward_with_dropout(AL, Y, caches, masks, keep_probs):
    m, grads = F(Y.shape[1]), {}
    dZ = _f(AL) - _f(Y)
    for l in range(len(caches), 0, -1):
        (A_prev, W, b), Z = caches[l - 1]
        grads[f"dW{l}"] = dZ @ _f(A_prev).T / m
        grads[f"db{l}"] = dZ.sum(axis=1, keepdims=True) / m
        if l > 1:
            dA = dropout_backward(_f(W).T @ dZ, masks[l - 2], keep_probs[l - 2])
            dZ = dA * (_f(caches[l - 2][1]) >= 0)
    return grads


def early_stopping(dev_costs, patience):
    best = np.int32(0)
    for i in range(1, len(dev_costs)):
        if i - best > patience:
            break
        if dev_costs[i] < dev_costs[best]:
            best = np.int32(i)
    return best


def flip_horizontal(images):
    return _f(images)[..., ::-1]


def random_crop(images, size, rng):
    m, h, w = images.shape
    out = np.zeros((m, size, size), F)
    for i in range(m):
        r, c = rng.integers(low=(0, 0), high=(h - size + 1, w - size + 1))
        out[i] = images[i, r : r + size, c : c + size]
    return out


def rotate_quarter_turns(images, turns):
    x = _f(images)
    return [x, x.transpose(0, 2, 1)[:, ::-1], x[:, ::-1, ::-1], x.transpose(0, 2, 1)[:, :, ::-1]][turns % 4]


def ensemble_average(probabilities):
    return _f(probabilities).mean(axis=0)
