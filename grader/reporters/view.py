"""What every reporter shows of a record, in words and in order, without any markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UNSET

from grader.deadlines import duration
from grader.model import CodePiece, Feedback, Outcome, Picture, SandboxMode, Status, Visibility
from grader.records import ExerciseRecord, Late, Number, Record, TestRecord
from grader.reporters.prose import shortened

_BRIEF = 160  # characters of a text in a brief view
_MOST_BRIEF_ADVICE = 2
_MOST_PICTURES = 3  # of an exercise; the same mistake seen four times is not seen better
# What only follows from the sizes of a test's inputs: `m = 7`, `6 of 16`, `(3, 1)`, `at [0, 2]`, `relative error 0.8`.
_OF_THE_INPUTS = re.compile(
    r"\b\w+ = \d+\b|\b\d+ of \d+\b|\(\d*,[\d, ]*\)|\bat \[[\d, ]*\]|relative error (?:up to )?[\d.e+-]+"
)
_LINE_NUMBER = re.compile(r"\bline (\d{1,7})\b")

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
_Essence = tuple[str, str, str | None]
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
class CodeLine:
    """One of the student's own lines. is_gap: lines in front of it are left out. is_named: feedback points at it."""

    number: int
    text: str
    is_gap: bool
    is_named: bool


@dataclass(frozen=True)
class ExerciseView:
    """One exercise as it is shown. share: score / max_score in [0, 1], 0 where there is no score.

    elsewhere: why tests passed only with help, that is which other exercise is at fault.
    formula: what should be computed, in the language of `formulas`; empty where there is none.
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
    code: tuple[CodeLine, ...] = ()
    pictures: tuple[Picture, ...] = ()
    formula: str = ""

    @property
    def is_full(self) -> bool:
        return self.mark == "✓"

    @property
    def has_several_outcomes(self) -> bool:
        return len({test.outcome for test in self.failed}) > 1


@dataclass(frozen=True)
class RecordView:
    """A record as it is shown. next_step: the exercise to look at first, None when nothing is lost.

    account: how the score came about, where it is not just what the tests gave.
    """

    student: str
    score: str
    max_score: str
    share: float
    is_judged: bool
    notices: tuple[str, ...]
    exercises: tuple[ExerciseView, ...]
    notes: tuple[Feedback, ...]
    next_step: ExerciseView | None
    has_full_score: bool = True
    account: tuple[str, ...] = ()

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

    is_brief: texts are cut to a line or two, and code and pictures are left out: for pages that get too large.
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
        has_full_score=record.score == record.max_score,
        account=account(record),
    )


def number(value: Number | None) -> str:
    """A score with at most two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _exercise(exercise: ExerciseRecord) -> ExerciseView:
    lost = [test for test in exercise.tests if test.outcome is not Outcome.PASSED]
    share = _share(exercise.score, exercise.max_score)
    remarks = _remarks(lost)
    return ExerciseView(
        name=exercise.exercise,
        score=number(exercise.score),
        max_score=number(exercise.max_score),
        share=share,
        mark="✓" if not lost and (exercise.tests or share == 1) else "◐" if share > 0 else "✗",
        verdict=_verdict(lost, exercise),
        remarks=remarks,
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
        code=_code_lines(exercise.code or (), remarks) if lost else (),
        pictures=_pictures(lost),
        formula=(exercise.formula or "") if lost else "",
    )


def _verdict(lost: list[TestRecord], exercise: ExerciseRecord) -> str:
    """The outcomes of the lost tests in words, each once; and whether a person has set the score."""
    tested = ", ".join(dict.fromkeys(OUTCOME_WORDS[test.outcome] for test in lost)) or "correct"
    by_hand = "score set by hand"
    if exercise.score == exercise.raw_score:
        return tested
    return f"{tested}; {by_hand}" if exercise.tests else by_hand


def _remarks(tests: list[TestRecord]) -> tuple[Remark, ...]:
    """What `tests` begin with, each thing once with its count, and behind it what else those tests say.

    In the order in which it first came, and in the words of the first test, where others differ in sizes only. Where a
    test has several pieces of feedback, the first one names the mistake.
    """
    said: dict[_Essence, list[Feedback]] = {}
    details: dict[_Essence, dict[_Essence, Feedback]] = {}
    for test in tests:
        if test.feedback:
            first, *rest = test.feedback
            said.setdefault(_essence(first), []).append(first)
            for found in rest:
                details.setdefault(_essence(first), {}).setdefault(_essence(found), found)
    return tuple(
        Remark(
            feedback[0],
            len(feedback),
            tuple(found for key, found in details.get(essence, {}).items() if key not in said),
        )
        for essence, feedback in said.items()
    )


def _essence(feedback: Feedback) -> _Essence:
    """Equal for what says the same of inputs of different sizes, and of one exception, which hidden tests veil."""
    text = feedback.rationale
    if feedback.key == "raised":
        function, _, _ = text.partition(" raised ")
        _, _, place = text.rpartition(" in line ")
        text = f"{function} {place}"
    return feedback.key, _OF_THE_INPUTS.sub("#", text), feedback.help


def _code_lines(pieces: Sequence[CodePiece], remarks: Sequence[Remark]) -> tuple[CodeLine, ...]:
    """The lines of `pieces`; those whose number stands in `remarks` are named."""
    said = " ".join(r.feedback.rationale for r in remarks)
    named = {int(number) for number in _LINE_NUMBER.findall(said)}
    return tuple(
        CodeLine(number, text, is_gap=place > 0 and number == piece.line, is_named=number in named)
        for place, piece in enumerate(pieces)
        for number, text in enumerate(piece.text.split("\n"), start=piece.line)
    )


def _pictures(tests: Sequence[TestRecord]) -> tuple[Picture, ...]:
    """The first pictures of visible tests, each once."""
    found: list[Picture] = []
    for test in tests:
        if test.visibility is Visibility.VISIBLE:
            found += [picture for picture in test.pictures or () if picture not in found]
    return tuple(found[:_MOST_PICTURES])


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
        msgspec.structs.replace(test, feedback=_brief_feedback(test.feedback[:1]), reproduce=None, pictures=UNSET)
        for test in exercise.tests
    )
    advice = _brief_feedback(exercise.advice[:_MOST_BRIEF_ADVICE])
    return msgspec.structs.replace(exercise, tests=tests, advice=advice, code=UNSET)


def _brief_feedback(feedback: Sequence[Feedback]) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(f.key, shortened(f.rationale, _BRIEF), None if f.help is None else shortened(f.help, _BRIEF))
        for f in feedback
    )


def account(record: Record) -> tuple[str, ...]:
    """Sentences from what the tests gave to the score that counts; none where these are the same."""
    if record.late is None and not record.adjustments:
        return ()
    raw = "no score" if record.raw_score is None else f"{number(record.raw_score)} of {number(record.max_score)} points"
    adjusted = [
        f"{a.exercise}: {number(a.score)} {_noun(a.score, 'point')}, set by {a.by} on {a.at[:10]}: {a.comment}"
        for a in record.adjustments
    ]
    late = [] if record.late is None else [_late_sentence(record.late, record.max_score)]
    return (f"The tests gave {raw}.", *adjusted, *late)


def _late_sentence(late: Late, max_score: Number) -> str:
    due = late.due.replace("T", " ")
    facts = f"Handed in {duration(late.seconds)} after the due time, {due}"
    taken = f"{number(late.penalty)} {_noun(late.penalty, 'point')} taken off"
    if late.cut_off:
        return f"{facts}, and after the last time that counts: {taken}."
    if not late.percent:
        return f"{facts}: nothing is taken off."
    periods = f"{late.periods} {_noun(late.periods, late.per.value)} begun, {number(late.percent)} %"
    return f"{facts}: {periods} of {number(max_score)} points, {taken}."


def _noun(count: Number, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _share(score: Number | None, max_score: Number) -> float:
    return float(score) / float(max_score) if score is not None and max_score else 0.0
