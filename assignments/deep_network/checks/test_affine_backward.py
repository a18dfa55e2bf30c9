"""affine_backward: dA_prev, dW and db from dZ and the cache."""

import pytest
from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("affine_backward")

NAMES = ("dA_prev", "dW", "db")

CALL = "affine_backward(dZ, affine_cache)"


@pytest.mark.points(2)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, five examples."""
    dZ, cache = draw(reference, rng, 2, 3, 5)

    check(reference.affine_backward(dZ, cache), student.affine_backward(dZ, cache))


def check(expected, actual):
    for name, wanted, found in zip(NAMES, expected, unpack(actual, NAMES, call=CALL), strict=True):
        check_close(wanted, found, name=name)


def draw(reference, rng, n, n_prev, m):
    _, cache = reference.affine_forward(
        rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
    )
    return rng.normal(size=(n, m)), cache
