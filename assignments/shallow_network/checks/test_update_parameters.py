"""update_parameters: one step against the gradient, for all four parameters."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("update_parameters")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two inputs, two hidden units and a learning rate of 0.5."""
    parameters = {
        "W1": np.array([[1.0, 2.0], [3.0, 4.0]]),
        "b1": np.array([[0.5], [-0.5]]),
        "W2": np.array([[-1.0, 1.0]]),
        "b2": np.array([[2.0]]),
    }
    grads = {
        "dW1": np.array([[0.2, -0.4], [1.0, 0.0]]),
        "db1": np.array([[1.0], [-2.0]]),
        "dW2": np.array([[3.0, 0.1]]),
        "db2": np.array([[-0.6]]),
    }

    check_close(
        reference.update_parameters(parameters, grads, 0.5),
        student.update_parameters(parameters, grads, 0.5),
        name="parameters",
    )
