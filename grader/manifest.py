"""assignment.toml: read under a strict schema, and its public part written for learners.

Schema of autograde_tests/<id>/assignment.toml:

    title = "A deep network, layer by layer"   # required, one line
    [limits]                                   # optional; keys of model.Limits, see LIMITS for their ranges
    call_wall_seconds = 5.0
    [deadline]                                 # optional; see docs/deadlines.md
    due = 2026-12-01T23:59:00+01:00            # required, with an offset
    grace_minutes = 15                         # default 0: late is what comes later than this
    penalty_percent = 10                       # default 0: of the assignment's points, for every period begun since due
    per = "day"                                # default; or "hour"
    most_penalty_percent = 50                  # default 100
    cut_off = 2026-12-08T23:59:00+01:00        # default none: what comes later scores 0
    [deadline.extensions]                      # by student: their own due time
    ada = 2026-12-05T23:59:00+01:00
    [exercises.affine_forward]                 # at least one, in dependency order; the function's name
    points = 2                                 # above 0, at most three decimals; exact
    formula = 'Z = W A_{prev} + b'             # optional: what feedback shows where points are lost; see `formulas`

assignments/<id>/assignment.toml has the same keys and `id`, of the limits only those that a learner can meet, and `due`
in place of [deadline].
"""

from __future__ import annotations

import json
import keyword
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grader import formulas
from grader.course import MANIFEST, TESTS, require_assignment, suite_sha256
from grader.deadlines import YEARS
from grader.errors import ManifestError
from grader.model import Assignment, Deadline, Exercise, Limits, Period
from grader.names import did_you_mean, printable, printable_path

_LONGEST_TITLE = 200
_MOST_POINTS = 1_000_000
_POINT_PARTS = 1000  # three decimals
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_POSITION = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")


class Range(NamedTuple):
    """What a limit may be; `whole` means an integer."""

    least: float
    most: float
    unit: str
    whole: bool


LIMITS: dict[str, Range] = {
    "call_wall_seconds": Range(0.01, 3600, "seconds", False),
    "load_wall_seconds": Range(0.01, 3600, "seconds", False),
    "submission_wall_seconds": Range(0.01, 86_400, "seconds", False),
    "cpu_seconds": Range(1, 86_400, "seconds", True),
    "memory_bytes": Range(64 << 20, 1 << 40, "bytes", True),
    "output_bytes": Range(0, 1 << 30, "bytes", True),
    "reply_bytes": Range(1 << 10, 4 << 30, "bytes", True),
    "submission_bytes": Range(1, 1 << 30, "bytes", True),
}
_DEADLINE = ("due", "grace_minutes", "penalty_percent", "per", "most_penalty_percent", "cut_off", "extensions")
_MOST_GRACE_MINUTES = 365 * 24 * 60
_LEARNERS_LIMITS = (
    "call_wall_seconds",
    "load_wall_seconds",
    "submission_wall_seconds",
    "memory_bytes",
    "submission_bytes",
)


def load(course: Path, assignment_id: str) -> Assignment:
    """The assignment as autograde_tests/<id>/assignment.toml describes it.

    Raises UsageError for an unknown id and ManifestError, one sentence with file, key, what was found and what is
    allowed, for anything that does not follow the schema.
    """
    path = course / TESTS / assignment_id / MANIFEST
    if _ID.fullmatch(assignment_id) and path.parent.is_dir() and not path.exists():
        raise ManifestError(f"{TESTS}/{assignment_id}/{MANIFEST}: there is no such file, and an assignment needs one")
    require_assignment(course, assignment_id)
    document = _Document(f"{TESTS}/{assignment_id}/{MANIFEST}", _read(path, f"{TESTS}/{assignment_id}/{MANIFEST}"))
    document.refuse_unknown("", document.top, ("title", "limits", "deadline", "exercises"))
    return Assignment(
        id=assignment_id,
        title=document.title(),
        exercises=document.exercises(),
        limits=document.limits(tuple(LIMITS)),
        root=course,
        suite_sha256=suite_sha256(course, assignment_id),
        deadline=document.deadline(),
    )


def public_part(assignment: Assignment) -> str:
    """The text of assignments/<id>/assignment.toml, what `grader check` needs; equal input, equal text."""
    standard = Limits()
    limits = {name: getattr(assignment.limits, name) for name in _LEARNERS_LIMITS}
    changed = [f"{name} = {value}" for name, value in limits.items() if value != getattr(standard, name)]
    lines = [
        "# Generated from the course; grading does not read this file.",
        f"id = {_quoted(assignment.id)}",
        f"title = {_quoted(assignment.title)}",
    ]
    if assignment.deadline is not None:
        lines.append(f"due = {assignment.deadline.due.isoformat()}")
    if changed:
        lines += ["", "[limits]", *changed]
    for exercise in assignment.exercises:
        lines += ["", f"[exercises.{_key(exercise.name)}]", f"points = {_decimal(exercise.points)}"]
        if exercise.formula:
            lines.append(f"formula = {_quoted(exercise.formula)}")
    return "\n".join(lines) + "\n"


def load_public(folder: Path) -> Assignment:
    """The assignment of a hand-out, where neither tests nor reference are: `folder` is the one with assignment.toml.

    `root` is the folder above assignments/, or above `folder` when it lies by itself; then `starter_folder` means
    nothing, and callers use `folder`. The digest of the suite is empty.
    """
    folder = folder.resolve()
    document = _Document(f"{folder.name}/{MANIFEST}", _read(folder / MANIFEST, printable_path(folder / MANIFEST)))
    document.refuse_unknown("", document.top, ("id", "title", "due", "limits", "exercises"))
    return Assignment(
        id=document.id(default=folder.name),
        title=document.title(),
        exercises=document.exercises(),
        limits=document.limits(_LEARNERS_LIMITS),
        root=folder.parent.parent if folder.parent.name == "assignments" else folder.parent,
        deadline=Deadline(due=document.moment("due", document.top["due"])) if "due" in document.top else None,
    )


class _Document:
    """One parsed file, with its name for messages: each method checks and returns one part of it."""

    def __init__(self, name: str, top: dict[str, Any]) -> None:
        self.name = name
        self.top = top

    def error(self, text: str) -> ManifestError:
        return ManifestError(f"{self.name}: {text}")

    def refuse_unknown(self, table: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in found:
            if key not in known:
                hint = did_you_mean(key, known) or f"; allowed {'is' if len(known) == 1 else 'are'} {', '.join(known)}"
                raise self.error(f"{table}unknown key {printable(key)}{hint}")

    def id(self, *, default: str) -> str:
        value = self.top.get("id", default)
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise self.error(f"id must be a folder name of letters, digits, _ . and -, not {_shown(value)}")
        return value

    def title(self) -> str:
        if "title" not in self.top:
            raise self.error('title is missing; add a line such as title = "A deep network, layer by layer"')
        value = self.top["title"]
        if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _LONGEST_TITLE:
            raise self.error(
                f"title must be one line of text, at most {_LONGEST_TITLE} characters, not {_shown(value)}"
            )
        return value

    def limits(self, known: tuple[str, ...]) -> Limits:
        table = self.top.get("limits", {})
        if not isinstance(table, dict):
            raise self.error(f"limits must be a table, [limits], not {_shown(table)}")
        self.refuse_unknown("[limits] ", table, known)
        limits = msgspec.convert({name: self._limit(name, value) for name, value in table.items()}, Limits)
        for name in ("call_wall_seconds", "load_wall_seconds"):
            if getattr(limits, name) > limits.submission_wall_seconds:
                raise self.error(
                    f"[limits] {name} is {getattr(limits, name):g}, which must not be above "
                    f"submission_wall_seconds, {limits.submission_wall_seconds:g}"
                )
        return limits

    def _limit(self, name: str, value: object) -> float:
        allowed = LIMITS[name]
        number = _number(value)
        if number is not None and allowed.least <= number <= allowed.most:
            if not allowed.whole:
                return float(number)
            if isinstance(value, int):
                return value
        kind = "a whole number" if allowed.whole else "a number"
        raise self.error(
            f"[limits] {name} must be {kind} of {allowed.unit} from {allowed.least} to {allowed.most}, "
            f"not {_shown(value)}"
        )

    def deadline(self) -> Deadline | None:
        if "deadline" not in self.top:
            return None
        table = self.top["deadline"]
        if not isinstance(table, dict):
            raise self.error(f"deadline must be a table, [deadline], not {_shown(table)}")
        self.refuse_unknown("[deadline] ", table, _DEADLINE)
        if "due" not in table:
            raise self.error("[deadline] due is missing; add a line such as due = 2026-12-01T23:59:00+01:00")
        due = self.moment("[deadline] due", table["due"])
        grace = self._amount("grace_minutes", table.get("grace_minutes", 0), _MOST_GRACE_MINUTES)
        return Deadline(
            due=due,
            grace_minutes=grace,
            penalty_percent=self._amount("penalty_percent", table.get("penalty_percent", 0), 100),
            per=self._period(table.get("per", Period.DAY.value)),
            most_penalty_percent=self._amount("most_penalty_percent", table.get("most_penalty_percent", 100), 100),
            cut_off=self._cut_off(table["cut_off"], due, grace) if "cut_off" in table else None,
            extensions=self._extensions(table.get("extensions", {}), due),
        )

    def moment(self, key: str, value: object) -> datetime:
        """`value` as a date-time with an offset: without one it would be another moment in every time zone."""
        if isinstance(value, datetime) and value.utcoffset() is not None and value.year in YEARS:
            return value
        raise self.error(
            f"{key} must be a date and time with its offset from UTC, such as 2026-12-01T23:59:00+01:00 and without "
            f"quotes, not {value.isoformat() if isinstance(value, date | time) else _shown(value)}"
        )

    def _amount(self, name: str, value: object, most: int) -> Fraction:
        number = _number(value)
        if number is None or not 0 <= number <= most:
            raise self.error(f"[deadline] {name} must be a number from 0 to {most}, not {_shown(value)}")
        return self._exact(f"[deadline] {name}", number)

    def _period(self, value: object) -> Period:
        for period in Period:
            if value == period.value:
                return period
        raise self.error(f"[deadline] per must be {' or '.join(map(_quoted, Period))}, not {_shown(value)}")

    def _cut_off(self, value: object, due: datetime, grace_minutes: Fraction) -> datetime:
        cut_off = self.moment("[deadline] cut_off", value)
        if cut_off < due + timedelta(minutes=float(grace_minutes)):
            raise self.error(
                f"[deadline] cut_off is {cut_off.isoformat()}, before the grace after due, {due.isoformat()}, has ended"
            )
        return cut_off

    def _extensions(self, table: object, due: datetime) -> dict[str, datetime]:
        if not isinstance(table, dict):
            raise self.error(f"[deadline] extensions must be a table of due times by student, not {_shown(table)}")
        extensions = {}
        for student, value in table.items():
            own = extensions[student] = self.moment(f"[deadline.extensions] {printable(student)}", value)
            if own < due:
                raise self.error(
                    f"[deadline.extensions] {printable(student)} is {own.isoformat()}, before due, "
                    f"{due.isoformat()}; an extension gives more time"
                )
        return extensions

    def exercises(self) -> tuple[Exercise, ...]:
        table = self.top.get("exercises", {})
        if not isinstance(table, dict) or not table:
            raise self.error("at least one exercise is needed: a table [exercises.NAME] with points")
        return tuple(self._exercise(name, value) for name, value in table.items())

    def _exercise(self, name: str, table: object) -> Exercise:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise self.error(f"[exercises.{printable(name)}] must be named like the function to write, a Python name")
        if not isinstance(table, dict):
            raise self.error(f"[exercises.{name}] must be a table with points, not {_shown(table)}")
        self.refuse_unknown(f"[exercises.{name}] ", table, ("points", "formula"))
        if "points" not in table:
            raise self.error(f"[exercises.{name}] points is missing; add a line such as points = 2")
        return Exercise(
            name=name, points=self._points(name, table["points"]), formula=self._formula(name, table.get("formula", ""))
        )

    def _formula(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value.isprintable():
            raise self.error(f"[exercises.{name}] formula must be one line of text, not {_shown(value)}")
        if value:
            try:
                formulas.check(value)
            except formulas.FormulaError as error:
                raise self.error(f"[exercises.{name}] formula {error}") from error
        return value

    def _points(self, name: str, value: object) -> Fraction:
        number = _number(value)
        if number is None or not 0 < number <= _MOST_POINTS:
            raise self.error(
                f"[exercises.{name}] points must be a number above 0 and at most {_MOST_POINTS}, not {_shown(value)}"
            )
        return self._exact(f"[exercises.{name}] points", number)

    def _exact(self, key: str, number: Decimal) -> Fraction:
        """`number`, which is not below 0, as a fraction."""
        # The small ones go first: as a fraction, 1e-999999999 is a gigabyte; and the product may be 0.
        if (number and number * _POINT_PARTS < 1) or (parts := Fraction(number) * _POINT_PARTS).denominator != 1:
            raise self.error(f"{key} may have at most three decimals, not {_shown(number)}")
        return parts / _POINT_PARTS


def _read(path: Path, shown: str) -> dict[str, Any]:
    """The parsed TOML file; its floats are decimals, so that 0.1 point is one tenth."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ManifestError(f"{shown}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ManifestError(f"{shown}: line {line} is not UTF-8 text; save the file as UTF-8") from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        position = _POSITION.search(reason)
        where = f" at {position.group(1)}" if position else ""
        reason = _POSITION.sub("", reason)
        raise ManifestError(f"{shown}: not valid TOML{where}: {printable(reason)}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, tables nested without end
        raise ManifestError(f"{shown}: not usable as TOML: {printable(str(error))}") from error


def _number(value: object) -> Decimal | None:
    """`value` as an exact number, or None if it is something else, infinite or not a number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def _shown(value: object) -> str:
    """`value` as its author wrote it, or nearly."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        text = str(value)
    elif isinstance(value, str):
        text = _quoted(value)
    else:
        return "a table" if isinstance(value, dict) else f"a {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:79]}…"


def _quoted(text: str) -> str:
    """`text` as a TOML string: JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if name.isascii() else _quoted(name)


def _decimal(points: Fraction) -> str:
    """`points` exactly; the schema lets only fractions in that have a short decimal form."""
    value = Decimal(points.numerator) / Decimal(points.denominator)
    return f"{value:f}"
