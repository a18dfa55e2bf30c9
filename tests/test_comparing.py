"""Two OUT folders compared: who gained or lost, where and why."""

import csv
import io
import json

import msgspec
import pytest

from grader import comparing, out_folder, records
from grader.cli import main
from grader.errors import UsageError
from grader.model import Feedback, Outcome, SandboxMode, Status, Visibility
from grader.records import ExerciseRecord, Late, Record, SubmissionFacts, TestRecord
from grader.reporters import terminal


def a_test(name, outcome=Outcome.PASSED, score=2, feedback=(), seconds=0.1):
    return TestRecord(
        test=name,
        outcome=outcome,
        visibility=Visibility.HIDDEN,
        score=score if outcome is Outcome.PASSED else 0,
        max_score=score,
        seconds=seconds,
        feedback=tuple(feedback),
    )


RIGHT = (a_test("test_add.py::test_one"),)


def a_record(student="ada", *, add=RIGHT, sha256="00", suite="11", **changes):
    def exercise(name, tests):
        return ExerciseRecord(
            exercise=name,
            score=sum(test.score for test in tests),
            max_score=sum(test.max_score for test in tests),
            tests=tests,
            advice=(),
        )

    exercises = (exercise("double", (a_test("test_double.py::test_one"),)), exercise("add", add))
    record = Record(
        schema=1,
        assignment="small",
        student=student,
        status=Status.GRADED,
        score=sum(e.score for e in exercises),
        max_score=sum(e.max_score for e in exercises),
        exercises=exercises,
        submission=SubmissionFacts(file="small.py", sha256=sha256, submitted_at=None),
        suite_sha256=suite,
        seed="22",
        sandbox=SandboxMode.FULL,
        environment={"python": "3.11.7", "numpy": "2.0.0", "grader": "0.1.0"},
        notes=(),
    )
    return msgspec.structs.replace(record, **changes)


def test_an_adjustment_and_a_late_penalty_are_named_as_the_cause(outs):
    right = a_record()
    by_hand = msgspec.structs.replace(right.exercises[1], score=1)
    late = Late(due="2026-12-01T23:59:00Z", seconds=60, periods=1, per="day", percent=25, penalty=1, cut_off=False)
    changed = msgspec.structs.replace(right, exercises=(right.exercises[0], by_hand), score=2, late=late)

    one, other = comparing.compare(*outs([right], [changed])).differences

    assert (one.exercise, one.change, one.why) == ("add", -1, "set by hand: not in A, 1 in place of 2 in B")
    assert (other.exercise, other.change) == (None, -2)
    assert other.why == "late: no deadline missed in A, 1 points off for 1 minute after 2026-12-01T23:59:00Z in B"


WRONG = (a_test("test_add.py::test_one", Outcome.FAILED, feedback=[Feedback("sign", "y is subtracted.", "Use +.")]),)
FAILURE = {"status": Status.GRADER_ERROR, "score": None, "error": "no zygote"}


@pytest.fixture
def outs(tmp_path):
    """Writes records into OUT_A and OUT_B and gives both paths."""

    def write(*sides):
        for name, side in zip("ab", sides, strict=True):
            out_folder.prepare_out(tmp_path / name).release()
            for record in side:
                records.record_path(tmp_path / name, record.student).write_bytes(records.to_json(record))
        return tmp_path / "a", tmp_path / "b"

    return write


def test_times_and_the_words_of_feedback_are_no_difference(outs):
    slower = (a_test("test_add.py::test_one", seconds=5.0),)

    found = comparing.compare(*outs([a_record()], [a_record(add=slower)]))

    assert (found.is_equal, found.students, found.differences) == (True, 1, ())


def test_who_lost_is_named_with_exercise_test_and_reason(outs):
    found = comparing.compare(*outs([a_record(), a_record("bo")], [a_record(add=WRONG, sha256="33"), a_record("bo")]))

    (row,) = found.differences
    assert (found.is_equal, found.students, found.gained, found.lost) == (False, 2, 0, 1)
    assert (row.student, row.exercise, row.score_a, row.score_b, row.change) == ("ada", "add", 2, 0, -2)
    assert row.tests == ("test_add.py::test_one",)
    assert row.why == "another submission | failed: y is subtracted."


def test_who_gained_is_told_what_is_no_longer_wrong_and_that_the_tests_changed(outs):
    found = comparing.compare(*outs([a_record(add=WRONG)], [a_record(suite="99")]))

    (row,) = found.differences
    assert (found.gained, found.lost, row.change) == (1, 0, 2)
    assert row.why == "other tests | no longer failed: y is subtracted."


def test_the_same_points_for_another_reason_are_a_difference_without_change(outs):
    raised = (a_test("test_add.py::test_one", Outcome.RAISED, feedback=[Feedback("raised", "NameError: z")]),)

    found = comparing.compare(*outs([a_record(add=WRONG)], [a_record(add=raised)]))

    (row,) = found.differences
    assert (row.change, row.why, found.gained, found.lost) == (0, "raised: NameError: z", 0, 0)


def test_new_tests_lost_tests_and_other_points_are_told_apart(outs):
    more = (a_test("test_add.py::test_one"), a_test("test_add.py::test_two", Outcome.TIMED_OUT))
    dearer = (a_test("test_add.py::test_one", score=5),)

    def why(a, b):
        (row,) = comparing.compare(*outs([a_record(add=a)], [a_record(add=b)])).differences
        return row.why

    one = (a_test("test_add.py::test_one"),)
    assert why(one, more) == "a new test: timed_out"
    assert why(more, one) == "a test is gone"
    assert why(one, dearer) == "a test has 5 points in place of 2"


def test_students_of_one_folder_only_are_listed_and_counted(outs):
    found = comparing.compare(*outs([a_record(), a_record("bo")], [a_record(), a_record("cy")]))

    assert (found.only_in_a, found.only_in_b, found.students, found.is_equal) == (1, 1, 1, False)
    assert [(row.student, row.exercise, row.why) for row in found.differences] == [
        ("bo", None, "only in A"),
        ("cy", None, "only in B"),
    ]


def test_a_missing_score_is_no_loss_and_says_why(outs):
    found = comparing.compare(*outs([a_record()], [a_record(**FAILURE)]))

    (row,) = found.differences
    assert (row.score_a, row.score_b, row.change, found.lost) == (4, None, None, 0)
    assert row.why == "no score in B: no zygote"


def test_versions_are_causes(outs):
    newer = {"python": "3.12.1", "numpy": "2.0.0", "grader": "0.1.0"}

    (row,) = comparing.compare(*outs([a_record()], [a_record(add=WRONG, environment=newer)])).differences

    assert row.why == "python 3.11.7 → 3.12.1 | failed: y is subtracted."


def test_results_of_two_assignments_are_not_compared(outs):
    with pytest.raises(UsageError, match=r"a holds results of small, .*b of large; give two folders of one assignment"):
        comparing.compare(*outs([a_record()], [a_record(assignment="large")]))


def test_csv_has_a_line_a_difference_and_runs_no_formula(outs):
    found = comparing.compare(*outs([a_record("=A1")], [a_record("=A1", add=WRONG)]))

    head, line = csv.reader(io.StringIO(comparing.to_csv(found)))

    assert tuple(head) == comparing.COLUMNS
    assert line == ["'=A1", "add", "2", "0", "-2", "test_add.py::test_one", "failed: y is subtracted."]


def test_the_table_shows_the_change_and_the_sum(outs, capsys):
    terminal.print_diff(comparing.compare(*outs([a_record()], [a_record(add=WRONG)])))

    shown = capsys.readouterr().out
    assert " -2 " in shown
    assert "y is subtracted." in shown
    assert "0 gained, 1 lost, 0 only in A, 0 only in B; 1 students in both" in shown


@pytest.mark.parametrize(
    ("options", "is_there"),
    [
        ((), lambda out: "y is subtracted." in out),
        (("--csv",), lambda out: out.startswith("student,exercise,")),
        (("--json",), lambda out: json.loads(out)["differences"][0]["change"] == -2),
    ],
)
def test_the_command_gives_1_for_a_difference_and_0_for_none(outs, capsys, options, is_there):
    a, b = outs([a_record()], [a_record(add=WRONG)])

    with pytest.raises(SystemExit) as different:
        main(["diff", str(a), str(b), *options])
    assert is_there(capsys.readouterr().out)
    with pytest.raises(SystemExit) as equal:
        main(["diff", str(a), str(a), *options])

    assert (different.value.code, equal.value.code) == (1, 0)


def test_two_formats_at_once_are_refused(outs, capsys):
    a, b = outs([a_record()], [a_record()])

    with pytest.raises(SystemExit) as ended:
        main(["diff", str(a), str(b), "--csv", "--json"])

    assert ended.value.code == 2
    assert "give one of them" in capsys.readouterr().err
