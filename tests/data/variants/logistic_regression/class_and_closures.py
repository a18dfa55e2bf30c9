import numpy as np
from numpy import exp, log


class Neuron:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, X):
        return sigmoid(self.w.T @ X + self.b)

    def step(self, X, Y, rate):
        A = self(X)
        dw, db = backward(X, A, Y)
        return Neuron(self.w - rate * dw, self.b - rate * db), cross_entropy_cost(A, Y)


def safe(f):
    """f away from 0."""
    return lambda p: f(np.clip(p, 1e-12, None))


def sigmoid(z):
    out = np.empty_like(z, dtype=float)
    positive = z >= 0
    out[positive] = 1 / (1 + exp(-z[positive]))
    e = exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def initialize_parameters(n_x):
    neuron = Neuron(np.zeros(n_x)[:, None], 0.0)
    return neuron.w, neuron.b


def forward(w, b, X):
    return Neuron(w, b)(X)


def cross_entropy_cost(A, Y):
    l = safe(log)
    return np.average(-Y * l(A) - (1 - Y) * l(1 - A))


def squared_error_cost(A, Y):
    return 0.5 * np.var(A - Y) + 0.5 * np.mean(A - Y) ** 2


def backward(X, A, Y):
    dZ = (A - Y) / Y.shape[1]
    return (dZ @ X.T).T, dZ.sum()


def gradient_descent(w, b, X, Y, learning_rate, iterations):
    neuron, costs = Neuron(w, b), []
    for _ in range(iterations):
        neuron, cost = neuron.step(X, Y, learning_rate)
        costs.append(cost)
    return neuron.w, neuron.b, costs


def predict(w, b, X, threshold=0.5):
    return (forward(w, b, X) >= threshold) * 1.0


def fit(X, Y, learning_rate, iterations):
    neuron = Neuron(*initialize_parameters(X.shape[0]))
    for _ in range(iterations):
        neuron, _ = neuron.step(X, Y, learning_rate)
    return neuron.w, neuron.b
