"""initialize_parameters: small normal weights, zero biases."""

import numpy as np
import pytest
from grader.checks import check_close, check_dict

pytestmark = pytest.mark.exercise("initialize_parameters")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_shapes_and_zero_biases(student):
    """5 inputs, 4 hidden units, 1 output: two weight matrices and two biases, and the biases are zero."""
    drawn = student.initialize_parameters(5, 4, 1, np.random.default_rng(1))

    parameters = check_dict(drawn, {"W1": (4, 5), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}, name="parameters")

    check_close(np.zeros((4, 1)), parameters["b1"], name="b1")
    check_close(np.zeros((1, 1)), parameters["b2"], name="b2")
