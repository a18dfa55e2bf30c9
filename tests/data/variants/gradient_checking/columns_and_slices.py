# The course's usual helpers: a dictionary of slices, entries by columns, epsilons in the denominator.
import numpy as np
import matplotlib.pyplot as plt
from testCases import *

np.random.seed(1)
print("numpy", np.__version__)


def parameters_to_vector(parameters):
    layout = {}
    start = 0
    pieces = []
    for name, value in parameters.items():
        layout[name] = (start, start + value.size, list(value.shape))
        pieces.append(value.flatten(order="F"))
        start += value.size
    theta = np.hstack(pieces)
    assert theta.shape == (start,)
    return theta, layout


def vector_to_parameters(theta, layout):
    return {name: np.reshape(theta[a:b], shape, order="F") for name, (a, b, shape) in layout.items()}


def numerical_gradient(f, theta, epsilon=1e-5):
    gradapprox = np.zeros(len(theta))
    for i in range(len(theta)):
        thetaplus = np.copy(theta).astype(np.float64)
        thetaplus[i] = thetaplus[i] + epsilon
        thetaminus = np.copy(theta).astype(np.float64)
        thetaminus[i] = thetaminus[i] - epsilon
        gradapprox[i] = (f(thetaplus) - f(thetaminus)) / (2.0 * epsilon)
    return gradapprox


def relative_error(a, b):
    numerator = np.linalg.norm(a - b)
    denominator = np.linalg.norm(a) + np.linalg.norm(b) + 1e-12
    return numerator / denominator


def gradient_check(f, gradient, theta, epsilon=1e-5, threshold=1e-6):
    difference = relative_error(gradient, numerical_gradient(f, theta, epsilon))
    if difference >= threshold:
        print("There is a mistake in the backward propagation! difference = " + str(difference))
    else:
        print("Your backward propagation works! difference = " + str(difference))
    return difference, difference < threshold


def wrong_gradients(f, grads, parameters, threshold=1e-6):
    names = []
    for key in grads:
        name = key[1:]
        approx = numerical_gradient(
            lambda v: f(dict(parameters, **{name: v.reshape(parameters[name].shape)})), parameters[name].flatten()
        )
        if not relative_error(approx, grads[key].flatten()) < threshold:
            names.append(key)
    return np.sort(names).tolist()


print(numerical_gradient(lambda t: undefined_name, np.ones(2)))
