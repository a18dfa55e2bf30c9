"""model_forward: relu in every hidden layer, sigmoid in the last one."""

import itertools

import numpy as np
import pytest

from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("model_forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and five examples."""
    check_output(student, reference, *draw(rng, [3, 4, 1], 5))


@pytest.mark.points(1.5)
def test_any_depth(student, reference, rng):
    """Networks with one to four layers, one of them with equal sizes."""
    # Equal sizes first: elsewhere a layer with the wrong input raises, and could not be told what is wrong. One layer
    # last: first and last layer are the same there.
    for layer_dims in ([3, 3, 1], [4, 3, 2, 1], [2, 5, 4, 3, 1], [4, 1]):
        check_output(student, reference, *draw(rng, layer_dims, 6))


@pytest.mark.points(1.5)
def test_one_cache_for_each_layer_in_order(student, reference, rng):
    """caches is the list of the layer caches ((A_prev, W, b), Z), first layer first."""
    X, parameters = draw(rng, [4, 3, 2, 1], 5)
    _, expected = reference.model_forward(X, parameters)

    _, caches = unpack(student.model_forward(X, parameters), ("AL", "caches"), call="model_forward(X, parameters)")

    layers = unpack(caches, ("layer 1", "layer 2", "layer 3"), call="caches of model_forward")
    for number, ((affine_cache, Z), layer) in enumerate(zip(expected, layers, strict=True), start=1):
        found_affine, found_Z = unpack(layer, ("affine_cache", "Z"), call=f"the cache of layer {number}")
        check_close(Z, found_Z, name=f"Z in the cache of layer {number}")
        A_prev, W, _ = unpack(found_affine, ("A_prev", "W", "b"), call=f"affine_cache of layer {number}")
        check_close(affine_cache[0], A_prev, name=f"A_prev in the cache of layer {number}")
        check_close(affine_cache[1], W, name=f"W in the cache of layer {number}")


def check_output(student, reference, X, parameters):
    expected, _ = reference.model_forward(X, parameters)
    actual, _ = unpack(student.model_forward(X, parameters), ("AL", "caches"), call="model_forward(X, parameters)")
    check_close(expected, actual, name="AL")


def draw(rng, layer_dims, m):
    """Inputs and parameters; every unit is on for some examples and off for others.

    So no layer is dead, the sigmoid is not saturated, and relu in place of it gives more than zeros.
    """
    X = A = rng.normal(size=(layer_dims[0], m))
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = rng.normal(size=(n, n_prev)) / n_prev**0.5
        b = -np.mean(W @ A, axis=1, keepdims=True)
        A = np.maximum(0, W @ A + b)
        parameters |= {f"W{layer}": W, f"b{layer}": b}
    return X, parameters
