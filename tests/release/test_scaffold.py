"""A new assignment works as it stands, in a course that exists and in an empty folder."""

import subprocess
import sys

import pytest

from grader import manifest
from grader.errors import UsageError
from grader.release import starter
from grader.release.scaffold import scaffold


def grader(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120
    )


def test_new_build_check_and_grade_work_as_they_stand(tmp_path):
    for command in (["new", "week_3", "--course", "."], ["build"], ["build", "--check"]):
        done = grader(*command, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    solution = (tmp_path / "solutions/week_3/week_3.py").read_bytes()
    submission = tmp_path / "submissions" / "ada" / "week_3.py"
    submission.parent.mkdir(parents=True)
    submission.write_bytes(solution)

    stub = grader("check", cwd=tmp_path / "assignments/week_3")
    right = grader("check", submission.parent, cwd=tmp_path / "assignments/week_3")
    graded = grader("grade", "submissions", "--assignment", "week_3", "--out", "out", cwd=tmp_path)

    assert (stub.returncode, "double is still the stub" in stub.stdout) == (1, True)
    assert right.returncode == 2  # there is no hand-out above a submission
    assert graded.returncode == 0
    assert "ada,week_3,2,2,graded" in (tmp_path / "out/gradebook.csv").read_text()


def test_the_misconception_of_the_scaffold_is_named(course):
    scaffold(course, "week_3")
    assignment = manifest.load(course, "week_3")

    assert "squared" in starter.generate(assignment)["checks/recorded.json"].decode()


@pytest.mark.parametrize("bad", ["", "Week", "3rd", "a-b", "a/b", "..", "ä", "a" * 61])
def test_an_id_that_names_no_python_file_is_refused(course, bad):
    with pytest.raises(UsageError, match="cannot be the id of an assignment"):
        scaffold(course, bad)


def test_an_assignment_that_exists_is_left_alone(course):
    before = (course / "solutions/small/small.py").read_bytes()

    with pytest.raises(UsageError, match="exists already"):
        scaffold(course, "small")

    assert (course / "solutions/small/small.py").read_bytes() == before
