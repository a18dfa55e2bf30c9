"""layer_forward: linear half and activation in one step."""

import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("layer_forward")

CALL = "layer_forward(A_prev, W, b, activation)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, four examples, both activations."""
    for activation in ("relu", "sigmoid"):
        check_activations(reference, student, (*draw(rng, 2, 3, 4), activation))


def check_activations(reference, student, arguments):
    expected, _ = reference.layer_forward(*arguments)
    actual, _ = unpack(student.layer_forward(*arguments), ("A", "cache"), call=CALL)
    check_close(expected, actual, name=f"A with {arguments[-1]}")


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
