"""Gradebook and index of a class, and all pages written anew from the records."""

import shutil

import pytest

from grader import batch, classroom, manifest, records, submissions
from grader.errors import UsageError
from grader.model import SandboxMode
from grader.out_folder import prepare_out

RIGHT = "def double(x):\n    return 2 * x\n\n\ndef add(x, y):\n    return x + y\n"


@pytest.fixture
def graded(course, tmp_path):
    """OUT of a class of two."""
    for student in ("ada", "Zoë & co"):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "small.py").write_text(RIGHT)
    out = tmp_path / "out"
    plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)
    with prepare_out(out):
        batch.grade_class(plan, submissions.find(tmp_path / "class", "small"), out, jobs=1)
        classroom.write_overview(plan.assignment, out)
    return out


def content(out):
    return {
        path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file() and path.suffix != ".json"
    }


def test_report_gives_the_same_pages_again_and_leaves_the_records_alone(graded, course):
    before = content(graded)
    stamps = {path: path.stat().st_mtime_ns for path in (graded / "records").iterdir()}
    shutil.rmtree(graded / "feedback")
    (graded / "gradebook.csv").unlink()
    (graded / "index.html").write_text("old")

    reported = classroom.report(graded, course)

    assert content(graded) == before
    assert {path: path.stat().st_mtime_ns for path in (graded / "records").iterdir()} == stamps
    assert [record.student for record in reported] == ["Zoë & co", "ada"]


def test_report_needs_neither_submissions_nor_sandbox(graded, course, tmp_path, monkeypatch):
    shutil.rmtree(tmp_path / "class")
    monkeypatch.setattr("grader.sandbox.launch.find_bubblewrap", lambda: pytest.fail("a sandbox was started"))

    assert len(classroom.report(graded, course)) == 2


def test_a_folder_without_records_is_refused_and_nothing_is_made_in_it(course, tmp_path):
    (tmp_path / "submissions").mkdir()

    with pytest.raises(UsageError, match="submissions holds no records; grade into it first"):
        classroom.report(tmp_path / "submissions", course)

    assert list((tmp_path / "submissions").iterdir()) == []


def test_a_folder_whose_records_are_gone_is_refused(graded, course):
    for path in (graded / "records").iterdir():
        path.unlink()

    with pytest.raises(UsageError, match="out: the records should belong to one assignment; they belong to no assign"):
        classroom.report(graded, course)


def test_records_of_two_assignments_are_refused_by_name(graded, course):
    path = graded / "records" / "ada.json"
    path.write_text(path.read_text().replace('"assignment": "small"', '"assignment": "large"'))

    with pytest.raises(UsageError, match="they belong to large, small"):
        classroom.report(graded, course)


def test_records_of_an_assignment_that_the_course_lacks_are_refused(graded, course):
    for path in (graded / "records").iterdir():
        path.write_text(path.read_text().replace('"assignment": "small"', '"assignment": "smal"'))

    with pytest.raises(UsageError, match=r"unknown assignment smal; did you mean small\?"):
        classroom.report(graded, course)


def test_a_broken_record_is_named(graded, course):
    (graded / "records" / "ada.json").write_text("{")

    with pytest.raises(records.BrokenRecord, match=r"records/ada\.json is no record: .*; delete it and grade again"):
        classroom.report(graded, course)
