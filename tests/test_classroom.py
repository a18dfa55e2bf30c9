"""Gradebook and index of a class, and all pages written anew from the records."""

import shutil
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from grader import adjustments, batch, classroom, comparing, manifest, packaging, records, submissions
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


def test_the_class_page_shows_who_gave_the_same_wrong_answer(course, tmp_path):
    wrong = {
        "ada": "def add(x, y):\n    return x + y + 1\n",
        "bob": "def add(x, y):\n    return 1 - (-y - x)\n",
        "cy": "def add(x, y):\n    return x + y + 2\n",
    }
    for student, text in wrong.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "small.py").write_text(text)
    out = tmp_path / "out"
    plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)
    with prepare_out(out):
        batch.grade_class(plan, submissions.find(tmp_path / "class", "small"), out, jobs=1)
        classroom.write_overview(plan.assignment, out)

    page = (out / "index.html").read_text(encoding="utf-8")

    assert page.count('<article class="cluster">') == 1
    assert "the same answer from 2 students" in page
    assert "1 wrong answer that only one student gave is not listed" in page


def test_charts_that_cannot_be_drawn_leave_everything_as_it_was(graded, course, monkeypatch):
    before = content(graded)
    monkeypatch.setitem(sys.modules, "altair", None)

    with pytest.raises(UsageError, match=r"pip install 'grader\[dashboard\]'"):
        classroom.report(graded, course, is_interactive=True)

    assert content(graded) == before


def test_charts_are_put_into_the_class_page_when_asked_for(graded, course):
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    plain = (graded / "index.html").read_text(encoding="utf-8")

    classroom.report(graded, course, is_interactive=True)
    interactive = (graded / "index.html").read_text(encoding="utf-8")
    classroom.report(graded, course)

    assert 'id="charts"' in interactive
    assert (graded / "index.html").read_text(encoding="utf-8") == plain


LATE = """
[deadline]
due = 2026-12-01T23:59:00+01:00
penalty_percent = 10
[deadline.extensions]
adda = 2026-12-05T23:59:00+01:00
"""


@pytest.fixture
def regrade(course, tmp_path, monkeypatch):
    """Grades a class; students (name, time of submission) hand in first. Without any, nothing may be graded again."""
    out = tmp_path / "out"

    def grade(*students, keep_best=False):
        for student, time in students:
            folder = tmp_path / "class" / student / "small"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "small.py").write_text(RIGHT)
            (folder / "timestamp.txt").write_text(time)
        plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL, keep_best=keep_best)
        with prepare_out(out), monkeypatch.context() as patch:
            if not students:
                patch.setattr(batch, "process_lanes", lambda jobs: pytest.fail("something is graded again"))
            batch.grade_class(plan, submissions.find(tmp_path / "class", "small"), out, jobs=1)
            classroom.write_overview(plan.assignment, out)
        return {record.student: record for record in records.iterate(out)}

    return grade


def set_deadline(course, text):
    path = course / "autograde_tests" / "small" / "assignment.toml"
    path.write_text(path.read_text().partition("\n[deadline]")[0] + text)


def test_a_new_deadline_changes_scores_and_pages_and_grades_nothing_again(regrade, course, tmp_path):
    regrade(("ada", "2026-12-01 12:00:00 UTC"), ("bob", "2026-12-03 12:00:00 UTC"))
    shutil.copytree(tmp_path / "out", tmp_path / "before")
    set_deadline(course, LATE)

    late = regrade()

    assert (late["ada"].score, late["ada"].late) == (5, None)
    assert (late["bob"].raw_score, late["bob"].score, late["bob"].late.periods) == (5, 3, 2)
    assert "2 points taken off" in (tmp_path / "out" / "feedback" / "bob.html").read_text()
    (difference,) = comparing.compare(tmp_path / "before", tmp_path / "out").differences
    assert (difference.student, difference.exercise, difference.change) == ("bob", None, -2)
    assert difference.why.startswith("late: no deadline missed in A, 2 points off for 1 day 13 hours after 2026-12-01")


def test_what_was_graded_before_and_after_the_deadline_was_set_is_equal(regrade, course, tmp_path):
    bob = ("bob", "2026-12-03 12:00:00 UTC")
    regrade(bob)
    set_deadline(course, LATE)
    kept = records.normalized(regrade()["bob"])
    shutil.rmtree(tmp_path / "out")

    assert kept == records.normalized(regrade(bob)["bob"])


def test_report_applies_an_extension_and_a_roster(regrade, course, tmp_path):
    set_deadline(course, LATE)
    assert regrade(("ada", "2026-12-03 12:00:00 UTC"), ("bob", "2026-12-03 12:00:00 UTC"))["ada"].score == 3
    (tmp_path / "roster.csv").write_text("id,due\nbob,2026-12-03T12:00:00Z\ncarl,\n")
    set_deadline(course, LATE.replace("adda", "ada"))

    reported = classroom.report(tmp_path / "out", course, roster_file=tmp_path / "roster.csv")

    assert [record.score for record in reported] == [5, 5]
    assert classroom.notes(manifest.load(course, "small"), tmp_path / "out") == [
        "Not on the roster: ada",
        "On the roster and without a submission: carl",
    ]
    assert "carl,,,,,missing" in (tmp_path / "out" / "roster_status.csv").read_text()


def test_a_reporter_shows_the_scores_that_count_now_and_out_says_the_same(regrade, course, tmp_path):
    out = tmp_path / "out"
    regrade(("ada", "2026-12-03 12:00:00 UTC"), ("bob", "2026-12-03 12:00:00 UTC"))
    set_deadline(course, LATE)
    (tmp_path / "roster.csv").write_text("id,due\nbob,2026-12-03T12:00:00Z\ncarl,\n")

    classroom.report_with(["junit"], out, course, roster_file=tmp_path / "roster.csv")

    shown = {s: (out / "feedback" / f"{s}.junit.xml").read_text() for s in ("ada", "bob")}
    assert 'name="submission_score" value="3"' in shown["ada"]
    assert 'name="submission_score" value="5"' in shown["bob"]
    before = {path: data for path, data in content(out).items() if path.suffix != ".xml"}
    classroom.report(out, course)
    assert {path: data for path, data in content(out).items() if path.suffix != ".xml"} == before
    assert "ada,small,3,10" in before[Path("gradebook.csv")].decode()
    assert "carl,,,,,missing" in before[Path("roster_status.csv")].decode()


def test_a_roster_is_not_kept_where_another_assignment_is(graded, course, tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\n")
    other = msgspec.structs.replace(manifest.load(course, "small"), id="large")

    with pytest.raises(UsageError, match="out holds results of small; give another folder for those of large"):
        classroom.store_roster(other, graded, tmp_path / "roster.csv")

    assert not (graded / "roster.csv").exists()


def test_what_could_not_be_applied_is_noted(graded, course):
    set_deadline(course, LATE)

    assert classroom.notes(manifest.load(course, "small"), graded) == [
        "Time of submission unknown, so the deadline took nothing: Zoë & co, ada",
        "Extensions for names that nobody has: adda",
    ]


def test_keep_best_compares_the_scores_that_count(regrade, course, tmp_path):
    set_deadline(course, LATE)
    regrade(("bob", "2026-12-01 12:00:00 UTC"))

    kept = regrade(("bob", "2026-12-04 12:00:00 UTC"), keep_best=True)["bob"]

    assert (kept.score, kept.submission.submitted_at) == (5, "2026-12-01T12:00:00+00:00")
    assert regrade(keep_best=True)["bob"] == kept


def adjust(out, course, *, student="ada", exercise="double_sum", score="4.5", comment="the idea is right"):
    return classroom.adjust(out, course, student, exercise, score=score, comment=comment, by="prof")


def test_an_adjustment_changes_everything_at_once_and_holds_through_a_regrade(regrade, course, tmp_path):
    out = tmp_path / "out"
    regrade(("ada", "2026-12-01 12:00:00 UTC"))

    record = adjust(out, course)

    assert (record.raw_score, record.score, record.adjustments[0].by) == (5, 9.5, "prof")
    assert records.read(out / "records" / "ada.json") == record
    assert "set by prof" in (out / "feedback" / "ada.md").read_text()
    assert (out / "gradebook.csv").read_text().splitlines()[1].endswith(",2,3,4.5,5,0")
    again = regrade(("ada", "2026-12-01 13:00:00 UTC"))["ada"]
    assert again.submission.submitted_at == "2026-12-01T13:00:00+00:00"
    assert (again.score, again.adjustments) == (9.5, record.adjustments)


def test_an_adjustment_may_name_a_student_as_the_roster_does(graded, course):
    (graded / "roster.csv").write_text("id,accounts\n4711,ada\n")

    assert adjust(graded, course, student="4711").student == "ada"
    assert adjust(graded, course, student="4711", score=None, comment="").adjustments == ()


def test_a_removed_adjustment_leaves_the_score_of_the_tests_and_its_history(graded, course):
    before = records.read(graded / "records" / "ada.json")
    adjust(graded, course)

    after = adjust(graded, course, score=None, comment="")

    assert before == after
    assert [entry.score for entry in adjustments.load(graded)] == [4.5, None]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"student": "adda"}, r"there is no record of adda; did you mean ada\?"),
        ({"exercise": "dubble"}, r"small has no exercise dubble; did you mean double\?"),
        ({"score": "5.5"}, "the score must be a number from 0 to 5, "),
        ({"score": None}, "ada has no adjustment of double_sum that could be removed"),
    ],
)
def test_an_adjustment_of_what_is_not_there_changes_nothing(graded, course, facts, message):
    before = content(graded)

    with pytest.raises(UsageError, match=message):
        adjust(graded, course, **facts)

    assert content(graded) == before
    assert adjustments.load(graded) == ()


def test_a_package_of_the_class_holds_what_decides_scores_and_that_of_a_student_does_not(graded, course, tmp_path):
    (graded / "roster.csv").write_text("id,email\nada,ada@example.org\n")
    adjust(graded, course)

    (whole,) = packaging.package(graded, tmp_path / "class.zip")
    own = packaging.package(graded, tmp_path / "students", per_student=True)

    assert {"roster.csv", "adjustments.json"} <= names_in(whole)
    assert names_in(own[1]) == {"feedback.html", "feedback.md", "record.json", "manifest.json"}


def names_in(path):
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())
