"""model_backward: the gradients of all layers."""

import itertools
import numpy as np
import pytest
from grader.checks import away_from_kinks, check_close

pytestmark = pytest.mark.exercise("model_backward")


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and eight examples."""
    check(student, reference, rng, [[3, 4, 1]])


def check(student, reference, rng, networks):
    """All calls first, so that what is wrong can be told from all of them."""
    cases = []
    for layer_dims in networks:
        X, parameters, Y = draw_away_from_kinks(reference, rng, layer_dims, 8)
        AL, caches = reference.model_forward(X, parameters)
        cases.append((AL, Y, caches))

    for case, actual in zip(cases, student.map("model_backward", cases), strict=True):
        check_close(reference.model_backward(*case), actual, name="grads")


def draw_away_from_kinks(reference, rng, layer_dims, m):
    def preactivations(drawn):
        X, parameters, _ = drawn
        return [Z for _, Z in reference.model_forward(X, parameters)[1][:-1]]

    return away_from_kinks(lambda: draw(rng, layer_dims, m), preactivations)


def draw(rng, layer_dims, m):
    """Inputs, parameters and labels of both kinds; every unit is on for some examples and off for others.

    So no layer is dead, and the gradients of no layer are zero throughout, with the right slopes or with wrong ones.
    """
    X = A = rng.normal(size=(layer_dims[0], m))
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = rng.normal(size=(n, n_prev)) / n_prev**0.5
        b = -np.mean(W @ A, axis=1, keepdims=True)
        A = np.maximum(0, W @ A + b)
        parameters |= {f"W{layer}": W, f"b{layer}": b}
    # One label in four is 1: with halves the mean of AL - Y would cancel, and with it the digits of float32.
    Y = rng.permutation([float(i % 4 == 0) for i in range(m)]).reshape(1, m)
    return X, parameters, Y
