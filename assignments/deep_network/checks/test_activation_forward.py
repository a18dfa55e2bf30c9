"""activation_forward: relu and sigmoid, and the cache Z."""

import numpy as np
import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("activation_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One matrix through both activations."""
    Z = np.array([[-2.0, -0.5, 0.25], [0.5, 1.0, 3.0]])

    check(reference, student, [(Z, "relu"), (Z, "sigmoid")])


def check(reference, student, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for (Z, activation), actual in zip(cases, student.map("activation_forward", cases), strict=True):
        expected, _ = reference.activation_forward(Z, activation)
        call = f"activation_forward(Z, {activation!r})"
        A, _ = unpack(actual, ("A", "Z"), call=call)
        check_close(expected, A, name=f"A of {call}")
