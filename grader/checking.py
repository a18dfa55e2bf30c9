"""A learner's own code against the visible tests, on the learner's own machine.

Nothing here is secret: inputs, expected values and the answers of known misconceptions were recorded when the
starter code was built. So there is no wall either, only a process of its own with deadlines.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from grader import manifest, records, submissions
from grader.errors import GraderError, UsageError
from grader.model import Assignment, SandboxMode
from grader.recordings import PUBLIC_SEED, Recordings
from grader.records import Record
from grader.sandbox.client import Sandbox
from grader.session import GradingSession, visible_session


def check(path: Path, *, only: Sequence[str] = ()) -> Record:
    """The record of the visible tests for the submission at `path`, a file or the folder that holds it.

    only: exercises to look at; all by default. Raises UsageError when there is nothing to check.
    """
    folder = path if path.is_dir() else path.parent
    assignment_folder = _assignment_folder(folder)
    assignment = manifest.load_public(assignment_folder)
    wanted = [_exercise(assignment, name) for name in only]
    file = path if path.is_file() else _submission_file(folder, assignment.id)
    (reference,) = submissions.find(file, assignment.id)
    submission = submissions.read(reference, assignment.limits)
    with Sandbox(SandboxMode.NONE, hide=()) as sandbox, _session(assignment, assignment_folder, sandbox) as session:
        result = session.grade(submission, PUBLIC_SEED, only=wanted or None)
    if result.error is not None:
        raise GraderError(f"the visible tests could not judge {file}: {result.error}")
    return records.to_record(result)


def _session(assignment: Assignment, folder: Path, sandbox: Sandbox) -> GradingSession:
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
        spawn=sandbox.spawn,
    )


def _assignment_folder(start: Path) -> Path:
    """The hand-out around or above `start`."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "assignment.toml").is_file() and (folder / "checks").is_dir():
            return folder
    raise UsageError(
        f"{start}: no assignment found here or above; go to the folder of the hand-out (it holds assignment.toml and "
        "checks/), or give its path"
    )


def _submission_file(folder: Path, assignment_id: str) -> Path:
    for ending in (".py", ".ipynb"):
        if (folder / f"{assignment_id}{ending}").is_file():
            return folder / f"{assignment_id}{ending}"
    raise UsageError(f"{folder}: holds no {assignment_id}.py; give the path of your file")


def _exercise(assignment: Assignment, name: str) -> str:
    names = [exercise.name for exercise in assignment.exercises]
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names)}"
    raise UsageError(f"{name} is no exercise of {assignment.id}{hint}")
