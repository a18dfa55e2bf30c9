"""hidden_units_identical: whether all rows of W are equal.

Rows that are meant to differ do so by more than a hundredth of a typical entry (two rows drawn as here are nearer than
that in one of 10^9 drawings), so any way of comparing gives the same answer. Matrices of one row are left out: whether
a single unit is identical is a matter of words.
"""

import numpy as np
import pytest

from grader.checks import advise, check_close, check_scalar, fail
from grader.model import Feedback

pytestmark = pytest.mark.exercise("hidden_units_identical")

CALL = "hidden_units_identical(W)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """Equal rows, equal columns, one entry that differs, another row in the middle, and constants."""
    check(
        student,
        reference,
        [
            np.array([[0.5, -1.0, 2.0], [0.5, -1.0, 2.0]]),
            np.array([[0.5, 0.5], [-1.0, -1.0], [2.0, 2.0]]),
            np.array([[0.5, -1.0, 2.0], [0.5, -1.0, 2.0], [0.5, -1.5, 2.0]]),
            np.array([[0.5, -1.0], [1.0, 2.0], [0.5, -1.0]]),
            np.array([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]),
        ],
    )


@pytest.mark.points(0.5)
def test_identical_rows(student, reference, rng):
    """One row repeated: wide, tall and square matrices, a single column, and constants."""
    cases = [repeated(rng, n, n_prev) for n, n_prev in ((2, 6), (7, 3), (4, 4), (3, 1))]

    check(student, reference, [*cases, np.zeros((4, 2)), different(rng, 3, 5), *telltales(rng)])


@pytest.mark.points(0.5)
def test_different_rows(student, reference, rng):
    """Random matrices, small ones too; equal columns; rows that are multiples or rearrangements of each other."""
    column, row = entries(rng, 5)[:, np.newaxis], entries(rng, 4)
    symmetric = different(rng, 4, 4)
    cases = [
        different(rng, 3, 5),
        0.01 * different(rng, 6, 4),
        column * row,
        np.stack([np.roll(row, shift) for shift in range(3)]),
        np.stack([row, -row]),
        symmetric + symmetric.T,
    ]

    check(student, reference, [repeated(rng, 3, 4), *cases, *telltales(rng)])


@pytest.mark.points(0.5)
def test_nearly_all_rows_identical(student, reference, rng):
    """One row, or one entry of it, differs from the others: the first, one in the middle, or the last."""
    cases = [repeated(rng, 2, 3)]
    for n, odd in ((5, 0), (5, 2), (4, 3)):
        W = repeated(rng, n, 6)
        W[odd] = entries(rng, 6)
        cases.append(W)
    for n, odd, place in ((4, 0, 3), (6, 5, 5), (5, 3, 0), (4, 1, 2)):
        W = repeated(rng, n, 6)
        W[odd, place] += 0.5
        cases.append(W)

    check(student, reference, [*cases, *telltales(rng)])


@pytest.mark.points(0.5)
def test_rows_that_differ_by_rounding(student, reference, rng):
    """Rows that are equal up to 1e-12 get an answer; which one is free, and the exact one is remarked upon."""
    W = repeated(rng, 5, 4)

    check(student, reference, [W, different(rng, 5, 4), *telltales(rng)])
    noise = 1e-12 * rng.uniform(-1, 1, size=W.shape)
    answer = check_scalar(student.hidden_units_identical(W * (1 + noise)), name=CALL)
    if answer not in (0, 1):
        fail("no_truth_value", rationale=f"{CALL} should be True or False.", help="Return bool(…).")
    if not answer:
        advise(
            Feedback(
                "rounding_counts_as_difference",
                f"{CALL} is False for rows that differ by rounding only, which arithmetic may leave behind.",
                "np.allclose(W, W[0]) compares up to rounding.",
            )
        )


def check(student, reference, matrices):
    """All calls first, so that what is wrong can be told from all of them."""
    cases = [(W,) for W in matrices]
    for (W,), actual in zip(cases, student.map("hidden_units_identical", cases), strict=True):
        expected = reference.hidden_units_identical(W)
        kind = "identical" if expected else "different"
        check_close(expected, actual, name=f"{CALL} for {kind} rows")


def telltales(rng):
    """Equal columns, and one number everywhere: what else fails for the same rows differs in these."""
    return [np.repeat(different(rng, 5, 1), 3, axis=1), np.full((3, 5), 0.7)]


def repeated(rng, n, n_prev):
    """One random row, n times."""
    return np.tile(entries(rng, n_prev), (n, 1))


def different(rng, n, n_prev):
    return np.stack([entries(rng, n_prev) for _ in range(n)])


def entries(rng, count):
    """Numbers between 0.3 and 3, of either sign."""
    return rng.uniform(0.3, 3.0, size=count) * rng.choice([-1.0, 1.0], size=count)
