"""sigmoid_derivative: the slope of the sigmoid at z."""

import numpy as np
import pytest

from grader.checks import check_close, check_gradient

pytestmark = pytest.mark.exercise("sigmoid_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """a * (1 - a) with a = sigmoid(z), for six numbers z around 0."""
    z = np.array([[-2.0, -0.5, 0.1], [0.5, 1.0, 3.0]])

    check_close(reference.sigmoid_derivative(z), student.sigmoid_derivative(z), name="sigmoid_derivative(z)")


@pytest.mark.points(1)
def test_is_the_slope_of_the_sigmoid(student, reference, rng):
    """Each derivative equals the central difference of the sigmoid itself."""
    for z in (rng.uniform(-4, 4, size=shape) for shape in [(3, 7), (6, 2), (4, 4)]):
        actual = student.sigmoid_derivative(z)
        check_gradient(lambda z: np.sum(reference.sigmoid(z)), z, actual, rng=rng, name="sigmoid_derivative(z)")


@pytest.mark.points(1)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (rng.uniform(-4, 4, size=shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        check_close(reference.sigmoid_derivative(z), student.sigmoid_derivative(z), name="sigmoid_derivative(z)")
