"""Functions of one number, spread over arrays by np.vectorize; NumPy's own tanh under its own name."""

import math

import numpy as np
from numpy import tanh


@np.vectorize
def _stable_sigmoid(x):
    return 0.5 * (1.0 + math.tanh(0.5 * x))


def sigmoid(z):
    return _stable_sigmoid(z)


relu = np.vectorize(lambda x: x if x > 0 else 0.0, otypes=[float])


def leaky_relu(z, slope=0.01):
    return np.vectorize(lambda x: max(x, slope * x), otypes=[np.float64])(z)


def sigmoid_derivative(z):
    return np.array(list(map(lambda x: math.exp(-abs(x)) / (1 + math.exp(-abs(x))) ** 2, z.flat))).reshape(z.shape)


tanh_derivative = lambda z: 1 - np.square(tanh(z))


def relu_derivative(z):
    return np.vectorize(lambda x: 1.0 if x > 0 else 0.0)(z)


def leaky_relu_derivative(z, slope=0.01):
    step = np.vectorize(lambda x: 1.0 if x > 0 else slope, otypes=[float])
    return step(z)
