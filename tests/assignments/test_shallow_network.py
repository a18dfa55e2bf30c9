"""The assignment `shallow_network`: its reference against other formulas, its tests against wrong and right code."""

from __future__ import annotations

import doctest
import importlib.util
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

COURSE = Path(__file__).parents[2]
FOLDER = COURSE / "solutions" / "shallow_network"
ASSIGNMENT = manifest.load(COURSE, "shallow_network")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = [f"{seed:064x}" for seed in range(5)]

Array = np.ndarray[Any, Any]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.fixture
def network(rng: np.random.Generator) -> dict[str, Array]:
    shapes = {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    return {key: rng.normal(size=shape) for key, shape in shapes.items()}


@pytest.fixture
def X(rng: np.random.Generator) -> Array:
    return rng.normal(size=(3, 6))


@pytest.fixture
def Y() -> Array:
    return np.array([[1, 0, 0, 1, 1, 0]])


def probability(parameters: dict[str, Array], x: Array) -> float:
    """The definition for one example, by the math module alone."""
    W1, b1, W2, b2 = (parameters[key].tolist() for key in ("W1", "b1", "W2", "b2"))
    hidden = [math.tanh(dot(row, x) + b) for row, (b,) in zip(W1, b1, strict=True)]
    return 1 / (1 + math.exp(-dot(W2[0], hidden) - b2[0][0]))


def dot(weights: Iterable[float], values: Iterable[float]) -> float:
    return math.fsum(w * value for w, value in zip(weights, values, strict=True))


def mean_loss(parameters: dict[str, Array], X: Array, Y: Array) -> float:
    a = [probability(parameters, x) for x in X.T]
    return -sum(math.log(p if y else 1 - p) for p, y in zip(a, Y[0], strict=True)) / len(a)


# the reference


def test_reference_forward_agrees_with_the_definition(network: dict[str, Array], X: Array) -> None:
    expected = [probability(network, x) for x in X.T]

    A2, cache = REFERENCE.forward(X, network)

    np.testing.assert_allclose(A2, [expected], rtol=1e-13)
    assert set(cache) == {"Z1", "A1", "Z2", "A2"}
    np.testing.assert_allclose(cache["A1"], np.tanh(cache["Z1"]), rtol=1e-15)
    np.testing.assert_allclose(np.log(A2 / (1 - A2)), cache["Z2"], rtol=1e-10)


def test_reference_cost_agrees_with_the_definition(network: dict[str, Array], X: Array, Y: Array) -> None:
    A2, _ = REFERENCE.forward(X, network)

    assert REFERENCE.cross_entropy_cost(A2, Y) == pytest.approx(mean_loss(network, X, Y), rel=1e-13)


def test_reference_gradients_agree_with_central_differences(network: dict[str, Array], X: Array, Y: Array) -> None:
    grads = REFERENCE.backward(network, REFERENCE.forward(X, network)[1], X, Y)

    assert set(grads) == {"dW1", "db1", "dW2", "db2"}
    for key, value in network.items():
        for index in np.ndindex(value.shape):
            costs = []
            for step in (1e-5, -1e-5):
                shifted = value.copy()
                shifted[index] += step
                costs.append(mean_loss(network | {key: shifted}, X, Y))
            assert grads[f"d{key}"][index] == pytest.approx((costs[0] - costs[1]) / 2e-5, rel=1e-6, abs=1e-9)


def test_reference_initialization_has_the_scale_it_is_given() -> None:
    parameters = REFERENCE.initialize_parameters(300, 200, 100, np.random.default_rng(1), 0.5)

    assert {key: value.shape for key, value in parameters.items()} == {
        "W1": (200, 300),
        "b1": (200, 1),
        "W2": (100, 200),
        "b2": (100, 1),
    }
    assert np.std(parameters["W1"]) == pytest.approx(0.5, rel=0.02)
    assert np.std(parameters["W2"]) == pytest.approx(0.5, rel=0.03)
    assert not parameters["b1"].any()


def test_reference_changes_no_argument(network: dict[str, Array], X: Array, Y: Array) -> None:
    before = {key: value.copy() for key, value in network.items()}
    _, cache = REFERENCE.forward(X, network)
    kept = {key: value.copy() for key, value in cache.items()}

    grads = REFERENCE.backward(network, cache, X, Y)
    REFERENCE.update_parameters(network, grads, 0.5)
    REFERENCE.predict(network, X)

    for key, value in before.items():
        np.testing.assert_array_equal(network[key], value)
    for key, value in kept.items():
        np.testing.assert_array_equal(cache[key], value)


def test_reference_fit_records_the_cost_before_every_update(X: Array, Y: Array) -> None:
    parameters, costs = REFERENCE.fit(X, Y, 4, 0.5, 30, np.random.default_rng(2))
    start = REFERENCE.initialize_parameters(3, 4, 1, np.random.default_rng(2))
    last_but_one, _ = REFERENCE.fit(X, Y, 4, 0.5, 29, np.random.default_rng(2))

    assert len(costs) == 30
    assert costs[0] == pytest.approx(mean_loss(start, X, Y))
    assert costs[-1] == pytest.approx(mean_loss(last_but_one, X, Y))
    assert mean_loss(parameters, X, Y) < costs[-1]


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")

    points = re.search(rf"^\| `{exercise.name}\(.*\| ([\d.]+) \|$", readme, re.MULTILINE)

    assert points is not None
    assert float(points[1]) == exercise.points


# the data


@pytest.fixture(scope="module")
def flowers() -> tuple[Array, Array]:
    with np.load(FOLDER / "data" / "iris.npz") as data:
        return data["X"].astype(int), data["Y"]


def most_right_by_a_line(X: Array, y: Array) -> int:
    """The most points of a plane that one straight line can put on their right sides, by trying all of them.

    X: (2, m) whole numbers. y: (m,) of 0 and 1. What a line separates changes with its direction only where two points
    fall on one level; so one direction between each two such directions, and every threshold for it, are all there is.
    """
    steps = np.unique((X[:, :, None] - X[:, None, :]).reshape(2, -1), axis=1)
    steps = steps[:, steps.any(axis=0)]
    critical = np.unique(np.round(np.mod(np.arctan2(steps[1], steps[0]) + np.pi / 2, np.pi), 12))
    best = 0
    for angle in (critical + np.append(critical[1:], critical[0] + np.pi)) / 2:
        level = np.round(np.cos(angle) * X[0] + np.sin(angle) * X[1], 9)
        order = np.argsort(level)
        ones_below = np.append(0, np.cumsum(y[order]))
        zeros_below = np.arange(y.size + 1) - ones_below
        is_gap = np.concatenate(([True], np.diff(level[order]) > 0, [True]))
        right = (zeros_below + y.sum() - ones_below)[is_gap]
        best = max(best, int(right.max()), y.size - int(right.min()))
    return best


def test_search_for_the_best_line_finds_the_known_answers() -> None:
    corners = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])

    assert most_right_by_a_line(corners, np.array([0, 0, 0, 1])) == 4  # and
    assert most_right_by_a_line(corners, np.array([0, 1, 1, 0])) == 3  # exclusive or


def test_no_line_is_right_for_more_than_the_flowers_that_the_data_readme_says(flowers: tuple[Array, Array]) -> None:
    X, Y = flowers
    readme = (FOLDER / "data" / "README.md").read_text(encoding="utf-8")

    best = most_right_by_a_line(X, Y[0])

    assert best == 105
    assert re.search(r"answers right for 105 flowers, 70 %", readme)


def test_the_hidden_layer_is_right_for_as_many_flowers_as_the_data_readme_says(flowers: tuple[Array, Array]) -> None:
    X, Y = flowers
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)

    for seed in range(20):
        parameters, _ = REFERENCE.fit(X, Y, 5, 4.0, 160, np.random.default_rng(seed))
        assert 144 <= np.sum(REFERENCE.predict(parameters, X) == Y) <= 146


def test_data_holds_150_flowers_a_third_of_them_versicolor(flowers: tuple[Array, Array]) -> None:
    X, Y = flowers

    assert X.shape == (2, 150)
    assert Y.shape == (1, 150)
    assert Y.sum() == 50
    # Millimetres of petal, as in Fisher's table: setosa has at most 19, versicolor 30 to 51.
    assert X[1].max() == 69
    assert (X[1][Y[0] == 1].min(), X[1][Y[0] == 1].max()) == (30, 51)
    assert np.sum(X[1] <= 19) == 50


def test_data_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "data").iterdir()) < 20_000


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
        submission = Submission(student="ada", file_name="shallow_network.py", source=b"", sha256="")
        result = session.grade(submission, seed, only=[exercise])
        assert result.error is None
        return result.exercises[0]

    session: GradingSession
    with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


def keys(result: ExerciseResult) -> set[str]:
    return {feedback.key for test in result.tests for feedback in test.feedback}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_reference_gets_full_marks_without_advice(grade: Any, exercise: Exercise, seed: str) -> None:
    result = grade(exercise.name, seed=seed)

    assert result.score == exercise.points
    assert result.advice == ()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer", [None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, np.zeros((0,)), 1j, np.nan, (None, {}), ({}, [0, 1])]
)
def test_strange_return_values_lose_the_points(grade: Any, name: str, answer: Any) -> None:
    result = grade(name, **{name: lambda *args: answer})

    assert result.score == 0


def test_every_exercise_has_misconceptions() -> None:
    counts = {name: sum(misconception.exercise == name for misconception in MISCONCEPTIONS) for name in NAMES}

    assert min(counts.values()) >= 5


def test_learning_stays_within_the_measured_margins() -> None:
    """The figures in the docstring of test_fit.py, on 40 of its 3,000 seeds."""
    spec = importlib.util.spec_from_file_location("shallow_network_test_fit", ASSIGNMENT.tests_folder / "test_fit.py")
    assert spec is not None
    assert spec.loader is not None
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)

    for seed in range(40):
        rng = np.random.default_rng(seed)
        X, Y = tests.flowers(FOLDER / "data", rng)
        Y = 1 - Y if seed % 2 else Y
        parameters, _ = REFERENCE.fit(X, Y, tests.N_H, tests.LEARNING_RATE, tests.ITERATIONS, tests.fresh(rng))
        assert np.mean(REFERENCE.predict(parameters, X) == Y) >= 0.93
        assert cost(REFERENCE.forward(X, parameters)[0], Y) <= 0.15


# what is accepted


def test_a_cost_of_one_entry_gets_full_marks_and_advice(grade: Any) -> None:
    result = grade("cross_entropy_cost", cross_entropy_cost=lambda A2, Y: np.full((1, 1), cost(A2, Y)))

    assert result.score == result.max_score
    assert [feedback.key for feedback in result.advice] == ["size_one"]


def test_an_epsilon_of_1e_8_in_logarithms_is_accepted(grade: Any) -> None:
    for seed in SEEDS:
        result = grade("cross_entropy_cost", seed=seed, cross_entropy_cost=lambda A2, Y: cost(A2 + 1e-8, Y))

        assert result.score == result.max_score


@pytest.mark.parametrize("seed", [f"{seed:064x}" for seed in range(40)])
def test_an_epsilon_of_1e_8_in_denominators_is_accepted(grade: Any, seed: str) -> None:
    def long_way(parameters: dict[str, Array], cache: dict[str, Array], X: Array, Y: Array) -> Any:
        A2 = cache["A2"]
        dZ2 = (-Y / (A2 + 1e-8) + (1 - Y) / (1 - A2 + 1e-8)) * A2 * (1 - A2)
        return REFERENCE.backward(parameters, cache | {"A2": dZ2 + Y}, X, Y)

    result = grade("backward", seed=seed, backward=long_way)

    assert result.score == result.max_score


def test_an_error_of_one_in_a_thousand_in_one_gradient_is_not(grade: Any) -> None:
    for key in ("dW1", "db1", "dW2", "db2"):

        def slightly_wrong(*args: Any, key: str = key) -> Any:
            grads = REFERENCE.backward(*args)
            return grads | {key: 1.001 * grads[key]}

        assert grade("backward", backward=slightly_wrong).score == 0


@pytest.mark.parametrize(
    "record",
    [
        lambda costs, last: costs[::10],
        lambda costs, last: costs[::100],
        lambda costs, last: [*costs[1:], last],
        lambda costs, last: [*costs, last],
        lambda costs, last: np.array([costs], np.float32),
    ],
    ids=["every tenth", "every hundredth", "after the updates", "with the last", "a row in single precision"],
)
def test_fit_may_record_any_costs_in_order(grade: Any, record: Any) -> None:
    def fit(X: Array, Y: Array, *args: Any) -> Any:
        parameters, costs = REFERENCE.fit(X, Y, *args)
        return parameters, record(list(costs), cost(REFERENCE.forward(X, parameters)[0], Y))

    result = grade("fit", fit=fit)

    assert result.score == result.max_score


@pytest.mark.parametrize(
    "record",
    [
        lambda costs: costs[::-1],
        lambda costs: costs * 100,
        lambda costs: -costs,
        lambda costs: np.linspace(0.7, 0.1, costs.size),
    ],
    ids=["reversed", "sums", "negative", "invented"],
)
def test_fit_must_record_the_costs_of_its_training(grade: Any, record: Any) -> None:
    def fit(*args: Any) -> Any:
        parameters, costs = REFERENCE.fit(*args)
        return parameters, record(costs)

    assert "costs_do_not_fit" in keys(grade("fit", fit=fit))


@pytest.mark.parametrize("scale", [0.1, 1.0])
def test_fit_may_start_with_another_scale(grade: Any, scale: float) -> None:
    def fit(X: Array, Y: Array, n_h: int, learning_rate: float, iterations: int, rng: np.random.Generator) -> Any:
        start = REFERENCE.initialize_parameters(X.shape[0], n_h, 1, rng, scale)
        return descend(start, X, Y, learning_rate, iterations)

    for seed in SEEDS[:3]:
        result = grade("fit", seed=seed, fit=fit)
        assert result.score == result.max_score


# what is said of a start that is drawn in another order than ours, so that no answer of ours can be recognised


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"iterations": lambda n: n + 1}, "one_update_too_many"),
        ({"iterations": lambda n: n - 1}, "one_update_too_few"),
        ({"iterations": lambda n: 50}, "argument_ignored"),
        ({"learning_rate": lambda rate: 1.2}, "argument_ignored"),
        ({"learning_rate": lambda rate: rate / 2}, "not_gradient_descent"),
        ({"learning_rate": lambda rate: rate + 0.1}, "moves_without_learning_rate"),
    ],
    ids=["one more", "one fewer", "always 50", "always 1.2", "half", "shifted"],
)
def test_other_steps_are_named_whatever_the_start(grade: Any, change: dict[str, Any], key: str) -> None:
    def fit(X: Array, Y: Array, n_h: int, learning_rate: float, iterations: int, rng: np.random.Generator) -> Any:
        asked = {"learning_rate": learning_rate, "iterations": iterations}
        used = asked | {name: other(asked[name]) for name, other in change.items()}
        return descend(drawn_backwards(X.shape[0], n_h, rng), X, Y, used["learning_rate"], used["iterations"])

    assert key in keys(grade("fit", fit=fit))


def test_transposed_products_are_named_although_their_shapes_seldom_fit(grade: Any) -> None:
    def literal(X: Array, parameters: dict[str, Array]) -> Any:
        Z1 = parameters["W1"].T @ X + parameters["b1"]
        A1 = np.tanh(Z1)
        Z2 = parameters["W2"].T @ A1 + parameters["b2"]
        A2 = 1 / (1 + np.exp(-Z2))
        return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}

    result = grade("forward", forward=literal)

    assert result.score == 0
    assert "weights_transposed_in_products" in keys(result)


def test_a_right_product_that_fails_for_another_reason_is_not_called_transposed(grade: Any) -> None:
    def forward(X: Array, parameters: dict[str, Array]) -> Any:
        if parameters["W1"].shape[0] == X.shape[0] and len(parameters["W2"]) == 1:
            raise ValueError("cannot work with square weights")
        return REFERENCE.forward(X, parameters)

    result = grade("forward", forward=forward)

    assert result.max_score - result.score == 1
    assert "weights_transposed_in_products" not in keys(result)
    assert "raised_at_call" in keys(result) or "raised" in keys(result)


def test_code_that_knows_one_output_only_is_not_asked_for_more(grade: Any) -> None:
    def forward(X: Array, parameters: dict[str, Array]) -> Any:
        A2, cache = REFERENCE.forward(X, parameters)
        assert A2.shape == (1, X.shape[1])
        return A2, cache

    result = grade("forward", forward=forward)

    assert result.score == result.max_score


def cost(A2: Array, Y: Array) -> float:
    return float(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))


def drawn_backwards(n_x: int, n_h: int, rng: np.random.Generator) -> dict[str, Array]:
    W2 = rng.normal(0, 0.01, (1, n_h))
    return {"W2": W2, "W1": rng.normal(0, 0.01, (n_h, n_x)), "b1": np.zeros((n_h, 1)), "b2": np.zeros((1, 1))}


def descend(parameters: dict[str, Array], X: Array, Y: Array, learning_rate: float, iterations: int) -> Any:
    costs = []
    for _ in range(iterations):
        A2, cache = REFERENCE.forward(X, parameters)
        costs.append(cost(A2, Y))
        grads = REFERENCE.backward(parameters, cache, X, Y)
        parameters = {key: value - learning_rate * grads[f"d{key}"] for key, value in parameters.items()}
    return parameters, costs
