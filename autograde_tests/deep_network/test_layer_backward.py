"""layer_backward: backward through the activation, then through the linear half."""

import numpy as np
import pytest

from grader.checks import away_from_kinks, check_close, check_gradient, unpack

pytestmark = pytest.mark.exercise("layer_backward")

NAMES = ("dA_prev", "dW", "db")
CALL = "layer_backward(dA, layer_cache, activation)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, five examples, both activations."""
    for activation in ("relu", "sigmoid"):
        check(student, reference, rng, (2, 3, 5), activation)


@pytest.mark.points(1)
def test_all_shapes(student, reference, rng):
    """Wide, tall and square layers."""
    for size in ((5, 3, 7), (1, 6, 4), (4, 4, 4)):
        for activation in ("relu", "sigmoid"):
            check(student, reference, rng, size, activation)


@pytest.mark.points(1)
def test_is_the_gradient_of_a_cost(student, reference, rng):
    """dW and db agree with the numerical gradient of a mean over the examples."""
    n, n_prev, m = 2, 3, 6
    A_prev, W, b = away_from_kinks(
        lambda: draw(rng, n, n_prev, m), lambda drawn: reference.affine_forward(*drawn)[0], margin=1e-2
    )
    weights = rng.normal(size=(n, m))  # the cost of an example is a weighted sum of its activations
    for activation in ("relu", "sigmoid"):

        def cost(theta, activation=activation):
            return np.sum(weights * reference.layer_forward(A_prev, theta["dW"], theta["db"], activation)[0]) / m

        _, cache = reference.layer_forward(A_prev, W, b, activation)
        _, dW, db = unpack(student.layer_backward(weights, cache, activation), NAMES, call=CALL)

        check_gradient(cost, {"dW": W, "db": b}, {"dW": dW, "db": db}, rng=rng)


def check(student, reference, rng, size, activation):
    arguments = away_from_kinks(lambda: draw(rng, *size), lambda drawn: reference.affine_forward(*drawn)[0])
    _, cache = reference.layer_forward(*arguments, activation)
    dA = rng.normal(size=(size[0], size[2]))
    expected = reference.layer_backward(dA, cache, activation)
    actual = unpack(student.layer_backward(dA, cache, activation), NAMES, call=CALL)
    for name, wanted, found in zip(NAMES, expected, actual, strict=True):
        check_close(wanted, found, name=f"{name} with {activation}", kind="gradient")


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
