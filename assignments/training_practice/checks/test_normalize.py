"""normalize: (X - mean) / std with the statistics of the training set."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("normalize")

NAME = "normalize(X, mean, std)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features of four examples, with mean and std of another set."""
    X = np.array([[1.0, 2.0, 6.0, 3.0], [-0.5, 1.5, 0.5, -2.5]])
    mean, std = np.array([[2.5], [-1.0]]), np.array([[2.0], [0.5]])

    check_close(reference.normalize(X, mean, std), student.normalize(X, mean, std), name=NAME)
