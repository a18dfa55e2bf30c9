"""weight_decay_update: (1 - αλ/m) W - α dW."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("weight_decay_update")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, three inputs, a learning rate of 0.3, λ = 0.7 and five examples."""
    W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
    dW = np.array([[0.3, -0.2, 0.9], [-1.1, 0.4, 0.6]])

    check(student, reference, [(W, dW, 0.3, 0.7, 5)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("weight_decay_update", cases), strict=True):
        expected = reference.weight_decay_update(*case)
        check_close(expected, actual, name="weight_decay_update(W, dW, learning_rate, lambd, m)")
