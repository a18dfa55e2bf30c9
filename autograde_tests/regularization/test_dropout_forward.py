"""dropout_forward: keep every entry with probability keep_prob, and divide what is kept by it.

How the mask is drawn is free. So values are compared with what follows from the mask that came back, and the mask
itself is judged by its statistics.
"""

import numpy as np
import pytest

from grader.checks import (
    advise,
    check_array,
    check_binary,
    check_changes,
    check_close,
    check_deterministic,
    check_kept_fraction,
    fail,
    illustrate,
    is_close,
    kept_fraction,
    unpack,
)
from grader.model import Feedback

pytestmark = pytest.mark.exercise("dropout_forward")


@pytest.mark.points(0.5)
@pytest.mark.visibility("visible")
def test_small_example(student, rng):
    """Three units, four examples: what is kept is divided by keep_prob, what is not is 0."""
    A = rng.normal(size=(3, 4))
    cases = [(A, 0.8, np.random.default_rng(1)), (A, 0.25, np.random.default_rng(2))]

    for case, actual in zip(cases, student.map("dropout_forward", cases), strict=True):
        check_dropped(A, case[1], actual)


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_keeps_the_right_share_of_100_entries(student):
    """With keep_prob = 0.1 some 10 of 100 entries are kept; fewer than 35 in any case (false alarms: below 1e-8).

    By Chernoff's bound 35 or more happen with a probability of at most exp(-100 KL(0.35, 0.1)) = 2e-10, and none at all
    with 0.9^100 = 3e-5, which is why there is no lower limit.
    """
    A = np.ones((20, 5))

    mask = check_dropped(A, 0.1, student.dropout_forward(A, 0.1, np.random.default_rng(3)))

    with illustrate(kept_fraction, mask, 0.1, low=0.0, high=0.34):
        if mask.sum() >= 35:
            fail(
                "too_many_kept",
                rationale=f"{mask.sum():.0f} of 100 entries are kept; with keep_prob = 0.1 it should be about 10.",
                help="Keep where a uniform number is below keep_prob: rng.random(A.shape) < keep_prob.",
            )


@pytest.mark.points(1.5)
def test_follows_from_the_mask(student, rng):
    """Wide, tall, square and single-unit layers, with several probabilities."""
    shapes = ((2, 9), (8, 3), (5, 5), (1, 12))
    cases = [
        (rng.normal(size=shape), p, generator(rng)) for shape, p in zip(shapes, (0.8, 0.25, 0.6, 0.9), strict=True)
    ]

    for case, actual in zip(cases, student.map("dropout_forward", cases), strict=True):
        check_dropped(case[0], case[1], actual)


@pytest.mark.points(1.5)
def test_keeps_the_right_share(student, rng):
    """The kept share of 3,000 entries is keep_prob, for 0.8, 0.5 and 0.25 (false alarms: 3e-7)."""
    cases = [(rng.normal(size=(50, 60)), keep_prob, generator(rng)) for keep_prob in (0.8, 0.5, 0.25)]

    for case, actual in zip(cases, student.map("dropout_forward", cases), strict=True):
        mask = check_dropped(case[0], case[1], actual)
        check_kept_fraction(mask, case[1], name="the entries")


@pytest.mark.points(1)
def test_every_entry_is_drawn_by_itself(student, rng):
    """Units and examples do not share their fate, and their number is left to chance (false alarms: below 1e-7).

    The counts of kept entries in 60 rows, and in 80 columns, have a mean squared deviation that is near 1 in units of
    that of fair coins. Whole rows or columns that share a fate make it as large as they are long, a fixed number in
    each makes it 0. It leaves [0.2, 3] with a probability below 3e-11 (Chernoff's bound for the sum of the squares). A
    fixed number in the whole array shows in nine small arrays that all keep equally many of 180 entries, which happens
    by chance with a probability of 5e-11.
    """
    cases = [(rng.normal(size=(60, 80)), 0.5, generator(rng))]
    cases += [(rng.normal(size=(12, 15)), 0.5, generator(rng)) for _ in range(9)]

    results = student.map("dropout_forward", cases)
    large, *small = [check_dropped(case[0], case[1], actual) for case, actual in zip(cases, results, strict=True)]

    ratios = {"unit": dispersion(large.sum(axis=1), 80), "example": dispersion(large.sum(axis=0), 60)}
    line = max(ratios, key=lambda one: ratios[one])
    if ratios[line] > 3:
        across = {"unit": "examples", "example": "units"}[line]
        fail(
            "entries_share_their_fate",
            rationale=f"The mask keeps and drops whole lines: all {across} of one {line} share their fate.",
            help="Draw one random number for every entry: rng.random(A.shape).",
        )
    line = min(ratios, key=lambda one: ratios[one])
    if ratios[line] < 0.2:
        fail_for_fixed_number(f"for every {line}")
    if len({int(mask.sum()) for mask in small}) == 1:
        fail_for_fixed_number("in every call")


@pytest.mark.points(0.5)
def test_keep_prob_one_drops_nothing(student, rng):
    """With keep_prob = 1 everything is kept, and A comes back."""
    A = rng.normal(size=(12, 10))

    mask = check_dropped(A, 1.0, student.dropout_forward(A, 1.0, generator(rng)))

    if not mask.all():
        fail(
            "drops_although_all_is_kept",
            rationale="With keep_prob = 1 some entries are dropped.",
            help="A number drawn uniformly from [0, 1) is always below 1: rng.random(A.shape) < keep_prob.",
        )


@pytest.mark.points(1)
def test_randomness_comes_from_rng_alone(student, rng):
    """The same state of rng gives the same mask, another one gives another (false alarms: 2^-120)."""
    A = rng.normal(size=(12, 10))

    first = check_deterministic(
        lambda: student.dropout_forward(A, 0.5, np.random.default_rng(5)), name="dropout_forward"
    )
    other = student.dropout_forward(A, 0.5, np.random.default_rng(6))

    check_changes([check_dropped(A, 0.5, result) for result in (first, other)], name="mask", argument="rng")


def check_dropped(A, keep_prob, actual):
    """The mask of a result, after the check that A_dropped follows from it."""
    call = "dropout_forward(A, keep_prob, rng)"
    A_dropped, mask = unpack(actual, ("A_dropped", "mask"), call=call)
    check_array(A_dropped, shape=A.shape, name="A_dropped")
    kept = check_binary(mask, A.shape, name="mask")
    if not (isinstance(mask, np.ndarray) and mask.dtype.kind == "b"):
        advise(Feedback("mask_not_boolean", "mask is not boolean.", "A comparison such as u < keep_prob gives one."))
    if is_close(A * kept / keep_prob, A_dropped):
        return kept
    for key, factor, what in (
        ("kept_not_scaled", kept, "What is kept is A itself: it is not divided by keep_prob."),
        ("kept_multiplied", kept * keep_prob, "What is kept is multiplied by keep_prob; it should be divided."),
        (
            "kept_divided_by_drop_probability",
            kept / ((1 - keep_prob) or np.nan),
            "What is kept is divided by 1 - keep_prob.",
        ),
        ("mask_exchanged", (1 - kept) / keep_prob, "mask is True where A_dropped is 0: it marks what is dropped."),
    ):
        if is_close(A * factor, A_dropped):
            fail(key, rationale=what, help="A_dropped = A * mask / keep_prob, with mask True where A is kept.")
    check_close(A * kept / keep_prob, A_dropped, name="A_dropped")
    return kept


def dispersion(counts, length):
    """The mean squared deviation of counts of kept entries, in units of that of `length` fair coins."""
    return float(np.mean((counts - length / 2) ** 2)) / (length / 4)


def fail_for_fixed_number(where):
    fail(
        "fixed_number_kept",
        rationale=f"The mask keeps exactly the same number of entries {where}; the number should be left to chance.",
        help="Draw every entry by itself: rng.random(A.shape) < keep_prob, not a permutation.",
    )


def generator(rng):
    """A generator of its own for one call, so that a mistake can be computed again from the same state."""
    return np.random.default_rng(int(rng.integers(1 << 32)))
