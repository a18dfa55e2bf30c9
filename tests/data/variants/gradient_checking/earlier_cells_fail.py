#!/usr/bin/env python
# coding: utf-8
# %%
import h5py
import numpy as np
from gc_utils import sigmoid, relu, dictionary_to_vector

# %%
x, theta = 2, 4
print ("difference = " + str(gradient_check(x, theta)))

# %%
def numerical_gradient(f, theta, epsilon=1e-5):
    return None


# %%
def parameters_to_vector(parameters):
    theta = np.zeros(0)
    layout = ""
    for name in parameters:
        array = parameters[name]
        theta = np.append(theta, array)
        layout += "%s %d %d;" % (name, array.shape[0], array.shape[1])
    return theta, layout


# %%
def vector_to_parameters(theta, layout):
    parameters = {}
    rest = np.copy(theta)
    for item in layout.rstrip(";").split(";"):
        name, n, m = item.split()
        size = int(n) * int(m)
        parameters[name], rest = rest[:size].reshape(int(n), int(m)), rest[size:]
    return parameters


# %%
# second try
def numerical_gradient(f, theta, epsilon=1e-5):
    n = theta.shape[0]
    J_plus = np.zeros((n, 1))
    J_minus = np.zeros((n, 1))
    gradapprox = np.zeros((n, 1))
    for i in range(n):
        thetaplus = theta + 0.0
        thetaplus[i] += epsilon
        J_plus[i] = f(thetaplus)
        thetaminus = theta + 0.0
        thetaminus[i] -= epsilon
        J_minus[i] = f(thetaminus)
        gradapprox[i] = (J_plus[i] - J_minus[i]) / (2 * epsilon)
    return gradapprox[:, 0]


def relative_error(a, b):
    num = np.linalg.norm(a - b)
    if num == 0:
        return 0
    return np.divide(num, np.linalg.norm(a) + np.linalg.norm(b))


def gradient_check(f, gradient, theta, epsilon=1e-5, threshold=1e-6, verbose=False):
    difference = relative_error(numerical_gradient(f, theta, epsilon), gradient)
    passed = True if difference < threshold else False
    return difference, passed


def wrong_gradients(f, grads, parameters, threshold=1e-6):
    wrong = set()
    for name, array in parameters.items():
        approx = np.zeros_like(array)
        it = np.nditer(array, flags=["multi_index"], op_flags=["readwrite"])
        while not it.finished:
            ix = it.multi_index
            old = array[ix]
            array[ix] = old + 1e-5
            up = f(parameters)
            array[ix] = old - 1e-5
            down = f(parameters)
            array[ix] = old
            approx[ix] = (up - down) / (2 * 1e-5)
            it.iternext()
        if relative_error(approx.ravel(), grads["d" + name].ravel()) >= threshold:
            wrong.add("d" + name)
    return sorted(wrong)
