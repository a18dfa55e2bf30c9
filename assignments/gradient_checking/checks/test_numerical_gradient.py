"""numerical_gradient: central differences of functions whose derivatives are known.

With a step of 1e-5 rounding moves a central difference by some 1e-10 relative to the values used here; the tests
allow 1e-7. A one-sided difference is wrong by about the step itself, 1e-5, and by far more with the large steps of
one test.
"""

import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("numerical_gradient")

CALL = "numerical_gradient(f, theta)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three parameters, f(theta) = 2 θ₀³ + θ₀ θ₁ − 5 θ₂² + θ₁ θ₂."""
    theta = rng.uniform(0.5, 2.0, size=3)

    check_close(reference.numerical_gradient(cubic, theta), student.numerical_gradient(cubic, theta), name=CALL)


def cubic(theta):
    return float(2 * theta[0] ** 3 + theta[0] * theta[1] - 5 * theta[2] ** 2 + theta[1] * theta[2])
