"""fit_normalizer: mean and standard deviation of every feature."""

import numpy as np
import pytest

from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("fit_normalizer")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features of four examples."""
    X = np.array([[1.0, 2.0, 6.0, 3.0], [-0.5, 1.5, 0.5, -2.5]])

    for name, expected, actual in results(student, reference, [X]):
        check_close(expected, actual, name=name)


@pytest.mark.points(1)
def test_means(student, reference, rng):
    """The mean of every feature: many examples, few examples, as many as features."""
    for name, expected, actual in results(student, reference, draw(rng)):
        if name == "mean":
            check_close(expected, actual, name=name)


@pytest.mark.points(1.5)
def test_standard_deviations(student, reference, rng):
    """The standard deviation of every feature, divided by m."""
    for name, expected, actual in results(student, reference, draw(rng)):
        if name == "std":
            check_close(expected, actual, name=name)


@pytest.mark.points(0.5)
def test_features_on_scales_of_their_own(student, reference, rng):
    """An age and an income: every feature is measured by itself."""
    X = features(rng, 12, std=np.array([[0.5], [15.0], [800.0]]), mean=np.array([[0.9], [40.0], [3000.0]]))

    for name, expected, actual in results(student, reference, [X]):
        check_close(expected, actual, name=name)
        # Each row by itself as well: the tolerance of an array goes by its largest entry.
        for row, (wanted, found) in enumerate(zip(expected, np.asarray(actual), strict=True)):
            check_close(wanted, found, name=f"row {row} of {name}")


def results(student, reference, inputs):
    """Name, right value and the student's, for mean and std of every input. All calls first."""
    found = []
    for X, actual in zip(inputs, student.map("fit_normalizer", [(X,) for X in inputs]), strict=True):
        pair = unpack(actual, ("mean", "std"), call="fit_normalizer(X)")
        found += zip(("mean", "std"), reference.fit_normalizer(X), pair, strict=True)
    return found


def draw(rng):
    """Features with means of either sign from 1 to 3, and standard deviations from 0.5 to 2."""
    return [
        features(
            rng,
            m,
            std=rng.uniform(0.5, 2.0, size=(n_x, 1)),
            mean=rng.choice([-1.0, 1.0], size=(n_x, 1)) * rng.uniform(1.0, 3.0, size=(n_x, 1)),
        )
        for n_x, m in ((3, 9), (5, 3), (4, 4))
    ]


def features(rng, m, *, std, mean):
    """m examples with exactly these statistics: beside a std that is tiny by chance, an epsilon would count."""
    z = rng.normal(size=(len(std), m))
    z -= z.mean(axis=1, keepdims=True)
    return z / z.std(axis=1, keepdims=True) * std + mean
