"""he: standard deviation sqrt(2 / n_prev), for relu.

How the weights are drawn is free, normal or uniform around zero. So they are judged by their distribution; only where
they are recognised as the usual draws times a wrong factor is this said at once.
"""

import itertools
import math
import numpy as np
import pytest
from grader.checks import check_array, check_close, check_dict, check_finite, fail, is_close

pytestmark = pytest.mark.exercise("he")

CALL = "he(layer_dims, rng)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_network(student):
    """Sizes 5, 4, 3, 2: shapes, zero biases, weights of both signs and of the right size.

    38 weights are never all on one side of zero (false alarms: 2^-37).
    """
    layer_dims = [5, 4, 3, 2]

    weights = check_network(student.he(layer_dims, np.random.default_rng(1)), layer_dims)

    check_factor(weights, layer_dims, np.random.default_rng(1))
    check_signs(weights)


def std(n_prev, n):
    """The standard deviation of He initialization."""
    return math.sqrt(2 / n_prev)


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


def check_factor(weights, layer_dims, rng):
    """Fail where the weights are the draws that most people make with `rng`, times another factor than they should be.

    Whoever draws in another way gives other numbers, and is judged by nothing here.
    """
    state = rng.bit_generator.state
    for draw, unit_std in ((rng.standard_normal, 1.0), (lambda shape: rng.uniform(-1, 1, shape), 1 / math.sqrt(3))):
        rng.bit_generator.state = state
        for (name, W), (n_prev, n) in zip(named(weights), itertools.pairwise(layer_dims), strict=True):
            unit = draw((n, n_prev))
            factor = float(np.vdot(unit, W) / np.vdot(unit, unit))
            expected, found = std(n_prev, n), abs(factor) * unit_std
            if is_close(factor * unit, W) and abs(found / expected - 1) > 1e-4:
                fail(
                    "wrong_factor",
                    rationale=f"{name} has the standard deviation {found:.2g}; it should be {expected:.4g}.",
                    help="Multiply standard normal draws by np.sqrt(2 / n_prev), n_prev the units of the layer before.",
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
