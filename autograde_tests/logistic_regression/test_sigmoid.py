"""sigmoid: 1 / (1 + exp(-z)) of every entry."""

import numpy as np
import pytest

from grader.checks import check_close, check_vectorized

pytestmark = pytest.mark.exercise("sigmoid")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """A row of five numbers around 0."""
    z = np.array([[-2.0, -0.5, 0.0, 1.0, 3.0]])

    check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")


@pytest.mark.points(2)
def test_keeps_the_shape_of_z(student, reference, rng):
    """Rows, columns, matrices and a vector come back in their own shape, with the sigmoid of every entry."""
    cases = [(rng.uniform(-6, 6, size=shape),) for shape in ((1, 7), (4, 1), (3, 5), (4, 4), (6,))]

    for case, actual in zip(cases, student.map("sigmoid", cases), strict=True):
        check_close(reference.sigmoid(*case), actual, name="sigmoid(z)")


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """A row of ten numbers or of a thousand: the result is right, and Python works no more."""
    few, many = rng.uniform(-6, 6, size=(1, 10)), rng.uniform(-6, 6, size=(1, 1000))

    check_close(reference.sigmoid(few), student.sigmoid(few), name="sigmoid(z)")
    check_vectorized(student, "sigmoid", (few,), (many,), examples=(10, 1000))
