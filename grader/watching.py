"""Checks a file again each time it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import watch as changes

from grader.checking import Checker
from grader.errors import GraderError
from grader.records import Record

# An editor writes a file in several steps within a few milliseconds; more would be felt as waiting.
_DEBOUNCE_MILLISECONDS, _STEP_MILLISECONDS = 60, 15


def watch(path: Path, *, only: Sequence[str] = ()) -> Iterator[Record | GraderError]:
    """The record of the file at `path` now, and again after every save, without end.

    What goes wrong with the file (deleted for a moment, not readable) is given as the error, and watching goes on.
    Tests and worker stay ready in between. Raises UsageError when there is nothing to check at the beginning.
    """
    with Checker(path, only=only) as checker:
        yield checker.check()
        name = checker.file.name
        # The folder, not the file: editors put a new file in the place of the old one.
        for _ in changes(
            checker.file.resolve().parent,
            watch_filter=lambda _, changed: Path(changed).name == name,
            debounce=_DEBOUNCE_MILLISECONDS,
            step=_STEP_MILLISECONDS,
            recursive=False,
        ):
            try:
                yield checker.check()
            except GraderError as error:
                yield error
