"""`check` in a notebook: the verdict on the functions defined so far, as the output of a cell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from grader import checking, manifest
from grader.model import Submission
from grader.records import Record
from grader.sandbox.in_process import InProcessWorker


class Verdict:
    """What `check` returns: a formatted cell output, or plain text where there is no notebook. record: all of it."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @property
    def is_full(self) -> bool:
        """Whether every visible test passed; an exercise without any has nothing to fail."""
        return all(exercise.score == exercise.max_score for exercise in self.record.exercises)

    def __repr__(self) -> str:
        from grader.reporters import terminal

        return terminal.check_text(self.record).strip("\n")

    def _repr_html_(self) -> str:
        from grader.reporters import notebook_html

        return notebook_html.render(self.record)


def check(*exercises: str, path: str | Path | None = None) -> Verdict:
    """Check your own functions with the visible tests; all exercises, or those named.

    In a notebook it looks at the functions that are defined so far. Elsewhere, or with a path, it looks at the file, or
    at the folder that holds it (the current one by default). Raises UsageError when there is no hand-out here or above,
    or no exercise of that name.
    """
    namespace = _notebook_namespace() if path is None else None
    if namespace is None:
        return Verdict(checking.check(Path(path or "."), only=exercises))
    folder = checking.assignment_folder(Path.cwd())
    assignment = manifest.load_public(folder)
    only = [checking.exercise_named(assignment, name) for name in exercises]
    submission = Submission(student="", file_name=f"{assignment.id}.ipynb", source=b"", sha256="")
    with checking.open_session(assignment, folder, lambda limits: InProcessWorker(namespace, limits)) as session:
        return Verdict(checking.judged(session, submission, only))


def _notebook_namespace() -> dict[str, Any] | None:
    """The variables of the notebook that this runs in; None where there is none."""
    ipython = sys.modules.get("IPython")  # a notebook has imported it
    shell = ipython.get_ipython() if ipython is not None else None
    return None if shell is None else shell.user_ns
