"""l1_gradient: dW + λ/(2m) sign(W)."""

import numpy as np
import pytest

from grader.checks import check_close, numerical_gradient

pytestmark = pytest.mark.exercise("l1_gradient")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, three inputs, λ = 0.7 and five examples."""
    dW = np.array([[0.3, -0.2, 0.9], [-1.1, 0.4, 0.6]])
    W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])

    check(student, reference, [(dW, W, 0.7, 5)])


@pytest.mark.points(1)
def test_all_shapes(student, reference, rng):
    """Wide, tall, square and single-unit layers, with other λ and m."""
    shapes = ((2, 5), (6, 3), (4, 4), (1, 7))

    check(student, reference, [(*draw(rng, shape), 0.1 + rng.random(), 8 + i) for i, shape in enumerate(shapes)])


@pytest.mark.points(0.5)
def test_lambda_and_m_count(student, reference, rng):
    """One layer: λ = 0 leaves dW as it is, a larger λ adds more, a larger m less."""
    dW, W = draw(rng, (3, 4))

    check(student, reference, [(dW, W, lambd, m) for lambd, m in ((0.0, 6), (0.3, 6), (5.0, 6), (0.3, 60))])


@pytest.mark.points(0.5)
def test_adds_the_derivative_of_the_penalty(student, reference, rng):
    """What is added to dW is the slope of λ/(2m) Σ |w|, taken numerically."""
    dW, W = draw(rng, (3, 5))
    lambd, m = 0.5 + rng.random(), 6
    slope = numerical_gradient(lambda shifted: reference.l1_penalty({"W1": shifted}, lambd, m), W)

    # No weight is within the step of 0, so central differences are exact up to rounding, some 1e-11 here.
    actual = student.l1_gradient(dW, W, lambd, m)

    check_close(dW + slope, actual, name="l1_gradient(dW, W, lambd, m)", rtol=1e-6, atol=1e-6)


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("l1_gradient", cases), strict=True):
        check_close(reference.l1_gradient(*case), actual, name="l1_gradient(dW, W, lambd, m)")


def draw(rng, shape):
    """A gradient and weights; no weight is near 0."""
    return rng.normal(size=shape), rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.2, 2.0, size=shape)
