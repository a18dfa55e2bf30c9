"""The hidden tests of our own course, proven: reference, starter, every misconception, correct code in other styles."""

from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.course import assignment_ids, load_reference
from grader.model import Outcome, SandboxMode, Status, Submission
from grader.notebooks import to_source
from grader.release.starter import starter_source
from grader.release.starter_notebook import starter_notebook
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.session import hidden_session

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENTS = assignment_ids(COURSE)
MISCONCEPTIONS = [
    (assignment, misconception)
    for assignment in ASSIGNMENTS
    for misconception in load_misconceptions(COURSE / "autograde_tests" / assignment / "misconceptions.py")
]
VARIANTS = [
    path for assignment in ASSIGNMENTS for path in sorted((COURSE / "tests/data/variants" / assignment).glob("*.py"))
]
SEED = "5e" * 32


class Sessions:
    """A session for every assignment, opened when it is first needed; its workers are chosen before each submission."""

    def __init__(self, stack):
        self._stack = stack
        self._sessions = {}
        self._spawns = {}

    def grade(self, assignment, spawn, source=b""):
        self._spawns[assignment] = spawn
        if assignment not in self._sessions:
            session = hidden_session(
                manifest.load(COURSE, assignment),
                spawn=lambda limits: self._spawns[assignment](limits),
                mode=SandboxMode.FULL,
            )
            self._sessions[assignment] = self._stack.enter_context(session)
        submission = Submission(student="somebody", file_name=f"{assignment}.py", source=source, sha256="")
        return self._sessions[assignment].grade(submission, SEED)


@pytest.fixture(scope="module")
def sessions():
    with ExitStack() as stack:
        yield Sessions(stack)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(SandboxMode.FULL, hide=(COURSE,)) as started:
        yield started


def grade(sessions, assignment, functions):
    return sessions.grade(assignment, lambda limits: FakeWorker(functions))


def grade_source(sessions, sandbox, assignment, source):
    return sessions.grade(assignment, sandbox.spawn, source)


def lost(result):
    """Names of the exercises that lost points, and what was said about each lost test."""
    return {
        exercise.exercise: [[f.key for f in test.feedback] for test in exercise.tests if test.score < test.max_score]
        for exercise in result.exercises
        if exercise.score < exercise.max_score
    }


def as_submitted(source, assignment, form):
    """What a student hands in, as the grader reads it: a file, or a notebook made from it."""
    if form == "py":
        return source.encode()
    return to_source(starter_notebook(source, exercises_of(assignment), assignment_id=assignment).encode())


def exercises_of(assignment):
    return [exercise.name for exercise in manifest.load(COURSE, assignment).exercises]


@pytest.mark.parametrize("form", ["py", "ipynb"])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_reference_gets_full_marks(sessions, sandbox, assignment, form):
    source = (COURSE / "solutions" / assignment / f"{assignment}.py").read_text()

    result = grade_source(sessions, sandbox, assignment, as_submitted(source, assignment, form))

    assert result.status is Status.GRADED, result.error
    assert lost(result) == {}


@pytest.mark.parametrize("form", ["py", "ipynb"])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_starter_gets_nothing_and_is_told_so(sessions, sandbox, assignment, form):
    path = COURSE / "solutions" / assignment / f"{assignment}.py"
    starter = starter_source(path.read_text(), exercises_of(assignment), origin="x")

    result = grade_source(sessions, sandbox, assignment, as_submitted(starter, assignment, form))

    assert result.score == 0
    assert result.notes == ()
    assert {test.outcome for exercise in result.exercises for test in exercise.tests} == {Outcome.NOT_IMPLEMENTED}


@pytest.mark.parametrize(
    ("assignment", "misconception"), MISCONCEPTIONS, ids=[f"{a}-{m.exercise}-{m.key}" for a, m in MISCONCEPTIONS]
)
def test_a_misconception_costs_its_own_exercise_and_is_named(sessions, assignment, misconception):
    module = ModuleType("mistaken")
    reference = load_reference(manifest.load(COURSE, assignment))
    module.__dict__.update(vars(reference))

    def mistaken(*args, **kwargs):
        return misconception.evaluate(reference, args, kwargs)

    setattr(module, misconception.exercise, mistaken)
    result = grade(sessions, assignment, module)

    assert result.status is Status.GRADED, result.error
    assert set(lost(result)) == {misconception.exercise}
    said = [keys for keys in lost(result)[misconception.exercise] if keys]
    assert misconception.key in {key for keys in said for key in keys}


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_correct_code_in_another_style_gets_full_marks(sessions, sandbox, path):
    result = grade_source(sessions, sandbox, path.parent.name, path.read_bytes())

    assert result.status is Status.GRADED, result.error
    assert lost(result) == {}


@pytest.mark.parametrize(
    "value",
    [None, 0, "x", [], (), {}, [1, [2, 3]], (None, None), ("a", "b", "c"), {"W1": "x"}, {1, 2}, 1j, b"x", True],
    ids=repr,
)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_whatever_a_function_returns_the_verdict_is_the_submissions(sessions, assignment, value):
    class Odd:
        def __init__(self):
            for exercise in manifest.load(COURSE, assignment).exercises:
                setattr(self, exercise.name, lambda *args, **kwargs: value)

    result = grade(sessions, assignment, Odd())

    assert result.status is Status.GRADED, result.error
    assert result.score < result.max_score / 4


def test_loops_over_the_examples_cost_nothing_outside_of_logistic_regression_and_are_named(sessions, sandbox):
    path = COURSE / "tests/data/variants/deep_network/loops_over_units.py"

    result = grade_source(sessions, sandbox, "deep_network", path.read_bytes())

    hints = {feedback.key: feedback for exercise in result.exercises for feedback in exercise.advice}
    assert result.score == result.max_score
    assert "runs" in hints["not_vectorized"].rationale
