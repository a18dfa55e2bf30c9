"""Whatever NumPy offers: einsum, select, lexsort, vsplit, true_divide, nan_to_num; match in place of if."""

import numpy as np


def split_sizes(m):
    cuts = np.select([m <= 1_000_000], [np.array([0, 60, 80, 100])], np.array([0, 98, 99, 100]))
    return tuple(np.diff((cuts * m + 50) // 100))


def train_dev_test_split(X, Y, sizes, rng):
    # rows of examples, the label as the last column, and a random key to sort by
    table = np.vstack([X, Y]).T
    table = table[np.lexsort([rng.standard_normal(len(table))])]
    train, dev, test = np.vsplit(table, [sizes[0], -sizes[2]])
    return [(part[:, :-1].T, part[:, -1:].T) for part in (train, dev, test)]


def fit_normalizer(X):
    mean = np.einsum("ij->i", X)[:, np.newaxis] / X.shape[1]
    centred = np.subtract(X, mean)
    return mean, np.sqrt(np.einsum("ij,ij->i", centred, centred) / X.shape[1])[:, np.newaxis]


def normalize(X, mean, std):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.true_divide(X - mean, std), posinf=0, neginf=0)


def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    match (train_error - human_error > tolerance, dev_error - train_error > tolerance):
        case (True, True):
            return frozenset(("high bias", "high variance"))
        case (True, False):
            return frozenset(("high bias",))
        case (False, True):
            return frozenset(("high variance",))
        case _:
            return frozenset()


BIAS = {"bigger network", "train longer", "better optimizer", "different architecture"}
VARIANCE = {"more data", "regularization", "different architecture"}


def remedies(diagnosis):
    match sorted(diagnosis):
        case []:
            return set()
        case ["high bias"]:
            return BIAS
        case ["high variance"]:
            return VARIANCE
        case _:
            return BIAS | VARIANCE
