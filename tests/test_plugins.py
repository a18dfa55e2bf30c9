"""Exporters and reporters of other packages, installed into a folder of their own and run by the command line."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from grader import records
from grader.errors import GraderError, UsageError
from grader.model import (
    ExerciseResult,
    Feedback,
    Outcome,
    SandboxMode,
    Status,
    SubmissionResult,
    TestResult,
    Visibility,
)
from grader.plugins import EXPORTERS, REPORTERS, Reporter, blaming

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "examples" / "prairielearn"


def install(site, pyproject, modules):
    """Put a package into `site` as an installer does: its modules, and its entry points beside them."""
    project = tomllib.loads(pyproject)["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    for name, text in modules.items():
        (site / name).write_text(text)


def plugin(name, points):
    """The pyproject.toml of a package with `points`, a table of entry points as text."""
    return f'[project]\nname = "{name}"\nversion = "1"\n{points}'


def exporter_points(**points):
    lines = "\n".join(f'{name} = "{target}"' for name, target in points.items())
    return f'[project.entry-points."grader.exporters"]\n{lines}\n'


def reporter_points(**points):
    return exporter_points(**points).replace("exporters", "reporters")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder for packages, on the path of this process."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def run(site, course, tmp_path):
    """Runs the command line with the packages in `site`; gives the finished process."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def result(student, *, score, status=Status.GRADED):
    test = TestResult(
        test="test_double.py::test_matrix",
        exercise="double",
        outcome=Outcome.PASSED if score else Outcome.FAILED,
        visibility=Visibility.HIDDEN,
        score=score,
        max_score=2,
        seconds=0.1,
        feedback=() if score else (Feedback("squared", "x is squared, not doubled.", "Multiply by 2."),),
    )
    return SubmissionResult(
        assignment="small",
        student=student,
        status=status,
        exercises=(ExerciseResult(exercise="double", tests=(test,)),) if status is Status.GRADED else (),
        max_score=2,
        file_name="small.py",
        sha256="0" * 64,
        submitted_at=None,
        suite_sha256="1" * 64,
        seed="2" * 64,
        sandbox=SandboxMode.FULL,
        environment={"python": "3"},
        error=None if status is Status.GRADED else "the disk is on fire",
    )


@pytest.fixture
def out(tmp_path):
    """An OUT folder with three records: full marks, none, and one without verdict."""
    from fractions import Fraction

    folder = tmp_path / "out"
    (folder / "records").mkdir(parents=True)
    records.write(folder, result("ada", score=Fraction(2)))
    records.write(folder, result("bob", score=Fraction(0)))
    records.write(folder, result("eve", score=Fraction(0), status=Status.GRADER_ERROR))
    return folder


# the example


@pytest.fixture
def example(site):
    name = "grader_prairielearn.py"
    install(site, (EXAMPLE / "pyproject.toml").read_text(), {name: (EXAMPLE / name).read_text()})


def check_results(text):
    """The results in `text`, which must have the fields that PrairieLearn documents, with their types."""
    found = json.loads(text)
    assert isinstance(found["gradable"], bool)
    if not found["gradable"]:
        assert found.keys() == {"gradable", "format_errors"}
        return found
    assert 0 <= found["score"] <= 1
    for test in found["tests"]:
        assert test.keys() <= {"name", "description", "points", "max_points", "message", "output", "images"}
        assert {"points", "max_points"} <= test.keys()
    return found


@pytest.mark.usefixtures("example")
def test_the_example_reports_every_student(run, out):
    done = run("report", out, "--reporter", "prairielearn")

    assert (done.returncode, done.stderr) == (0, "")
    ada, bob, eve = (
        check_results((out / "feedback" / f"{student}.prairielearn.json").read_text())
        for student in ("ada", "bob", "eve")
    )
    assert (ada["score"], ada["tests"][0]["points"], ada["tests"][0]["output"]) == (1, 2, "")
    assert (bob["score"], bob["tests"][0]["points"]) == (0, 0)
    assert "x is squared, not doubled." in bob["tests"][0]["output"]
    assert bob["message"] == "Three small functions: 0 of 2 points"
    assert eve["gradable"] is False
    assert done.stdout.split() == [str(out / "feedback" / f"{s}.prairielearn.json") for s in ("ada", "bob", "eve")]


@pytest.mark.usefixtures("example")
def test_the_example_exports_a_class(run, out, tmp_path):
    listed = run("export", "--help")
    done = run("export", "prairielearn", out, "--to", tmp_path / "pl")

    assert "prairielearn  One results.json a student, for PrairieLearn." in " ".join(listed.stdout.split(" " * 3))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{tmp_path / 'pl'}: 3 files\n")
    assert check_results((tmp_path / "pl" / "ada.json").read_text())["score"] == 1


@pytest.mark.usefixtures("example")
def test_options_of_an_exporter_are_those_of_the_command(run, out):
    helped = run("export", "prairielearn", "--help")
    missing = run("export", "prairielearn", out)

    assert re.search(r"--to DIR +The folder to write into\.  \[required\]", helped.stdout)
    assert missing.returncode == 2
    assert "Missing option '--to'" in missing.stderr


# plugins that do not work

BROKEN = {
    "raise RuntimeError('no licence')": "RuntimeError: no licence",
    "import something_that_nobody_has": "ModuleNotFoundError: No module named 'something_that_nobody_has'",
    "def f(:": "SyntaxError: ",
    "": "AttributeError: ",
}


@pytest.mark.parametrize(("source", "reason"), BROKEN.items())
def test_a_plugin_that_cannot_be_imported_is_named_and_breaks_no_help(site, run, out, source, reason):
    points = exporter_points(broken="broken_plugin:EXPORTER")
    install(site, plugin("broken-plugin", points), {"broken_plugin.py": source})

    helped, own_help, used = run("export", "--help"), run("export", "broken", "--help"), run("export", "broken", out)

    assert helped.returncode == own_help.returncode == 0
    assert "csv" in helped.stdout
    assert "broken-plugin cannot be imported" in " ".join(helped.stdout.split())
    assert used.returncode == 3
    assert used.stderr.startswith(f"grader: the exporter broken of broken-plugin cannot be imported: {reason}")
    assert len(used.stderr.splitlines()) == 1


def test_other_formats_work_beside_a_broken_one(site, run, out, tmp_path):
    install(site, plugin("broken-plugin", exporter_points(broken="nowhere:EXPORTER")), {})

    done = run("export", "csv", out, "--to", tmp_path / "scores.csv")

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "scores.csv").read_text().startswith("student,")


def test_an_object_of_another_class_is_no_plugin(site):
    install(site, plugin("odd-plugin", reporter_points(odd="odd_plugin:REPORTER")), {"odd_plugin.py": "REPORTER = 3"})

    with pytest.raises(GraderError, match=r"odd of odd-plugin is a int; .*grader\.plugins\.Reporter"):
        REPORTERS.load("odd")


def test_two_packages_with_one_name_are_both_named(site):
    for package in ("one-plugin", "two-plugin"):
        install(site, plugin(package, reporter_points(both="nowhere:REPORTER")), {})

    with pytest.raises(GraderError, match=r"one-plugin, two-plugin; uninstall all but one"):
        REPORTERS.load("both")


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(UsageError, match="no reporter is called jnuit; did you mean junit"):
        REPORTERS.load("jnuit")
    with pytest.raises(UsageError, match=r"no exporter is called x; there are .*csv"):
        EXPORTERS.load("x")


@pytest.mark.parametrize("suffix", ["xml", "", ".", "/../../x", ".a/b", ".x\n"])
def test_a_suffix_cannot_lead_out_of_the_folder(suffix):
    with pytest.raises(ValueError, match="suffix is like"):
        Reporter("A report.", suffix, lambda record, *, title: "")


def test_a_reporter_that_fails_is_named_and_writes_nothing(site, run, out):
    source = (
        "from grader.plugins import Reporter\n"
        "REPORTER = Reporter('Divides.', '.txt', lambda record, *, title: str(1 / 0))\n"
    )
    install(site, plugin("dividing-plugin", reporter_points(dividing="dividing:REPORTER")), {"dividing.py": source})

    done = run("report", out, "--reporter", "dividing")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "grader: the reporter dividing failed: ZeroDivisionError: division by zero\n"
    assert list((out / "feedback").iterdir()) == []


def test_errors_of_ours_pass_through_unchanged():
    with pytest.raises(UsageError, match=r"^give another file$"), blaming("the exporter x"):
        raise UsageError("give another file")


def test_several_reporters_write_side_by_side(run, out):
    done = run("report", out, "--reporter", "junit", "--reporter", "gradescope")

    assert done.returncode == 0
    assert sorted(p.name for p in (out / "feedback").glob("ada.*")) == ["ada.gradescope.json", "ada.junit.xml"]


def test_a_report_is_files_or_json(run, out):
    done = run("report", out, "--reporter", "junit", "--json")

    assert done.returncode == 2
    assert "give one of them" in done.stderr


def test_our_own_reporters_load_and_their_suffixes_differ():
    ours = [p.name for p in entry_points(group="grader.reporters") if p.dist is not None and p.dist.name == "grader"]
    suffixes = [REPORTERS.load(name).suffix for name in ours]

    assert {"html", "markdown", "junit", "gradescope"} <= set(ours)
    assert len(set(suffixes)) == len(suffixes)
