"""The assignment `regularization`: its reference against definitions, its tests against wrong and right code."""

from __future__ import annotations

import doctest
import hashlib
import itertools
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.model import Exercise, ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

Array = np.ndarray[Any, Any]

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = manifest.load(COURSE, "regularization")
REFERENCE = load_reference(ASSIGNMENT)
MISCONCEPTIONS = load_misconceptions(ASSIGNMENT.tests_folder / "misconceptions.py")
KEYS = {misconception.key for misconception in MISCONCEPTIONS}
NAMES = [exercise.name for exercise in ASSIGNMENT.exercises]
README = (COURSE / "solutions/regularization/README.md").read_text(encoding="utf-8")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


def draw_network(rng: np.random.Generator, layer_dims: list[int], m: int) -> tuple[Array, Array, dict[str, Array]]:
    """X, Y and parameters with biases other than 0."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev))
        parameters[f"b{layer}"] = rng.normal(size=(n, 1))
    return rng.normal(size=(layer_dims[0], m)), np.array([[float(i % 2) for i in range(m)]]), parameters


# the reference: penalties


def entries_of_weights(parameters: dict[str, Array]) -> list[float]:
    return [float(w) for name, array in parameters.items() if name[0] == "W" for w in array.ravel()]


def test_reference_penalties_add_up_squares_and_absolute_values(rng: np.random.Generator) -> None:
    _, _, parameters = draw_network(rng, [4, 3, 2, 1], 2)
    weights = entries_of_weights(parameters)

    l2, l1 = (f(parameters, 0.7, 9) for f in (REFERENCE.l2_penalty, REFERENCE.l1_penalty))

    assert l2 == pytest.approx(0.7 / 18 * math.fsum(w * w for w in weights), rel=1e-14)
    assert l1 == pytest.approx(0.7 / 18 * math.fsum(abs(w) for w in weights), rel=1e-14)


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_reference_gradient_adds_the_slope_of_the_penalty(kind: str, rng: np.random.Generator) -> None:
    penalty, gradient = getattr(REFERENCE, f"{kind}_penalty"), getattr(REFERENCE, f"{kind}_gradient")
    dW, W = rng.normal(size=(2, 3, 4))
    assert np.abs(W).min() > 1e-3  # no kink of |w| within the step

    actual = gradient(dW, W, 0.7, 9)

    for index in np.ndindex(W.shape):
        shift = np.zeros_like(W)
        shift[index] = 1e-5
        slope = (penalty({"W1": W + shift}, 0.7, 9) - penalty({"W1": W - shift}, 0.7, 9)) / 2e-5
        assert actual[index] - dW[index] == pytest.approx(slope, rel=1e-6)


def test_reference_weight_decay_is_a_step_along_the_l2_gradient(rng: np.random.Generator) -> None:
    W, dW = rng.normal(size=(2, 3, 4))

    actual = REFERENCE.weight_decay_update(W, dW, 0.3, 0.7, 9)

    np.testing.assert_allclose(actual, W - 0.3 * REFERENCE.l2_gradient(dW, W, 0.7, 9), rtol=1e-13)


# the reference: dropout


@pytest.mark.parametrize("keep_prob", [0.25, 0.5, 0.8, 1.0])
def test_reference_dropout_keeps_the_mean_of_every_entry(keep_prob: float, rng: np.random.Generator) -> None:
    A, draws = rng.normal(size=(3, 4)), 4000

    mean = sum(REFERENCE.dropout_forward(A, keep_prob, rng)[0] for _ in range(draws)) / draws

    standard_error = np.abs(A) * math.sqrt((1 - keep_prob) / keep_prob / draws)
    assert np.all(np.abs(mean - A) <= 5 * standard_error + 1e-12)


def test_reference_mask_is_boolean_and_marks_what_is_kept(rng: np.random.Generator) -> None:
    A = rng.normal(size=(30, 40))

    A_dropped, mask = REFERENCE.dropout_forward(A, 0.8, rng)

    assert mask.dtype == bool
    assert abs(mask.mean() - 0.8) < 0.06
    np.testing.assert_array_equal(A_dropped == 0, ~mask)
    np.testing.assert_allclose(A_dropped[mask], A[mask] / 0.8, rtol=1e-15)


def output_of(example: int, X: Array, parameters: dict[str, Array], masks: list[Array], ps: list[float]) -> float:
    """The probability that a network gives to one example, unit by unit."""
    a = [float(x) for x in X[:, example]]
    for layer in range(1, len(masks) + 2):
        rows = zip(parameters[f"W{layer}"], parameters[f"b{layer}"][:, 0], strict=True)
        z = [math.fsum([*(w * x for w, x in zip(row, a, strict=True)), bias]) for row, bias in rows]
        if layer <= len(masks):
            kept = masks[layer - 1][:, example]
            a = [max(0.0, one) / ps[layer - 1] if keep else 0.0 for one, keep in zip(z, kept, strict=True)]
    return 1 / (1 + math.exp(-z[0]))


def cost_of(X: Array, Y: Array, parameters: dict[str, Array], masks: list[Array], ps: list[float]) -> float:
    answers = [output_of(k, X, parameters, masks, ps) for k in range(X.shape[1])]
    return math.fsum(-math.log(a if y else 1 - a) for a, y in zip(answers, Y[0], strict=True)) / len(answers)


def test_reference_network_agrees_with_a_loop_over_units(rng: np.random.Generator) -> None:
    X, _, parameters = draw_network(rng, [4, 6, 5, 1], 7)

    AL, caches, masks = REFERENCE.forward_with_dropout(X, parameters, [0.7, 0.4], rng)

    expected = [[output_of(k, X, parameters, masks, [0.7, 0.4]) for k in range(7)]]
    np.testing.assert_allclose(AL, expected, rtol=1e-12)
    assert [mask.shape for mask in masks] == [(6, 7), (5, 7)]
    assert [cache[0][1] is parameters[f"W{layer}"] for layer, cache in enumerate(caches, start=1)] == [True] * 3


def test_reference_caches_hold_the_dropped_activations(rng: np.random.Generator) -> None:
    X, _, parameters = draw_network(rng, [4, 6, 5, 1], 7)

    _, caches, masks = REFERENCE.forward_with_dropout(X, parameters, [0.7, 0.4], rng)

    for layer in (1, 2):
        Z, A_prev = caches[layer - 1][1], caches[layer][0][0]
        np.testing.assert_array_equal(A_prev != 0, masks[layer - 1] & (Z > 0))


def test_reference_gradients_are_those_of_the_cost_with_fixed_masks(rng: np.random.Generator) -> None:
    ps = [0.7, 0.5]
    X, Y, parameters = draw_network(rng, [3, 5, 4, 1], 6)
    AL, caches, masks = REFERENCE.forward_with_dropout(X, parameters, ps, rng)
    assert min(np.abs(Z).min() for _, Z in caches[:-1]) > 1e-3  # relu has no kink within the step

    grads = REFERENCE.backward_with_dropout(AL, Y, caches, masks, ps)

    for name, value in parameters.items():
        for index in np.ndindex(value.shape):
            costs = []
            for sign in (1, -1):
                shifted = {key: array.copy() for key, array in parameters.items()}
                shifted[name][index] += sign * 1e-5
                costs.append(cost_of(X, Y, shifted, masks, ps))
            assert grads[f"d{name}"][index] == pytest.approx((costs[0] - costs[1]) / 2e-5, rel=1e-6, abs=1e-9)


# the reference: the other remedies


def stop_by_definition(dev_costs: list[float], patience: int) -> int:
    """The first iteration that is `patience` after the first best one until then ends training."""
    for last in range(len(dev_costs)):
        seen = dev_costs[: last + 1]
        if last - seen.index(min(seen)) == patience:
            return seen.index(min(seen))
    return dev_costs.index(min(dev_costs))


def test_reference_early_stopping_agrees_with_the_definition(rng: np.random.Generator) -> None:
    for _ in range(500):
        dev_costs = [float(x) for x in rng.integers(0, 8, size=int(rng.integers(1, 15)))]  # with many ties
        patience = int(rng.integers(1, 6))

        assert REFERENCE.early_stopping(dev_costs, patience) == stop_by_definition(dev_costs, patience)


def test_reference_flip_and_turns_move_every_pixel_to_its_place(rng: np.random.Generator) -> None:
    images = rng.random((2, 3, 5))
    flipped = REFERENCE.flip_horizontal(images)
    turned = {turns: REFERENCE.rotate_quarter_turns(images, turns) for turns in range(-5, 6)}

    for k, i, j in np.ndindex(images.shape):
        pixel = images[k, i, j]
        assert flipped[k, i, 4 - j] == pixel
        # Counter-clockwise, the last column becomes the first row.
        places = {0: (i, j), 1: (4 - j, i), 2: (2 - i, 4 - j), 3: (j, 2 - i)}
        for turns, result in turned.items():
            assert result[k][places[turns % 4]] == pixel


def test_reference_crop_takes_every_window_equally_often(rng: np.random.Generator) -> None:
    image = np.arange(12.0).reshape(3, 4)
    windows = {(r, c): image[r : r + 2, c : c + 2].tolist() for r in range(2) for c in range(3)}
    draws = 3000

    crops = REFERENCE.random_crop(np.repeat(image[None], draws, axis=0), 2, rng).tolist()

    counts = {place: crops.count(window) for place, window in windows.items()}
    assert sum(counts.values()) == draws
    assert all(abs(count - draws / 6) < 5 * math.sqrt(draws * 5 / 36) for count in counts.values())


def test_reference_ensemble_is_the_mean_of_every_column(rng: np.random.Generator) -> None:
    probabilities = [rng.random((1, 4)) for _ in range(3)]

    actual = REFERENCE.ensemble_average(probabilities)

    np.testing.assert_allclose(actual, [[math.fsum(p[0, k] for p in probabilities) / 3 for k in range(4)]], rtol=1e-14)


def test_reference_leaves_its_arguments_as_they_are(rng: np.random.Generator) -> None:
    X, Y, parameters = draw_network(rng, [3, 5, 1], 6)
    images, p = rng.random((2, 4, 4)), [rng.random((1, 3)), rng.random((1, 3))]
    arrays = [X, Y, images, *p, *parameters.values()]
    before = [array.copy() for array in arrays]

    AL, caches, masks = REFERENCE.forward_with_dropout(X, parameters, [0.5], rng)
    REFERENCE.backward_with_dropout(AL, Y, caches, masks, [0.5])
    REFERENCE.l2_penalty(parameters, 1.0, 6)
    REFERENCE.ensemble_average(p)
    results = [REFERENCE.flip_horizontal(images), REFERENCE.rotate_quarter_turns(images, 4)]
    results.append(REFERENCE.random_crop(images, 4, rng))

    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)
    assert not any(np.shares_memory(result, images) for result in results)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_has_a_worked_example_that_is_true(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(REFERENCE, name), name, globs=vars(REFERENCE).copy())

    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.attempted > 0
    assert result.failed == 0


# what learners read


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)
def test_readme_names_every_exercise_with_signature_and_points(exercise: Exercise) -> None:
    code = getattr(REFERENCE, exercise.name).__code__
    signature = f"{exercise.name}({', '.join(code.co_varnames[: code.co_argcount])})"

    points = re.search(rf"^\| `{re.escape(signature)}` \|.*\| ([\d.]+) \|$", README, re.MULTILINE)

    assert points is not None
    assert float(points[1]) == exercise.points


def test_the_figure_shows_true_numbers() -> None:
    figure = (COURSE / "solutions/regularization/data/dropout.svg").read_text(encoding="utf-8")

    cells = re.findall(r">(\d|T|F)</text>", figure)
    A, mask, dropped = (np.array(cells[i : i + 12]).reshape(3, 4) for i in (0, 12, 24))

    assert len(cells) == 36
    np.testing.assert_array_equal(A.astype(int) * (mask == "T") / 0.5, dropped.astype(int))
    assert "data/dropout.svg" in README


# the tests

Grade = Callable[..., ExerciseResult]


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grades one exercise: the reference, with this exercise replaced by another function."""
    replaced: dict[str, Any] = {}

    def spawn(_: object) -> FakeWorker:
        return FakeWorker(SimpleNamespace(**vars(REFERENCE) | replaced))

    def grade_one(exercise: str, function: Callable[..., Any], *, seed: int = 0) -> ExerciseResult:
        replaced.clear()
        replaced[exercise] = function
        submission = Submission(student="ada", file_name="regularization.py", source=b"", sha256="")
        digest = hashlib.sha256(f"regularization {seed}".encode()).hexdigest()
        result = session.grade(submission, digest, only=[exercise])
        assert result.error is None
        return result.exercises[0]

    session: GradingSession
    with hidden_session(ASSIGNMENT, spawn=spawn, mode=SandboxMode.NONE) as session:
        yield grade_one


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


@pytest.mark.parametrize("misconception", MISCONCEPTIONS, ids=lambda misconception: misconception.key)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some of them divide by 1 - keep_prob = 0
def test_misconception_gets_its_own_name_and_no_other(grade: Grade, misconception: Misconception) -> None:
    for seed in (1, 2):
        result = grade(misconception.exercise, mistaken(misconception), seed=seed)

        assert result.score < result.max_score
        assert said(result) & KEYS == {misconception.key}


def test_every_exercise_has_misconceptions_with_keys_of_their_own() -> None:
    keys = [misconception.key for misconception in MISCONCEPTIONS]

    assert len(set(keys)) == len(keys)
    assert {misconception.exercise for misconception in MISCONCEPTIONS} == set(NAMES)


@pytest.mark.parametrize("statement", ["L1", "1/(2m)", "less than 0.8", "L(ŷ, 1)"])
def test_feedback_says_which_statement_of_the_notes_misled(statement: str) -> None:
    texts = [m.rationale for m in MISCONCEPTIONS if "The notes" in m.rationale]

    assert any(statement in text for text in texts)


DETERMINISTIC = [name for name in NAMES if name not in ("dropout_forward", "forward_with_dropout", "random_crop")]


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_a_small_error_in_one_entry_loses_points_and_gets_no_name(grade: Grade, name: str) -> None:
    """One entry of every answer is off by 0.1 % (by 1 where it is a whole number)."""
    rng = np.random.default_rng(11)

    def disturbed(*args: Any) -> Any:
        value = getattr(REFERENCE, name)(*args)
        if isinstance(value, dict):
            key = str(rng.choice(list(value)))
            return value | {key: off_by_little(value[key], rng)}
        return value + 1 if isinstance(value, int) else off_by_little(value, rng)

    for seed in range(5):
        result = grade(name, disturbed, seed=seed)

        assert result.score < result.max_score
        assert said(result) & KEYS <= {"counted_from_one"}  # which an index that is off by 1 is


def off_by_little(value: Any, rng: np.random.Generator) -> Array:
    array = np.array(value, dtype=float)
    large = np.flatnonzero(np.abs(array) >= np.abs(array).max() / 10)
    array[np.unravel_index(rng.choice(large), array.shape)] *= 1 + 1e-3
    return array


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [None, 0, "x", [], [[0.5], [0.5, 0.5]], (), {}, np.zeros((0,)), 1j, np.nan, (None, None), (1, 2, 3), {"W1": "x"}],
    ids=repr,
)
def test_strange_return_values_lose_the_points(grade: Grade, name: str, answer: Any) -> None:
    result = grade(name, lambda *args: answer)

    assert result.score == 0


# what must be accepted


def dropout_by_choice(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    mask = rng.choice([1, 0], size=A.shape, p=[keep_prob, 1 - keep_prob])
    return [(A * mask / keep_prob).tolist(), mask]


def dropout_from_the_other_end(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    mask = rng.random(A.shape) >= 1 - keep_prob
    return np.where(mask, A / keep_prob, 0), mask


def dropout_of_transposed_numbers(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    mask = (rng.random(A.shape[::-1]) < keep_prob).T
    return A * mask / keep_prob, mask.astype(np.int8)


def forward_with_all_masks_drawn_first(X: Array, parameters: Any, keep_probs: Any, rng: np.random.Generator) -> Any:
    masks = [rng.random((parameters[f"b{i}"].size, X.shape[1])) < p for i, p in enumerate(keep_probs, start=1)]
    A, caches = X, []
    for layer in range(1, len(masks) + 2):
        Z = parameters[f"W{layer}"] @ A + parameters[f"b{layer}"]
        caches.append(((A, parameters[f"W{layer}"], parameters[f"b{layer}"]), Z))
        if layer <= len(masks):
            A = np.maximum(masks[layer - 1] * Z / keep_probs[layer - 1], 0)  # the same, since relu keeps factors
    return 1 / (1 + np.exp(-Z)), caches, masks


def crop_column_first(images: Array, size: int, rng: np.random.Generator) -> Any:
    crops = []
    for image in images[::-1]:
        c, r = rng.integers(image.shape[1] - size + 1), rng.integers(image.shape[0] - size + 1)
        crops.append(image[r : r + size, c : c + size].tolist())
    return crops[::-1]


def backward_with_large_epsilon(AL: Array, Y: Array, caches: Any, masks: Any, keep_probs: Any) -> Any:
    dAL = -Y / (AL + 1e-8) + (1 - Y) / (1 - AL + 1e-8)
    return REFERENCE.backward_with_dropout(dAL * AL * (1 - AL) + Y, Y, caches, masks, keep_probs)


def in_single(function: str) -> Callable[..., Any]:
    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: convert(entry) for key, entry in value.items()}
        if isinstance(value, tuple | list):
            return [convert(entry) for entry in value]
        return np.float32(value)

    return lambda *args: convert(getattr(REFERENCE, function)(*args))


ACCEPTED: dict[str, tuple[str, Callable[..., Any]]] = {
    "a cost of shape (1, 1)": ("l2_penalty", lambda *args: np.array([[REFERENCE.l2_penalty(*args)]])),
    "a cost as a 0-d array": ("l1_penalty", lambda *args: np.array(REFERENCE.l1_penalty(*args))),
    "another way to draw the mask": ("dropout_forward", dropout_by_choice),
    "the upper end of the numbers is kept": ("dropout_forward", dropout_from_the_other_end),
    "the mask drawn in another order": ("dropout_forward", dropout_of_transposed_numbers),
    "all masks drawn before the layers": ("forward_with_dropout", forward_with_all_masks_drawn_first),
    "an epsilon of 1e-8 in the denominators": ("backward_with_dropout", backward_with_large_epsilon),
    "more gradients than were asked for": (
        "backward_with_dropout",
        lambda *args: REFERENCE.backward_with_dropout(*args) | {"dA0": None, "dZ1": np.zeros(3)},
    ),
    "an index as a float": ("early_stopping", lambda *args: float(REFERENCE.early_stopping(*args))),
    "an index as an array": ("early_stopping", lambda *args: np.array([REFERENCE.early_stopping(*args)])),
    "places drawn image by image, from the last one": ("random_crop", crop_column_first),
    **{f"single precision in {name}": (name, in_single(name)) for name in NAMES},
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_accepted_is(grade: Grade, what: str) -> None:
    name, function = ACCEPTED[what]

    for seed in range(5):
        result = grade(name, function, seed=seed)

        assert said(result) == set()
        assert result.score == result.max_score


def test_a_mask_of_numbers_gives_advice(grade: Grade) -> None:
    result = grade("dropout_forward", dropout_of_transposed_numbers)

    assert [feedback.key for feedback in result.advice] == ["mask_not_boolean"]


# what the tests say of mistakes in code that draws its numbers in a way of its own


def own(change: Callable[..., Any]) -> Callable[..., Any]:
    """dropout_forward with numbers drawn the other way round; `change` makes the result of A, mask and keep_prob."""

    def dropout(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
        return change(A, 1 - rng.random(A.shape) <= keep_prob, keep_prob)

    return dropout


def shared(axis: int) -> Callable[..., Any]:
    def dropout(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
        lines = 1 - rng.random((A.shape[0], 1) if axis else (1, A.shape[1])) <= keep_prob
        mask = np.broadcast_to(lines, A.shape).copy()
        return A * mask / keep_prob, mask

    return dropout


def fixed_number(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    ranks = rng.random(A.size).argsort().argsort().reshape(A.shape)
    mask = ranks >= A.size - round(keep_prob * A.size)
    return A * mask / keep_prob, mask


def fixed_number_in_rows(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    mask = rng.random(A.shape).argsort(axis=1).argsort(axis=1) < round(keep_prob * A.shape[1])
    return A * mask / keep_prob, mask


def half_always(A: Array, keep_prob: float, rng: np.random.Generator) -> Any:
    mask = 1 - rng.random(A.shape) <= 0.5
    return A * mask / keep_prob, mask


def forward_of(change: Callable[..., Any]) -> Callable[..., Any]:
    """forward_with_dropout with a dropout of its own; `change`(A, mask, keep_prob) gives A_dropped."""

    def forward(X: Array, parameters: Any, keep_probs: Any, rng: np.random.Generator) -> Any:
        A, caches, masks = X, [], []
        for layer in range(1, len(keep_probs) + 2):
            W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
            Z = W @ A + b
            caches.append(((A, W, b), Z))
            if layer <= len(keep_probs):
                masks.append(1 - rng.random(Z.shape) <= keep_probs[layer - 1])
                A = change(np.maximum(0, Z), masks[-1], keep_probs[layer - 1])
        return 1 / (1 + np.exp(-Z)), caches, masks

    return forward


def mask_for_the_output(*args: Any) -> Any:
    AL, caches, masks = forward_of(lambda A, mask, p: A * mask / p)(*args)
    return AL, caches, [*masks, np.ones(AL.shape, dtype=bool)]


def crops_at(place: Callable[..., Any], order: Callable[..., Any] = lambda m, rng: range(m)) -> Callable[..., Any]:
    def crop(images: Array, size: int, rng: np.random.Generator) -> Any:
        m, h, w = images.shape
        crops = []
        for i in order(m, rng):
            c, r = place(w - size, rng), place(h - size, rng)
            crops.append(images[i, r : r + size, c : c + size])
        return np.stack(crops)

    return crop


def one_place(images: Array, size: int, rng: np.random.Generator) -> Any:
    c, r = rng.integers(images.shape[2] - size + 1), rng.integers(images.shape[1] - size + 1)
    return images[:, r : r + size, c : c + size]


def mirrored_windows(*args: Any) -> Any:
    return crops_at(lambda last, rng: rng.integers(last + 1))(*args)[:, :, ::-1]


def uneven(last: int, rng: np.random.Generator) -> int:
    return int(np.rint(rng.random() * last))


TOLD: list[tuple[str, str, Callable[..., Any]]] = [
    ("dropout_forward", "kept_not_scaled", own(lambda A, mask, p: (A * mask, mask))),
    ("dropout_forward", "kept_multiplied", own(lambda A, mask, p: (A * mask * p, mask))),
    ("dropout_forward", "kept_divided_by_drop_probability", own(lambda A, mask, p: (A * mask / (1 - p or 1), mask))),
    ("dropout_forward", "mask_exchanged", own(lambda A, mask, p: (A * mask / p, ~mask))),
    ("dropout_forward", "wrong_kept_fraction", own(lambda A, mask, p: (A * ~mask / p, ~mask))),
    ("dropout_forward", "wrong_kept_fraction", half_always),
    ("dropout_forward", "too_many_kept", half_always),
    ("dropout_forward", "drops_although_all_is_kept", half_always),
    ("dropout_forward", "entries_share_their_fate", shared(0)),
    ("dropout_forward", "entries_share_their_fate", shared(1)),
    ("dropout_forward", "fixed_number_kept", fixed_number),
    ("dropout_forward", "fixed_number_kept", fixed_number_in_rows),
    ("dropout_backward", "other_entries_than_in_forward", lambda dA, mask, p: dA * mask[::-1] / p),
    ("forward_with_dropout", "masks_without_effect", forward_of(lambda A, mask, p: A)),
    ("forward_with_dropout", "layers_not_scaled", forward_of(lambda A, mask, p: A * mask)),
    ("forward_with_dropout", "masks_exchanged", forward_of(lambda A, mask, p: A * ~mask / p)),
    ("forward_with_dropout", "masks_without_hidden_layers", mask_for_the_output),
    ("random_crop", "one_place_for_all", one_place),
    ("random_crop", "last_place_never_drawn", crops_at(lambda last, rng: rng.integers(max(last, 1)))),
    ("random_crop", "places_not_equally_likely", crops_at(uneven)),
    ("random_crop", "no_window", mirrored_windows),
    (
        "random_crop",
        "crop_of_another_image",
        crops_at(lambda last, rng: rng.integers(last + 1), lambda m, rng: np.roll(range(m), 1)),
    ),
]


@pytest.mark.parametrize(("name", "key", "function"), TOLD, ids=[f"{name}-{key}" for name, key, _ in TOLD])
def test_a_mistake_with_numbers_of_its_own_is_told(
    grade: Grade, name: str, key: str, function: Callable[..., Any]
) -> None:
    for seed in range(5):
        result = grade(name, function, seed=seed)

        assert result.score < result.max_score
        assert key in said(result)


def test_numbers_from_elsewhere_lose_the_points_for_rng(grade: Grade) -> None:
    elsewhere = np.random.default_rng(0)

    result = grade("dropout_forward", lambda A, keep_prob, rng: REFERENCE.dropout_forward(A, keep_prob, elsewhere))

    assert said(result) == {"not_deterministic"}
    assert result.max_score - result.score == 1


def test_numbers_that_do_not_depend_on_rng_lose_points(grade: Grade) -> None:
    def fixed(images: Array, size: int, rng: np.random.Generator) -> Any:
        return REFERENCE.random_crop(images, size, np.random.default_rng(1))

    result = grade("random_crop", fixed)

    assert "argument_ignored" in said(result)


# how often right code is rejected, computed exactly


def binomial(n: int, p: float) -> Array:
    """The probabilities of 0, …, n."""
    k = np.arange(n + 1)
    choose = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    return np.exp(choose + k * math.log(p) + (n - k) * math.log(1 - p))


def test_false_alarms_of_the_kept_share_are_below_one_in_a_million() -> None:
    z, n, total = NormalDist().inv_cdf(1 - 1e-7 / 2), 3000, 0.0
    for p in (0.8, 0.5, 0.25):
        is_rejected = np.abs(np.arange(n + 1) / n - p) > z * math.sqrt(p * (1 - p) / n)
        total += binomial(n, p)[is_rejected].sum()

    assert 1e-7 < total < 5e-7


def test_false_alarms_of_the_visible_share_are_below_one_in_a_hundred_million() -> None:
    assert binomial(100, 0.1)[35:].sum() < 1e-8


def test_false_alarms_of_the_fixed_number_are_below_one_in_a_billion() -> None:
    assert (binomial(180, 0.5) ** 9).sum() < 1e-9


@pytest.mark.parametrize(("lines", "length"), [(60, 80), (80, 60)])
def test_false_alarms_of_the_shared_fate_are_below_one_in_ten_million(lines: int, length: int) -> None:
    """Chernoff's bound for the sum of squared deviations of `lines` independent counts, without chi-square."""
    p = binomial(length, 0.5)
    squares = (np.arange(length + 1) - length / 2) ** 2 / (length / 4)

    def bound(limit: float, slopes: Array) -> float:
        logs = [lines * (math.log(float(p @ np.exp(t * squares))) - t * limit) for t in slopes]
        return math.exp(min(logs))

    assert bound(3.0, np.linspace(0.05, 0.45, 41)) + bound(0.2, -np.linspace(0.5, 4, 36)) < 4e-8


def test_false_alarms_of_the_places_are_below_one_in_ten_million() -> None:
    n, total = 1200, 0.0
    for places in (3, 4, 12):
        q, p = np.arange(n + 1) / n, 1 / places
        with np.errstate(divide="ignore", invalid="ignore"):
            divergence = np.nan_to_num(q * np.log(q / p)) + np.nan_to_num((1 - q) * np.log((1 - q) / (1 - p)))
        total += places * binomial(n, p)[n * divergence > math.log(40 / 1e-7)].sum()

    assert total < 1e-7
