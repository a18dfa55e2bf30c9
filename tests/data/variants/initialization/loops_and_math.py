"""One number at a time, with lists and the math module."""

import math


def column(n):
    return [[0.0] for _ in range(n)]


def drawn(sizes, rng, deviation):
    """Every weight by itself."""
    result = {}
    for l in range(1, len(sizes)):
        rows = []
        for _ in range(sizes[l]):
            row = []
            for _ in range(sizes[l - 1]):
                row.append(rng.normal() * deviation(sizes[l - 1], sizes[l]))
            rows.append(row)
        result["W" + str(l)] = rows
        result["b" + str(l)] = column(sizes[l])
    return result


def zeros(sizes):
    result = {}
    for l, n in enumerate(sizes):
        if l == 0:
            continue
        result["W%d" % l] = [[0] * sizes[l - 1] for _ in range(n)]
        result["b%d" % l] = column(n)
    return result


def scaled_normal(sizes, scale, rng):
    return drawn(sizes, rng, lambda fan_in, fan_out: scale)


def xavier(sizes, rng):
    return drawn(sizes, rng, lambda fan_in, fan_out: 1 / math.sqrt(fan_in))


def glorot(sizes, rng):
    return drawn(sizes, rng, lambda fan_in, fan_out: math.sqrt(2) / math.sqrt(fan_in + fan_out))


def he(sizes, rng):
    return drawn(sizes, rng, lambda fan_in, fan_out: math.sqrt(2.0 / fan_in))


def hidden_units_identical(W):
    for i in range(1, len(W)):
        for j in range(len(W[i])):
            if W[i][j] != W[i - 1][j]:
                return False
    return True


def length(v):
    return math.sqrt(sum(value**2 for value in v))


def linear_chain_norms(x, W, depth):
    v = [entry[0] for entry in x.tolist()]
    norms = (length(v),)
    while len(norms) <= depth:
        v = [math.fsum(w * value for w, value in zip(row, v)) for row in W.tolist()]
        norms += (length(v),)
    return norms


def layer_activation_std(X, parameters, activation):
    g = math.tanh if activation == "tanh" else lambda z: max(z, 0.0)
    A = X.tolist()
    stds = []
    l = 1
    while "W" + str(l) in parameters:
        W, b = parameters["W" + str(l)].tolist(), parameters["b" + str(l)].tolist()
        A = [
            [g(sum(W[i][k] * A[k][j] for k in range(len(A))) + b[i][0]) for j in range(len(A[0]))]
            for i in range(len(W))
        ]
        entries = [a for row in A for a in row]
        mean = sum(entries) / len(entries)
        stds.append(math.sqrt(sum((a - mean) ** 2 for a in entries) / len(entries)))
        l += 1
    return stds
