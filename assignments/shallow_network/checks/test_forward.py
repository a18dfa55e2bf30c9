"""forward: tanh in the hidden layer, sigmoid in the output layer."""

import numpy as np
import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("forward")

CALL = "forward(X, parameters)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three inputs, four hidden units, five examples: the probabilities A2."""
    check_output(reference, draw(rng, 3, 4, 5), student.forward)


def check_output(reference, case, forward):
    expected, _ = reference.forward(*case)
    actual, _ = unpack(forward(*case), ("A2", "cache"), call=CALL)
    check_close(expected, actual, name="A2")


def draw(rng, n_x, n_h, m, n_y=1):
    """Inputs, and parameters with non-zero biases that keep tanh and sigmoid unsaturated."""
    parameters = {
        "W1": rng.normal(size=(n_h, n_x)) / n_x**0.5,
        "b1": rng.normal(size=(n_h, 1)) / 2,
        "W2": rng.normal(size=(n_y, n_h)) / n_h**0.5,
        "b2": rng.normal(size=(n_y, 1)) / 2,
    }
    return np.asarray(rng.normal(size=(n_x, m))), parameters
