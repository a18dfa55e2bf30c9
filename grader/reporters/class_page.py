"""index.html: the class at a glance, with a link to every student's page."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from grader.integrity import same_submissions
from grader.model import Feedback, Outcome, Status
from grader.records import Record
from grader.reporters.feedback_html import environment
from grader.reporters.view import number

_BINS = 10
_MOST_MISTAKES = 20
_NOT_WRITTEN = (Outcome.NOT_IMPLEMENTED, Outcome.NOT_RUN, Outcome.GRADER_ERROR)
_NO_MISTAKE = (Outcome.PASSED, *_NOT_WRITTEN)


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise over the whole class. full: students with all its points; mean: of the share of points."""

    name: str
    mean: float
    full: int


@dataclass(frozen=True)
class Mistake:
    """One piece of feedback, and how many students got it in which exercise."""

    exercise: str
    rationale: str
    students: int


@dataclass(frozen=True)
class Hint:
    """One hint on integrity, and the students that it is about: names and addresses of their pages."""

    students: tuple[tuple[str, str], ...]
    rationale: str
    help: str | None


@dataclass(frozen=True)
class StudentRow:
    """One student. link: relative address of the page."""

    name: str
    link: str
    score: str
    lost: tuple[str, ...]
    note: str


def render(records: Sequence[Record], *, title: str) -> str:
    """The page of the class. title: that of the assignment."""
    judged = [record for record in records if record.status is Status.GRADED and record.score is not None]
    shares = [float(record.score or 0) / float(record.max_score) for record in judged if record.max_score]
    return (
        environment()
        .get_template("class.html.j2")
        .render(
            title=title,
            max_score=number(max((record.max_score for record in records), default=0)),
            count=len(records),
            failed=len(records) - len(judged),
            mean=_percent(statistics.fmean(shares)) if shares else "–",
            median=_percent(statistics.median(shares)) if shares else "–",
            bars=_bars(shares),
            exercises=_exercises(judged),
            mistakes=_mistakes(judged),
            hints=_hints(records),
            students=[_student(record) for record in records],
        )
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _bars(shares: Sequence[float]) -> list[tuple[str, int, float]]:
    """Label, count and height in [0, 1] of each tenth; full marks have a bar of their own."""
    counts = Counter(min(int(share * _BINS + 1e-9), _BINS) for share in shares)
    labels = [f"{100 * i // _BINS}–{100 * (i + 1) // _BINS} %" for i in range(_BINS)] + ["100 %"]
    highest = max(counts.values(), default=1)
    return [(label, counts[i], counts[i] / highest) for i, label in enumerate(labels)]


def _exercises(judged: Sequence[Record]) -> list[ExerciseRow]:
    shares: dict[str, list[float]] = defaultdict(list)
    for record in judged:
        for exercise in record.exercises:
            if exercise.max_score and exercise.score is not None:
                shares[exercise.exercise].append(float(exercise.score) / float(exercise.max_score))
    return [
        ExerciseRow(name, statistics.fmean(values), sum(value == 1 for value in values))
        for name, values in shares.items()
    ]


def _mistakes(judged: Sequence[Record]) -> list[Mistake]:
    """What most students were told first in a test, each student counted once; what is not written is no mistake."""
    counts: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], Feedback] = {}
    for record in judged:
        seen = {}
        for exercise in record.exercises:
            for test in exercise.tests:
                if test.outcome not in _NO_MISTAKE:
                    seen.update({(exercise.exercise, f.key): f for f in test.feedback[:1]})
        counts.update(seen.keys())
        for key, feedback in seen.items():
            texts.setdefault(key, feedback)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_MISTAKES]
    return [Mistake(exercise, texts[exercise, key].rationale, count) for (exercise, key), count in ordered]


def _hints(records: Sequence[Record]) -> list[Hint]:
    """What the records of students hold, and then who handed in the same. What nobody wrote is no submission."""
    links = {record.student: _link(record) for record in records}
    files = [
        (record.student, record.submission.sha256, record.submission.normalized_sha256)
        for record in records
        if _is_written(record)
    ]
    own = [Hint(((r.student, _link(r)),), hint.rationale, hint.help) for r in records for hint in r.integrity]
    same = [
        Hint(tuple((student, links[student]) for student in students), hint.rationale, hint.help)
        for students, hint in same_submissions(files)
    ]
    return own + same


def _is_written(record: Record) -> bool:
    """Whether there is more than the starter code: something passed, or failed for another reason than a stub."""
    tests = (test for exercise in record.exercises for test in exercise.tests)
    return bool(record.score) or any(test.outcome not in _NOT_WRITTEN for test in tests)


def _link(record: Record) -> str:
    return f"feedback/{quote(record.file_stem)}.html"


def _student(record: Record) -> StudentRow:
    lost = tuple(e.exercise for e in record.exercises if e.score is not None and e.score < e.max_score)
    failed = record.status is not Status.GRADED
    return StudentRow(
        name=record.student,
        link=_link(record),
        score=number(None if failed else record.score),
        lost=lost,
        note=f"no score: {record.error}" if failed else "",
    )
