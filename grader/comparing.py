"""Two OUT folders compared: who gained or lost, in which exercise, and why.

Read from records only. Times do not count, and neither do texts: of a test its outcome, its score and the keys of its
feedback are compared. A difference is explained from the outside (another submission, other tests, another version)
and from the inside (what the tests that changed now say).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec

from grader import records
from grader.deadlines import duration
from grader.errors import UsageError
from grader.model import Outcome, Status
from grader.names import guarded, printable_path
from grader.records import ExerciseRecord, Number, Record, TestRecord

COLUMNS = ("student", "exercise", "score_a", "score_b", "change", "tests", "why")
_DIGITS = 6


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise of one student; exercise is None where the whole record is meant.

    score_a, score_b: None where there is none. change: None unless both are there. tests: those that ended otherwise.
    """

    student: str
    exercise: str | None
    score_a: Number | None
    score_b: Number | None
    change: Number | None
    tests: tuple[str, ...]
    why: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What `grader diff` says. students: how many are in both; gained, lost: how many have another score."""

    is_equal: bool
    students: int
    gained: int
    lost: int
    only_in_a: int
    only_in_b: int
    differences: tuple[Difference, ...]


def compare(out_a: Path, out_b: Path) -> Comparison:
    """The differences, sorted by student, exercises in the order of the assignment. Raises UsageError, BrokenRecord."""
    paths_a, paths_b = ({path.name: path for path in records.paths(out)} for out in (out_a, out_b))
    differences: list[Difference] = []
    gained = lost = 0
    for name in sorted(paths_a.keys() | paths_b.keys()):
        a = records.read(paths_a[name]) if name in paths_a else None
        b = records.read(paths_b[name]) if name in paths_b else None
        if a is None or b is None:
            present = a or b
            assert present is not None
            differences.append(_alone(present, is_in_a=b is None))
            continue
        if a.assignment != b.assignment:
            raise UsageError(
                f"{printable_path(out_a)} holds results of {a.assignment}, {printable_path(out_b)} of {b.assignment}; "
                "give two folders of one assignment"
            )
        found = _differences(a, b)
        differences += found
        if found and a.score is not None and b.score is not None:
            gained += b.score > a.score
            lost += b.score < a.score
    both = paths_a.keys() & paths_b.keys()
    return Comparison(
        is_equal=not differences,
        students=len(both),
        gained=gained,
        lost=lost,
        only_in_a=len(paths_a) - len(both),
        only_in_b=len(paths_b) - len(both),
        differences=tuple(differences),
    )


def to_csv(comparison: Comparison) -> str:
    """The differences as CSV, with the columns COLUMNS; text that a spreadsheet would run gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in comparison.differences:
        numbers = ("" if value is None else value for value in (row.score_a, row.score_b, row.change))
        cells = (row.student, row.exercise or "")
        writer.writerow([*map(guarded, cells), *numbers, guarded(" ".join(row.tests)), guarded(row.why)])
    return text.getvalue()


def _alone(record: Record, *, is_in_a: bool) -> Difference:
    return Difference(
        student=record.student,
        exercise=None,
        score_a=record.score if is_in_a else None,
        score_b=None if is_in_a else record.score,
        change=None,
        tests=(),
        why=f"only in {'A' if is_in_a else 'B'}",
    )


def _differences(a: Record, b: Record) -> list[Difference]:
    causes = _causes(a, b)
    if a.status is not b.status or Status.GRADER_ERROR in (a.status, b.status):
        if a.status is b.status and a.error == b.error:
            return []
        inside = f"no score in A: {a.error}" if a.status is Status.GRADER_ERROR else ""
        if b.status is Status.GRADER_ERROR:
            inside = "; ".join(filter(None, (inside, f"no score in B: {b.error}")))
        return [_difference(a.student, None, a.score, b.score, (), _joined(causes, inside))]
    found = []
    exercises_a, exercises_b = ({e.exercise: e for e in record.exercises} for record in (a, b))
    for name in dict.fromkeys([*exercises_b, *exercises_a]):
        one, other = exercises_a.get(name), exercises_b.get(name)
        if one is None or other is None:
            why = _joined(causes, f"the exercise is only in {'B' if one is None else 'A'}")
            scores = (one.score if one else None, other.score if other else None)
            found.append(_difference(a.student, name, *scores, (), why))
        else:
            found += _in_exercise(a.student, one, other, causes)
    if a.late != b.late:
        why = f"late: {_penalty(a)} in A, {_penalty(b)} in B"
        found.append(_difference(a.student, None, a.score, b.score, (), _joined(causes, why)))
    if not found and (a.score, a.max_score) != (b.score, b.max_score):
        found.append(_difference(a.student, None, a.score, b.score, (), _joined(causes, "other points")))
    return found


def _in_exercise(student: str, a: ExerciseRecord, b: ExerciseRecord, causes: str) -> list[Difference]:
    tests_a, tests_b = ({test.test: test for test in exercise.tests} for exercise in (a, b))
    changed, reasons = [], []
    for name in dict.fromkeys([*tests_b, *tests_a]):
        one, other = tests_a.get(name), tests_b.get(name)
        reason = _reason(one, other)
        if reason is not None:
            changed.append(name)
            reasons.append(reason)
    if not changed and (a.score, a.max_score) == (b.score, b.max_score):
        return []
    if (a.score, b.score) != (a.raw_score, b.raw_score):
        reasons.append(f"set by hand: {_by_hand(a)} in A, {_by_hand(b)} in B")
    inside = "; ".join(dict.fromkeys(reasons))
    return [_difference(student, b.exercise, a.score, b.score, tuple(changed), _joined(causes, inside))]


def _reason(a: TestRecord | None, b: TestRecord | None) -> str | None:
    """Why a test counts as changed, in the words of the side that says more; None when it is not."""
    if b is None:
        return "a test is gone"
    if a is None:
        return "a new test" + (f": {_told(b)}" if b.outcome is not Outcome.PASSED else " passes")
    if (a.outcome, a.score, a.max_score, _keys(a)) == (b.outcome, b.score, b.max_score, _keys(b)):
        return None
    if a.outcome is b.outcome and _keys(a) == _keys(b):
        return f"a test has {b.max_score} points in place of {a.max_score}"
    if b.outcome is Outcome.PASSED and a.outcome is not Outcome.PASSED:
        return f"no longer {a.outcome}: {_told(a)}"
    return f"{b.outcome}: {_told(b)}" if b.feedback else f"{b.outcome} in place of {a.outcome}"


def _keys(test: TestRecord) -> tuple[str, ...]:
    return tuple(feedback.key for feedback in test.feedback)


def _told(test: TestRecord) -> str:
    return test.feedback[0].rationale if test.feedback else test.outcome.value


def _penalty(record: Record) -> str:
    if record.late is None:
        return "no deadline missed"
    return f"{record.late.penalty} points off for {duration(record.late.seconds)} after {record.late.due}"


def _by_hand(exercise: ExerciseRecord) -> str:
    return "not" if exercise.score == exercise.raw_score else f"{exercise.score} in place of {exercise.raw_score}"


def _causes(a: Record, b: Record) -> str:
    """What differs of that which a verdict is made from."""
    versions = [
        f"{name} {a.environment.get(name, '–')} → {b.environment.get(name, '–')}"
        for name in dict.fromkeys([*a.environment, *b.environment])
        if a.environment.get(name) != b.environment.get(name)
    ]
    causes = (
        "another submission" if a.submission.sha256 != b.submission.sha256 else "",
        "other tests" if a.suite_sha256 != b.suite_sha256 else "",
        "another seed" if a.seed != b.seed else "",
        "another time of submission" if a.submission.submitted_at != b.submission.submitted_at else "",
        f"sandbox {a.sandbox} → {b.sandbox}" if a.sandbox is not b.sandbox else "",
        *versions,
    )
    return ", ".join(filter(None, causes))


def _joined(causes: str, inside: str) -> str:
    return " | ".join(filter(None, (causes, inside))) or "nothing that it depends on has changed"


def _difference(
    student: str,
    exercise: str | None,
    score_a: Number | None,
    score_b: Number | None,
    tests: tuple[str, ...],
    why: str,
) -> Difference:
    change = None if score_a is None or score_b is None else round(score_b - score_a, _DIGITS)
    return Difference(
        student=student, exercise=exercise, score_a=score_a, score_b=score_b, change=change, tests=tests, why=why
    )
