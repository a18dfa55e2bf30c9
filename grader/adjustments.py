"""OUT/adjustments.json: scores of exercises that people set by hand, with comment, who and when.

The file is a history: an entry is added and none is ever changed or removed. For every student and exercise the last
entry counts; one without a score takes the adjustment back.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import msgspec

from grader import out_folder
from grader.errors import UsageError
from grader.names import printable, printable_path
from grader.records import Adjustment, Number

FILE_NAME = "adjustments.json"
SCHEMA = 1
WHO_VARIABLE = "GRADER_USER"
_PARTS = 1000  # three decimals, as the points of an exercise have
_LONGEST_NAME = 200
_LONGEST_COMMENT = 2000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on one exercise of one student; score is None where an earlier one is taken back."""

    student: str
    exercise: str
    score: Number | None
    comment: str
    by: str
    at: str


class _History(msgspec.Struct, frozen=True, kw_only=True):
    schema: int
    history: tuple[Entry, ...] = ()


def load(out: Path) -> tuple[Entry, ...]:
    """The history in OUT, empty where nobody has adjusted anything. Raises UsageError for a file that is broken."""
    path = out / FILE_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(path)}: {error.strerror}") from error
    try:
        found = msgspec.json.decode(data, type=_History)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{printable_path(path)} is no history of adjustments: {error}; put back a copy of it"
        ) from error
    if found.schema != SCHEMA:
        raise UsageError(f"{printable_path(path)} has schema {found.schema}, and this grader reads schema {SCHEMA}")
    return found.history


def append(out: Path, entry: Entry) -> None:
    """Add `entry` to the history in OUT, atomically."""
    history = _History(schema=SCHEMA, history=(*load(out), entry))
    data = msgspec.json.format(msgspec.json.encode(history), indent=2) + b"\n"
    out_folder.write_atomically(out / FILE_NAME, data, sync=True)


def in_force(history: Sequence[Entry]) -> dict[str, tuple[Adjustment, ...]]:
    """What counts of `history`, by student."""
    last = {(entry.student, entry.exercise): entry for entry in history}
    found: dict[str, list[Adjustment]] = {}
    for entry in last.values():
        if entry.score is not None:
            found.setdefault(entry.student, []).append(
                Adjustment(exercise=entry.exercise, score=entry.score, comment=entry.comment, by=entry.by, at=entry.at)
            )
    return {student: tuple(adjustments) for student, adjustments in found.items()}


def score_from(text: str, *, max_score: Fraction) -> Fraction:
    """The score that `text` is, exactly. Raises UsageError unless it is one that the exercise can have."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    most = f"{float(max_score):g}"
    if not number.is_finite() or not 0 <= number <= Decimal(10) ** 9 or number > max_score:
        raise UsageError(
            f"the score must be a number from 0 to {most}, the points of this exercise, not {printable(text)}"
        )
    # The small ones go first: as a fraction, 1e-999999999 is a gigabyte; and the product may be 0.
    if (number and number * _PARTS < 1) or (Fraction(number) * _PARTS).denominator != 1:
        raise UsageError(f"the score may have at most three decimals, not {printable(text)}")
    return Fraction(number)


def comment_from(text: str | None, *, is_required: bool) -> str:
    """`text` as a comment of one paragraph. Raises UsageError where it is missing and required."""
    comment = _one_line(text or "")
    if is_required and not comment:
        raise UsageError("an adjustment needs a reason, which the student will read; give --comment TEXT")
    if len(comment) > _LONGEST_COMMENT:
        raise UsageError(f"the comment has {len(comment)} characters; at most {_LONGEST_COMMENT} are allowed")
    return comment


def who(name: str | None) -> str:
    """`name`, else $GRADER_USER, else the name of the user of this machine."""
    found = name or os.environ.get(WHO_VARIABLE, "")
    if not found.strip():
        try:
            found = getpass.getuser()
        except (KeyError, OSError, ImportError):  # a container may run as a number without a name
            found = ""
    found = _one_line(found)[:_LONGEST_NAME]
    if not found:
        raise UsageError(f"nothing tells who you are; give --by NAME, or set {WHO_VARIABLE}")
    return found


def _one_line(text: str) -> str:
    """`text` with single spaces, and without lone surrogates (bytes of an argument that are not UTF-8)."""
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())


def now() -> str:
    """The time for an entry: ISO 8601 in UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
