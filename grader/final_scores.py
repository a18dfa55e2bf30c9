"""From the raw score, what the tests gave, to the score that counts: adjustments by hand, then the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import msgspec

from grader import adjustments, deadlines, roster
from grader.model import Assignment, Deadline, Exercise, Status
from grader.records import Adjustment, ExerciseRecord, Late, Record, as_fraction, as_number, raw_status
from grader.roster import Roster


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one student. deadline: with their own due time. exercises: all of the assignment, in order."""

    deadline: Deadline | None
    adjustments: tuple[Adjustment, ...]
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Rules:
    """What holds for the class of one OUT: the assignment's deadline, the roster and adjustments that lie in OUT."""

    assignment: Assignment
    roster: Roster | None = None
    adjustments: Mapping[str, tuple[Adjustment, ...]] = field(default_factory=dict)

    def terms(self, student: str) -> Terms:
        """What holds for `student`, by the name in their record."""
        return Terms(
            deadline=self._deadline(student),
            adjustments=self.adjustments.get(student, ()),
            exercises=self.assignment.exercises,
        )

    def settle(self, record: Record) -> Record:
        """`record` with the score that counts; see `settle`."""
        return settle(record, self.terms(record.student))

    def _deadline(self, student: str) -> Deadline | None:
        deadline = self.assignment.deadline
        if deadline is None:
            return None
        person = self.roster.by_student.get(student) if self.roster is not None else None
        if person is None:
            return deadlines.for_student(deadline, student)
        # The manifest may know a student by any of the names under which they hand in.
        known = next((name for name in (student, person.id, *person.accounts) if name in deadline.extensions), student)
        return deadlines.for_student(deadline, known, person.due)


def load(assignment: Assignment, out: Path) -> Rules:
    """The rules for OUT. Raises UsageError where the roster or the adjustments in it cannot be read."""
    return Rules(assignment, roster.load(out), adjustments.in_force(adjustments.load(out)))


def settle(record: Record, terms: Terms) -> Record:
    """`record` with the score that counts, from its raw scores and `terms`; whatever it was settled by before.

    An adjustment takes the place of an exercise's score, up to its points. A late penalty is taken from the sum, down
    to 0. Where we failed to judge, the record is graded as soon as every exercise has a score. Pure, exact, idempotent.
    """
    exercises = _exercises(record, terms)
    applied = tuple(a for a in terms.adjustments if any(a.exercise == exercise.exercise for exercise in exercises))
    is_judged = raw_status(record) is Status.GRADED or _is_complete(exercises, terms.exercises)
    earned = _earned(record, exercises) if is_judged else None
    late = _late(record, terms.deadline, earned)
    score = None if earned is None else earned - (as_fraction(late.penalty) if late is not None else 0)
    return msgspec.structs.replace(
        record,
        status=Status.GRADED if is_judged else Status.GRADER_ERROR,
        score=None if score is None else as_number(score),
        late=late,
        adjustments=applied,
        exercises=exercises,
    )


def _exercises(record: Record, terms: Terms) -> tuple[ExerciseRecord, ...]:
    """The exercises with the scores that count; those that only an adjustment speaks of are made where we failed."""
    own = {exercise.exercise: exercise for exercise in record.exercises if exercise.tests}
    adjusted = {adjustment.exercise: as_fraction(adjustment.score) for adjustment in terms.adjustments}
    if not own:
        own = {
            exercise.name: ExerciseRecord(
                exercise=exercise.name, score=None, max_score=as_number(exercise.points), tests=(), advice=()
            )
            for exercise in terms.exercises
            if exercise.name in adjusted
        }
    return tuple(_settled(exercise, adjusted.get(name)) for name, exercise in own.items())


def _settled(exercise: ExerciseRecord, adjusted: Fraction | None) -> ExerciseRecord:
    score = exercise.raw_score
    if adjusted is not None:
        score = as_number(min(adjusted, as_fraction(exercise.max_score)))
    return exercise if score == exercise.score else msgspec.structs.replace(exercise, score=score)


def _is_complete(exercises: tuple[ExerciseRecord, ...], all_exercises: tuple[Exercise, ...]) -> bool:
    scored = {exercise.exercise for exercise in exercises if exercise.score is not None}
    return scored.issuperset(exercise.name for exercise in all_exercises)


def _earned(record: Record, exercises: tuple[ExerciseRecord, ...]) -> Fraction:
    """The points before any penalty.

    Where the tests gave a sum, only what was adjusted is added to it: the sum of scores with six digits may miss it.
    """
    if record.raw_score is None:
        return sum((as_fraction(exercise.score or 0) for exercise in exercises), Fraction(0))
    changes = (
        as_fraction(exercise.score or 0) - as_fraction(exercise.raw_score or 0)
        for exercise in exercises
        if exercise.score != exercise.raw_score
    )
    return as_fraction(record.raw_score) + sum(changes, Fraction(0))


def _late(record: Record, deadline: Deadline | None, earned: Fraction | None) -> Late | None:
    """Nothing where no time is known: a penalty needs a proof."""
    submitted_at = record.submission.submitted_at
    if deadline is None or submitted_at is None:
        return None
    return deadlines.lateness(
        deadline, submitted_at, earned=earned or Fraction(0), max_score=as_fraction(record.max_score)
    )
