"""Layers are objects, activations closures; the functions that were asked for stand in front of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, NamedTuple

import numpy as np


class Activation(NamedTuple):
    forward: Callable
    slope: Callable


def _make_sigmoid() -> Activation:
    def forward(z):
        return 0.5 * (1 + np.tanh(0.5 * z))

    return Activation(forward, lambda z: forward(z) * forward(-z))


ACTIVATIONS = {"relu": Activation(lambda z: np.clip(z, 0, None), lambda z: (z > 0) * 1), "sigmoid": _make_sigmoid()}


def find(name: str) -> Activation:
    try:
        return ACTIVATIONS[name]
    except KeyError:
        raise ValueError(f"{name} is none of {', '.join(ACTIVATIONS)}") from None


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    activation: str

    def linear(self, A_prev):
        return self.W @ A_prev + self.b

    def __call__(self, A_prev):
        Z = self.linear(A_prev)
        return find(self.activation).forward(Z), ((A_prev, self.W, self.b), Z)

    def gradients(self, dZ, A_prev):
        m = dZ.shape[-1]
        return self.W.T @ dZ, (dZ / m) @ A_prev.T, dZ.mean(axis=-1)[:, np.newaxis]


class Network:
    """A row of layers that knows how to learn."""

    def __init__(self, parameters: dict):
        self.depth = sum(key.startswith("W") for key in parameters)
        self.parameters = parameters

    def __iter__(self) -> Iterator[Layer]:
        for l in range(1, self.depth + 1):
            yield Layer(
                self.parameters[f"W{l}"], self.parameters[f"b{l}"], "sigmoid" if l == self.depth else "relu"
            )

    def forward(self, X):
        caches = []
        for layer in self:
            X, cache = layer(X)
            caches.append(cache)
        return X, caches

    def train(self, X, Y, alpha):
        AL, caches = self.forward(X)
        cost = cross_entropy_cost(AL, Y)
        self.parameters = update_parameters(self.parameters, model_backward(AL, Y, caches), alpha)
        return cost


def parameter_shapes(layer_dims, prefix=("W", "b")):
    w, b = prefix
    return {
        name: shape
        for l, (n_prev, n) in enumerate(zip(layer_dims, layer_dims[1:]), 1)
        for name, shape in ((f"{w}{l}", (n, n_prev)), (f"{b}{l}", (n, 1)))
    }


def initialize_parameters(layer_dims, rng, gain=2.0):
    draw = {"W": lambda shape: (gain / shape[1]) ** 0.5 * rng.standard_normal(size=shape), "b": np.zeros}
    return {name: draw[name[0]](shape) for name, shape in parameter_shapes(layer_dims).items()}


def affine_forward(A_prev, W, b):
    return Layer(W, b, "").linear(A_prev), (A_prev, W, b)


def activation_forward(Z, activation):
    return find(activation).forward(Z), Z


def layer_forward(A_prev, W, b, activation):
    return Layer(W, b, activation)(A_prev)


def model_forward(X, parameters):
    return Network(parameters).forward(X)


def cross_entropy_cost(AL, Y):
    # log-odds give the cost in one term
    odds = np.log(AL / (1 - AL))
    return float(np.mean(np.logaddexp(0, odds) - Y * odds))


def affine_backward(dZ, affine_cache):
    A_prev, W, b = affine_cache
    return Layer(W, b, "").gradients(dZ, A_prev)


def activation_backward(dA, Z, activation):
    return dA * find(activation).slope(Z)


def layer_backward(dA, layer_cache, activation):
    (A_prev, W, b), Z = layer_cache
    return Layer(W, b, activation).gradients(dA * find(activation).slope(Z), A_prev)


def model_backward(AL, Y, caches):
    def backward(caches, dZ):
        *front, ((A_prev, W, b), _) = caches
        dA_prev, dW, db = Layer(W, b, "").gradients(dZ, A_prev)
        grads = backward(front, dA_prev * find("relu").slope(front[-1][1])) if front else {}
        return grads | {f"dW{len(caches)}": dW, f"db{len(caches)}": db}

    return backward(caches, AL - Y)


def update_parameters(parameters, grads, learning_rate):
    def moved(name):
        return parameters[name] - learning_rate * grads["d" + name]

    return dict(zip(parameters, map(moved, parameters)))


def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    network = Network(initialize_parameters(layer_dims, rng))
    costs = [network.train(X, Y, learning_rate) for _ in range(iterations)]
    return network.parameters, tuple(costs)


def predict(parameters, X):
    return np.rint(Network(parameters).forward(X)[0])
