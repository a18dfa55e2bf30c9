"""cross_entropy_cost: the mean over the examples, one number."""

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_close

pytestmark = pytest.mark.exercise("cross_entropy_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    AL, Y = np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]])

    check_close(reference.cross_entropy_cost(AL, Y), student.cross_entropy_cost(AL, Y), name="the cost", kind="cost")


@pytest.mark.points(1)
def test_mixed_labels(student, reference, rng):
    """Random probabilities and labels of both kinds, in several numbers of examples."""
    for m in (2, 5, 12, 40):
        check(student, reference, probabilities(rng, m), labels(rng, m))


@pytest.mark.points(1)
def test_only_ones_and_only_zeros(student, reference, rng):
    """Where all labels are equal, only one of the two terms is left."""
    cases = [(probabilities(rng, 7), Y) for Y in (np.ones((1, 7)), np.zeros((1, 7)), labels(rng, 7))]

    # All calls first: with labels of one kind, a sum and the pairs of all examples are the same number.
    actual = student.map("cross_entropy_cost", cases)
    for (AL, Y), cost in zip(cases[:2], actual, strict=False):
        check_close(reference.cross_entropy_cost(AL, Y), cost, name="the cost", kind="cost")
    few, many = ((probabilities(rng, m), labels(rng, m)) for m in (5, 105))
    advise_vectorized(student, "cross_entropy_cost", few, many, examples=(5, 105))


@pytest.mark.points(1)
def test_labels_of_whole_numbers(student, reference, rng):
    """Labels come as integers, too."""
    check(student, reference, probabilities(rng, 9), labels(rng, 9).astype(int))


def check(student, reference, AL, Y):
    check_close(reference.cross_entropy_cost(AL, Y), student.cross_entropy_cost(AL, Y), name="the cost", kind="cost")


def probabilities(rng, m):
    return rng.uniform(0.05, 0.95, size=(1, m))


def labels(rng, m):
    """Zeros and ones in random order, at least one of each."""
    return rng.permutation(np.arange(m) % 3 == 0).astype(float)[np.newaxis]
