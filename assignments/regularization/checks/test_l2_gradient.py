"""l2_gradient: dW + λ/m W."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("l2_gradient")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, three inputs, λ = 0.7 and five examples."""
    dW = np.array([[0.3, -0.2, 0.9], [-1.1, 0.4, 0.6]])
    W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])

    check(student, reference, [(dW, W, 0.7, 5)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("l2_gradient", cases), strict=True):
        check_close(reference.l2_gradient(*case), actual, name="l2_gradient(dW, W, lambd, m)")
