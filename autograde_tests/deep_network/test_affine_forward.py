"""affine_forward: Z = W A_prev + b, and the cache."""

import pytest

from grader.checks import advise_vectorized, check_close, unpack

pytestmark = pytest.mark.exercise("affine_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, four examples."""
    arguments = draw(rng, 2, 3, 4)

    check(reference.affine_forward(*arguments), student.affine_forward(*arguments))


@pytest.mark.points(1)
def test_all_shapes(student, reference, rng):
    """Square, wide, tall and tiny layers."""
    square = draw(rng, 4, 4, 4)
    check(reference.affine_forward(*square), student.affine_forward(*square))
    sizes = [(5, 3, 7), (1, 6, 4), (3, 1, 2), (2, 5, 1)]
    cases = [draw(rng, *size) for size in sizes]

    for arguments, actual in zip(cases, student.map("affine_forward", cases), strict=True):
        check(reference.affine_forward(*arguments), actual)
    advise_vectorized(student, "affine_forward", draw(rng, 2, 3, 5), draw(rng, 2, 3, 105), examples=(5, 105))


@pytest.mark.points(1)
def test_the_cache_holds_the_arguments(student, rng):
    """The cache is (A_prev, W, b), in this order."""
    A_prev, W, b = draw(rng, 3, 5, 4)

    _, cache = unpack(student.affine_forward(A_prev, W, b), ("Z", "cache"), call="affine_forward(A_prev, W, b)")

    found = unpack(cache, ("A_prev", "W", "b"), call="the cache of affine_forward")
    for name, expected, actual in zip(("A_prev", "W", "b"), (A_prev, W, b), found, strict=True):
        check_close(expected, actual, name=f"{name} in the cache")


def check(expected, actual):
    Z, _ = unpack(actual, ("Z", "cache"), call="affine_forward(A_prev, W, b)")
    check_close(expected[0], Z, name="Z")


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
