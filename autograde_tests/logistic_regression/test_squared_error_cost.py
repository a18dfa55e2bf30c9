"""squared_error_cost: the mean of (a - y)² / 2, one number."""

import numpy as np
import pytest

from grader.checks import check_close, check_vectorized

pytestmark = pytest.mark.exercise("squared_error_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    check(student, reference, [(np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]]))])


@pytest.mark.points(1)
def test_any_number_of_examples(student, reference, rng):
    """Random probabilities and labels of both kinds."""
    check(student, reference, [draw(rng, m) for m in (2, 5, 12, 40)])


@pytest.mark.points(1)
def test_labels_of_whole_numbers(student, reference, rng):
    """Labels come as integers, too, and A may be exactly 0 or 1."""
    A, Y = draw(rng, 9)
    A[0, :2] = (0.0, 1.0)

    check(student, reference, [(A, Y.astype(int))])


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand: the result is right, and Python works no more."""
    few, many = draw(rng, 10), draw(rng, 1000)

    check(student, reference, [few])
    check_vectorized(student, "squared_error_cost", few, many, examples=(10, 1000))


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, cost in zip(cases, student.map("squared_error_cost", cases), strict=True):
        check_close(reference.squared_error_cost(*case), cost, name="the cost", kind="cost")


def draw(rng, m):
    """Probabilities, and zeros and ones in random order, at least one of each."""
    Y = rng.permutation(np.arange(m) % 3 == 0).astype(float)[np.newaxis]
    return rng.uniform(0.05, 0.95, size=(1, m)), Y
