# %%
"""A notebook on its last evening: plots, prints, asserts, sklearn, cells that fail, functions written twice."""

# %%
import numpy as np
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from testCases_v2 import *

np.random.seed(1)
print("numpy", np.__version__)
data = pd.read_csv("houses.csv")


# %%
def split_sizes(m):
    # first try: forgets the rest
    return int(0.6 * m), int(0.2 * m), int(0.2 * m)


# %%
def split_sizes(m, verbose=True):
    if m > 1_000_000:
        train, dev = int(np.floor(m * 0.98)), int(np.round(m * 0.01))
    else:
        train, dev = int(np.floor(m * 0.6)), int(np.round(m * 0.2))
    test = m - train - dev
    if verbose:
        print("train", train, "dev", dev, "test", test)
    assert train + dev + test == m
    return np.array([train, dev, test])


# %%
def train_dev_test_split(X, Y, sizes, rng, seed=None):
    # a seed of its own for the old generator, drawn from rng
    np.random.seed(int(rng.integers(2**31)) if seed is None else seed)
    together = np.concatenate([X, Y], axis=0).T
    np.random.shuffle(together)
    together = together.T
    X, Y = together[:-1, :], together[-1:, :]
    a, b, c = sizes
    print("shapes", X.shape, Y.shape)
    assert X.shape[1] == a + b + c, "sizes do not fit"
    train_set = (X[:, :a], Y[:, :a])
    dev_set = (X[:, a : a + b], Y[:, a : a + b])
    test_set = (X[:, -c:], Y[:, -c:])
    return train_set, dev_set, test_set


# %%
def fit_normalizer(X):
    mu = np.sum(X, axis=1, keepdims=True) / X.shape[1]
    var = 1 / X.shape[1] * np.sum(np.square(X - mu), axis=1, keepdims=True)
    sigma = np.sqrt(var + 1e-12)
    print("mu", mu.ravel(), "sigma", sigma.ravel())
    assert mu.shape == (X.shape[0], 1)
    return mu, sigma


# %%
def normalize(X, mu, sigma, epsilon=1e-8):
    X_norm = (X - mu) / (sigma + epsilon)
    assert not np.isnan(X_norm).any()
    return X_norm


# %%
def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    bias = train_error - human_error
    variance = dev_error - train_error
    print(f"bias {bias:.1%}, variance {variance:.1%}")
    if bias > tolerance and variance > tolerance:
        return {"high bias", "high variance"}
    elif bias > tolerance:
        return {"high bias"}
    elif variance > tolerance:
        return {"high variance"}
    return set()


# %%
def remedies(diagnosis):
    dictionary = {
        "high bias": ["bigger network", "train longer", "better optimizer", "different architecture"],
        "high variance": ["more data", "regularization", "different architecture"],
    }
    all_of_them = []
    for d in diagnosis:
        all_of_them += dictionary[d]
    print(len(all_of_them), "remedies")
    return set(all_of_them)


# %%
fig, ax = plt.subplots()
ax.bar(["human", "train", "dev"], [0.01, 0.08, 0.12])
plt.show()

# %%
X_train, X_test, y_train, y_test = train_test_split(data.drop("price", axis=1), data["price"], test_size=0.2)
assert split_sizes(10)[0] == 7, "left over from debugging"

# %%
print(undefined_name_from_a_deleted_cell)
