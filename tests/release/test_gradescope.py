"""The autograder, run by its own scripts in a folder tree like Gradescope's, on submissions of every kind."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from grader import cli, gradescope_grading, manifest, records
from grader.api import open_session
from grader.release import gradescope, wheel

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
METADATA = {
    "id": 123456,
    "created_at": "2018-07-01T14:22:32.365935-07:00",
    "assignment": {"due_date": "2018-07-31T23:00:00.000000-07:00", "group_size": None, "title": "Small", "id": 25828},
    "submission_method": "upload",
    "users": [{"email": "ada@example.org", "id": 1234, "name": "Ada Lovelace", "sid": "4711"}],
    "previous_submissions": [],
}
# Behind a filter that lets the system calls in `denied` fail, as in a container: runs the command.
IN_A_CONTAINER = """
import errno, os, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in filter(None, sys.argv[1].split(",")):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.load()
os.execv("/bin/bash", ["bash", *sys.argv[2:]])
"""
NAMESPACES = "unshare,mount,setns,pivot_root,umount2"
LANDLOCK = "landlock_create_ruleset"


def make_course(root):
    """The course of tests/conftest.py; a fixture would be for one test only, and an installation takes seconds."""
    conftest = Path(__file__).parents[1] / "conftest.py"
    names = {}
    exec(compile(conftest.read_text(), conftest, "exec"), names)
    return names["course"].__wrapped__(root)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("gradescope"))


@pytest.fixture(scope="module")
def archive(course):
    return gradescope.release(manifest.load(course, "small"), course.parent / "autograder.zip")


def needed_packages(folder):
    """`folder` with all that is installed for these tests except grader, which setup.sh shall install."""
    for path in Path(np.__file__).parents[1].iterdir():
        if not path.name.startswith(("grader", "__editable__", "_editable")):
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def autograder(archive, tmp_path_factory):
    """/autograder after its setup.sh has run, without network: what grader needs is that of these tests."""
    folder = tmp_path_factory.mktemp("autograder")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder / "source")
    packages = str(needed_packages(tmp_path_factory.mktemp("packages")))
    done = subprocess.run(
        ["bash", folder / "source" / "setup.sh"],
        env={
            **os.environ,
            "AUTOGRADER": str(folder),
            "GRADER_PYTHON": sys.executable,
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PYTHONPATH": packages,
        },
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "sandbox: " in done.stdout
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "needed.pth").write_text(packages + "\n")
    return folder


@pytest.fixture
def run(autograder):
    """Hands something in and runs run_autograder; gives its exit code, results.json and all that it printed."""

    def run(files, *, metadata=METADATA, denied=""):
        for name in ("submission", "results"):
            shutil.rmtree(autograder / name, ignore_errors=True)
            (autograder / name).mkdir()
        for name, text in files.items():
            (autograder / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (autograder / "submission" / name).write_text(text)
        text = metadata if isinstance(metadata, str) else json.dumps(metadata)
        (autograder / "submission_metadata.json").write_text(text)
        done = subprocess.run(
            [sys.executable, "-c", IN_A_CONTAINER, denied, autograder / "source" / "run_autograder"],
            env={**os.environ, "AUTOGRADER": str(autograder)},
            cwd=autograder / "submission",
            capture_output=True,
            text=True,
            timeout=240,
        )
        return done.returncode, json.loads((autograder / "results" / "results.json").read_text()), done

    return run


def scores(found):
    return [(test["name"], test["score"], test["max_score"]) for test in found["tests"]]


def test_a_right_submission_gets_full_marks(run):
    code, found, done = run({"small.py": RIGHT})

    assert (code, done.stderr) == (0, "")
    assert scores(found) == [("double", 2, 2), ("add", 3, 3), ("double_sum", 5, 5)]
    assert found["score"] == 10
    assert found["extra_data"]["sandbox"] == "full"


def test_a_wrong_submission_loses_its_own_points_and_is_told_why(run):
    code, found, _ = run({"small.py": WRONG})

    assert code == 0
    assert scores(found) == [("double", 2, 2), ("add", 0, 3), ("double_sum", 5, 5)]
    assert "y is subtracted" in found["tests"][1]["output"]


def test_the_score_is_that_of_grading_here(run, course):
    _, found, _ = run({"small.py": WRONG})

    with open_session("small", course=course) as session:
        result = session.grade(WRONG, student="Ada Lovelace_4711")
    record = records.to_record(result)
    assert [e.score for e in record.exercises] == [test["score"] for test in found["tests"]]
    assert found["extra_data"]["suite_sha256"] == record.suite_sha256
    assert found["extra_data"]["sha256"] == record.submission.sha256


@pytest.mark.parametrize("files", [{}, {"small.py": ""}, {"other.txt": "hello"}, {"small.py/inner.py": "x = 1"}])
def test_nothing_to_grade_is_no_points_with_a_reason(run, files):
    code, found, _ = run(files)

    assert (code, found["score"]) == (0, 0)
    assert "Notes from reading the file" in found["output"]


def test_folders_beside_the_submission_are_no_other_students(run):
    _, found, _ = run({"small.py": RIGHT, "backup/small.py": WRONG, "old/small.py": ""})

    assert found["score"] == 10


HOSTILE = {
    "writes the results": """
import json, glob
for place in ("{results}", "/autograder/results/results.json", "results.json", "../results/results.json"):
    try:
        open(place, "w").write(json.dumps({{"score": 1000}}))
    except OSError:
        pass
""",
    "prints results and ends": """
import os
print('{{"score": 1000}}', flush=True)
os.write(1, b'{{"score": 1000}}')
os._exit(0)
""",
    "reads the reference": """
import glob
for path in ["{course}/solutions/small/small.py", *glob.glob("/autograder/source/course/solutions/*/*.py")]:
    try:
        exec(open(path).read())
    except OSError:
        pass
""",
    "replaces modules beside it": """
for name in ("sitecustomize.py", "grader.py", "numpy.py"):
    try:
        open(name, "w").write("raise SystemExit(0)")
    except OSError:
        pass
""",
}


@pytest.mark.parametrize(
    ("attack", "denied"),
    [*((attack, "") for attack in HOSTILE), ("writes the results", NAMESPACES), ("reads the reference", NAMESPACES)],
)
def test_a_hostile_submission_scores_nothing_by_it(run, autograder, attack, denied):
    text = HOSTILE[attack].format(
        results=autograder / "results" / "results.json", course=autograder / "source" / "course"
    )

    code, found, _ = run({"small.py": text, "numpy.py": "raise SystemExit(0)", "grader.py": "1/0"}, denied=denied)

    assert (code, found["score"]) == (0, 0)
    assert {test["score"] for test in found["tests"]} == {0}


def test_a_container_without_namespaces_gets_the_reduced_sandbox_and_says_so(run):
    code, found, _ = run({"small.py": RIGHT}, denied=NAMESPACES)

    assert (code, found["score"]) == (0, 10)
    assert found["extra_data"]["sandbox"] == "reduced"
    assert "Graded in a reduced sandbox." in found["output"]


def test_a_container_without_any_sandbox_is_our_fault_and_no_score(run):
    code, found, done = run({"small.py": RIGHT}, denied=f"{NAMESPACES},{LANDLOCK}")

    assert code == 4
    assert found.keys() == {"output", "output_format", "visibility", "stdout_visibility"}
    assert "not your fault" in found["output"]
    assert done.stderr.startswith("grader: not even a reduced sandbox works on this machine")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("metadata", ["", "{", "[]", '{"created_at": "yesterday"}'])
def test_broken_metadata_is_our_fault_and_no_score(run, metadata):
    code, found, done = run({"small.py": RIGHT}, metadata=metadata)

    assert code == 3
    assert "score" not in found
    assert "tests" not in found
    assert "submission_metadata.json cannot be used" in done.stderr


def test_a_folder_of_the_submission_that_is_gone_is_our_fault_and_no_score(run, autograder):
    run({})
    shutil.rmtree(autograder / "submission")

    code = gradescope_grading.main([str(autograder)])

    found = json.loads((autograder / "results" / "results.json").read_text())
    assert code == 3
    assert "score" not in found


def test_an_installation_that_is_gone_is_our_fault_and_no_score(run, autograder):
    (autograder / "venv").rename(autograder / "gone")
    try:
        code, found, _ = run({"small.py": RIGHT})
    finally:
        (autograder / "gone").rename(autograder / "venv")

    assert code != 0
    assert "not your fault" in found["output"]
    assert "score" not in found


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, None),
        ({"created_at": "2018-08-02T02:00:00.000000-07:00"}, "1 day 3 hours after the due date"),
        ({"created_at": "2018-08-02T02:00:00.000000-07:00", "assignment": {"due_date": None}}, None),
        (
            {
                "created_at": "2018-08-02T02:00:00.000000-07:00",
                "users": [{"name": "Ada", "email": "a@b.c", "assignment": {"due_date": "2018-08-02T01:58:00-07:00"}}],
            },
            "in 2 minutes after the due date",
        ),
    ],
)
def test_lateness_is_noted_by_the_student_s_own_due_date(run, changes, note):
    _, found, _ = run({"small.py": RIGHT}, metadata={**METADATA, **changes})

    assert found["score"] == 10
    assert (note or "Full marks") in found["output"]
    assert ("after the due date" in found["output"]) == (note is not None)


def test_it_is_this_grader_that_was_installed_there(autograder):
    code = "import grader, pathlib; p = pathlib.Path(grader.__file__); print(p, (p.parent / 'py.typed').is_file())"
    python = autograder / "venv" / "bin" / "python"

    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=60)

    path, typed = done.stdout.split()
    assert Path(path).is_relative_to(autograder / "venv")
    assert typed == "True"


def test_the_zip_has_its_scripts_on_top_and_keeps_the_secret_to_its_owner(archive):
    with zipfile.ZipFile(archive) as zipped:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in zipped.infolist()}

    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert modes["course/.grader-secret"] == 0o600
    assert "course/autograde_tests/small/test_add.py" in modes
    assert "course/solutions/small/small.py" in modes


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["small"], "Missing option '--out' (or '--gradescope', '--nbgrader')"),
        (
            ["small", "other", "--gradescope", "a.zip"],
            "--gradescope writes the autograder of one assignment; give one ID",
        ),
        (["smal", "--gradescope", "a.zip"], "unknown assignment smal; did you mean small?"),
        (["small", "--gradescope", "no/folder/a.zip"], "cannot write no/folder/a.zip: No such file or directory"),
    ],
)
def test_the_command_says_what_is_missing_and_writes_nothing(course, capsys, monkeypatch, arguments, sentence):
    monkeypatch.chdir(course)

    with pytest.raises(SystemExit) as ended:
        cli.main(["release", *arguments])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
    assert list(course.glob("*.zip")) == []


def test_equal_courses_give_equal_zips(course, tmp_path):
    first, again = (gradescope.release(manifest.load(course, "small"), tmp_path / name) for name in ("1.zip", "2.zip"))

    assert again.read_bytes() == first.read_bytes()


def test_the_wheel_lists_its_files_with_their_digests(tmp_path):
    name, content = wheel.build()
    (tmp_path / name).write_bytes(content)

    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", tmp_path / "there"]
    done = subprocess.run([*command, tmp_path / name], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there" / "bin" / "grader").is_file()
    assert (tmp_path / "there" / "grader" / "release" / "autograder" / "setup.sh").is_file()
