"""Classes of submissions: whatever is handed in gets a record, and no way to end a run loses one."""

import csv
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from grader import batch, classroom, manifest, out_folder, records, submissions
from grader.errors import GraderError, UsageError
from grader.executors import process_pool
from grader.model import Outcome, SandboxMode
from grader.out_folder import prepare_out

RIGHT = """\
import numpy as np


def double(x):
    return 2 * np.asarray(x)


def add(x, y):
    return np.asarray(x) + y


def double_sum(x, y):
    return double(add(x, y))
"""
SLOW = RIGHT.replace("def double(x):\n", "def double(x):\n    import time; time.sleep(0.1)\n")

# Like an ordinary user also when the tests run as root: what its owner may not read stays unread.
WITHOUT_PRIVILEGE = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; takes effect with the exec
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture
def plan(course):
    return batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)


@pytest.fixture
def handed_in(tmp_path):
    """Hands in `source` (text, bytes, or None for an empty folder) for a student; returns the folder."""

    def hand_in(student, source=RIGHT, file="small.py"):
        folder = os.path.join(os.fsencode(tmp_path / "class"), os.fsencode(student))
        os.makedirs(folder, exist_ok=True)
        if source is not None:
            with open(os.path.join(folder, os.fsencode(file)), "wb") as opened:
                opened.write(source.encode() if isinstance(source, str) else source)
        return folder

    return hand_in


def grade(plan, tmp_path, *, jobs=1, out="out", on_record=lambda record: None):
    references = submissions.find(tmp_path / "class", "small")
    with prepare_out(tmp_path / out, submissions=tmp_path / "class"):
        graded = batch.grade_class(plan, references, tmp_path / out, jobs=jobs, on_record=on_record)
        classroom.write_overview(plan.assignment, tmp_path / out)
    return {record.student: record for record in graded}


def command(tmp_path, *, out="out", jobs=2):
    return [
        *(sys.executable, "-m", "grader", "grade", str(tmp_path / "class"), "--assignment", "small"),
        *("--course", str(tmp_path / "course"), "--out", str(tmp_path / out), "--jobs", str(jobs)),
    ]


def start(tmp_path, **options):
    """`grader grade` as the shell starts it, in a process group and session of its own."""
    return subprocess.Popen(
        command(tmp_path, **options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until(condition, *, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.01)


def written(tmp_path):
    return set((tmp_path / "out" / "records").glob("*.json"))


def processes_of_session(leader):
    """Processes that were started by `leader` and its children, zombies left aside, sandboxes included."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                state, _, _, session = file.read().rsplit(")", 1)[1].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(entry))
    return found


def test_what_is_no_submission_gets_a_record_that_says_what_it_is(plan, handed_in, tmp_path):
    handed_in("right")
    handed_in("empty", b"")
    handed_in("blank", b" \n\n")
    handed_in("picture", b"\x89PNG" + bytes(range(256)) * 40)
    handed_in("random", bytes(range(3, 256)) * 40)
    handed_in("big", b"#" * 50_000_000)
    handed_in("nothing", None)
    os.mkdir(os.path.join(handed_in("folder", None), b"small.py"))
    os.mkfifo(os.path.join(handed_in("pipe", None), b"small.py"))
    os.symlink("/etc/passwd", os.path.join(handed_in("link_outside", None), b"small.py"))
    os.symlink("../right/small.py", os.path.join(handed_in("link_to_another", None), b"small.py"))
    os.symlink("nowhere", os.path.join(handed_in("link_to_nothing", None), b"small.py"))
    os.symlink("/dev/zero", os.path.join(handed_in("device_link", None), b"small.py"))
    os.symlink(handed_in("right"), os.fsencode(tmp_path / "class" / "folder_link"))
    handed_in("copies", RIGHT, "small (1).py")
    handed_in("copies", RIGHT, "small (2).py")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(handed_in("socket", None))  # a socket's path may have no more than 107 bytes
        listener.bind("small.py")
        os.chdir(here)

        graded = grade(plan, tmp_path)

    assert {student: [note.key for note in record.notes] for student, record in graded.items()} == {
        "right": [],
        "empty": ["submission_empty"],
        "blank": ["submission_empty"],
        "picture": ["submission_binary"],
        "random": ["submission_binary"],
        "big": ["submission_too_large"],
        "nothing": ["submission_missing"],
        "folder": ["submission_folder"],
        "pipe": ["submission_special"],
        "socket": ["submission_special"],
        "link_outside": ["submission_link"],
        "link_to_another": ["submission_link"],
        "link_to_nothing": ["submission_link"],
        "device_link": ["submission_link"],
        "folder_link": ["submission_folder_link"],
        "copies": ["submission_ambiguous"],
    }
    assert {student for student, record in graded.items() if record.score} == {"right"}
    assert {record.status for record in graded.values()} == {"graded"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a device")
def test_a_device_is_not_opened(plan, handed_in, tmp_path):
    os.mknod(os.path.join(handed_in("ada", None), b"small.py"), 0o020666, os.makedev(1, 5))

    graded = grade(plan, tmp_path)

    assert [note.key for note in graded["ada"].notes] == ["submission_special"]


def test_a_notebook_beside_the_file_does_not_count_and_is_noted(plan, handed_in, tmp_path):
    handed_in("ada")
    handed_in("ada", b"{}", "small.ipynb")

    graded = grade(plan, tmp_path)

    assert graded["ada"].score == 10
    assert [note.key for note in graded["ada"].notes] == ["submission_two_formats"]


HOSTILE_NAMES = (
    b"-rf",
    b"=HYPERLINK(1)",
    b"@SUM(A1)",
    b"+1",
    b"new\nline",
    b"carriage\rreturn",
    b"esc\x1b[31mape",
    b"..dots..",
    b"back\\slash",
    b"not\xe9utf8",
    b"<b>bold<i>",
    b"[bold red]x",
    b'quo"te, comma',
    b"nul",
    b"a%2Fb",
    b"n" * 250,
    "Zoë".encode(),
    "٣ العربية".encode(),
    b" space ",
)


def test_students_of_any_name_get_record_pages_and_a_safe_line(plan, handed_in, tmp_path):
    names = [name for name in HOSTILE_NAMES if not name.startswith(b".")]
    for name in names:
        handed_in(name)

    graded = grade(plan, tmp_path)

    assert {record.score for record in graded.values()} == {10}
    assert len(graded) == len(names)
    for kind, endings in (("records", (".json",)), ("feedback", (".html", ".md"))):
        files = os.listdir(os.fsencode(tmp_path / "out" / kind))
        assert sorted(files) == sorted((r.file_stem + e).encode() for r in graded.values() for e in endings)
        assert not any(set(file) & set(b"\n\r\x1b/\\<>=") for file in files)
    lines = list(csv.reader((tmp_path / "out" / "gradebook.csv").read_text(encoding="utf-8").splitlines()))
    assert len(lines) == 1 + len(names)
    assert not any(line[0].startswith(("=", "+", "-", "@")) for line in lines)
    assert all(record.student.isprintable() for record in graded.values())
    assert "<b>bold" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert grade(plan, tmp_path) == graded


def test_a_name_in_a_zip_that_leads_out_of_it_is_refused_and_nothing_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/small.py", RIGHT)
        archive.writestr("../evil/small.py", RIGHT)

    with pytest.raises(UsageError, match=r"class\.zip: the entry \.\./evil/small\.py leads out of the folder"):
        submissions.find(tmp_path / "class.zip", "small")


def test_what_may_not_be_read_has_no_score_and_takes_nobody_elses(course, handed_in, tmp_path):
    handed_in("ada")
    os.chmod(os.path.join(handed_in("closed_file"), b"small.py"), 0)
    os.chmod(handed_in("closed_folder"), 0)

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PRIVILEGE, *command(tmp_path, jobs=1)[1:]],
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.chmod(tmp_path / "class" / "closed_folder", 0o700)

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    graded = {record.student: record for record in records.iterate(tmp_path / "out")}
    assert graded["ada"].score == 10
    for student in ("closed_file", "closed_folder"):
        assert graded[student].status == "grader_error"
        assert graded[student].score is None
        assert graded[student].error.endswith(f"class/{student}/small.py: Permission denied")
    again = subprocess.run(command(tmp_path, jobs=1), capture_output=True, text=True, timeout=60)
    if os.geteuid() == 0:  # who may read all now
        assert again.returncode == 0
        assert {record.score for record in records.iterate(tmp_path / "out")} == {10}


def test_one_and_two_jobs_and_two_runs_give_the_same_but_for_the_times(plan, handed_in, tmp_path):
    for student in ("ada", "blaise", "carl"):
        handed_in(student)
    handed_in("wrong", RIGHT.replace("+ y", "- y"))
    handed_in("stub", RIGHT.replace("return 2 * np.asarray(x)", "raise NotImplementedError"))
    handed_in("syntax", RIGHT.replace("def add(x, y):", "def add(x, y:"))
    handed_in(
        "kills_itself",
        RIGHT.replace("return 2", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)\n    return 2"),
    )

    one, two = grade(plan, tmp_path, out="one"), grade(plan, tmp_path, jobs=2, out="two")

    assert {s: records.normalized(r) for s, r in one.items()} == {s: records.normalized(r) for s, r in two.items()}
    assert (tmp_path / "one" / "gradebook.csv").read_bytes() == (tmp_path / "two" / "gradebook.csv").read_bytes()
    for page in (tmp_path / "one" / "feedback").iterdir():
        assert page.read_bytes() == (tmp_path / "two" / "feedback" / page.name).read_bytes()
    assert one["wrong"].score == 7


def test_only_what_changed_is_graded_again(plan, handed_in, tmp_path):
    handed_in("ada")
    handed_in("blaise")
    grade(plan, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in written(tmp_path)}
    handed_in("blaise", RIGHT.replace("+ y", "- y"))
    handed_in("carl")
    seen = []

    graded = grade(plan, tmp_path, on_record=lambda record: seen.append(record.student))

    after = {path.name: path.stat().st_mtime_ns for path in written(tmp_path)}
    assert {name for name in after if after[name] != before.get(name)} == {"blaise.json", "carl.json"}
    assert sorted(seen) == ["ada", "blaise", "carl"]
    assert graded["blaise"].score == 7


@pytest.mark.parametrize("page", ["ada.html", "ada.md"])
def test_a_page_that_is_missing_is_written_again(plan, handed_in, tmp_path, page):
    handed_in("ada")
    grade(plan, tmp_path)
    (tmp_path / "out" / "feedback" / page).unlink()

    grade(plan, tmp_path)

    assert (tmp_path / "out" / "feedback" / page).is_file()


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"schema": 1}', b"\xff\xfe", b'{"schema": 99}'])
def test_a_broken_record_of_a_student_in_the_class_is_replaced(plan, handed_in, tmp_path, content):
    handed_in("ada")
    prepare_out(tmp_path / "out").release()
    (tmp_path / "out" / "records" / "ada.json").write_bytes(content)

    graded = grade(plan, tmp_path)

    assert graded["ada"].score == 10
    assert next(records.iterate(tmp_path / "out")) == graded["ada"]


def test_a_broken_record_of_somebody_else_is_named_before_anything_is_graded(plan, handed_in, tmp_path):
    handed_in("ada")
    prepare_out(tmp_path / "out").release()
    (tmp_path / "out" / "records" / "zoe.json").write_bytes(b"{")
    graded = []

    with pytest.raises(records.BrokenRecord, match=r"zoe\.json is no record: .*; delete it and grade again"):
        grade(plan, tmp_path, on_record=graded.append)

    assert graded == []


def test_results_of_another_assignment_are_not_overwritten(plan, handed_in, tmp_path):
    handed_in("ada")
    (record,) = grade(plan, tmp_path).values()
    foreign = records.to_json(msgspec.structs.replace(record, assignment="large"))
    (tmp_path / "out" / "records" / "ada.json").write_bytes(foreign)

    with pytest.raises(UsageError, match="out holds results of large; give another folder for those of small"):
        grade(plan, tmp_path)

    assert (tmp_path / "out" / "records" / "ada.json").read_bytes() == foreign


def test_records_of_students_who_left_stay_in_the_gradebook(plan, handed_in, tmp_path):
    handed_in("ada")
    os.rename(handed_in("blaise"), os.fsencode(tmp_path / "blaise"))
    handed_in("blaise")
    grade(plan, tmp_path)
    (tmp_path / "class" / "blaise" / "small.py").unlink()
    (tmp_path / "class" / "blaise").rmdir()

    grade(plan, tmp_path)

    assert [line.split(",")[0] for line in (tmp_path / "out" / "gradebook.csv").read_text().splitlines()] == [
        *("student", "ada", "blaise")
    ]


def test_a_test_of_the_course_that_fails_by_itself_gives_no_score_and_not_zero(course, handed_in, tmp_path):
    test = course / "autograde_tests" / "small" / "test_add.py"
    test.write_text(test.read_text().replace("reference.add(x, y)", "1 / 0"))
    handed_in("ada")
    plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)

    graded = grade(plan, tmp_path)

    assert graded["ada"].score is None
    assert "ZeroDivisionError" in graded["ada"].error
    assert {t.outcome for e in graded["ada"].exercises for t in e.tests} == {Outcome.PASSED, Outcome.GRADER_ERROR}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_ends_the_run_with_one_sentence_and_the_same_command_goes_on(course, handed_in, tmp_path, jobs):
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-U", "-r", "-m"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("needs a mount namespace of its own")
    for i in range(6):
        handed_in(f"s{i}")
    (tmp_path / "out").mkdir()
    grading = " ".join(command(tmp_path, jobs=jobs))
    script = f"""
        mount -t tmpfs -o size=9000k none {tmp_path}/out || exit 99
        head -c 8910k /dev/zero > {tmp_path}/out/.filler
        {grading}; echo "code $?"
        ls {tmp_path}/out/records | wc -l
        rm {tmp_path}/out/.filler
        {grading} > {tmp_path}/again 2>&1; echo "code $?"
        cp {tmp_path}/out/gradebook.csv {tmp_path}/after.csv
        ls -A {tmp_path}/out {tmp_path}/out/records {tmp_path}/out/feedback | grep -c grader-tmp-
    """

    done = subprocess.run([*unshare, "sh", "-c", script], capture_output=True, text=True, timeout=60)

    first, finished, second, leftovers = done.stdout.splitlines()
    assert (first, second, leftovers) == ("code 2", "code 0", "0")
    assert 0 < int(finished) < 6
    assert [line for line in done.stderr.splitlines() if line.startswith("grader: cannot write ")]
    assert "the disk is full" in done.stderr
    assert "what was finished is kept" in done.stderr
    assert "Traceback" not in done.stderr
    assert len((tmp_path / "after.csv").read_text().splitlines()) == 7


@pytest.mark.parametrize(
    ("number", "whole_group", "jobs", "code"),
    [
        (signal.SIGINT, True, 1, 130),
        (signal.SIGINT, True, 2, 130),
        (signal.SIGTERM, False, 2, 143),
        (signal.SIGHUP, False, 1, 129),
        (signal.SIGKILL, False, 2, -signal.SIGKILL),
    ],
)
def test_a_run_that_was_ended_keeps_its_records_leaves_no_process_and_goes_on(
    course, handed_in, tmp_path, number, whole_group, jobs, code
):
    for i in range(6):
        handed_in(f"s{i}", SLOW)
    run = start(tmp_path, jobs=jobs)
    wait_until(lambda: written(tmp_path))

    (os.killpg if whole_group else os.kill)(run.pid, number)
    _, errors = run.communicate(timeout=20)

    kept = {path: path.stat().st_mtime_ns for path in written(tmp_path)}
    wait_until(lambda: not processes_of_session(run.pid), seconds=5)
    assert run.returncode == code
    assert "Traceback" not in errors
    assert 1 <= len(kept) < 6
    if number != signal.SIGKILL:
        assert "what is finished is kept; the same command goes on from there" in errors
    again = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=60)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert not list((tmp_path / "out").rglob(".grader-tmp-*"))
    # The gradebook of a run that was left alone.
    digest = sha256(SLOW.encode()).hexdigest()
    lines = "".join(f"s{i},small,10,10,graded,,{digest},2,3,5\n" for i in range(6))
    header = "student,assignment,score,max_score,status,submitted_at,sha256,double,add,double_sum\n"
    assert (tmp_path / "out" / "gradebook.csv").read_text() == header + lines


def test_a_killed_process_of_the_pool_costs_a_retry_and_not_the_run(course, handed_in, tmp_path):
    for i in range(6):
        handed_in(f"s{i}", SLOW)
    run = start(tmp_path)
    wait_until(lambda: written(tmp_path))
    child = next(
        process
        for process in processes_of_session(run.pid)
        if process != run.pid and b"multiprocessing.spawn" in Path(f"/proc/{process}/cmdline").read_bytes()
    )

    os.kill(child, signal.SIGKILL)
    _, errors = run.communicate(timeout=20)

    assert (run.returncode, errors) == (0, "")
    assert {record.score for record in records.iterate(tmp_path / "out")} == {10}
    assert len(written(tmp_path)) == 6
    wait_until(lambda: not processes_of_session(run.pid), seconds=5)


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


@pytest.mark.parametrize("jobs", [1, 2])
def test_who_kills_three_processes_has_no_score_and_costs_nobody_else_theirs(course, handed_in, tmp_path, jobs):
    (course / "autograde_tests" / "small" / "test_double.py").write_text(KILLS_THE_GRADER)
    for i in range(20):
        handed_in(f"s{i:02}")
    handed_in("s07", "x = 1\n")
    plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)
    seen = []

    graded = grade(plan, tmp_path, jobs=jobs, on_record=lambda record: seen.append(record.student))

    assert sorted(seen) == sorted(graded) == [f"s{i:02}" for i in range(20)]
    assert {s for s, record in graded.items() if record.status == "grader_error"} == {"s07"}
    assert {record.score for s, record in graded.items() if s != "s07"} == {10}
    assert graded["s07"].score is None
    assert "died 3 times" in graded["s07"].error
    assert (tmp_path / "out" / "feedback" / "s07.html").is_file()
    handed_in("s07")  # and the next run tries again
    assert grade(plan, tmp_path, jobs=jobs)["s07"].score == 10


def test_a_slow_submission_holds_up_nobody_but_itself(plan, handed_in, tmp_path):
    slow = RIGHT.replace("def double(x):\n", "def double(x):\n    import time; time.sleep(0.7)\n")
    for i in range(40):
        handed_in(f"s{i:02}", slow if i < 2 else RIGHT)
    seen = []

    graded = grade(plan, tmp_path, jobs=2, on_record=lambda record: seen.append(record.student))

    assert list(graded) == sorted(graded)  # in the order of the class, whatever the order of ending
    # Both stand in the first batch. Its second is over after the first of them; the other goes to whoever is free.
    assert seen.index("s00") < seen.index("s01")
    assert len(seen[: seen.index("s01")]) > 10


def test_memory_of_a_class_is_not_held_and_records_come_from_the_folder(plan, handed_in, tmp_path):
    handed_in("ada")
    handed_in("blaise", RIGHT.replace("+ y", "- y"))
    references = submissions.find(tmp_path / "class", "small")
    with prepare_out(tmp_path / "out"):
        graded = batch.grade_class(plan, references, tmp_path / "out", jobs=1)

    assert len(graded) == 2
    assert [record.score for record in graded] == [10, 7]
    assert [record.student for record in graded[1:]] == ["blaise"]
    (tmp_path / "out" / "records" / "blaise.json").unlink()
    with pytest.raises(FileNotFoundError):
        graded[1]


def keeping_best(plan):
    return batch.Plan(plan.assignment, plan.secret, plan.mode, keep_best=True)


def test_keep_best_leaves_the_better_record_and_its_pages(plan, handed_in, tmp_path):
    handed_in("ada")
    handed_in("blaise", RIGHT.replace("+ y", "- y"))
    first = grade(keeping_best(plan), tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    handed_in("ada", RIGHT.replace("+ y", "- y"))
    handed_in("blaise")

    graded = grade(keeping_best(plan), tmp_path)

    assert graded["ada"] == first["ada"]
    assert graded["blaise"].score == 10
    for path in before:
        assert ("ada" not in path.name) or path.read_bytes() == before[path]
    seen = []
    (tmp_path / "out" / "records" / ".aside-ada.json").stat()
    stamps = {path: path.stat().st_mtime_ns for path in written(tmp_path)}
    again = grade(keeping_best(plan), tmp_path, on_record=seen.append)  # and nothing is graded twice
    assert again == graded
    assert {path: path.stat().st_mtime_ns for path in written(tmp_path)} == stamps
    assert grade(plan, tmp_path)["ada"].score == 7  # without the option the newest counts
    assert not (tmp_path / "out" / "records" / ".aside-ada.json").exists()


def test_keep_best_compares_shares_when_the_points_have_changed(course, plan, handed_in, tmp_path):
    handed_in("ada", RIGHT.replace("+ y", "- y"))  # 7 of 10
    grade(plan, tmp_path)
    toml = course / "autograde_tests" / "small" / "assignment.toml"
    toml.write_text(toml.read_text().replace("points = 3", "points = 30"))
    changed = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL, keep_best=True)

    assert grade(changed, tmp_path)["ada"].score == 7  # and not 7 of 37


def test_what_we_could_not_judge_does_not_replace_a_score_when_the_best_is_kept(course, plan, handed_in, tmp_path):
    handed_in("ada")
    grade(plan, tmp_path)
    test = course / "autograde_tests" / "small" / "test_add.py"
    test.write_text(test.read_text().replace("reference.add(x, y)", "1 / 0"))
    broken = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL, keep_best=True)

    assert grade(broken, tmp_path)["ada"].score == 10


def test_another_patch_level_of_python_grades_nothing_again(plan, handed_in, tmp_path, monkeypatch):
    handed_in("ada")
    grade(plan, tmp_path)
    here = batch.environment()
    stamps = {path: path.stat().st_mtime_ns for path in written(tmp_path)}

    monkeypatch.setattr(batch, "environment", lambda: {**here, "python": here["python"].rpartition(".")[0] + ".99"})
    grade(plan, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in written(tmp_path)} == stamps

    monkeypatch.setattr(batch, "environment", lambda: {**here, "numpy": "1.0"})
    with pytest.raises(GraderError, match=r"this process has NumPy .* where 1\.0 is needed"):
        grade(plan, tmp_path)


def test_out_that_disappears_is_an_error_and_not_a_hang(plan, handed_in, tmp_path):
    handed_in("ada")
    handed_in("blaise")

    def remove(record):
        for path in (tmp_path / "out" / "feedback").iterdir():
            path.unlink()
        (tmp_path / "out" / "feedback").rmdir()

    with pytest.raises(out_folder.OutNotWritable, match=r"cannot write .*feedback/blaise\.html"):
        grade(plan, tmp_path, on_record=remove)

    assert [path.name for path in written(tmp_path)] == ["ada.json"]


def test_an_error_in_a_pool_process_reaches_the_caller_as_it_was(course, handed_in, tmp_path):
    (course / "solutions" / "small" / "small.py").write_text("def double(x):\n    return 1 / 0 +\n")
    handed_in("ada")
    handed_in("blaise")
    plan = batch.Plan(manifest.load(course, "small"), b"secret", SandboxMode.FULL)

    with pytest.raises(GraderError, match=r"the reference solution does not run: solutions/small/small\.py, line 2"):
        grade(plan, tmp_path, jobs=2)


def test_a_pool_ends_its_own_processes_only():
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def leave():
        with process_pool(1) as executor:
            executor.submit(time.sleep, 60)
            wait_until(lambda: executor._processes)
            raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        leave()

    assert time.monotonic() - begin < 10
    assert bystander.poll() is None
    bystander.communicate(b"\n", timeout=10)
