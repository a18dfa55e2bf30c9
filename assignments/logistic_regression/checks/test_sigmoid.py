"""sigmoid: 1 / (1 + exp(-z)) of every entry."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("sigmoid")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """A row of five numbers around 0."""
    z = np.array([[-2.0, -0.5, 0.0, 1.0, 3.0]])

    check_close(reference.sigmoid(z), student.sigmoid(z), name="sigmoid(z)")
