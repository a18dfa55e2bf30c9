"""Records: the JSON file of one SubmissionResult, written whole or not at all, and read back as typed data.

Beyond the keys of the contract a test has `reproduce` (text or null: a snippet for visible tests) and, where there are
any, `pictures`; an exercise that lost points has `code` and `formula` where there are any; `submission` has
`normalized_sha256`, and a record has `integrity` (hints, for the instructor only) and `error` (text or null: why there
is no score, for the instructor only; the last key). `score` is what counts, `raw_score` what the tests gave; what lies
between is in `late` and `adjustments` (see `final_scores`). Scores are integers where they
are whole, else rounded to six digits. What we failed to judge has no score: `score` is null in a record with the
status grader_error, in a test with that outcome, and in the exercise of such a test.
The file is named `file_stem(student)`. Unknown keys of later versions are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from grader import out_folder
from grader.errors import UsageError
from grader.model import (
    CodePiece,
    ExerciseResult,
    Feedback,
    Outcome,
    Period,
    Picture,
    SandboxMode,
    Status,
    SubmissionResult,
    TestResult,
    Visibility,
)
from grader.names import file_stem, printable, printable_path

SCHEMA = 1
_SUFFIX = ".json"
_DIGITS = 6
# Fractions with denominators up to 700 lie more than 1e-6 apart, from each other and from any with three decimals: six
# digits tell which one was meant.
_LARGEST_DENOMINATOR = 700

Number = int | float
_AS_SCORE: Any = UNSET  # of records from before there was a raw score; gone once the object is made


class BrokenRecord(UsageError):
    """A file in records/ is not a record; deleting it and grading again puts it right."""


class TestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One test; `score` is None only with the outcome grader_error."""

    __test__ = False  # pytest would otherwise try to collect a class of this name

    test: str
    outcome: Outcome
    visibility: Visibility
    score: Number | None
    max_score: Number
    seconds: float
    feedback: tuple[Feedback, ...]
    reproduce: str | None = None
    pictures: tuple[Picture, ...] | UnsetType = UNSET  # no key where there are none


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """The score of an exercise as a person set it. at: ISO 8601 in UTC."""

    exercise: str
    score: Number
    comment: str
    by: str
    at: str


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """How late a submission came, and what that costs.

    due: the student's own due time, ISO 8601. seconds: whole ones since then. periods: those begun since then, hours or
    days as `per` says. percent: of max_score, for all of them. penalty: the points that were taken off.
    cut_off: whether it came after the time up to which anything counts.
    """

    due: str
    seconds: int
    periods: int
    per: Period
    percent: Number
    penalty: Number
    cut_off: bool


class ExerciseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise; `raw_score` is None when one of its tests has none, `score` unless a person has set it."""

    exercise: str
    score: Number | None
    max_score: Number
    raw_score: Number | None = _AS_SCORE
    tests: tuple[TestRecord, ...]
    advice: tuple[Feedback, ...]
    code: tuple[CodePiece, ...] | UnsetType = UNSET
    formula: str | UnsetType = UNSET
    answer_digest: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.raw_score is _AS_SCORE:
            msgspec.structs.force_setattr(self, "raw_score", self.score)


class SubmissionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Which file was graded. normalized_sha256: equal for equal code, whatever its names; empty for very little."""

    file: str
    sha256: str
    submitted_at: str | None
    normalized_sha256: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The content of records/<student>.json; the order of its fields is the order of the keys."""

    schema: int
    assignment: str
    student: str
    status: Status
    score: Number | None
    max_score: Number
    raw_score: Number | None = _AS_SCORE
    late: Late | None = None
    adjustments: tuple[Adjustment, ...] = ()
    exercises: tuple[ExerciseRecord, ...]
    submission: SubmissionFacts
    suite_sha256: str
    seed: str
    sandbox: SandboxMode
    environment: dict[str, str]
    notes: tuple[Feedback, ...]
    integrity: tuple[Feedback, ...] = ()
    error: str | None = None

    def __post_init__(self) -> None:
        if self.raw_score is _AS_SCORE:
            msgspec.structs.force_setattr(self, "raw_score", self.score)

    @property
    def file_stem(self) -> str:
        """The name, without suffix, of this student's files in OUT."""
        return file_stem(self.student)


def to_record(result: SubmissionResult) -> Record:
    """`result` as it is written."""
    return Record(
        schema=SCHEMA,
        assignment=result.assignment,
        student=_text(result.student),
        status=result.status,
        score=None if result.score is None else as_number(result.score),
        max_score=as_number(result.max_score),
        exercises=tuple(_exercise_record(exercise) for exercise in result.exercises),
        submission=SubmissionFacts(
            file=printable(result.file_name),
            sha256=result.sha256,
            submitted_at=result.submitted_at,
            normalized_sha256=result.normalized_sha256,
        ),
        suite_sha256=result.suite_sha256,
        seed=result.seed,
        sandbox=result.sandbox,
        environment={key: _text(value) for key, value in result.environment.items()},
        notes=_clean(result.notes),
        integrity=_clean(result.integrity),
        error=None if result.error is None else _text(result.error),
    )


def to_result(record: Record) -> SubmissionResult:
    """The result that `record` was written from: what the tests gave, before penalties and adjustments.

    Exact for printable names, for scores with up to three decimals or a denominator up to 700, and for times up to a
    microsecond. A score that is missing comes back as 0, beside the outcome grader_error.
    """
    return SubmissionResult(
        assignment=record.assignment,
        student=record.student,
        status=raw_status(record),
        exercises=tuple(
            ExerciseResult(
                exercise=exercise.exercise,
                tests=tuple(_test_result(exercise.exercise, test) for test in exercise.tests),
                advice=exercise.advice,
                code=exercise.code or (),
                formula=exercise.formula or "",
                answer_digest=exercise.answer_digest or "",
            )
            for exercise in record.exercises
        ),
        max_score=as_fraction(record.max_score),
        file_name=record.submission.file,
        sha256=record.submission.sha256,
        submitted_at=record.submission.submitted_at,
        suite_sha256=record.suite_sha256,
        seed=record.seed,
        sandbox=record.sandbox,
        environment=record.environment,
        notes=record.notes,
        integrity=record.integrity,
        normalized_sha256=record.submission.normalized_sha256,
        error=record.error,
    )


def raw_status(record: Record) -> Status:
    """What became of grading itself: a person may have set the scores that we failed to give."""
    return record.status if record.error is None else Status.GRADER_ERROR


def normalized(record: Record) -> Record:
    """`record` without what differs between two equal runs: the times."""
    exercises = tuple(
        msgspec.structs.replace(
            exercise, tests=tuple(msgspec.structs.replace(test, seconds=0.0) for test in exercise.tests)
        )
        for exercise in record.exercises
    )
    return msgspec.structs.replace(record, exercises=exercises)


def for_student(record: Record) -> Record:
    """`record` as it may be handed back: without what is for the instructor only.

    Left out are `error`, hints on integrity with the digest for them, digests of answers, and the seed, from which the
    inputs of hidden tests could be drawn again. The feedback stays: it is written so that no hidden input or expected
    value is in it.
    """
    submission = msgspec.structs.replace(record.submission, normalized_sha256="")
    exercises = tuple(msgspec.structs.replace(exercise, answer_digest=UNSET) for exercise in record.exercises)
    return msgspec.structs.replace(
        record, seed="", exercises=exercises, submission=submission, integrity=(), error=None
    )


def to_json(record: Record) -> bytes:
    """`record` as indented JSON in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def record_path(out: Path, student: str) -> Path:
    """Where the record of `student` lies in OUT."""
    return out / out_folder.RECORDS / (file_stem(student) + _SUFFIX)


def write(out: Path, result: SubmissionResult) -> Path:
    """Write the record of `result` into OUT, atomically, and return its path. Raises OutNotWritable."""
    record = to_record(result)
    path = record_path(out, record.student)
    out_folder.write_atomically(path, to_json(record))
    return path


def read(path: Path) -> Record:
    """The record in `path`. Raises BrokenRecord, which says what is wrong with it, and FileNotFoundError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BrokenRecord(f"cannot read {printable_path(path)}: {error.strerror}") from error
    return parse(data, printable_path(path))


def parse(data: bytes, shown: str) -> Record:
    """The record that `data` holds; `shown` names it in errors."""
    remedy = "delete it and grade again"
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.schema != SCHEMA:
            raise BrokenRecord(
                f"{shown} has schema {head.schema}, and this grader reads schema {SCHEMA}: "
                "use the version that wrote it, or delete it and grade again"
            )
        return msgspec.json.decode(data, type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenRecord(f"{shown} is no record: {error}; {remedy}") from error


def paths(out: Path) -> list[Path]:
    """The record files in OUT, sorted by name."""
    folder = out / out_folder.RECORDS
    try:
        entries = list(folder.iterdir())
    except FileNotFoundError as error:
        raise UsageError(f"{printable_path(out)} holds no records; grade into it first") from error
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(folder)}: {error.strerror}") from error
    return sorted(path for path in entries if path.suffix == _SUFFIX and not path.name.startswith("."))


def iterate(out: Path) -> Iterator[Record]:
    """The records in OUT one after the other, in the order of their file names."""
    return (read(path) for path in paths(out))


class _Head(msgspec.Struct):
    schema: int


def _exercise_record(exercise: ExerciseResult) -> ExerciseRecord:
    unjudged = any(test.outcome is Outcome.GRADER_ERROR for test in exercise.tests)
    return ExerciseRecord(
        exercise=exercise.exercise,
        score=None if unjudged else as_number(exercise.score),
        max_score=as_number(exercise.max_score),
        tests=tuple(_test_record(test) for test in exercise.tests),
        advice=_clean(exercise.advice),
        code=tuple(CodePiece(piece.line, _text(piece.text)) for piece in exercise.code) or UNSET,
        formula=exercise.formula or UNSET,
        answer_digest=exercise.answer_digest or UNSET,
    )


def _test_record(test: TestResult) -> TestRecord:
    return TestRecord(
        test=_text(test.test),
        outcome=test.outcome,
        visibility=test.visibility,
        score=None if test.outcome is Outcome.GRADER_ERROR else as_number(test.score),
        max_score=as_number(test.max_score),
        seconds=round(float(test.seconds), _DIGITS),
        feedback=_clean(test.feedback),
        reproduce=None if test.reproduce is None else _text(test.reproduce),
        pictures=tuple(msgspec.structs.replace(p, name=_text(p.name)) for p in test.pictures) or UNSET,
    )


def _test_result(exercise: str, test: TestRecord) -> TestResult:
    return TestResult(
        test=test.test,
        exercise=exercise,
        outcome=test.outcome,
        visibility=test.visibility,
        score=Fraction(0) if test.score is None else as_fraction(test.score),
        max_score=as_fraction(test.max_score),
        seconds=test.seconds,
        feedback=test.feedback,
        reproduce=test.reproduce,
        pictures=test.pictures or (),
    )


def as_number(value: Fraction) -> Number:
    """`value` as it is written."""
    return value.numerator if value.denominator == 1 else round(float(value), _DIGITS)


def as_fraction(value: Number) -> Fraction:
    """The fraction that `as_number` wrote as `value`: a simple one if one rounds to it, else the decimal itself."""
    simplest = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    return simplest if round(float(simplest), _DIGITS) == value else Fraction(str(value))


def begins_with(notes: tuple[Feedback, ...], first: tuple[Feedback, ...]) -> bool:
    """Whether the notes of a record begin with `first`, which are as they come from a submission."""
    return notes[: len(first)] == _clean(first)


def _clean(feedback: tuple[Feedback, ...]) -> tuple[Feedback, ...]:
    return tuple(Feedback(f.key, _text(f.rationale), None if f.help is None else _text(f.help)) for f in feedback)


def _text(text: str) -> str:
    """`text` without lone surrogates, which JSON in UTF-8 cannot hold; a record is never lost to one."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
