"""One submission from start to finish: load, run every test, decide points, explain.

"One mistake costs once": a test runs with the student's own functions. When that fails, it runs again with
*earlier* exercises answered by the reference, from the trusted side. Passing then gives the points, and the
feedback names the exercise that was at fault.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np

from grader import __version__, excerpts, integrity
from grader.checks.answers import answer_digest
from grader.checks.diagnosis import AllTests, ObservedCall, diagnose
from grader.checks.misconceptions import Misconception
from grader.course import test_seed
from grader.errors import GraderError, StudentError
from grader.messages import feedback
from grader.model import (
    Assignment,
    CodePiece,
    ExerciseResult,
    Feedback,
    Limits,
    Outcome,
    SandboxMode,
    Status,
    Submission,
    SubmissionResult,
    TestResult,
    Visibility,
)
from grader.pytest_plugin import AttemptResult, CollectedTest
from grader.sandbox.running import SubmissionRun, Worker
from grader.sandbox.snippets import snippet
from grader.sandbox.student import Student
from grader.worker import wire

logger = logging.getLogger(__name__)

_MOST_ADVICE = 6  # an exercise; the same remark from many tests is one remark
_MOST_CALLS = 20  # of a test, that are kept to see whether a name fits all tests of an exercise


class Judge:
    """Grades submissions of one assignment, one after the other.

    tests: as collected. points: what each is worth, by test id.
    reference: the solution module, or recorded answers that stand in for it.
    spawn: gives workers. mode: how they are walled in, for the record.
    may_replace: whether the reference may answer for earlier exercises; recorded answers cannot.
    """

    def __init__(
        self,
        assignment: Assignment,
        tests: Sequence[CollectedTest],
        *,
        points: Mapping[str, Fraction],
        reference: object,
        misconceptions: Sequence[Misconception],
        spawn: Callable[[Limits], Worker],
        mode: SandboxMode,
        may_replace: bool = True,
    ) -> None:
        self.assignment = assignment
        self._points = points
        order = {exercise.name: i for i, exercise in enumerate(assignment.exercises)}
        self._tests = sorted(tests, key=lambda test: order[test.facts.exercise])
        self._reference = reference
        self._misconceptions = misconceptions
        self._spawn = spawn
        self._mode = mode
        self._may_replace = may_replace

    def grade(self, submission: Submission, seed: str, *, only: Iterable[str] | None = None) -> SubmissionResult:
        """The verdict on `submission`, with test inputs drawn from `seed` (hexadecimal).

        only: names of the exercises to run; all by default. Never raises for what a submission does; what is our
        own fault gives a result with status GRADER_ERROR and no score.
        """
        wanted = set(only) if only is not None else {e.name for e in self.assignment.exercises}
        tests = [test for test in self._tests if test.facts.exercise in wanted]
        if submission.problem is not None:
            return self._result(submission, seed, [self._not_run(test) for test in tests], {}, (submission.problem,))
        names = [exercise.name for exercise in self.assignment.exercises]
        run = SubmissionRun(submission, names, spawn=self._spawn, limits=self.assignment.limits)
        with run:
            try:
                run.load()
                verdicts = _Verdicts(self, run, seed)
                results = _judged(tests, verdicts)
            except GraderError as error:
                return self._result(submission, seed, [], {}, (), error=str(error))
            code = integrity.statements(submission.source)
            return self._result(
                submission,
                seed,
                results,
                verdicts.advice,
                tuple(run.findings),
                # In a learner's own check, where nothing can be replaced, there is no instructor to give hints to.
                hints=tuple(verdicts.hints(code, results)) if self._may_replace else (),
                normalized_sha256=integrity.normalized_digest(code) if self._may_replace else "",
                answers=verdicts.answer_digests(tests, results) if self._may_replace else {},
                own_lines=_own_lines(run, code, results),
                error=verdicts.error,
            )

    def _not_run(self, test: CollectedTest) -> TestResult:
        facts = test.facts
        return TestResult(
            test=facts.test,
            exercise=facts.exercise,
            outcome=Outcome.NOT_RUN,
            visibility=facts.visibility,
            score=Fraction(0),
            max_score=self._points[facts.test],
            seconds=0.0,
            feedback=(feedback("nothing_to_run"),),
        )

    def _result(
        self,
        submission: Submission,
        seed: str,
        results: Sequence[TestResult],
        advice: Mapping[str, Iterable[Feedback]],
        notes: tuple[Feedback, ...],
        *,
        hints: tuple[Feedback, ...] = (),
        normalized_sha256: str = "",
        answers: Mapping[str, str] = MappingProxyType({}),
        own_lines: Mapping[str, tuple[CodePiece, ...]] = MappingProxyType({}),
        error: str | None = None,
    ) -> SubmissionResult:
        exercises = tuple(
            msgspec.structs.replace(e, answer_digest=answers.get(e.exercise, ""), code=own_lines.get(e.exercise, ()))
            for e in _by_exercise(self.assignment, results, advice)
        )
        return SubmissionResult(
            assignment=self.assignment.id,
            student=submission.student,
            status=Status.GRADED if error is None else Status.GRADER_ERROR,
            exercises=exercises,
            max_score=sum((e.max_score for e in exercises), Fraction(0)) if exercises else self.assignment.max_score,
            file_name=submission.file_name,
            sha256=submission.sha256,
            submitted_at=submission.submitted_at,
            suite_sha256=self.assignment.suite_sha256,
            seed=seed,
            sandbox=self._mode,
            environment=environment(),
            notes=(*submission.notes, *notes),
            integrity=hints,
            normalized_sha256=normalized_sha256,
            error=error,
        )


def _by_exercise(
    assignment: Assignment, results: Sequence[TestResult], advice: Mapping[str, Iterable[Feedback]]
) -> tuple[ExerciseResult, ...]:
    """The exercises that have results, in the order of the assignment; with their formulas where points were lost."""
    exercises = []
    for exercise in assignment.exercises:
        tests = tuple(r for r in results if r.exercise == exercise.name)
        if tests:
            remarks = tuple(advice.get(exercise.name, ()))[:_MOST_ADVICE]
            is_lost = any(test.outcome is not Outcome.PASSED for test in tests)
            formula = exercise.formula if is_lost else ""
            exercises.append(ExerciseResult(exercise=exercise.name, tests=tests, advice=remarks, formula=formula))
    return tuple(exercises)


def _own_lines(
    run: SubmissionRun, code: Sequence[integrity.Statement], results: Sequence[TestResult]
) -> dict[str, tuple[CodePiece, ...]]:
    """What the student wrote, for every exercise that lost points and is more than a stub."""
    lost = dict.fromkeys(result.exercise for result in results if result.outcome is not Outcome.PASSED)
    return {
        name: excerpts.excerpt(run.submission.source, code, name, info.line)
        for name in lost
        if (info := run.functions.get(name)) is not None and info.state == "defined"
    }


def _judged(tests: Sequence[CollectedTest], verdicts: _Verdicts) -> list[TestResult]:
    """The results of `tests`, in their order.

    Visible tests run first: a worker that has seen a hidden input could keep it for a test that shows all.
    """
    visible_first = sorted(tests, key=lambda test: test.facts.visibility is not Visibility.VISIBLE)
    results = {test.facts.test: verdicts.judge(test) for test in visible_first}
    return [verdicts.reconsidered(results[test.facts.test]) for test in tests]


def environment() -> dict[str, str]:
    """Versions that a score depends on, for the record."""
    return {"python": platform.python_version(), "numpy": np.__version__, "grader": __version__}


@dataclass(frozen=True)
class _Trial:
    """One attempt at a test, and what the student's functions did in it."""

    result: AttemptResult
    student: Student

    @property
    def has_passed(self) -> bool:
        return self.result.has_passed


class _Verdicts:
    """Judges the tests of one submission, and remembers which exercises turned out faulty."""

    def __init__(self, judge: Judge, run: SubmissionRun, seed: str) -> None:
        self._judge = judge
        self._run = run
        self._seed = seed
        self._faulty: list[str] = []
        self._examples: dict[str, ObservedCall] = {}  # of each exercise a call that helped to pass a test
        self._lost_calls: dict[str, list[ObservedCall]] = {}  # by exercise, in the tests that took points
        self._passed_calls: dict[str, list[ObservedCall]] = {}
        self._tests: dict[str, AllTests] = {}
        self._named: dict[str, tuple[Feedback, Sequence[ObservedCall]]] = {}  # by test, the diagnosis of which calls
        self.advice: dict[str, dict[Feedback, None]] = {}  # a dict keeps order and drops repetitions
        self.error: str | None = None

    def judge(self, test: CollectedTest) -> TestResult:
        """The result of `test`; notes its exercise as faulty when points are lost."""
        earlier = self._judge.assignment.earlier_than(test.facts.exercise) if self._judge._may_replace else ()
        hanging = [name for name in earlier if self._run.has_timed_out(name)]
        spent = 0.0
        if hanging:
            # The own run would most likely hang again, and cost its whole deadline. Passing with help decides alone.
            helped = self._try(test, earlier)
            spent += helped.result.seconds
            if helped.has_passed:
                return self._passed(test, spent, helped, hanging)
            if helped.result.error is not None:
                return self._lost(test, spent, helped)
        own = self._try(test, ())
        spent += own.result.seconds
        if own.has_passed:
            return self._passed(test, spent, own, [])
        if own.result.error is None and earlier and self._is_written(test):
            suspects = [name for name in earlier if name in self._faulty]
            if len(suspects) == 1:
                # Most often the one fault that is known is behind this, too: one run more in place of two.
                helped = self._try(test, {*suspects, *hanging})
                spent += helped.result.seconds
                if helped.has_passed:
                    return self._passed(test, spent, own, suspects)
            helped = self._try(test, earlier)
            spent += helped.result.seconds
            if helped.has_passed:
                return self._passed(test, spent, own, self._find_fault(test, earlier, hanging))
            if self._faulty or helped.result.error is not None:  # what we failed at must not cost points
                own = helped  # without the noise of faults elsewhere
        return self._lost(test, spent, own)

    def reconsidered(self, result: TestResult) -> TestResult:
        """`result` with the name that fits all tests of its exercise, which are done now; with none where none does."""
        if result.test not in self._named:
            return result
        named, calls = self._named[result.test]
        name = self._all_tests(result.exercise).name(named, calls)
        if name == named:
            return result
        others = tuple(said for said in result.feedback if said is not named)
        return msgspec.structs.replace(result, feedback=others if name is None else (name, *others))

    def _all_tests(self, exercise: str) -> AllTests:
        if exercise not in self._tests:
            lost, passed = self._lost_calls[exercise], self._passed_calls.get(exercise, [])
            judge = self._judge
            self._tests[exercise] = AllTests(lost, passed, exercise, judge._reference, judge._misconceptions)
        return self._tests[exercise]

    def hints(self, code: Sequence[integrity.Statement], results: Sequence[TestResult]) -> Iterator[Feedback]:
        """Hints on integrity, for the instructor; asked for when all tests are done."""
        yield from integrity.autograd_imports(code)
        for exercise, example in self._examples.items():
            hint = self._difference_hint(exercise, example)
            if hint is not None:
                yield hint
        yield from integrity.shape_hints(code, _by_exercise(self._judge.assignment, results, {}))

    def _difference_hint(self, exercise: str, example: ObservedCall) -> Feedback | None:
        """The hint that `exercise` differentiates numerically, from one more evaluation; None without a sign of it."""
        earlier = self._judge.assignment.earlier_than(exercise)
        counters = {
            name: integrity.StepCounter(getattr(self._judge._reference, name))
            for name in earlier
            if not integrity.is_backward(name)
        }
        if not counters:
            return None
        batch = [wire.Arguments(list(example.args), dict(example.kwargs))]
        try:
            self._run.call(exercise, batch, replacements=counters, show_text=False)
        except StudentError:
            pass  # the counters have seen what they have seen; most often it is they who end the call
        except GraderError as error:
            # A hint is not worth a verdict, and the verdict is complete.
            logger.warning("no hints on %s of %s: %s", exercise, self._run.submission.student, error)
            return None
        return integrity.difference_hint(exercise, counters)

    def answer_digests(self, tests: Sequence[CollectedTest], results: Sequence[TestResult]) -> dict[str, str]:
        """By exercise, a digest of the wrong answers that no misconception names; asked for when all tests are done.

        Inputs differ between students, so the first failed test of such an exercise runs once more, with inputs that
        all students share and with the reference in place of earlier exercises.
        """
        misconceptions = {misconception.key for misconception in self._judge._misconceptions}
        known = {r.exercise for r in results if any(said.key in misconceptions for said in r.feedback)}
        digests: dict[str, str] = {}
        for test, result in zip(tests, results, strict=True):
            exercise = result.exercise
            if result.outcome is Outcome.FAILED and exercise not in known and exercise not in digests:
                digests[exercise] = self._answer_digest(test)
        return digests

    def _answer_digest(self, test: CollectedTest) -> str:
        assignment, exercise = self._judge.assignment, test.facts.exercise
        replacements = {name: getattr(self._judge._reference, name) for name in assignment.earlier_than(exercise)}
        student = Student(self._run, replacements=replacements, show_text=False)
        if test.run(student, seed=test_seed(assignment.suite_sha256, test.facts.test)).outcome is not Outcome.FAILED:
            return ""  # right on these inputs, or not comparable
        return answer_digest(test.facts.test, exercise, student.observed)

    def _is_written(self, test: CollectedTest) -> bool:
        info = self._run.functions.get(test.facts.exercise)
        return info is not None and info.state == "defined"

    def _try(self, test: CollectedTest, replaced: Iterable[str]) -> _Trial:
        replacements = {name: getattr(self._judge._reference, name) for name in replaced}
        student = Student(self._run, replacements=replacements, show_text=test.facts.visibility is Visibility.VISIBLE)
        return _Trial(test.run(student, seed=test_seed(self._seed, test.facts.test)), student)

    def _find_fault(self, test: CollectedTest, earlier: Sequence[str], hanging: Sequence[str]) -> list[str]:
        """The exercises whose replacement makes `test` pass: one alone where one suffices."""
        suspects = [name for name in earlier if name in self._faulty]
        others = [name for name in earlier if name not in self._faulty]
        for name in (*suspects, *others):
            trial = self._try(test, {name, *hanging})
            if trial.has_passed:
                return [name]
            if trial.result.error is not None:
                raise GraderError(_ours(test, trial.result.error)) from trial.result.error
        return suspects or list(earlier)

    def _passed(self, test: CollectedTest, seconds: float, trial: _Trial, faulty: Sequence[str]) -> TestResult:
        self._note_advice(test, trial)
        exercise = test.facts.exercise
        if not faulty:
            self._passed_calls.setdefault(exercise, []).extend(_calls_of(exercise, trial))
        if integrity.is_backward(exercise) and not faulty and exercise not in self._examples:
            calls = [call for call in trial.student.observed if call.function == exercise and not call.exception]
            if calls:
                self._examples[exercise] = calls[0]
        remarks = [feedback("fault_elsewhere", exercise=exercise, faulty=_and(faulty))] if faulty else []
        return self._test_result(test, trial, Outcome.PASSED, seconds, tuple(remarks), None)

    def _lost(self, test: CollectedTest, seconds: float, trial: _Trial) -> TestResult:
        self._note_advice(test, trial)
        facts, result = test.facts, trial.result
        if result.error is not None:
            self.error = _ours(test, result.error)
            return self._test_result(test, trial, Outcome.GRADER_ERROR, seconds, (), None)
        if facts.exercise not in self._faulty:
            self._faulty.append(facts.exercise)
        what = result.feedback
        calls = _calls_of(facts.exercise, trial)
        self._lost_calls.setdefault(facts.exercise, []).extend(calls)
        if result.outcome is Outcome.FAILED:
            named = diagnose(
                trial.student.observed, facts.exercise, self._judge._reference, self._judge._misconceptions
            )
            if named is not None:
                self._named[facts.test] = (named, calls)
                what = (named, *what)
        return self._test_result(test, trial, result.outcome, seconds, what, self._snippet(test, trial))

    def _snippet(self, test: CollectedTest, trial: _Trial) -> str | None:
        if test.facts.visibility is not Visibility.VISIBLE:
            return None
        calls = [call for call in trial.student.observed if call.function == test.facts.exercise]
        return snippet(self._judge.assignment.id, calls[-1]) if calls else None

    def _note_advice(self, test: CollectedTest, trial: _Trial) -> None:
        self.advice.setdefault(test.facts.exercise, {}).update(dict.fromkeys(trial.result.advice))

    def _test_result(
        self,
        test: CollectedTest,
        trial: _Trial,
        outcome: Outcome,
        seconds: float,
        what: tuple[Feedback, ...],
        code: str | None,
    ) -> TestResult:
        points = self._judge._points[test.facts.test]
        return TestResult(
            test=test.facts.test,
            exercise=test.facts.exercise,
            outcome=outcome,
            visibility=test.facts.visibility,
            score=points if outcome is Outcome.PASSED else Fraction(0),
            max_score=points,
            seconds=float(f"{seconds:.2g}"),  # two digits: how long a function sleeps is a message, too
            feedback=what,
            reproduce=code,
            pictures=trial.result.pictures,
            margin=trial.result.margin,
        )


def _calls_of(exercise: str, trial: _Trial) -> list[ObservedCall]:
    return [call for call in trial.student.observed if call.function == exercise][:_MOST_CALLS]


def _ours(test: CollectedTest, error: BaseException) -> str:
    return f"{test.facts.test}: {type(error).__name__}: {error}"


def _and(names: Sequence[Any]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *front, last = map(str, names)
    return f"{', '.join(front)} and {last}" if front else last


def ungraded(assignment: Assignment, student: str, seed: str, *, mode: SandboxMode, error: str) -> SubmissionResult:
    """The result of a submission that we could not even read: no score, and the reason for the instructor."""
    return SubmissionResult(
        assignment=assignment.id,
        student=student,
        status=Status.GRADER_ERROR,
        exercises=(),
        max_score=assignment.max_score,
        file_name="",
        sha256="",
        submitted_at=None,
        suite_sha256=assignment.suite_sha256,
        seed=seed,
        sandbox=mode,
        environment=environment(),
        error=error,
    )
