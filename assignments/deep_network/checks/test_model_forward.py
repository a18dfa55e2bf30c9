"""model_forward: relu in every hidden layer, sigmoid in the last one."""

import itertools
import numpy as np
import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("model_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and five examples."""
    check_output(student, reference, *draw(rng, [3, 4, 1], 5))


def check_output(student, reference, X, parameters):
    expected, _ = reference.model_forward(X, parameters)
    actual, _ = unpack(student.model_forward(X, parameters), ("AL", "caches"), call="model_forward(X, parameters)")
    check_close(expected, actual, name="AL")


def draw(rng, layer_dims, m):
    """Inputs and parameters; every unit is on for some examples and off for others.

    So no layer is dead, the sigmoid is not saturated, and relu in place of it gives more than zeros.
    """
    X = A = rng.normal(size=(layer_dims[0], m))
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = rng.normal(size=(n, n_prev)) / n_prev**0.5
        b = -np.mean(W @ A, axis=1, keepdims=True)
        A = np.maximum(0, W @ A + b)
        parameters |= {f"W{layer}": W, f"b{layer}": b}
    return X, parameters
