"""Everything by einsum and ufunc reductions; results as lists and arrays of one entry."""
import numpy as np


def sigmoid(z):
    return np.reciprocal(np.add(1.0, np.exp(np.negative(z))))


def initialize_parameters(n_x):
    return [np.zeros((n_x, 1)), np.zeros((1, 1))]


def forward(w, b, X):
    return sigmoid(np.einsum("ij,ik->jk", w, X) + b)


def cross_entropy_cost(A, Y):
    with np.errstate(divide="ignore"):
        terms = np.where(Y == 1, np.log(np.maximum(A, 1e-300)), np.log(np.maximum(1 - A, 1e-300)))
    return np.negative(np.add.reduce(terms, axis=None)) / terms.size


def squared_error_cost(A, Y):
    return np.einsum("ij,ij->", A - Y, A - Y) / (2.0 * Y.size)


def backward(X, A, Y):
    error = np.subtract(A, Y)
    return np.einsum("im,jm->ij", X, error) / error.size, np.add.reduce(error, axis=1, keepdims=True) / error.size


def gradient_descent(w, b, X, Y, learning_rate, iterations):
    costs = np.empty(iterations)
    for i in range(iterations):
        A = forward(w, b, X)
        costs[i] = cross_entropy_cost(A, Y)
        step = backward(X, A, Y)
        w, b = np.subtract(w, learning_rate * step[0]), np.subtract(b, learning_rate * step[1])
    return w, b, costs


def predict(w, b, X, threshold=0.5):
    return np.greater(forward(w, b, X), threshold)


def fit(X, Y, learning_rate, iterations):
    return gradient_descent(*initialize_parameters(len(X)), X, Y, learning_rate, iterations)[:2]
