"""The course is one on which the real nbgrader works, without warnings, and its release gives nothing away."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest

from grader import cli, manifest, nbgrader_cells
from grader.course import assignment_ids
from grader.errors import GraderError, ManifestError, UsageError
from grader.model import Exercise
from grader.release import hand_out, nbgrader_course
from grader.release.nbgrader_notebook import release_notebook, source_notebook

COURSE = Path(__file__).resolve().parents[2]
NOT_OF_THE_COURSE = (
    "Kernel is running over TCP without encryption",  # said of every kernel, whatever the notebook
    "SAWarning: Object of type <Submitted",  # of what nbgrader itself does in add_submission
)
# One cell with two functions to write, one with a method, and a name that nbgrader's ids cannot hold.
SEVERAL = """\
# %%
def double(x):
    # BEGIN SOLUTION
    y = 2 * x
    # END SOLUTION
    return y


def größe(x):
    if x is not None:
        # BEGIN SOLUTION
        # a comment is no hint either
        return abs(x)
        # END SOLUTION


# %%
class Helper:
    def step(self):
        # BEGIN SOLUTION
        return 1
        # END SOLUTION
"""


def make_course(root):
    """The course of tests/conftest.py; a fixture would be for one test only, and nbgrader takes seconds."""
    conftest = Path(__file__).parents[1] / "conftest.py"
    names = {}
    exec(compile(conftest.read_text(), conftest, "exec"), names)
    return names["course"].__wrapped__(root)


class Nbgrader:
    """An nbgrader course, and nbgrader itself as it runs there."""

    def __init__(self, folder):
        self.folder = folder
        self.said = ""

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # it calls alembic
                "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
                "IPYTHONDIR": str(self.folder / "ipython"),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        self.said += done.stdout + done.stderr
        return done.stdout + done.stderr

    def hand_in(self, student, step):
        """Submit the notebook of `source` or `release`."""
        folder = self.folder / "submitted" / student / "small"
        folder.mkdir(parents=True)
        text = (self.folder / step / "small" / "small.ipynb").read_bytes()
        (folder / "small.ipynb").write_bytes(text)
        (folder / "timestamp.txt").write_text("2026-02-02 15:58:23.948203 UTC")


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A released course through all of nbgrader's commands; `ours` is our release, `scores` its CSV."""
    course = make_course(tmp_path_factory.mktemp("nbgrader"))
    (course / "solutions/small/data").mkdir()
    (course / "solutions/small/data/table.csv").write_text("1,2\n")
    nbgrader = Nbgrader(course.parent / "deep-learning")
    nbgrader_course.release(manifest.load(course, "small"), nbgrader.folder)
    (nbgrader.folder / "release").rename(nbgrader.folder / "ours")
    nbgrader.run("generate_assignment", "small")
    nbgrader.validated = {step: nbgrader.run("validate", f"{step}/small/small.ipynb") for step in ("source", "release")}
    nbgrader.hand_in("ada", "source")
    nbgrader.hand_in("bob", "release")
    nbgrader.run("autograde", "small")
    nbgrader.run("generate_feedback", "small")
    nbgrader.run("export", "--to", "scores.csv")
    nbgrader.scores = (nbgrader.folder / "scores.csv").read_text()
    return nbgrader


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_release_is_byte_for_byte_what_generate_assignment_makes(used):
    ours = files(used.folder / "ours")

    assert ours == files(used.folder / "release")
    assert {"small/small.ipynb", "small/checks/recorded.json", "small/data/table.csv", "small/README.md"} <= set(ours)


def test_no_command_of_nbgrader_warns(used):
    warnings = [line for line in used.said.splitlines() if re.search(r"WARN|ERROR|Warning", line)]

    assert [line for line in warnings if not any(known in line for known in NOT_OF_THE_COURSE)] == []


def test_validate_tells_a_learner_by_the_visible_tests(used):
    assert "Success! Your notebook passes all the tests." in used.validated["source"]
    assert "VALIDATION FAILED ON 2 CELL(S)" in used.validated["release"]
    assert "AssertionError:  ✗ double  not written yet" in used.validated["release"]


def test_autograde_gives_points_by_the_visible_tests(used):
    rows = [line.split(",") for line in used.scores.splitlines()[1:]]

    # An exercise without a visible test (double_sum, 5 points) is full for nbgrader, which is why ours is exported.
    assert [(row[3], row[7], row[10]) for row in rows] == [("ada", "10.0", "10.0"), ("bob", "5.0", "10.0")]


def test_metadata_and_checksums_are_those_of_nbgrader(used):
    from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
    from nbgrader.utils import compute_checksum

    for step in ("source", "ours"):
        notebook = nbformat.read(used.folder / step / "small" / "small.ipynb", as_version=4)
        known = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]

        MetadataValidatorV3().validate_nb(notebook)
        assert [cell.metadata.nbgrader.checksum for cell in known] == [compute_checksum(cell) for cell in known]
        assert {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.get("points") for cell in known} == {
            "double": None,
            "double-tests": 2,
            "add": None,
            "add-tests": 3,
            "double_sum": None,
            "double_sum-tests": 5,
        }


def test_the_config_names_the_course_after_its_folder(used):
    assert 'course_id = "deep-learning"' in (used.folder / "nbgrader_config.py").read_text()


@pytest.mark.parametrize("assignment_id", assignment_ids(COURSE))
def test_the_releases_of_our_own_assignments_give_nothing_away(assignment_id):
    loaded = manifest.load(COURSE, assignment_id)
    solution = loaded.solution_file.read_text(encoding="utf-8")

    source = source_notebook(solution, loaded.exercises, origin="it")

    assert hand_out.find_leaks(loaded, {"it.ipynb": release_notebook(source).encode()}) == []
    assert hand_out.find_leaks(loaded, {"it.ipynb": source.encode()}) != []


def test_a_release_that_holds_a_line_of_the_solution_is_not_written(course, tmp_path):
    line = "total = np.asarray(x) + np.asarray(y)"
    path = course / "solutions/small/small.py"
    path.write_text(path.read_text().replace("return np.asarray(x) + y", f"{line}\n    return total"))
    (course / "solutions/small/data").mkdir()
    (course / "solutions/small/data/hints.txt").write_text(line)

    with pytest.raises(GraderError, match=r"data/hints\.txt holds a line of the solution"):
        nbgrader_course.release(manifest.load(course, "small"), tmp_path / "nbgrader")

    assert not (tmp_path / "nbgrader").exists()


def test_a_second_release_adds_to_the_course_and_leaves_its_config_alone(course, tmp_path):
    target = tmp_path / "nbgrader"
    (target / "release" / "other").mkdir(parents=True)
    (target / "nbgrader_config.py").write_text("c = get_config()\n")

    made = nbgrader_course.release(manifest.load(course, "small"), target)

    assert made == [target / "source" / "small", target / "release" / "small"]
    assert (target / "nbgrader_config.py").read_text() == "c = get_config()\n"
    with pytest.raises(UsageError, match="source/small is not empty; name another course, or remove the folder"):
        nbgrader_course.release(manifest.load(course, "small"), target)


def test_a_course_that_cannot_be_written_is_named(course, tmp_path):
    (tmp_path / "nbgrader").write_text("")

    with pytest.raises(UsageError, match=r"cannot write .*/nbgrader: "):
        nbgrader_course.release(manifest.load(course, "small"), tmp_path / "nbgrader")


def test_the_command_prints_what_it_made(course, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(course)

    with pytest.raises(SystemExit) as ended:
        cli.main(["release", "small", "--nbgrader", str(tmp_path / "nbgrader")])

    assert ended.value.code == 0
    printed = capsys.readouterr().out.split()
    assert [Path(line).relative_to(tmp_path).as_posix() for line in printed] == [
        "nbgrader/source/small",
        "nbgrader/release/small",
        "nbgrader/nbgrader_config.py",
    ]


@pytest.fixture
def several():
    """The exercises of SEVERAL."""
    return [Exercise(name=name, points=Fraction(3, 2)) for name in ("double", "größe")]


def test_cells_with_several_functions_and_other_letters_have_ids(several):
    notebook = json.loads(source_notebook(SEVERAL, several, origin="it"))

    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"]]
    assert ids == ["double--gr-u0000f6-u0000dfe", "double-tests", "gr-u0000f6-u0000dfe-tests", "Helper"]
    assert all(re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id) for grade_id in ids)
    assert [nbgrader_cells.answer_cell_of(name, ids) for name in ("double", "größe", "other")] == [ids[0], ids[0], None]


def test_every_region_becomes_a_stub_of_its_indentation(several):
    released = nbformat.reads(release_notebook(source_notebook(SEVERAL, several, origin="it")), as_version=4)

    assert released.cells[0].source.split("\n") == [
        "def double(x):",
        "    # YOUR CODE HERE",
        "    raise NotImplementedError()",
        "    return y",
        "",
        "",
        "def größe(x):",
        "    if x is not None:",
        "        # YOUR CODE HERE",
        "        raise NotImplementedError()",
    ]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            "# %% [markdown]\n# How to BEGIN SOLUTION regions\n",
            "it: 'How to BEGIN SOLUTION regions' holds BEGIN SOLUTION",
        ),
        (
            "# %%\nx = 1  # AUTOTEST x\n",
            "it: 'x = 1  # AUTOTEST x' holds AUTOTEST, a mark of nbgrader; say it otherwise",
        ),
        ("# %%\n### BEGIN HIDDEN TESTS\n", "holds BEGIN HIDDEN TESTS"),
        (f"# %%\n{SEVERAL.partition('class')[0].partition('%%')[2]}", "it: two cells define double--"),
    ],
)
def test_what_nbgrader_would_read_otherwise_is_refused(several, cell, sentence):
    with pytest.raises(ManifestError, match=re.escape(sentence)):
        source_notebook(f"{SEVERAL}\n{cell}", several, origin="it")
