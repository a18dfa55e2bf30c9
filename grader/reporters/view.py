"""What every reporter shows of a record, in words and in order, without any markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from grader.model import Feedback, Outcome, SandboxMode, Status, Visibility
from grader.records import ExerciseRecord, Number, Record, TestRecord
from grader.reporters.prose import shortened

_BRIEF = 160  # characters of a text in a brief view
_MOST_BRIEF_ADVICE = 2

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
Grouped = tuple[tuple[str | None, tuple[str, ...]], ...]
SANDBOX_NOTICE = {
    SandboxMode.REDUCED: "Graded in a reduced sandbox.",
    SandboxMode.NONE: "Checked with the visible tests only. Hidden tests exist, too, and check more of the same.",
}


@dataclass(frozen=True)
class Remark:
    """One piece of feedback, how many tests of the exercise began with it, and what they found besides.

    details: once each; they are what shows of the same mistake in the values, and second to the mistake's name.
    """

    feedback: Feedback
    count: int
    details: tuple[Feedback, ...] = ()


@dataclass(frozen=True)
class FailedTest:
    """A test that lost points. lost: how many. reproduce: set for visible tests only."""

    name: str
    lost: str
    outcome: str
    is_visible: bool
    reproduce: str | None


@dataclass(frozen=True)
class ExerciseView:
    """One exercise as it is shown. share: score / max_score in [0, 1], 0 where there is no score.

    elsewhere: why tests passed only with help, that is which other exercise is at fault.
    """

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

    @property
    def has_several_outcomes(self) -> bool:
        return len({test.outcome for test in self.failed}) > 1


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

    @property
    def elsewhere(self) -> Grouped:
        """What passed only with help: the help, and the sentences that it belongs to."""
        return _by_help([remark.feedback for exercise in self.exercises for remark in exercise.elsewhere])

    @property
    def advice(self) -> Grouped:
        """What costs no points: the help, and the sentences that it belongs to."""
        return _by_help([feedback for exercise in self.exercises for feedback in exercise.advice])

    @property
    def remarks_on_file(self) -> Grouped:
        """What was noticed when the file was read: the help, and the sentences that it belongs to."""
        return _by_help(self.notes)


def view(record: Record, *, is_brief: bool = False) -> RecordView:
    """`record` in words.

    is_brief: texts are cut to a line or two, and code to repeat calls is left out: for pages that get too large.
    """
    exercises = tuple(_exercise(_brief(exercise) if is_brief else exercise) for exercise in record.exercises)
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
        notes=_brief_feedback(record.notes) if is_brief else record.notes,
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
                lost=number(None if test.score is None else test.max_score - test.score),
                outcome=OUTCOME_WORDS[test.outcome],
                is_visible=test.visibility is Visibility.VISIBLE,
                reproduce=test.reproduce if test.visibility is Visibility.VISIBLE else None,
            )
            for test in lost
            if test.max_score
        ),
        elsewhere=_remarks([test for test in exercise.tests if test.outcome is Outcome.PASSED]),
        advice=_without_veiled_twins(exercise.advice),
    )


def _verdict(lost: list[TestRecord]) -> str:
    """The outcomes of the lost tests in words, each once."""
    return ", ".join(dict.fromkeys(OUTCOME_WORDS[test.outcome] for test in lost)) or "correct"


def _remarks(tests: list[TestRecord]) -> tuple[Remark, ...]:
    """What `tests` begin with, each thing once with its count, and behind it what else those tests say.

    In the order in which it first came. Where a test has several pieces of feedback, the first one names the mistake.
    """
    counts: dict[Feedback, int] = {}
    details: dict[Feedback, dict[Feedback, None]] = {}
    for test in tests:
        if test.feedback:
            first, *rest = test.feedback
            counts[first] = counts.get(first, 0) + 1
            details.setdefault(first, {}).update(dict.fromkeys(rest))
    return tuple(
        Remark(first, count, tuple(found for found in details[first] if found not in counts))
        for first, count in counts.items()
    )


def _without_veiled_twins(advice: Sequence[Feedback]) -> tuple[Feedback, ...]:
    """`advice` without the warnings whose text a hidden test left out, where a visible test shows the same one."""
    shown = [f.rationale for f in advice if not f.rationale.endswith("…")]
    return tuple(
        f
        for f in advice
        if not (f.rationale.endswith(": …") and any(text.startswith(f.rationale[:-1]) for text in shown))
    )


def _by_help(feedback: Sequence[Feedback]) -> Grouped:
    """The rationales of `feedback`, those with the same help together, each once."""
    groups: dict[str | None, dict[str, None]] = {}
    for piece in feedback:
        groups.setdefault(piece.help, {})[piece.rationale] = None
    return tuple((help_text, tuple(rationales)) for help_text, rationales in groups.items())


def _brief(exercise: ExerciseRecord) -> ExerciseRecord:
    tests = tuple(
        msgspec.structs.replace(test, feedback=_brief_feedback(test.feedback[:1]), reproduce=None)
        for test in exercise.tests
    )
    return msgspec.structs.replace(exercise, tests=tests, advice=_brief_feedback(exercise.advice[:_MOST_BRIEF_ADVICE]))


def _brief_feedback(feedback: Sequence[Feedback]) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(f.key, shortened(f.rationale, _BRIEF), None if f.help is None else shortened(f.help, _BRIEF))
        for f in feedback
    )


def _share(score: Number | None, max_score: Number) -> float:
    return float(score) / float(max_score) if score is not None and max_score else 0.0
