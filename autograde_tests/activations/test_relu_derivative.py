"""relu_derivative: 1 where z is positive, 0 where it is negative."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, check_finite, check_gradient

pytestmark = pytest.mark.exercise("relu_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """1 for every positive entry, 0 for every negative one."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -0.1, 3.0]])

    check_close(reference.relu_derivative(z), student.relu_derivative(z), name="relu_derivative(z)")


@pytest.mark.points(1)
def test_is_the_slope_of_relu(student, reference, rng):
    """Each derivative equals the central difference of relu itself."""
    for z in (of_both_signs(rng, shape) for shape in [(3, 8), (6, 2), (4, 4)]):
        actual = student.relu_derivative(z)
        check_gradient(lambda z: np.sum(reference.relu(z)), z, actual, rng=rng, name="relu_derivative(z)")


@pytest.mark.points(0.5)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (of_both_signs(rng, shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        check_close(reference.relu_derivative(z), student.relu_derivative(z), name="relu_derivative(z)")


@pytest.mark.points(0.5)
def test_is_a_slope_between_both_sides_at_zero(student, rng):
    """At exactly 0 the value from the left, the one from the right and any between them are accepted, NaN is not."""
    z = rng.permuted([-2.0, -0.5, 0.0, 0.0, 0.5, 2.0]).reshape(2, 3)

    actual = check_array(student.relu_derivative(z), shape=z.shape, name="relu_derivative(z)")
    check_finite(actual, name="relu_derivative(z)")
    at_zero = np.clip(actual, 0, 1)
    check_close(np.where(z == 0, at_zero, z > 0), actual, name="relu_derivative(z)")


def of_both_signs(rng, shape):
    """Numbers from -3 to 3, at least 0.1 away from 0: half of them negative, in random places."""
    signs = rng.permuted(np.resize([-1.0, 1.0], shape))
    return signs * rng.uniform(0.1, 3.0, size=shape)
