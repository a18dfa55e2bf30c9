"""A judge that stays ready: a pytest session that waits in a thread of its own for the next submission.

pytest wants to own the loop: it collects, runs, and returns. Batches, pools and `--watch` want to own it too. So
pytest runs in a thread; its run loop waits for work on a queue and answers on another. One thread, one session:
calls to `grade` from several threads would have to take turns, and do not happen.
"""

from __future__ import annotations

import ast
import os
import queue
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import numpy as np

from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.errors import GraderError, ManifestError, UsageError
from grader.grading import Judge
from grader.model import Assignment, Limits, SandboxMode, Status, Submission, SubmissionResult
from grader.pytest_plugin import CollectedTest, GradingPlugin, run_session
from grader.rubric import share_points
from grader.sandbox.running import Worker

_THREAD = "grader-pytest"

_Request = tuple[Submission, str, frozenset[str] | None]


class GradingSession:
    """Grades submissions one by one with tests that are collected once; a context manager.

    tests: the test files. make_judge: turns what was collected into a judge.
    Entering raises GraderError when the tests cannot be collected or their points do not add up.
    """

    def __init__(
        self,
        *,
        tests: Sequence[Path],
        root: Path,
        reference: object,
        data_folder: Path,
        make_judge: Callable[[Sequence[CollectedTest]], Judge],
        measures_margins: bool = False,
    ) -> None:
        self._tests = tests
        self._root = root
        self._make_judge = make_judge
        self._plugin = GradingPlugin(
            reference=reference, data_folder=data_folder, play=self._play, measures_margins=measures_margins
        )
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[SubmissionResult | BaseException | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=_THREAD, daemon=True)
        self._is_open = False  # whether somebody answers

    def __enter__(self) -> GradingSession:
        self._is_open = True
        _refuse_exits_of_tests()
        self._thread.start()
        self._answer()  # None: collected and ready
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        self._is_open = False
        self._requests.put(None)
        if kind is None:
            self._thread.join()
        # After Ctrl-C the thread may be waiting for a worker; it is a daemon, and the sandbox ends with the process.

    def grade(self, submission: Submission, seed: str, *, only: Iterable[str] | None = None) -> SubmissionResult:
        """The verdict on `submission`; what was our own fault is tried once more before it is reported."""
        result = self._ask(submission, seed, only)
        return self._ask(submission, seed, only) if result.status is Status.GRADER_ERROR else result

    def _ask(self, submission: Submission, seed: str, only: Iterable[str] | None) -> SubmissionResult:
        if not self._is_open:
            raise GraderError("the session of tests is not open: it was not entered, was left, or ended by an error")
        self._requests.put((submission, seed, None if only is None else frozenset(only)))
        result = self._answer()
        assert result is not None
        return result

    def _answer(self) -> SubmissionResult | None:
        answer = self._answers.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _run(self) -> None:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                # The reference meets saturated inputs too; its warnings would only disturb the terminal.
                warnings.simplefilter("ignore", RuntimeWarning)
                run_session(self._tests, self._plugin, root=self._root)
        except BaseException as error:  # handed over to the thread that waits
            self._is_open = False  # first, so that nobody asks again and waits for ever
            self._answers.put(error)

    def _play(self, tests: Sequence[CollectedTest]) -> None:
        # Whatever is raised in here goes to the thread that waits: pytest would only print it and stop.
        try:
            judge = self._make_judge(tests)
        except Exception as error:
            self._answers.put(error)
            return
        self._answers.put(None)
        while (request := self._requests.get()) is not None:
            submission, seed, only = request
            try:
                self._answers.put(judge.grade(submission, seed, only=only))
            except Exception as error:
                self._answers.put(error)


def _refuse_exits_of_tests() -> None:
    """From now on os._exit raises GraderError in threads of sessions, naming the line that calls it.

    Otherwise a test of the course could end the grader without a word, and with exit code 0.
    """
    if getattr(os._exit, "refuses_tests", False):
        return
    end, process = os._exit, os.getpid()

    def end_unless_in_a_test(status: int) -> NoReturn:
        if os.getpid() == process and threading.current_thread().name == _THREAD:
            caller = sys._getframe(1)
            raise GraderError(
                f"{caller.f_code.co_filename}, line {caller.f_lineno}: os._exit would end the grader; remove the call"
            )
        end(status)

    end_unless_in_a_test.refuses_tests = True  # type: ignore[attr-defined]  # a function takes attributes
    os._exit = end_unless_in_a_test


def hidden_session(
    assignment: Assignment,
    *,
    spawn: Callable[[Limits], Worker],
    mode: SandboxMode,
    measures_margins: bool = False,
) -> GradingSession:
    """A session with all tests of `assignment`, hidden ones included: only for the trusted side.

    measures_margins: whether results tell how near each test was to its tolerance, which takes time.
    """
    reference = load_reference(assignment)
    misconceptions = load_misconceptions(assignment.tests_folder / "misconceptions.py")

    def make_judge(collected: Sequence[CollectedTest]) -> Judge:
        return Judge(
            assignment,
            collected,
            points=share_points(assignment, [test.facts for test in collected]),
            reference=reference,
            misconceptions=misconceptions,
            spawn=spawn,
            mode=mode,
        )

    return GradingSession(
        tests=_test_files(assignment.tests_folder, shown=f"autograde_tests/{assignment.id}"),
        root=assignment.root,
        reference=reference,
        data_folder=assignment.solution_file.parent / "data",
        make_judge=make_judge,
        measures_margins=measures_margins,
    )


def visible_session(
    assignment: Assignment,
    folder: Path,
    *,
    reference: object,
    misconceptions: Sequence[Misconception],
    spawn: Callable[[Limits], Worker],
) -> GradingSession:
    """A session with the visible tests in `folder`/checks, for a learner's own code: nothing here is secret.

    reference: recorded answers. They exist for the tests' own inputs only, so no exercise is ever replaced.
    """

    names = {exercise.name for exercise in assignment.exercises}

    def make_judge(collected: Sequence[CollectedTest]) -> Judge:
        for facts in (test.facts for test in collected):
            if facts.exercise not in names:
                raise ManifestError(f"checks/{facts.test}: its exercise {facts.exercise} is not in assignment.toml")
        return Judge(
            assignment,
            collected,
            points={test.facts.test: test.facts.points or Fraction(1) for test in collected},
            reference=reference,
            misconceptions=misconceptions,
            spawn=spawn,
            mode=SandboxMode.NONE,
            may_replace=False,
        )

    return GradingSession(
        tests=_test_files(folder / "checks", shown="checks"),
        root=folder,
        reference=reference,
        data_folder=folder / "data",
        make_judge=make_judge,
    )


def _test_files(folder: Path, *, shown: str) -> list[Path]:
    """The test files in `folder`, which messages call `shown`."""
    tests = sorted(folder.glob("test_*.py"))
    if not tests:
        raise UsageError(f"{folder}: holds no test_<exercise>.py")
    for path in tests:
        _refuse_repeated_names(path.read_bytes(), f"{shown}/{path.name}")
    return tests


def _refuse_repeated_names(source: bytes, shown: str) -> None:
    """Raise ManifestError when a test has the name of one above it: Python would forget that one without a word."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return  # pytest says it with the line
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in bodies:
        lines: dict[str, int] = {}
        for node in body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if node.name in lines:
                raise ManifestError(
                    f"{shown}::{node.name} is defined in line {lines[node.name]} and again in line {node.lineno}; only "
                    "the last would run, so rename one"
                )
            lines[node.name] = node.lineno
