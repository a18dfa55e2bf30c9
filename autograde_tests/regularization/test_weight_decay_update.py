"""weight_decay_update: (1 - αλ/m) W - α dW."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("weight_decay_update")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, three inputs, a learning rate of 0.3, λ = 0.7 and five examples."""
    W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
    dW = np.array([[0.3, -0.2, 0.9], [-1.1, 0.4, 0.6]])

    check(student, reference, [(W, dW, 0.3, 0.7, 5)])


@pytest.mark.points(1.5)
def test_all_shapes(student, reference, rng):
    """Wide, tall, square and single-unit layers, with other α, λ and m."""
    shapes = ((2, 5), (6, 3), (4, 4), (1, 7))
    cases = [
        (*rng.normal(size=(2, *shape)), 0.1 + rng.random(), 0.1 + rng.random(), 8 + i) for i, shape in enumerate(shapes)
    ]

    check(student, reference, cases)


@pytest.mark.points(0.5)
def test_lambda_and_m_count(student, reference, rng):
    """One layer: λ = 0 is a plain step, a larger λ shrinks more, a larger m less."""
    W, dW = rng.normal(size=(2, 3, 4))

    check(student, reference, [(W, dW, 0.4, lambd, m) for lambd, m in ((0.0, 6), (0.3, 6), (5.0, 6), (0.3, 60))])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("weight_decay_update", cases), strict=True):
        expected = reference.weight_decay_update(*case)
        check_close(expected, actual, name="weight_decay_update(W, dW, learning_rate, lambd, m)")
