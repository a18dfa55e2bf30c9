"""Plays one collected set of hidden tests again and again, once for every submission.

Hidden tests are ordinary pytest tests; collecting them costs some 300 ms, running one of them less than a
millisecond. So a session collects once, and its run loop (`pytest_runtestloop`) hands control to `play`, which
runs single items whenever it likes, as often as it likes. Between two runs of an item nothing is kept: pytest
builds the fixtures anew (`runtestprotocol` renews the item's request), reports are reduced to an outcome, and
arguments and results die with the attempt. Memory stays flat over thousands of submissions.

This module provides the marks `exercise`, `points` and `visibility`, and the fixtures `student`, `reference`,
`rng` and `data_folder`. It knows nothing of scores: an item's run gives an `AttemptResult`, and grading decides.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from grader.checks.advice import collect_advice
from grader.checks.margins import collect_margins
from grader.errors import CheckFailed, GraderError, ManifestError, StudentError
from grader.messages import feedback
from grader.model import Feedback, Outcome, Picture, Visibility
from grader.plain_tests import plain_call
from grader.rubric import TestFacts, points_mark
from grader.sandbox.student import Student

_MARKS = (
    "exercise(name): the exercise that this test belongs to",
    "points(number): how much of the exercise's points this test is worth",
    "visibility(word): visible, hidden (default), after_due_date or after_published",
)

_FORMS = {text.partition("(")[0]: text.partition(":")[0] for text in _MARKS}  # "points" → "points(number)"


@dataclass
class Attempt:
    """What one run of one test works with."""

    student: Student
    seed: int
    is_visible: bool
    error: BaseException | None = None
    is_ours: bool = False  # the error came from a fixture, and not out of the submission


@dataclass(frozen=True)
class AttemptResult:
    """How one run of one test ended.

    error: set when the fault is not the student's. margin: the largest of its checks (see `checks.margins`), if any.
    """

    outcome: Outcome
    seconds: float
    feedback: tuple[Feedback, ...] = ()
    advice: tuple[Feedback, ...] = ()
    error: BaseException | None = None
    margin: float | None = None
    pictures: tuple[Picture, ...] = ()

    @property
    def has_passed(self) -> bool:
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True)
class CollectedTest:
    """A collected test: its facts, and the way to run it.

    call: runs the test without pytest's hooks; None where it needs them.
    """

    facts: TestFacts
    item: pytest.Item = field(repr=False)
    plugin: GradingPlugin = field(repr=False)
    call: Callable[[], object] | None = field(repr=False)

    @property
    def description(self) -> str:
        """The first line of the test's docstring."""
        text = getattr(getattr(self.item, "obj", None), "__doc__", None) or ""
        return text.strip().splitlines()[0] if text.strip() else ""

    def run(self, student: Student, *, seed: int) -> AttemptResult:
        """Run the test once for `student`."""
        return self.plugin.run(self, Attempt(student, seed, self.facts.visibility is Visibility.VISIBLE))


class GradingPlugin:
    """The pytest plugin of one session.

    play: called once, with the collected tests in the order of the files; returns when no more is to be run.
    """

    def __init__(
        self,
        *,
        reference: object,
        data_folder: Path,
        play: Callable[[Sequence[CollectedTest]], None],
        measures_margins: bool = False,
    ) -> None:
        self._reference = reference
        self._measures_margins = measures_margins
        self._data_folder = data_folder
        self._play = play
        self._attempt: Attempt | None = None
        self._known_modules = frozenset(sys.modules)  # before the tests are collected
        self.problems: list[str] = []
        self.error: GraderError | None = None

    # fixtures

    @pytest.fixture(name="student")
    def _student_fixture(self) -> Student:
        """The submission's functions."""
        return self._current.student

    @pytest.fixture(name="reference")
    def _reference_fixture(self) -> object:
        """The reference solution, a module."""
        return self._reference

    @pytest.fixture(name="rng")
    def _rng_fixture(self) -> np.random.Generator:
        """Random numbers that differ from student to student and from test to test, and never from run to run."""
        return np.random.default_rng(self._current.seed)

    @pytest.fixture(name="data_folder")
    def _data_folder_fixture(self) -> Path:
        """The folder with the data sets of the assignment."""
        return self._data_folder

    @property
    def _current(self) -> Attempt:
        assert self._attempt is not None, "fixtures exist only while a test runs"
        return self._attempt

    # hooks

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        for line in _MARKS:
            config.addinivalue_line("markers", line)
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            config.pluginmanager.unregister(terminal)

    def pytest_exception_interact(self, node: object, call: pytest.CallInfo[object], report: object) -> None:
        if isinstance(report, pytest.CollectReport) and isinstance(node, pytest.Collector) and call.excinfo is not None:
            self.problems.append(_collection_problem(node, call.excinfo.value))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.problems:
            self.problems.append(f"{report.nodeid}: {_first_line(str(report.longrepr))}")
        elif report.skipped:
            # Its points would silently go to the other tests, or be lost.
            self.problems.append(f"{report.nodeid}: is skipped as a whole; every test must run for every submission")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.problems.append(f"{type(excinfo.value).__name__}: {excinfo.value}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        _forget_modules(self._known_modules, session.config.rootpath)
        if not self.problems:
            try:
                self._play([CollectedTest(_facts(item), item, self, plain_call(item, self)) for item in session.items])
            except GraderError as error:
                self.error = error  # pytest would only print it; `run_session` raises it
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report without a rendered traceback: rendering costs more than the test, and would show hidden values."""
        error = call.excinfo.value if call.excinfo is not None else None
        if error is not None and self._current.error is None:
            self._current.error = error
            self._current.is_ours = call.when != "call" and not isinstance(error, StudentError)
        return pytest.TestReport(
            item.nodeid,
            item.location,
            {},
            "failed" if error else "passed",
            None,
            call.when,  # type: ignore[arg-type]  # never "collect" here
            (),
            call.duration,
        )

    # running

    def run(self, test: CollectedTest, attempt: Attempt) -> AttemptResult:
        """Run `test` once. Never raises for what a test or a submission does."""
        self._attempt = attempt
        start = time.perf_counter()
        try:
            known = attempt.student.known
            nothing: AbstractContextManager[list[float]] = nullcontext([])
            collection = collect_margins() if self._measures_margins else nothing
            with collect_advice(show_values=attempt.is_visible, known=known) as advice, collection as margins:
                if test.call is not None:
                    _call(test.call, attempt)
                else:
                    # No next item: which test comes next is not known, and pytest insists on a stack that fits it.
                    runtestprotocol(test.item, log=False, nextitem=None)
        except (pytest.exit.Exception, KeyboardInterrupt) as error:
            # pytest lets these end the whole session. Ctrl-C goes to the main thread: it was the test that raised.
            attempt.error, attempt.is_ours = error, True
            test.item.session._setupstate.teardown_exact(None)
        finally:
            self._attempt = None
        result = _result(attempt, test.facts.exercise, time.perf_counter() - start, tuple(advice))
        return replace(result, margin=max(margins, default=None))


def _call(function: Callable[[], object], attempt: Attempt) -> None:
    """Call a test; what it raises goes into `attempt`, as `pytest_runtest_makereport` does it."""
    try:
        function()
    except (pytest.exit.Exception, KeyboardInterrupt):
        raise
    except BaseException as error:
        attempt.error = error


def _result(attempt: Attempt, exercise: str, seconds: float, advice: tuple[Feedback, ...]) -> AttemptResult:
    error = attempt.error
    if error is None:
        return AttemptResult(Outcome.PASSED, seconds, advice=advice)
    if attempt.is_ours:
        return AttemptResult(Outcome.GRADER_ERROR, seconds, error=error)
    if isinstance(error, StudentError):
        pictures = error.pictures if attempt.is_visible and isinstance(error, CheckFailed) else ()
        return AttemptResult(error.outcome, seconds, error.feedback, advice, pictures=pictures)
    if isinstance(error, AssertionError):
        # A bare `assert` of a hidden test: its text holds hidden values.
        text = str(error).splitlines()[0] if str(error) else ""
        shown = attempt.is_visible and text
        what = (
            feedback("wrong_result_shown", exercise=exercise, text=text)
            if shown
            else feedback("wrong_result", exercise=exercise)
        )
        return AttemptResult(Outcome.FAILED, seconds, (what,), advice)
    return AttemptResult(Outcome.GRADER_ERROR, seconds, error=error)


def _collection_problem(node: pytest.Collector, error: BaseException) -> str:
    """Why a test file does not run, with the line of the course where that shows."""
    cause = error.__cause__ if isinstance(error, pytest.Collector.CollectError) and error.__cause__ else error
    if isinstance(cause, GraderError):
        return str(cause)
    if isinstance(cause, SyntaxError) and cause.filename:
        places, said = [(cause.filename, cause.lineno)], cause.msg
    else:
        places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(cause.__traceback__)]
        said = _first_line(str(cause))
    root = node.config.rootpath
    ours = [(Path(file).relative_to(root), line) for file, line in places if Path(file).is_relative_to(root)]
    where = "{}, line {}".format(*ours[-1]) if ours else node.nodeid
    return f"{where}: {type(cause).__name__}: {said}"


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _forget_modules(known: Set[str], root: Path) -> None:
    """Take test modules out of sys.modules: another course, or the same file changed, has modules of the same names.

    known: names that were there before the tests were collected.
    """
    new = [(name, module) for name, module in list(sys.modules.items()) if name not in known]
    for name in [name for name, module in new if _is_below(module, root)]:
        del sys.modules[name]


def _is_below(module: object, root: Path) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(isinstance(place, str) and Path(place).is_relative_to(root) for place in places)


def _facts(item: pytest.Item) -> TestFacts:
    """The marks of a test. Raises ManifestError naming the test when they do not follow their form."""
    test = _test_id(item)
    exercise = _argument(item, "exercise")
    if not isinstance(exercise, str):
        raise ManifestError(f'{test}: has no mark `pytest.mark.exercise("name")`; add it, or `pytestmark` for the file')
    points, visibility = _argument(item, "points"), _argument(item, "visibility")
    try:
        share = None if points is None else points_mark(points)
    except ValueError as error:
        raise ManifestError(f"{test}: {error}") from None
    try:
        seen = Visibility.HIDDEN if visibility is None else Visibility(visibility)  # type: ignore[arg-type]
    except ValueError:
        raise ManifestError(f"{test}: visibility must be one of {', '.join(Visibility)}, not {visibility!r}") from None
    return TestFacts(test=test, exercise=exercise, points=share, visibility=seen)


def _argument(item: pytest.Item, name: str) -> object:
    """The one argument of the mark `name`; None without the mark. Raises ManifestError for any other number."""
    mark = item.get_closest_marker(name)
    if mark is None:
        return None
    if len(mark.args) != 1 or mark.kwargs or mark.args[0] is None:
        raise ManifestError(f"{_test_id(item)}: the mark `{name}` takes one argument: {_FORMS[name]}")
    return mark.args[0]


def _test_id(item: pytest.Item) -> str:
    """ "test_affine_backward.py::test_matches_reference": the node id without the folders."""
    return item.nodeid.rsplit("/", 1)[-1]


def run_session(tests: Sequence[Path], plugin: GradingPlugin, *, root: Path) -> None:
    """Collect `tests` and play them; returns when `plugin`'s play returns.

    Raises GraderError when a test file cannot be collected. Configuration files, conftest files above `root`,
    installed plugins and the terminal are left out, so that a course's own pytest setup changes nothing here.
    """
    arguments = [
        *map(str, tests),
        f"--rootdir={root}",
        f"--confcutdir={root}",
        "--config-file",
        os.devnull,
        "--import-mode=importlib",
        "--capture=no",
        "--strict-markers",
        "--disable-plugin-autoload",
        *(f"-pno:{name}" for name in _UNUSED_PLUGINS),
    ]
    exit_code = pytest.main(arguments, plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if plugin.problems:
        first, *others = plugin.problems
        more = f" (and {len(others)} more like this)" if others else ""
        raise GraderError(f"the tests could not be collected: {first}{more}")
    if exit_code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise GraderError(
            f"no tests were found in {', '.join(map(str, tests))}; test files are called test_<exercise>.py"
        )
    if exit_code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise GraderError(f"pytest stopped with exit code {int(exit_code)} before the tests were done")


_UNUSED_PLUGINS = (
    "cacheprovider",
    "warnings",
    "faulthandler",
    "unraisableexception",
    "threadexception",
    "logging",
    "junitxml",
    "doctest",
    "pastebin",
    "stepwise",
    "setuponly",
    "setupplan",
    "nose",
    "debugging",
)
