"""affine_forward: Z = W A_prev + b, and the cache."""

import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("affine_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, four examples."""
    arguments = draw(rng, 2, 3, 4)

    check(reference.affine_forward(*arguments), student.affine_forward(*arguments))


def check(expected, actual):
    Z, _ = unpack(actual, ("Z", "cache"), call="affine_forward(A_prev, W, b)")
    check_close(expected[0], Z, name="Z")


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
