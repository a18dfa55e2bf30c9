"""train_dev_test_split: shuffled, disjoint, pairs kept.

How a student draws the order is free. So examples are recognised in what comes back, by their first feature, which is
different in every example; all checks are about which examples are where.
"""

import numpy as np
import pytest
from grader.checks import check_array, check_binary, fail, unpack

pytestmark = pytest.mark.exercise("train_dev_test_split")

SETS = ("train", "dev", "test")

CALL = "train_dev_test_split(X, Y, sizes, rng)"


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_small_example(student):
    """24 examples with three features: every one comes back once, with its label."""
    rng = np.random.default_rng(7)
    X, Y = draw(rng, 3, 24)

    parts = split(student, X, Y, (11, 8, 5), np.random.default_rng(1))

    origins = recognise(X, parts)
    check_each_once(origins)
    check_labels(Y, parts, origins)


def draw(rng, n_x, m):
    """Inputs whose first feature is different in every example, and labels of both kinds."""
    X = rng.normal(size=(n_x, m))
    X[0] = rng.permutation(np.linspace(-3, 3, m))
    Y = rng.permutation(np.arange(m) % 2).reshape(1, m).astype(float)
    return X, Y


def split(student, X, Y, sizes, rng):
    """The student's three pairs of arrays, with all shapes checked."""
    result = student.train_dev_test_split(X, Y, sizes, rng)
    pairs = unpack(result, [f"(X_{name}, Y_{name})" for name in SETS], call=CALL)
    parts = []
    for name, size, pair in zip(SETS, sizes, pairs, strict=True):
        X_part, Y_part = unpack(pair, (f"X_{name}", f"Y_{name}"), call=f"the {name} part of {CALL}")
        X_part = check_array(X_part, shape=(len(X), size), name=f"X_{name}")
        parts.append((X_part, check_binary(Y_part, (1, size), name=f"Y_{name}")))
    return parts


def recognise(X, parts):
    """For every part, where in X each of its columns stood."""
    order = np.argsort(X[0])
    borders = (X[0, order][1:] + X[0, order][:-1]) / 2
    origins = [order[np.searchsorted(borders, X_part[0])] for X_part, _ in parts]
    for name, (X_part, _), positions in zip(SETS, parts, origins, strict=True):
        if not np.allclose(X_part, X[:, positions], rtol=1e-4, atol=1e-4):
            fail(
                "columns_not_of_x",
                rationale=f"X_{name} has columns that do not occur in X: the examples themselves were changed.",
                help="Examples are columns. rng.shuffle(X) and rng.permutation(X) work along the first axis, and mix "
                "the features; draw an order of the columns, and pick them by X[:, order].",
            )
    return origins


def check_each_once(origins):
    positions = np.concatenate(origins)
    if np.unique(positions).size < positions.size:
        fail(
            "examples_repeat",
            rationale="Some examples occur more than once, and others are in none of the three sets.",
            help="Draw one random order of all examples, rng.permutation(m), and cut it into three parts.",
        )


def check_labels(Y, parts, origins):
    for name, (_, Y_part), positions in zip(SETS, parts, origins, strict=True):
        if not np.array_equal(Y_part, Y[:, positions]):
            fail(
                "labels_of_others",
                rationale=f"In the {name} set there are examples with the label of another example.",
                help="Draw one order, and use it for both: X[:, order] and Y[:, order].",
            )
