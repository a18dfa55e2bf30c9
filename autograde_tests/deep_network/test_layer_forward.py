"""layer_forward: linear half and activation in one step."""

import pytest

from grader.checks import check_close, unpack

pytestmark = pytest.mark.exercise("layer_forward")

CALL = "layer_forward(A_prev, W, b, activation)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two units, three inputs, four examples, both activations."""
    for activation in ("relu", "sigmoid"):
        check_activations(reference, student, (*draw(rng, 2, 3, 4), activation))


@pytest.mark.points(1)
def test_all_shapes(student, reference, rng):
    """Wide, tall and square layers."""
    for size in ((5, 3, 7), (1, 6, 4), (4, 4, 4)):
        for activation in ("relu", "sigmoid"):
            check_activations(reference, student, (*draw(rng, *size), activation))


@pytest.mark.points(1)
def test_the_cache_has_both_parts(student, reference, rng):
    """The cache is ((A_prev, W, b), Z)."""
    arguments = (*draw(rng, 3, 5, 4), "relu")
    (_, (affine_cache, Z)) = reference.layer_forward(*arguments)

    _, cache = unpack(student.layer_forward(*arguments), ("A", "cache"), call=CALL)

    found_affine, found_Z = unpack(cache, ("affine_cache", "Z"), call="the cache of layer_forward")
    check_close(Z, found_Z, name="Z in the cache")
    found = unpack(found_affine, ("A_prev", "W", "b"), call="affine_cache in the cache of layer_forward")
    for name, expected, actual in zip(("A_prev", "W", "b"), affine_cache, found, strict=True):
        check_close(expected, actual, name=f"{name} in the cache")


def check_activations(reference, student, arguments):
    expected, _ = reference.layer_forward(*arguments)
    actual, _ = unpack(student.layer_forward(*arguments), ("A", "cache"), call=CALL)
    check_close(expected, actual, name=f"A with {arguments[-1]}")


def draw(rng, n, n_prev, m):
    return rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
