"""activation_backward: dZ = dA * g'(Z), entry by entry."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("activation_backward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One matrix, both activations."""
    dA = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
    Z = np.array([[-2.0, 0.5, 0.25], [0.5, -1.0, 3.0]])

    check(student, reference, [(dA, Z, "relu"), (dA, Z, "sigmoid")])


@pytest.mark.points(1)
def test_relu_on_random_matrices(student, reference, rng):
    """Several shapes; Z has both signs and no zeros, dA has nothing to do with Z."""
    check(student, reference, random_cases(rng, "relu"))


@pytest.mark.points(1)
def test_sigmoid_on_random_matrices(student, reference, rng):
    """Several shapes; Z and dA of both signs."""
    check(student, reference, random_cases(rng, "sigmoid"))


@pytest.mark.points(1)
def test_is_the_derivative_of_the_activation(student, reference, rng):
    """The result is dA times the slope of the activation, taken numerically."""
    for activation in ("relu", "sigmoid"):
        # Square, so that a matrix product in place of the product by entries gives a value, and can be named.
        Z, dA, eps = away_from_zero(rng, (4, 4)), away_from_zero(rng, (4, 4)), 1e-5
        above, _ = reference.activation_forward(Z + eps, activation)
        below, _ = reference.activation_forward(Z - eps, activation)

        actual = student.activation_backward(dA, Z, activation)

        # Central differences are exact to about 1e-10 here; 1e-6 leaves no doubt either way.
        check_close(dA * (above - below) / (2 * eps), actual, name=f"dZ with {activation}", rtol=1e-6, atol=1e-6)


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("activation_backward", cases), strict=True):
        check_close(reference.activation_backward(*case), actual, name=f"dZ with {case[-1]}")


def random_cases(rng, activation):
    return [(rng.normal(size=shape), away_from_zero(rng, shape), activation) for shape in ((3, 5), (1, 6), (4, 4))]


def away_from_zero(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 3.0, size=shape)
