"""sigmoid_derivative: the slope of the sigmoid at z."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("sigmoid_derivative")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """a * (1 - a) with a = sigmoid(z), for six numbers z around 0."""
    z = np.array([[-2.0, -0.5, 0.1], [0.5, 1.0, 3.0]])

    check_close(reference.sigmoid_derivative(z), student.sigmoid_derivative(z), name="sigmoid_derivative(z)")
