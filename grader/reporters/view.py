"""What every reporter shows of a record, in words and in order, without any markup."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model import Feedback, Outcome, SandboxMode, Status, Visibility
from grader.records import ExerciseRecord, Number, Record, TestRecord

OUTCOME_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "wrong result",
    Outcome.RAISED: "raised an exception",
    Outcome.TIMED_OUT: "ran out of time",
    Outcome.OUT_OF_MEMORY: "ran out of memory",
    Outcome.CRASHED: "crashed",
    Outcome.NOT_IMPLEMENTED: "not written yet",
    Outcome.NOT_RUN: "not run",
    Outcome.GRADER_ERROR: "could not be judged (our fault)",
}
SANDBOX_NOTICE = {
    SandboxMode.REDUCED: "Graded in a reduced sandbox.",
    SandboxMode.NONE: "Checked with the visible tests only. Hidden tests exist, too, and check more of the same.",
}


@dataclass(frozen=True)
class Remark:
    """One piece of feedback and how many tests of the exercise gave it."""

    feedback: Feedback
    count: int


@dataclass(frozen=True)
class FailedTest:
    """A test that lost points. reproduce: set for visible tests only."""

    name: str
    outcome: str
    is_visible: bool
    reproduce: str | None


@dataclass(frozen=True)
class ExerciseView:
    """One exercise as it is shown. share: score / max_score in [0, 1], 0 where there is no score."""

    name: str
    score: str
    max_score: str
    share: float
    mark: str
    verdict: str
    remarks: tuple[Remark, ...]
    failed: tuple[FailedTest, ...]
    elsewhere: tuple[Remark, ...]
    advice: tuple[Feedback, ...]

    @property
    def is_full(self) -> bool:
        return self.mark == "✓"


@dataclass(frozen=True)
class RecordView:
    """A record as it is shown. next_step: the exercise to look at first, None when nothing is lost."""

    student: str
    score: str
    max_score: str
    share: float
    is_judged: bool
    notices: tuple[str, ...]
    exercises: tuple[ExerciseView, ...]
    notes: tuple[Feedback, ...]
    next_step: ExerciseView | None

    @property
    def lost(self) -> tuple[ExerciseView, ...]:
        return tuple(exercise for exercise in self.exercises if not exercise.is_full)


def view(record: Record) -> RecordView:
    """`record` in words."""
    exercises = tuple(_exercise(exercise) for exercise in record.exercises)
    is_judged = record.status is Status.GRADED
    notices = [SANDBOX_NOTICE[record.sandbox]] if record.sandbox in SANDBOX_NOTICE else []
    if not is_judged:
        notices.append("Grading failed on our side, so there is no score. Your instructor has been told why.")
    return RecordView(
        student=record.student,
        score=number(record.score) if is_judged else "–",
        max_score=number(record.max_score),
        share=_share(record.score, record.max_score),
        is_judged=is_judged,
        notices=tuple(notices),
        exercises=exercises,
        notes=record.notes,
        next_step=next((exercise for exercise in exercises if not exercise.is_full), None) if is_judged else None,
    )


def number(value: Number | None) -> str:
    """A score with at most two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _exercise(exercise: ExerciseRecord) -> ExerciseView:
    lost = [test for test in exercise.tests if test.outcome is not Outcome.PASSED]
    share = _share(exercise.score, exercise.max_score)
    return ExerciseView(
        name=exercise.exercise,
        score=number(exercise.score),
        max_score=number(exercise.max_score),
        share=share,
        mark="✓" if not lost else "◐" if share > 0 else "✗",
        verdict=_verdict(lost),
        remarks=_remarks(lost),
        failed=tuple(
            FailedTest(
                name=test.test.partition("::")[2] or test.test,
                outcome=OUTCOME_WORDS[test.outcome],
                is_visible=test.visibility is Visibility.VISIBLE,
                reproduce=test.reproduce if test.visibility is Visibility.VISIBLE else None,
            )
            for test in lost
        ),
        elsewhere=_remarks([test for test in exercise.tests if test.outcome is Outcome.PASSED]),
        advice=exercise.advice,
    )


def _verdict(lost: list[TestRecord]) -> str:
    """The outcomes of the lost tests in words, each once."""
    return ", ".join(dict.fromkeys(OUTCOME_WORDS[test.outcome] for test in lost)) or "correct"


def _remarks(tests: list[TestRecord]) -> tuple[Remark, ...]:
    """All feedback of `tests`, the same thing once with its count, in the order in which it first came."""
    counts: dict[Feedback, int] = {}
    for test in tests:
        for feedback in test.feedback:
            counts[feedback] = counts.get(feedback, 0) + 1
    return tuple(Remark(feedback, count) for feedback, count in counts.items())


def _share(score: Number | None, max_score: Number) -> float:
    return float(score) / float(max_score) if score is not None and max_score else 0.0
