"""The derivatives are taken from the functions themselves: by central differences and by complex steps."""

import numpy as np

STEP = 1e-6


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.fmax(z, 0)


def leaky_relu(z, slope=0.01):
    return relu(z) - slope * relu(-z)


def derivative(f):
    return lambda z, *rest: (f(z + STEP, *rest) - f(z - STEP, *rest)) / (2 * STEP)


def sigmoid_derivative(z):
    return derivative(sigmoid)(z)


def tanh_derivative(z):
    # a complex step has no cancellation, so it may be tiny
    return np.imag(np.tanh(z + 1e-30j)) / 1e-30


def relu_derivative(z):
    # np.gradient-like, but one-sided: at 0 it is the value from the right
    return (relu(z + STEP) - relu(z)) / STEP


def leaky_relu_derivative(z, slope=0.01):
    return derivative(leaky_relu)(z, slope)
