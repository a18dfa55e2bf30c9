"""dropout_backward: dA * mask / keep_prob."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, fail, numerical_gradient

pytestmark = pytest.mark.exercise("dropout_backward")

CALL = "dropout_backward(dA, mask, keep_prob)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two units, four examples, keep_prob = 0.8 and 0.25."""
    dA = np.array([[1.0, -2.0, 3.0, 0.5], [0.25, 4.0, -1.0, -0.75]])
    mask = np.array([[True, True, False, True], [False, True, True, False]])

    check(student, reference, [(dA, mask, 0.8), (dA, mask, 0.25)])


@pytest.mark.points(1.5)
def test_all_shapes(student, reference, rng):
    """Wide, tall, square and single-unit layers, with masks of a forward step."""
    shapes = ((2, 9), (8, 3), (5, 5), (1, 12))

    check(
        student,
        reference,
        [draw(reference, rng, *case) for case in zip(shapes, (0.8, 0.25, 0.6, 0.9), strict=True)],
    )


@pytest.mark.points(0.5)
def test_stops_where_the_forward_step_dropped(student, reference, rng):
    """The gradient is 0 exactly where the mask is False."""
    dA, mask, keep_prob = draw(reference, rng, (20, 15), 0.6)

    actual = check_array(student.dropout_backward(dA, mask, keep_prob), shape=dA.shape, name=CALL)

    if not np.array_equal(actual != 0, mask):
        fail(
            "other_entries_than_in_forward",
            rationale="The gradient goes through other entries than the forward step kept.",
            help="Use the mask that is passed in; draw no new one.",
        )


@pytest.mark.points(1)
def test_is_the_derivative_of_the_forward_step(student, reference, rng):
    """The result is the slope of a weighted sum of A_dropped, taken numerically with the mask held fixed."""
    for shape, keep_prob in (((4, 5), 0.25), ((3, 6), 0.8)):
        dA, mask, keep_prob = draw(reference, rng, shape, keep_prob)
        A = rng.normal(size=shape)
        slope = numerical_gradient(
            lambda a, dA=dA, mask=mask, p=keep_prob: float(np.sum(dA * np.where(mask, a / p, 0.0))), A
        )

        # The sum is linear, so the difference is exact up to rounding, some 1e-10 here.
        check_close(slope, student.dropout_backward(dA, mask, keep_prob), name=CALL, rtol=1e-6, atol=1e-6)


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("dropout_backward", cases), strict=True):
        check_close(reference.dropout_backward(*case), actual, name=CALL)


def draw(reference, rng, shape, keep_prob):
    """A gradient, and a mask that keeps some entries and drops others."""
    while True:
        _, mask = reference.dropout_forward(rng.normal(size=shape), keep_prob, rng)
        if 0 < mask.sum() < mask.size:
            return rng.normal(size=shape), mask, keep_prob
