"""The network as one vector throughout, with matrices of shifts."""
from itertools import chain

import numpy as np


def parameters_to_vector(parameters):
    names = list(parameters)
    shapes = tuple(parameters[n].shape for n in names)
    return np.array(list(chain.from_iterable(parameters[n].ravel() for n in names))), (names, shapes)


def vector_to_parameters(theta, layout):
    names, shapes = layout
    sizes = [int(np.prod(s)) for s in shapes]
    parts = np.split(np.asarray(theta), np.cumsum(sizes)[:-1])
    return dict(zip(names, (p.reshape(s) for p, s in zip(parts, shapes))))


def numerical_gradient(f, theta, epsilon=1e-5):
    shifts = epsilon * np.eye(len(theta))
    up = np.array([f(row) for row in theta + shifts])
    down = np.array([f(row) for row in theta - shifts])
    return (up - down) / epsilon / 2


def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(np.dot(a - b, a - b)) / (np.sqrt(np.dot(a, a)) + np.sqrt(np.dot(b, b)))
    return np.nan_to_num(error)


def gradient_check(f, gradient, theta, epsilon=1e-5, threshold=1e-6):
    error = relative_error(numerical_gradient(f, theta, epsilon), gradient)
    return np.array([error]), np.array(error < threshold)


def wrong_gradients(f, grads, parameters, threshold=1e-6):
    theta, layout = parameters_to_vector(parameters)
    numerical = vector_to_parameters(numerical_gradient(lambda t: f(vector_to_parameters(t, layout)), theta), layout)
    return tuple(
        sorted(
            "d" + name
            for name in parameters
            if relative_error(numerical[name].ravel(), grads["d" + name].ravel()) >= threshold
        )
    )
