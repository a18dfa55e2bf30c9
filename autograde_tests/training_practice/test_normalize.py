"""normalize: (X - mean) / std with the statistics of the training set."""

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_array, check_close, check_finite

pytestmark = pytest.mark.exercise("normalize")

NAME = "normalize(X, mean, std)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features of four examples, with mean and std of another set."""
    X = np.array([[1.0, 2.0, 6.0, 3.0], [-0.5, 1.5, 0.5, -2.5]])
    mean, std = np.array([[2.5], [-1.0]]), np.array([[2.0], [0.5]])

    check_close(reference.normalize(X, mean, std), student.normalize(X, mean, std), name=NAME)


@pytest.mark.points(1.5)
def test_another_set(student, reference, rng):
    """The statistics come from a training set, the examples from another one; one case is square."""
    # The square case comes first: elsewhere statistics along the wrong axis raise, and could not be told.
    square = draw(reference, rng, 4, 4)
    check_close(reference.normalize(*square), student.normalize(*square), name=NAME)
    cases = [draw(reference, rng, n_x, m) for n_x, m in ((3, 7), (5, 2), (1, 6))]

    for case, actual in zip(cases, student.map("normalize", cases), strict=True):
        check_close(reference.normalize(*case), actual, name=NAME)
    few, many = (draw(reference, rng, 3, m) for m in (5, 105))
    advise_vectorized(student, "normalize", few, many, examples=(5, 105))


@pytest.mark.points(0.5)
def test_one_example_alone(student, reference, rng):
    """A network in use gets one example at a time, and it is treated like all others."""
    X, mean, std = draw(reference, rng, 3, 8)

    # All together first, so that what is wrong can be told from more than one example.
    student.normalize(X, mean, std)
    one = X[:, :1].copy()
    check_close(reference.normalize(one, mean, std), student.normalize(one, mean, std), name=NAME)


@pytest.mark.points(1)
def test_a_constant_feature(student, reference, rng):
    """Where std is 0, the training set gives 0 and another set something finite; other features are as always."""
    train = features(rng, 6, std=rng.uniform(0.5, 2.0, size=(3, 1)), mean=np.ones((3, 1)))
    constant = int(rng.integers(3))
    train[constant] = rng.integers(2, 9)  # a whole number: its mean is exact, and so is std = 0
    mean, std = reference.fit_normalizer(train)
    other = rng.normal(size=(3, 5)) + 1.0

    on_train, on_other = student.map("normalize", [(train, mean, std), (other, mean, std)])

    check_close(reference.normalize(train, mean, std), on_train, name=f"{NAME} of the training set")
    check_array(on_other, shape=other.shape, name=f"{NAME} of another set")
    check_finite(on_other, name=f"{NAME} of another set")
    expected, found = reference.normalize(other, mean, std), np.asarray(on_other)
    varying = np.flatnonzero(std)  # the value of a constant feature is free there, and may be large
    check_close(expected[varying], found[varying], name=f"{NAME} where std is not 0")


def draw(reference, rng, n_x, m):
    """A set of m examples, and mean and std of another one; no mean near 0, no std near 0 or 1."""
    scale = rng.choice([rng.uniform(0.4, 0.7), rng.uniform(1.5, 2.5)], size=(n_x, 1))
    shift = rng.choice([-1.0, 1.0], size=(n_x, 1)) * rng.uniform(1.5, 3.0, size=(n_x, 1))
    train = features(rng, 12, std=scale, mean=shift)
    return rng.normal(size=(n_x, m)) * scale + shift, *reference.fit_normalizer(train)


def features(rng, m, *, std, mean):
    """m examples with exactly these statistics: beside a std that is tiny by chance, an epsilon would count."""
    z = rng.normal(size=(len(std), m))
    z -= z.mean(axis=1, keepdims=True)
    return z / z.std(axis=1, keepdims=True) * std + mean
