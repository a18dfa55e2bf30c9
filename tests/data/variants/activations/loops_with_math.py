"""Plain Python: every entry by itself with the math module, put back into shape at the end."""

import math

import numpy as np


def entry_by_entry(f, z):
    result = np.empty(z.shape, dtype=float)
    for index in np.ndindex(*z.shape):
        result[index] = f(float(z[index]))
    return result


def sigmoid(z):
    def one(x):
        if x < 0:
            e = math.exp(x)
            return e / (1 + e)
        return 1 / (1 + math.exp(-x))

    return entry_by_entry(one, z)


def tanh(z):
    return entry_by_entry(math.tanh, z)


def relu(z):
    return entry_by_entry(lambda x: max(0.0, x), z)


def leaky_relu(z, slope=0.01):
    flat = [x if x > 0 else slope * x for x in z.ravel()]
    return np.array(flat).reshape(z.shape)


def sigmoid_derivative(z):
    result = []
    for a in sigmoid(z).flatten():
        result.append(a * (1 - a))
    return np.array(result).reshape(z.shape)


def tanh_derivative(z):
    return entry_by_entry(lambda x: 1 / math.cosh(x) ** 2, z)


def relu_derivative(z):
    # integers, and 1 at exactly 0
    return np.array([1 if x >= 0 else 0 for x in z.ravel()]).reshape(z.shape)


def leaky_relu_derivative(z, slope=0.01):
    def one(x):
        if x >= 0:
            return 1
        else:
            return slope

    return entry_by_entry(one, z)
