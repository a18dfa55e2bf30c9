# The bias as the weight of a feature that is always 1; the derivative written out by the chain rule.
import numpy as np


def sigmoid(z):
    """By the hyperbolic tangent."""
    return 0.5 * (1 + np.tanh(z / 2))


def initialize_parameters(n_x):
    theta = np.zeros((n_x + 1, 1))
    return theta[1:], theta[0, 0]


def with_ones(X):
    return np.vstack((np.ones(X.shape[1]), X))


def forward(w, b, X):
    theta = np.append(np.ravel(b)[0], w).reshape(-1, 1)
    return sigmoid(np.matmul(theta.T, with_ones(X)))


def cross_entropy_cost(A, Y):
    losses = -np.log(np.where(Y > 0.5, A, 1 - A) + 1e-15)
    return losses.sum() / losses.shape[1]


def squared_error_cost(A, Y):
    return np.linalg.norm(A - Y) ** 2 / (2 * A.shape[1])


def backward(X, A, Y):
    dA = -Y / (A + 1e-8) + (1 - Y) / (1 - A + 1e-8)
    dZ = dA * A * (1 - A)
    gradient = with_ones(X) @ dZ.T / dZ.shape[1]
    return gradient[1:], gradient[0, 0]


def gradient_descent(w, b, X, Y, learning_rate, iterations):
    costs = []
    for i in range(iterations):
        A = forward(w, b, X)
        dw, db = backward(X, A, Y)
        costs += [cross_entropy_cost(A, Y).item()]
        w, b = w + -learning_rate * dw, b + -learning_rate * db
    return (w, b, costs)


def predict(w, b, X, threshold=0.5):
    return np.ceil(np.clip(forward(w, b, X) - threshold, 0, 1)).astype(np.int8)


def fit(X, Y, learning_rate, iterations):
    w, b = initialize_parameters(X.shape[0])
    return gradient_descent(w, b, X, Y, learning_rate, iterations)[0:2]
