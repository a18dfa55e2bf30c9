"""l1_penalty: λ/(2m) times the sum of all absolute weights."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("l1_penalty")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two layers, λ = 0.7 and five examples."""
    parameters = {
        "W1": np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]),
        "b1": np.array([[0.5], [-1.5]]),
        "W2": np.array([[0.75, -1.5]]),
        "b2": np.array([[2.0]]),
    }

    check(student, reference, [(parameters, 0.7, 5)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("l1_penalty", cases), strict=True):
        check_close(reference.l1_penalty(*case), actual, name="l1_penalty(parameters, lambd, m)", kind="cost")
