"""leaky_relu: z where z is positive, slope * z elsewhere."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("leaky_relu")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Positive entries stay as they are, negative ones are multiplied by the default slope of 0.01."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -10.0, 3.0]])

    check_close(reference.leaky_relu(z), student.leaky_relu(z), name="leaky_relu(z)")


@pytest.mark.points(1)
def test_matches_the_formula_on_matrices(student, reference, rng):
    """Random matrices, wide, tall and square, with the default slope."""
    for z in (of_both_signs(rng, shape) for shape in [(3, 8), (6, 2), (4, 4)]):
        check_close(reference.leaky_relu(z), student.leaky_relu(z), name="leaky_relu(z)")


@pytest.mark.points(1)
def test_uses_the_slope_that_it_is_given(student, reference, rng):
    """Other slopes than the default change the negative side, and nothing else."""
    for slope in (rng.uniform(0.2, 0.45), rng.uniform(0.55, 0.9)):
        z = of_both_signs(rng, (3, 5))
        z[0, 0] = 0.15  # between 0 and the slope: tells a constant for negatives from np.maximum(slope, z)
        check_close(reference.leaky_relu(z, slope), student.leaky_relu(z, slope), name="leaky_relu(z, slope)")


@pytest.mark.points(1)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (of_both_signs(rng, shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        expected, actual = reference.leaky_relu(z, 0.25), student.leaky_relu(z, 0.25)
        check_close(expected, actual, name="leaky_relu(z, slope)")


def of_both_signs(rng, shape):
    """Numbers from -3 to 3, at least 0.1 away from 0: half of them negative, in random places."""
    signs = rng.permuted(np.resize([-1.0, 1.0], shape))
    return signs * rng.uniform(0.1, 3.0, size=shape)
