"""relu_derivative: 1 where z is positive, 0 where it is negative."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("relu_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """1 for every positive entry, 0 for every negative one."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -0.1, 3.0]])

    check_close(reference.relu_derivative(z), student.relu_derivative(z), name="relu_derivative(z)")
