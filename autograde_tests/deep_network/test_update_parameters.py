"""update_parameters: one step against the gradient."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("update_parameters")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two layers and a learning rate of 0.5."""
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


@pytest.mark.points(1)
def test_any_depth_and_learning_rate(student, reference, rng):
    """One, two and four layers; every W and b takes its own step."""
    # One layer comes last: there the first layer is the last one, and what was left out could not be told.
    for depth, learning_rate in ((2, 1.7), (4, 0.25), (1, 0.1)):
        sizes = rng.integers(1, 6, size=depth + 1)
        shapes = reference.parameter_shapes([int(size) for size in sizes])
        parameters = {key: rng.normal(size=shape) for key, shape in shapes.items()}
        grads = {f"d{key}": rng.normal(size=shape) for key, shape in shapes.items()}

        expected = reference.update_parameters(parameters, grads, learning_rate)

        check_close(expected, student.update_parameters(parameters, grads, learning_rate), name="parameters")
