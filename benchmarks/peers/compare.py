"""Seconds a submission of other graders beside ours, on the same assignment, tests and submissions, in one run.

    python benchmarks/peers/compare.py [--venvs FOLDER] [--submissions 4] [--rounds 5] [--only nbgrader otter …]

Each peer lives in a virtual environment of its own below --venvs, which is made and filled where it is missing (a
gigabyte for all; a temporary folder by default). In each round every grader takes its turn; printed are medians over
the rounds, and the ratio of CPU seconds within a round. Ours grades 25 times as many submissions, so that its start
counts as it does for a class; the peers' starts count for few, so their calls for one student each are slower still.
All submissions end by themselves: none of the peers has a wall.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from class_of import ASSIGNMENT, make_class  # noqa: E402 — beside this folder
from costs import cost_of  # noqa: E402

OURS = "grader grade"
PACKAGES = {
    "nbgrader": ["nbgrader"],
    "otter": ["otter-grader"],
    "gradescope": ["gradescope-utils"],
    "pytest": ["pytest"],
}
MORE_OF_OURS = 25
_NAMES = """
import peer_checks
print("\\n".join(peer_checks.tests()))
"""
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "peers"
c.ClearSolutions.enforce_metadata = False
c.ExecutePreprocessor.timeout = 60
"""

Cost = tuple[float, float]  # CPU and wall seconds


class Peers:
    """The virtual environments and one folder with everything the peers read."""

    def __init__(self, venvs: Path, folder: Path, count: int) -> None:
        self._venvs = venvs
        self.folder = folder
        self.environment = {
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "GRADER_COURSE": str(ROOT),
            "GRADER_SECRET": "benchmark",
            "PYTHONPATH": str(HERE),
            "JUPYTER_PREFER_ENV_PATH": "1",
        }
        make_class(folder / "few", count, peaceful=True)
        self.files = sorted((folder / "few").glob(f"*/{ASSIGNMENT}.py"))
        self.count = len(self.files)
        for i in range(MORE_OF_OURS):
            for file in self.files:
                target = folder / "many" / f"{file.parent.name}-{i}" / file.name
                target.parent.mkdir(parents=True)
                target.write_text(f"{file.read_text(encoding='utf-8')}\n# {i}\n", encoding="utf-8")

    def python(self, name: str) -> str:
        """The interpreter of a peer, whose environment is made where it is missing."""
        python = self._venvs / name / "bin" / "python"
        if not python.exists():
            venv.create(self._venvs / name, with_pip=True)
            install = [str(python), "-m", "pip", "install", "-q", *PACKAGES[name], "numpy", "pytest", "msgspec"]
            subprocess.run([*install, "ipykernel", str(ROOT)], check=True)
        return str(python)

    def call(self, name: str, *command: str, cwd: Path | None = None) -> Cost:
        """The cost of one command in the environment of a peer; exits when it fails."""
        path = f"{Path(self.python(name)).parent}{os.pathsep}{os.environ['PATH']}"
        return measure([*command], cwd or self.folder, {**self.environment, "PATH": path})

    def test_names(self) -> list[str]:
        """The names of all hidden tests."""
        done = subprocess.run(
            [sys.executable, "-c", _NAMES], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout.split()


def measure(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """CPU and wall seconds of a process and all that it starts."""
    cost = cost_of(command, folder, environment)
    return cost.cpu_seconds, cost.wall_seconds


def sum_of(costs: list[Cost]) -> Cost:
    """All of them, one after the other."""
    return sum(cpu for cpu, _ in costs), sum(wall for _, wall in costs)


def cells(file: Path) -> list[str]:
    """The code cells of a submission in percent format."""
    import jupytext

    notebook = jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def write_notebook(path: Path, code: list[str], graded: list[tuple[str, str]] = ()) -> None:  # type: ignore[assignment]
    """A notebook with the cells `code` and a locked test cell for every (id, source) of `graded`."""
    import nbformat.v4 as v4

    notebook = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [v4.new_code_cell(source) for source in code]
    for name, source in graded:
        facts = {"grade": True, "grade_id": name, "locked": True, "points": 1, "schema_version": 3}
        cell = v4.new_code_cell(source, metadata={"nbgrader": {**facts, "solution": False, "task": False}})
        notebook.cells.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def ours(peers: Peers, folder: Path) -> Cost:
    """`grader grade`, one job, with feedback, records and gradebook."""
    command = [sys.executable, "-m", "grader", "grade", "many", "--assignment", ASSIGNMENT, "--course", str(ROOT)]
    cpu, wall = measure([*command, "--out", str(folder / "out"), "--jobs", "1"], peers.folder, peers.environment)
    return cpu / MORE_OF_OURS, wall / MORE_OF_OURS


def nbgrader(peers: Peers, folder: Path) -> Cost:
    """`nbgrader autograde` of all at once, then `generate_feedback`."""
    graded = [(name, f"import peer_checks\npeer_checks.run({name!r}, globals())") for name in peers.test_names()]
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    write_notebook(folder / "source" / "peer" / "peer.ipynb", ["# your code"], graded)
    for file in peers.files:
        write_notebook(folder / "submitted" / file.parent.name / "peer" / "peer.ipynb", cells(file), graded)
    peers.call("nbgrader", "nbgrader", "generate_assignment", "peer", cwd=folder)
    graded_cost = peers.call("nbgrader", "nbgrader", "autograde", "peer", cwd=folder)
    done = len(list((folder / "autograded").glob("*/peer/peer.ipynb")))
    if done != peers.count:
        raise SystemExit(f"nbgrader graded {done} of {peers.count} submissions")
    return sum_of([graded_cost, peers.call("nbgrader", "nbgrader", "generate_feedback", "peer", cwd=folder)])


def otter(peers: Peers, folder: Path) -> Cost:
    """`otter run` of each, as its containers do."""
    lines = ["from otter.test_files import test_case", "OK_FORMAT = False", 'name = "hidden"', "points = None"]
    for name in peers.test_names():
        lines += ["", "@test_case(points=1, hidden=False)", f"def test_{name}(env):"]
        lines += ["    import peer_checks", f"    peer_checks.run({name!r}, env)"]
    for name in ("tests", "results"):
        (folder / name).mkdir()
    (folder / "tests" / "hidden.py").write_text("\n".join(lines) + "\n")
    generate = ("otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")
    peers.call("otter", *generate, cwd=folder)
    costs = []
    for file in peers.files:
        notebook = folder / f"{file.parent.name}.ipynb"
        write_notebook(notebook, cells(file))
        run = ("otter", "run", notebook.name, "-a", "autograder.zip", "-o", "results")
        costs.append(peers.call("otter", *run, cwd=folder))
    return sum_of(costs)


def gradescope(peers: Peers, folder: Path) -> Cost:
    """A process with the runner of gradescope-utils for each."""
    script = str(HERE / "with_gradescope.py")
    return sum_of(
        [peers.call("gradescope", "python", script, str(file), str(folder / "results.json")) for file in peers.files]
    )


def pytest(peers: Peers, folder: Path) -> Cost:
    """A fresh pytest process for each."""
    script = str(HERE.parent / "pytest_alone.py")
    return sum_of([peers.call("pytest", "python", script, str(ROOT), ASSIGNMENT, str(file)) for file in peers.files])


WAYS: dict[str, Callable[[Peers, Path], Cost]] = {
    OURS: ours,
    "pytest": pytest,
    "gradescope": gradescope,
    "nbgrader": nbgrader,
    "otter": otter,
}


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venvs", type=Path, help="where virtual environments are, or are made; kept afterwards")
    parser.add_argument("--submissions", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=list(PACKAGES), default=list(PACKAGES))
    options = parser.parse_args()
    ways = [OURS, *(way for way in WAYS if way in options.only)]
    rounds: list[dict[str, Cost]] = []
    with tempfile.TemporaryDirectory(prefix="grader-peers-") as name:
        peers = Peers(options.venvs or Path(name) / "venvs", Path(name), options.submissions)
        for way in ways[1:]:
            peers.python(way)
        for _ in range(options.rounds):
            costs = {}
            for way in ways:
                folder = Path(name) / "round"
                folder.mkdir()
                cpu, wall = WAYS[way](peers, folder)
                costs[way] = (cpu / peers.count, wall / peers.count)
                shutil.rmtree(folder)
            rounds.append(costs)
        print(f"{peers.count} submissions of {ASSIGNMENT} ({MORE_OF_OURS} times as many for us), {len(rounds)} rounds")
    print(f"{'seconds a submission':24}{'CPU':>8}{'wall':>8}{'CPU / ours':>12}")
    for way in ways:
        cpu, wall = (statistics.median(costs[way][i] for costs in rounds) for i in (0, 1))
        ratio = statistics.median(costs[way][0] / costs[OURS][0] for costs in rounds)
        print(f"{way:24}{cpu:8.3f}{wall:8.3f}{ratio:12.1f}")


if __name__ == "__main__":
    main()
