"""squared_error_cost: the mean of (a - y)² / 2, one number."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("squared_error_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    check(student, reference, [(np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]]))])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, cost in zip(cases, student.map("squared_error_cost", cases), strict=True):
        check_close(reference.squared_error_cost(*case), cost, name="the cost", kind="cost")
