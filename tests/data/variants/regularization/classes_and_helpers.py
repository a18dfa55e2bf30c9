"""Penalties, layers and networks as objects; the functions that were asked for are thin."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Callable, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Penalty:
    value: Callable[[np.ndarray], float]
    slope: Callable[[np.ndarray], np.ndarray]

    def of_network(self, parameters: dict, lambd: float, m: int) -> float:
        weights = (array for name, array in parameters.items() if name.lower().startswith("w"))
        return self.strength(lambd, m) * sum(map(self.value, weights))

    def gradient(self, dW, W, lambd, m):
        return dW + self.strength(lambd, m) * self.slope(W)

    @staticmethod
    def strength(lambd, m):
        return 0.5 * lambd / m


L1 = Penalty(lambda w: np.abs(w).sum(), np.sign)
L2 = Penalty(lambda w: np.linalg.norm(w, "fro") ** 2, lambda w: 2 * w)

l1_penalty, l1_gradient = L1.of_network, L1.gradient
l2_penalty, l2_gradient = L2.of_network, L2.gradient


class Decay:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, W, dW, lambd, m):
        return W * (1 - self.rate * lambd / m) - self.rate * dW


def weight_decay_update(W, dW, learning_rate, lambd, m):
    return Decay(learning_rate)(W, dW, lambd, m)


class Dropped(NamedTuple):
    A_dropped: np.ndarray
    mask: np.ndarray


@dataclass
class Dropout:
    keep_prob: float
    mask: np.ndarray | None = field(default=None)

    def forward(self, A, rng):
        self.mask = rng.binomial(1, self.keep_prob, size=A.shape)
        return self.backward(A)

    def backward(self, dA):
        return dA * (self.mask / self.keep_prob)


def dropout_forward(A, keep_prob, rng):
    layer = Dropout(keep_prob)
    return Dropped(layer.forward(A, rng), layer.mask)


def dropout_backward(dA, mask, keep_prob):
    return Dropout(keep_prob, mask).backward(dA)


class Cache(NamedTuple):
    linear: tuple
    Z: np.ndarray


class Relu:
    forward = staticmethod(lambda Z: Z * (Z > 0))
    derivative = staticmethod(lambda Z, A: (Z > 0).astype(int))


class Sigmoid:
    forward = staticmethod(lambda Z: 0.5 * (1 + np.tanh(Z / 2)))
    derivative = staticmethod(lambda Z, A: A * (1 - A))


def forward_with_dropout(X, parameters, keep_probs, rng):
    L = sum(name.startswith("b") for name in parameters)
    A, caches, masks = X, [], []
    for number in range(1, L + 1):
        W, b = parameters[f"W{number}"], parameters[f"b{number}"]
        Z = (A.T @ W.T).T + b
        caches.append(Cache((A, W, b), Z))
        is_last = number == L
        A = (Sigmoid if is_last else Relu).forward(Z)
        if not is_last:
            A, mask = dropout_forward(A, keep_probs[number - 1], rng)
            masks.append(mask)
    return A, caches, masks


def backward_with_dropout(AL, Y, caches, masks, keep_probs):
    m = Y.shape[-1]
    layers = deque(Dropout(p, mask) for p, mask in zip(keep_probs, masks))
    dA = (AL - Y) / (AL * (1 - AL))
    grads = {}
    for number in range(len(caches), 0, -1):
        (A_prev, W, b), Z = caches[number - 1]
        if number == len(caches):
            dZ = dA * Sigmoid.derivative(Z, AL)
        else:
            dZ = layers.pop().backward(dA) * Relu.derivative(Z, None)
        dW, db, dA = dZ @ A_prev.T / m, dZ.mean(axis=1).reshape(b.shape), W.T @ dZ
        grads |= {f"dW{number}": dW, f"db{number}": db, f"dA{number - 1}": dA, f"dZ{number}": dZ}
    return grads


class Patience:
    def __init__(self, patience):
        self.patience, self.best, self.at, self.left = patience, np.inf, -1, patience

    def goes_on_after(self, i, cost):
        if cost < self.best:
            self.best, self.at, self.left = cost, i, self.patience
        else:
            self.left -= 1
        return self.left > 0


def early_stopping(dev_costs, patience):
    watch = Patience(patience)
    all(watch.goes_on_after(i, cost) for i, cost in enumerate(dev_costs))
    return float(watch.at)


def flip_horizontal(images):
    return np.array([np.fliplr(image) for image in images])


def _windows(image, size):
    return [
        image[r : r + size, c : c + size]
        for r in range(image.shape[0] - size + 1)
        for c in range(image.shape[1] - size + 1)
    ]


def random_crop(images, size, rng):
    def pick(image):
        windows = _windows(image, size)
        return windows[rng.choice(len(windows))]

    return np.array(list(map(pick, images)))


def rotate_quarter_turns(images, turns):
    return np.array([np.rot90(image, turns) for image in images])


def ensemble_average(probabilities):
    return np.vstack(probabilities).mean(axis=0, keepdims=True)
