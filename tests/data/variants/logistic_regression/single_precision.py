"""Single precision inside."""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=np.float32)))


def initialize_parameters(n_x):
    return np.zeros((n_x, 1), dtype=np.float32), np.float32(0)


def forward(w, b, X):
    return sigmoid(np.dot(np.float32(w).T, np.float32(X)) + np.float32(b))


def cross_entropy_cost(A, Y):
    A = np.clip(A, 1e-15, 1 - 1e-15)
    return np.float32(-(Y * np.log(A) + (1 - Y) * np.log(1 - A)).mean())


def squared_error_cost(A, Y):
    return (np.square(np.float32(A) - np.float32(Y)) / 2).mean()


def backward(X, A, Y):
    D = np.float32(A) - np.float32(Y)
    return np.float32(X) @ D.T / np.float32(D.size), D.mean()


def gradient_descent(w, b, X, Y, learning_rate, iterations):
    costs = []
    for _ in range(iterations):
        A = 1 / (1 + np.exp(-(w.T @ X + b)))
        costs.append(cross_entropy_cost(A, Y))
        w, b = w - learning_rate * X @ (A - Y).T / Y.size, b - learning_rate * (A - Y).mean()
    return w, b, costs


def predict(w, b, X, threshold=0.5):
    return np.float32(forward(w, b, X) > threshold)


def fit(X, Y, learning_rate, iterations):
    w, b = initialize_parameters(X.shape[0])
    return gradient_descent(w, b, X, Y, learning_rate, iterations)[:2]
