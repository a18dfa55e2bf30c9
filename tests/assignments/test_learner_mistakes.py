"""Mistakes that learners were seen to make, in exercises beside `deep_network` and `activations`: each gets its name.

The ids are those of the list of mistakes that the project was planned with; test_deep_network.py has the tables of its
own assignment and of `activations`. What no exercise asks for is listed here with the reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader import manifest
from grader.course import load_reference
from grader.model import ExerciseResult, SandboxMode, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import GradingSession, hidden_session

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]
Grade = Callable[[str, str, Function], ExerciseResult]

COURSE = Path(__file__).resolve().parents[2]
SEED = hashlib.sha256(b"learner mistakes").hexdigest()


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# logistic_regression


def integers_for_the_sigmoid(z: Any) -> Any:
    a = np.zeros_like(z)
    for index, x in np.ndenumerate(z):
        a[index] = 1 / (1 + np.exp(-x))
    return a


def ascent(w: Array, b: float, X: Array, Y: Array, learning_rate: float, iterations: int) -> Any:
    return descent(w, b, X, Y, learning_rate, iterations, step=lambda old, gradient: old + learning_rate * gradient)


def step_without_the_old(w: Array, b: float, X: Array, Y: Array, learning_rate: float, iterations: int) -> Any:
    return descent(w, b, X, Y, learning_rate, iterations, step=lambda old, gradient: learning_rate * gradient)


def descent(w: Any, b: Any, X: Array, Y: Array, rate: float, iterations: int, step: Function) -> Any:
    costs = []
    for _ in range(iterations):
        A = sigmoid(w.T @ X + b)
        costs.append(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))
        w, b = step(w, X @ (A - Y).T / X.shape[1]), step(b, np.mean(A - Y))
    return w, b, costs


# shallow_network


def normal(n_x: int, n_h: int, n_y: int, rng: np.random.Generator, scale: float = 0.01) -> dict[str, Array]:
    return {
        "W1": rng.normal(size=(n_h, n_x)) * scale,
        "b1": np.zeros((n_h, 1)),
        "W2": rng.normal(size=(n_y, n_h)) * scale,
        "b2": np.zeros((n_y, 1)),
    }


def start_by(draw: Callable[..., Array]) -> Function:
    """initialize_parameters with W1 and W2 drawn by draw(rng, n, n_prev, scale)."""

    def initialize_parameters(n_x: int, n_h: int, n_y: int, rng: Any, scale: float = 0.01) -> dict[str, Array]:
        drawn = {"W1": draw(rng, n_h, n_x, scale), "W2": draw(rng, n_y, n_h, scale)}
        return drawn | {"b1": np.zeros((n_h, 1)), "b2": np.zeros((n_y, 1))}

    return initialize_parameters


def forward_of(p: Any, X: Array) -> tuple[Array, dict[str, Array]]:
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = p["W2"] @ A1 + p["b2"]
    return sigmoid(Z2), {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": sigmoid(Z2)}


def backward_of(parameters: Any, cache: Any, X: Array, Y: Array, slope: Function = lambda c: 1 - c["A1"] ** 2) -> Any:
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dZ1 = np.dot(parameters["W2"].T, dZ2) * slope(cache)
    return {
        "dW1": np.dot(dZ1, X.T) / m,
        "db1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "dW2": np.dot(dZ2, cache["A1"].T) / m,
        "db2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def backward_with(change: Callable[[dict[str, Array], int], dict[str, Any]]) -> Function:
    def backward(parameters: Any, cache: Any, X: Array, Y: Array) -> Any:
        grads = backward_of(parameters, cache, X, Y)
        return grads | change(grads, X.shape[1])

    return backward


def backward_by_slope(slope: Function) -> Function:
    return lambda parameters, cache, X, Y: backward_of(parameters, cache, X, Y, slope)


def db1_of(sum_up: Callable[[Array, int], Any]) -> Function:
    """backward with the gradients of the biases made by sum_up(dZ, m)."""

    def backward(parameters: Any, cache: Any, X: Array, Y: Array) -> Any:
        m, dZ2 = X.shape[1], cache["A2"] - Y
        dZ1 = parameters["W2"].T @ dZ2 * (1 - cache["A1"] ** 2)
        return backward_of(parameters, cache, X, Y) | {"db1": sum_up(dZ1, m), "db2": sum_up(dZ2, m)}

    return backward


def fit_updating_too_early(X: Array, Y: Array, n_h: int, learning_rate: float, iterations: int, rng: Any) -> Any:
    """The output layer takes its step before the gradients of the hidden layer are computed through it."""
    p, m, costs = normal(X.shape[0], n_h, 1, rng), X.shape[1], []
    for _ in range(iterations):
        A2, c = forward_of(p, X)
        costs.append(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))
        dZ2 = A2 - Y
        p["W2"] = p["W2"] - learning_rate * dZ2 @ c["A1"].T / m
        p["b2"] = p["b2"] - learning_rate * np.sum(dZ2, axis=1, keepdims=True) / m
        dZ1 = p["W2"].T @ dZ2 * (1 - c["A1"] ** 2)
        p["W1"] = p["W1"] - learning_rate * dZ1 @ X.T / m
        p["b1"] = p["b1"] - learning_rate * np.sum(dZ1, axis=1, keepdims=True) / m
    return p, costs


# initialization


def network(draw: Callable[[Any, int, int], Array]) -> Function:
    """xavier, glorot or he with W drawn by draw(rng, n, n_prev)."""

    def initialize(layer_dims: Any, rng: Any) -> dict[str, Array]:
        parameters = {}
        for layer, (n_prev, n) in enumerate(pairwise(layer_dims), start=1):
            parameters[f"W{layer}"] = draw(rng, n, n_prev)
            parameters[f"b{layer}"] = np.zeros((n, 1))
        return parameters

    return initialize


def scaled_uniform(layer_dims: Any, scale: float, rng: Any) -> Any:
    return network(lambda rng, n, k: rng.random((n, k)) * scale)(layer_dims, rng)


def zeros_transposed(layer_dims: Any) -> Any:
    return network(lambda rng, n, k: np.zeros((k, n)))(layer_dims, None)


# regularization


def weights(parameters: Any) -> list[Array]:
    return [parameters[f"W{layer}"] for layer in range(1, len(parameters) // 2 + 1)]


def sum_of_squares(arrays: Any) -> Any:
    return sum(np.sum(np.square(array)) for array in arrays)


def mask_by(draw: Callable[[Any, Any, float], Array], scale: Callable[[Array, float], Array]) -> Function:
    def dropout_forward(A: Array, keep_prob: float, rng: Any) -> Any:
        mask = draw(rng, A.shape, keep_prob)
        return scale(A * mask, keep_prob), mask

    return dropout_forward


def below(rng: Any, shape: Any, keep_prob: float) -> Array:
    return rng.random(shape) < keep_prob


def new_mask_backward(dA: Array, mask: Array, keep_prob: float) -> Array:
    return dA * (np.random.RandomState(1).rand(*dA.shape) < keep_prob) / keep_prob


def dropping_the_output(X: Array, parameters: Any, keep_probs: Any, rng: Any) -> Any:
    A, caches, masks, L = X, [], [], len(parameters) // 2
    for layer in range(1, L + 1):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        caches.append(((A, W, b), Z))
        A = np.maximum(0, Z) if layer < L else sigmoid(Z)
        keep_prob = keep_probs[min(layer, L - 1) - 1] if keep_probs else 1.0
        mask = rng.random(A.shape) < keep_prob
        A = A * mask / keep_prob
        masks.append(mask)
    return A, caches, masks


# training_practice


def shuffled_by_two_orders(X: Array, Y: Array, sizes: Any, rng: Any) -> Any:
    X, Y = X[:, rng.permutation(X.shape[1])], Y[:, rng.permutation(X.shape[1])]
    ends = np.cumsum(sizes)
    return tuple((X[:, end - size : end], Y[:, end - size : end]) for size, end in zip(sizes, ends, strict=True))


def own_statistics(X: Array, mean: Array, std: Array) -> Array:
    own = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(own == 0, 1, own)


LR, SN, IN, RE, GC, TP = (
    "logistic_regression",
    "shallow_network",
    "initialization",
    "regularization",
    "gradient_checking",
    "training_practice",
)
SEEN: list[tuple[str, str, str, Function, str]] = [
    ("M02", SN, "backward", backward_by_slope(lambda c: 1 - c["Z1"] ** 2), "slope_from_z1"),
    ("M12", LR, "sigmoid", lambda z: 1 / (1 + float(np.exp(-z))), "hint_size_one"),
    ("M13", LR, "sigmoid", lambda z: np.exp(z) / np.sum(np.exp(z)), "softmax_in_place_of_sigmoid"),
    ("M19", LR, "cross_entropy_cost", lambda A, Y: np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)), "minus_forgotten"),
    (
        "M20",
        LR,
        "cross_entropy_cost",
        lambda A, Y: -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)),
        "sum_instead_of_mean",
    ),
    ("M20", LR, "squared_error_cost", lambda A, Y: 0.5 * np.sum((Y - A) ** 2), "losses_summed_up"),
    (
        "M20",
        SN,
        "cross_entropy_cost",
        lambda A, Y: -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)),
        "sum_instead_of_mean",
    ),
    (
        "M22",
        LR,
        "cross_entropy_cost",
        lambda A, Y: -np.sum(Y * np.log(A).T + (1 - Y) * np.log(1 - A).T) / Y.size,
        "every_label_with_every_prediction",
    ),
    ("M23", LR, "cross_entropy_cost", lambda A, Y: -np.dot(Y, np.log(A)) - np.dot(1 - Y, np.log(1 - A)), "hint_shapes"),
    (
        "M23",
        SN,
        "cross_entropy_cost",
        lambda A, Y: -(np.dot(Y.T, np.log(A)) + np.dot((1 - Y).T, np.log(1 - A))) / Y.size,
        "table_of_all_pairs",
    ),
    ("M24", LR, "cross_entropy_cost", lambda A, Y: -np.mean(Y * np.log(A)), "only_the_ones_count"),
    (
        "M27",
        LR,
        "cross_entropy_cost",
        lambda A, Y: -np.mean(Y * np.log(A + 1e-5) + (1 - Y) * np.log(1 - A + 1e-5)),
        "epsilon_too_large",
    ),
    ("M29", LR, "squared_error_cost", lambda A, Y: np.linalg.norm(Y - A) ** 2, "sum_of_squares"),
    (
        "M30",
        LR,
        "cross_entropy_cost",
        lambda A, Y: -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)),
        "logarithm_of_zero",
    ),
    (
        "M31",
        RE,
        "l2_penalty",
        lambda p, lambd, m: lambd / (2 * m) * sum(map(np.linalg.norm, weights(p))),
        "l2_penalty_norm_not_squared",
    ),
    (
        "M33",
        RE,
        "l2_penalty",
        lambda p, lambd, m: lambd / (2 * m) * sum_of_squares(p.values()),
        "l2_penalty_with_biases",
    ),
    ("M35", RE, "l2_penalty", lambda p, lambd, m: lambd / m * sum_of_squares(weights(p)), "l2_penalty_without_half"),
    (
        "M36",
        RE,
        "l2_penalty",
        lambda p, lambd, m: 2 * lambd * sum_of_squares(weights(p)) / (2 * m),
        "l2_penalty_without_half",
    ),
    ("M37", RE, "l2_gradient", lambda dW, W, lambd, m: dW + lambd * W / m / 2, "l2_gradient_with_half"),
    ("M38", RE, "l2_gradient", lambda dW, W, lambd, m: dW + lambd / (2 * m) * W, "l2_gradient_with_half"),
    (
        "M38",
        RE,
        "weight_decay_update",
        lambda W, dW, rate, lambd, m: W - rate * (dW + lambd / (2 * m) * W),
        "decay_by_half",
    ),
    ("M40", RE, "l2_gradient", lambda dW, W, lambd, m: dW, "l2_gradient_penalty_forgotten"),
    ("M41", RE, "l2_penalty", lambda p, lambd, m: sum_of_squares(weights(p)) / (2 * m), "l2_penalty_without_lambda"),
    (
        "M42",
        RE,
        "l2_penalty",
        lambda p, lambd, m: lambd / (2 * m) * sum_of_squares(weights(p)[:-1]),
        "l2_penalty_without_last_layer",
    ),
    (
        "M46",
        RE,
        "l2_penalty",
        lambda p, lambd, m: lambd / (2 * m) * sum_of_squares([p["W1"], p["W2"]]),
        "l2_penalty_of_two_layers",
    ),
    ("M47", LR, "forward", lambda w, b, X: sigmoid(np.dot(w.T, X)), "bias_forgotten"),
    ("M47", SN, "forward", lambda X, p: forward_of(p | {"b1": 0, "b2": 0}, X), "biases_forgotten"),
    ("M48", SN, "backward", db1_of(lambda dZ, m: np.sum(dZ) / m), "both_db_summed_over_everything"),
    ("M49", SN, "backward", db1_of(lambda dZ, m: np.sum(dZ, axis=0, keepdims=True) / m), "db_summed_over_units"),
    ("M50", SN, "backward", db1_of(lambda dZ, m: np.sum(dZ, axis=1, keepdims=True)), "missing_mean_in_biases"),
    ("M50", LR, "backward", lambda X, A, Y: (X @ (A - Y).T / X.shape[1], np.sum(A - Y)), "missing_mean_in_db"),
    ("M51", SN, "backward", db1_of(lambda dZ, m: dZ / m), "db_not_summed"),
    ("M51", LR, "backward", lambda X, A, Y: (X @ (A - Y).T / X.shape[1], A - Y), "db_not_summed"),
    ("M52", LR, "backward", lambda X, A, Y: (X @ (A - Y).T, np.mean(A - Y)), "missing_mean_in_dw"),
    ("M52", SN, "backward", backward_with(lambda g, m: {k: v / m for k, v in g.items()}), "mean_taken_twice"),
    ("M53", LR, "forward", lambda w, b, X: sigmoid(w * X + b), "weights_times_inputs_by_entries"),
    ("M53", LR, "backward", lambda X, A, Y: (X * (A - Y) / X.shape[1], np.mean(A - Y)), "dw_by_entries"),
    ("M54", SN, "backward", backward_by_slope(lambda c: 1 - np.dot(c["A1"].T, c["A1"])), "hint_shapes"),
    ("M56", SN, "fit", fit_updating_too_early, "updated_during_backward"),
    (
        "M60",
        SN,
        "update_parameters",
        lambda p, g, a: p | {k: p[k] - a * g["d" + k] for k in ("W2", "b2")},
        "hidden_layer_not_updated",
    ),
    ("M63", SN, "update_parameters", lambda p, g, a: {k: a * g["d" + k] for k in p}, "step_instead_of_parameters"),
    ("M63", LR, "gradient_descent", step_without_the_old, "step_in_place_of_parameters"),
    ("M65", SN, "update_parameters", lambda p, g, a: {k: p[k] + a * g["d" + k] for k in p}, "ascent"),
    ("M65", LR, "gradient_descent", ascent, "ascent"),
    ("M66", SN, "update_parameters", lambda p, g, a: {k: p[k] - a * g[k] for k in p}, "hint_parameter_key"),
    ("M69", LR, "initialize_parameters", lambda n_x: (np.zeros(n_x), 0.0), "weights_without_second_dimension"),
    ("M69", LR, "squared_error_cost", lambda A, Y: np.mean((A - Y.reshape(-1, 1)) ** 2) / 2, "errors_of_all_pairs"),
    ("M70", LR, "cross_entropy_cost", lambda A, Y: None, "nothing_returned"),
    ("M70", SN, "backward", lambda p, cache, X, Y: {}, "missing_key"),
    ("M70", RE, "l1_penalty", lambda p, lambd, m: 0, "wrong_number"),
    (
        "M71",
        SN,
        "initialize_parameters",
        start_by(lambda r, n, k, s: r.random((n, k)) * s),
        "uniform_instead_of_normal",
    ),
    ("M71", IN, "scaled_normal", scaled_uniform, "scaled_normal_never_negative"),
    ("M71", IN, "he", network(lambda r, n, k: r.random((n, k)) * np.sqrt(2 / k)), "he_never_negative"),
    ("M72", IN, "he", network(lambda r, n, k: r.normal(size=(n, k)) * 2 / np.sqrt(k)), "he_root_of_denominator_only"),
    ("M72", IN, "he", network(lambda r, n, k: r.normal(size=(n, k)) * np.sqrt(2) / k), "he_root_of_numerator_only"),
    ("M72", IN, "he", network(lambda r, n, k: r.normal(size=(n, k)) * 2 / k), "he_variance_as_factor"),
    ("M73", SN, "initialize_parameters", start_by(lambda r, n, k, s: r.normal(size=(n, k))), "scale_forgotten"),
    ("M73", IN, "xavier", network(lambda r, n, k: r.normal(size=(n, k)) * 10), "xavier_fixed_large_factor"),
    ("M75", SN, "initialize_parameters", start_by(lambda r, n, k, s: r.normal(size=(k, n)) * s), "weights_transposed"),
    ("M75", IN, "zeros", zeros_transposed, "zeros_transposed"),
    ("M75", IN, "he", network(lambda r, n, k: r.normal(size=(n, k)) * np.sqrt(2 / n)), "he_fan_out_for_fan_in"),
    (
        "M77",
        RE,
        "dropout_forward",
        mask_by(lambda r, s, p: r.standard_normal(s) < p, lambda A, p: A / p),
        "normal_numbers_compared",
    ),
    ("M78", RE, "dropout_forward", mask_by(below, lambda A, p: A), "scaling_forgotten"),
    ("M79", RE, "dropout_forward", mask_by(below, lambda A, p: A / (1 - p)), "divided_by_drop_probability"),
    ("M80", RE, "dropout_forward", mask_by(lambda r, s, p: r.random(s) > p, lambda A, p: A / p), "comparison_inverted"),
    ("M82", RE, "forward_with_dropout", dropping_the_output, "output_dropped_with_mask"),
    ("M83", RE, "dropout_backward", lambda dA, mask, keep_prob: dA * mask, "scaling_forgotten_backward"),
    ("M86", RE, "dropout_backward", new_mask_backward, "mask_drawn_anew_with_global_seed"),
    ("M89", TP, "normalize", own_statistics, "with_its_own_statistics"),
    (
        "M90",
        TP,
        "fit_normalizer",
        lambda X: (np.mean(X, 1, keepdims=True), np.var(X, 1, keepdims=True)),
        "variance_instead_of_std",
    ),
    ("M90", TP, "fit_normalizer", lambda X: (X.mean(), X.std()), "over_everything"),
    ("M90", TP, "fit_normalizer", lambda X: (X.mean(axis=0), X.std(axis=0)), "over_the_features_without_keepdims"),
    ("M91", TP, "train_dev_test_split", shuffled_by_two_orders, "x_and_y_shuffled_independently"),
    ("M94", SN, "backward", backward_with(lambda g, m: {"dW2": 2 * g["dW2"]}), "pattern_factor"),
    ("M94", SN, "backward", backward_with(lambda g, m: {"db1": 4 * g["db1"]}), "pattern_factor"),
    (
        "M94",
        GC,
        "gradient_check",
        lambda f, gradient, theta, epsilon=1e-5, threshold=1e-6: (0.0, True),
        "always_passes",
    ),
    ("M105", LR, "sigmoid", lambda z: np.float(1) / (1 + np.exp(-z)), "raised_at_call"),
]

# In the tables SEEN and SEEN_IN_ACTIVATIONS of test_deep_network.py, or in a test there that names the id.
SEEN_IN_DEEP_NETWORK_AND_ACTIVATIONS = set(
    re.findall(r"\bM\d{2,3}\b", (Path(__file__).parent / "test_deep_network.py").read_text(encoding="utf-8"))
)
ADVISED_HERE = {"M28"}

NO_EXERCISE = {
    "M14": "softmax along the wrong axis: every output layer here is one sigmoid",
    "M15": "softmax without a shift: as M14",
    "M16": "softmax shifted by the maximum of all rows: as M14",
    "M17": "derivative of softmax without its cross terms: as M14",
    "M25": "cross-entropy of a class at a time for a softmax target: all labels here are 0 or 1",
    "M68": "inputs that are not flattened: all inputs here are matrices",
    "M87": "dropout while predicting: no exercise predicts with a network that has dropout",
    "M92": "the last mini-batch: training uses all examples in every step",
    "M93": "a loop variable used after the loop over mini-batches: as M92",
    "M95": "Adam, power of the decay: gradient descent is the only optimizer",
    "M96": "Adam, its moments: as M95",
    "M97": "RMSProp and momentum: as M95",
    "M98": "Adam, shapes of its moments: as M95",
    "M100": "batch normalization: not in the notes",
    "M101": "derivative of batch normalization: as M100",
    "M102": "convolution, bias of a step: layers are fully connected",
    "M103": "convolution, strides and borders: as M102",
    "M104": "confusion matrix, one-hot labels: predictions are compared by their share of right ones",
}

# Every id that the list has; numbers that are not there were given up while it was made.
GIVEN_UP = {3, 4, 5, 6, 21, 26, 32, 34, 39, 43, 44, 45, 55, 57, 58, 64, 67, 74, 76, 81, 84, 85, 88, 99}
ALL_IDS = {f"M{number:02}" for number in range(1, 106) if number not in GIVEN_UP}


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grades one exercise of an assignment: the reference, with this exercise replaced."""
    sessions: dict[str, GradingSession] = {}
    functions: dict[str, Any] = {}
    with ExitStack() as stack:

        def grade_one(name: str, exercise: str, function: Function) -> ExerciseResult:
            assignment = manifest.load(COURSE, name)
            functions[name] = SimpleNamespace(**vars(load_reference(assignment)) | {exercise: function})
            if name not in sessions:
                session = hidden_session(
                    assignment, spawn=lambda limits: FakeWorker(functions[name]), mode=SandboxMode.NONE
                )
                sessions[name] = stack.enter_context(session)
            submission = Submission(student="ada", file_name=f"{name}.py", source=b"", sha256="")
            result = sessions[name].grade(submission, SEED, only=[exercise])
            assert result.error is None
            return result.exercises[0]

        yield grade_one


@pytest.mark.parametrize(
    ("mistake", "assignment", "exercise", "function", "key"), SEEN, ids=[f"{m}-{a}-{k}" for m, a, _, _, k in SEEN]
)
def test_a_mistake_that_learners_make_is_named(
    grade: Grade, mistake: str, assignment: str, exercise: str, function: Function, key: str
) -> None:
    result = grade(assignment, exercise, function)

    assert result.score < result.max_score
    assert key in {feedback.key for test in result.tests if test.score < test.max_score for feedback in test.feedback}


def test_a_cost_of_shape_1_1_is_advice(grade: Grade) -> None:
    """M28."""

    def cost(A: Array, Y: Array) -> Any:
        return -(Y @ np.log(np.clip(A, 1e-15, 1)).T + (1 - Y) @ np.log(np.clip(1 - A, 1e-15, 1)).T) / Y.shape[1]

    result = grade(LR, "cross_entropy_cost", cost)

    assert result.score == result.max_score
    assert "size_one" in {feedback.key for feedback in result.advice}


def test_every_mistake_of_the_list_is_named_somewhere_or_fits_no_exercise() -> None:
    named = {mistake for mistake, *_ in SEEN} | ADVISED_HERE | SEEN_IN_DEEP_NETWORK_AND_ACTIVATIONS

    assert named & NO_EXERCISE.keys() == set()
    assert sorted(named | NO_EXERCISE.keys()) == sorted(ALL_IDS)


def test_every_assignment_has_mistakes_that_learners_were_seen_to_make() -> None:
    assert {assignment for _, assignment, *_ in SEEN} == {LR, SN, IN, RE, GC, TP}


@pytest.mark.parametrize(("name", "exercise"), sorted({(name, exercise) for _, name, exercise, *_ in SEEN}))
def test_the_reference_in_place_of_a_mistake_gets_full_marks(grade: Grade, name: str, exercise: str) -> None:
    reference = load_reference(manifest.load(COURSE, name))

    result = grade(name, exercise, getattr(reference, exercise))

    assert result.score == result.max_score
