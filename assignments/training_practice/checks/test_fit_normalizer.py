"""fit_normalizer: mean and standard deviation of every feature."""

import numpy as np
import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("fit_normalizer")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features of four examples."""
    X = np.array([[1.0, 2.0, 6.0, 3.0], [-0.5, 1.5, 0.5, -2.5]])

    for name, expected, actual in results(student, reference, [X]):
        check_close(expected, actual, name=name)


def results(student, reference, inputs):
    """Name, right value and the student's, for mean and std of every input. All calls first."""
    found = []
    for X, actual in zip(inputs, student.map("fit_normalizer", [(X,) for X in inputs]), strict=True):
        pair = unpack(actual, ("mean", "std"), call="fit_normalizer(X)")
        found += zip(("mean", "std"), reference.fit_normalizer(X), pair, strict=True)
    return found
