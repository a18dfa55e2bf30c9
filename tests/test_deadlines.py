"""Late or not, by how much, and what it costs."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import deadlines
from grader.model import Deadline, Period

DUE = datetime.fromisoformat("2026-12-01T23:59:00+01:00")
DEADLINE = Deadline(
    due=DUE,
    grace_minutes=Fraction(15),
    penalty_percent=Fraction(10),
    most_penalty_percent=Fraction(50),
    cut_off=DUE + timedelta(days=7),
    extensions={"ada": DUE + timedelta(days=4)},
)


def late(after, *, deadline=DEADLINE, earned=40, max_score=50):
    moment = (deadline.due + after).isoformat()
    return deadlines.lateness(deadline, moment, earned=Fraction(earned), max_score=Fraction(max_score))


@pytest.mark.parametrize("after", [timedelta(days=-3), timedelta(0), timedelta(minutes=15)])
def test_what_comes_before_the_end_of_the_grace_is_in_time(after):
    assert late(after) is None


@pytest.mark.parametrize(
    ("after", "periods", "penalty"),
    [
        (timedelta(minutes=15, microseconds=1), 1, 5),
        (timedelta(days=1), 1, 5),
        (timedelta(days=1, microseconds=1), 2, 10),
        (timedelta(days=4, hours=1), 5, 25),
        (timedelta(days=6), 6, 25),
    ],
)
def test_every_period_begun_since_the_due_time_costs_its_share_up_to_the_most(after, periods, penalty):
    found = late(after)

    assert (found.periods, found.penalty) == (periods, penalty)
    assert found.percent == min(10 * periods, 50)


def test_hours_are_counted_where_the_policy_says_so():
    by_hour = Deadline(due=DUE, penalty_percent=Fraction(1), per=Period.HOUR)

    assert late(timedelta(hours=2, minutes=30), deadline=by_hour).penalty == 1.5


def test_a_penalty_takes_no_more_than_was_earned():
    assert late(timedelta(days=3), earned=Fraction(1, 3)).penalty == 0.333333
    assert late(timedelta(days=3), earned=0).penalty == 0


def test_after_the_cut_off_all_that_was_earned_is_taken():
    assert not late(timedelta(days=7)).cut_off
    assert late(timedelta(days=7, seconds=1)).cut_off
    assert late(timedelta(days=7, seconds=1)).penalty == 40


def test_lateness_without_a_penalty_is_noted():
    found = late(timedelta(hours=3), deadline=Deadline(due=DUE))

    assert (found.seconds, found.periods, found.penalty) == (10_800, 1, 0)


def test_an_extension_moves_due_time_and_cut_off_together():
    own = deadlines.for_student(DEADLINE, "ada")

    assert own.due == DUE + timedelta(days=4)
    assert own.cut_off == DUE + timedelta(days=11)
    assert own.extensions == {}
    assert deadlines.for_student(DEADLINE, "bob").due == DUE


def test_an_extension_from_elsewhere_goes_first_and_none_takes_time_away():
    later, earlier = DUE + timedelta(days=6), DUE - timedelta(days=30)

    assert deadlines.for_student(DEADLINE, "ada", later).due == later
    assert deadlines.for_student(DEADLINE, "bob", earlier).due == DUE


def test_one_moment_in_another_time_zone_is_the_same_moment():
    assert deadlines.lateness(DEADLINE, "2026-12-01T22:59:00+00:00", earned=Fraction(1), max_score=Fraction(1)) is None
    assert deadlines.lateness(DEADLINE, "2026-12-01T22:59:00", earned=Fraction(1), max_score=Fraction(1)) is None
    assert deadlines.lateness(DEADLINE, "2026-12-01T23:59:00", earned=Fraction(1), max_score=Fraction(1)) is not None


@given(st.timedeltas(timedelta(0), timedelta(days=20)), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_who_comes_later_never_loses_less(one, other):
    penalties = [0 if found is None else found.penalty for found in map(late, sorted((one, other)))]

    assert penalties == sorted(penalties)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 seconds"), (61, "1 minute 1 second"), (3600, "1 hour"), (133_260, "1 day 13 hours"), (86_460, "1 day")],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds, text):
    assert deadlines.duration(seconds) == text
