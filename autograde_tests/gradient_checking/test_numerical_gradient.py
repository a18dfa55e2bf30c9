"""numerical_gradient: central differences of functions whose derivatives are known.

With a step of 1e-5 rounding moves a central difference by some 1e-10 relative to the values used here; the tests
allow 1e-7. A one-sided difference is wrong by about the step itself, 1e-5, and by far more with the large steps of
one test.
"""

import numpy as np
import pytest

from grader.checks import check_close, fail

pytestmark = pytest.mark.exercise("numerical_gradient")

CALL = "numerical_gradient(f, theta)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three parameters, f(theta) = 2 θ₀³ + θ₀ θ₁ − 5 θ₂² + θ₁ θ₂."""
    theta = rng.uniform(0.5, 2.0, size=3)

    check_close(reference.numerical_gradient(cubic, theta), student.numerical_gradient(cubic, theta), name=CALL)


@pytest.mark.points(2)
def test_known_derivatives(student, rng):
    """Functions of several lengths whose parameters enter together, so that one that is not put back shows."""
    for n in (1, 4, 7):
        theta, weights = rng.uniform(0.5, 1.5, size=n), rng.uniform(1.0, 2.0, size=n)

        def f(t, weights=weights):
            return float(np.exp(0.3 * np.sum(weights * t)) + np.sum(weights * t**3))

        expected = 0.3 * weights * np.exp(0.3 * weights @ theta) + 3 * weights * theta**2
        check_close(expected, student.numerical_gradient(f, theta), name=CALL, rtol=1e-7, atol=1e-7)


@pytest.mark.points(1)
def test_uses_the_step_that_it_is_given(student, rng):
    """With a large step the central difference of a cubic is off by exactly the square of the step."""
    theta = rng.uniform(0.5, 1.5, size=3)

    for epsilon in (0.5, 0.1):
        actual = student.numerical_gradient(sum_of_cubes, theta, epsilon)
        check_close(3 * theta**2 + epsilon**2, actual, name="numerical_gradient(f, theta, epsilon)")


@pytest.mark.points(1)
def test_works_for_integers(student, rng):
    """theta as an array of integers."""
    theta = rng.integers(1, 5, size=4)

    check_close(3.0 * theta**2, student.numerical_gradient(sum_of_cubes, theta), name=CALL, rtol=1e-7, atol=1e-7)


@pytest.mark.points(1)
def test_leaves_theta_as_it_is(student, rng):
    """theta is afterwards as it was before."""
    student.numerical_gradient(sum_of_cubes, rng.uniform(0.5, 1.5, size=3))

    if 1 in student.last_changed:
        fail(
            "theta_changed",
            rationale="theta is not what it was before: your function changes it and does not put it back.",
            help="Work on a copy (theta = theta.copy()), or add a vector that is epsilon in one place and 0 elsewhere.",
        )


def cubic(theta):
    return float(2 * theta[0] ** 3 + theta[0] * theta[1] - 5 * theta[2] ** 2 + theta[1] * theta[2])


def sum_of_cubes(theta):
    return float(np.sum(np.asarray(theta) ** 3))
