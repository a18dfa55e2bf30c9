"""wrong_gradients: the names of those gradients that are wrong, and of no others."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("wrong_gradients")

CALL = "wrong_gradients(f, grads, parameters)"

SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_names_the_one_that_is_wrong(student, rng):
    """A network with two layers, in which dW2 has the wrong sign."""
    parameters, grads = draw(rng)
    grads["dW2"] = -grads["dW2"]

    check_names(["dW2"], student.wrong_gradients(cost, grads, parameters))


def check_names(expected, actual):
    """`actual` as a list of names, in any sequence type."""
    check_close(expected, actual, name=CALL)


def draw(rng):
    """Parameters away from 0, and the right gradients of `cost`."""
    parameters = {name: rng.uniform(0.5, 1.5, size=shape) for name, shape in SHAPES.items()}
    W1, b1, W2, b2 = parameters.values()
    last = W2 @ (W1.sum(axis=1, keepdims=True) + b1**2) + b2
    d_hidden = last * W2.T
    grads = {
        "dW1": np.repeat(d_hidden, 3, axis=1) + 3 * W1**2,
        "db1": 2 * b1 * d_hidden,
        "dW2": last * (W1.sum(axis=1, keepdims=True) + b1**2).T,
        "db2": last,
    }
    return parameters, grads


def cost(parameters):
    """A smooth function of all parameters together, small enough to derive by hand."""
    W1, b1, W2, b2 = (np.asarray(parameters[name]) for name in ("W1", "b1", "W2", "b2"))
    last = W2 @ (W1.sum(axis=1, keepdims=True) + b1**2) + b2
    return float(0.5 * np.sum(last**2) + np.sum(W1**3))
