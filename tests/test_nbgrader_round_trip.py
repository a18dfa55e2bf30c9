"""A class through nbgrader and back: its notebooks, our grades, its gradebook, its pages. SQLite and PostgreSQL."""

import contextlib
import csv
import hashlib
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

import nbformat
import pytest

from grader import cli, records

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
ANYBODY = 65534  # PostgreSQL refuses to run as root
SECRET = "c0ffee" * 20
RIGHT = {
    "double": "return 2 * np.asarray(x)",
    "add": "return np.asarray(x) + y",
    "double_sum": "return double(add(x, y))",
}
# What each student writes, by exercise; 10 points are to be had, 2 + 3 + 5.
CLASS = {
    "ada": RIGHT,
    "bob": {**RIGHT, "double": "return np.asarray(x) ** 2"},
    "cleo": {},
    "dan": {**RIGHT, "double_sum": "return 2 * np.asarray(x)"},
    "eve": RIGHT,
}
SCORES = {"ada": 10, "bob": 8, "cleo": 0, "dan": 5, "eve": 10}


def environment(folder):
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # nbgrader calls alembic
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }


def nbgrader(course, *arguments):
    """The real nbgrader, in the folder of the course."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment(course.parent),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def grader(*arguments):
    """Our command line, in this process, where a warning is an error."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(map(str, arguments)))
    assert ended.value.code == 0


def hand_in(course, student, answers):
    """Put into submitted/ what `nbgrader collect` would: the release, with `answers` in place of the stubs."""
    folder = course / "submitted" / student / "small"
    shutil.copytree(course / "release" / "small", folder)
    path = folder / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        code = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if code is not None:
            cell.source = cell.source.replace("# YOUR CODE HERE\n    raise NotImplementedError()", code)
    nbformat.write(notebook, path)
    (folder / "timestamp.txt").write_text("2026-02-02 15:58:23.948203 America/New_York\n")
    (folder / "submission_secret.txt").write_text(SECRET)


def tamper(path):
    """Take metadata and points away, copy a cell, and forge the cell that gives points."""
    notebook = nbformat.read(path, as_version=4)
    by_id = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    notebook.cells.remove(by_id["add-tests"])
    notebook.cells.append(nbformat.from_dict({**by_id["double"], "id": "copied"}))
    by_id["double-tests"].source = "100"
    by_id["double-tests"].metadata.nbgrader.points = 100
    by_id["double_sum"].metadata = {}
    nbformat.write(notebook, path)


@contextlib.contextmanager
def sqlite(folder):
    yield f"sqlite:///{folder}/course/gradebook.db"


def is_named(user):
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


@contextlib.contextmanager
def postgresql(folder):
    """A server of our own behind a Unix socket, as an ordinary user, gone afterwards."""
    if not SERVERS:
        pytest.skip("PostgreSQL's server programs are not in /usr/lib/postgresql")
    if os.geteuid() != 0 and not is_named(os.geteuid()):
        pytest.skip("PostgreSQL's initdb refuses a user without a name")
    home = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: that of a socket has 107 characters at most
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(home, ANYBODY, ANYBODY)
    as_user = ["setpriv", f"--reuid={ANYBODY}", f"--regid={ANYBODY}", "--clear-groups"] if is_root else []

    def run(program, *arguments):
        command = [*as_user, SERVERS[-1] / program, "-D", home / "data", *arguments]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr

    try:
        run("initdb", "--username=grader", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "start", "--wait", "--log", home / "log", "-o", f"-k {home} -h '' -F")
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={home}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")
    finally:
        shutil.rmtree(home)


class Formgrader:
    """The server that instructors open in their browser."""

    def __init__(self, course, url):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        config = course / "nbgrader_config.py"
        config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {url!r}\n")
        options = (f"--port={self._port}", "--ServerApp.port_retries=0", "--ServerApp.token=secret", "--no-browser")
        self._log = open(course.parent / "formgrader.log", "wb")  # noqa: SIM115 — the child has it, too
        self._server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", "--allow-root", *options],
            cwd=course,
            env=environment(course.parent),
            stdout=self._log,
            stderr=self._log,
        )

    def ask(self, path, *, put=None):
        separator = "&" if "?" in path else "?"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/formgrader/{path}{separator}token=secret",
            data=None if put is None else json.dumps(put).encode(),
            method="GET" if put is None else "PUT",
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def __enter__(self):
        deadline = time.monotonic() + 60
        while True:
            assert time.monotonic() < deadline, "formgrader does not answer"
            assert self._server.poll() is None, "formgrader has ended"
            with contextlib.suppress(OSError):
                self.ask("api/status")
                return self
            time.sleep(0.1)

    def __exit__(self, *error):
        self._server.terminate()
        self._server.wait(timeout=30)
        self._log.close()


def scores_in_csv(course, url):
    nbgrader(course, "export", "--db", url, "--to", "scores.csv")
    with open(course / "scores.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def shown_by(formgrader):
    """Score, points, and whether there is a notebook to look at, by student."""
    found = json.loads(formgrader.ask("api/submissions/small"))
    return {entry["student"]: (entry["score"], entry["max_score"], entry["autograded"]) for entry in found}


def of_bob(formgrader):
    """The notebook as text, the comment on `double`, and the entry for its points."""
    notebooks = json.loads(formgrader.ask("api/submitted_notebooks/small/small"))
    (own,) = (notebook["id"] for notebook in notebooks if notebook["student"] == "bob")
    page = re.sub("<[^>]+>", "", formgrader.ask(f"submissions/{own}/"))
    comments = {c["name"]: c["auto_comment"] for c in json.loads(formgrader.ask(f"api/comments?submission_id={own}"))}
    grades = {grade["name"]: grade for grade in json.loads(formgrader.ask(f"api/grades?submission_id={own}"))}
    return page, comments["double"], grades["double-tests"]


@pytest.mark.parametrize("database", [sqlite, postgresql])
def test_scores_agree_in_records_gradebook_csv_and_formgrader(course, tmp_path, database):
    nb, out = tmp_path / "nbgrader" / "course", tmp_path / "out"
    grader("release", "small", "--nbgrader", nb, "--course", course)
    with database(nb.parent) as url:
        nbgrader(nb, "generate_assignment", "small", "--force", "--db", url)
        for student, answers in CLASS.items():
            hand_in(nb, student, answers)
        tamper(nb / "submitted" / "eve" / "small" / "small.ipynb")

        grader("grade", nb / "submitted", "--assignment", "small", "--out", out, "--course", course)
        grader("export", "nbgrader", out, "--db", url, "--course-dir", nb)

        graded = {record.student: record for record in records.iterate(out)}
        assert {student: record.score for student, record in graded.items()} == SCORES
        assert {record.submission.submitted_at for record in graded.values()} == {"2026-02-02T20:58:23.948203+00:00"}
        assert scores_in_csv(nb, url) == SCORES
        with Formgrader(nb, url) as formgrader:
            assert shown_by(formgrader) == {student: (score, 10, True) for student, score in SCORES.items()}
            page, comment, grade = of_bob(formgrader)
            assert "return np.asarray(x) ** 2" in page
            assert "x is squared, not doubled." in comment
            formgrader.ask(f"api/grade/{grade['id']}", put={"manual_score": 1.5, "extra_credit": None})

        grader("export", "nbgrader", out, "--db", url, "--course-dir", nb)

        assert scores_in_csv(nb, url) == {**SCORES, "bob": 9.5}
        nbgrader(nb, "generate_feedback", "small", "--student", "dan", "--force", "--db", url)
        theirs = re.sub(r"\s+", " ", (nb / "feedback" / "dan" / "small" / "small.html").read_text())
        assert "(Score: 5.0 / 10.0)" in theirs


def test_release_feedback_finds_our_pages(course, tmp_path):
    nb, out, exchange = tmp_path / "nb", tmp_path / "out", tmp_path / "exchange"
    exchange.mkdir()
    grader("release", "small", "--nbgrader", nb, "--course", course)
    nbgrader(nb, "generate_assignment", "small", "--force")
    hand_in(nb, "ada", RIGHT)
    hand_in(nb, "bob", {})
    (nb / "submitted" / "bob" / "small" / "submission_secret.txt").unlink()  # as zip_collect has it
    grader("grade", nb / "submitted", "--assignment", "small", "--out", out, "--course", course)
    grader("export", "nbgrader", out, "--course-dir", nb)

    nbgrader(nb, "release_feedback", "small", f"--Exchange.root={exchange}")

    name = hashlib.md5(f"{SECRET}small".encode()).hexdigest()
    released = exchange / "nb" / "feedback"
    assert (released / f"{name}.html").read_bytes() == (out / "feedback" / "ada.html").read_bytes()
    assert len(list(released.iterdir())) == 2


def test_what_zip_collect_unpacked_is_graded_too(course, tmp_path):
    nb, out = tmp_path / "nb", tmp_path / "out"
    grader("release", "small", "--nbgrader", nb, "--course", course)
    hand_in(nb, "ada", RIGHT)
    notebook = nb / "submitted" / "ada" / "small" / "small.ipynb"
    archive = nb / "downloaded" / "small" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "notebooks.zip", "w") as zipped:
        zipped.write(notebook, "small_ada_attempt_2026-02-02T155823_small.ipynb")
    shutil.rmtree(nb / "submitted")

    names = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9T-]+)_(?P<file_id>.*)"
    nbgrader(nb, "zip_collect", "small", f"--FileNameCollectorPlugin.named_regexp={names}")
    grader("grade", nb / "submitted", "--assignment", "small", "--out", out, "--course", course)

    (record,) = records.iterate(out)
    assert (record.student, record.score) == ("ada", 10)
    assert record.submission.submitted_at == "2026-02-02T15:58:23+00:00"
