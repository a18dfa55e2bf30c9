"""tanh: the hyperbolic tangent of every entry."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("tanh")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Six numbers around 0 give their hyperbolic tangents."""
    z = np.array([[-2.0, -0.5, 0.1], [0.5, 1.0, 3.0]])

    check_close(reference.tanh(z), student.tanh(z), name="tanh(z)")
