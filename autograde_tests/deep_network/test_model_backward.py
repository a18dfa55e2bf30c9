"""model_backward: the gradients of all layers."""

import itertools

import numpy as np
import pytest

from grader.checks import away_from_kinks, check_close, check_dict, check_gradient

pytestmark = pytest.mark.exercise("model_backward")


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and eight examples."""
    check(student, reference, rng, [[3, 4, 1]])


@pytest.mark.points(1.5)
def test_any_depth(student, reference, rng):
    """Networks with one, three and four layers."""
    check(student, reference, rng, [[4, 3, 3, 1], [2, 5, 4, 3, 1]])
    # One layer comes last: first and last layer are the same there, and what was left out could not be told.
    check(student, reference, rng, [[4, 1]])


@pytest.mark.points(3)
def test_is_the_gradient_of_the_cost(student, reference, rng):
    """Every entry of every gradient agrees with a central difference of the cost of a network with sizes 4, 3, 3, 1."""
    X, parameters, Y = draw_away_from_kinks(reference, rng, [4, 3, 3, 1], 12)
    AL, caches = reference.model_forward(X, parameters)

    grads = check_dict(
        student.model_backward(AL, Y, caches),
        {f"d{key}": value.shape for key, value in parameters.items()},
        name="grads",
    )

    theta = {f"d{key}": value for key, value in parameters.items()}
    check_gradient(lambda shifted: cost(reference, X, Y, shifted), theta, grads, rng=rng, name="grads")


def cost(reference, X, Y, theta):
    """The cost of a network whose parameters are named as their gradients are."""
    AL, _ = reference.model_forward(X, {key[1:]: value for key, value in theta.items()})
    return reference.cross_entropy_cost(AL, Y)


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
