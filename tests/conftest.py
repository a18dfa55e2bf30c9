"""A small course that many tests grade: three exercises, the third of which calls the other two."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOLUTION = '''\
# %% [markdown]
# # Three small functions
# %%
import numpy as np


# %%
def double(x):
    """Twice x, an array of any shape."""
    # BEGIN SOLUTION
    return 2 * np.asarray(x)
    # END SOLUTION


# %%
def add(x, y):
    """x + y, arrays of one shape."""
    # BEGIN SOLUTION
    return np.asarray(x) + y
    # END SOLUTION


# %%
def double_sum(x, y):
    """2(x + y), by the two functions above."""
    # BEGIN SOLUTION
    return double(add(x, y))
    # END SOLUTION
'''

MANIFEST = """\
title = "Three small functions"

[limits]
call_wall_seconds = 1.0

[exercises.double]
points = 2

[exercises.add]
points = 3

[exercises.double_sum]
points = 5
"""

MISCONCEPTIONS = """\
from grader.checks import misconception


@misconception("double", rationale="x is squared, not doubled.", help="Multiply by 2.")
def squared(x):
    return x**2


@misconception("add", rationale="y is subtracted.", help="Use +.")
def subtracted(x, y):
    return x - y
"""

TESTS = {
    "double": '''\
"""double: twice its argument."""

import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("double")


@pytest.mark.points(0.5)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """A vector of three numbers."""
    x = rng.normal(size=3)

    check_close(reference.double(x), student.double(x), name="double(x)")


@pytest.mark.points(1.5)
def test_matrix(student, reference, rng):
    """A matrix."""
    x = rng.normal(size=(3, 4))

    check_close(reference.double(x), student.double(x), name="double(x)")
''',
    "add": '''\
"""add: the sum of two arrays."""

import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("add")


@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two vectors."""
    x, y = rng.normal(size=(2, 3))

    check_close(reference.add(x, y), student.add(x, y), name="add(x, y)")
''',
    "double_sum": '''\
"""double_sum: the two other functions together."""

import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("double_sum")


def test_together(student, reference, rng):
    """Two vectors."""
    x, y = rng.normal(size=(2, 3))

    check_close(reference.double_sum(x, y), student.double_sum(x, y), name="double_sum(x, y)")
''',
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with the assignment `small`."""
    root = tmp_path / "course"
    tests = root / "autograde_tests" / "small"
    tests.mkdir(parents=True)
    (root / "solutions" / "small").mkdir(parents=True)
    (root / "solutions" / "small" / "small.py").write_text(SOLUTION)
    (root / "solutions" / "small" / "README.md").write_text("# Three small functions\n")
    (tests / "assignment.toml").write_text(MANIFEST)
    (tests / "misconceptions.py").write_text(MISCONCEPTIONS)
    for exercise, text in TESTS.items():
        (tests / f"test_{exercise}.py").write_text(text)
    return root


class Cluster:
    """A scheduler and workers, each a process; they listen on 127.0.0.1 only."""

    def __init__(self, folder):
        self.folder = folder
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(self._file))
        self.workers = []
        deadline = time.monotonic() + 60
        while not (self._file.is_file() and self._file.read_text().endswith("}")):
            assert time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.02)
        self.address = json.loads(self._file.read_text())["address"]
        assert self.address.startswith("tcp://127.0.0.1:")

    def _start(self, module, *options, environment=None):
        log = open(self.folder / "log", "ab")  # noqa: SIM115 — the child has it, too
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *options, "--host", "127.0.0.1", "--no-dashboard"],
                env={
                    **os.environ,
                    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
                    "OPENBLAS_NUM_THREADS": "1",
                    **(environment or {}),
                },
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def add_worker(self, *options, environment=None):
        scratch = self.folder / f"scratch-{len(self.workers)}"
        worker = self._start(
            *("dask_worker", self.address, "--nthreads", "1", "--local-directory", str(scratch), *options),
            environment=environment,
        )
        self.workers.append(worker)
        return worker

    def close(self):
        for process in (*self.workers, self.scheduler):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_for_workers(self, count):
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)


@pytest.fixture
def start_cluster(tmp_path):
    """Starts clusters, which end with the test."""
    started = []

    def start():
        folder = tmp_path / f"cluster-{len(started)}"
        folder.mkdir()
        started.append(Cluster(folder))
        return started[-1]

    yield start
    for cluster in started:
        cluster.close()
