"""forward_with_dropout: relu and dropout in every hidden layer, sigmoid in the last one.

How the masks are drawn is free: everything else is compared with what follows from the masks that came back.
"""

import itertools

import numpy as np
import pytest

from grader.checks import (
    check_binary,
    check_changes,
    check_close,
    check_deterministic,
    check_independent,
    check_kept_fraction,
    fail,
    is_close,
    unpack,
)

pytestmark = pytest.mark.exercise("forward_with_dropout")

CALL = "forward_with_dropout(X, parameters, keep_probs, rng)"


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_the_output_follows_from_the_masks(student):
    """Sizes 2, 3, 2, 1 and keep_probs 0.7, 0.4: AL is computed from activations that the masks have dropped."""
    X = np.array([[1.0, 0.5, 2.0, 1.5], [0.5, 2.0, 1.0, 0.25]])
    parameters = {
        "W1": np.array([[0.5, 0.25], [-0.75, 0.5], [0.25, 1.0]]),
        "b1": np.array([[0.1], [0.2], [-0.3]]),
        "W2": np.array([[0.5, -0.25, 0.75], [-0.5, 1.0, 0.25]]),
        "b2": np.array([[0.2], [-0.1]]),
        "W3": np.array([[0.75, -0.5]]),
        "b3": np.array([[-0.25]]),
    }
    keep_probs = [0.7, 0.4]

    AL, _, masks = run(student, X, parameters, keep_probs, np.random.default_rng(2))

    check_output(X, parameters, keep_probs, masks, AL)


@pytest.mark.points(1)
def test_keeps_everything_with_probability_one(student, rng):
    """Sizes 3, 5, 4, 1 and keep_probs 1.0: an ordinary network."""
    X, parameters = draw(rng, [3, 5, 4, 1], 6)
    keep_probs = [1.0, 1.0]

    AL, _, masks = run(student, X, parameters, keep_probs, generator(rng))

    check_output(X, parameters, keep_probs, masks, AL)
    for number, mask in enumerate(masks, start=1):
        check_close(np.ones(mask.shape), mask, name=f"mask {number}, which should keep everything")


@pytest.mark.points(1.5)
def test_any_depth(student, rng):
    """One to five layers; without hidden layers there is no mask."""
    for layer_dims, keep_probs in (
        ([4, 1], []),
        ([3, 6, 1], [0.6]),
        ([5, 4, 6, 1], [0.3, 0.8]),
        ([4, 4, 4, 4, 1], [0.8, 0.6, 0.45]),
        ([2, 6, 5, 4, 3, 1], [0.9, 0.8, 0.5, 0.7]),
    ):
        X, parameters = draw(rng, layer_dims, 7)

        AL, _, masks = run(student, X, parameters, keep_probs, generator(rng))

        check_output(X, parameters, keep_probs, masks, AL)


@pytest.mark.points(1)
def test_the_caches_hold_what_the_layers_got(student, rng):
    """caches is the list of ((A_prev, W, b), Z): A_prev after dropout, Z before the activation."""
    X, parameters = draw(rng, [4, 6, 5, 1], 8)
    keep_probs = [0.7, 0.4]

    AL, caches, masks = run(student, X, parameters, keep_probs, generator(rng))

    check_output(X, parameters, keep_probs, masks, AL)
    _, expected = replay(X, parameters, keep_probs, masks)
    layers = unpack(caches, ("layer 1", "layer 2", "layer 3"), call="caches of forward_with_dropout")
    for number, ((wanted, Z), layer) in enumerate(zip(expected, layers, strict=True), start=1):
        found_affine, found_Z = unpack(layer, ("(A_prev, W, b)", "Z"), call=f"the cache of layer {number}")
        found = unpack(found_affine, ("A_prev", "W", "b"), call=f"(A_prev, W, b) in the cache of layer {number}")
        for name, array, actual in zip(("A_prev", "W", "b"), wanted, found, strict=True):
            check_close(array, actual, name=f"{name} in the cache of layer {number}")
        check_close(Z, found_Z, name=f"Z in the cache of layer {number}")


@pytest.mark.points(1.5)
def test_every_layer_keeps_its_own_share(student, rng):
    """Layers of 60 and 60 units with keep_probs 0.75 and 0.25: shares and independence (false alarms: below 1e-6).

    Seven checks at 5e-8 each; for masks with keep_prob 0.25 the normal approximation is off by a factor of up to 2.
    """
    X, parameters = draw(rng, [3, 60, 60, 1], 40)
    keep_probs = [0.75, 0.25]

    AL, _, masks = run(student, X, parameters, keep_probs, generator(rng))

    check_output(X, parameters, keep_probs, masks, AL)
    for number, (mask, keep_prob) in enumerate(zip(masks, keep_probs, strict=True), start=1):
        check_kept_fraction(mask, keep_prob, name=f"layer {number}", false_alarm=5e-8)
        check_independent(mask[0::2], mask[1::2], name=f"the units of mask {number}", false_alarm=5e-8)
        check_independent(mask[:, 0::2], mask[:, 1::2], name=f"the examples of mask {number}", false_alarm=5e-8)
    check_independent(*masks, name="the masks of two layers", false_alarm=5e-8)


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student, rng):
    """The same state of rng gives the same masks, another one gives others (false alarms: 2^-160)."""
    X, parameters = draw(rng, [3, 20, 1], 8)

    def call(seed):
        return student.forward_with_dropout(X, parameters, [0.5], np.random.default_rng(seed))

    first = check_deterministic(lambda: call(5), name="forward_with_dropout")
    other = call(6)

    masks = [unpack(result, ("AL", "caches", "masks"), call=CALL)[2] for result in (first, other)]
    check_changes(masks, name="masks", argument="rng")


def run(student, X, parameters, keep_probs, rng):
    """AL, caches and masks of the student; the masks as arrays of 0 and 1 in the shapes of the hidden layers."""
    result = student.forward_with_dropout(X, parameters, keep_probs, rng)
    AL, caches, masks = unpack(result, ("AL", "caches", "masks"), call=CALL)
    names = [f"mask {number}" for number in range(1, len(keep_probs) + 1)]
    if not names and isinstance(masks, list | tuple) and masks:
        fail(
            "masks_without_hidden_layers",
            rationale="masks should be empty for a network of one layer: it has no hidden layer to drop units of.",
            help="Append a mask only where layer < L.",
        )
    found = unpack(masks, names, call="masks of forward_with_dropout")
    shapes = [(parameters[f"b{number}"].shape[0], X.shape[1]) for number in range(1, len(names) + 1)]
    arrays = [check_binary(mask, shape, name=name) for mask, shape, name in zip(found, shapes, names, strict=True)]
    return AL, caches, arrays


def check_output(X, parameters, keep_probs, masks, AL):
    """Fail unless AL follows from the masks; say so where it follows from them in a known wrong way."""
    expected, _ = replay(X, parameters, keep_probs, masks)
    if not is_close(expected, AL):
        ones = [1.0] * len(masks)
        for key, probabilities, own, what in (
            ("masks_without_effect", ones, [np.ones(mask.shape) for mask in masks], "AL does not depend on the masks."),
            ("layers_not_scaled", ones, masks, "What the masks keep is not divided by keep_prob."),
            ("scaled_by_drop_probabilities", [1 - p for p in keep_probs], masks, "It is divided by 1 - keep_prob."),
            ("masks_exchanged", keep_probs, [1 - mask for mask in masks], "The masks mark what is dropped."),
        ):
            if 0 not in probabilities and is_close(replay(X, parameters, probabilities, own)[0], AL):
                fail(
                    key, rationale=f"AL does not follow from the masks. {what}", help="A = relu(Z) * mask / keep_prob."
                )
    check_close(expected, AL, name="AL, computed from the masks")


def replay(X, parameters, keep_probs, masks):
    """AL and caches for given masks."""
    A, caches = X, []
    for layer in range(1, len(masks) + 2):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        caches.append(((A, W, b), Z))
        if layer <= len(masks):
            A = np.maximum(0, Z) * masks[layer - 1] / keep_probs[layer - 1]
    return 1 / (1 + np.exp(-Z)), caches


def draw(rng, layer_dims, m):
    """Inputs and parameters with non-zero biases, small enough to keep the sigmoid unsaturated."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev)) / n_prev**0.5
        parameters[f"b{layer}"] = rng.normal(size=(n, 1)) / 2
    parameters[f"W{layer}"] /= 2
    return rng.normal(size=(layer_dims[0], m)), parameters


def generator(rng):
    """A generator of its own for one call, so that a mistake can be computed again from the same state."""
    return np.random.default_rng(int(rng.integers(1 << 32)))
