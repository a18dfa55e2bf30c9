"""A learner's own code against the visible tests, on the learner's own machine.

Nothing here is secret: inputs, expected values and the answers of known misconceptions were recorded when the
starter code was built. So there is no wall either, only a process of its own with deadlines.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import msgspec

from grader import manifest, records, submissions
from grader.errors import GraderError, UsageError
from grader.messages import feedback
from grader.model import Assignment, Limits, SandboxMode, Submission
from grader.recordings import PUBLIC_SEED, Recordings
from grader.records import Record
from grader.sandbox.running import Worker
from grader.session import GradingSession, visible_session

_CLEARLY_LATER_SECONDS = 10.0


def check(path: Path, *, only: Sequence[str] = ()) -> Record:
    """The record of the visible tests for the submission at `path`, a file or the folder that holds it.

    only: exercises to look at; all by default. Raises UsageError when there is nothing to check.
    """
    with Checker(path, only=only) as checker:
        return checker.check()


class Checker:
    """Checks one file as often as it is asked, with tests and process kept ready; a context manager.

    path, only: as for `check`. Making one raises UsageError when there is nothing to check.
    """

    def __init__(self, path: Path, *, only: Sequence[str] = ()) -> None:
        folder = path if path.is_dir() else path.parent
        self._folder = assignment_folder(folder)
        self._assignment = manifest.load_public(self._folder)
        self._only = [exercise_named(self._assignment, name) for name in only]
        self.file = path if path.is_file() else _submission_file(folder, self._assignment.id)
        self._stack = ExitStack()

    def __enter__(self) -> Checker:
        with ExitStack() as stack:
            workers = stack.enter_context(own_code_workers())
            self._session = stack.enter_context(open_session(self._assignment, self._folder, workers.spawn))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def check(self) -> Record:
        """The record of the file as it is now. Raises UsageError when it is gone."""
        (reference,) = submissions.find(self.file, self._assignment.id)
        submission = submissions.read(reference, self._assignment.limits)
        other = self.file.with_suffix(".py")
        if other != self.file and other.is_file():
            note = feedback("check_newer_of_two", file=self.file.name, other=other.name)
            submission = msgspec.structs.replace(submission, notes=(*submission.notes, note))
        return judged(self._session, submission, self._only)


def judged(session: GradingSession, submission: Submission, only: Sequence[str]) -> Record:
    """The record of `submission` by the visible tests. Raises GraderError when the fault is ours."""
    result = session.grade(submission, PUBLIC_SEED, only=only or None)
    if result.error is not None:
        raise GraderError(f"the visible tests could not judge {submission.file_name}: {result.error}")
    return records.to_record(result)


class Workers(Protocol):
    """Where workers come from; a context manager."""

    def __enter__(self) -> Workers: ...

    def __exit__(self, *error: Any) -> None: ...

    def spawn(self, limits: Limits) -> Worker: ...


def own_code_workers() -> Workers:
    """Processes without a wall: forked from a warm one where the system can do that, else plain child processes."""
    if sys.platform == "linux":
        from grader.sandbox.client import Sandbox

        return Sandbox(SandboxMode.NONE, hide=())
    from grader.sandbox.child import ChildProcesses

    return ChildProcesses()


def open_session(assignment: Assignment, folder: Path, spawn: Callable[[Limits], Worker]) -> GradingSession:
    """A session with the visible tests and recorded answers of the hand-out in `folder`. Raises UsageError."""
    path = folder / "checks" / "recorded.json"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}; get the hand-out again, its folder checks/ is incomplete"
        ) from None
    recordings = Recordings.from_json(text, origin=path)
    return visible_session(
        assignment,
        folder,
        reference=recordings.reference(),
        misconceptions=recordings.misconceptions(),
        spawn=spawn,
    )


def title_of(file: Path) -> str:
    """The title of the assignment whose hand-out lies around `file`."""
    return manifest.load_public(assignment_folder(file.parent)).title


def assignment_folder(start: Path) -> Path:
    """The hand-out around or above `start`."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "assignment.toml").is_file() and (folder / "checks").is_dir():
            return folder
    raise UsageError(
        f"{start}: no assignment found here or above; go to the folder of the hand-out (it holds assignment.toml and "
        "checks/), or give its path"
    )


def _submission_file(folder: Path, assignment_id: str) -> Path:
    """The file or notebook in `folder`; of both, the notebook where it was saved clearly later."""
    source, notebook = (folder / f"{assignment_id}{ending}" for ending in (".py", ".ipynb"))
    if not source.is_file() and not notebook.is_file():
        raise UsageError(f"{folder}: holds no {assignment_id}.py; give the path of your file")
    if not source.is_file() or (notebook.is_file() and _is_newer(notebook, source)):
        return notebook
    return source


def _is_newer(notebook: Path, source: Path) -> bool:
    # A hand-out has both, and unpacking it writes them within moments of each other.
    return notebook.stat().st_mtime - source.stat().st_mtime > _CLEARLY_LATER_SECONDS


def exercise_named(assignment: Assignment, name: str) -> str:
    """`name`, when the assignment has such an exercise. Raises UsageError with the nearest one."""
    names = [exercise.name for exercise in assignment.exercises]
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names)}"
    raise UsageError(f"{name} is no exercise of {assignment.id}{hint}")
