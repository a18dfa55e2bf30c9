"""The assignment `training_practice`: its reference against independent definitions, its tests against wrong and right
code."""

from __future__ import annotations

import collections
import doctest
import importlib.util
import itertools
import math
import re
import statistics
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

COURSE = Path(__file__).parents[2]
ASSIGNMENT = manifest.load(COURSE, "training_practice")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
SEEDS = ["0" * 64, "5a" * 32]
MILLION = 1_000_000


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(30)


def keys(result: ExerciseResult) -> set[str]:
    """What was said about the tests that lost points."""
    return {feedback.key for test in result.tests if test.score < test.max_score for feedback in test.feedback}


def lost_tests(result: ExerciseResult) -> set[str]:
    return {test.test.split("::")[1] for test in result.tests if test.score < test.max_score}


# the reference


def test_reference_sizes_add_up_and_lie_within_1_of_their_shares() -> None:
    for m in (*range(1, 1001), 999_999, MILLION, *range(MILLION + 1, MILLION + 301), 12_345_678, 10**9 + 7):
        shares = (60, 20, 20) if m <= MILLION else (98, 1, 1)

        sizes = REFERENCE.split_sizes(m)

        assert all(type(size) is int and size >= 0 for size in sizes)
        assert sum(sizes) == m
        assert all(abs(size - Fraction(share * m, 100)) <= 1 for size, share in zip(sizes, shares, strict=True))


def test_reference_split_is_a_partition_that_keeps_pairs(rng: np.random.Generator) -> None:
    X = rng.normal(size=(3, 20))
    Y = (np.arange(20) % 3 == 0).astype(int).reshape(1, 20)

    parts = REFERENCE.train_dev_test_split(X, Y, (9, 7, 4), rng)

    assert [X_part.shape for X_part, _ in parts] == [(3, 9), (3, 7), (3, 4)]
    assert [Y_part.shape for _, Y_part in parts] == [(1, 9), (1, 7), (1, 4)]
    columns = [(*X_part[:, i], Y_part[0, i]) for X_part, Y_part in parts for i in range(X_part.shape[1])]
    assert sorted(columns) == sorted((*X[:, i], Y[0, i]) for i in range(20))


def test_reference_split_gives_every_partition_equally_often(rng: np.random.Generator) -> None:
    X = np.arange(5.0).reshape(1, 5)
    counts: collections.Counter[tuple[tuple[float, ...], ...]] = collections.Counter()
    for _ in range(6000):
        parts = REFERENCE.train_dev_test_split(X, X > 2, (2, 2, 1), rng)
        counts[tuple(tuple(sorted(X_part[0])) for X_part, _ in parts)] += 1

    # 30 partitions, 200 times each on average with a standard deviation of 13.9: 5 of these either way.
    assert len(counts) == 30
    assert all(130 < count < 270 for count in counts.values())


def test_reference_normalizer_agrees_with_the_statistics_module(rng: np.random.Generator) -> None:
    X = rng.normal(size=(4, 9)) * 3 + 7

    mean, std = REFERENCE.fit_normalizer(X)

    assert mean.shape == std.shape == (4, 1)
    np.testing.assert_allclose(mean[:, 0], [statistics.fmean(row) for row in X.tolist()], rtol=1e-13)
    np.testing.assert_allclose(std[:, 0], [statistics.pstdev(row) for row in X.tolist()], rtol=1e-13)


def test_reference_normalize_agrees_with_the_formula_entry_by_entry(rng: np.random.Generator) -> None:
    X, mean, std = rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.uniform(0.5, 2, size=(3, 1))
    before = X.copy(), mean.copy(), std.copy()

    actual = REFERENCE.normalize(X, mean, std)

    expected = [[(X[j, i] - mean[j, 0]) / std[j, 0] for i in range(5)] for j in range(3)]
    np.testing.assert_allclose(actual, expected, rtol=1e-14)
    for array, old in zip((X, mean, std), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_reference_normalize_never_divides_by_zero() -> None:
    X, mean, std = np.array([[4.0, 4.0, 5.0]]), np.array([[4.0]]), np.array([[0.0]])

    with np.errstate(all="raise"):
        np.testing.assert_array_equal(REFERENCE.normalize(X, mean, std), [[0, 0, 1]])


def test_reference_normalized_training_set_has_mean_0_and_std_1(rng: np.random.Generator) -> None:
    X = rng.uniform(10, 20, size=(2, 50))

    actual = REFERENCE.normalize(X, *REFERENCE.fit_normalizer(X))

    np.testing.assert_allclose(np.mean(actual, axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.std(actual, axis=1), 1, rtol=1e-12)


def test_reference_diagnosis_follows_the_two_gaps_in_exact_arithmetic() -> None:
    for human, train, dev in itertools.product(range(0, 40, 3), repeat=3):
        for tolerance in (1.5, 7.5):
            expected = set()
            if train - human > tolerance:
                expected.add("high bias")
            if dev - train > tolerance:
                expected.add("high variance")

            assert REFERENCE.diagnose(train / 100, dev / 100, human / 100, tolerance / 100) == expected


def test_reference_diagnosis_has_a_human_error_of_0_and_a_tolerance_of_2_percent_by_default() -> None:
    for train, dev in ((0.019, 0.03), (0.021, 0.03), (0.01, 0.029), (0.01, 0.031)):
        assert REFERENCE.diagnose(train, dev) == REFERENCE.diagnose(train, dev, 0.0, 0.02)
    assert REFERENCE.diagnose(0.021, 0.03) == {"high bias"}
    assert REFERENCE.diagnose(0.01, 0.031) == {"high variance"}


def test_reference_remedies_are_those_of_the_syllabus() -> None:
    bias = {"bigger network", "train longer", "better optimizer", "different architecture"}
    variance = {"more data", "regularization", "different architecture"}

    assert REFERENCE.remedies({"high bias"}) == bias
    assert REFERENCE.remedies({"high variance"}) == variance
    assert REFERENCE.remedies({"high bias", "high variance"}) == bias | variance
    assert REFERENCE.remedies(set()) == set()


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_its_points(exercise: Exercise) -> None:
    readme = (COURSE / "solutions/training_practice/README.md").read_text(encoding="utf-8")

    points = re.search(rf"^\| `{exercise.name}\(.*\| ([\d.]+) \|$", readme, re.MULTILINE)

    assert points is not None
    assert float(points[1]) == exercise.points


def test_figure_is_small_and_holds_nothing_but_shapes_and_text() -> None:
    path = COURSE / "solutions/training_practice/data/errors.svg"

    tags = {element.tag.split("}")[1] for element in ElementTree.parse(path).iter()}

    assert path.stat().st_size <= 10_000
    assert tags == {"svg", "title", "desc", "rect", "g", "text", "path"}
    for name in ("training_practice.py", "README.md"):
        assert "(data/errors.svg)" in (COURSE / "solutions/training_practice" / name).read_text(encoding="utf-8")


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
        submission = Submission(student="ada", file_name="training_practice.py", source=b"", sha256="")
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
def test_misconception_is_named_and_no_other_one_is(grade: Any, misconception: Misconception, seed: str) -> None:
    def wrong(*args: Any, **kwargs: Any) -> Any:
        return misconception.evaluate(REFERENCE, args, kwargs)

    result = grade(misconception.exercise, seed=seed, **{misconception.exercise: wrong})

    assert keys(result) & {other.key for other in MISCONCEPTIONS} == {misconception.key}


def test_every_exercise_has_misconceptions() -> None:
    assert {misconception.exercise for misconception in MISCONCEPTIONS} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, {1}, {None, 1.5}, np.zeros((0,)), 1j, np.nan, (None,) * 3, "abc",
     (math.inf, 1, 1), (-1, 1, 1), (10**30, 1, 1), ((1, 2), (3, 4), (5, 6)), ("a", "b"), np.full((3,), np.nan)],
    ids=repr,
)  # fmt: skip
def test_strange_return_values_lose_the_points(grade: Any, name: str, answer: Any) -> None:
    result = grade(name, **{name: lambda *args: answer})

    assert result.score == 0


# split_sizes


def shares(m: int) -> tuple[int, int, int]:
    return (60, 20, 20) if m <= MILLION else (98, 1, 1)


def cuts_rounded_down(m: int) -> tuple[int, ...]:
    train, dev, _ = shares(m)
    first, second = m * train // 100, m * (train + dev) // 100
    return first, second - first, m - second


def cuts_rounded_up(m: int) -> tuple[int, ...]:
    train, dev, _ = shares(m)
    first, second = -(-m * train // 100), -(-m * (train + dev) // 100)
    return first, second - first, m - second


def sizes_rounded_rest_to_test(m: int) -> tuple[int, ...]:
    train, dev, _ = shares(m)
    return round(m * train / 100), round(m * dev / 100), m - round(m * train / 100) - round(m * dev / 100)


def sizes_rounded_rest_to_train(m: int) -> tuple[int, ...]:
    part = round(m * shares(m)[1] / 100)
    return m - 2 * part, part, part


def train_rounded_down_rest_halved(m: int) -> tuple[int, ...]:
    train = m * shares(m)[0] // 100
    return train, (m - train) // 2, m - train - (m - train) // 2


def largest_remainders(m: int) -> tuple[int, ...]:
    sizes = [m * share // 100 for share in shares(m)]
    order = sorted(range(3), key=lambda k: -(m * shares(m)[k] % 100))
    for k in order[: m - sum(sizes)]:
        sizes[k] += 1
    return tuple(sizes)


def floating_point_cuts(m: int) -> tuple[int, ...]:
    first, second = (int(0.6 * m), int(0.8 * m)) if m <= MILLION else (int(0.98 * m), int(0.99 * m))
    return first, second - first, m - second


@pytest.mark.parametrize(
    "rounded",
    [
        cuts_rounded_down,
        cuts_rounded_up,
        sizes_rounded_rest_to_test,
        sizes_rounded_rest_to_train,
        train_rounded_down_rest_halved,
        largest_remainders,
        floating_point_cuts,
    ],
)
def test_every_rounding_within_1_of_the_shares_is_accepted(grade: Any, rounded: Any) -> None:
    for seed in SEEDS:
        result = grade("split_sizes", seed=seed, split_sizes=rounded)

        assert result.score == result.max_score


@pytest.mark.parametrize(
    "kind", [list, np.array, lambda sizes: tuple(map(float, sizes)), lambda sizes: np.int32(sizes)]
)
def test_sizes_come_in_any_sequence_of_any_whole_numbers(grade: Any, kind: Any) -> None:
    result = grade("split_sizes", split_sizes=lambda m: kind(cuts_rounded_down(m)))

    assert result.score == result.max_score


def test_a_test_set_that_is_up_to_2_too_large_costs_only_the_rounding(grade: Any) -> None:
    def rest_to_test(m: int) -> tuple[int, ...]:
        train, dev = m * shares(m)[0] // 100, m * shares(m)[1] // 100
        return train, dev, m - train - dev

    result = grade("split_sizes", split_sizes=rest_to_test)

    assert lost_tests(result) == {"test_nothing_is_lost_by_rounding"}
    assert "test_takes_what_was_rounded_off" in keys(result)


def test_a_million_as_strict_bound_costs_only_half_a_point(grade: Any) -> None:
    result = grade("split_sizes", split_sizes=lambda m: REFERENCE.split_sizes(m if m != MILLION else m + 1))

    assert lost_tests(result) == {"test_exactly_a_million"}
    assert result.max_score - result.score == Fraction(1, 2)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda train, dev, test: (train, dev, test - 1), "sizes_do_not_add_up"),
        (lambda train, dev, test: (train, dev, test + 1), "sizes_do_not_add_up"),
        (lambda train, dev, test: (train + 0.5, dev, test - 0.5), "sizes_not_whole"),
        (lambda train, dev, test: (train + 2, dev - 2, test), "size_too_far_from_its_share"),
        (lambda train, dev, test: (train - 5, dev, test + 5), "wrong_shares"),
        (lambda train, dev, test: (train + dev + 9, -9, test), "negative_size"),
        (lambda train, dev, test: (train, dev + test), "wrong_count"),
    ],
)
def test_wrong_sizes_are_told_apart_without_a_misconception(grade: Any, change: Any, key: str) -> None:
    result = grade("split_sizes", split_sizes=lambda m: change(*REFERENCE.split_sizes(m)))

    assert result.score == 0
    assert key in keys(result)


# train_dev_test_split


def by_order(order_of: Any) -> Any:
    """A split by the order of the columns that `order_of(m, rng)` gives."""

    def split(X: Any, Y: Any, sizes: Any, rng: Any) -> Any:
        parts = np.split(order_of(X.shape[1], rng), np.cumsum(sizes)[:-1])
        return [[X[:, part], Y[:, part]] for part in parts]

    return split


def in_old_order_within_a_set(X: Any, Y: Any, sizes: Any, rng: Any) -> Any:
    member = rng.permutation(np.repeat(range(3), sizes))
    return tuple((X[:, member == k], Y[:, member == k]) for k in range(3))


@pytest.mark.parametrize(
    "split",
    [
        by_order(lambda m, rng: rng.random(m).argsort()),
        by_order(lambda m, rng: rng.choice(m, m, replace=False)),
        by_order(lambda m, rng: np.random.default_rng(rng.integers(1 << 40)).permutation(m)[::-1]),
        by_order(lambda m, rng: np.random.RandomState(rng.integers(1 << 31)).permutation(m)),
        in_old_order_within_a_set,
    ],
)
def test_any_way_to_shuffle_is_accepted(grade: Any, split: Any) -> None:
    for number in range(50):
        result = grade("train_dev_test_split", seed=f"{number:064x}", train_dev_test_split=split)

        assert result.score == result.max_score


@pytest.mark.parametrize(
    ("split", "key"),
    [
        (by_order(lambda m, rng: np.roll(np.arange(m), rng.integers(m))), "not_shuffled"),
        (by_order(lambda m, rng: np.arange(m)[::-1]), "not_shuffled"),
        (by_order(lambda m, rng: np.argsort(np.arange(m) % 5, kind="stable")), "not_shuffled"),
        (by_order(lambda m, rng: rng.permutation(m // 2).repeat(2)[:m] * 2 % m), "examples_repeat"),
        (by_order(lambda m, rng: np.random.default_rng(7).permutation(m)), "argument_ignored"),
        (by_order(lambda m, rng: np.random.default_rng().permutation(m)), "not_deterministic"),
        (
            lambda X, Y, sizes, rng: by_order(lambda m, rng: rng.permutation(m))(2 * X, Y, sizes, rng),
            "columns_not_of_x",
        ),
        (
            lambda X, Y, sizes, rng: by_order(lambda m, rng: rng.permutation(m))(X, 1 - Y, sizes, rng),
            "labels_of_others",
        ),
    ],
)
def test_what_is_wrong_with_a_shuffle_is_said_without_a_misconception(grade: Any, split: Any, key: str) -> None:
    result = grade("train_dev_test_split", train_dev_test_split=split)

    assert result.score < result.max_score
    assert key in keys(result)


def test_labels_and_examples_may_come_in_other_dtypes(grade: Any) -> None:
    def split(X: Any, Y: Any, sizes: Any, rng: Any) -> Any:
        parts = REFERENCE.train_dev_test_split(X, Y, sizes, rng)
        return [(X_part.astype(np.float32), Y_part.astype(bool)) for X_part, Y_part in parts]

    result = grade("train_dev_test_split", train_dev_test_split=split)

    assert result.score == result.max_score


@pytest.fixture(scope="module")
def split_tests() -> ModuleType:
    path = ASSIGNMENT.tests_folder / "test_train_dev_test_split.py"
    spec = importlib.util.spec_from_file_location("training_practice_test_split", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_statistics_of_a_right_shuffle_are_standard_normal(
    split_tests: ModuleType, rng: np.random.Generator
) -> None:
    """What the false-alarm rate rests on: mean 0, std 1, no skewness, and the tails of a normal distribution."""
    sizes, draws = (700, 500, 300), 4000
    sets = np.repeat(range(3), sizes)

    found = np.array([split_tests.deviations(rng.permutation(sets), sizes) for _ in range(draws)])

    # Five standard errors each: 1/√n of the mean, 1/√2n of the std, √(6/n) of the skewness, √(24/n) of the kurtosis.
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=5 / draws**0.5)
    np.testing.assert_allclose(found.std(axis=0), 1, atol=5 / (2 * draws) ** 0.5)
    np.testing.assert_allclose((found**3).mean(axis=0), 0, atol=5 * (6 / draws) ** 0.5 + 0.1)
    np.testing.assert_allclose((found**4).mean(axis=0), 3, atol=5 * (24 / draws) ** 0.5 + 0.1)


# fit_normalizer and normalize


def test_a_wrong_std_does_not_cost_the_mean(grade: Any) -> None:
    result = grade("fit_normalizer", fit_normalizer=lambda X: (X.mean(1, keepdims=True), X.var(1, keepdims=True)))

    assert "test_means" not in lost_tests(result)
    assert keys(result) >= {"variance_instead_of_std"}


def test_the_feedback_says_which_lines_of_the_notes_are_slips() -> None:
    rationales = {m.key: m.rationale for m in MISCONCEPTIONS}

    for key in (
        "variance_instead_of_std",
        "mean_not_subtracted",
        "mean_of_squares_as_in_the_notes",
        "divided_by_the_variance",
        "x_by_variance_as_in_the_notes",
    ):
        assert re.search(r"[Tt]he notes", rationales[key])
        assert "slip" in rationales[key]


@pytest.mark.parametrize("epsilon", [1e-8, 1e-12, 1e-16])
def test_a_tiny_epsilon_is_accepted_inside_and_outside_of_the_root(grade: Any, epsilon: float) -> None:
    ways = (
        lambda X: (X.mean(1, keepdims=True), np.sqrt(X.var(1, keepdims=True) + epsilon)),
        lambda X: (X.mean(1, keepdims=True), X.std(1, keepdims=True) + epsilon),
    )
    quotients = (
        lambda X, mean, std: (X - mean) / (std + epsilon),
        lambda X, mean, std: (X - mean) / np.sqrt(std**2 + epsilon),
    )

    for number in range(20):
        seed = f"{number:064x}"
        for fit, normalize in zip(ways, quotients, strict=True):
            fitted = grade("fit_normalizer", seed=seed, fit_normalizer=fit)
            normalized = grade("normalize", seed=seed, normalize=normalize)

            assert fitted.score == fitted.max_score
            assert normalized.score == normalized.max_score


def test_a_constant_feature_costs_its_own_point_only(grade: Any) -> None:
    def plain(X: Any, mean: Any, std: Any) -> Any:
        with np.errstate(all="ignore"):
            return (X - mean) / std

    result = grade("normalize", normalize=plain)

    assert lost_tests(result) == {"test_a_constant_feature"}
    assert result.max_score - result.score == 1
    assert "divided_by_zero" in keys(result)


@pytest.mark.parametrize("elsewhere", [0.0, -3.5, 1e300])
def test_a_constant_feature_may_have_any_finite_value_in_another_set(grade: Any, elsewhere: float) -> None:
    def normalize(X: Any, mean: Any, std: Any) -> Any:
        return np.where(std == 0, np.where(mean == X, 0, elsewhere), (X - mean) / np.where(std == 0, 1, std))

    result = grade("normalize", normalize=normalize)

    assert result.score == result.max_score


@pytest.mark.parametrize("elsewhere", [np.inf, -np.inf, np.nan])
def test_a_constant_feature_must_be_finite_in_another_set(grade: Any, elsewhere: float) -> None:
    def normalize(X: Any, mean: Any, std: Any) -> Any:
        return np.where(std == 0, np.where(mean == X, 0, elsewhere), (X - mean) / np.where(std == 0, 1, std))

    result = grade("normalize", normalize=normalize)

    assert lost_tests(result) == {"test_a_constant_feature"}


# diagnose and remedies


@pytest.mark.parametrize("name", ["diagnose", "remedies"])
@pytest.mark.parametrize("kind", [set, frozenset, lambda names: set(map(np.str_, names))])
def test_any_set_is_accepted(grade: Any, name: str, kind: Any) -> None:
    result = grade(name, **{name: lambda *args: kind(getattr(REFERENCE, name)(*args))})

    assert result.score == result.max_score


@pytest.mark.parametrize("name", ["diagnose", "remedies"])
@pytest.mark.parametrize(
    ("change", "key"),
    [
        (sorted, "list_instead_of_set"),
        (tuple, "tuple_instead_of_set"),
        (", ".join, "text_instead_of_set"),
        (dict.fromkeys, "dict_instead_of_set"),
        (lambda names: {text.title() for text in names}, "unknown_names"),
        (lambda names: names | {"more coffee"}, "unknown_names"),
    ],
)
def test_what_is_no_set_of_these_names_is_said(grade: Any, name: str, change: Any, key: str) -> None:
    result = grade(name, **{name: lambda *args: change(getattr(REFERENCE, name)(*args))})

    assert result.score <= Fraction(1, 2)
    assert key in keys(result)


def test_a_gap_at_the_tolerance_is_never_asked_for(grade: Any) -> None:
    """`>` and `>=`, and a tolerance that is off by rounding, give the same answers."""
    asked: list[tuple[float, ...]] = []

    def observed(*args: float) -> Any:
        asked.append(args)
        return REFERENCE.diagnose(*args)

    for number in range(50):
        grade("diagnose", seed=f"{number:064x}", diagnose=observed)

    for train, dev, human, tolerance in (args + (0.0, 0.02)[len(args) - 2 :] for args in asked):
        for gap in (train - human, dev - train):
            assert abs(gap - tolerance) > 0.15 * tolerance
        assert 0 <= min(train, dev, human) <= max(train, dev, human) < 1


@pytest.mark.parametrize("name", NAMES)
def test_texts_of_hidden_tests_do_not_repeat_what_a_function_returned(grade: Any, name: str) -> None:
    """A function that returns its arguments as text would otherwise read the hidden inputs."""
    result = grade(name, **{name: lambda *args: {f"secret {args}", "secret"}})

    hidden = [test for test in result.tests if test.visibility == "hidden"]
    assert hidden
    for feedback in (feedback for test in hidden for feedback in test.feedback):
        assert "secret" not in feedback.rationale
        assert "secret" not in (feedback.help or "")
