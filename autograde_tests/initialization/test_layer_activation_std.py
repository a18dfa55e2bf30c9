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


@pytest.mark.points(1)
def test_tanh(student, reference, rng):
    """Networks of two to five layers with tanh."""
    check(student, reference, [square_case(rng, "tanh")])
    check(student, reference, random_cases(rng, "tanh"))


@pytest.mark.points(1)
def test_relu(student, reference, rng):
    """Networks of two to five layers with relu."""
    check(student, reference, [square_case(rng, "relu")])
    check(student, reference, random_cases(rng, "relu"))


@pytest.mark.points(1)
def test_one_layer_and_one_unit(student, reference, rng):
    """A network of a single layer, and one with a single unit at the end."""
    networks = [draw(rng, layer_dims, 9) for layer_dims in ([4, 3, 1], [5, 2])]

    check(student, reference, [(*network, activation) for network in networks for activation in ("relu", "tanh")])


@pytest.mark.points(1)
def test_signals_that_vanish_and_explode(student, reference, rng):
    """Eight layers of ten units whose weights are far too small, or too large; each layer counts by itself."""
    layer_dims = [10] * 9
    cases = []
    for factor, activation in ((0.2, "tanh"), (0.2, "relu"), (4.0, "relu")):
        X, parameters = draw(rng, layer_dims, 12)
        scaled = {
            # A bias grows or shrinks with the sums it is added to, so that it keeps its part in them.
            name: value * factor if name.startswith("W") else value * factor ** int(name[1:])
            for name, value in parameters.items()
        }
        cases.append((X, scaled, activation))

    check(student, reference, cases)


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them; each layer relative to itself."""
    for case, actual in zip(cases, student.map("layer_activation_std", cases), strict=True):
        expected = [float(std) for std in reference.layer_activation_std(*case)]
        name = f"{CALL} with {case[2]}" if values_may_be_shown() else CALL
        with illustrate(activation_spread, expected, actual, name=f"spread by layer, {case[2]}"):
            check_close(expected, actual, name=name)


def square_case(rng, activation):
    """All sizes equal. It is called first: elsewhere a wrong product raises, and could not be told what is wrong."""
    return (*draw(rng, [4, 4, 4, 4], 4), activation)


def random_cases(rng, activation):
    sizes = (([3, 6, 2], 7), ([5, 4, 6, 3], 8), ([2, 7, 5, 4, 6, 3], 9))
    return [(*draw(rng, layer_dims, m), activation) for layer_dims, m in sizes]


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
