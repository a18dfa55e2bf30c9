"""scaled_normal: one standard deviation for all layers.

How the weights are drawn is free, normal or uniform around zero. So they are judged by their distribution; only where
they are recognised as the usual draws times a wrong factor is this said at once.
"""

import itertools
import math

import numpy as np
import pytest

from grader.checks import (
    check_array,
    check_changes,
    check_close,
    check_deterministic,
    check_dict,
    check_finite,
    check_independent,
    check_mean,
    check_std,
    check_symmetric,
    fail,
    is_close,
)

pytestmark = pytest.mark.exercise("scaled_normal")

CALL = "scaled_normal(layer_dims, scale, rng)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_network(student):
    """Sizes 5, 4, 3, 2 and scale 0.5: shapes, zero biases, weights of both signs and of the right size.

    38 weights are never all on one side of zero (false alarms: 2^-37).
    """
    layer_dims = [5, 4, 3, 2]

    weights = check_network(student.scaled_normal(layer_dims, 0.5, np.random.default_rng(1)), layer_dims)

    check_factor(weights, layer_dims, 0.5, np.random.default_rng(1))
    check_signs(weights)


@pytest.mark.points(0.5)
def test_any_depth(student, rng):
    """Networks with two, five and one layers, some of them with a single unit: shapes and zero biases."""
    # One layer comes last: there the first layer is the last one, and what was left out could not be told.
    cases = [(sizes, 0.3, generator(rng)) for sizes in ([6, 3, 2], [2, 5, 1, 4, 3, 6], [7, 4])]

    for case, actual in zip(cases, student.map("scaled_normal", cases), strict=True):
        check_network(actual, case[0])


@pytest.mark.points(1)
def test_standard_deviation_is_the_scale(student, rng):
    """With scales 0.4 and 2.5 the standard deviation is the scale in both layers (false alarms: 4e-7)."""
    layer_dims = [100, 40, 70]
    cases = [(layer_dims, scale, generator(rng)) for scale in (0.4, 2.5)]

    for (_, scale, _), actual in zip(cases, student.map("scaled_normal", cases), strict=True):
        weights = check_network(actual, layer_dims)
        check_signs(weights)
        for (name, W), n_prev in zip(named(weights), layer_dims, strict=False):
            mistakes = {
                "it is 1, so the factor scale is missing": 1.0,
                "it is 0.01 whatever scale is": 0.01,
                "it is the square of scale": scale**2,
                "it is the root of scale": math.sqrt(scale),
                "it is 1 / scale": 1 / scale,
                "it is scale / sqrt(n_prev); here scale alone decides": scale / math.sqrt(n_prev),
                "it is sqrt(1 / n_prev); here scale decides": math.sqrt(1 / n_prev),
                "it is sqrt(2 / n_prev); here scale decides": math.sqrt(2 / n_prev),
                "the draws are uniform, and their limit is not their standard deviation": scale / math.sqrt(3),
            }
            check_std(W, scale, name=name, alternatives=mistakes)


@pytest.mark.points(0.5)
def test_weights_lie_around_zero(student, rng):
    """Mean 0, and half of the weights negative, in each of two large layers (false alarms: 4e-7).

    Their own spread is the measure, so that a wrong factor is no fault here.
    """
    layer_dims = [80, 50, 30]

    weights = check_network(student.scaled_normal(layer_dims, 0.4, generator(rng)), layer_dims)

    check_signs(weights)
    for name, W in named(weights):
        check_symmetric(W, name=name)
        check_mean(W, 0.0, float(W.std()), name=name)


@pytest.mark.points(0.5)
def test_weights_are_independent(student, rng):
    """Rows, columns, entries and layers have nothing to do with each other (false alarms: 5e-7).

    Normal or uniform draws do not repeat: of 1,600 in single precision two are equal now and then, a tenth never.
    """
    layer_dims = [40, 40, 40, 40]

    weights = check_network(student.scaled_normal(layer_dims, 0.4, generator(rng)), layer_dims)

    (W1, W2, W3), above = weights, np.triu_indices(40, 1)
    check_independent(W1, W2, name="W1 and W2")
    check_independent(W2, W3, name="W2 and W3")
    check_independent(W1[:-1], W1[1:], name="the rows of W1")
    check_independent(W1[:, :-1], W1[:, 1:], name="the columns of W1")
    check_independent(W1[above], W1.T[above], name="W1 and its transpose")
    if np.unique(W1).size < 0.9 * W1.size:
        fail(
            "weights_repeat",
            rationale="The same numbers occur again and again in W1.",
            help="Draw every entry by itself: rng.standard_normal(shape).",
        )


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student):
    """The same state of rng gives the same parameters, another one gives others."""
    layer_dims = [4, 3, 2]

    def call(seed):
        return student.scaled_normal(layer_dims, 0.4, np.random.default_rng(seed))

    first = check_deterministic(lambda: call(5), name=CALL)

    drawn = [check_network(parameters, layer_dims)[0] for parameters in (first, call(6))]
    check_changes(drawn, name="W1", argument="rng")


def check_network(actual, layer_dims):
    """The weight matrices of a network, after the check that all shapes are right and all biases zero."""
    sizes = list(enumerate(itertools.pairwise(layer_dims), start=1))
    last = len(sizes)
    if isinstance(actual, dict) and f"W{last - 1}" in actual and f"W{last}" not in actual and "W0" not in actual:
        fail(
            "last_layer_forgotten",
            rationale="The last layer is missing: layer_dims counts the input, too, so a list of L + 1 sizes makes L "
            "layers.",
            help="Let the layer run from 1 to len(layer_dims) - 1: range(1, len(layer_dims)).",
        )
    shapes = {f"W{layer}": (n, n_prev) for layer, (n_prev, n) in sizes}
    shapes |= {f"b{layer}": (n, 1) for layer, (_, n) in sizes}
    parameters = check_dict(actual, shapes, name=CALL)
    for layer, (_, n) in sizes:
        check_close(np.zeros((n, 1)), parameters[f"b{layer}"], name=f"b{layer}")
        check_finite(parameters[f"W{layer}"], name=f"W{layer}")
    return [check_array(parameters[f"W{layer}"], name=f"W{layer}") for layer, _ in sizes]


def check_factor(weights, layer_dims, scale, rng):
    """Fail where the weights are the draws that most people make with `rng`, times another factor than they should be.

    Whoever draws in another way gives other numbers, and is judged by nothing here.
    """
    state = rng.bit_generator.state
    for draw, unit_std in ((rng.standard_normal, 1.0), (lambda shape: rng.uniform(-1, 1, shape), 1 / math.sqrt(3))):
        rng.bit_generator.state = state
        for (name, W), (n_prev, n) in zip(named(weights), itertools.pairwise(layer_dims), strict=True):
            unit = draw((n, n_prev))
            factor = float(np.vdot(unit, W) / np.vdot(unit, unit))
            expected, found = scale, abs(factor) * unit_std
            if is_close(factor * unit, W) and abs(found / expected - 1) > 1e-4:
                fail(
                    "wrong_factor",
                    rationale=f"{name} has the standard deviation {found:.2g}; it should be {expected:.4g}.",
                    help="Multiply standard normal draws by scale, and by nothing else.",
                )


def check_signs(weights):
    """Fail when no weight is negative, or none is positive."""
    entries = np.concatenate([W.ravel() for W in weights])
    if not (entries < 0).any() or not (entries > 0).any():
        fail(
            "weights_of_one_sign",
            rationale="All weights have the same sign, or are zero; they should lie around zero. (The notes write "
            "np.random.rand, and that is a slip: rand is uniform on [0, 1), and never negative.)",
            help="Use rng.standard_normal((n, n_prev)), and multiply it by the factor.",
        )


def named(weights):
    return [(f"W{layer}", W) for layer, W in enumerate(weights, start=1)]


def generator(rng):
    """A generator of its own for one call, so that a mistake can be computed again from the same state."""
    return np.random.default_rng(int(rng.integers(1 << 32)))
