"""gradient_check: the error, and whether it is below the threshold.

The error of a right gradient is rounding, about 1e-10, so only its size is judged; that of a wrong one is compared.
"""

import numpy as np
import pytest
from grader.checks import check_close, check_scalar, unpack

pytestmark = pytest.mark.exercise("gradient_check")

CALL = "gradient_check(f, gradient, theta)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_a_wrong_gradient_is_found(student, reference, rng):
    """A gradient without its factor 3."""
    theta = rng.uniform(0.5, 1.5, size=4)

    check_verdict(
        reference.gradient_check(sum_of_cubes, theta**2, theta), student.gradient_check(sum_of_cubes, theta**2, theta)
    )


def check_verdict(expected, actual):
    error, passed = verdict(actual)
    check_close(expected[0], error, name="error", rtol=1e-5)
    check_close(expected[1], passed, name="passed")


def verdict(actual):
    error, passed = unpack(actual, ("error", "passed"), call=CALL)
    return check_scalar(error, name="error"), check_scalar(passed, name="passed")


def sum_of_cubes(theta):
    return float(np.sum(np.asarray(theta) ** 3))
