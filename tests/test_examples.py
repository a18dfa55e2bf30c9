"""The demo class: every submission loses what it should, twice alike, and gets its mistake named."""

import tomllib
from pathlib import Path

import pytest

from grader import batch, classroom, manifest, records, submissions
from grader.model import SandboxMode
from grader.out_folder import prepare_out

COURSE = Path(__file__).resolve().parents[1]
EXPECTED = tomllib.loads((COURSE / "examples" / "expected.toml").read_text())


def grade_demo(out, jobs):
    plan = batch.Plan(manifest.load(COURSE, "deep_network"), b"demo", SandboxMode.FULL)
    references = submissions.find(COURSE / "examples" / "class", "deep_network")
    with prepare_out(out):
        graded = batch.grade_class(plan, references, out, jobs=jobs)
        classroom.write_overview(plan.assignment, out)
    return {record.student: record for record in graded}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    return out, grade_demo(out, 2)


def test_every_submission_has_an_expectation(demo):
    assert set(demo[1]) == set(EXPECTED)


@pytest.mark.parametrize("student", EXPECTED)
def test_a_submission_loses_what_it_should(demo, student):
    record = demo[1][student]

    lost = {
        exercise.exercise: "some" if exercise.score else "all"
        for exercise in record.exercises
        if exercise.score < exercise.max_score
    }

    assert record.status == "graded"
    assert lost == EXPECTED[student]["lost"]


@pytest.mark.parametrize("student", [student for student, facts in EXPECTED.items() if "named" in facts])
def test_the_mistake_is_named(demo, student):
    record = demo[1][student]

    keys = {f.key for exercise in record.exercises for test in exercise.tests for f in test.feedback}

    assert EXPECTED[student]["named"] in keys


def test_pages_for_everybody_and_the_class(demo):
    out, graded = demo

    assert (out / "index.html").is_file()
    for student in graded:
        assert (out / "feedback" / f"{student}.html").stat().st_size < 150_000
        assert (out / "feedback" / f"{student}.md").is_file()


def test_two_runs_differ_in_times_only(demo, tmp_path):
    out, first = demo

    second = grade_demo(tmp_path / "again", 1)

    assert (out / "gradebook.csv").read_bytes() == (tmp_path / "again" / "gradebook.csv").read_bytes()
    for student, record in first.items():
        assert records.normalized(record) == records.normalized(second[student])


def test_a_second_run_into_the_same_folder_grades_nothing_again(demo):
    out, _ = demo
    before = {path: path.stat().st_mtime_ns for path in (out / "records").iterdir()}

    grade_demo(out, 2)

    assert {path: path.stat().st_mtime_ns for path in (out / "records").iterdir()} == before
