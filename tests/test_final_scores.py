"""From what the tests gave to the score that counts."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from grader import final_scores, records
from grader.final_scores import Rules, Terms
from grader.model import (
    Assignment,
    Deadline,
    Exercise,
    ExerciseResult,
    Limits,
    Outcome,
    SandboxMode,
    Status,
    SubmissionResult,
    TestResult,
    Visibility,
)
from grader.records import Adjustment
from grader.roster import Person, Roster

DUE = datetime.fromisoformat("2026-12-01T23:59:00+01:00")
DEADLINE = Deadline(due=DUE, penalty_percent=Fraction(10), extensions={"al-1815": DUE.replace(day=5)})
EXERCISES = (Exercise(name="relu", points=Fraction(4)), Exercise(name="tanh", points=Fraction(6)))
ASSIGNMENT = Assignment(id="small", title="Small", exercises=EXERCISES, limits=Limits(), root=Path(), deadline=DEADLINE)
IN_TIME, TWO_DAYS_LATE = "2026-12-01T12:00:00+00:00", "2026-12-03T12:00:00+00:00"


def an_exercise(name, score, points, outcome=Outcome.PASSED):
    test = TestResult(
        test="t",
        exercise=name,
        outcome=outcome,
        visibility=Visibility.HIDDEN,
        score=Fraction(score),
        max_score=Fraction(points),
        seconds=0.0,
    )
    return ExerciseResult(exercise=name, tests=(test,))


def make_result(*, at=IN_TIME, relu=3, outcome=Outcome.PASSED, error=None, exercises=None):
    found = (an_exercise("relu", relu, 4, outcome), an_exercise("tanh", 6, 6))
    return SubmissionResult(
        assignment="small",
        student="ada",
        status=Status.GRADED if error is None else Status.GRADER_ERROR,
        exercises=found if exercises is None else exercises,
        max_score=Fraction(10),
        file_name="small.py",
        sha256="ab",
        submitted_at=at,
        suite_sha256="",
        seed="",
        sandbox=SandboxMode.FULL,
        environment={},
        error=error,
    )


def adjusted(exercise, score):
    return Adjustment(exercise=exercise, score=score, comment="why", by="prof", at="2026-12-04T08:00:00+00:00")


def settle(result, *adjustments, deadline=None):
    terms = Terms(deadline=deadline, adjustments=adjustments, exercises=EXERCISES)
    settled = final_scores.settle(records.to_record(result), terms)
    assert final_scores.settle(settled, terms) == settled
    return settled


def test_without_deadline_and_adjustments_nothing_changes():
    assert settle(make_result()) == records.to_record(make_result())


def test_a_late_penalty_is_taken_from_the_sum_and_the_raw_score_is_kept():
    record = settle(make_result(at=TWO_DAYS_LATE), deadline=DEADLINE)

    assert (record.raw_score, record.score, record.late.penalty) == (9, 7, 2)
    assert [exercise.score for exercise in record.exercises] == [3, 6]


def test_what_is_settled_under_other_terms_forgets_the_old_ones():
    late = settle(make_result(at=TWO_DAYS_LATE), adjusted("relu", 1), deadline=DEADLINE)

    again = final_scores.settle(late, Terms(deadline=None, adjustments=(), exercises=EXERCISES))

    assert records.to_record(make_result(at=TWO_DAYS_LATE)) == again


@pytest.mark.parametrize(("at", "score"), [(None, 9), (IN_TIME, 9)])
def test_without_a_time_or_in_time_nothing_is_taken(at, score):
    record = settle(make_result(at=at), deadline=DEADLINE)

    assert (record.score, record.late) == (score, None)


def test_an_adjustment_takes_the_place_of_a_score_and_is_subject_to_the_penalty():
    record = settle(make_result(at=TWO_DAYS_LATE), adjusted("relu", 3.5), deadline=DEADLINE)

    assert (record.exercises[0].raw_score, record.exercises[0].score) == (3, 3.5)
    assert (record.raw_score, record.score) == (9, 7.5)
    assert record.adjustments == (adjusted("relu", 3.5),)


def test_an_adjustment_gives_no_more_than_the_exercise_is_worth_now():
    assert settle(make_result(), adjusted("relu", 5)).score == 10


def test_an_adjustment_of_an_exercise_that_is_gone_waits():
    record = settle(make_result(), adjusted("sigmoid", 1))

    assert (record.score, record.adjustments) == (9, ())


def test_sums_are_exact():
    thirds = tuple(an_exercise(name, Fraction(1, 3), Fraction(1, 3)) for name in ("relu", "tanh", "third"))
    record = settle(make_result(exercises=thirds), adjusted("third", 0))

    assert (record.raw_score, record.score) == (1, 0.666667)


def test_what_we_failed_to_judge_is_graded_once_a_person_has():
    failed = make_result(outcome=Outcome.GRADER_ERROR, relu=0, error="the sandbox died")

    nothing, done = settle(failed, adjusted("tanh", 5)), settle(failed, adjusted("relu", 2))

    assert (nothing.status, nothing.score, nothing.raw_score) == (Status.GRADER_ERROR, None, None)
    assert (done.status, done.score, done.raw_score, done.error) == (Status.GRADED, 8, None, "the sandbox died")
    assert records.raw_status(done) is Status.GRADER_ERROR
    assert records.to_result(done) == records.to_result(records.to_record(failed))


def test_where_nothing_was_judged_every_exercise_needs_a_score():
    unread = make_result(exercises=(), error="cannot read it")

    half, whole = settle(unread, adjusted("tanh", 5)), settle(unread, adjusted("tanh", 5), adjusted("relu", 1))

    assert (half.status, half.score) == (Status.GRADER_ERROR, None)
    assert (whole.status, whole.score, [e.exercise for e in whole.exercises]) == (Status.GRADED, 6, ["relu", "tanh"])
    assert settle(unread) == final_scores.settle(whole, Terms(deadline=None, adjustments=(), exercises=EXERCISES))


def test_a_record_from_before_there_were_raw_scores_is_settled_alike():
    result = make_result(at=TWO_DAYS_LATE)
    old = msgspec.json.decode(records.to_json(records.to_record(result)))
    for part in (old, *old["exercises"]):
        del part["raw_score"]
    del old["late"], old["adjustments"]

    record = records.parse(msgspec.json.encode(old), "old.json")

    assert record == records.to_record(result)


def test_the_manifest_may_name_a_student_as_the_roster_does():
    ada = Person(id="ada", accounts=("al-1815", "4711"))

    own = Rules(ASSIGNMENT, Roster([ada])).terms("4711")

    assert own.deadline.due == DUE.replace(day=5)
    assert Rules(ASSIGNMENT).terms("4711").deadline.due == DUE


def test_the_roster_goes_before_the_manifest():
    ada = Person(id="ada", accounts=("al-1815",), due=DUE.replace(day=3))

    assert Rules(ASSIGNMENT, Roster([ada])).terms("al-1815").deadline.due == DUE.replace(day=3)


def test_the_rules_of_an_out_folder_are_the_files_in_it(tmp_path):
    (tmp_path / "roster.csv").write_text("id,due\nada,2026-12-03T12:00:00Z\n")

    rules = final_scores.load(ASSIGNMENT, tmp_path)

    assert rules.settle(records.to_record(make_result(at=TWO_DAYS_LATE))).late is None
    assert rules.adjustments == {}
