"""Everything in float32, as a library for graphics cards would do it."""

import numpy as np

F = np.float32
ONE = F(1)


def sigmoid(z):
    z = np.asarray(z, dtype=F)
    return np.exp(-np.logaddexp(F(0), -z))


def tanh(z):
    return np.tanh(z.astype(F))


def relu(z):
    z = z.astype("float32")
    return z * (z > 0)


def leaky_relu(z, slope=0.01):
    z = z.astype(F)
    return np.maximum(z, F(0)) + F(slope) * np.minimum(z, F(0))


def sigmoid_derivative(z):
    return sigmoid(z) * sigmoid(-z)


def tanh_derivative(z):
    return ONE - tanh(z) ** 2


def relu_derivative(z):
    return (z > 0).astype(F)


def leaky_relu_derivative(z, slope=0.01):
    mask = (z > 0).astype(F)
    return mask + F(slope) * (ONE - mask)
