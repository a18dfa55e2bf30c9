"""relative_error: Euclidean distance over the sum of both lengths."""

import numpy as np
import pytest

from grader.checks import check_close, check_scalar

pytestmark = pytest.mark.exercise("relative_error")

CALL = "relative_error(a, b)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two vectors of four entries."""
    a, b = rng.normal(size=(2, 4))

    check_close(reference.relative_error(a, b), student.relative_error(a, b), name=CALL)


@pytest.mark.points(1)
def test_near_and_far_vectors(student, reference, rng):
    """Vectors that are nearly equal, opposite, of different lengths, and one of them zero."""
    a = rng.normal(size=6)
    cases = [(a, a * (1 + 1e-4)), (a, -a), (a, 100 * rng.normal(size=6)), (a, np.zeros(6)), (1e-3 * a, 2e-3 * a)]

    for case, actual in zip(cases, student.map("relative_error", cases), strict=True):
        check_close(reference.relative_error(*case), actual, name=CALL, rtol=1e-6)


@pytest.mark.points(1)
def test_two_zero_vectors_are_equal(student):
    """0 / 0 is to be 0 here."""
    check_close(0.0, check_scalar(student.relative_error(np.zeros(3), np.zeros(3)), name=CALL), name=CALL)
