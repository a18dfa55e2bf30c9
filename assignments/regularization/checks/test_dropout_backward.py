"""dropout_backward: dA * mask / keep_prob."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("dropout_backward")

CALL = "dropout_backward(dA, mask, keep_prob)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, four examples, keep_prob = 0.8 and 0.25."""
    dA = np.array([[1.0, -2.0, 3.0, 0.5], [0.25, 4.0, -1.0, -0.75]])
    mask = np.array([[True, True, False, True], [False, True, True, False]])

    check(student, reference, [(dA, mask, 0.8), (dA, mask, 0.25)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("dropout_backward", cases), strict=True):
        check_close(reference.dropout_backward(*case), actual, name=CALL)
