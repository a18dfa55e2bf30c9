import csv
from fractions import Fraction

import msgspec
import pytest

from grader import records
from grader.gradebooks import gradebook_csv
from grader.model import ExerciseResult, Outcome, SandboxMode, Status, SubmissionResult, TestResult, Visibility
from grader.records import Late


def make_result(student, scores, *, status=Status.GRADED, submitted_at=None):
    exercises = tuple(
        ExerciseResult(
            exercise=name,
            tests=(
                TestResult(
                    test="t",
                    exercise=name,
                    outcome=Outcome.PASSED,
                    visibility=Visibility.HIDDEN,
                    score=Fraction(score),
                    max_score=Fraction(5),
                    seconds=0.1,
                ),
            ),
        )
        for name, score in scores.items()
    )
    return SubmissionResult(
        assignment="activations",
        student=student,
        status=status,
        exercises=exercises,
        max_score=Fraction(10),
        file_name="activations.py",
        sha256="ab12",
        submitted_at=submitted_at,
        suite_sha256="",
        seed="",
        sandbox=SandboxMode.FULL,
        environment={},
    )


def make_record(*args, **facts):
    return records.to_record(make_result(*args, **facts))


def test_one_line_a_student_sorted_with_a_column_an_exercise():
    text = gradebook_csv.to_csv(
        [
            make_record("bob", {"relu": "1/3", "tanh": 5}),
            make_record("ada", {"relu": 5, "tanh": "2.5"}, submitted_at="2026-02-02T15:58:23+00:00"),
        ]
    )

    assert text == (
        "student,assignment,score,max_score,status,submitted_at,sha256,relu,tanh\n"
        "ada,activations,7.5,10,graded,2026-02-02T15:58:23+00:00,ab12,5,2.5\n"
        "bob,activations,5.333333,10,graded,,ab12,0.333333,5\n"
    )


def test_the_order_of_the_records_does_not_matter():
    graded = [make_record(name, {"relu": 1}) for name in ("c", "a", "b")]

    assert gradebook_csv.to_csv(graded) == gradebook_csv.to_csv(graded[::-1])


def test_a_failure_of_ours_has_empty_cells_and_never_zero():
    text = gradebook_csv.to_csv(
        [make_record("ada", {"relu": 1}), make_record("bob", {"relu": 0}, status=Status.GRADER_ERROR)], ["relu", "tanh"]
    )

    assert text.splitlines()[2] == "bob,activations,,10,grader_error,,ab12,,"


def test_given_exercises_come_first_and_others_follow():
    text = gradebook_csv.to_csv([make_record("ada", {"old": 1, "relu": 2})], ["relu", "tanh"])

    assert text.splitlines()[0].split(",")[7:] == ["relu", "tanh", "old"]
    assert text.splitlines()[1].split(",")[7:] == ["2", "", "1"]


def test_an_exercise_named_like_a_column_gets_a_column_of_its_own():
    assert gradebook_csv.to_csv([make_record("ada", {"score": 1})]).splitlines()[0].endswith(",score (exercise)")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_name_becomes_a_formula(start):
    name = f'{start}HYPERLINK("http://x","y")'

    text = gradebook_csv.to_csv([make_record(name, {})])

    assert next(csv.DictReader(text.splitlines(keepends=True)))["student"] == f"'{name}"


def test_names_with_commas_quotes_and_newlines_survive():
    name = 'Lovelace, "Ada"\nx'

    text = gradebook_csv.to_csv([make_record(name, {})])

    assert next(csv.DictReader(text.splitlines(keepends=True)))["student"] == name


def test_penalties_and_adjustments_add_two_columns_at_the_end():
    late = Late(due="2026-12-01T23:59:00+01:00", seconds=60, periods=1, per="day", percent=20, penalty=2, cut_off=False)
    ada = msgspec.structs.replace(make_record("ada", {"relu": 5, "raw_score": 1}), score=4, late=late)
    bob = make_record("bob", {"relu": 5, "raw_score": 1})

    rows = list(csv.reader(gradebook_csv.to_csv([bob, ada]).splitlines()))

    assert [row[:3] + row[7:] for row in rows] == [
        ["student", "assignment", "score", "relu", "raw_score (exercise)", "raw_score", "late_penalty"],
        ["ada", "activations", "4", "5", "1", "6", "2"],
        ["bob", "activations", "6", "5", "1", "6", "0"],
    ]


def test_an_empty_class_has_a_header():
    assert gradebook_csv.to_csv([], ["relu"]).endswith("sha256,relu\n")


def test_the_gradebook_is_written_from_the_records_in_out_as_utf8(tmp_path):
    (tmp_path / "records").mkdir()
    graded = [make_record(name, {"relu": 1}) for name in ("李明", "ada")]
    for name in ("李明", "ada"):
        records.write(tmp_path, make_result(name, {"relu": 1}))

    path = gradebook_csv.write(tmp_path, ["tanh"])

    assert path == tmp_path / "gradebook.csv"
    assert path.read_bytes() == gradebook_csv.to_csv(graded, ["tanh"]).encode()


def test_a_broken_record_is_named(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "ada.json").write_text("{")

    with pytest.raises(records.BrokenRecord, match=r"ada\.json is no record"):
        gradebook_csv.write(tmp_path)
