"""The assignment `activations`: its reference against independent formulas, its tests against wrong and right code."""

from __future__ import annotations

import doctest
import importlib.util
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.errors import CheckFailed
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session
from grader.worker.wire import CaughtWarning

COURSE = Path(__file__).parents[2]
ASSIGNMENT = manifest.load(COURSE, "activations")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = ["0" * 64, "5a" * 32]

# Definitions for one number, by the math module alone.
DEFINITIONS = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    "relu": lambda x: x if x > 0 else 0.0,
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
}


@pytest.fixture
def z(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    return rng.uniform(-5, 5, size=(4, 6))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


# the reference


@pytest.mark.parametrize("name", DEFINITIONS)
def test_reference_agrees_with_the_definition(name: str, z: np.ndarray[Any, Any]) -> None:
    expected = [[DEFINITIONS[name](x) for x in row] for row in z]

    np.testing.assert_allclose(getattr(REFERENCE, name)(z), expected, rtol=1e-13)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_reference_derivative_agrees_with_the_central_difference(name: str, z: np.ndarray[Any, Any]) -> None:
    f, step = DEFINITIONS[name], 1e-5
    expected = [[(f(x + step) - f(x - step)) / (2 * step) for x in row] for row in z]

    np.testing.assert_allclose(getattr(REFERENCE, f"{name}_derivative")(z), expected, rtol=1e-6)


def test_reference_uses_the_slope_that_it_is_given() -> None:
    z = np.array([-2.0, 4.0])

    np.testing.assert_array_equal(REFERENCE.leaky_relu(z, 0.25), [-0.5, 4.0])
    np.testing.assert_array_equal(REFERENCE.leaky_relu_derivative(z, 0.25), [0.25, 1.0])


def test_reference_sigmoid_is_exact_where_it_saturates() -> None:
    with np.errstate(all="raise", under="ignore"):
        actual = REFERENCE.sigmoid(np.array([-1000.0, -40.0, 40.0, 1000.0]))

    np.testing.assert_allclose(actual, [0.0, math.exp(-40), 1.0, 1.0], rtol=1e-15)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(3,), (2, 5), (1, 1), (2, 3, 4), (0, 3)])
def test_reference_keeps_shape_and_argument(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    z = rng.normal(size=shape)
    before = z.copy()

    actual = getattr(REFERENCE, name)(z)

    assert actual.shape == shape
    assert actual.dtype == np.float64
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    readme = (COURSE / "solutions/activations/README.md").read_text(encoding="utf-8")

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
        submission = Submission(student="ada", file_name="activations.py", source=b"", sha256="")
        result = session.grade(submission, seed, only=[exercise])
        assert result.error is None
        return result.exercises[0]

    session: GradingSession
    with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_reference_gets_full_marks_without_advice(grade: Any, exercise: Exercise, seed: str) -> None:
    result = grade(exercise.name, seed=seed)

    assert result.score == exercise.points
    assert result.advice == ()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("misconception", MISCONCEPTIONS, ids=lambda misconception: misconception.key)
def test_misconception_is_caught_and_named(grade: Any, misconception: Misconception, seed: str) -> None:
    def wrong(*args: Any, **kwargs: Any) -> Any:
        return misconception.evaluate(REFERENCE, args, kwargs)

    result = grade(misconception.exercise, seed=seed, **{misconception.exercise: wrong})

    lost = [test for test in result.tests if test.score < test.max_score]
    assert lost
    assert misconception.key in {feedback.key for test in lost for feedback in test.feedback}


def test_every_exercise_has_misconceptions_with_keys_of_their_own() -> None:
    keys = [misconception.key for misconception in MISCONCEPTIONS]

    assert len(set(keys)) == len(keys)
    assert {misconception.exercise for misconception in MISCONCEPTIONS} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, np.zeros((0,)), 1j, np.nan])
def test_strange_return_values_lose_the_points(grade: Any, name: str, answer: Any) -> None:
    result = grade(name, **{name: lambda *args: answer})

    assert result.score == 0


def test_value_at_zero_is_free_between_both_sides(grade: Any) -> None:
    for at_zero in (0, 0.5, 1):
        result = grade("relu_derivative", relu_derivative=lambda z, at_zero=at_zero: np.where(z == 0, at_zero, z > 0))

        assert result.score == result.max_score


def test_value_at_zero_must_not_be_beyond_both_sides(grade: Any) -> None:
    result = grade("relu_derivative", relu_derivative=lambda z: np.where(z == 0, -0.1, z > 0))

    assert result.max_score - result.score == pytest.approx(0.5)


def test_tanh_that_is_nan_for_large_inputs_gets_full_marks_and_advice(grade: Any) -> None:
    result = grade("tanh", tanh=lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)))

    assert result.score == result.max_score
    assert [feedback.key for feedback in result.advice] == ["unstable_for_large_inputs"]


class _WarningStudent:
    """A right sigmoid whose last call gave rise to `messages`."""

    def __init__(self, *messages: str) -> None:
        self.last_warnings = tuple(CaughtWarning("RuntimeWarning", message) for message in messages)
        self.sigmoid = REFERENCE.sigmoid


@pytest.fixture(scope="module")
def sigmoid_tests(grade: Any) -> ModuleType:
    """The module of hidden tests. Its marks are known to pytest only once a session of ours is open, hence `grade`."""
    spec = importlib.util.spec_from_file_location(
        "activations_test_sigmoid", ASSIGNMENT.tests_folder / "test_sigmoid.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_overflow_warning_fails_the_stability_test(sigmoid_tests: ModuleType, rng: np.random.Generator) -> None:
    student = _WarningStudent("overflow encountered in exp")

    with pytest.raises(CheckFailed, match="overflow"):
        sigmoid_tests.test_does_not_overflow(student, REFERENCE, rng)


def test_other_warnings_do_not_fail_the_stability_test(sigmoid_tests: ModuleType, rng: np.random.Generator) -> None:
    student = _WarningStudent("np.product is deprecated")

    sigmoid_tests.test_does_not_overflow(student, REFERENCE, rng)
