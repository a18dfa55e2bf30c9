"""activation_forward: relu and sigmoid, and the cache Z."""

import numpy as np
import pytest

from grader.checks import check_close, check_raises, unpack

pytestmark = pytest.mark.exercise("activation_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One matrix through both activations."""
    Z = np.array([[-2.0, -0.5, 0.25], [0.5, 1.0, 3.0]])

    check(reference, student, [(Z, "relu"), (Z, "sigmoid")])


@pytest.mark.points(1)
def test_random_matrices(student, reference, rng):
    """Matrices of several shapes with entries of both signs."""
    shapes = ((3, 5), (1, 4), (6, 1))
    check(
        reference, student, [(away_from_zero(rng, s), activation) for s in shapes for activation in ("relu", "sigmoid")]
    )


@pytest.mark.points(0.5)
def test_the_cache_is_z(student, rng):
    """The cache is Z as it came in."""
    Z = away_from_zero(rng, (3, 4))

    for activation in ("relu", "sigmoid"):
        call = f"activation_forward(Z, {activation!r})"
        _, cache = unpack(student.activation_forward(Z, activation), ("A", "Z"), call=call)
        check_close(Z, cache, name=f"the cache of {call}")


@pytest.mark.points(0.5)
def test_other_names_are_refused(student, rng):
    """Any other activation raises ValueError."""
    Z = away_from_zero(rng, (2, 3))

    check_raises(lambda: student.activation_forward(Z, "swish"), "ValueError", name='activation_forward(Z, "swish")')


def check(reference, student, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for (Z, activation), actual in zip(cases, student.map("activation_forward", cases), strict=True):
        expected, _ = reference.activation_forward(Z, activation)
        call = f"activation_forward(Z, {activation!r})"
        A, _ = unpack(actual, ("A", "Z"), call=call)
        check_close(expected, A, name=f"A of {call}")


def away_from_zero(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 3.0, size=shape)
