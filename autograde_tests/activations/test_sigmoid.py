"""sigmoid: 1 / (1 + exp(-z)) of every entry, without overflow."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, check_finite
from grader.errors import CheckFailed
from grader.messages import feedback

pytestmark = pytest.mark.exercise("sigmoid")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Six numbers around 0 give 1 / (1 + exp(-z)) each."""
    z = np.array([[-2.0, -0.5, 0.0], [0.5, 1.0, 3.0]])

    check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")


@pytest.mark.points(1)
def test_matches_the_formula_on_matrices(student, reference, rng):
    """Random matrices, wide, tall and square, give 1 / (1 + exp(-z)) for every entry."""
    for z in (rng.uniform(-6, 6, size=shape) for shape in [(3, 7), (6, 2), (4, 4)]):
        check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")


@pytest.mark.points(1)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (rng.uniform(-6, 6, size=shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")


@pytest.mark.points(1)
def test_does_not_overflow(student, reference, rng):
    """z = 1000 gives 1 and z = -1000 gives 0, without NaN and without an overflow warning."""
    z = rng.permuted(np.concatenate([[-1000.0, 1000.0], rng.uniform(-6, 6, size=4)])).reshape(2, 3)

    actual = check_array(student.sigmoid(z), shape=z.shape, name="sigmoid(z)")
    check_finite(actual, name="sigmoid(z)")
    # Clipping z or the result is a good remedy, and moves the values a little away from 0 and 1.
    expected = reference.sigmoid(z)
    check_close(np.clip(actual, expected - 1e-6, expected + 1e-6), actual, name="sigmoid(z)")
    if any("overflow" in warning.message for warning in student.last_warnings):
        raise CheckFailed(feedback("overflow_warning", function="sigmoid"))


@pytest.mark.points(1)
def test_takes_whole_numbers(student, reference, rng):
    """An array of integers is no excuse for a result of integers: sigmoid(2) is 0.88, not 0."""
    z = rng.integers(-5, 6, size=(3, 5))

    check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")
