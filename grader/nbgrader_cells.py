"""The cells by which nbgrader knows an exercise: their ids, their metadata (version 3) and their checksums.

An exercise has two: the cell to write in, which gets the comments, and below it the locked cell that checks it, which
carries the points. Release and gradebook find each other by these ids alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from grader.records import Number

SCHEMA_VERSION = 3
_BETWEEN = "--"  # no Python name has it, so the exercises of a cell can be told from its id


def answer_id(functions: Sequence[str]) -> str:
    """The id of the cell in which `functions` are to be written."""
    return _BETWEEN.join(map(_plain, functions))


def tests_id(exercise: str) -> str:
    """The id of the cell that carries the points of `exercise`."""
    return f"{_plain(exercise)}-tests"


def answer_cell_of(exercise: str, ids: Iterable[str]) -> str | None:
    """Which of `ids` is that of the cell in which `exercise` is to be written; None where none is."""
    return next((one for one in ids if _plain(exercise) in one.split(_BETWEEN)), None)


def answer_metadata(grade_id: str, source: str) -> dict[str, Any]:
    """The metadata of the cell `source` to write in."""
    return {"deletable": False, "nbgrader": _facts(grade_id, source, is_solution=True, points=None)}


def tests_metadata(grade_id: str, source: str, points: Number) -> dict[str, Any]:
    """The metadata of the cell `source` that carries `points`."""
    return {
        "deletable": False,
        "editable": False,
        "nbgrader": _facts(grade_id, source, is_solution=False, points=points),
    }


def _facts(grade_id: str, source: str, *, is_solution: bool, points: Number | None) -> dict[str, Any]:
    is_grade = points is not None
    facts = {
        "cell_type": "code",
        "checksum": _checksum(grade_id, source, is_solution=is_solution, points=points),
        "grade": is_grade,
        "grade_id": grade_id,
        "locked": is_grade,
        "schema_version": SCHEMA_VERSION,
        "solution": is_solution,
        "task": False,
    }
    return facts if points is None else facts | {"points": points}


def _checksum(grade_id: str, source: str, *, is_solution: bool, points: Number | None) -> str:
    """As nbgrader computes it (utils.compute_checksum); it knows by this whether a cell was changed."""
    is_grade = points is not None
    parts = [source, "code", str(is_grade), str(is_solution), str(is_grade and not is_solution), grade_id]
    if points is not None:
        parts.append(str(float(points)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _plain(name: str) -> str:
    """A Python name in the letters that nbgrader allows in an id."""
    return "".join(c if c.isascii() else f"-u{ord(c):06x}" for c in name)
