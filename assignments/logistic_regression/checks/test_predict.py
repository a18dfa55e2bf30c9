"""predict: 1 where the probability is above the threshold."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features, five examples, with the threshold one half and with two others."""
    w, b = np.array([[1.0], [-2.0]]), 0.5
    X = np.array([[1.0, -1.0, 0.5, 3.0, 0.0], [0.5, 1.0, 0.3, -1.0, 0.7]])

    check(student, reference, [(w, b, X), (w, b, X, 0.3), (w, b, X, 0.7)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("predict", cases), strict=True):
        name = "predict(w, b, X)" if len(case) == 3 else "predict(w, b, X, threshold)"
        check_close(reference.predict(*case), actual, name=name)
