"""tanh_derivative: the slope of tanh at z."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("tanh_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """1 - a**2 with a = tanh(z), for six numbers z around 0."""
    z = np.array([[-2.0, -0.5, 0.1], [0.5, 1.0, 3.0]])

    check_close(reference.tanh_derivative(z), student.tanh_derivative(z), name="tanh_derivative(z)")
