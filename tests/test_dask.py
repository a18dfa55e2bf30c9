"""A Dask cluster of real processes on the loopback interface: the same records as a pool of processes gives."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import batch, course_bundles, manifest, records
from grader.errors import GraderError, UsageError
from grader.executors import dask_lanes
from grader.model import SandboxMode

pytest.importorskip("distributed", reason="needs the extra [dask]")

COURSE = Path(__file__).resolve().parents[1]
RIGHT = (
    "def double(x):\n    return 2 * x\n\n\ndef add(x, y):\n    return x + y\n\n\n"
    "def double_sum(x, y):\n    return double(add(x, y))\n"
)
SLOW = RIGHT.replace("def double(x):\n", "def double(x):\n    import time; time.sleep(0.3)\n")
KILLS_THE_GRADER = """
import os, signal
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("double")


def test_it(student, reference, rng):
    x = rng.normal(size=3)
    if not student.defines("double"):
        os.kill(os.getpid(), signal.SIGKILL)
    check_close(reference.double(x), student.double(x), name="double(x)")
"""


def wait_until(condition, *, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)


@pytest.fixture
def cluster(start_cluster):
    """A scheduler with two workers that end for good when they are killed."""
    started = start_cluster()
    for _ in range(2):
        started.add_worker("--no-nanny")
    started.wait_for_workers(2)
    return started


@pytest.fixture
def small_class(course, tmp_path):
    """Hands in sources by student; gives the command line without where to grade."""

    def hand_in(out="out", **sources):
        for student, source in sources.items():
            (tmp_path / "class" / student).mkdir(parents=True, exist_ok=True)
            (tmp_path / "class" / student / "small.py").write_text(source)
        return [
            *(sys.executable, "-m", "grader", "grade", str(tmp_path / "class"), "--assignment", "small"),
            *("--course", str(course), "--out", str(tmp_path / out)),
        ]

    return hand_in


def run(command, *options):
    environment = {**os.environ, "GRADER_SECRET": "dask"}
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=240, env=environment)


def graded(out):
    return {record.student: records.normalized(record) for record in records.iterate(out)}


def test_the_demo_class_gets_the_records_pages_and_gradebook_that_a_pool_gives(cluster, tmp_path):
    command = [
        *(sys.executable, "-m", "grader", "grade", str(COURSE / "examples" / "class"), "--course", str(COURSE)),
        *("--assignment", "deep_network", "--out"),
    ]

    pool = run([*command, str(tmp_path / "pool")], "--jobs", "2")
    dask = run([*command, str(tmp_path / "dask")], "--executor", f"dask:{cluster.address}")

    assert (pool.returncode, dask.returncode) == (0, 0), pool.stderr + dask.stderr
    assert graded(tmp_path / "dask") == graded(tmp_path / "pool")
    for name in ("gradebook.csv", "index.html"):
        assert (tmp_path / "dask" / name).read_bytes() == (tmp_path / "pool" / name).read_bytes()
    pages = sorted(path.name for path in (tmp_path / "pool" / "feedback").iterdir())
    assert len(pages) == 2 * len(graded(tmp_path / "pool"))
    for page in pages:
        one, other = (tmp_path / out / "feedback" / page for out in ("dask", "pool"))
        assert one.read_bytes() == other.read_bytes()
    # Nothing of the course stays with the workers.
    assert not list(cluster.folder.rglob("grader-course-*"))


def test_a_run_on_the_pool_goes_on_where_one_on_the_cluster_ended(cluster, small_class, tmp_path):
    command = small_class(ada=RIGHT, blaise=RIGHT)
    assert run(command, "--executor", f"dask:{cluster.address}").returncode == 0
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "records").iterdir()}

    again = run(small_class(carl=RIGHT), "--jobs", "1")

    assert again.returncode == 0, again.stderr
    assert len(graded(tmp_path / "out")) == 3
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_a_worker_that_is_killed_in_mid_batch_costs_a_retry(cluster, small_class, tmp_path):
    command = small_class(**{f"s{i}": SLOW for i in range(8)})
    expected = run(small_class(out="pool"), "--jobs", "2")
    running = subprocess.Popen(
        [*command, "--executor", f"dask:{cluster.address}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GRADER_SECRET": "dask"},
    )
    wait_until(lambda: list((tmp_path / "out" / "records").glob("s*.json")))

    cluster.workers[0].kill()
    _, errors = running.communicate(timeout=120)

    assert (running.returncode, expected.returncode) == (0, 0), errors
    assert graded(tmp_path / "out") == graded(tmp_path / "pool")
    assert (tmp_path / "out" / "gradebook.csv").read_bytes() == (tmp_path / "pool" / "gradebook.csv").read_bytes()


def test_who_kills_three_workers_has_no_score_and_the_others_have_theirs(cluster, course, small_class, tmp_path):
    (course / "autograde_tests" / "small" / "test_double.py").write_text(KILLS_THE_GRADER)
    cluster.add_worker("--nanny")  # its workers come back
    cluster.add_worker("--nanny")
    cluster.wait_for_workers(4)
    command = small_class(killer="x = 1\n", **{f"s{i}": RIGHT for i in range(6)})

    done = run(command, "--executor", f"dask:{cluster.address}")

    assert done.returncode == 3, done.stderr
    found = graded(tmp_path / "out")
    assert {student for student, record in found.items() if record.score is None} == {"killer"}
    assert "died 3 times" in found["killer"].error
    assert {record.score for student, record in found.items() if student != "killer"} == {10}


def test_a_scheduler_that_is_killed_ends_the_run_with_one_sentence_and_the_next_goes_on(cluster, small_class, tmp_path):
    command = small_class(**{f"s{i}": SLOW for i in range(8)})
    running = subprocess.Popen(
        [*command, "--executor", f"dask:{cluster.address}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GRADER_SECRET": "dask"},
    )
    wait_until(lambda: list((tmp_path / "out" / "records").glob("s*.json")))

    cluster.scheduler.kill()
    _, errors = running.communicate(timeout=120)

    assert running.returncode == 3
    assert errors.splitlines()[-1].startswith("grader: the Dask scheduler at ")
    assert "finished records are kept" in errors
    kept = len(graded(tmp_path / "out"))
    assert 0 < kept < 8
    assert run(command, "--jobs", "2").returncode == 0
    assert len(graded(tmp_path / "out")) == 8


def test_nobody_at_the_address_is_told_before_anything_is_made(small_class, tmp_path):
    done = run(small_class(ada=RIGHT), "--executor", "dask:tcp://127.0.0.1:9")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("grader: no Dask scheduler answers at tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--executor", "dask"), "'dask' is not dask:ADDRESS, for example dask:tcp://127.0.0.1:8786"),
        (("--executor", "ray:tcp://127.0.0.1:1"), "is not dask:ADDRESS"),
        (("--executor", "dask:tcp://127.0.0.1:1", "--jobs", "2"), "--jobs is for this machine and --executor for a"),
    ],
)
def test_a_wrong_executor_is_a_mistake_of_the_caller(small_class, options, words):
    done = run(small_class(ada=RIGHT), *options)

    assert done.returncode == 2
    assert words in done.stderr


def test_workers_that_differ_are_named_and_nothing_is_graded(course, tmp_path):
    suite = batch.Suite(manifest.load(course, "small"), SandboxMode.FULL, ("0.0.1", *batch.own_versions()[1:]))

    with pytest.raises(GraderError, match=r"this process has grader .* where 0\.0\.1 is needed"):
        batch.grade_batch(suite, [])


class Answering:
    """A cluster whose workers say what is given, or raise it."""

    def __init__(self, **answers):
        self._answers = answers

    def shared(self, data):
        return data

    def on_every_worker(self, function, *args):
        return {f"tcp://{name}": answer for name, answer in self._answers.items()}


def facts(**changes):
    known = {"versions": batch.own_versions(), "mode": SandboxMode.FULL, **changes}
    return batch.WorkerFacts(**known)


def test_every_worker_that_has_other_versions_or_no_grader_is_named(course):
    assignment = manifest.load(course, "small")
    cluster = Answering(
        one=facts(),
        two=facts(versions=("0.1.0", "1.0.0", "3.11")),
        three=ModuleNotFoundError("No module named 'grader'", name="grader"),
        four=GraderError("the course files arrived with the digest 00"),
    )

    with pytest.raises(GraderError) as caught:
        batch.agreed_mode(cluster, assignment, allow_reduced=False)

    text = str(caught.value)
    assert "tcp://two has NumPy 1.0.0 where" in text
    assert "tcp://three has no grader" in text
    assert "tcp://four cannot grade: the course files arrived" in text
    assert "tcp://one" not in text


def test_a_worker_without_a_safe_sandbox_refuses_with_its_reason(course):
    cluster = Answering(one=facts(), two=facts(mode=None, problem="no Landlock"))

    with pytest.raises(GraderError, match="tcp://two: no Landlock") as caught:
        batch.agreed_mode(cluster, manifest.load(course, "small"), allow_reduced=False)

    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("modes", "agreed"),
    [
        ((SandboxMode.FULL, SandboxMode.FULL), SandboxMode.FULL),
        ((SandboxMode.FULL, SandboxMode.REDUCED), SandboxMode.REDUCED),
    ],
)
def test_all_workers_grade_in_the_weakest_mode_so_that_records_agree(course, modes, agreed):
    cluster = Answering(one=facts(mode=modes[0]), two=facts(mode=modes[1]))

    assert batch.agreed_mode(cluster, manifest.load(course, "small"), allow_reduced=True) == agreed


# course files on their way


def test_a_bundle_is_equal_for_equal_files_and_brings_what_the_digest_covers(course, tmp_path):
    assignment = manifest.load(course, "small")
    (course / "solutions" / "small" / ".hidden").write_text("x")
    (course / "solutions" / "small" / "data").mkdir()
    (course / "solutions" / "small" / "data" / "numbers.csv").write_text("1,2\n")
    assignment = manifest.load(course, "small")
    copy = tmp_path / "copy"
    shutil.copytree(course, copy)

    bundle = course_bundles.pack(assignment)
    course_bundles.unpack(bundle, tmp_path / "there", assignment)

    assert course_bundles.pack(manifest.load(copy, "small")) == bundle
    assert (tmp_path / "there" / "solutions" / "small" / "data" / "numbers.csv").read_text() == "1,2\n"
    assert not (tmp_path / "there" / "solutions" / "small" / ".hidden").exists()
    assert manifest.load(tmp_path / "there", "small").suite_sha256 == assignment.suite_sha256


def test_course_files_that_changed_on_the_way_are_refused(course, tmp_path):
    assignment = manifest.load(course, "small")
    (course / "autograde_tests" / "small" / "test_add.py").write_text("# changed\n")

    with pytest.raises(GraderError, match="the course files arrived with the digest"):
        course_bundles.unpack(course_bundles.pack(assignment), tmp_path / "there", assignment)


def test_a_link_out_of_the_course_travels_as_what_it_leads_to(course, tmp_path):
    (tmp_path / "big.csv").write_text("7\n")
    (course / "solutions" / "small" / "big.csv").symlink_to(tmp_path / "big.csv")
    assignment = manifest.load(course, "small")

    course_bundles.unpack(course_bundles.pack(assignment), tmp_path / "there", assignment)

    assert (tmp_path / "there" / "solutions" / "small" / "big.csv").read_text() == "7\n"


def test_a_cluster_without_workers_says_how_to_start_some(start_cluster):
    address = start_cluster().address

    with pytest.raises(UsageError, match="has no workers; start some: dask worker tcp://"), dask_lanes(address):
        pass
