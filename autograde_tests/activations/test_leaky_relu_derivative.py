"""leaky_relu_derivative: 1 where z is positive, the slope where it is negative."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, check_finite, check_gradient

pytestmark = pytest.mark.exercise("leaky_relu_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """1 for every positive entry, the default slope of 0.01 for every negative one."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -10.0, 3.0]])

    check_close(reference.leaky_relu_derivative(z), student.leaky_relu_derivative(z), name="leaky_relu_derivative(z)")


@pytest.mark.points(1)
def test_is_the_slope_of_leaky_relu(student, reference, rng):
    """Each derivative equals the central difference of leaky_relu itself, with the default slope."""
    for z in (of_both_signs(rng, shape) for shape in [(3, 8), (6, 2), (4, 4)]):
        actual = student.leaky_relu_derivative(z)
        check_gradient(lambda z: np.sum(reference.leaky_relu(z)), z, actual, rng=rng, name="leaky_relu_derivative(z)")


@pytest.mark.points(1)
def test_uses_the_slope_that_it_is_given(student, reference, rng):
    """Other slopes than the default change the negative side, and nothing else."""
    for slope in (rng.uniform(0.2, 0.45), rng.uniform(0.55, 0.9)):
        z = of_both_signs(rng, (3, 5))
        expected = reference.leaky_relu_derivative(z, slope)
        actual = student.leaky_relu_derivative(z, slope)
        check_close(expected, actual, name="leaky_relu_derivative(z, slope)")


@pytest.mark.points(0.5)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (of_both_signs(rng, shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        expected, actual = reference.leaky_relu_derivative(z, 0.25), student.leaky_relu_derivative(z, 0.25)
        check_close(expected, actual, name="leaky_relu_derivative(z, slope)")


@pytest.mark.points(0.5)
def test_is_a_slope_between_both_sides_at_zero(student, rng):
    """At exactly 0 the value from the left, the one from the right and any between them are accepted, NaN is not."""
    z = rng.permuted([-2.0, -0.5, 0.0, 0.0, 0.5, 2.0]).reshape(2, 3)

    actual = check_array(student.leaky_relu_derivative(z), shape=z.shape, name="leaky_relu_derivative(z)")
    check_finite(actual, name="leaky_relu_derivative(z)")
    at_zero = np.clip(actual, 0.01, 1)
    check_close(np.where(z == 0, at_zero, np.where(z > 0, 1, 0.01)), actual, name="leaky_relu_derivative(z)")


def of_both_signs(rng, shape):
    """Numbers from -3 to 3, at least 0.1 away from 0: half of them negative, in random places."""
    signs = rng.permuted(np.resize([-1.0, 1.0], shape))
    return signs * rng.uniform(0.1, 3.0, size=shape)
