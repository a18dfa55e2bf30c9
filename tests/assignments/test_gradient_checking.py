"""The assignment `gradient_checking`: its reference against known derivatives, and what its tests accept and do not."""

from __future__ import annotations

import doctest
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

COURSE = Path(__file__).parents[2]
ASSIGNMENT = manifest.load(COURSE, "gradient_checking")
REFERENCE = load_reference(ASSIGNMENT)
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = [f"{seed:02x}" * 32 for seed in range(12)]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(8)


# the reference


def test_numerical_gradient_agrees_with_known_derivatives(rng: np.random.Generator) -> None:
    theta = rng.uniform(0.2, 1.2, size=5)

    gradient = REFERENCE.numerical_gradient(lambda t: math.prod(t.tolist()) + math.sin(t[0]), theta)

    expected = np.prod(theta) / theta + np.array([math.cos(theta[0]), 0, 0, 0, 0])
    np.testing.assert_allclose(gradient, expected, rtol=1e-8)


def test_the_error_shrinks_with_the_square_of_the_step() -> None:
    errors = [
        abs(REFERENCE.numerical_gradient(lambda t: math.exp(t[0]), np.zeros(1), epsilon)[0] - 1)
        for epsilon in (1e-1, 1e-2)
    ]

    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(("a", "b", "expected"), [([3, 4], [0, 0], 1), ([1, 0], [0, 1], math.sqrt(0.5)), ([0], [0], 0)])
def test_relative_error_of_small_vectors(a: list[int], b: list[int], expected: float) -> None:
    assert REFERENCE.relative_error(np.array(a), np.array(b)) == pytest.approx(expected)


def test_there_and_back_is_the_identity(rng: np.random.Generator) -> None:
    parameters = {"W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=(3, 1)), "W2": rng.normal(size=(1, 3))}

    restored = REFERENCE.vector_to_parameters(*REFERENCE.parameters_to_vector(parameters))

    assert list(restored) == list(parameters)
    assert all(np.array_equal(restored[name], parameters[name]) for name in parameters)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    readme = (COURSE / "solutions/gradient_checking/README.md").read_text(encoding="utf-8")

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
        submission = Submission(student="ada", file_name="gradient_checking.py", source=b"", sha256="")
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

    assert result.score < result.max_score / 2


def restored_in_the_end(f: Any, theta: Any, epsilon: float = 1e-5) -> Any:
    """Shifts theta itself, and puts it back."""
    theta = theta if theta.dtype.kind == "f" else theta.astype(float)
    gradient = np.zeros(theta.shape)
    for i in range(theta.size):
        before = theta[i]
        theta[i] = before + epsilon
        above = f(theta)
        theta[i] = before - epsilon
        gradient[i] = (above - f(theta)) / (2 * epsilon)
        theta[i] = before
    return gradient


def test_a_theta_that_is_put_back_costs_nothing(grade: Any) -> None:
    result = grade("numerical_gradient", numerical_gradient=restored_in_the_end)

    assert (result.score, result.advice) == (result.max_score, ())


def test_a_theta_that_stays_changed_costs_its_own_test_only(grade: Any) -> None:
    def changes(f: Any, theta: Any, epsilon: float = 1e-5) -> Any:
        gradient = REFERENCE.numerical_gradient(f, theta, epsilon)
        theta += 1
        return gradient

    result = grade("numerical_gradient", numerical_gradient=changes)

    (lost,) = [test for test in result.tests if not test.score]
    assert [feedback.key for feedback in lost.feedback] == ["theta_changed"]


def test_parameters_that_stay_changed_cost_their_own_test_only(grade: Any) -> None:
    def changes(f: Any, grads: Any, parameters: Any, threshold: float = 1e-6) -> Any:
        wrong = REFERENCE.wrong_gradients(f, grads, parameters, threshold)
        parameters["W1"] += 1
        return wrong

    result = grade("wrong_gradients", wrong_gradients=changes)

    (lost,) = [test for test in result.tests if not test.score]
    assert [feedback.key for feedback in lost.feedback] == ["parameters_changed"]


def test_a_vector_in_another_order_than_its_layout_costs_the_vector_and_not_the_way_back(grade: Any) -> None:
    """vector_to_parameters is judged with the student's layout and a vector of ours."""

    def shuffled(parameters: Any) -> Any:
        theta, layout = REFERENCE.parameters_to_vector(parameters)
        return theta[np.argsort(np.sin(theta * 1e3))], layout

    assert grade("parameters_to_vector", parameters_to_vector=shuffled).score < 3
    assert grade("vector_to_parameters", parameters_to_vector=shuffled).score == 3


@pytest.mark.parametrize("relative", [1e-4, -1e-4])
def test_a_numerical_gradient_that_is_slightly_off_is_caught(grade: Any, relative: float) -> None:
    def off(f: Any, theta: Any, epsilon: float = 1e-5) -> Any:
        gradient = REFERENCE.numerical_gradient(f, theta, epsilon)
        gradient[-1] *= 1 + relative
        return gradient

    result = grade("numerical_gradient", numerical_gradient=off)

    assert result.score <= 2
