"""gradient_check: the error, and whether it is below the threshold.

The error of a right gradient is rounding, about 1e-10, so only its size is judged; that of a wrong one is compared.
"""

import numpy as np
import pytest

from grader.checks import check_close, check_scalar, fail, unpack

pytestmark = pytest.mark.exercise("gradient_check")

CALL = "gradient_check(f, gradient, theta)"
ROUNDING = 1e-8


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_a_wrong_gradient_is_found(student, reference, rng):
    """A gradient without its factor 3."""
    theta = rng.uniform(0.5, 1.5, size=4)

    check_verdict(
        reference.gradient_check(sum_of_cubes, theta**2, theta), student.gradient_check(sum_of_cubes, theta**2, theta)
    )


@pytest.mark.points(1)
def test_a_right_gradient_passes(student, rng):
    """The derivative of a sum of cubes, for several lengths."""
    for n in (1, 3, 6):
        theta = rng.uniform(0.5, 1.5, size=n)
        error, passed = verdict(student.gradient_check(sum_of_cubes, 3 * theta**2, theta))
        if not error < ROUNDING:
            fail(
                "right_gradient_has_an_error",
                rationale="The error of a right gradient is not near 0.",
                help="It is the relative error between numerical_gradient(f, theta, epsilon) and the gradient given.",
            )
        check_close(True, passed, name="passed")


@pytest.mark.points(1)
def test_uses_the_threshold_that_it_is_given(student, reference, rng):
    """A gradient that is wrong by 0.1 % passes a coarse threshold and no fine one."""
    theta = rng.uniform(0.5, 1.5, size=5)
    gradient = 3 * theta**2 * 1.001

    # Both calls are made before either is judged: one alone would not tell a wrong threshold from a reversed one.
    cases = [(sum_of_cubes, gradient, theta, 1e-5, threshold) for threshold in (1e-2, 1e-5)]
    for case, actual in zip(cases, student.map("gradient_check", cases), strict=True):
        check_verdict(reference.gradient_check(*case), actual)


@pytest.mark.points(1)
def test_uses_the_step_that_it_is_given(student, reference, rng):
    """With a large step even a right gradient differs from the numerical one."""
    theta = rng.uniform(0.5, 1.5, size=3)

    expected = reference.gradient_check(sum_of_cubes, 3 * theta**2, theta, 0.3)
    check_verdict(expected, student.gradient_check(sum_of_cubes, 3 * theta**2, theta, 0.3))


def check_verdict(expected, actual):
    error, passed = verdict(actual)
    check_close(expected[0], error, name="error", rtol=1e-5)
    check_close(expected[1], passed, name="passed")


def verdict(actual):
    error, passed = unpack(actual, ("error", "passed"), call=CALL)
    return check_scalar(error, name="error"), check_scalar(passed, name="passed")


def sum_of_cubes(theta):
    return float(np.sum(np.asarray(theta) ** 3))
