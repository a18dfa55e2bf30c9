"""predict: 1 where the probability is above one half."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One unit: the sign of a number decides."""
    parameters = {"W1": np.array([[2.0, -1.0]]), "b1": np.array([[0.5]])}
    X = np.array([[1.0, -1.0, 0.0, 3.0], [0.5, 1.0, 2.0, -1.0]])

    check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")
