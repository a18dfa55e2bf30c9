"""Frozen data that all layers share; no I/O and no behaviour beyond sums."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import msgspec


class Outcome(StrEnum):
    """How one test ended (a contract: these words stand in records)."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    NOT_IMPLEMENTED = "not_implemented"
    NOT_RUN = "not_run"
    GRADER_ERROR = "grader_error"


class Visibility(StrEnum):
    """Who may see what a test does, and when."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"


class Status(StrEnum):
    """Whether a submission got a verdict; GRADER_ERROR means that we failed, and there is no score."""

    GRADED = "graded"
    GRADER_ERROR = "grader_error"


class SandboxMode(StrEnum):
    """How strong the wall was. NONE is for a learner's own code on their own machine only."""

    FULL = "full"
    REDUCED = "reduced"
    NONE = "none"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one submission may use. Wall clock times are in seconds, sizes in bytes."""

    call_wall_seconds: float = 5.0
    load_wall_seconds: float = 5.0
    submission_wall_seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 2 << 30
    output_bytes: int = 1 << 20
    reply_bytes: int = 256 << 20
    submission_bytes: int = 5 << 20


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """One function to write; `points` is what its tests share. formula: the one at stake, see `formulas`, or empty."""

    name: str
    points: Fraction
    formula: str = ""


class Period(StrEnum):
    """What a late penalty is counted in."""

    HOUR = "hour"
    DAY = "day"


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """When the work is due, and what it costs to be late; all times have an offset from UTC.

    A submission is late when it comes more than grace_minutes after `due`. Then every period begun since `due` costs
    penalty_percent of the assignment's points, most_penalty_percent at the most; after `cut_off` nothing counts.
    extensions: due times of single students; their cut_off moves along.
    """

    due: datetime
    grace_minutes: Fraction = Fraction(0)
    penalty_percent: Fraction = Fraction(0)
    per: Period = Period.DAY
    most_penalty_percent: Fraction = Fraction(100)
    cut_off: datetime | None = None
    extensions: dict[str, datetime] = {}


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed out and graded together. Exercises stand in dependency order.

    root: the course folder; tests and reference lie below it.
    suite_sha256: digest of hidden tests, reference and manifest, without the deadline, which is no part of grading.
    """

    id: str
    title: str
    exercises: tuple[Exercise, ...]
    limits: Limits
    root: Path
    suite_sha256: str = ""
    deadline: Deadline | None = None

    @property
    def max_score(self) -> Fraction:
        return sum((exercise.points for exercise in self.exercises), Fraction(0))

    @property
    def tests_folder(self) -> Path:
        return self.root / "autograde_tests" / self.id

    @property
    def solution_file(self) -> Path:
        return self.root / "solutions" / self.id / f"{self.id}.py"

    @property
    def starter_folder(self) -> Path:
        return self.root / "assignments" / self.id

    def earlier_than(self, exercise: str) -> tuple[str, ...]:
        """Names of the exercises above `exercise`: those that it may call, and that the reference may replace."""
        names = [e.name for e in self.exercises]
        return tuple(names[: names.index(exercise)])


class Feedback(msgspec.Struct, frozen=True):
    """One thing to tell a student: what is wrong (rationale), and what to try (help)."""

    key: str
    rationale: str
    help: str | None = None


class PictureKind(StrEnum):
    """What a picture shows (these words stand in records)."""

    HEAT_MAP = "heat_map"
    GRADIENTS = "gradients"
    KEPT_FRACTION = "kept_fraction"
    LEARNING_CURVE = "learning_curve"
    DECISION_BOUNDARY = "decision_boundary"
    ACTIVATION_SPREAD = "activation_spread"


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What a visible test shows beside its words, as data; see `checks.pictures` for what each kind holds.

    arrays: rows of numbers by name; None stands for what is not finite. numbers: single ones by name.
    """

    kind: PictureKind
    name: str
    arrays: dict[str, tuple[tuple[float | None, ...], ...]]
    numbers: dict[str, float]


class CodePiece(msgspec.Struct, frozen=True):
    """Lines of a submission as they stand in its file. line: the number of the first, counted from 1."""

    line: int
    text: str


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One student's file as it was when grading began.

    source: the bytes of the file. Empty when `problem` says why there is nothing to run.
    submitted_at: ISO 8601 with offset, or None where nothing tells.
    """

    student: str
    file_name: str
    source: bytes
    sha256: str
    submitted_at: str | None = None
    notes: tuple[Feedback, ...] = ()
    problem: Feedback | None = None


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one test ended for one submission."""

    __test__ = False  # pytest would otherwise try to collect a class of this name

    test: str
    exercise: str
    outcome: Outcome
    visibility: Visibility
    score: Fraction
    max_score: Fraction
    seconds: float
    feedback: tuple[Feedback, ...] = ()
    reproduce: str | None = None  # a snippet for visible tests; never set for hidden ones
    pictures: tuple[Picture, ...] = ()  # of a visible test that failed; never set for hidden ones
    margin: float | None = None  # of its checks, see `checks.margins`; for proofs of the tests, and in no record


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise of one submission: its tests and the advice that costs nothing.

    code: the student's own lines, and formula: what they should compute; both only where points were lost.
    """

    exercise: str
    tests: tuple[TestResult, ...]
    advice: tuple[Feedback, ...] = ()
    code: tuple[CodePiece, ...] = ()
    formula: str = ""
    answer_digest: str = ""  # see `checks.answers`; for the instructor, where a wrong answer has no name

    @property
    def score(self) -> Fraction:
        return sum((test.score for test in self.tests), Fraction(0))

    @property
    def max_score(self) -> Fraction:
        return sum((test.max_score for test in self.tests), Fraction(0))


class SubmissionResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one record holds.

    integrity: hints for the instructor. normalized_sha256: see `integrity.normalized_digest`.
    error: for the instructor, too, and set only with GRADER_ERROR.
    """

    assignment: str
    student: str
    status: Status
    exercises: tuple[ExerciseResult, ...]
    max_score: Fraction
    file_name: str
    sha256: str
    submitted_at: str | None
    suite_sha256: str
    seed: str
    sandbox: SandboxMode
    environment: dict[str, str]
    notes: tuple[Feedback, ...] = ()
    integrity: tuple[Feedback, ...] = ()
    normalized_sha256: str = ""
    error: str | None = None

    @property
    def score(self) -> Fraction | None:
        if self.status is Status.GRADER_ERROR:
            return None
        return sum((exercise.score for exercise in self.exercises), Fraction(0))
