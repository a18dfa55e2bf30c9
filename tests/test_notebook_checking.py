"""`check` in a real notebook with a real kernel: the same verdict as `grader check`, as a cell's output."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.notebook_checking import check

COURSE = Path(__file__).resolve().parents[1]
RIGHT = "def relu(z):\n    return np.maximum(0, z)"


@pytest.fixture
def hand_out(tmp_path):
    return Path(shutil.copytree(COURSE / "assignments" / "activations", tmp_path / "activations"))


def run(hand_out, *cells):
    """The outputs of `cells`, run one after the other by a kernel in the folder of the hand-out."""
    notebook = new_notebook(
        cells=[new_code_cell(cell) for cell in ("import numpy as np", "from grader import check", *cells)]
    )
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(hand_out)}}).execute()
    return [cell.outputs for cell in notebook.cells[2:]]


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_verdict_follows_what_is_defined_so_far(hand_out):
    wrong = "def relu(z):\n    return np.abs(z)"
    outputs = run(hand_out, 'check("relu")', wrong, 'check("relu")', RIGHT, 'check("relu")')

    undefined, mistaken, right = (text(outputs[i][0].data["text/html"]) for i in (0, 2, 4))
    assert "There is no function relu" in undefined
    assert "✗ relu wrong result" in mistaken
    assert "Next: relu" in mistaken
    assert "All visible tests pass. The hidden tests check more" in " ".join(right.split())
    assert "✓ relu  correct" in outputs[4][0].data["text/plain"]


def test_a_known_mistake_is_named_and_a_line_of_the_cell_is_shown(hand_out):
    outputs = run(
        hand_out,
        "def sigmoid_derivative(z):\n    return z * (1 - z)\n\ndef tanh(z):\n    y = z\n    return undefined_name + y",
        'check("sigmoid_derivative", "tanh")',
    )

    said = text(outputs[1][0].data["text/html"])
    assert "Your function computes z * (1 - z)" in said
    assert "in line 6" in said
    assert "return undefined_name + y" in said


def test_an_endless_loop_ends_and_the_notebook_goes_on(hand_out):
    manifest = hand_out / "assignment.toml"
    manifest.write_text(manifest.read_text() + "\n[limits]\ncall_wall_seconds = 0.3\n")
    outputs = run(
        hand_out,
        "def relu(z):\n    while True:\n        pass",
        'check("relu")',
        "import threading\nprint([t.name for t in threading.enumerate() if t.name == 'grader-functions'])",
        RIGHT,
        'check("relu").is_full',
    )

    assert "ran out of time" in outputs[1][0].data["text/html"]
    assert outputs[2][0].text == "[]\n"
    assert outputs[4][0].data["text/plain"] == "True"


def test_checking_changes_nothing_in_the_notebook(hand_out):
    outputs = run(
        hand_out,
        RIGHT + "\nx = np.array([-1.0, 2.0])\nnp.random.seed(7)\nexpected = np.random.rand()\nnp.random.seed(7)",
        'verdict = check("relu")',
        "print(np.random.rand() == expected, x)",
    )

    assert outputs[2][0].text == "True [-1.  2.]\n"


@pytest.mark.parametrize("form", ["solutions", "assignments"])
def test_the_starter_notebook_runs_from_top_to_bottom(hand_out, form):
    path = COURSE / form / "activations" / "activations"
    notebook = nbformat.read(hand_out / "activations.ipynb", as_version=4)
    if form == "solutions":
        solution = path.with_suffix(".py").read_text()
        for cell in notebook.cells:
            name = re.match(r"def (\w+)", cell.source)
            if cell.cell_type == "code" and name:
                cell.source = re.search(rf"^def {name[1]}\(.*?(?=\n\n\n|\Z)", solution, re.MULTILINE | re.DOTALL)[0]

    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(hand_out)}}).execute()

    verdicts = [cell.outputs[0].data["text/html"] for cell in notebook.cells if cell.source.startswith("check(")]
    assert len(verdicts) == 8
    assert all(("All visible tests pass" in verdict) == (form == "solutions") for verdict in verdicts)


def test_outside_of_a_notebook_the_file_is_checked(hand_out):
    (hand_out / "activations.py").write_text(f"import numpy as np\n\n{RIGHT}\n")

    verdict = check("relu", path=hand_out)

    assert verdict.is_full
    assert "✓ relu" in repr(verdict)
