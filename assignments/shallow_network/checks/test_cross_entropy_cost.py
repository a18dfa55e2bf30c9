"""cross_entropy_cost: the mean over the examples, one number."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("cross_entropy_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    A2, Y = np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]])

    check_close(reference.cross_entropy_cost(A2, Y), student.cross_entropy_cost(A2, Y), name="the cost", kind="cost")
