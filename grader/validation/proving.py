"""Grades what is known to be right or wrong, and says what its tests made of it.

Theory of operation. Everything here is our own code, or code of the course, so nothing of it is secret from itself; but
mutants may loop without end, so they run in real workers. So does right code with the first sets of inputs: that shows
what the wire, deadlines and caught warnings make of it. With all other sets it is loaded into this process, as a worker
would load it, which takes half the time; its prints go nowhere. Misconceptions and perturbed answers are functions of
the trusted side already and are called in this process, too. Work is cut into pieces that one function call answers
(`prove`), so that a process pool can share it; sessions stay open in each process.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.course import load_reference
from grader.errors import GraderError
from grader.model import (
    Assignment,
    ExerciseResult,
    Limits,
    Outcome,
    SandboxMode,
    Status,
    Submission,
    SubmissionResult,
)
from grader.release import starter
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.sandbox.running import Worker
from grader.session import GradingSession, hidden_session
from grader.validation.mutants import Mutant, mutants
from grader.validation.perturbing import Perturbation
from grader.worker import loader

VARIANTS = Path("tests") / "data" / "variants"
_SEEDS_IN_WORKERS = 2
_MUTANT_SECONDS = 2.0  # a mutant that hangs is as dead after two seconds as after five


class Lost(msgspec.Struct, frozen=True):
    """A test that took points: how it ended, the keys of what it said, and the margin of its checks."""

    test: str
    exercise: str
    outcome: Outcome
    keys: tuple[str, ...]
    margin: float | None


class Trial(msgspec.Struct, frozen=True):
    """What the tests made of one piece of code with one seed.

    exercise: the one it is about, "" for all. kind: reference, starter, variant, misconception, perturbation or mutant.
    name: file, key or description. margins: the largest margin of every test, lost or not. seconds: time by test.
    helped: tests that were passed only because the reference took the place of another exercise.
    """

    kind: str
    name: str
    exercise: str
    seed: str
    score: float
    max_score: float
    lost: tuple[Lost, ...]
    margins: dict[str, float]
    seconds: dict[str, float]
    line: int = 0
    helped: tuple[str, ...] = ()


class Piece(msgspec.Struct, frozen=True):
    """A part of the work for one assignment.

    name: file, key or exercise. numbers: which mutants or perturbations; seeds: for all other kinds.
    """

    assignment: str
    kind: str
    name: str = ""
    seeds: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


def seed(number: int) -> str:
    """The seed with this number: any text would do, as long as it is the same in every run."""
    return hashlib.sha256(f"grader validate {number}".encode()).hexdigest()


_IN_WORKERS = frozenset(seed(number) for number in range(_SEEDS_IN_WORKERS))


def variants_of(course: Path, assignment_id: str) -> list[Path]:
    """Correct submissions in other styles."""
    return sorted((course / VARIANTS / assignment_id).glob("*.py"))


def mutants_of(assignment: Assignment) -> list[Mutant]:
    """All mutants of the reference, in the order of its lines."""
    source = assignment.solution_file.read_text(encoding="utf-8")
    return list(mutants(source, starter.BEGIN, starter.END))


class Prover:
    """Grades pieces of work of one assignment; a context manager."""

    def __init__(self, course: Path, assignment_id: str) -> None:
        self.assignment = manifest.load(course, assignment_id)
        self._course = course
        self._stack = ExitStack()
        self._sessions: dict[float, GradingSession] = {}
        self._functions: object | None = None

    def __enter__(self) -> Prover:
        # Our own code: without a wall it runs wherever the grader does, and what it may do is the same.
        self._sandbox = self._stack.enter_context(Sandbox(SandboxMode.NONE, hide=()))
        self._reference = load_reference(self.assignment)
        self._misconceptions = {
            m.key: m for m in load_misconceptions(self.assignment.tests_folder / "misconceptions.py")
        }
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def prove(self, piece: Piece) -> list[Trial]:
        """The trials of `piece`. Raises GraderError when grading itself fails."""
        if piece.kind == "mutants":
            all_mutants = mutants_of(self.assignment)
            return [self._mutant(all_mutants[number]) for number in piece.numbers]
        if piece.kind == "perturbations":
            return list(self._perturbation_trials(piece.name, piece.numbers))
        prove_one = {
            "reference": self._reference_trial,
            "starter": self._starter_trial,
            "variant": self._variant_trial,
            "misconception": self._misconception_trial,
        }[piece.kind]
        return [prove_one(piece.name, number) for number in piece.seeds]

    def _reference_trial(self, _: str, number: str) -> Trial:
        return self._right("reference", "reference", self.assignment.solution_file, number)

    def _starter_trial(self, _: str, number: str) -> Trial:
        names = [exercise.name for exercise in self.assignment.exercises]
        path = self.assignment.solution_file
        source = starter.starter_source(path.read_text(encoding="utf-8"), names, origin=str(path))
        return self._source("starter", "starter", source.encode(), number)

    def _variant_trial(self, name: str, number: str) -> Trial:
        return self._right("variant", name, self._course / VARIANTS / self.assignment.id / name, number)

    def _misconception_trial(self, key: str, number: str) -> Trial:
        misconception = self._misconceptions[key]

        def mistaken(*args: Any, **kwargs: Any) -> Any:
            return misconception.evaluate(self._reference, args, kwargs)

        result = self._grade_function(misconception.exercise, mistaken, number, None)
        return _trial("misconception", key, misconception.exercise, number, result)

    def _perturbation_trials(self, exercise: str, numbers: Sequence[int]) -> Iterator[Trial]:
        """None where the answers hold nothing to perturb, but texts."""
        for number in numbers:
            perturbation = Perturbation(f"{self.assignment.id} {exercise} {number}")
            function = perturbation.of(getattr(self._reference, exercise))
            result = self._grade_function(exercise, function, seed(number), [exercise])
            if not perturbation.touched:
                return
            name = f"{perturbation.kind} {number}"
            yield _trial("perturbation", name, exercise, seed(number), result)

    def _grade_function(
        self, exercise: str, function: Callable[..., Any], number: str, only: Iterable[str] | None
    ) -> SubmissionResult:
        """Grades the reference with `function` as one of its exercises, in this process."""
        return self._grade_here(_with(self._reference, exercise, function), number, only)

    def _grade_here(self, functions: object, number: str, only: Iterable[str] | None) -> SubmissionResult:
        """Grades functions of this process."""
        self._functions = functions
        try:
            return self._grade(b"", number, only)
        finally:
            self._functions = None

    def _mutant(self, mutant: Mutant) -> Trial:
        names = {exercise.name for exercise in self.assignment.exercises}
        only = [mutant.function] if mutant.function in names else None
        number = seed(0)
        result = self._grade(mutant.source.encode(), number, only, call_wall_seconds=_MUTANT_SECONDS)
        name = f"{mutant.original} → {mutant.changed}"
        return _trial("mutant", name, mutant.function, number, result, line=mutant.line)

    def _right(self, kind: str, name: str, path: Path, number: str) -> Trial:
        source = path.read_bytes()
        if number in _IN_WORKERS:
            return self._source(kind, name, source, number)
        names = [exercise.name for exercise in self.assignment.exercises]
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            # Anew each time, as for every submission: nothing that it keeps may help it.
            module = loader.load(source, f"{self.assignment.id}.py", names).module
            return _trial(kind, name, "", number, self._grade_here(module, number, None))

    def _source(self, kind: str, name: str, source: bytes, number: str) -> Trial:
        return _trial(kind, name, "", number, self._grade(source, number, None))

    def _grade(
        self, source: bytes, number: str, only: Iterable[str] | None, *, call_wall_seconds: float | None = None
    ) -> SubmissionResult:
        submission = Submission(student="", file_name=f"{self.assignment.id}.py", source=source, sha256="")
        session = self._session(call_wall_seconds or self.assignment.limits.call_wall_seconds)
        result = session.grade(submission, number, only=only)
        if result.status is not Status.GRADED:
            raise GraderError(f"{self.assignment.id}: {result.error}")
        return result

    def _session(self, call_wall_seconds: float) -> GradingSession:
        """The session with this deadline of a call, opened when it is first needed."""
        if call_wall_seconds not in self._sessions:
            limits = msgspec.structs.replace(self.assignment.limits, call_wall_seconds=call_wall_seconds)
            assignment = msgspec.structs.replace(self.assignment, limits=limits)
            session = hidden_session(assignment, spawn=self._spawn, mode=SandboxMode.NONE, measures_margins=True)
            self._sessions[call_wall_seconds] = self._stack.enter_context(session)
        return self._sessions[call_wall_seconds]

    def _spawn(self, limits: Limits) -> Worker:
        return FakeWorker(self._functions) if self._functions is not None else self._sandbox.spawn(limits)


def _with(reference: object, exercise: str, function: Callable[..., Any]) -> ModuleType:
    """The reference with one exercise as somebody else would write it."""
    module = ModuleType("mistaken")
    module.__dict__.update(vars(reference))
    setattr(module, exercise, function)
    return module


def _trial(kind: str, name: str, exercise: str, number: str, result: SubmissionResult, *, line: int = 0) -> Trial:
    tests = [test for one in result.exercises for test in one.tests]
    return Trial(
        kind=kind,
        name=name,
        exercise=exercise,
        seed=number,
        score=float(result.score or 0),
        max_score=float(result.max_score),
        lost=tuple(_lost(result.exercises)),
        margins={test.test: test.margin for test in tests if test.margin is not None},
        seconds={test.test: test.seconds for test in tests},
        line=line,
        helped=tuple(test.test for test in tests if any(said.key == "fault_elsewhere" for said in test.feedback)),
    )


def _lost(exercises: Sequence[ExerciseResult]) -> Iterator[Lost]:
    for exercise in exercises:
        for test in exercise.tests:
            if test.score < test.max_score:
                keys = tuple(feedback.key for feedback in test.feedback)
                yield Lost(test.test, exercise.exercise, test.outcome, keys, test.margin)
