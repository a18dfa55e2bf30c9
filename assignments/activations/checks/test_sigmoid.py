"""sigmoid: 1 / (1 + exp(-z)) of every entry, without overflow."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("sigmoid")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Six numbers around 0 give 1 / (1 + exp(-z)) each."""
    z = np.array([[-2.0, -0.5, 0.0], [0.5, 1.0, 3.0]])

    check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")
