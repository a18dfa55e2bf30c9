"""Index notation throughout; costs from the logits, every eighth of them, and the last."""

import numpy as np


def initialize_parameters(inputs, hidden, outputs, generator, sigma=0.01):
    flat = generator.standard_normal(hidden * (inputs + outputs)) * sigma
    W1, W2 = np.split(flat, [hidden * inputs])
    return {
        "W1": W1.reshape(hidden, inputs),
        "W2": W2.reshape(outputs, hidden),
        "b1": np.zeros(shape=(hidden, 1)),
        "b2": np.zeros(shape=(outputs, 1)),
    }


def forward(inputs, theta):
    Z1 = np.einsum("ij,jk->ik", theta["W1"], inputs) + theta["b1"]
    A1 = (np.exp(2 * Z1) - 1) / (np.exp(2 * Z1) + 1)
    Z2 = np.einsum("ij,jk->ik", theta["W2"], A1) + theta["b2"]
    A2 = np.exp(-np.logaddexp(0, -Z2))
    return A2, {"A2": A2, "Z2": Z2, "A1": A1, "Z1": Z1}


def cross_entropy_cost(probabilities, labels):
    logits = np.log(probabilities) - np.log1p(-probabilities)
    return np.einsum("ik->", np.logaddexp(0, logits) - labels * logits) / labels.size


def backward(theta, memory, inputs, labels):
    share = 1 / labels.shape[-1]
    error = np.subtract(memory["A2"], labels)
    slope = np.subtract(1, np.square(memory["A1"]))
    return {
        "dW2": np.einsum("ik,jk->ij", error, memory["A1"]) * share,
        "db2": np.einsum("ik->i", error)[:, np.newaxis] * share,
        "dW1": np.einsum("oi,ok,ik,jk->ij", theta["W2"], error, slope, inputs) * share,
        "db1": np.einsum("oi,ok,ik->i", theta["W2"], error, slope)[:, np.newaxis] * share,
    }


def update_parameters(theta, slopes, step):
    return {
        key: np.add(value, np.multiply(-step, slopes[f"d{key}"]))
        for key, value in sorted(theta.items(), reverse=True)
    }


def fit(inputs, labels, hidden, step, epochs, generator):
    theta = initialize_parameters(len(inputs), hidden, len(labels), generator)
    history = {}
    for epoch in range(1, epochs + 1):
        probabilities, memory = forward(inputs, theta)
        theta = update_parameters(theta, backward(theta, memory, inputs, labels), step)
        if epoch % 8 == 1:
            history[epoch] = cross_entropy_cost(probabilities, labels)
    history[epochs + 1] = cross_entropy_cost(forward(inputs, theta)[0], labels)
    return theta, list(history.values())


def predict(theta, inputs):
    return forward(inputs, theta)[1]["Z2"] >= 0
