"""The assignment `deep_network`: its reference against independent formulas, its tests against wrong and right code."""

from __future__ import annotations

import doctest
import hashlib
import importlib.util
import itertools
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.model import Assignment, Exercise, ExerciseResult, SandboxMode, Status, Submission
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

Array = np.ndarray[Any, Any]

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = manifest.load(COURSE, "deep_network")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
KEYS = {misconception.key for misconception in MISCONCEPTIONS}
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
README = (COURSE / "solutions/deep_network/README.md").read_text(encoding="utf-8")
DATA = COURSE / "solutions/deep_network/data"
LAYER_DIMS = [4, 5, 3, 1]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


def draw_network(rng: np.random.Generator, m: int = 6) -> tuple[Array, Array, dict[str, Array]]:
    """X, Y and parameters of a network with three layers, with non-zero biases."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(LAYER_DIMS), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev))
        parameters[f"b{layer}"] = rng.normal(size=(n, 1))
    return rng.normal(size=(LAYER_DIMS[0], m)), np.array([[float(i % 2) for i in range(m)]]), parameters


# the reference against formulas for one number at a time, by the math module alone


def unit(weights: Any, inputs: Any, bias: float) -> float:
    return math.fsum([*(w * a for w, a in zip(weights, inputs, strict=True)), bias])


def output_of(example: Array, parameters: dict[str, Array]) -> float:
    """The probability that a network gives to one example."""
    a, L = list(example), len(parameters) // 2
    for layer in range(1, L + 1):
        rows = zip(parameters[f"W{layer}"], parameters[f"b{layer}"][:, 0], strict=True)
        z = [unit(row, a, bias) for row, bias in rows]
        a = [max(0.0, one) for one in z] if layer < L else [1 / (1 + math.exp(-one)) for one in z]
    return a[0]


def cost_of(X: Array, Y: Array, parameters: dict[str, Array]) -> float:
    losses = []
    for example, y in zip(X.T, Y[0], strict=True):
        a = output_of(example, parameters)
        losses.append(-math.log(a) if y else -math.log(1 - a))
    return math.fsum(losses) / len(losses)


def test_reference_affine_forward_is_a_sum_for_each_unit_and_example(rng: np.random.Generator) -> None:
    A_prev, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))

    Z, cache = REFERENCE.affine_forward(A_prev, W, b)

    expected = [[unit(W[i], A_prev[:, k], b[i, 0]) for k in range(5)] for i in range(2)]
    np.testing.assert_allclose(Z, expected, rtol=1e-13)
    assert all(one is other for one, other in zip(cache, (A_prev, W, b), strict=True))


def test_reference_network_agrees_with_a_loop_over_units(rng: np.random.Generator) -> None:
    X, Y, parameters = draw_network(rng)

    AL, caches = REFERENCE.model_forward(X, parameters)

    np.testing.assert_allclose(AL, [[output_of(example, parameters) for example in X.T]], rtol=1e-13)
    assert REFERENCE.cross_entropy_cost(AL, Y) == pytest.approx(cost_of(X, Y, parameters), rel=1e-13)
    assert [cache[0][1] is parameters[f"W{layer}"] for layer, cache in enumerate(caches, start=1)] == [True] * 3


def test_reference_gradients_are_those_of_the_cost_of_the_whole_network(rng: np.random.Generator) -> None:
    X, Y, parameters = draw_network(rng)
    AL, caches = REFERENCE.model_forward(X, parameters)

    grads = REFERENCE.model_backward(AL, Y, caches)

    assert min(np.min(np.abs(Z)) for _, Z in caches[:-1]) > 1e-3  # relu has no kink within the step
    step = 1e-5
    for name, value in parameters.items():
        for index in np.ndindex(value.shape):
            costs = []
            for sign in (1, -1):
                shifted = {key: array.copy() for key, array in parameters.items()}
                shifted[name][index] += sign * step
                costs.append(cost_of(X, Y, shifted))
            numerical = (costs[0] - costs[1]) / (2 * step)
            assert grads[f"d{name}"][index] == pytest.approx(numerical, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_reference_layer_backward_is_the_gradient_by_its_input(activation: str, rng: np.random.Generator) -> None:
    A_prev, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))
    dA, step = rng.normal(size=(2, 5)), 1e-6
    _, cache = REFERENCE.layer_forward(A_prev, W, b, activation)

    dA_prev, _, _ = REFERENCE.layer_backward(dA, cache, activation)

    for index in np.ndindex(A_prev.shape):
        shift = np.zeros_like(A_prev)
        shift[index] = step
        above, below = (REFERENCE.layer_forward(A_prev + s * shift, W, b, activation)[0] for s in (1, -1))
        assert dA_prev[index] == pytest.approx(np.sum(dA * (above - below)) / (2 * step), rel=1e-6, abs=1e-8)


def test_reference_refuses_other_activations() -> None:
    for call in (REFERENCE.activation_forward, lambda Z, name: REFERENCE.activation_backward(Z, Z, name)):
        with pytest.raises(ValueError, match="unknown activation 'tanh'"):
            call(np.ones((1, 1)), "tanh")


def test_reference_initial_weights_have_the_standard_deviation_of_he(rng: np.random.Generator) -> None:
    parameters = REFERENCE.initialize_parameters([50, 400, 300], rng)

    assert np.std(parameters["W1"]) == pytest.approx(math.sqrt(2 / 50), rel=0.02)
    assert np.std(parameters["W2"]) == pytest.approx(math.sqrt(2 / 400), rel=0.02)
    assert not parameters["b1"].any()


def test_reference_training_is_gradient_descent(rng: np.random.Generator) -> None:
    X, Y, _ = draw_network(rng)
    start = REFERENCE.initialize_parameters(LAYER_DIMS, np.random.default_rng(7))
    AL, caches = REFERENCE.model_forward(X, start)
    grads = REFERENCE.model_backward(AL, Y, caches)

    parameters, costs = REFERENCE.fit(X, Y, LAYER_DIMS, 0.3, 1, np.random.default_rng(7))

    assert costs == [pytest.approx(cost_of(X, Y, start))]
    for name, value in parameters.items():
        np.testing.assert_allclose(value, start[name] - 0.3 * grads[f"d{name}"], rtol=1e-14)


def test_reference_leaves_its_arguments_as_they_are(rng: np.random.Generator) -> None:
    X, Y, parameters = draw_network(rng)
    before = [X.copy(), Y.copy(), *(value.copy() for value in parameters.values())]

    AL, caches = REFERENCE.model_forward(X, parameters)
    grads = REFERENCE.model_backward(AL, Y, caches)
    REFERENCE.update_parameters(parameters, grads, 0.1)
    REFERENCE.predict(parameters, X)

    for one, other in zip(before, [X, Y, *parameters.values()], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


# what learners read


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    points = re.search(rf"^\| `{exercise.name}\(.*\| ([\d.]+) \|$", README, re.MULTILINE)

    assert points is not None
    assert float(points[1]) == exercise.points


def test_readme_gives_the_signatures_of_the_reference() -> None:
    for name in NAMES:
        function = getattr(REFERENCE, name)
        parameters = ", ".join(function.__code__.co_varnames[: function.__code__.co_argcount])
        assert f"| `{name}({parameters})` |" in README


def test_the_figure_shows_the_network_of_the_readme() -> None:
    figure = (DATA / "layers.svg").read_text(encoding="utf-8")

    assert "data/layers.svg" in README
    shapes = REFERENCE.parameter_shapes([64, 10, 5, 1])
    for layer in (1, 2, 3):
        assert f">W{layer} {shapes[f'W{layer}']}<" in figure
        assert f">b{layer} {shapes[f'b{layer}']}<" in figure


def test_the_data_are_what_their_readme_says() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")

    with np.load(DATA / "digits.npz") as data:
        X, Y = data["X"], data["Y"]

    assert f"{Y.size} images" in text
    assert f"`X`: {X.shape} {X.dtype}" in text
    assert f"`Y`: {Y.shape} {Y.dtype}" in text
    assert (X.min(), X.max()) == (0, 16)
    assert set(Y.ravel().tolist()) == {0, 1}


def test_the_training_that_the_assignment_shows_recognises_the_digits(capsys: Any, monkeypatch: Any) -> None:
    source = ASSIGNMENT.solution_file.read_text(encoding="utf-8")
    shown = re.search(r"^# ```python\n(.*?)^# ```$", source, re.MULTILINE | re.DOTALL)
    assert shown is not None
    monkeypatch.chdir(DATA.parent)

    exec(re.sub(r"^# ?", "", shown[1], flags=re.MULTILINE), vars(REFERENCE).copy())

    first, last, accuracy = map(float, capsys.readouterr().out.split())
    assert last < first / 5
    assert accuracy > 0.95


# the tests


Grade = Callable[..., ExerciseResult]


def grading(assignment: Assignment) -> Iterator[Grade]:
    """A function that grades one exercise of `assignment`: the reference, with this exercise replaced by another."""
    reference, replaced = load_reference(assignment), {}

    def spawn(_: object) -> FakeWorker:
        return FakeWorker(SimpleNamespace(**vars(reference) | replaced))

    def grade_one(exercise: str, function: Callable[..., Any], *, seed: int = 0) -> ExerciseResult:
        replaced.clear()
        replaced[exercise] = function
        submission = Submission(student="ada", file_name=f"{assignment.id}.py", source=b"", sha256="")
        result = session.grade(submission, seed_number(seed), only=[exercise])
        assert result.error is None
        return result.exercises[0]

    session: GradingSession
    with hidden_session(assignment, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    yield from grading(ASSIGNMENT)


@pytest.fixture(scope="module")
def grade_activation() -> Iterator[Grade]:
    """The same for `activations`, whose mistakes are those of the activations here."""
    yield from grading(manifest.load(COURSE, "activations"))


def seed_number(number: int) -> str:
    return hashlib.sha256(f"deep_network {number}".encode()).hexdigest()


def said(result: ExerciseResult) -> set[str]:
    """The keys of all that was said about lost points."""
    return {feedback.key for test in result.tests if test.score < test.max_score for feedback in test.feedback}


def mistaken(misconception: Misconception) -> Callable[..., Any]:
    return lambda *args, **kwargs: misconception.evaluate(REFERENCE, args, kwargs)


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_reference_gets_full_marks_without_advice(grade: Grade, exercise: Exercise) -> None:
    for seed in range(3):
        result = grade(exercise.name, getattr(REFERENCE, exercise.name), seed=seed)

        assert result.score == exercise.points
        assert result.advice == ()


# Where two ideas give one answer for some inputs, and the words of both are true of it.
BOTH_NAMES_FIT = {("mask_alone", "dA_left_out")}


@pytest.mark.parametrize("misconception", MISCONCEPTIONS, ids=lambda misconception: misconception.key)
def test_misconception_gets_its_own_name_and_no_other(grade: Grade, misconception: Misconception) -> None:
    """With 25 seeds each: caught and named 25 times, and no other name (measured by this test with more seeds)."""
    for seed in (1, 2):
        result = grade(misconception.exercise, mistaken(misconception), seed=seed)

        assert result.score < result.max_score
        assert misconception.key in said(result)
        others = said(result) & KEYS - {misconception.key}
        assert {(misconception.key, other) for other in others} <= BOTH_NAMES_FIT


def test_every_exercise_has_misconceptions_with_keys_of_their_own() -> None:
    keys = [misconception.key for misconception in MISCONCEPTIONS]

    assert len(set(keys)) == len(keys)
    assert {misconception.exercise for misconception in MISCONCEPTIONS} == set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("initialize_parameters", "fit")])
def test_a_small_error_in_one_entry_gets_no_name(grade: Grade, name: str) -> None:
    """One entry of every answer is off by 0.1 % (by 1 where it is a whole number). 200 errors an exercise: no name."""
    rng = np.random.default_rng(11)
    for seed in range(8):

        def perturbed(*args: Any, name: str = name) -> Any:
            return disturb(getattr(REFERENCE, name)(*args), rng)

        result = grade(name, perturbed, seed=seed)

        assert result.score < result.max_score
        assert said(result) & KEYS == set()


def disturb(value: Any, rng: np.random.Generator) -> Any:
    """`value` with one entry of one of its arrays or shapes changed; caches are left alone."""
    if isinstance(value, dict):
        key = str(rng.choice(list(value)))
        return value | {key: disturb(value[key], rng)}
    if isinstance(value, tuple) and all(isinstance(entry, int) for entry in value):
        position = int(rng.integers(len(value)))
        return (*value[:position], value[position] + 1, *value[position + 1 :])
    if isinstance(value, tuple):
        position = int(rng.integers(3)) if len(value) == 3 else 0  # three gradients, or a result and its cache
        return (*value[:position], disturb(value[position], rng), *value[position + 1 :])
    array = np.array(value)
    largest = np.flatnonzero(np.abs(array) > np.abs(array).max() / 10) if array.any() else np.arange(array.size)
    index = np.unravel_index(rng.choice(largest), array.shape)
    array[index] = 1 - array[index] if array.dtype.kind == "i" else array[index] * (1 + 1e-3)
    return array


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, np.zeros((0,)), 1j, np.nan, (None, None), (1, 2, 3), {"W1": "x"}],
    ids=repr,
)
def test_strange_return_values_lose_the_points(grade: Grade, name: str, answer: Any) -> None:
    result = grade(name, lambda *args: answer)

    # A function that returns whatever it likes for "swish" has not refused it, either.
    assert result.score == 0


# what must be accepted, rule by rule


def saturated(AL: Array, Y: Array) -> Any:
    with np.errstate(all="ignore"):
        return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) if np.all((AL > 0) & (AL < 1)) else math.nan


def costs_in_arrays(*args: Any) -> Any:
    parameters, costs = REFERENCE.fit(*args)
    return [parameters, np.reshape(costs, (-1, 1, 1))]


def every_tenth_cost(*args: Any) -> Any:
    parameters, costs = REFERENCE.fit(*args)
    return parameters, costs[9::10]


def uniform_start(layer_dims: Any, rng: np.random.Generator) -> Any:
    shapes = REFERENCE.parameter_shapes(layer_dims)
    bounds = {key: math.sqrt(6 / shape[1]) for key, shape in shapes.items()}
    return {
        key: rng.uniform(-bounds[key], bounds[key], size=shape) if key[0] == "W" else np.zeros(shape)
        for key, shape in shapes.items()
    }


def relu_from_the_left(dA: Array, Z: Array, activation: str) -> Any:
    return dA * (Z >= 0) if activation == "relu" else REFERENCE.activation_backward(dA, Z, activation)


def in_single(function: str) -> Callable[..., Any]:
    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: convert(entry) for key, entry in value.items()}
        if isinstance(value, tuple | list):
            return [convert(entry) for entry in value]
        return np.float32(value)

    return lambda *args: convert(getattr(REFERENCE, function)(*args))


ACCEPTED: dict[str, tuple[str, Callable[..., Any]]] = {
    "shapes as lists": (
        "parameter_shapes",
        lambda dims: {key: list(shape) for key, shape in REFERENCE.parameter_shapes(dims).items()},
    ),
    "shapes as arrays, one key more": (
        "parameter_shapes",
        lambda dims: {"L": 3} | {key: np.array(shape) for key, shape in REFERENCE.parameter_shapes(dims).items()},
    ),
    "uniform weights with the right standard deviation": ("initialize_parameters", uniform_start),
    "biases of whole zeros": (
        "initialize_parameters",
        lambda dims, rng: {
            key: value.astype(int) if key[0] == "b" else value
            for key, value in REFERENCE.initialize_parameters(dims, rng).items()
        },
    ),
    "an optional parameter more": ("affine_forward", lambda X, w, bias, check=True: (w @ X + bias, [X, w, bias])),
    "a relu with >=": (
        "activation_forward",
        lambda Z, g: (np.where(Z >= 0, Z, 0), Z) if g == "relu" else sigmoid(Z, g),
    ),
    "caches as a tuple of lists": (
        "model_forward",
        lambda X, p: [REFERENCE.model_forward(X, p)[0], tuple(map(list, REFERENCE.model_forward(X, p)[1]))],
    ),
    "a cost of shape (1, 1)": ("cross_entropy_cost", lambda AL, Y: product_cost(AL, Y)),
    "a cost of shape ()": ("cross_entropy_cost", lambda AL, Y: np.squeeze(product_cost(AL, Y))),
    "an epsilon of 1e-8": ("cross_entropy_cost", lambda AL, Y: product_cost(AL, Y, 1e-8).item()),
    "a clipped probability": ("cross_entropy_cost", lambda AL, Y: product_cost(np.clip(AL, 1e-8, 1 - 1e-8), Y).item()),
    "NaN where the logarithm is infinite": ("cross_entropy_cost", saturated),
    "a loop over examples": (
        "affine_backward",
        lambda dZ, cache: (
            cache[1].T @ dZ,
            sum(np.outer(dZ[:, k], cache[0][:, k]) for k in range(dZ.shape[1])) / dZ.shape[1],
            [[math.fsum(row) / len(row)] for row in dZ],
        ),
    ),
    "the slope of relu at 0 from the right": ("activation_backward", relu_from_the_left),
    "more keys among the gradients": (
        "model_backward",
        lambda AL, Y, caches: {"dA3": None, "m": 5, "dZ1": "x"} | REFERENCE.model_backward(AL, Y, caches),
    ),
    "an epsilon in the denominators": (
        "model_backward",
        lambda AL, Y, caches: REFERENCE.model_backward(np.clip(AL, 1e-8, 1 - 1e-8), Y, caches),
    ),
    "new parameters as nested lists": (
        "update_parameters",
        lambda p, g, a: {key: value.tolist() for key, value in REFERENCE.update_parameters(p, g, a).items()},
    ),
    "every tenth cost": ("fit", every_tenth_cost),
    "costs of shape (k, 1, 1)": ("fit", costs_in_arrays),
    "predictions as truth values": ("predict", lambda p, X: REFERENCE.predict(p, X) == 1),
    "predictions as floats": ("predict", lambda p, X: np.round(REFERENCE.model_forward(X, p)[0])),
    "predictions with >=": ("predict", lambda p, X: (REFERENCE.model_forward(X, p)[0] >= 0.5).tolist()),
} | {f"{name} in float32": (name, in_single(name)) for name in NAMES if name not in ("parameter_shapes", "fit")}


def sigmoid(Z: Array, activation: str) -> tuple[Array, Array]:
    if activation != "sigmoid":
        raise ValueError(activation)
    return 1 / (1 + np.exp(-Z)), Z


def product_cost(AL: Array, Y: Array, epsilon: float = 0.0) -> Array:
    return -(np.dot(Y, np.log(AL + epsilon).T) + np.dot(1 - Y, np.log(1 - AL + epsilon).T)) / Y.shape[1]


@pytest.mark.parametrize("rule", ACCEPTED)
def test_what_the_rules_accept_gets_full_marks(grade: Grade, rule: str) -> None:
    exercise, function = ACCEPTED[rule]
    for seed in (0, 1):
        result = grade(exercise, function, seed=seed)

        assert said(result) == set()
        assert result.score == result.max_score


def test_a_cost_of_shape_1_1_is_advice(grade: Grade) -> None:
    result = grade("cross_entropy_cost", product_cost)

    assert {feedback.key for feedback in result.advice} == {"size_one"}


def test_arguments_changed_in_place_cost_nothing_and_are_told() -> None:
    path = COURSE / "tests/data/variants/deep_network/changes_in_place.py"
    submission = Submission(student="ada", file_name="deep_network.py", source=path.read_bytes(), sha256="")

    with (
        Sandbox(SandboxMode.FULL, hide=(COURSE,)) as sandbox,
        hidden_session(ASSIGNMENT, spawn=sandbox.spawn, mode=SandboxMode.FULL) as session,
    ):
        result = session.grade(submission, seed_number(0))

    assert result.status is Status.GRADED
    assert result.score == result.max_score
    told = {e.exercise for e in result.exercises if "argument_changed" in {feedback.key for feedback in e.advice}}
    assert told == {"affine_backward", "activation_backward", "layer_backward", "model_backward", "update_parameters"}


# what a fit must use


def fit_ignoring(argument: str) -> Callable[..., Any]:
    own = {
        "layer_dims": [64, 10, 1],
        "learning_rate": 0.3,
        "iterations": 40,
        "Y": None,
        "rng": None,
    }

    def fit(X: Array, Y: Array, layer_dims: Any, learning_rate: float, iterations: int, rng: Any) -> Any:
        given = {"Y": Y, "layer_dims": layer_dims, "learning_rate": learning_rate, "iterations": iterations, "rng": rng}
        given[argument] = own[argument]
        if given["Y"] is None:
            given["Y"] = np.arange(Y.size).reshape(Y.shape) % 2
        if given["rng"] is None:
            given["rng"] = np.random.default_rng(0)
        return REFERENCE.fit(X, **given)

    return fit


@pytest.mark.parametrize(
    ("argument", "key"),
    [
        ("Y", "cost_does_not_fall"),
        ("layer_dims", "missing_key"),
        ("learning_rate", "argument_ignored"),
        ("iterations", "argument_ignored"),
        ("rng", "argument_ignored"),
    ],
)
def test_a_fit_that_ignores_an_argument_loses_points(grade: Grade, argument: str, key: str) -> None:
    for seed in (0, 1, 2):
        result = grade("fit", fit_ignoring(argument), seed=seed)

        assert result.score < result.max_score
        assert key in said(result)


# figures that stand in the tests


@pytest.fixture
def load_tests(grade: Grade) -> Callable[[str], ModuleType]:
    """Imports a test file by name. While a session is open (`grade`), its marks are known."""
    return _load_tests


def _load_tests(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deep_network_{name}", ASSIGNMENT.tests_folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("start", [REFERENCE.initialize_parameters, uniform_start])
def test_training_keeps_the_margins_that_test_fit_states(
    load_tests: Any, start: Callable[..., Any], monkeypatch: Any
) -> None:
    """15 seeds here; 2,000 gave accuracy ≥ 0.93, cost ≤ 0.32, ratios ≤ 0.59 and 0.75 … 1.0, and slow steps ≤ 6e-5."""
    tests = load_tests("test_fit")
    reference = load_reference(ASSIGNMENT)
    monkeypatch.setattr(reference, "initialize_parameters", start)
    for seed in range(15):
        X, Y = tests.digits(DATA, np.random.default_rng(seed))

        def fit(learning_rate: float, iterations: int, X: Any = X, Y: Any = Y, seed: int = seed) -> tuple[Any, float]:
            generator = np.random.default_rng(seed)
            parameters, costs = reference.fit(X, Y, tests.LAYER_DIMS, learning_rate, iterations, generator)
            return (parameters, costs), tests.cost(parameters, X, Y)

        (parameters, costs), last = fit(tests.LEARNING_RATE, tests.ITERATIONS)
        accuracy = np.mean(reference.predict(parameters, X) == Y)
        (_, small), after_small = fit(0.02, 20)

        assert accuracy >= 0.93
        assert last <= 0.32
        assert costs[-1] < costs[0]
        assert last <= 0.59 * fit(tests.LEARNING_RATE, 2)[1]
        assert abs(fit(1e-6, 6)[1] - fit(1e-6, 1)[1]) <= 6e-5
        assert 0.75 <= after_small / small[10] <= 1.0
        assert small[10] < small[0]


def test_statistics_of_the_weights_have_the_spread_that_the_false_alarm_rates_assume() -> None:
    """Over 300 starts the z-scores of each statistic have standard deviation 1, so 5.33 of them is one in 1e7."""
    scores: dict[str, list[float]] = {"std": [], "mean": [], "share": [], "correlation": []}
    for seed in range(300):
        rng = np.random.default_rng(seed)
        parameters = REFERENCE.initialize_parameters([50, 80, 30], rng)
        for name, fan_in in (("W1", 50), ("W2", 80)):
            W, std = parameters[name], math.sqrt(2 / fan_in)
            scores["std"].append((math.sqrt(np.mean(W**2)) / std - 1) * math.sqrt(2 * W.size))
            scores["mean"].append(W.mean() / std * math.sqrt(W.size))
            scores["share"].append((np.mean(W < 0) - 0.5) * 2 * math.sqrt(W.size))
        square = REFERENCE.initialize_parameters([40, 40, 40], rng)
        pair = np.corrcoef(square["W1"].ravel(), square["W2"].ravel())[0, 1]
        scores["correlation"].append(pair * math.sqrt(square["W1"].size))

    for name, values in scores.items():
        # The standard deviation of n values is off by 1/sqrt(2n); four times that leaves no doubt.
        assert np.std(values) == pytest.approx(1, abs=4 / math.sqrt(2 * len(values))), name
        assert max(map(abs, values)) < 4.5, name


def test_predictions_are_asked_for_away_from_one_half(load_tests: Any) -> None:
    tests = load_tests("test_predict")
    for seed in range(200):
        for layer_dims in ([3, 5, 1], [4, 3, 2, 1], [4, 1]):
            parameters, X = tests.draw(REFERENCE, np.random.default_rng(seed), layer_dims)
            AL, _ = REFERENCE.model_forward(X, parameters)

            assert np.min(np.abs(AL - 0.5)) > 4e-5
            assert 0.1 <= np.mean(AL > 0.5) <= 0.9


@pytest.mark.parametrize("name", ["test_model_forward", "test_model_backward"])
def test_no_layer_of_a_drawn_network_is_dead(load_tests: Any, name: str) -> None:
    tests = load_tests(name)
    for seed in range(100):
        X, parameters, *_ = tests.draw(np.random.default_rng(seed), [4, 3, 2, 1], 6)

        for (_, _, _), Z in REFERENCE.model_forward(X, parameters)[1]:
            assert (Z > 0).any(axis=1).all()
            assert (Z < 0).any(axis=1).all()


# Mistakes that learners were seen to make, as they write them, and what must be said: the exercise, the wrong function,
# and the key of a misconception, of a hint about an exception, or of what a check finds.


def raising_unless_float(dZ: Array, cache: Any) -> Any:
    dA_prev, dW, _ = REFERENCE.affine_backward(dZ, cache)
    db = np.squeeze(np.sum(dZ, axis=1, keepdims=True) / dZ.shape[1])
    assert isinstance(db, float)
    return dA_prev, dW, db


def asserting_a_tuple(dZ: Array, cache: Any) -> Any:
    dA_prev, dW, db = REFERENCE.affine_backward(dZ, cache)
    valid = (dW.shape == cache[1].shape, "never looked at")
    assert valid
    return dA_prev, dW, db


def start_by(draw: Callable[[Any, int, int], Array]) -> Callable[..., Any]:
    def initialize_parameters(layer_dims: Any, rng: np.random.Generator) -> Any:
        parameters = {}
        for layer in range(1, len(layer_dims)):
            parameters[f"W{layer}"] = draw(rng, layer_dims[layer], layer_dims[layer - 1])
            parameters[f"b{layer}"] = np.zeros((layer_dims[layer], 1))
        return parameters

    return initialize_parameters


def gradients(dW: Any = None, db: Any = None, dA_prev: Any = None) -> Callable[..., Any]:
    """affine_backward with some of its lines replaced; each takes dZ, A_prev, W and m."""

    def affine_backward(dZ: Array, cache: Any) -> Any:
        A_prev, W, _ = cache
        m = A_prev.shape[1]
        lines = (
            dA_prev or (lambda dZ, A_prev, W, m: np.dot(W.T, dZ)),
            dW or (lambda dZ, A_prev, W, m: 1 / m * np.dot(dZ, A_prev.T)),
            db or (lambda dZ, A_prev, W, m: 1 / m * np.sum(dZ, axis=1, keepdims=True)),
        )
        return tuple(line(dZ, A_prev, W, m) for line in lines)

    return affine_backward


def backward_by(relu: Any = None, sigmoid: Any = None) -> Callable[..., Any]:
    """activation_backward with one branch replaced."""

    def activation_backward(dA: Array, Z: Array, activation: str) -> Any:
        own = relu if activation == "relu" else sigmoid
        return REFERENCE.activation_backward(dA, Z, activation) if own is None else own(dA, Z)

    return activation_backward


def forward_by(relu: Any = None, sigmoid: Any = None) -> Callable[..., Any]:
    def activation_forward(Z: Array, activation: str) -> Any:
        own = {"relu": relu, "sigmoid": sigmoid}.get(activation)
        return REFERENCE.activation_forward(Z, activation) if own is None else (own(Z), Z)

    return activation_forward


def scalar_relu(Z: Any) -> Any:
    if Z > 0:
        return Z
    return 0


def update_in_loop(first: int, beyond: int, sign: float = -1.0, keep: float = 1.0) -> Callable[..., Any]:
    def update_parameters(parameters: Any, grads: Any, learning_rate: float) -> Any:
        L = len(parameters) // 2
        new = dict(parameters)
        for layer in range(first, L + beyond):
            for name in (f"W{layer}", f"b{layer}"):
                new[name] = keep * parameters[name] + sign * learning_rate * grads["d" + name]
        return new

    return update_parameters


def hidden_by_sigmoid(AL: Array, Y: Array, caches: Any) -> Any:
    dA, grads = (AL - Y) / (AL * (1 - AL)), {}
    for layer in range(len(caches), 0, -1):
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = REFERENCE.layer_backward(dA, caches[layer - 1], "sigmoid")
    return grads


def always_the_last_dA(AL: Array, Y: Array, caches: Any) -> Any:
    L, grads = len(caches), {}
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    for layer in range(1, L + 1):
        activation = "sigmoid" if layer == L else "relu"
        _, grads[f"dW{layer}"], grads[f"db{layer}"] = REFERENCE.layer_backward(dAL, caches[layer - 1], activation)
    return grads


def wrong_key_of_dA(AL: Array, Y: Array, caches: Any) -> Any:
    grads = {f"dA{len(caches)}": (AL - Y) / (AL * (1 - AL))}
    for layer in range(len(caches) - 1, -1, -1):
        activation = "sigmoid" if layer == len(caches) - 1 else "relu"
        results = REFERENCE.layer_backward(grads[f"dA{layer + 2}"], caches[layer], activation)
        grads |= dict(zip((f"dA{layer}", f"dW{layer + 1}", f"db{layer + 1}"), results, strict=True))
    return grads


def forward_without_the_last_layer(X: Array, parameters: Any) -> Any:
    A, caches = X, []
    for layer in range(1, len(parameters) // 2):
        A, cache = REFERENCE.layer_forward(A, parameters[f"W{layer}"], parameters[f"b{layer}"], "relu")
        caches.append(cache)
    return A, caches


def forward_by_hand(X: Array, parameters: Any) -> Any:
    A1, cache1 = REFERENCE.layer_forward(X, parameters["W1"], parameters["b1"], "relu")
    A2, cache2 = REFERENCE.layer_forward(A1, parameters["W2"], parameters["b2"], "sigmoid")
    return A2, [cache1, cache2]


def only_two_layers(function: str) -> Callable[..., Any]:
    return lambda *args: {
        key: value for key, value in getattr(REFERENCE, function)(*args).items() if key.endswith(("1", "2"))
    }


def lines_of(cost: Callable[..., Any]) -> Callable[..., Any]:
    """A cost from log a, log(1 - a), y and m."""
    return lambda AL, Y: cost(np.log(AL), np.log(1 - AL), Y, Y.shape[1])


SEEN: list[tuple[str, str, Callable[..., Any], str]] = [
    ("M01", "activation_backward", backward_by(sigmoid=lambda dA, Z: dA * Z * (1 - Z)), "z_taken_for_the_sigmoid"),
    ("M09", "activation_forward", forward_by(relu=scalar_relu), "hint_truth_value"),
    ("M10", "activation_backward", backward_by(relu=lambda dA, Z: np.where(dA > 0, dA, 0)), "mask_by_dA"),
    ("M10", "activation_backward", backward_by(relu=lambda dA, Z: np.where(Z > 0, 1, 0)), "mask_alone"),
    (
        "M10",
        "activation_backward",
        backward_by(lambda dA, Z: np.where(Z > 0, 1.0, 0.0), lambda dA, Z: 1 / (2 + np.exp(Z) + np.exp(-Z))),
        "dA_left_out",
    ),
    (
        "M10",
        "activation_backward",
        backward_by(relu=lambda dA, Z: np.where(np.maximum(0, Z) >= 0, dA, 0)),
        "relu_stops_nothing",
    ),
    ("M12", "activation_forward", forward_by(sigmoid=lambda Z: 1 / (1 + math.exp(-Z))), "hint_size_one"),
    (
        "M13",
        "activation_forward",
        forward_by(sigmoid=lambda Z: np.exp(Z) / np.exp(Z).sum()),
        "softmax_instead_of_sigmoid",
    ),
    ("M19", "cross_entropy_cost", lines_of(lambda p, q, Y, m: np.sum(Y * p + (1 - Y) * q) / m), "minus_forgotten"),
    ("M20", "cross_entropy_cost", lines_of(lambda p, q, Y, m: -np.sum(Y * p + (1 - Y) * q)), "sum_instead_of_mean"),
    (
        "M22",
        "cross_entropy_cost",
        lines_of(lambda p, q, Y, m: -1 / m * np.sum(Y * p.T + (1 - Y) * q.T)),
        "every_label_with_every_prediction",
    ),
    ("M23", "cross_entropy_cost", lines_of(lambda p, q, Y, m: -(np.dot(Y, p) + np.dot(1 - Y, q)) / m), "hint_shapes"),
    (
        "M23",
        "cross_entropy_cost",
        lines_of(lambda p, q, Y, m: -1 / m * (np.dot(Y.T, p) + np.dot((1 - Y).T, q))),
        "matrix_of_all_pairs",
    ),
    ("M24", "cross_entropy_cost", lines_of(lambda p, q, Y, m: -np.mean(Y * p)), "only_the_ones_count"),
    (
        "M27",
        "cross_entropy_cost",
        lambda AL, Y: -np.mean(Y * np.log(AL + 1e-5) + (1 - Y) * np.log(1 - AL + 1e-5)),
        "epsilon_too_large",
    ),
    ("M29", "cross_entropy_cost", lambda AL, Y: np.linalg.norm(Y - AL) ** 2, "sum_of_squared_errors"),
    ("M46", "model_forward", forward_by_hand, "forward_of_two_layers_only"),
    ("M46", "parameter_shapes", only_two_layers("parameter_shapes"), "missing_key"),
    ("M46", "update_parameters", only_two_layers("update_parameters"), "missing_key"),
    ("M47", "affine_forward", lambda A, W, b: (np.dot(W, A), (A, W, b)), "bias_forgotten"),
    ("M48", "affine_backward", gradients(db=lambda dZ, A, W, m: np.sum(dZ) / m), "db_summed_over_everything"),
    ("M48", "affine_backward", gradients(db=lambda dZ, A, W, m: np.mean(dZ)), "db_mean_of_everything"),
    ("M49", "affine_backward", gradients(db=lambda dZ, A, W, m: np.sum(dZ, 0) / m), "db_summed_over_units_and_flat"),
    (
        "M49",
        "affine_backward",
        gradients(db=lambda dZ, A, W, m: np.sum(dZ, axis=0, keepdims=True) / m),
        "db_summed_over_units",
    ),
    ("M50", "affine_backward", gradients(db=lambda dZ, A, W, m: np.sum(dZ, 1, keepdims=True)), "missing_mean_in_db"),
    ("M51", "affine_backward", gradients(db=lambda dZ, A, W, m: dZ), "db_is_dZ"),
    ("M51", "affine_backward", gradients(db=lambda dZ, A, W, m: dZ / m), "db_not_summed"),
    ("M52", "affine_backward", gradients(dW=lambda dZ, A, W, m: np.dot(dZ, A.T)), "missing_mean_in_dW"),
    (
        "M52",
        "affine_backward",
        gradients(
            lambda dZ, A, W, m: np.dot(dZ / m, A.T) / m, lambda dZ, A, W, m: np.sum(dZ / m, 1, keepdims=True) / m
        ),
        "mean_taken_twice",
    ),
    ("M53", "affine_forward", lambda A, W, b: (np.multiply(W, A) + b, (A, W, b)), "weights_times_inputs_by_entries"),
    ("M53", "affine_backward", gradients(dW=lambda dZ, A, W, m: dZ * A / m), "dW_by_entries"),
    ("M53", "affine_backward", gradients(dA_prev=lambda dZ, A, W, m: np.multiply(W, dZ)), "dA_prev_by_entries"),
    (
        "M54",
        "activation_backward",
        backward_by(lambda dA, Z: np.dot(dA, np.int64(Z > 0)), lambda dA, Z: np.dot(dA, sigmoid(Z, "sigmoid")[0])),
        "hint_shapes",
    ),
    (
        "M54",
        "activation_backward",
        lambda dA, Z, g: np.dot(dA, REFERENCE.activation_backward(np.ones_like(Z), Z, g)),
        "matrix_product_with_the_slope",
    ),
    ("M59", "model_backward", always_the_last_dA, "every_layer_gets_the_end"),
    ("M59", "model_backward", wrong_key_of_dA, "hint_activation_key"),
    ("M60", "model_backward", hidden_by_sigmoid, "sigmoid_all_the_way_back"),
    ("M60", "model_forward", forward_without_the_last_layer, "last_layer_left_out"),
    ("M60", "update_parameters", update_in_loop(1, 0), "last_layer_not_updated"),
    ("M60", "update_parameters", update_in_loop(2, 1), "first_layer_not_updated"),
    ("M60", "parameter_shapes", lambda dims: REFERENCE.parameter_shapes(dims[:-1]), "last_layer_forgotten"),
    ("M61", "affine_backward", raising_unless_float, "raised_at_call"),
    ("M63", "update_parameters", update_in_loop(1, 1, sign=1.0, keep=0.0), "step_instead_of_parameters"),
    ("M65", "update_parameters", update_in_loop(1, 1, sign=1.0), "ascent"),
    ("M66", "update_parameters", lambda p, g, a: {key: p[key] - a * g[key] for key in p}, "hint_parameter_key"),
    (
        "M69",
        "initialize_parameters",
        lambda d, r: {k: np.squeeze(v) if k[0] == "b" else v for k, v in REFERENCE.initialize_parameters(d, r).items()},
        "lost_dimension",
    ),
    (
        "M69",
        "parameter_shapes",
        lambda d: {k: s if k[0] == "W" else s[:1] for k, s in REFERENCE.parameter_shapes(d).items()},
        "biases_without_second_dimension",
    ),
    ("M69", "affine_backward", gradients(db=lambda dZ, A, W, m: np.sum(dZ, axis=1) / m), "db_without_keepdims"),
    ("M69", "predict", lambda p, X: (REFERENCE.model_forward(X, p)[0] > 0.5)[0], "flat_answers"),
    ("M70", "cross_entropy_cost", lambda AL, Y: None, "nothing_returned"),
    ("M70", "model_forward", lambda X, p: 0, "wrong_count"),
    ("M70", "model_backward", lambda AL, Y, caches: {}, "missing_key"),
    ("M70", "update_parameters", lambda p, g, a: p, "nothing_updated"),
    (
        "M71",
        "initialize_parameters",
        start_by(lambda r, n, k: r.random((n, k)) * np.sqrt(2 / k)),
        "uniform_instead_of_normal",
    ),
    (
        "M71",
        "initialize_parameters",
        start_by(lambda r, n, k: np.random.default_rng(1).random((n, k))),
        "never_negative",
    ),
    (
        "M72",
        "initialize_parameters",
        start_by(lambda r, n, k: r.normal(size=(n, k)) * 2 / np.sqrt(k)),
        "root_of_denominator_only",
    ),
    (
        "M72",
        "initialize_parameters",
        start_by(lambda r, n, k: r.normal(size=(n, k)) * np.sqrt(2) / k),
        "root_of_numerator_only",
    ),
    ("M72", "initialize_parameters", start_by(lambda r, n, k: r.normal(size=(n, k)) * 2 / k), "variance_as_factor"),
    ("M73", "initialize_parameters", start_by(lambda r, n, k: r.normal(size=(n, k))), "factor_forgotten"),
    ("M73", "initialize_parameters", start_by(lambda r, n, k: r.normal(size=(n, k)) * 0.01), "fixed_small_factor"),
    ("M73", "initialize_parameters", start_by(lambda r, n, k: r.normal(size=(n, k)) * 10), "fixed_large_factor"),
    (
        "M75",
        "initialize_parameters",
        start_by(lambda r, n, k: r.normal(size=(k, n)) * np.sqrt(2 / k)),
        "weights_transposed_at_the_start",
    ),
    (
        "M75",
        "initialize_parameters",
        start_by(lambda r, n, k: r.normal(size=(n, k)) * np.sqrt(2 / n)),
        "fan_out_instead_of_fan_in",
    ),
]


@pytest.mark.parametrize(("mistake", "exercise", "function", "key"), SEEN, ids=[f"{m}-{e}-{k}" for m, e, _, k in SEEN])
def test_a_mistake_that_learners_make_is_named(
    grade: Grade, mistake: str, exercise: str, function: Callable[..., Any], key: str
) -> None:
    result = grade(exercise, function)

    assert result.score < result.max_score
    assert key in said(result)


def test_an_assert_that_never_fails_is_right_code(grade: Grade) -> None:
    """M62: `assert (a == b, "text")` is always true, and what it stands beside may be right."""
    result = grade("affine_backward", asserting_a_tuple)

    assert result.score == result.max_score


def kept_as_integers(z: Array) -> Any:
    a = np.zeros_like(z)
    for index, x in np.ndenumerate(z):
        a[index] = 1 / (1 + math.exp(-x)) if abs(x) < 700 else x > 0
    return a


def plain_tanh(z: Array) -> Any:
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


SEEN_IN_ACTIVATIONS: list[tuple[str, str, Callable[..., Any], str]] = [
    ("M01", "sigmoid_derivative", lambda x: x * (1 - x), "sigmoid_derivative_of_activation"),
    ("M02", "tanh_derivative", lambda x: 1 - x**2, "tanh_derivative_of_activation"),
    ("M07", "leaky_relu", lambda x, slope=0.01: np.where(x > 0, x, slope), "leaky_relu_constant_for_negatives"),
    ("M07", "leaky_relu", lambda x, slope=0.01: np.maximum(slope, x), "leaky_relu_maximum_with_slope"),
    ("M08", "leaky_relu", lambda x, slope=0.1: np.where(x > 0, x, slope * x), "leaky_relu_default_of_one_tenth"),
    ("M09", "relu", scalar_relu, "hint_truth_value"),
    ("M11", "sigmoid", kept_as_integers, "sigmoid_stored_as_integers"),
    ("M12", "sigmoid", lambda x: 1 / (1 + math.exp(-x)), "hint_size_one"),
    ("M13", "sigmoid", lambda x: np.exp(x) / np.sum(np.exp(x)), "sigmoid_as_softmax"),
]


@pytest.mark.parametrize(
    ("mistake", "exercise", "function", "key"),
    SEEN_IN_ACTIVATIONS,
    ids=[f"{m}-{k}" for m, _, _, k in SEEN_IN_ACTIVATIONS],
)
def test_a_mistake_about_activations_is_named(
    grade_activation: Grade, mistake: str, exercise: str, function: Callable[..., Any], key: str
) -> None:
    result = grade_activation(exercise, function)

    assert result.score < result.max_score
    assert key in said(result)


def test_a_tanh_that_overflows_is_advice(grade_activation: Grade) -> None:
    """M18."""
    result = grade_activation("tanh", plain_tanh)

    assert result.score == result.max_score
    assert "unstable_for_large_inputs" in {feedback.key for feedback in result.advice}
