"""Margins: errors as shares of what is allowed, noted by every check that has a tolerance."""

import numpy as np
import pytest

from grader.checks import check_close, check_gradient, check_mean, check_std, is_close
from grader.checks.margins import collect_margins, margins_are_collected, note_margin
from grader.errors import CheckFailed


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def margins_of(call):
    """What the checks in `call` note, and whether they pass."""
    with collect_margins() as margins:
        try:
            call()
        except CheckFailed:
            return margins, False
    return margins, True


def test_an_exact_answer_has_the_margin_zero(rng):
    x = rng.normal(size=(3, 4))

    assert margins_of(lambda: check_close(x, x.copy(), name="x")) == ([0.0], True)


@pytest.mark.parametrize("share", [0.1, 0.9, 1.1, 50.0])
def test_the_margin_is_the_error_over_the_allowed_error(share):
    margins, passes = margins_of(lambda: check_close(1.0, 1.0 + share * (1e-7 + 1e-9), name="x"))

    assert margins == [pytest.approx(share, rel=1e-6)]
    assert passes == (share < 1)


def test_nan_and_infinity_are_infinitely_wrong():
    for wrong in (np.nan, np.inf):
        margins, passes = margins_of(lambda wrong=wrong: check_close(np.ones(2), np.array([1.0, wrong]), name="x"))
        assert (margins, passes) == ([np.inf], False)


@pytest.mark.parametrize("size", [5, 300])
def test_gradient_checks_note_both_sides(rng, size):
    theta = rng.normal(size=size)

    right, _ = margins_of(lambda: check_gradient(lambda t: np.sum(t**3), theta, 3 * theta**2, rng=rng))
    wrong, _ = margins_of(lambda: check_gradient(lambda t: np.sum(t**3), theta, 3.1 * theta**2, rng=rng))

    assert max(right) < 0.2
    assert max(wrong) > 100


def test_statistical_checks_note_both_sides(rng):
    sample = rng.normal(size=2000)

    right, _ = margins_of(lambda: (check_mean(sample, 0, 1, name="x"), check_std(sample, 1, name="x")))
    wrong, _ = margins_of(lambda: check_std(sample, 2, name="x"))

    assert len(right) == 2
    assert max(right) < 1 < min(wrong)
    assert {type(margin) for margin in right} == {float}, "other numbers cannot be written as JSON"


def test_questions_and_checks_outside_of_a_test_note_nothing():
    note_margin(3.0)
    assert not margins_are_collected()
    assert margins_of(lambda: is_close(1.0, 2.0)) == ([], True)
