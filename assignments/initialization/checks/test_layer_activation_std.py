"""layer_activation_std: the standard deviation of all activations of a layer, for every layer."""

import itertools
import numpy as np
import pytest
from grader.checks import activation_spread, check_close, illustrate, values_may_be_shown

pytestmark = pytest.mark.exercise("layer_activation_std")

CALL = "layer_activation_std(X, parameters, activation)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_network(student, reference):
    """Three inputs, layers of four and two units, five examples, both activations."""
    X, parameters = draw(np.random.default_rng(1), [3, 4, 2], 5)

    check(student, reference, [(X, parameters, "tanh"), (X, parameters, "relu")])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them; each layer relative to itself."""
    for case, actual in zip(cases, student.map("layer_activation_std", cases), strict=True):
        expected = [float(std) for std in reference.layer_activation_std(*case)]
        name = f"{CALL} with {case[2]}" if values_may_be_shown() else CALL
        with illustrate(activation_spread, expected, actual, name=f"spread by layer, {case[2]}"):
            check_close(expected, actual, name=name)


def draw(rng, layer_dims, m):
    """Inputs and parameters; every unit is on for some examples and off for others, so that no relu layer is dead."""
    X = A = rng.normal(size=(layer_dims[0], m))
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = rng.normal(size=(n, n_prev)) / n_prev**0.5
        b = -np.mean(W @ A, axis=1, keepdims=True)
        A = np.maximum(0, W @ A + b)
        parameters |= {f"W{layer}": W, f"b{layer}": b}
    return X, parameters
