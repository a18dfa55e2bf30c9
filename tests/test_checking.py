"""`grader check` in a folder that holds the hand-out and nothing else: no solution, no hidden test, no course above."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from grader import checking, manifest
from grader.errors import GraderError, UsageError
from grader.model import Outcome, SandboxMode, Status, Visibility
from grader.release import starter

COURSE = Path(__file__).resolve().parents[1]

RIGHT = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def add(x, y):
    return np.asarray(x) + y

def double_sum(x, y):
    return double(add(x, y))
"""


@pytest.fixture
def hand_out(course, tmp_path):
    """The folder of the assignment `small` as a learner gets it, in a place of its own."""
    assignment = manifest.load(course, "small")
    starter.build(assignment)
    folder = tmp_path / "learner" / "small"
    shutil.copytree(assignment.starter_folder, folder)
    shutil.rmtree(course)
    return folder


def check(folder, source=None, **options):
    if source is not None:
        (folder / "small.py").write_text(source)
    return checking.check(folder, **options)


def by_exercise(record):
    return {exercise.exercise: exercise for exercise in record.exercises}


def keys(exercise):
    return [f.key for test in exercise.tests for f in test.feedback]


def test_right_code_gets_full_marks(hand_out):
    record = check(hand_out, RIGHT)

    assert record.status is Status.GRADED
    assert record.score == record.max_score > 0
    assert record.sandbox is SandboxMode.NONE


def test_only_visible_tests_run(hand_out):
    record = check(hand_out, RIGHT)

    assert {test.visibility for e in record.exercises for test in e.tests} == {Visibility.VISIBLE}
    assert set(by_exercise(record)) == {"double", "add"}


def test_the_starter_code_is_told_that_it_is_not_written(hand_out):
    record = check(hand_out)

    assert record.score == 0
    assert {test.outcome for e in record.exercises for test in e.tests} == {Outcome.NOT_IMPLEMENTED}


@pytest.mark.parametrize(
    ("changed", "exercise", "key"),
    [
        (("np.asarray(x) + y", "np.asarray(x) - y"), "add", "subtracted"),
        (("2 * np.asarray(x)", "np.asarray(x) ** 2"), "double", "squared"),
    ],
)
def test_a_known_mistake_is_named_as_in_grading(hand_out, changed, exercise, key):
    record = check(hand_out, RIGHT.replace(*changed))

    assert keys(by_exercise(record)[exercise])[0] == key
    assert {e.exercise for e in record.exercises if e.score < e.max_score} == {exercise}


def test_an_unknown_mistake_shows_both_values_and_the_call(hand_out):
    record = check(hand_out, RIGHT.replace("np.asarray(x) + y", "np.asarray(x) + y + 0.5"))

    (test,) = by_exercise(record)["add"].tests
    assert "should be" in test.feedback[-1].rationale
    assert "from small import add" in test.reproduce


def test_what_lost_points_comes_with_its_lines_and_a_picture(hand_out):
    record = check(hand_out, RIGHT.replace("np.asarray(x) + y", "np.asarray(x) + y + 0.5"))

    add, double = by_exercise(record)["add"], by_exercise(record)["double"]
    assert [(piece.line, piece.text) for piece in add.code] == [
        (7, "def add(x, y):\n    return np.asarray(x) + y + 0.5")
    ]
    (picture,) = add.tests[0].pictures
    expected, actual = picture.arrays["expected"][0], picture.arrays["actual"][0]
    assert [a - e for e, a in zip(expected, actual, strict=True)] == pytest.approx([0.5] * len(expected), abs=1e-3)
    assert not double.code
    assert not double.tests[0].pictures


def test_an_endless_loop_costs_its_own_exercise(hand_out):
    record = check(hand_out, RIGHT.replace("return np.asarray(x) + y", "while True: pass"))

    assert {test.outcome for test in by_exercise(record)["add"].tests} == {Outcome.TIMED_OUT}
    assert by_exercise(record)["double"].score == by_exercise(record)["double"].max_score


def test_a_syntax_error_costs_its_own_function_and_names_the_line(hand_out):
    record = check(hand_out, RIGHT.replace("return np.asarray(x) + y", "return (np.asarray(x) + y"))

    assert by_exercise(record)["double"].score == by_exercise(record)["double"].max_score
    assert {test.outcome for test in by_exercise(record)["add"].tests} == {Outcome.NOT_IMPLEMENTED}
    assert any(note.key == "load_syntax_error" for note in record.notes)


def test_a_missing_function_is_named(hand_out):
    record = check(hand_out, RIGHT.replace("def add(", "def plus("))

    assert keys(by_exercise(record)["add"]) == ["missing"]


def test_an_exception_is_shown_with_its_text_and_line(hand_out):
    record = check(hand_out, RIGHT.replace("return np.asarray(x) + y", "raise ValueError('my own words')"))

    (test,) = by_exercise(record)["add"].tests
    assert test.outcome is Outcome.RAISED
    assert "ValueError: my own words in line 8" in test.feedback[0].rationale


def test_one_exercise_can_be_chosen(hand_out):
    assert set(by_exercise(check(hand_out, RIGHT, only=["add"]))) == {"add"}


def test_an_unknown_exercise_gets_the_nearest_name(hand_out):
    with pytest.raises(UsageError, match="did you mean double"):
        check(hand_out, RIGHT, only=["doubel"])


def test_a_file_can_be_given_from_anywhere(hand_out):
    (hand_out / "small.py").write_text(RIGHT)

    assert checking.check(hand_out / "small.py").score == checking.check(hand_out).score > 0


def test_a_folder_without_hand_out_says_where_to_go(tmp_path):
    with pytest.raises(UsageError, match=r"no assignment found here or above; .*assignment\.toml"):
        checking.check(tmp_path)


def test_a_hand_out_without_recording_is_incomplete(hand_out):
    (hand_out / "checks" / "recorded.json").unlink()

    with pytest.raises(UsageError, match=r"recorded\.json: .*get the hand-out again"):
        check(hand_out, RIGHT)


def test_a_broken_recording_is_named(hand_out):
    (hand_out / "checks" / "recorded.json").write_text("{")

    with pytest.raises(GraderError, match=r"recorded\.json: is no file of recorded answers"):
        check(hand_out, RIGHT)


def test_a_missing_file_of_the_learner_is_named(hand_out):
    (hand_out / "small.py").unlink()
    (hand_out / "small.ipynb").unlink(missing_ok=True)

    with pytest.raises(UsageError, match=r"holds no small\.py"):
        check(hand_out)


def test_a_visible_test_of_an_unknown_exercise_is_named(hand_out):
    path = hand_out / "checks" / "test_add.py"
    path.write_text(path.read_text().replace('exercise("add")', 'exercise("plus")').replace("'add'", "'plus'"))

    with pytest.raises(UsageError, match=r"test_add\.py::test_small_example: its exercise plus is not in"):
        check(hand_out, RIGHT)


@pytest.mark.parametrize("assignment_id", ["activations", "deep_network"])
def test_the_solution_passes_the_hand_out_of_our_own_course(tmp_path, assignment_id):
    folder = tmp_path / assignment_id
    shutil.copytree(COURSE / "assignments" / assignment_id, folder)
    shutil.copy(COURSE / "solutions" / assignment_id / f"{assignment_id}.py", folder)

    record = checking.check(folder)

    assert record.score == record.max_score


def saved(path, seconds_ago):
    """Say that `path` was written so long ago."""
    now = time.time()
    os.utime(path, (now - seconds_ago, now - seconds_ago))


def test_of_file_and_notebook_the_one_that_was_saved_last_is_checked(hand_out):
    notebook = hand_out / "small.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": RIGHT}]}))
    saved(hand_out / "small.py", 3600)

    worked_in_notebook = check(hand_out)
    saved(notebook, 7200)
    worked_in_file = check(hand_out)

    assert worked_in_notebook.score == worked_in_notebook.max_score
    assert [note.key for note in worked_in_notebook.notes] == ["check_newer_of_two"]
    assert (worked_in_file.score, worked_in_file.notes) == (0, ())


def test_a_hand_out_that_was_just_unpacked_is_checked_by_its_file(hand_out):
    saved(hand_out / "small.py", 3)
    saved(hand_out / "small.ipynb", 0)

    assert check(hand_out, RIGHT).submission.file == "small.py"
