"""The assignment `logistic_regression`: its reference against definitions, vectorization, and what its tests accept."""

from __future__ import annotations

import doctest
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, Limits, SandboxMode, Submission, SubmissionResult
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

COURSE = Path(__file__).parents[2]
ASSIGNMENT = manifest.load(COURSE, "logistic_regression")
REFERENCE = load_reference(ASSIGNMENT)
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = [f"{seed:02x}" * 32 for seed in range(10)]
VECTORIZED = [name for name in NAMES if name not in ("initialize_parameters",)]

# Right, and one example after the other.
LOOPED = """\
import math
import numpy as np

def sigmoid(z):
    flat = [1 / (1 + math.exp(-x)) if x > -700 else 0.0 for x in z.ravel().tolist()]
    return np.array(flat).reshape(z.shape)

def initialize_parameters(n_x):
    return np.zeros((n_x, 1)), 0.0

def forward(w, b, X):
    A = np.zeros((1, X.shape[1]))
    for i in range(X.shape[1]):
        A[0, i] = 1 / (1 + np.exp(-(w[:, 0] @ X[:, i] + b)))
    return A

def cross_entropy_cost(A, Y):
    total = 0.0
    for a, y in zip(A[0].tolist(), Y[0].tolist()):
        a = min(max(a, 1e-15), 1 - 1e-15)
        total -= math.log(a) if y else math.log(1 - a)
    return total / A.shape[1]

def squared_error_cost(A, Y):
    return sum((a - y) ** 2 for a, y in zip(A[0], Y[0])) / (2 * A.shape[1])

def backward(X, A, Y):
    dw, db, m = np.zeros((X.shape[0], 1)), 0.0, X.shape[1]
    for i in range(m):
        dw[:, 0] += X[:, i] * (A[0, i] - Y[0, i]) / m
        db += (A[0, i] - Y[0, i]) / m
    return dw, db

def gradient_descent(w, b, X, Y, learning_rate, iterations):
    costs = []
    for _ in range(iterations):
        A = np.array([[1 / (1 + math.exp(-float(w[:, 0] @ x + b))) for x in X.T]])
        costs.append(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))
        w, b = w - learning_rate * X @ (A - Y).T / Y.size, b - learning_rate * np.mean(A - Y)
    return w, b, costs

def predict(w, b, X, threshold=0.5):
    return np.array([[int(1 / (1 + np.exp(-(w[:, 0] @ x + b))) > threshold) for x in X.T]])

def fit(X, Y, learning_rate, iterations):
    w, b = np.zeros((X.shape[0], 1)), 0.0
    for _ in range(iterations):
        A = np.array([[1 / (1 + math.exp(-float(w[:, 0] @ x + b))) for x in X.T]])
        w, b = w - learning_rate * X @ (A - Y).T / Y.size, b - learning_rate * np.mean(A - Y)
    return w, b
"""


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(31)


# the reference


def test_forward_and_costs_agree_with_loops_over_examples(rng: np.random.Generator) -> None:
    w, b, X = rng.normal(size=(3, 1)), 0.4, rng.normal(size=(3, 6))
    Y = (rng.random((1, 6)) < 0.5).astype(float)

    A = REFERENCE.forward(w, b, X)

    probabilities = [1 / (1 + math.exp(-(sum(w[k, 0] * X[k, i] for k in range(3)) + b))) for i in range(6)]
    np.testing.assert_allclose(A, [probabilities], rtol=1e-13)
    losses = [-math.log(a) if y else -math.log(1 - a) for a, y in zip(probabilities, Y[0], strict=True)]
    assert REFERENCE.cross_entropy_cost(A, Y) == pytest.approx(sum(losses) / 6)
    squares = [(a - y) ** 2 for a, y in zip(probabilities, Y[0], strict=True)]
    assert REFERENCE.squared_error_cost(A, Y) == pytest.approx(sum(squares) / 12)


def test_backward_is_the_derivative_of_the_cost(rng: np.random.Generator) -> None:
    w, b, X = rng.normal(size=(3, 1)), 0.4, rng.normal(size=(3, 6))
    Y = (rng.random((1, 6)) < 0.5).astype(float)

    def cost(w: Any, b: float) -> float:
        return float(REFERENCE.cross_entropy_cost(REFERENCE.forward(w, b, X), Y))

    dw, db = REFERENCE.backward(X, REFERENCE.forward(w, b, X), Y)

    for k in range(3):
        step = 1e-5 * np.eye(3)[:, [k]]
        assert dw[k, 0] == pytest.approx((cost(w + step, b) - cost(w - step, b)) / 2e-5, rel=1e-7)
    assert db == pytest.approx((cost(w, b + 1e-5) - cost(w, b - 1e-5)) / 2e-5, rel=1e-7)


def test_the_cost_is_finite_where_probabilities_are_exact() -> None:
    A, Y = np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 1.0, 0.0]])

    assert 10 < REFERENCE.cross_entropy_cost(A, Y) < 40
    assert REFERENCE.cross_entropy_cost(A[:, :2], Y[:, :2]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    readme = (COURSE / "solutions/logistic_regression/README.md").read_text(encoding="utf-8")

    points = re.search(rf"^\| `{exercise.name}\(.*\| ([\d.]+) \|$", readme, re.MULTILINE)

    assert points is not None
    assert float(points[1]) == exercise.points


# the tests


@pytest.fixture(scope="module")
def grade() -> Iterator[Any]:
    """Grades one exercise: the reference, with some of its functions replaced by others."""
    replaced: dict[str, Any] = {}

    def spawn(_: object) -> FakeWorker:
        return FakeWorker(SimpleNamespace(**vars(REFERENCE) | replaced))

    def grade_one(exercise: str, *, seed: str = SEEDS[0], **functions: Any) -> ExerciseResult:
        replaced.clear()
        replaced.update(functions)
        submission = Submission(student="ada", file_name="logistic_regression.py", source=b"", sha256="")
        result = session.grade(submission, seed, only=[exercise])
        assert result.error is None
        return result.exercises[0]

    session: GradingSession
    with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_full_marks_without_advice(grade: Any, name: str, seed: str) -> None:
    result = grade(name, seed=seed)

    assert result.score == result.max_score
    assert result.advice == ()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [None, 7, "x", [], [[0.5], [0.5, 0.5]], {}, np.zeros(0), 1j, np.nan, (np.nan, 1)])
def test_strange_return_values_lose_points(grade: Any, name: str, answer: Any) -> None:
    result = grade(name, **{name: lambda *args: answer})

    # What does no work does none for each example either, and that test has points of its own.
    assert result.score < result.max_score / 2


@pytest.mark.parametrize("argument", ["w", "b", "X", "Y", "learning_rate", "iterations"])
def test_every_argument_of_gradient_descent_matters(grade: Any, argument: str) -> None:
    position = ["w", "b", "X", "Y", "learning_rate", "iterations"].index(argument)
    instead = [lambda w: 0 * w, lambda b: 0.0, lambda X: X + 0.1, lambda Y: 1 - Y, lambda rate: 0.1, lambda count: 5]

    def ignores(*args: Any) -> Any:
        changed = [instead[position](value) if i == position else value for i, value in enumerate(args)]
        return REFERENCE.gradient_descent(*changed)

    result = grade("gradient_descent", gradient_descent=ignores)

    assert result.score < result.max_score


def looped(kind: str) -> SubmissionResult:
    """The result of the submission that is right, and loops over the examples."""
    module = ModuleType("looped")
    exec(compile(LOOPED, "logistic_regression.py", "exec"), module.__dict__)
    with Sandbox(SandboxMode.FULL, hide=(COURSE,)) as sandbox:

        def spawn(limits: Limits) -> Any:
            return sandbox.spawn(limits) if kind == "walled" else FakeWorker(module)

        submission = Submission(student="ada", file_name="logistic_regression.py", source=LOOPED.encode(), sha256="")
        with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.FULL) as session:
            return session.grade(submission, SEEDS[0])


@pytest.mark.parametrize("kind", ["walled", "fake"])
def test_right_code_that_loops_loses_the_points_for_vectorization_and_no_others(kind: str) -> None:
    result = looped(kind)

    lost = [(e.exercise, t) for e in result.exercises for t in e.tests if t.score < t.max_score]
    assert [name for name, _ in lost] == VECTORIZED
    lines = LOOPED.splitlines()
    for name, test in lost:
        (finding,) = test.feedback
        assert finding.key == "not_vectorized"
        line = re.search(r"line (\d+) runs", finding.rationale)
        assert line is not None
        region = LOOPED[: LOOPED.index(f"def {name}(")].count("\n")
        assert 0 < int(line[1]) - region <= 8, lines[int(line[1]) - 1]


def test_a_helper_that_loops_costs_itself_and_nobody_who_calls_it(grade: Any) -> None:
    module = ModuleType("looped_helper")
    source = (COURSE / "solutions/logistic_regression/logistic_regression.py").read_text()
    source += "\n\ndef sigmoid(z):\n    return np.array([1 / (1 + np.exp(-x)) for x in z.ravel()]).reshape(z.shape)\n"
    exec(compile(source, "logistic_regression.py", "exec"), module.__dict__)

    submission = Submission(student="ada", file_name="logistic_regression.py", source=b"", sha256="")
    with hidden_session(ASSIGNMENT, spawn=lambda _: FakeWorker(module), mode=SandboxMode.NONE) as session:
        result = session.grade(submission, SEEDS[0])

    assert {e.exercise for e in result.exercises if e.score < e.max_score} == {"sigmoid"}
