"""relu: max(0, z) of every entry."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("relu")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Positive entries stay as they are, negative ones become 0."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -0.1, 3.0]])

    check_close(reference.relu(z), student.relu(z), name="relu(z)")


@pytest.mark.points(1)
def test_matches_the_formula_on_matrices(student, reference, rng):
    """Random matrices, wide, tall and square, with as many negative as positive entries."""
    for z in (of_both_signs(rng, shape) for shape in [(3, 8), (6, 2), (4, 4)]):
        check_close(reference.relu(z), student.relu(z), name="relu(z)")


@pytest.mark.points(1)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (of_both_signs(rng, shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        check_close(reference.relu(z), student.relu(z), name="relu(z)")


def of_both_signs(rng, shape):
    """Numbers from -3 to 3, at least 0.1 away from 0: half of them negative, in random places."""
    signs = rng.permuted(np.resize([-1.0, 1.0], shape))
    return signs * rng.uniform(0.1, 3.0, size=shape)
