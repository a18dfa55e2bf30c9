"""The assignment `initialization`: its reference against other formulas, its tests against right and wrong draws."""

from __future__ import annotations

import ast
import doctest
import itertools
import math
import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.checks.statistics import z_bound
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

COURSE = Path(__file__).parents[2]
FOLDER = COURSE / "solutions" / "initialization"
ASSIGNMENT = manifest.load(COURSE, "initialization")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = [f"{seed:064x}" for seed in range(5)]

Array = np.ndarray[Any, Any]
Parameters = dict[str, Any]

# The standard deviation of a weight with n_prev inputs in a layer of n units, by the math module alone.
DEVIATIONS: dict[str, Callable[[int, int], float]] = {
    "xavier": lambda n_prev, n: 1 / math.sqrt(n_prev),
    "glorot": lambda n_prev, n: 1 / math.sqrt((n_prev + n) / 2),
    "he": lambda n_prev, n: 1 / math.sqrt(n_prev / 2),
}
RANDOM = ["scaled_normal", *DEVIATIONS]


def weights_of(name: str, layer_dims: list[int], seed: int = 0, *, scale: float = 0.3) -> list[Array]:
    """The weights that the reference draws, layer by layer."""
    arguments = [layer_dims, scale] if name == "scaled_normal" else [layer_dims]
    parameters = getattr(REFERENCE, name)(*arguments, np.random.default_rng(seed))
    return [parameters[f"W{layer}"] for layer in range(1, len(layer_dims))]


# the reference


@pytest.mark.parametrize("layer_dims", [[3, 2], [4, 7, 1], [2, 2, 2], [5, 1, 3, 2, 6]], ids=str)
def test_reference_gives_every_layer_its_shapes_and_biases_of_zero(layer_dims: list[int]) -> None:
    rng = np.random.default_rng(0)
    networks = [
        REFERENCE.zeros(layer_dims),
        REFERENCE.scaled_normal(layer_dims, 0.3, rng),
        *(getattr(REFERENCE, name)(layer_dims, rng) for name in DEVIATIONS),
    ]

    for parameters in networks:
        assert len(parameters) == 2 * (len(layer_dims) - 1)
        for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
            assert parameters[f"W{layer}"].shape == (n, n_prev)
            assert parameters[f"b{layer}"].shape == (n, 1)
            assert not parameters[f"b{layer}"].any()
    assert not any(value.any() for value in networks[0].values())
    assert all(network["W1"].all() for network in networks[1:])


@pytest.mark.parametrize("name", DEVIATIONS)
def test_reference_draws_with_the_deviation_of_the_formula(name: str) -> None:
    layer_dims = [300, 200, 400]

    for (n_prev, n), W in zip(itertools.pairwise(layer_dims), weights_of(name, layer_dims), strict=True):
        expected = DEVIATIONS[name](n_prev, n)
        # Four standard errors, 1/√(2 · size) for the deviation and 1/√size for the mean.
        assert float(np.std(W)) == pytest.approx(expected, rel=4 / math.sqrt(2 * W.size))
        assert abs(float(np.mean(W))) < 4 * expected / math.sqrt(W.size)


@pytest.mark.parametrize("scale", [0.001, 0.3, 7.0])
def test_reference_scales_all_layers_alike(scale: float) -> None:
    for W, unit in zip(
        weights_of("scaled_normal", [30, 20, 10], scale=scale),
        weights_of("scaled_normal", [30, 20, 10], scale=1.0),
        strict=True,
    ):
        np.testing.assert_allclose(W, scale * unit, rtol=1e-14)


@pytest.mark.parametrize("name", RANDOM)
def test_reference_draws_from_rng_alone(name: str) -> None:
    first, again, other = (weights_of(name, [4, 3, 3], seed) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first[0], again[0])
    assert not np.isclose(first[0], other[0]).any()
    assert not np.isclose(first[0][:, :3], first[1]).any()


def test_reference_knows_all_small_matrices_with_equal_rows() -> None:
    for entries in itertools.product((0.0, 1.0, -2.5), repeat=6):
        rows = [entries[0:2], entries[2:4], entries[4:6]]

        answer = REFERENCE.hidden_units_identical(np.array(rows))

        assert answer is (rows[0] == rows[1] == rows[2])


def test_reference_chain_agrees_with_sums_of_products(rng: np.random.Generator) -> None:
    x, W = rng.normal(size=(4, 1)), rng.normal(size=(4, 4))
    signal, expected = x[:, 0].tolist(), []
    for _ in range(7):
        expected.append(math.hypot(*signal))
        signal = [math.fsum(w * s for w, s in zip(row, signal, strict=True)) for row in W.tolist()]

    np.testing.assert_allclose(REFERENCE.linear_chain_norms(x, W, 6), expected, rtol=1e-13)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
def test_reference_chain_is_a_geometric_series_for_a_multiple_of_the_identity(factor: float) -> None:
    x = np.array([[3.0], [0.0], [-4.0]])

    norms = REFERENCE.linear_chain_norms(x, factor * np.eye(3), 20)

    np.testing.assert_allclose(norms, [5 * factor**k for k in range(21)], rtol=1e-13)


def test_reference_chain_without_layers_is_the_norm_of_x() -> None:
    norms = REFERENCE.linear_chain_norms(np.array([[3.0], [4.0]]), np.eye(2), 0)

    assert norms.shape == (1,)
    assert norms[0] == 5


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_reference_activation_std_agrees_with_the_definition(activation: str, rng: np.random.Generator) -> None:
    g = math.tanh if activation == "tanh" else lambda z: max(0.0, z)
    layer_dims, m = [3, 5, 4, 2], 6
    X, parameters = rng.normal(size=(3, m)), random_network(rng, layer_dims)
    A, expected = X.tolist(), []
    for layer in range(1, 4):
        W, b = parameters[f"W{layer}"].tolist(), parameters[f"b{layer}"].tolist()
        A = [
            [g(math.fsum(w * a[i] for w, a in zip(row, A, strict=True)) + bias) for i in range(m)]
            for row, (bias,) in zip(W, b, strict=True)
        ]
        expected.append(statistics.pstdev(itertools.chain.from_iterable(A)))

    actual = REFERENCE.layer_activation_std(X, parameters, activation)

    np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_reference_changes_no_argument(rng: np.random.Generator) -> None:
    layer_dims = [4, 4, 4]
    X, parameters = rng.normal(size=(4, 5)), random_network(rng, layer_dims)
    kept = [array.copy() for array in (X, *parameters.values())]

    REFERENCE.hidden_units_identical(X)
    REFERENCE.linear_chain_norms(X[:, :1], parameters["W1"], 3)
    REFERENCE.layer_activation_std(X, parameters, "relu")
    REFERENCE.he(layer_dims, rng)

    assert layer_dims == [4, 4, 4]
    for array, before in zip((X, *parameters.values()), kept, strict=True):
        np.testing.assert_array_equal(array, before)


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


# what the text teaches


@pytest.fixture(scope="module")
def curves() -> list[Array]:
    """The standard deviations that the code at the end of the text prints: too small, He, too large."""
    rng = np.random.default_rng(1)
    X, layer_dims = rng.standard_normal((100, 300)), [100] * 11
    networks = [
        REFERENCE.scaled_normal(layer_dims, 0.05, rng),
        REFERENCE.he(layer_dims, rng),
        REFERENCE.scaled_normal(layer_dims, 0.4, rng),
    ]
    return [REFERENCE.layer_activation_std(X, parameters, "relu") for parameters in networks]


def test_the_figure_shows_what_the_reference_computes(curves: list[Array]) -> None:
    figure = (FOLDER / "data" / "signal.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'<path class="line(?: he)?" d="M([\d L]+)"/>', figure)

    for stds, line in zip(curves, drawn, strict=True):
        points = [[int(number) for number in point.split()] for point in line.split("L")]
        assert [x for x, _ in points] == list(range(70, 431, 40))
        # 1 lies at 150, and a power of ten is 24 high.
        np.testing.assert_allclose([y for _, y in points], 150 - 24 * np.log10(stds), atol=0.51)


def test_the_readme_says_how_the_signal_ends(curves: list[Array]) -> None:
    readme = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    small, he, large = (float(stds[-1]) for stds in curves)

    assert "it falls to 0.00003, with 0.4 it rises to 30,000, with He initialization it stays near 0.7" in readme
    assert f"{small:.0e}" == "3e-05"
    assert f"{large:.0e}" == "3e+04"
    assert 0.6 < he < 0.8


def test_the_numbers_in_the_text_are_true() -> None:
    text = " ".join(FOLDER.joinpath("initialization.py").read_text(encoding="utf-8").replace("\n#", "").split())

    assert "3,325 times as long after 20 layers; for $W = 0.5\\, I$ a millionth is left" in text
    assert round(1.5**20) == 3325
    assert f"{0.5**20:.0e}" == "1e-06"


def test_relu_halves_the_mean_square(rng: np.random.Generator) -> None:
    z = rng.standard_normal(200_000)

    # The variance of max(0, z)² is 3/2 − 1/4, so four standard errors are 4 · √(1.25 / 200,000) = 0.01.
    assert np.mean(np.maximum(0, z) ** 2) == pytest.approx(0.5, abs=0.01)


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
        return graded(session, seed, [exercise])[0]

    with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


def graded(session: GradingSession, seed: str, only: list[str]) -> tuple[ExerciseResult, ...]:
    submission = Submission(student="ada", file_name="initialization.py", source=b"", sha256="")
    result = session.grade(submission, seed, only=only)
    assert result.error is None
    return result.exercises


def keys(result: ExerciseResult) -> set[str]:
    return {feedback.key for test in result.tests for feedback in test.feedback}


def said(result: ExerciseResult) -> str:
    return " ".join(feedback.rationale for test in result.tests for feedback in test.feedback)


def lost_tests(result: ExerciseResult) -> set[str]:
    return {test.test.split("::")[1] for test in result.tests if test.score < test.max_score}


def drawn_by(name: str, draw: Callable[[int, int, float, np.random.Generator], Any]) -> Callable[..., Parameters]:
    """The exercise `name` with other weights: draw(n, n_prev, std, rng)."""

    def initialize(layer_dims: list[int], *arguments: Any) -> Parameters:
        *scale, rng = arguments
        parameters: Parameters = {}
        for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
            std = scale[0] if scale else DEVIATIONS[name](n_prev, n)
            parameters |= {f"W{layer}": draw(n, n_prev, std, rng), f"b{layer}": np.zeros((n, 1))}
        return parameters

    return initialize


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_reference_gets_full_marks_without_advice(grade: Any, exercise: Exercise, seed: str) -> None:
    result = grade(exercise.name, seed=seed)

    assert result.score == exercise.points
    assert result.advice == ()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [
        *(None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, np.zeros((0,)), 1j, np.nan, (None, {}), True),
        {"W1": None, "b1": None},
        {"W1": np.full((4, 5), 1j), "b1": np.zeros((4, 1))},
        {f"{kind}{layer}": np.array("x") for kind in "Wb" for layer in range(1, 6)},
    ],
)
def test_strange_return_values_lose_the_points(grade: Any, name: str, answer: Any) -> None:
    result = grade(name, **{name: lambda *args: answer})

    assert result.score == 0


def test_weights_without_a_number_lose_the_points(grade: Any) -> None:
    for bad in (np.nan, np.inf):
        result = grade("he", he=drawn_by("he", lambda n, n_prev, std, rng, bad=bad: np.full((n, n_prev), bad)))

        assert result.score <= 0.5
        assert "not_finite" in keys(result)


def test_every_exercise_has_misconceptions() -> None:
    counts = {name: sum(misconception.exercise == name for misconception in MISCONCEPTIONS) for name in NAMES}

    assert min(counts.values()) >= 7


@pytest.mark.parametrize("misconception", MISCONCEPTIONS, ids=lambda misconception: misconception.key)
def test_no_other_misconception_is_named(grade: Any, misconception: Any) -> None:
    others = {other.key for other in MISCONCEPTIONS} - {misconception.key}

    def mistaken(*args: Any, **kwargs: Any) -> Any:
        return misconception.evaluate(REFERENCE, args, kwargs)

    for seed in SEEDS[:2]:
        result = grade(misconception.exercise, seed=seed, **{misconception.exercise: mistaken})

        assert result.score < result.max_score
        assert misconception.key in keys(result)
        assert not keys(result) & others


# what draws are accepted


def normal_entry_by_entry(n: int, n_prev: int, std: float, rng: np.random.Generator) -> list[list[float]]:
    return [[float(rng.normal(0, std)) for _ in range(n_prev)] for _ in range(n)]


def uniform_around_zero(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
    limit = math.sqrt(3) * std
    return rng.uniform(-limit, limit, (n, n_prev))


def single_precision(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
    return rng.standard_normal((n, n_prev), dtype=np.float32) * np.float32(std)


def single_precision_widened(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
    return rng.random((n, n_prev), dtype=np.float32).astype(float) * math.sqrt(12) * std - math.sqrt(3) * std


def transposed_and_reversed(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
    return -std * rng.standard_normal((n_prev, n)).T[::-1]


@pytest.mark.parametrize(
    "draw",
    [
        normal_entry_by_entry,
        uniform_around_zero,
        single_precision,
        single_precision_widened,
        transposed_and_reversed,
    ],
    ids=lambda draw: draw.__name__,
)
@pytest.mark.parametrize("name", RANDOM)
def test_draws_of_either_kind_and_in_any_order_get_full_marks(grade: Any, name: str, draw: Any) -> None:
    for seed in SEEDS:
        result = grade(name, seed=seed, **{name: drawn_by(name, draw)})

        assert result.score == result.max_score, said(result)


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_the_bound_on_the_deviation_is_five_standard_errors_for_both_kinds_of_draw(
    kind: str, rng: np.random.Generator
) -> None:
    """The false-alarm rate that the tests state, from the spread of 2,000 samples as large as the smallest judged."""
    size, samples = 40 * 70, 2_000
    limit = math.sqrt(3)
    drawn = rng.standard_normal((samples, size)) if kind == "normal" else rng.uniform(-limit, limit, (samples, size))

    spread = float(np.std(np.sqrt(np.mean(drawn**2, axis=1))))

    variance = {"normal": 0.5, "uniform": 0.2}[kind] / size
    assert spread == pytest.approx(math.sqrt(variance), rel=0.08)  # five standard errors of the spread itself
    bound = z_bound(1e-7) * math.sqrt(0.5 / size)
    assert bound / math.sqrt(variance) > 5.32


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize("error", [0.85, 1.15])
def test_a_deviation_that_is_wrong_by_15_percent_is_always_seen(grade: Any, name: str, error: float) -> None:
    """The bounds are 6.3 % and 7.6 % for the two layers, and the standard error is about 1.2 %."""
    for seed in SEEDS:
        for draw in (uniform_around_zero, transposed_and_reversed):
            wrong = drawn_by(name, lambda n, n_prev, std, rng, draw=draw: draw(n, n_prev, error * std, rng))

            result = grade(name, seed=seed, **{name: wrong})

            assert keys(result) & {"wrong_std", "std_of_mistake"}


@pytest.mark.parametrize("name", RANDOM)
def test_a_wrong_factor_costs_the_tests_of_the_factor_alone(grade: Any, name: str) -> None:
    for seed, factor in itertools.product(SEEDS, (0.01, 100.0)):
        wrong = drawn_by(name, lambda n, n_prev, std, rng, factor=factor: rng.normal(0, factor * std, (n, n_prev)))

        lost = lost_tests(grade(name, seed=seed, **{name: wrong}))

        assert lost - {"test_small_network"} in ({"test_standard_deviation"}, {"test_standard_deviation_is_the_scale"})
        assert "test_small_network" in lost


# what is said of draws that are made in another way than ours, so that no answer of ours can be recognised


@pytest.mark.parametrize(
    ("name", "std", "words"),
    [
        ("scaled_normal", lambda n, n_prev, std: 1.0, "the factor scale is missing"),
        ("scaled_normal", lambda n, n_prev, std: std**2, "the square of scale"),
        ("xavier", lambda n, n_prev, std: math.sqrt(2 / n_prev), "suits relu; tanh needs sqrt(1 / n_prev)"),
        ("xavier", lambda n, n_prev, std: math.sqrt(2 / (n + n_prev)), "which is Glorot initialization"),
        ("xavier", lambda n, n_prev, std: std**2, "the variance; its root is missing"),
        ("glorot", lambda n, n_prev, std: 2 / math.sqrt(n + n_prev), "the root belongs over the whole fraction"),
        ("glorot", lambda n, n_prev, std: math.sqrt(2 / n_prev), "which is He initialization"),
        ("glorot", lambda n, n_prev, std: math.sqrt(6 / (n + n_prev)), "which is a limit for uniform draws"),
        ("glorot", lambda n, n_prev, std: math.sqrt(1 / n_prev), "which is Xavier initialization"),
        ("he", lambda n, n_prev, std: 2 / math.sqrt(n_prev), "the root belongs over the whole fraction"),
        ("he", lambda n, n_prev, std: math.sqrt(2 / n), "the units of the layer before count"),
        ("he", lambda n, n_prev, std: math.sqrt(1 / n_prev), "which suits tanh; relu needs sqrt(2 / n_prev)"),
        ("he", lambda n, n_prev, std: 0.01, "a fixed factor"),
        ("he", lambda n, n_prev, std: std / math.sqrt(3), "their limit is not their standard deviation"),
    ],
)
def test_a_wrong_factor_is_named_by_the_distribution(grade: Any, name: str, std: Any, words: str) -> None:
    for draw in (transposed_and_reversed, normal_entry_by_entry):
        wrong = drawn_by(name, lambda n, n_prev, right, rng, draw=draw: draw(n, n_prev, std(n, n_prev, right), rng))

        result = grade(name, **{name: wrong})

        assert words in said(result)


@pytest.mark.parametrize("name", RANDOM)
def test_draws_that_are_never_negative_point_to_the_notes(grade: Any, name: str) -> None:
    state = np.random.RandomState(1)

    result = grade(name, **{name: drawn_by(name, lambda n, n_prev, std, rng: state.rand(n, n_prev) * std)})

    assert "weights_of_one_sign" in keys(result)
    assert "The notes write np.random.rand, and that is a slip" in said(result)


@pytest.mark.parametrize("name", RANDOM)
def test_a_generator_of_ones_own_is_noticed(grade: Any, name: str) -> None:
    def seeded(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
        return np.random.RandomState(n * n_prev).randn(n, n_prev) * std

    result = grade(name, **{name: drawn_by(name, seeded)})

    assert "argument_ignored" in keys(result)


@pytest.mark.parametrize(
    "draw",
    [
        lambda n, n_prev, std, rng: np.repeat(rng.normal(0, std, (n, 1)), n_prev, axis=1),
        lambda n, n_prev, std, rng: np.tile(rng.normal(0, std, (1, n_prev)), (n, 1)),
        lambda n, n_prev, std, rng: rng.choice([-std, std], size=(n, n_prev)),
        lambda n, n_prev, std, rng: np.resize(rng.normal(0, std, n * n_prev // 2 + 1), (n, n_prev)),
    ],
    ids=["equal columns", "equal rows", "two values", "half of them drawn"],
)
def test_weights_that_depend_on_each_other_are_not_accepted(grade: Any, draw: Any) -> None:
    for seed in SEEDS:
        result = grade("he", seed=seed, he=drawn_by("he", draw))

        assert "test_weights_are_independent" in lost_tests(result)
        assert keys(result) & {"not_independent", "weights_repeat"}


def test_symmetric_weights_are_not_accepted(grade: Any) -> None:
    def symmetric(n: int, n_prev: int, std: float, rng: np.random.Generator) -> Array:
        W = rng.normal(0, std, (n, n_prev))
        if n == n_prev:
            lower = np.tril_indices(n, -1)
            W[lower] = W.T[lower]
        return W

    result = grade("he", he=drawn_by("he", symmetric))

    assert lost_tests(result) == {"test_weights_are_independent"}


def test_a_forgotten_last_layer_is_named(grade: Any) -> None:
    for name in ("zeros", *RANDOM):

        def shorter(layer_dims: list[int], *args: Any, name: str = name) -> Parameters:
            parameters = getattr(REFERENCE, name)(layer_dims, *args)
            return dict(list(parameters.items())[:-2])

        assert "last_layer_forgotten" in keys(grade(name, **{name: shorter}))


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_wrong_scaled_normal_costs_nothing_elsewhere(name: str) -> None:
    """The exercise calls scaled_normal for each layer by itself, and that one is ten times too large."""
    deviation = DEVIATIONS[name]
    module = ModuleType("wrong_helper")
    module.__dict__.update(vars(REFERENCE), deviation=deviation)
    source = f"""
def scaled_normal(layer_dims, scale, rng):
    parameters = zeros(layer_dims)
    for layer in range(1, len(layer_dims)):
        parameters[f"W{{layer}}"] = 10 * scale * rng.standard_normal((layer_dims[layer], layer_dims[layer - 1]))
    return parameters

def {name}(layer_dims, rng):
    parameters = {{}}
    for layer in range(1, len(layer_dims)):
        sizes = layer_dims[layer - 1 : layer + 1]
        drawn = scaled_normal(sizes, deviation(*sizes), rng)
        parameters |= {{f"W{{layer}}": drawn["W1"], f"b{{layer}}": drawn["b1"]}}
    return parameters
"""
    exec(compile(ast.parse(source), "wrong_helper", "exec"), module.__dict__)

    with hidden_session(ASSIGNMENT, spawn=lambda _: FakeWorker(module), mode=SandboxMode.NONE) as session:
        helper, exercise = graded(session, SEEDS[0], ["scaled_normal", name])

    assert helper.score < helper.max_score
    assert exercise.score == exercise.max_score
    assert keys(exercise) == {"fault_elsewhere"}


# what else is accepted, and what is not


@pytest.mark.parametrize(
    "compare",
    [
        lambda W: np.all(np.equal(W, W[0])),
        lambda W: int(np.equal(W[:1], W).all()),
        lambda W: bool(np.max(np.abs(W - W[0])) < 1e-10),
        lambda W: np.allclose(W, W.mean(axis=0)),
        lambda W: len(np.unique(W, axis=0)) == 1,
        lambda W: float(np.std(W, axis=0).max() < 1e-6),
        lambda W: np.linalg.norm(W - W[0]) <= 1e-3,
        lambda W: all(np.array_equal(one, other) for one, other in itertools.pairwise(W)),
    ],
    ids=["exact", "int", "1e-10", "allclose", "unique", "std", "1e-3", "neighbours"],
)
def test_rows_may_be_compared_exactly_or_up_to_rounding(grade: Any, compare: Any) -> None:
    for seed in SEEDS:
        result = grade("hidden_units_identical", seed=seed, hidden_units_identical=compare)

        assert result.score == result.max_score


def test_an_exact_comparison_is_remarked_upon(grade: Any) -> None:
    result = grade(
        "hidden_units_identical", hidden_units_identical=lambda W: bool(np.array_equal(W, np.tile(W[0], (len(W), 1))))
    )

    assert [feedback.key for feedback in result.advice] == ["rounding_counts_as_difference"]


def test_the_answer_for_one_row_is_free(grade: Any) -> None:
    def not_for_one_row(W: Array) -> bool:
        return len(W) > 1 and bool(REFERENCE.hidden_units_identical(W))

    result = grade("hidden_units_identical", hidden_units_identical=not_for_one_row)

    assert result.score == result.max_score


@pytest.mark.parametrize("container", [list, tuple, np.float32], ids=lambda container: container.__name__)
@pytest.mark.parametrize("name", ["linear_chain_norms", "layer_activation_std"])
def test_other_sequences_and_single_precision_are_accepted(grade: Any, name: str, container: Any) -> None:
    for seed in SEEDS:
        result = grade(name, seed=seed, **{name: lambda *args: container(getattr(REFERENCE, name)(*args))})

        assert result.score == result.max_score
        assert result.advice == ()


def test_norms_as_matrices_of_one_entry_get_full_marks_and_advice(grade: Any) -> None:
    def norms(x: Array, W: Array, depth: int) -> list[Array]:
        signals = [np.linalg.matrix_power(W, k) @ x for k in range(depth + 1)]
        return [np.sqrt(signal.T @ signal) for signal in signals]

    result = grade("linear_chain_norms", linear_chain_norms=norms)

    assert result.score == result.max_score
    assert {feedback.key for feedback in result.advice} == {"size_one"}


@pytest.mark.parametrize("name", ["linear_chain_norms", "layer_activation_std"])
def test_an_error_of_one_in_a_million_in_one_layer_is_seen_in_every_test(grade: Any, name: str) -> None:
    """Also in the first entry of an exploding chain, beside which it is nothing."""

    def slightly_wrong(*args: Any) -> Array:
        result: Array = getattr(REFERENCE, name)(*args)
        return result * np.where(np.arange(result.size) == 0, 1 + 1e-6, 1)

    assert grade(name, **{name: slightly_wrong}).score == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_chains_keep_within_the_range_of_single_precision(grade: Any, seed: str) -> None:
    def norms(x: Array, W: Array, depth: int) -> Array:
        x, W = x.astype(np.float32), W.astype(np.float32)
        found = [np.sqrt(np.sum(x * x))]
        for _ in range(depth):
            x = W @ x
            found.append(np.sqrt(np.sum(x * x)))
        return np.array(found)

    with np.errstate(over="raise", under="raise"):
        result = grade("linear_chain_norms", seed=seed, linear_chain_norms=norms)

    assert result.score == result.max_score


def random_network(rng: np.random.Generator, layer_dims: list[int]) -> dict[str, Array]:
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev))
        parameters[f"b{layer}"] = rng.normal(size=(n, 1))
    return parameters


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)
