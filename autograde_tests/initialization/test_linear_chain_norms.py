"""linear_chain_norms: the Euclidean norms of x, W x, W² x, …

Norms are compared one by one, each relative to itself: beside the last one of an exploding chain the first ones would
count for nothing.
"""

import numpy as np
import pytest

from grader.checks import activation_spread, check_close, illustrate, values_may_be_shown

pytestmark = pytest.mark.exercise("linear_chain_norms")

CALL = "linear_chain_norms(x, W, depth)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """Two units and two layers, three units and three layers."""
    two = (np.array([[3.0], [4.0]]), np.array([[1.0, -2.0], [0.5, 1.5]]), 2)
    three = (
        np.array([[1.0], [-2.0], [0.5]]),
        np.array([[0.5, 1.0, -1.0], [2.0, -0.5, 0.25], [1.5, 0.75, 1.0]]),
        3,
    )

    check(student, reference, [two, three])


@pytest.mark.points(1)
def test_random_matrices(student, reference, rng):
    """Chains of several lengths and widths that neither vanish nor explode."""
    check(student, reference, [draw(rng, n, depth) for n, depth in ((3, 2), (5, 4), (4, 7), (2, 3), (6, 1))])


@pytest.mark.points(0.5)
def test_no_layer_and_one_unit(student, reference, rng):
    """With depth 0 the norm of x alone is left; with one unit W is a single number."""
    check(student, reference, [draw(rng, 4, 3), (rng.normal(size=(1, 1)), np.array([[-1.25]]), 5), draw(rng, 4, 0)])


@pytest.mark.points(0.75)
def test_exploding(student, reference, rng):
    """With W a rotation times 1.7 every layer makes the signal 1.7 times as long, 60 times in a row."""
    check(student, reference, [draw(rng, 4, 3), *rotations(rng, 1.7, 60)])


@pytest.mark.points(0.75)
def test_vanishing(student, reference, rng):
    """With W a rotation times 0.55 the length falls to 10^-13 of what it was, and is still right."""
    check(student, reference, [draw(rng, 4, 3), *rotations(rng, 0.55, 50)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("linear_chain_norms", cases), strict=True):
        expected = [float(norm) for norm in reference.linear_chain_norms(*case)]
        name = f"{CALL} with depth = {case[2]}" if values_may_be_shown() else CALL
        with illustrate(activation_spread, expected, actual, name="length by layer"):
            check_close(expected, actual, name=name)


def rotations(rng, factor, depth):
    """Chains whose W is a rotation (or reflection), which changes no length, times factor: the norms are a power.

    60 products in single precision are right to about 1e-5, for which the tolerance of that dtype has room, and all
    squares lie within its range.
    """
    return [(rng.normal(size=(n, 1)), factor * np.linalg.qr(rng.normal(size=(n, n)))[0], depth) for n in (3, 8)]


def draw(rng, n, depth):
    """x, W and depth; the entries of W are so large that a layer changes the length by a factor near 1."""
    return rng.normal(size=(n, 1)), rng.normal(size=(n, n)) / n**0.5, depth
