"""l2_penalty: λ/(2m) times the sum of all squared weights."""

import itertools

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("l2_penalty")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two layers, λ = 0.7 and five examples."""
    parameters = {
        "W1": np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]),
        "b1": np.array([[0.5], [-1.5]]),
        "W2": np.array([[0.75, -1.5]]),
        "b2": np.array([[2.0]]),
    }

    check(student, reference, [(parameters, 0.7, 5)])


@pytest.mark.points(1.5)
def test_any_depth(student, reference, rng):
    """Three, four and five layers, with other λ and m."""
    sizes = ([4, 3, 2, 1], [2, 5, 4, 3, 1], [3, 3, 3, 3, 3, 1])

    check(student, reference, [(draw(rng, size), 0.1 + rng.random(), 7 + i) for i, size in enumerate(sizes)])


@pytest.mark.points(1)
def test_one_and_two_layers(student, reference, rng):
    """A single weight, a single layer, and two layers."""
    sizes = ([1, 1], [5, 1], [3, 4, 1])

    check(student, reference, [(draw(rng, size), 0.1 + rng.random(), 9) for size in sizes])


@pytest.mark.points(0.5)
def test_lambda_and_m_count(student, reference, rng):
    """One network: λ = 0 gives no penalty, a larger λ more of it, a larger m less."""
    parameters = draw(rng, [4, 3, 1])

    check(student, reference, [(parameters, lambd, m) for lambd, m in ((0.0, 6), (0.3, 6), (5.0, 6), (0.3, 60))])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("l2_penalty", cases), strict=True):
        check_close(reference.l2_penalty(*case), actual, name="l2_penalty(parameters, lambd, m)", kind="cost")


def draw(rng, layer_dims):
    """Parameters with weights of both signs and biases other than 0; the weights of layer 1 have a negative sum."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.choice([-1.0, 1.0], size=(n, n_prev)) * rng.uniform(0.2, 2.0, size=(n, n_prev))
        parameters[f"b{layer}"] = rng.choice([-1.0, 1.0], size=(n, 1)) * rng.uniform(0.2, 2.0, size=(n, 1))
    parameters["W1"] *= -np.sign(parameters["W1"].sum())
    return parameters
