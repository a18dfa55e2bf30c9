"""linear_chain_norms: the Euclidean norms of x, W x, W² x, …

Norms are compared one by one, each relative to itself: beside the last one of an exploding chain the first ones would
count for nothing.
"""

import numpy as np
import pytest
from grader.checks import activation_spread, check_close, illustrate, values_may_be_shown

pytestmark = pytest.mark.exercise("linear_chain_norms")

CALL = "linear_chain_norms(x, W, depth)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """Two units and two layers, three units and three layers."""
    two = (np.array([[3.0], [4.0]]), np.array([[1.0, -2.0], [0.5, 1.5]]), 2)
    three = (
        np.array([[1.0], [-2.0], [0.5]]),
        np.array([[0.5, 1.0, -1.0], [2.0, -0.5, 0.25], [1.5, 0.75, 1.0]]),
        3,
    )

    check(student, reference, [two, three])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("linear_chain_norms", cases), strict=True):
        expected = [float(norm) for norm in reference.linear_chain_norms(*case)]
        name = f"{CALL} with depth = {case[2]}" if values_may_be_shown() else CALL
        with illustrate(activation_spread, expected, actual, name="length by layer"):
            check_close(expected, actual, name=name)
