"""layer_backward: backward through the activation, then through the linear half."""

import pytest
from grader.checks import away_from_kinks, check_close, unpack

pytestmark = pytest.mark.exercise("layer_backward")

NAMES = ("dA_prev", "dW", "db")

CALL = "layer_backward(dA, layer_cache, activation)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, five examples, both activations."""
    for activation in ("relu", "sigmoid"):
        check(student, reference, rng, (2, 3, 5), activation)


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
