"""backward_with_dropout: the gradients of all layers, through the masks of the forward pass."""

import itertools
import numpy as np
import pytest
from grader.checks import away_from_kinks, check_close, check_dict

pytestmark = pytest.mark.exercise("backward_with_dropout")

# Relative to each entry, and to the largest entry of all gradients: sums over a few examples may cancel, and then carry
# the rounding of their terms. Probabilities lie in [0.1, 0.9], so an epsilon of 1e-8 in -Y / (AL + epsilon) changes
# terms by 1e-7, and single precision by about as much: in 30,000 drawings that used up 1.3 % and 6 % of this.
TOLERANCE = 1e-5


@pytest.mark.points(2)
@pytest.mark.visibility("visible")
def test_three_layers(student, reference, rng):
    """Sizes 3, 5, 4, 1, six examples and keep_probs 0.8, 0.4."""
    check(student, reference, rng, [3, 5, 4, 1], [0.8, 0.4], 6)


def check(student, reference, rng, layer_dims, keep_probs, m):
    _, _, Y, (AL, caches, masks) = draw_away_from_kinks(reference, rng, layer_dims, keep_probs, m)
    expected = reference.backward_with_dropout(AL, Y, caches, masks, keep_probs)
    check_grads(expected, student.backward_with_dropout(AL, Y, caches, masks, keep_probs))


def check_grads(expected, actual):
    found = check_dict(actual, {key: value.shape for key, value in expected.items()}, name="grads")
    largest = max(np.abs(value).max() for value in expected.values())
    for key, value in expected.items():
        atol = TOLERANCE * largest / np.abs(value).max()  # check_close takes it relative to this gradient alone
        check_close(value, found[key], name=key, rtol=TOLERANCE, atol=atol)


def draw_away_from_kinks(reference, rng, layer_dims, keep_probs, m):
    """Inputs, parameters, labels and an unsaturated forward pass in which every mask makes a difference."""

    def preactivations(drawn):
        _, _, _, (AL, caches, masks) = drawn
        hidden = [Z for _, Z in caches[:-1]]
        if AL.min() < 0.1 or AL.max() > 0.9 or not every_mask_matters(hidden, masks):
            return np.zeros(1)  # draw again
        return hidden

    return away_from_kinks(lambda: draw(reference, rng, layer_dims, keep_probs, m), preactivations)


def every_mask_matters(hidden, masks):
    """Whether every layer drops an active unit in some example through which a gradient reaches the first layer."""
    is_passed = np.array([((Z > 0) & mask).any(axis=0) for Z, mask in zip(hidden, masks, strict=True)]).all(axis=0)
    return all(((Z > 0) & ~mask & is_passed).any() for Z, mask in zip(hidden, masks, strict=True))


def draw(reference, rng, layer_dims, keep_probs, m):
    """Inputs, parameters with non-zero biases, labels of both kinds, and what the reference's forward pass returns."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev)) / n_prev**0.5
        parameters[f"b{layer}"] = rng.normal(size=(n, 1)) / 2
    parameters[f"W{layer}"] /= 2  # keeps the sigmoid unsaturated
    X = rng.normal(size=(layer_dims[0], m))
    Y = rng.permutation([float(i % 2) for i in range(m)]).reshape(1, m)
    forward = np.random.default_rng(int(rng.integers(1 << 32)))
    return X, parameters, Y, reference.forward_with_dropout(X, parameters, keep_probs, forward)
