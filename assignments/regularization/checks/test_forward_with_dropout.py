"""forward_with_dropout: relu and dropout in every hidden layer, sigmoid in the last one.

How the masks are drawn is free: everything else is compared with what follows from the masks that came back.
"""

import numpy as np
import pytest
from grader.checks import check_binary, check_close, fail, is_close, unpack

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
