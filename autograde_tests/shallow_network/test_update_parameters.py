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


@pytest.mark.points(2)
def test_all_sizes_and_learning_rates(student, reference, rng):
    """Hidden layers with one to six units, learning rates from 0.1 to 1.7."""
    cases = []
    for n_x, n_h, learning_rate in ((3, 4, 0.1), (5, 1, 1.7), (4, 4, 0.3), (2, 6, 0.7)):
        shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (1, n_h), "b2": (1, 1)}
        parameters = {key: rng.normal(size=shape) for key, shape in shapes.items()}
        grads = {f"d{key}": rng.normal(size=shape) for key, shape in shapes.items()}
        cases.append((parameters, grads, learning_rate))

    for case, actual in zip(cases, student.map("update_parameters", cases), strict=True):
        check_close(reference.update_parameters(*case), actual, name="parameters")
