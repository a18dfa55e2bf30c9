"""Whose fault it is decides exit code or outcome; the tree in the module's docstring is the tree of classes."""

import inspect
import pickle
import re

import pytest

from grader import errors
from grader.errors import (
    BadReturn,
    BudgetSpent,
    CallRaised,
    CallTimedOut,
    CheckFailed,
    GraderError,
    ManifestError,
    NotImplementedYet,
    OutOfMemory,
    SandboxError,
    SandboxUnavailable,
    StudentError,
    UsageError,
    WorkerCrashed,
)
from grader.model import Feedback, Outcome

CLASSES = {
    name: value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)
}
LINE = re.compile(r"^(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)  +(?P<what>.*?)(?:  +(?P<result>exit \d|[a-z_]+))?$")
NODES = [match for line in errors.__doc__.splitlines() if (match := LINE.match(line))]
ONE, OTHER = Feedback("one", "One.", "Try."), Feedback("other", "Other.")


def parents():
    """Name → parent, as the docstring draws them."""
    path, drawn = [], {}
    for node in NODES:
        depth = len(node["branch"]) // 4
        path[depth:] = [node["name"]]
        drawn[node["name"]] = path[depth - 1] if depth else None
    return drawn


def test_the_docstring_draws_exactly_the_classes_that_exist():
    actual = {
        name: next((base.__name__ for base in kind.__bases__ if base.__name__ in CLASSES), None)
        for name, kind in CLASSES.items()
    }

    assert parents() == actual
    assert len(NODES) == len(CLASSES)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node["name"])
def test_the_docstring_says_the_exit_code_or_the_outcome(node):
    kind, result = CLASSES[node["name"]], node["result"]

    if node["name"] in ("GraderError", "StudentError"):
        assert result is None
    elif issubclass(kind, GraderError):
        assert result == f"exit {kind.exit_code}"
    else:
        assert result == kind.outcome.value


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [(GraderError, 3), (UsageError, 2), (ManifestError, 2), (SandboxUnavailable, 4), (SandboxError, 3)],
)
def test_an_error_of_ours_ends_the_command_with_its_exit_code(kind, exit_code):
    error = kind("what was found, and what to do")

    assert exit_code == error.exit_code
    assert str(error) == "what was found, and what to do"
    assert not isinstance(error, StudentError)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (StudentError, Outcome.FAILED),
        (NotImplementedYet, Outcome.NOT_IMPLEMENTED),
        (CallRaised, Outcome.RAISED),
        (CallTimedOut, Outcome.TIMED_OUT),
        (OutOfMemory, Outcome.OUT_OF_MEMORY),
        (WorkerCrashed, Outcome.CRASHED),
        (BudgetSpent, Outcome.NOT_RUN),
        (BadReturn, Outcome.FAILED),
        (CheckFailed, Outcome.FAILED),
    ],
)
def test_an_error_of_the_student_becomes_its_outcome_with_feedback(kind, outcome):
    error = kind(ONE, OTHER)

    assert outcome is error.outcome
    assert error.feedback == (ONE, OTHER)
    assert str(error) == "One.; Other."
    assert not isinstance(error, GraderError)


def test_every_outcome_but_passed_and_grader_error_has_a_class():
    outcomes = {kind.outcome for kind in CLASSES.values() if issubclass(kind, StudentError)}

    assert outcomes == set(Outcome) - {Outcome.PASSED, Outcome.GRADER_ERROR}


def test_only_a_failed_check_is_an_assertion():
    assert [name for name, kind in CLASSES.items() if issubclass(kind, AssertionError)] == ["CheckFailed"]


def test_a_raised_exception_is_known_by_class_and_line():
    error = CallRaised(ONE, exception="ValueError", line=12)

    assert (error.exception, error.line, error.feedback) == ("ValueError", 12, (ONE,))
    assert (CallRaised().exception, CallRaised().line) == ("", None)


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_every_class_says_what_it_stands_for(kind):
    assert inspect.cleandoc(kind.__doc__ or "").endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in CLASSES.values() if issubclass(kind, GraderError)])
def test_an_error_of_ours_survives_the_way_back_from_another_process(kind):
    error = pickle.loads(pickle.dumps(kind("what was found")))

    assert type(error) is kind
    assert str(error) == "what was found"


@pytest.mark.parametrize("kind", [kind for kind in CLASSES.values() if issubclass(kind, StudentError)])
def test_an_error_of_the_student_survives_the_way_back_from_another_process(kind):
    error = pickle.loads(pickle.dumps(kind(ONE, OTHER)))

    assert type(error) is kind
    assert error.feedback == (ONE, OTHER)
    assert str(error) == "One.; Other."


def test_a_raised_exception_keeps_its_class_and_line_on_the_way():
    error = pickle.loads(pickle.dumps(CallRaised(ONE, exception="ValueError", line=12)))

    assert (error.exception, error.line, error.feedback) == ("ValueError", 12, (ONE,))
