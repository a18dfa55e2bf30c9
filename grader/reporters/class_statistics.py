"""Figures of a class, from its records: scores, exercises, mistakes, wrong answers without a name, runs and hints.

Records are taken one after the other and none is kept, so ten thousand of them need little memory.

Difficulty of an exercise is the mean share of its points. Discrimination is the item-rest correlation: Pearson's
correlation of the share in this exercise with the points in all others, over the students who handed something in. It
says whether the exercise tells strong students from weak ones. Source: S. Henrysson, "Correction of item-total
correlations in item analysis", Psychometrika 28 (1963); the bounds of its words are those of R. L. Ebel and D. A.
Frisbie, "Essentials of Educational Measurement" (1991).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from grader.integrity import same_submissions
from grader.messages import MESSAGES
from grader.model import CodePiece, Feedback, Outcome, Status
from grader.records import ExerciseRecord, Number, Record
from grader.reporters.view import OUTCOME_WORDS

FEWEST_FOR_DISCRIMINATION = 30  # students; with fewer, chance alone gives correlations above 0.36 in one of twenty
_GOOD_DISCRIMINATION = 0.3
_POOR_DISCRIMINATION = 0.2
_MOST_SINGLE_LOSSES = 0.75  # of students who lost something
_BINS = 10
_NOT_WRITTEN = (Outcome.NOT_IMPLEMENTED, Outcome.NOT_RUN, Outcome.GRADER_ERROR)
_NO_MISTAKE = (Outcome.PASSED, *_NOT_WRITTEN)
_ENDED = (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.CRASHED)
# What checks say of wrong values when nothing explains them; hidden and visible tests use other words.
_PLAIN = frozenset(
    "wrong_plain wrong_number wrong_number_shown wrong_entries wrong_entries_shown wrong_array_shown".split()
)
_WRONG_VALUES = Feedback("wrong_values", "The values are wrong, and no misconception or pattern explains them.")
# Times vary from run to run. In steps as wide as these, two runs of one class give one page: what waits for a deadline
# (five seconds, by default) takes a little more than a step, never a little less.
_SLOW_SECONDS = (60, 30, 15, 5)

Answer = tuple[str, str]  # exercise, digest
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Student:
    """One student. stem: of the names of the files. shares: exercises and shares of points, where there is a score.

    ended: what a process was ended for, and in which exercises. error: why there is no score, if so.
    """

    name: str
    stem: str
    score: Number | None
    max_score: Number
    shares: tuple[tuple[str, float], ...]
    ended: tuple[tuple[str, tuple[str, ...]], ...]
    slow_seconds: int
    error: str | None

    @property
    def share(self) -> float | None:
        """score / max_score."""
        return None if self.score is None or not self.max_score else float(self.score) / float(self.max_score)

    @property
    def lost(self) -> tuple[str, ...]:
        """The exercises that lost points."""
        return tuple(exercise for exercise, share in self.shares if share < 1)

    @property
    def is_run_of_note(self) -> bool:
        return bool(self.ended or self.slow_seconds or self.error is not None)


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise over the class. mean: of the share of points, over those with a score.

    full, part, none, unwritten: how many students have all points, some, none, and nothing written.
    discrimination: in [-1, 1], None where it says nothing.
    """

    name: str
    mean: float
    full: int
    part: int
    none: int
    unwritten: int
    discrimination: float | None

    @property
    def judged(self) -> int:
        return self.full + self.part + self.none + self.unwritten

    @property
    def advice(self) -> str:
        """What the discrimination says of the tests, in a word or two."""
        if self.discrimination is None:
            return ""
        if self.discrimination < 0:
            return "negative"
        if self.discrimination < _POOR_DISCRIMINATION:
            return "poor"
        return "fair" if self.discrimination < _GOOD_DISCRIMINATION else "good"


@dataclass(frozen=True)
class Mistake:
    """What students were told first in a test of an exercise. students: their positions, each once.

    is_named: it is a misconception of the course, and no message of the grader's own.
    """

    exercise: str
    said: Feedback
    is_named: bool
    students: tuple[int, ...]


@dataclass(frozen=True)
class Cluster:
    """Students whose functions give the same wrong values, for which there is no name.

    said: what the sample was told. sample: its position among the students. code: its own lines, where known.
    """

    exercise: str
    students: tuple[int, ...]
    sample: int
    said: Feedback | None
    code: tuple[CodePiece, ...]


@dataclass(frozen=True)
class Hint:
    """One hint on integrity, and the positions of the students that it is about."""

    students: tuple[int, ...]
    hint: Feedback


@dataclass(frozen=True)
class ClassStatistics:
    """All that is said about a class. singles: how many wrong answers without a name only one student gave."""

    students: tuple[Student, ...]
    exercises: tuple[ExerciseFigures, ...]
    mistakes: tuple[Mistake, ...]
    clusters: tuple[Cluster, ...]
    singles: int
    hints: tuple[Hint, ...]

    @property
    def shares(self) -> list[float]:
        """Of all points, by judged student."""
        return [share for student in self.students if (share := student.share) is not None]

    @property
    def max_score(self) -> Number:
        return max((student.max_score for student in self.students), default=0)

    @property
    def has_single_losses(self) -> bool:
        """Whether most students who lost something lost it in one exercise: then each discrimination is negative."""
        lost = [len(student.lost) for student in self.students if 0 < len(student.lost) < len(student.shares)]
        return sum(count == 1 for count in lost) > _MOST_SINGLE_LOSSES * len(lost) and len(self.exercises) > 1

    @property
    def runs(self) -> tuple[int, ...]:
        """Positions of students whose run failed, was ended or was slow: in this order, the slowest first."""
        noted = [i for i, student in enumerate(self.students) if student.is_run_of_note]
        return tuple(sorted(noted, key=lambda i: _urgency(self.students[i])))


def collect(records: Iterable[Record]) -> ClassStatistics:
    """The figures of the class whose records these are."""
    tally = _Tally()
    for record in records:
        tally.add(record)
    return tally.statistics()


def distribution(shares: Sequence[float]) -> list[tuple[str, int]]:
    """Label and count of each tenth; full marks have a bin of their own."""
    counts = Counter(min(int(share * _BINS + 1e-9), _BINS) for share in shares)
    labels = [f"{100 * i // _BINS}–{100 * (i + 1) // _BINS} %" for i in range(_BINS)] + ["100 %"]
    return [(label, counts[i]) for i, label in enumerate(labels)]


def item_rest_correlation(scores: NDArray[np.float64], max_scores: NDArray[np.float64]) -> list[float | None]:
    """The discrimination of every exercise.

    scores: (students, exercises), points; rows with NaN are left out. max_scores: (exercises,).
    None for fewer than FEWEST_FOR_DISCRIMINATION students, and where all have the same points here or elsewhere.
    """
    complete = scores[~np.isnan(scores).any(axis=1)]
    if len(complete) < FEWEST_FOR_DISCRIMINATION:
        return [None] * scores.shape[1]
    total = complete.sum(axis=1)
    found: list[float | None] = []
    for item, best in zip(complete.T, max_scores, strict=True):
        rest = total - item
        spread = item.std() * rest.std()
        is_constant = item.std() <= 1e-9 * max(float(best), 1.0) or rest.std() <= 1e-9
        covariance = np.mean((item - item.mean()) * (rest - rest.mean()))
        found.append(None if is_constant else float(np.clip(covariance / spread, -1.0, 1.0)))
    return found


@dataclass
class _ExerciseTally:
    """Counts of one exercise. scores: by position of the student, where there is one."""

    max_score: float = 0.0
    shares: list[float] = field(default_factory=list)
    scores: dict[int, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class _Group:
    """Students who gave the same wrong answer. The sample is the second: what only one gives needs no sample."""

    students: list[int] = field(default_factory=list)
    said: Feedback | None = None
    code: tuple[CodePiece, ...] = ()


class _Tally:
    """Takes one record after the other, and keeps of each what the page shows."""

    def __init__(self) -> None:
        self._students: list[Student] = []
        self._files: list[tuple[str, str, str]] = []
        self._positions: dict[str, int] = {}
        self._own_hints: list[Hint] = []
        self._exercises: dict[str, _ExerciseTally] = {}
        self._handed_in: list[int] = []
        self._mistakes: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._texts: dict[tuple[str, str], Feedback] = {}
        self._groups: dict[Answer, _Group] = defaultdict(_Group)
        self._kept: dict[object, object] = {}  # what is equal in many students is there only once

    def add(self, record: Record) -> None:
        position = len(self._students)
        is_judged = record.status is Status.GRADED and record.score is not None
        is_written = _is_written(record)
        if is_judged:
            for exercise in record.exercises:
                self._add_exercise(position, exercise)
            if is_written:
                self._handed_in.append(position)
        if is_written:  # what nobody wrote is no submission
            facts = record.submission
            self._files.append((record.student, facts.sha256, facts.normalized_sha256))
        self._positions[record.student] = position
        self._own_hints += [Hint((position,), hint) for hint in record.integrity]
        self._students.append(self._student(record, is_judged))

    def statistics(self) -> ClassStatistics:
        mistakes = [
            Mistake(
                exercise, self._texts[exercise, key], key not in MESSAGES and key != _WRONG_VALUES.key, tuple(students)
            )
            for (exercise, key), students in self._mistakes.items()
        ]
        groups = [(exercise, group) for (exercise, _), group in self._groups.items()]
        clusters = [
            Cluster(exercise, tuple(group.students), group.students[1], group.said, group.code)
            for exercise, group in groups
            if len(group.students) > 1
        ]
        same = [
            Hint(tuple(self._positions[name] for name in names), hint) for names, hint in same_submissions(self._files)
        ]
        return ClassStatistics(
            students=tuple(self._students),
            exercises=self._exercise_figures(),
            mistakes=tuple(sorted(mistakes, key=lambda m: (-len(m.students), m.exercise, m.said.key))),
            clusters=tuple(sorted(clusters, key=lambda c: (-len(c.students), c.exercise, c.students))),
            singles=len(groups) - len(clusters),
            hints=(*self._own_hints, *same),
        )

    def _add_exercise(self, position: int, exercise: ExerciseRecord) -> None:
        if exercise.score is not None and exercise.max_score:
            tally = self._exercises.setdefault(exercise.exercise, _ExerciseTally())
            share = float(exercise.score) / float(exercise.max_score)
            tally.max_score = float(exercise.max_score)
            tally.shares.append(share)
            tally.scores[position] = float(exercise.score)
            tally.counts[_state(exercise, share)] += 1
        for said in _mistakes(exercise):
            self._mistakes[exercise.exercise, said.key].append(position)
            self._texts.setdefault((exercise.exercise, said.key), said)
        if exercise.answer_digest:
            group = self._groups[exercise.exercise, exercise.answer_digest]
            group.students.append(position)
            if len(group.students) == 2:
                group.said, group.code = _first_said(exercise), exercise.code or ()

    def _student(self, record: Record, is_judged: bool) -> Student:
        ended: dict[str, dict[str, None]] = {}
        for exercise in record.exercises:
            for test in exercise.tests:
                if test.outcome in _ENDED:
                    ended.setdefault(OUTCOME_WORDS[test.outcome], {})[exercise.exercise] = None
        seconds = sum(test.seconds for exercise in record.exercises for test in exercise.tests)
        shares = tuple(
            self._once((e.exercise, float(e.score) / float(e.max_score)))
            for e in record.exercises
            if e.score is not None and e.max_score
        )
        return Student(
            name=record.student,
            stem=record.file_stem,
            score=record.score if is_judged else None,
            max_score=record.max_score,
            shares=self._once(shares),
            ended=self._once(tuple((what, tuple(names)) for what, names in ended.items())),
            slow_seconds=next((step for step in _SLOW_SECONDS if seconds >= step), 0),
            error=None if is_judged else record.error or "",
        )

    def _once(self, value: _Value) -> _Value:
        return self._kept.setdefault(value, value)  # type: ignore[return-value] # equal values have one type here

    def _exercise_figures(self) -> tuple[ExerciseFigures, ...]:
        names = list(self._exercises)
        scores = np.full((len(self._handed_in), len(names)), np.nan)
        for column, name in enumerate(names):
            found = self._exercises[name].scores
            scores[:, column] = [found.get(position, np.nan) for position in self._handed_in]
        best = np.array([self._exercises[name].max_score for name in names])
        return tuple(
            ExerciseFigures(
                name=name,
                mean=sum(tally.shares) / len(tally.shares),
                discrimination=discrimination,
                **{state: tally.counts[state] for state in ("full", "part", "none", "unwritten")},
            )
            for (name, tally), discrimination in zip(
                self._exercises.items(), item_rest_correlation(scores, best), strict=True
            )
        )


def _state(exercise: ExerciseRecord, share: float) -> str:
    if share >= 1:
        return "full"
    if share > 0:
        return "part"
    return "unwritten" if all(test.outcome in _NOT_WRITTEN for test in exercise.tests) else "none"


def _mistakes(exercise: ExerciseRecord) -> list[Feedback]:
    """What the tests that fail say first, each thing once; what is not written is no mistake.

    That values are wrong is said only where nothing else is, and in the same words for all.
    """
    said = [test.feedback[0] for test in exercise.tests if test.outcome not in _NO_MISTAKE and test.feedback]
    telling = {feedback.key: feedback for feedback in said if feedback.key not in _PLAIN}
    return list(telling.values()) or ([_WRONG_VALUES] if said else [])


def _first_said(exercise: ExerciseRecord) -> Feedback | None:
    return next((test.feedback[0] for test in exercise.tests if test.outcome is Outcome.FAILED and test.feedback), None)


def _is_written(record: Record) -> bool:
    """Whether there is more than the starter code: something passed, or failed for another reason than a stub."""
    tests = (test for exercise in record.exercises for test in exercise.tests)
    return bool(record.score) or any(test.outcome not in _NOT_WRITTEN for test in tests)


def _urgency(student: Student) -> tuple[bool, bool, int, str]:
    return student.error is None, not student.ended, -student.slow_seconds, student.name
