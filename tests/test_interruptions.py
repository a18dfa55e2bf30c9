"""`kill -9` of any process at any moment: the next run gives the gradebook of a run that was left alone, byte for byte.

Rounds are drawn from a seed. GRADER_INTERRUPTIONS=500 makes more of them, GRADER_INTERRUPTIONS_SEED=7 others.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import classroom, manifest, records
from grader.errors import SandboxError
from grader.model import SandboxMode, Submission
from grader.sandbox.client import Sandbox
from grader.session import hidden_session

ROUNDS = int(os.environ.get("GRADER_INTERRUPTIONS", "30"))
SEED = int(os.environ.get("GRADER_INTERRUPTIONS_SEED", "1"))
DASK_SHARE = 5  # of so many rounds one is on a cluster

RIGHT = (
    "def double(x):\n    return 2 * x\n\n\ndef add(x, y):\n    return x + y\n\n\n"
    "def double_sum(x, y):\n    return double(add(x, y))\n"
)
CLASS = {
    **{
        f"slow{i}": RIGHT.replace("def double(x):\n", "def double(x):\n    import time; time.sleep(0.04)\n")
        for i in "ab"
    },
    **{f"right{i}": f"{RIGHT}# {i}\n" for i in range(4)},
    "wrong": RIGHT.replace("x + y", "x - y"),
    "unwritten": "x = 1\n",
    "crashing": RIGHT.replace("return x + y", "import os; os._exit(3)"),
    "empty": "",
}


DEADLINE = """
[deadline]
due = 2026-12-01T12:00:00Z
penalty_percent = 10
[deadline.extensions]
right0 = 2026-12-04T12:00:00Z
"""


class Runs:
    """Runs of `grader grade` on one class, into one OUT. handed_in: when, in the manner of nbgrader."""

    def __init__(self, folder, course, *, handed_in=None):
        self.folder = folder
        self.out = folder / "out"
        for student, source in CLASS.items():
            place = folder / "class" / student / ("small" if handed_in else "")
            place.mkdir(parents=True)
            (place / "small.py").write_text(source)
            if handed_in:
                (place / "timestamp.txt").write_text(handed_in)
        self._command = [
            *(sys.executable, "-m", "grader", "grade", str(folder / "class"), "--assignment", "small"),
            *("--course", str(course), "--out", str(self.out)),
        ]
        begin = time.monotonic()
        done = self.start("--jobs", "2")
        assert done.wait(60) == 0
        self.seconds = time.monotonic() - begin
        self.expected = self.results()
        self.begin_anew()

    def start(self, *options):
        return subprocess.Popen(
            [*self._command, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "GRADER_SECRET": "interruptions"},
        )

    def begin_anew(self):
        shutil.rmtree(self.out)

    def results(self):
        """What must be equal: gradebook, class page, and all records but for the times."""
        graded = {record.student: records.normalized(record) for record in records.iterate(self.out)}
        return (self.out / "gradebook.csv").read_bytes(), (self.out / "index.html").read_bytes(), graded

    def check_what_is_there(self):
        """Every file in its place is whole, and says what it will say in the end."""
        if (self.out / "records").is_dir():
            for path in records.paths(self.out):
                record = records.read(path)
                if record.status == "graded":
                    assert records.normalized(record) == self.expected[2][record.student]
                for ending in (".html", ".md"):
                    assert (self.out / "feedback" / f"{path.stem}{ending}").stat().st_size > 0


def children(parent):
    try:
        return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()] + [
            int(child)
            for task in os.listdir(f"/proc/{parent}/task")
            if task != str(parent)
            for child in Path(f"/proc/{parent}/task/{task}/children").read_text().split()
        ]
    except OSError:
        return []


def pool_processes(grader):
    found = []
    for child in children(grader):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in command:
            found.append(child)
    return found


def zygotes(grader):
    """What a pool process started, and the process inside: the zygote behind the wall."""
    outer = [child for process in pool_processes(grader) for child in children(process)]
    return outer + [child for process in outer for child in children(process)]


TARGETS = {"grader": lambda grader: [grader], "pool process": pool_processes, "zygote": zygotes}


def kill_at(run, target, moment, rng):
    """Kill a process of the kind `target`, at `moment` seconds or when there is one; whether it came to that."""
    begin = time.monotonic()
    while run.poll() is None:
        if time.monotonic() - begin >= moment:
            found = TARGETS[target](run.pid)
            if found:
                try:
                    os.kill(rng.choice(found), signal.SIGKILL)
                except ProcessLookupError:
                    continue
                return True
        time.sleep(0.002)
    return False


def finish(runs, run):
    """Wait for `run`; when it came to its end, compare. What it left is what the next round goes on from."""
    code = run.wait(120)
    runs.check_what_is_there()
    if code == 0:
        assert runs.results() == runs.expected
        runs.begin_anew()
    return code


def test_a_kill_of_any_process_of_a_pool_at_any_moment_loses_nothing(course, tmp_path):
    rng = random.Random(SEED)
    runs = Runs(tmp_path, course)
    codes = []
    killed = dict.fromkeys(TARGETS, 0)

    for number in range(ROUNDS - ROUNDS // DASK_SHARE):
        target = list(TARGETS)[number % len(TARGETS)]
        run = runs.start("--jobs", str(rng.choice((1, 2))))
        killed[target] += kill_at(run, target, rng.uniform(0.2, 1.0) * runs.seconds, rng)
        codes.append(finish(runs, run))

    last = runs.start("--jobs", "2")
    assert last.wait(120) == 0
    assert runs.results() == runs.expected
    assert min(killed.values()) > 0
    # 3: a zygote that dies twice under one submission gives grader_error, and the next run grades it again.
    assert set(codes) <= {0, -signal.SIGKILL, 3}
    assert codes.count(3) <= len(codes) // 5


def test_a_kill_of_grader_changes_nothing_in_what_deadline_and_adjustments_make_of_the_scores(course, tmp_path):
    rng = random.Random(SEED + 2)
    manifest_file = course / "autograde_tests" / "small" / "assignment.toml"
    manifest_file.write_text(manifest_file.read_text() + DEADLINE)
    runs = Runs(tmp_path, course, handed_in="2026-12-03 12:00:00 UTC")
    assert runs.start("--jobs", "2").wait(60) == 0
    shutil.copytree(runs.out, tmp_path / "before")
    for student, exercise, score in (("wrong", "add", "1.5"), ("right0", "add", "0"), ("empty", "double", "2")):
        classroom.adjust(runs.out, course, student, exercise, score=score, comment="seen in class", by="prof")
    history = (runs.out / "adjustments.json").read_bytes()
    expected = runs.results()
    scores = {student: record.score for student, record in expected[2].items()}
    killed = 0

    # Half of the rounds grade anew, the others begin with records that do not know of the adjustments.
    for number in range(6):
        runs.begin_anew()
        if number % 2:
            shutil.copytree(tmp_path / "before", runs.out)
        else:
            runs.out.mkdir()
        (runs.out / "adjustments.json").write_bytes(history)
        run = runs.start("--jobs", "1")
        killed += kill_at(run, "grader", rng.uniform(0.2, 0.9) * runs.seconds, rng)
        run.wait(120)
        assert runs.start("--jobs", "2").wait(120) == 0
        assert runs.results() == expected
        assert (runs.out / "adjustments.json").read_bytes() == history

    assert killed > 0
    assert (scores["right0"], scores["right1"], scores["wrong"], scores["empty"]) == (7, 8, 6.5, 0)


def test_a_sandbox_that_breaks_at_any_start_of_a_worker_costs_no_points(course):
    assignment = manifest.load(course, "small")
    starts, broken = 0, range(0)

    def spawn(limits):
        nonlocal starts
        starts += 1
        if starts in broken:
            raise SandboxError("the sandbox ended")
        return sandbox.spawn(limits)

    def grade(source):
        nonlocal starts
        starts = 0
        submission = Submission(student="ada", file_name="small.py", source=source.encode(), sha256="")
        return records.normalized(records.to_record(session.grade(submission, "00" * 32)))

    with (
        Sandbox(SandboxMode.FULL, hide=(course,)) as sandbox,
        hidden_session(assignment, spawn=spawn, mode=SandboxMode.FULL) as session,
    ):
        for source in (CLASS["crashing"], CLASS["wrong"]):
            broken = range(0)
            expected, usual = grade(source), starts
            for number in range(1, usual + 1):
                broken = range(number, number + 1)
                assert grade(source) == expected
                broken = range(number, 1000)  # and now the second attempt breaks, too
                assert grade(source).score is None


def test_a_kill_of_a_dask_worker_or_the_scheduler_at_any_moment_loses_nothing(course, tmp_path, start_cluster):
    pytest.importorskip("distributed", reason="needs the extra [dask]")
    rng = random.Random(SEED + 1)
    runs = Runs(tmp_path, course)
    cluster = start_cluster()
    workers = [cluster.add_worker("--no-nanny") for _ in range(2)]
    cluster.wait_for_workers(2)
    codes = []

    for number in range(ROUNDS // DASK_SHARE):
        run = runs.start("--executor", f"dask:{cluster.address}")
        time.sleep(rng.uniform(0.3, 1.5) * runs.seconds)
        if number % 3 == 2:
            cluster.scheduler.kill()
            codes.append(finish(runs, run))
            cluster.close()
            cluster = start_cluster()
            workers = [cluster.add_worker("--no-nanny") for _ in range(2)]
        else:
            workers.pop(rng.randrange(2)).kill()
            workers.append(cluster.add_worker("--no-nanny"))
            codes.append(finish(runs, run))
        cluster.wait_for_workers(2)

    last = runs.start("--executor", f"dask:{cluster.address}")
    assert last.wait(120) == 0
    assert runs.results() == runs.expected
    assert set(codes) <= {0, 2, 3}  # 2 and 3: the scheduler was gone before the run, or in the midst of it
