"""predict: 1 where the probability is above one half."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two inputs, two hidden units, five examples; two probabilities lie a little above one half."""
    parameters = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([[0.25], [-0.5]]),
        "W2": np.array([[1.0, -1.5]]),
        "b2": np.array([[0.25]]),
    }
    X = np.array([[1.0, -1.0, 0.5, 3.0, 0.0], [0.5, 1.0, 0.5, -1.0, 2.0]])

    check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")
