"""Arguments are changed in place, loops run over the features, answers are whole numbers."""
import math

import numpy as np


def sigmoid(z):
    z = np.array(z, dtype=float)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return 1 / z


def initialize_parameters(features):
    w = np.empty((features, 1))
    w[:] = 0
    return w, np.float64(0)


def forward(weights, bias, examples):
    total = np.zeros((1, examples.shape[1]))
    for feature in range(examples.shape[0]):
        total += weights[feature, 0] * examples[feature]
    total += bias
    return sigmoid(total)


def cross_entropy_cost(predictions, labels):
    predictions[predictions < 1e-10] = 1e-10
    predictions[predictions > 1 - 1e-10] = 1 - 1e-10
    ones = labels == 1
    return float(-(np.log(predictions[ones]).sum() + np.log1p(-predictions[~ones]).sum()) / labels.shape[1])


def squared_error_cost(predictions, labels):
    predictions -= labels
    predictions **= 2
    return predictions.mean() * 0.5


def backward(examples, predictions, labels):
    predictions -= labels
    count = labels.shape[1]
    dw = np.zeros((examples.shape[0], 1))
    for feature in range(examples.shape[0]):
        dw[feature] = (examples[feature] * predictions[0]).sum() / count
    return dw, float(predictions.mean())


def gradient_descent(w, b, X, Y, rate, steps):
    history = ()
    done = 0
    while done < steps:
        A = forward(w, b, X)
        history += (cross_entropy_cost(A.copy(), Y),)
        dw, db = backward(X, A, Y)
        w -= rate * dw
        b = b - rate * db
        done += 1
    return w, b, history


def predict(w, b, X, threshold=0.5):
    limit = math.log(threshold / (1 - threshold))
    z = w.T.dot(X) + b
    z[z > limit] = np.inf
    return np.where(np.isinf(z), 1, 0)


def fit(X, Y, rate, steps):
    w, b = np.zeros((X.shape[0], 1)), 0
    for _ in range(steps):
        dZ = 1 / (1 + np.exp(-(w.T @ X + b))) - Y
        w -= rate * (X @ dZ.T) / X.shape[1]
        b -= rate * dZ.mean()
    return w, b
