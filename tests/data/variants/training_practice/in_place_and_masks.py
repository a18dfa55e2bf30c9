"""Arguments are shuffled, centred and emptied in place; membership by masks; float sizes and boolean labels."""
import numpy as np

def split_sizes(m):
    share = 0.6 if m <= 1e6 else 0.98
    dev = np.ceil(m * (1 - share) / 2 - 0.5)
    test = np.ceil(m * (1 - share) / 2 - 0.5)
    return m - dev - test, dev, test

def train_dev_test_split(X, Y, sizes, rng):
    # which set every example belongs to; within a set the examples keep their order
    member = np.repeat([0, 1, 2], sizes)
    rng.shuffle(member)
    Y = Y > 0.5
    return (
        (X[:, member == 0], Y[:, member == 0]),
        (X[:, member == 1], Y[:, member == 1]),
        (X[:, member == 2], Y[:, member == 2]),
    )

def fit_normalizer(X):
    mu = X.mean(1)[:, None]
    X -= mu
    X *= X
    sigma = X.mean(1)[:, None]
    sigma **= 0.5
    return mu, sigma

def normalize(X, mu, sigma):
    constant = sigma == 0
    sigma[constant] = 1
    X -= mu
    X /= sigma
    X[constant.ravel(), :] = 0
    return X

def diagnose(train, dev, human=0.0, tol=0.02, *, verbose=False):
    both = {"high bias", "high variance"}
    if not train - human > tol:
        both.remove("high bias")
    if not dev - train > tol:
        both.discard("high variance")
    return both

def remedies(problems):
    found = set()
    while problems:
        problem = problems.pop()
        if problem.endswith("bias"):
            found.update(["bigger network", "train longer", "better optimizer", "different architecture"])
        else:
            found.update(["more data", "regularization", "different architecture"])
    return found
