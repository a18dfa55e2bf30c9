"""A hand-out is complete, unpacks alike from folder and zip, and is refused when it holds what it must not."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader import manifest
from grader.course import assignment_ids
from grader.errors import GraderError, UsageError
from grader.release import hand_out, starter

COURSE = Path(__file__).resolve().parents[2]
# Statements of three functions that are long enough to be told from what stands in many a text.
SOLUTION_LINES = "total = np.asarray(x) + np.asarray(y)"
HIDDEN_LINES = 'check_close(reference.double(x), student.double(x), name="double of a matrix")'


@pytest.fixture
def assignment(course):
    path = course / "solutions/small/small.py"
    path.write_text(path.read_text().replace("return np.asarray(x) + y", f"{SOLUTION_LINES}\n    return total"))
    path = course / "autograde_tests/small/test_double.py"
    text = path.read_text()
    last = text.rindex("check_close(")
    path.write_text(f"{text[:last]}{HIDDEN_LINES}\n")
    return manifest.load(course, "small")


@pytest.mark.parametrize("assignment_id", assignment_ids(COURSE))
def test_our_own_assignments_give_nothing_away(assignment_id):
    loaded = manifest.load(COURSE, assignment_id)

    assert hand_out.find_leaks(loaded, starter.generate(loaded)) == []


def test_folder_and_zip_hold_the_same_files(assignment, tmp_path):
    folder, archive = hand_out.release(assignment, tmp_path / "out")

    with zipfile.ZipFile(archive) as zipped:
        packed = {name: zipped.read(name) for name in zipped.namelist()}
    assert packed == {f"small/{p.relative_to(folder)}": p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert {"small/small.py", "small/small.ipynb", "small/checks/recorded.json"} < set(packed)


def test_the_same_course_gives_the_same_zip(assignment, tmp_path):
    _, first = hand_out.release(assignment, tmp_path / "one")
    _, second = hand_out.release(assignment, tmp_path / "two")

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("line", [SOLUTION_LINES, HIDDEN_LINES, "return x * x * x  # a cube in place of twice"])
@pytest.mark.parametrize("name", ["small.py", "notes.txt", "data/extra.json", "small.ipynb"])
def test_a_line_of_solution_hidden_test_or_misconception_is_found(assignment, name, line):
    path = assignment.tests_folder / "misconceptions.py"
    path.write_text(path.read_text().replace("return x**2", "return x * x * x  # a cube in place of twice"))
    contents = starter.generate(assignment)
    if name.endswith(".ipynb"):
        notebook = json.loads(contents[name])
        notebook["cells"][0]["source"] = ["# as I said:\n", f"   {line}"]
        contents[name] = json.dumps(notebook).encode()
    elif name.endswith(".json"):
        contents[name] = json.dumps({"deep": [{"text": line}]}).encode()
    else:
        contents[name] = contents.get(name, b"") + f"\n\t{line}\n".encode()

    (leak,) = hand_out.find_leaks(assignment, contents)

    assert leak.startswith(f"{name} holds a line of")


def test_nothing_is_written_when_something_leaks(assignment, tmp_path, monkeypatch):
    contents = {**starter.generate(assignment), "answers.txt": SOLUTION_LINES.encode()}
    monkeypatch.setattr(starter, "generate", lambda _: contents)

    with pytest.raises(GraderError, match=r"small is not released: answers\.txt holds a line of the solution: total"):
        hand_out.release(assignment, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(assignment, tmp_path):
    (tmp_path / "out" / "small").mkdir(parents=True)
    (tmp_path / "out" / "small" / "mine.txt").write_text("work of a week")

    with pytest.raises(UsageError, match="is not empty"):
        hand_out.release(assignment, tmp_path / "out")

    assert (tmp_path / "out" / "small" / "mine.txt").read_text() == "work of a week"


def test_an_unpacked_zip_is_all_that_grader_check_needs(assignment, tmp_path):
    _, archive = hand_out.release(assignment, tmp_path / "out")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(tmp_path / "home")
    file = tmp_path / "home" / "small" / "small.py"
    file.write_text("def double(x):\n    return x**2\n\ndef add(x, y):\n    return x + y\n")

    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", "--json", "."],
        cwd=file.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )

    record = json.loads(done.stdout)
    (double, add) = record["exercises"]
    assert done.returncode == 1
    assert double["tests"][0]["feedback"][0]["key"] == "squared"
    assert add["score"] == add["max_score"]
