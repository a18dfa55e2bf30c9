"""As few lines as will do: comprehensions, lambdas, default arguments, generators."""

from itertools import pairwise

import numpy as np

layers = lambda p: range(1, len(p) // 2 + 1)
sigmoid = lambda z: 1 / (1 + np.exp(-z))
parameter_shapes = lambda d: dict(
    pair for l, (p, n) in enumerate(pairwise(d), 1) for pair in ((f"W{l}", (n, p)), (f"b{l}", (n, 1)))
)


def initialize_parameters(layer_dims, rng):
    # one long draw, cut into pieces
    shapes = parameter_shapes(layer_dims)
    stream = iter(rng.standard_normal(sum(n * p for n, p in shapes.values())))
    take = lambda n, p: np.array([next(stream) for _ in range(n * p)]).reshape(n, p) * np.sqrt(2 / p)
    return {k: take(*s) if "W" in k else np.zeros(s) for k, s in shapes.items()}


affine_forward = lambda A, W, b: (np.matmul(W, A) + b, (A, W, b))


def activation_forward(Z, activation, *, choices={"relu": lambda z: np.fmax(z, 0), "sigmoid": sigmoid}):
    if activation not in choices:
        raise ValueError
    return choices[activation](Z), Z


def layer_forward(A_prev, W, b, activation):
    Z, cache = affine_forward(A_prev, W, b)
    return activation_forward(Z, activation)[0], (cache, Z)


def model_forward(X, parameters):
    *hidden, last = layers(parameters)
    caches = []
    for l, g in [(l, "relu") for l in hidden] + [(last, "sigmoid")]:
        X, cache = layer_forward(X, parameters[f"W{l}"], parameters[f"b{l}"], g)
        caches.append(cache)
    return X, caches


def cross_entropy_cost(AL, Y):
    return -np.mean(np.log(np.abs(1 - Y - AL)))


def affine_backward(dZ, affine_cache):
    A_prev, W, b = affine_cache
    return np.tensordot(W, dZ, axes=(0, 0)), np.mean(dZ[:, None] * A_prev[None], axis=2), np.mean(dZ, 1)[:, None]


def activation_backward(dA, Z, activation):
    return {"relu": lambda: (Z >= 0).astype(bool) * dA, "sigmoid": lambda: sigmoid(Z) * sigmoid(-Z) * dA}[activation]()


layer_backward = lambda dA, cache, g: affine_backward(activation_backward(dA, cache[1], g), cache[0])


def model_backward(AL, Y, caches):
    def going_back():
        dA = np.where(Y == 1, -1 / AL, 1 / (1 - AL))
        for l in range(len(caches), 0, -1):
            dA, dW, db = layer_backward(dA, caches[l - 1], ["relu", "sigmoid"][l == len(caches)])
            yield f"dW{l}", dW
            yield f"db{l}", db

    return dict(going_back())


update_parameters = lambda p, g, a: {k: p[k] - a * g["d" + k] for k in p}


def fit(X, Y, layer_dims, learning_rate, iterations, rng, every=10):
    p, costs = initialize_parameters(layer_dims, rng), []
    for i in range(iterations):
        AL, caches = model_forward(X, p)
        if i % every == every - 1:
            costs.append(cross_entropy_cost(AL, Y).item())
        p = update_parameters(p, model_backward(AL, Y, caches), learning_rate)
    return [p, costs]


predict = lambda parameters, X: (model_forward(X, parameters)[0] > 0.5).tolist()
