"""Grading from Python: paths, texts and bytes, the same scores as the command line, errors that say what to do."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

import grader
from grader import batch, records, submissions
from grader.errors import UsageError
from grader.model import Outcome, Status
from grader.sandbox import doctor

RIGHT = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def add(x, y):
    return np.asarray(x) + y

def double_sum(x, y):
    return double(add(x, y))
"""
WRONG = RIGHT.replace("np.asarray(x) + y", "np.asarray(x) - y")


@pytest.fixture(scope="module", autouse=True)
def mode():
    """The sandbox is probed once for all tests of this file."""
    found = doctor.choose_mode(False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "choose_mode", lambda allow_reduced: found)
        yield found


@pytest.fixture
def session(course):
    with grader.open_session("small", course=course) as opened:
        yield opened


@pytest.fixture
def class_folder(course):
    for student, text in (("ada", RIGHT), ("bob", WRONG)):
        (course / "class" / student).mkdir(parents=True)
        (course / "class" / student / "small.py").write_text(text)
    return course / "class"


def test_one_call_grades_one_file(course, class_folder, mode):
    result = grader.grade("small", class_folder / "bob" / "small.py", course=course)

    assert (result.student, result.status, result.sandbox) == ("bob", Status.GRADED, mode)
    assert (result.score, result.max_score) == (Fraction(7), Fraction(10))
    (lost,) = [test for e in result.exercises for test in e.tests if test.outcome is not Outcome.PASSED]
    assert lost.feedback[0].key == "subtracted"


def test_text_bytes_and_notebook_are_the_same_submission(session):
    notebook = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": WRONG}]})

    results = [
        session.grade(WRONG),
        session.grade(WRONG.encode()),
        session.grade(notebook, file_name="small.ipynb"),
    ]

    assert [result.score for result in results] == [7, 7, 7]
    assert {result.student for result in results} == {"student"}
    assert [result.file_name for result in results] == ["small.py", "small.py", "small.ipynb"]


def test_the_result_is_that_of_the_command_line(course, class_folder, session, tmp_path):
    out = tmp_path / "out"
    plan = batch.Plan(session.assignment, grader.api.course_secret(course), grader.api.doctor.choose_mode(False))
    (out / "records").mkdir(parents=True)
    (out / "feedback").mkdir()
    batch.grade_class(plan, submissions.find(class_folder, "small"), out)

    by_command = {record.student: record for record in records.iterate(out)}
    by_path = session.grade(class_folder / "bob")
    by_text = session.grade(WRONG, student="bob")

    for result in (by_path, by_text):
        assert records.normalized(records.to_record(result)) == records.normalized(by_command["bob"])


def test_iter_results_gives_what_was_written(course, class_folder, session, tmp_path):
    (tmp_path / "out" / "records").mkdir(parents=True)
    written = [session.grade(class_folder / student) for student in ("ada", "bob")]
    for result in written:
        records.write(tmp_path / "out", result)

    read = list(grader.iter_results(tmp_path / "out"))

    assert [(r.student, r.score) for r in read] == [("ada", 10), ("bob", 7)]
    assert [records.to_record(r) for r in read] == [records.to_record(r) for r in written]


def test_sessions_of_two_courses_are_open_side_by_side(course, session, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(course, other)
    path = other / "autograde_tests" / "small" / "assignment.toml"
    path.write_text(path.read_text().replace("points = 3", "points = 30"))

    with grader.open_session("small", course=other) as second:
        scores = [opened.grade(WRONG).max_score for opened in (session, second, session)]

    assert scores == [10, 37, 10]


def test_student_and_time_can_be_given(session, class_folder):
    result = session.grade(class_folder / "ada", student="Ada L.", submitted_at="2026-02-02T15:58:23+00:00")

    assert (result.student, result.submitted_at) == ("Ada L.", "2026-02-02T15:58:23+00:00")


@pytest.mark.parametrize(
    ("content", "key"), [(b"", "submission_empty"), (b"%PDF-1.7", "submission_binary"), ("{", None)]
)
def test_what_is_no_program_gets_a_result_with_a_reason(session, content, key):
    result = session.grade(content)

    assert (result.status, result.score) == (Status.GRADED, 0)
    assert result.notes
    assert key in (None, result.notes[0].key)


def test_a_content_that_is_too_large_is_refused_with_a_note(session):
    result = session.grade(b"#" * (session.assignment.limits.submission_bytes + 1))

    assert [note.key for note in result.notes] == ["submission_too_large"]


def test_a_hostile_submission_keeps_to_its_own_result(session):
    attack = session.grade(RIGHT + "\nimport os\ndef add(x, y): os._exit(0)\n")
    after = session.grade(RIGHT)

    assert {t.outcome for e in attack.exercises for t in e.tests if e.exercise == "add"} == {Outcome.CRASHED}
    assert after.score == after.max_score


def test_a_text_that_looks_like_a_path_is_no_program(session):
    with pytest.raises(UsageError, match=r"for a file give Path\('ada/small\.py'\)"):
        session.grade("ada/small.py")


@pytest.mark.parametrize("time", ["yesterday", "2026-02-02T15:58:23", "", datetime(2026, 2, 2, tzinfo=UTC)])
def test_a_time_that_no_record_may_hold_is_refused(session, time):
    with pytest.raises(UsageError, match=r"submitted_at must be a text in ISO 8601 with offset, such as .*, not "):
        session.grade(RIGHT, submitted_at=time)


def test_a_path_has_a_name_of_its_own(session, class_folder):
    with pytest.raises(UsageError, match="file_name is for a content"):
        session.grade(class_folder / "ada", file_name="small.py")


def test_a_folder_of_several_students_is_no_submission(session, class_folder):
    with pytest.raises(UsageError, match="submissions of 2 students; give the path of one"):
        session.grade(class_folder)


def test_what_is_not_there_is_named(course, session, tmp_path):
    with pytest.raises(UsageError, match="no such file or folder"):
        session.grade(tmp_path / "nowhere.py")
    with pytest.raises(UsageError, match="did you mean small"):
        grader.grade("smal", RIGHT, course=course)
    with pytest.raises(UsageError, match="no course at"):
        grader.grade("small", RIGHT, course=tmp_path)
    with pytest.raises(UsageError, match="holds no records"):
        grader.iter_results(tmp_path)


def test_all_that_is_public_is_there_and_sorted():
    assert sorted(grader.__all__) == grader.__all__
    for name in grader.__all__:
        assert getattr(grader, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'graed'"):
        _ = grader.graed


def test_importing_grader_imports_neither_numpy_nor_pytest():
    code = "import sys, grader; print({'numpy', 'pytest', 'msgspec'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "set()"


def test_the_package_is_marked_as_typed():
    assert (Path(grader.__file__).parent / "py.typed").is_file()
