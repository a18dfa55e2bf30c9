"""cross_entropy_cost: the mean over the examples, one number, finite where A is exactly 0 or 1."""

import numpy as np
import pytest

from grader.checks import check_close, check_finite, check_scalar, check_vectorized, fail

pytestmark = pytest.mark.exercise("cross_entropy_cost")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three examples with labels 1, 0, 1."""
    A, Y = np.array([[0.8, 0.3, 0.4]]), np.array([[1.0, 0.0, 1.0]])

    check(student, reference, [(A, Y)])


@pytest.mark.points(1)
def test_mixed_labels(student, reference, rng):
    """Random probabilities and labels of both kinds, in several numbers of examples."""
    check(student, reference, [(probabilities(rng, m), labels(rng, m)) for m in (2, 5, 12, 40)])


@pytest.mark.points(1)
def test_only_ones_and_only_zeros(student, reference, rng):
    """Where all labels are equal, only one of the two terms is left."""
    # Mixed labels as well: with labels of one kind, a sum and the pairs of all examples are the same number.
    check(student, reference, [(probabilities(rng, 7), Y) for Y in (np.ones((1, 7)), np.zeros((1, 7)), labels(rng, 7))])


@pytest.mark.points(1)
def test_labels_of_whole_numbers(student, reference, rng):
    """Labels come as integers, too."""
    check(student, reference, [(probabilities(rng, 9), labels(rng, 9).astype(int))])


@pytest.mark.points(1)
def test_finite_where_a_probability_is_exactly_0_or_1(student, reference, rng):
    """Certain and right costs nothing; certain and wrong costs much, and is finite.

    How much is free, as long as it is more than a probability of 1 in 1000 for the right answer costs; an epsilon of
    1e-8 gives more than twice as much. One wrong answer at a time: two of the largest numbers have an infinite sum.
    """
    A, Y = probabilities(rng, 8), labels(rng, 8)
    right, unsure = A.copy(), A.copy()
    one, zero = (int(rng.choice(np.flatnonzero(Y[0] == label))) for label in (1, 0))
    right[0, one], right[0, zero] = 1.0, 0.0
    wrong_one, wrong_zero = A.copy(), A.copy()
    wrong_one[0, one], wrong_zero[0, zero] = 0.0, 1.0

    # The unsaturated case is there to tell what is wrong from what is only not finite.
    cases = [(one_case, Y) for one_case in (right, wrong_one, wrong_zero, unsure)]
    costs = student.map("cross_entropy_cost", cases)

    check_close(reference.cross_entropy_cost(right, Y), costs[0], name="the cost", kind="cost")
    for certain, index, cost in ((wrong_one, one, costs[1]), (wrong_zero, zero, costs[2])):
        check_finite(cost, name="the cost")
        almost = certain.copy()
        almost[0, index] = abs(almost[0, index] - 1e-3)
        if not check_scalar(cost, name="the cost") > reference.cross_entropy_cost(almost, Y):
            fail(
                "certain_and_wrong_is_cheap",
                rationale="An answer that is certain and wrong costs less than one that is almost certain and wrong.",
                help="Do not leave examples out where A is 0 or 1: move A a little away from both, "
                "np.clip(A, 1e-15, 1 - 1e-15), and take the logarithm of that.",
            )


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand: the result is right, and Python works no more."""
    few, many = ((probabilities(rng, m), labels(rng, m)) for m in (10, 1000))

    check(student, reference, [few])
    check_vectorized(student, "cross_entropy_cost", few, many, examples=(10, 1000))


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, cost in zip(cases, student.map("cross_entropy_cost", cases), strict=True):
        check_close(reference.cross_entropy_cost(*case), cost, name="the cost", kind="cost")


def probabilities(rng, m):
    return rng.uniform(0.05, 0.95, size=(1, m))


def labels(rng, m):
    """Zeros and ones in random order, at least one of each."""
    return rng.permutation(np.arange(m) % 3 == 0).astype(float)[np.newaxis]
