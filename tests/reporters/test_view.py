"""What every reporter shows, and in which order."""

import re

import msgspec
import pytest

from grader.model import CodePiece, ExerciseResult, Feedback, Outcome, Period, Status, Visibility
from grader.records import Adjustment, Late
from grader.reporters import feedback_html, feedback_markdown
from grader.reporters.view import Remark, view

NAMED = Feedback("missing_mean", "dW is m times too large.", "Divide by m.")
FOUND = Feedback("wrong_entries", "dW is wrong in 15 of 15 entries.")
SHOWN = Feedback("wrong_array_shown", "dW should be\n[1]\nand is\n[2]")
OTHER = Feedback("wrong_shape", "db has shape (3,).", "Sum with keepdims=True.")


def exercise(*tests, name="f", advice=()):
    return ExerciseResult(exercise=name, tests=tests, advice=advice)


def test_one_message_of_several_tests_is_shown_once_with_its_count(make_record, make_test):
    lost = exercise(*(make_test("", test=f"test_{i}", feedback=(OTHER,)) for i in range(3)))

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert shown.remarks == (Remark(OTHER, 3),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("dW is exactly m = 7 times too large.", "dW is exactly m = 5 times too large."),
        ("dW is wrong in 3 of 6 entries, the first at [0, 1].", "dW is wrong in 9 of 16 entries, the first at [2, 0]."),
        ("db has shape (3,), but should be (3, 1).", "db has shape (5,), but should be (5, 1)."),
    ],
)
def test_what_differs_in_sizes_only_is_shown_once(make_record, make_test, first, second):
    tests = [make_test("", test=text, feedback=(Feedback("k", text, "Try."),)) for text in (first, second)]

    (shown,) = view(make_record(exercises=(exercise(*tests),))).exercises

    assert shown.remarks == (Remark(Feedback("k", first, "Try."), 2),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("dW1 is wrong in 3 of 6 entries.", "dW2 is wrong in 3 of 6 entries."),
        ("It is summed over axis=0.", "It is summed over axis=1."),
        ("f raised ValueError in line 3: `a`", "f raised ValueError in line 4: `b`"),
    ],
)
def test_other_mistakes_are_shown_each(make_record, make_test, first, second):
    tests = [make_test("", test=text, feedback=(Feedback("raised", text, "Try."),)) for text in (first, second)]

    (shown,) = view(make_record(exercises=(exercise(*tests),))).exercises

    assert [remark.count for remark in shown.remarks] == [1, 1]


def test_an_exception_that_hidden_tests_veil_is_the_one_that_is_shown(make_record, make_test):
    texts = ["f raised ValueError: shapes (2,) and (3,) in line 3: `a @ b`", "f raised ValueError in line 3: `a @ b`"]
    tests = [make_test("", test=text, feedback=(Feedback("raised", text, "Try."),)) for text in texts]

    (shown,) = view(make_record(exercises=(exercise(*tests),))).exercises

    assert shown.remarks == (Remark(Feedback("raised", texts[0], "Try."), 2),)


def test_what_only_repeats_a_named_mistake_stands_behind_it(make_record, make_test):
    lost = exercise(
        make_test("", test="test_a", feedback=(NAMED, SHOWN)),
        make_test("", test="test_b", feedback=(NAMED, FOUND)),
        make_test("", test="test_c", feedback=(NAMED, FOUND)),
    )

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert shown.remarks == (Remark(NAMED, 3, (SHOWN, FOUND)),)


def test_a_finding_that_is_the_first_thing_another_test_says_stays_in_front(make_record, make_test):
    lost = exercise(
        make_test("", test="test_a", feedback=(NAMED, FOUND)), make_test("", test="test_b", feedback=(FOUND,))
    )

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert shown.remarks == (Remark(NAMED, 1), Remark(FOUND, 1))


def test_a_passed_test_adds_nothing_to_what_is_wrong(make_record, make_test):
    help_needed = Feedback("fault_elsewhere", "f is right in itself.", "Correct g.")
    passed = exercise(make_test("", test="test_a", outcome=Outcome.PASSED, feedback=(help_needed,)))

    shown = view(make_record(exercises=(passed,)))

    assert shown.lost == ()
    assert shown.exercises[0].remarks == ()
    assert shown.elsewhere == (("Correct g.", ("f is right in itself.",)),)


def test_sentences_with_one_help_stand_together(make_record, make_test):
    advice = (Feedback("a", "one", "same"), Feedback("b", "two"), Feedback("c", "three", "same"))

    shown = view(make_record(exercises=(exercise(make_test("", test="test_a"), advice=advice),)))

    assert shown.advice == (("same", ("one", "three")), (None, ("two",)))


def test_a_warning_is_shown_with_its_text_where_a_visible_test_met_it(make_record, make_test):
    said = Feedback("warning_raised", "f causes a warning in line 3: RuntimeWarning: divide by zero")
    veiled = Feedback("warning_raised", "f causes a warning in line 3: RuntimeWarning: …")
    elsewhere = Feedback("warning_raised", "f causes a warning in line 4: RuntimeWarning: …")
    advice = (veiled, said, elsewhere)

    (shown,) = view(make_record(exercises=(exercise(make_test("", test="test_a"), advice=advice),))).exercises

    assert shown.advice == (said, elsewhere)


def test_marks_tell_full_partial_and_no_points_apart(make_record, make_test):
    def result(name, *outcomes):
        return exercise(*(make_test("", test=f"test_{i}", outcome=o) for i, o in enumerate(outcomes)), name=name)

    passed, failed = Outcome.PASSED, Outcome.FAILED
    shown = view(
        make_record(exercises=(result("a", passed), result("b", passed, failed), result("c", failed, Outcome.RAISED)))
    )

    assert [(e.mark, e.score, e.verdict) for e in shown.exercises] == [
        ("✓", "1", "correct"),
        ("◐", "1", "wrong result"),
        ("✗", "0", "wrong result, raised an exception"),
    ]


def test_the_next_step_is_the_first_exercise_that_lost_points(make_record, make_test):
    right = exercise(make_test("", test="test_a", outcome=Outcome.PASSED), name="a")
    wrong = exercise(make_test("", test="test_a"), name="b")
    also = exercise(make_test("", test="test_a"), name="c")

    assert view(make_record(exercises=(right, wrong, also))).next_step.name == "b"
    assert view(make_record(exercises=(right,))).next_step is None


def test_the_lost_points_of_each_test_are_given(make_record, make_test):
    lost = exercise(make_test("", test="test_a", points=2), make_test("", test="test_b", points=0.25))

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert [(test.name, test.lost) for test in shown.failed] == [("test_a", "2"), ("test_b", "0.25")]


def test_code_to_repeat_a_call_is_left_out_for_hidden_tests(make_record, make_test):
    lost = exercise(
        make_test("", test="test_a", reproduce="print(1)"),
        make_test("", test="test_b", visibility=Visibility.AFTER_PUBLISHED, reproduce="print(2)"),
        make_test("", test="test_c", visibility=Visibility.VISIBLE, reproduce="print(3)"),
    )

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert [test.reproduce for test in shown.failed] == [None, None, "print(3)"]


def test_a_failure_of_ours_has_no_score_and_no_next_step(make_record):
    shown = view(make_record("the zygote died", student="ada", status=Status.GRADER_ERROR))

    assert shown.score == "–"
    assert shown.next_step is None
    assert "on our side" in shown.notices[0]
    assert not any("zygote" in notice for notice in shown.notices)


def test_a_brief_view_is_short_and_keeps_verdicts(make_record):
    record = make_record("long " * 2000, student="ada")

    brief = view(record, is_brief=True)

    assert [(e.mark, e.score) for e in brief.exercises] == [(e.mark, e.score) for e in view(record).exercises]
    assert all(len(r.feedback.rationale) <= 160 for e in brief.exercises for r in e.remarks)
    assert not any(test.reproduce for e in brief.exercises for test in e.failed)


def test_own_lines_are_numbered_with_gaps_and_named_where_feedback_points_at_them(make_record, make_test):
    raised = Feedback("raised", "f raised ValueError in line 12: y = x @ x")
    code = (CodePiece(3, "def f(x):"), CodePiece(11, "    x = 2 * x\n    y = x @ x"))
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(raised,)),), code=code)

    (shown,) = view(make_record(exercises=(lost,))).exercises

    assert [(line.number, line.text, line.is_gap, line.is_named) for line in shown.code] == [
        (3, "def f(x):", False, False),
        (11, "    x = 2 * x", True, False),
        (12, "    y = x @ x", False, True),
    ]


def test_an_exercise_with_all_points_shows_neither_lines_nor_formula(make_record, make_test):
    right = ExerciseResult(
        exercise="f",
        tests=(make_test("", test="test_a", outcome=Outcome.PASSED),),
        code=(CodePiece(1, "def f(): ..."),),
        formula="x",
    )

    (shown,) = view(make_record(exercises=(right,))).exercises

    assert (shown.code, shown.formula, shown.pictures) == ((), "", ())


LATE = Late(
    due="2026-12-01T23:59:00+01:00", seconds=183_600, periods=3, per=Period.DAY, percent=30, penalty=1.5, cut_off=False
)


def changed(record, comment="right idea", **late):
    """`record` with a score that was set by hand and a penalty."""
    by_hand = Adjustment(exercise="f", score=1, comment=comment, by="prof", at="2026-12-04T08:00:00+00:00")
    lateness = msgspec.structs.replace(LATE, **late)
    return msgspec.structs.replace(record, raw_score=4, max_score=5, score=2.5, late=lateness, adjustments=(by_hand,))


def test_a_score_that_the_tests_did_not_give_is_accounted_for(make_record, make_test):
    assert view(make_record(exercises=(exercise(make_test("", test="t")),))).account == ()

    assert view(changed(make_record(exercises=(exercise(make_test("", test="t")),)))).account == (
        "The tests gave 4 of 5 points.",
        "f: 1 point, set by prof on 2026-12-04: right idea",
        "Handed in 2 days 3 hours after the due time, 2026-12-01 23:59:00+01:00: "
        "3 days begun, 30 % of 5 points, 1.5 points taken off.",
    )


@pytest.mark.parametrize(
    ("late", "end"),
    [
        ({"percent": 0, "penalty": 0, "seconds": 61}, "Handed in 1 minute 1 second after .*: nothing is taken off."),
        ({"cut_off": True, "penalty": 4}, ", and after the last time that counts: 4 points taken off."),
        ({"per": Period.HOUR, "periods": 1, "penalty": 1}, ": 1 hour begun, 30 % of 5 points, 1 point taken off."),
    ],
)
def test_lateness_is_told_as_it_is(make_record, make_test, late, end):
    record = changed(make_record(exercises=(exercise(make_test("", test="t")),)), **late)

    assert re.search(end, view(record).account[-1])


def test_no_full_marks_are_promised_where_a_penalty_took_some(make_record, make_test):
    passed = make_test("", test="t", outcome=Outcome.PASSED, feedback=())
    record = make_record(exercises=(exercise(passed),))
    record = changed(msgspec.structs.replace(record, status=Status.GRADED))

    for page in (feedback_html.render(record, title="t"), feedback_markdown.render(record, title="t")):
        assert "Every test passed." in page
        assert "Full marks" not in page


def test_a_comment_stays_text(make_record, make_test, hostile):
    record = changed(make_record(exercises=(exercise(make_test("", test="t")),)), comment=hostile)
    harmless = changed(make_record(exercises=(exercise(make_test("", test="t")),)), comment="words")

    pages = [feedback_html.render(one, title="t") for one in (record, harmless)]

    assert pages[0].count("<") == pages[1].count("<")


def test_a_score_set_by_hand_is_said_to_be(make_record, make_test):
    record = make_record(exercises=(exercise(make_test("", test="t"), name="f"),))
    by_hand = msgspec.structs.replace(record.exercises[0], score=record.exercises[0].max_score)

    (shown,) = view(msgspec.structs.replace(record, exercises=(by_hand,))).exercises

    assert shown.verdict.endswith("; score set by hand")
    assert shown.score == shown.max_score
