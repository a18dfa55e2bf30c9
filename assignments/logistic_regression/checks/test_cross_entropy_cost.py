"""cross_entropy_cost: the mean over the examples, one number, finite where A is exactly 0 or 1."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("cross_entropy_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    A, Y = np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]])

    check(student, reference, [(A, Y)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, cost in zip(cases, student.map("cross_entropy_cost", cases), strict=True):
        check_close(reference.cross_entropy_cost(*case), cost, name="the cost", kind="cost")
