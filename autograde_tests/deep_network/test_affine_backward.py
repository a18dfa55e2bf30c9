"""affine_backward: dA_prev, dW and db from dZ and the cache."""

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_close, check_gradient, unpack

pytestmark = pytest.mark.exercise("affine_backward")

NAMES = ("dA_prev", "dW", "db")
CALL = "affine_backward(dZ, affine_cache)"


@pytest.mark.points(2)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, five examples."""
    dZ, cache = draw(reference, rng, 2, 3, 5)

    check(reference.affine_backward(dZ, cache), student.affine_backward(dZ, cache))


@pytest.mark.points(2)
def test_all_shapes(student, reference, rng):
    """Square, wide, tall and single-unit layers, with different numbers of examples."""
    # The square layer comes first: elsewhere a wrong product raises, and could not be told what is wrong.
    square = draw(reference, rng, 4, 4, 4)
    check(reference.affine_backward(*square), student.affine_backward(*square))
    sizes = [(5, 3, 7), (1, 6, 4), (3, 2, 9), (6, 1, 2)]
    cases = [draw(reference, rng, *size) for size in sizes]

    for case, actual in zip(cases, student.map("affine_backward", cases), strict=True):
        check(reference.affine_backward(*case), actual)
    few, many = (draw(reference, rng, 2, 3, m) for m in (5, 105))
    advise_vectorized(student, "affine_backward", few, many, examples=(5, 105))


@pytest.mark.points(2)
def test_is_the_gradient_of_a_cost(student, rng):
    """dW and db agree with the numerical gradient of a mean over the examples."""
    n, n_prev, m = 3, 2, 6
    A_prev, W, b = rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
    target = rng.normal(size=(n, m))

    def cost(theta):
        return 0.5 * np.sum((theta["dW"] @ A_prev + theta["db"] - target) ** 2) / m

    dZ = W @ A_prev + b - target
    _, dW, db = unpack(student.affine_backward(dZ, (A_prev, W, b)), NAMES, call=CALL)

    check_gradient(cost, {"dW": W, "db": b}, {"dW": dW, "db": db}, rng=rng)


def check(expected, actual):
    for name, wanted, found in zip(NAMES, expected, unpack(actual, NAMES, call=CALL), strict=True):
        check_close(wanted, found, name=name)


def draw(reference, rng, n, n_prev, m):
    _, cache = reference.affine_forward(
        rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
    )
    return rng.normal(size=(n, m)), cache
