"""train_dev_test_split: shuffled, disjoint, pairs kept.

How a student draws the order is free. So examples are recognised in what comes back, by their first feature, which is
different in every example; all checks are about which examples are where.
"""

from statistics import NormalDist

import numpy as np
import pytest

from grader.checks import check_array, check_binary, check_changes, check_deterministic, fail, unpack

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


@pytest.mark.points(1.5)
def test_every_example_is_in_one_set(student, rng):
    """Several numbers of features and examples, one of them square: nothing is lost, nothing occurs twice."""
    for n_x, sizes in ((14, (7, 4, 3)), (1, (5, 9, 12)), (4, (30, 6, 8))):
        X, Y = draw(rng, n_x, sum(sizes))

        check_each_once(recognise(X, split(student, X, Y, sizes, fresh(rng))))


@pytest.mark.points(1)
def test_labels_stay_with_their_examples(student, rng):
    """Every column of X has the label that it came with."""
    # Labels that were drawn anew agree in all of 54 examples with a probability below 1e-14.
    for n_x, sizes in ((3, (25, 16, 13)), (5, (20, 18, 16))):
        X, Y = draw(rng, n_x, sum(sizes))

        parts = split(student, X, Y, sizes, fresh(rng))

        check_labels(Y, parts, recognise(X, parts))


@pytest.mark.points(1.5)
def test_every_example_may_get_into_every_set(student, rng):
    """In which set an example is does not depend on where it stood, nor on the set of its neighbour.

    Four statistics of one split of 1,500 examples, each approximately normal and with a false-alarm rate of 1e-8: 4e-8
    altogether.
    """
    sizes = (700, 500, 300)
    X, Y = draw(rng, 6, sum(sizes))

    origins = recognise(X, split(student, X, Y, sizes, fresh(rng)))

    # What was lost or doubled is for other tests to find: here it would only blur what is asked.
    in_set = np.full(sum(sizes), -1)
    for number, positions in enumerate(origins):
        in_set[positions] = number
    check_shuffled(in_set, sizes)


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student):
    """The same state of rng gives the same sets, another one gives others."""
    X, Y = draw(np.random.default_rng(4), 6, 30)
    sizes = (15, 9, 6)

    first = check_deterministic(
        lambda: split(student, X, Y, sizes, np.random.default_rng(5)), name="train_dev_test_split"
    )
    other = split(student, X, Y, sizes, np.random.default_rng(6))

    check_changes([first, other], name="train_dev_test_split", argument="rng")


def draw(rng, n_x, m):
    """Inputs whose first feature is different in every example, and labels of both kinds."""
    X = rng.normal(size=(n_x, m))
    X[0] = rng.permutation(np.linspace(-3, 3, m))
    Y = rng.permutation(np.arange(m) % 2).reshape(1, m).astype(float)
    return X, Y


def fresh(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(int(rng.integers(1 << 30)))


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


def check_shuffled(in_set, sizes):
    """Fail unless sets and positions are independent of each other, with a false-alarm rate of 4e-8."""
    bound = NormalDist().inv_cdf(1 - 1e-8 / 2)
    if np.max(np.abs(deviations(in_set, sizes))) > bound:
        fail(
            "not_shuffled",
            rationale="In which set an example is depends on where it stood in X: the examples were not shuffled, or "
            "only in part.",
            help="Draw a random order of all m examples before you cut: order = rng.permutation(m).",
        )


def deviations(in_set, sizes):
    """Statistics of a shuffle, in standard errors: the mean position of each set, and the number of runs.

    in_set: for every position in X the number of the set that the example went to, or -1.
    Sources: the mean of n out of m numbers, Cochran, Sampling Techniques, theorem 2.2; runs of more than two kinds,
    Barton and David, Multiple runs, Biometrika 44 (1957).
    """
    m = in_set.size
    found = []
    for number, n in enumerate(sizes):
        positions = np.flatnonzero(in_set == number)
        variance = (m + 1) * (m - n) / (12 * n)
        found.append((np.mean(positions) - (m - 1) / 2) / variance**0.5 if positions.size else np.inf)
    squares, cubes = sum(n**2 for n in sizes), sum(n**3 for n in sizes)
    runs = 1 + np.count_nonzero(np.diff(in_set))
    mean = (m * (m + 1) - squares) / m
    variance = (squares * (squares + m * (m + 1)) - 2 * m * cubes - m**3) / (m**2 * (m - 1))
    return [*found, (runs - mean) / variance**0.5]
