"""Arrays in float32, as a library for graphics cards would hold them; np.vectorize and boolean algebra elsewhere."""

import numpy as np

F = np.float32


def split_sizes(m):
    half_of_the_rest, is_odd = divmod(m - round(m * (0.98 if m > 1_000_000 else 0.6)), 2)
    return m - 2 * half_of_the_rest - is_odd, half_of_the_rest + is_odd, half_of_the_rest


def train_dev_test_split(X, Y, sizes, rng):
    order = rng.choice(X.shape[1], size=X.shape[1], replace=False)
    X, Y = X.astype(F)[:, order], Y.astype(np.uint8)[:, order]
    ends = np.cumsum(sizes)
    return tuple(zip(np.array_split(X, ends[:-1], axis=1), np.array_split(Y, ends[:-1], axis=1)))


def fit_normalizer(X):
    X = X.astype(F)
    mean = X @ np.full((X.shape[1], 1), F(1) / F(X.shape[1]))
    return mean, np.linalg.norm(X - mean, axis=1, keepdims=True) / np.sqrt(F(X.shape[1]))


def normalize(X, mean, std):
    X, mean, std = (a.astype(F) for a in (X, mean, std))
    return (X - mean) * np.where(std > 0, F(1) / np.maximum(std, F(1e-30)), F(0))


def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    high = np.diff([human_error, train_error, dev_error]) > tolerance
    return set(np.array(["high bias", "high variance"])[high].tolist())


def remedies(diagnosis):
    names = np.array(
        ["bigger network", "train longer", "better optimizer", "different architecture", "more data", "regularization"]
    )
    against_bias, against_variance = np.array([[1, 1, 1, 1, 0, 0], [0, 0, 0, 1, 1, 1]], dtype=bool)
    use = against_bias & ("high bias" in diagnosis) | against_variance & ("high variance" in diagnosis)
    return set(names[use])
