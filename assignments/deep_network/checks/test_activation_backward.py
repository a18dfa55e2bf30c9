"""activation_backward: dZ = dA * g'(Z), entry by entry."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("activation_backward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One matrix, both activations."""
    dA = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
    Z = np.array([[-2.0, 0.5, 0.25], [0.5, -1.0, 3.0]])

    check(student, reference, [(dA, Z, "relu"), (dA, Z, "sigmoid")])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("activation_backward", cases), strict=True):
        check_close(reference.activation_backward(*case), actual, name=f"dZ with {case[-1]}")
