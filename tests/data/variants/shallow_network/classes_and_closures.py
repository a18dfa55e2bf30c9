"""A layer is an object that remembers, a network is a list of layers; the functions asked for are thin wrappers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Callable

import numpy as np


@dataclass
class Activation:
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


TANH = Activation(np.tanh, lambda z: 1.0 / np.cosh(z) ** 2)
SIGMOID = Activation(lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda z: 0.25 / np.cosh(z / 2) ** 2)


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    activation: Activation
    memory: dict = field(default_factory=dict)

    def __call__(self, A_prev):
        Z = self.W @ A_prev + self.b
        self.memory.update(A_prev=A_prev, Z=Z, A=self.activation.value(Z))
        return self.memory["A"]

    def back(self, dA):
        """dA is the derivative of the mean cost."""
        dZ = dA * self.activation.slope(self.memory["Z"])
        return self.W.T @ dZ, dZ @ self.memory["A_prev"].T, dZ @ np.ones((dZ.shape[1], 1))


class Network:
    def __init__(self, parameters):
        self.layers = [
            Layer(parameters["W1"], parameters["b1"], TANH),
            Layer(parameters["W2"], parameters["b2"], SIGMOID),
        ]

    def __call__(self, X):
        for layer in self.layers:
            X = layer(X)
        return X

    @property
    def cache(self):
        return {f"{key}{i}": layer.memory[key] for i, layer in enumerate(self.layers, 1) for key in ("Z", "A", "A_prev")}

    def gradients(self, Y):
        A2 = self.layers[-1].memory["A"]
        dA = (A2 - Y) / (A2 * (1 - A2)) / Y.shape[1]
        grads = {}
        for i in (2, 1):
            dA, grads[f"dW{i}"], grads[f"db{i}"] = self.layers[i - 1].back(dA)
            grads[f"dA{i - 1}"] = dA
        return grads


def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    normal = partial(rng.normal, 0, scale)
    return {"b2": np.zeros((n_y, 1)), "W2": normal((n_y, n_h)), "b1": np.zeros((n_h, 1)), "W1": normal((n_h, n_x))}


def forward(X, parameters):
    network = Network(parameters)
    return network(X), network.cache


def cross_entropy_cost(A2, Y):
    return np.asarray(-np.log(np.abs(1 - Y - A2)).mean())


def backward(parameters, cache, X, Y):
    network = Network(parameters)
    network(X)
    return network.gradients(Y)


def gradient_descent(learning_rate):
    def step(parameters, grads):
        return {key: parameters[key] - learning_rate * grads["d" + key] for key in parameters}

    return step


def update_parameters(parameters, grads, learning_rate):
    return gradient_descent(learning_rate)(parameters, grads)


class Trainer:
    def __init__(self, n_h, learning_rate, rng):
        self.n_h, self.rng, self.step = n_h, rng, gradient_descent(learning_rate)

    def __call__(self, X, Y, iterations):
        parameters = initialize_parameters(X.shape[0], self.n_h, 1, self.rng)
        costs = []
        for _ in range(iterations):
            network = Network(parameters)
            costs += [cross_entropy_cost(network(X), Y)]
            parameters = self.step(parameters, network.gradients(Y))
        return parameters, tuple(costs)


def fit(X, Y, n_h, learning_rate, iterations, rng):
    return Trainer(n_h, learning_rate, rng)(X, Y, iterations)


class Predictor:
    def __call__(self, parameters, X):
        return np.sign(forward(X, parameters)[0] - 0.5).clip(0)


predict = Predictor()
