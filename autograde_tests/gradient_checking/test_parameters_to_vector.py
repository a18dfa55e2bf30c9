"""parameters_to_vector: every entry once, in an order that depends on names and shapes only."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, fail, unpack

pytestmark = pytest.mark.exercise("parameters_to_vector")

NAMES = ("theta", "layout")
CALL = "parameters_to_vector(parameters)"
DEEP = {"W1": (4, 3), "b1": (4, 1), "W2": (2, 4), "b2": (2, 1), "W3": (1, 2), "b3": (1, 1)}


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_holds_every_entry_once(student, rng):
    """A layer of three units: theta has their nine numbers, in any order."""
    parameters = draw(rng, {"W1": (3, 2), "b1": (3, 1)})

    check_entries(parameters, vector_of(student, parameters))


@pytest.mark.points(1)
def test_works_for_any_network(student, rng):
    """Networks with one, two and three layers, and one square matrix alone."""
    for shapes in ({"W1": (1, 5), "b1": (1, 1)}, {"W1": (3, 3)}, DEEP):
        parameters = draw(rng, shapes)
        check_entries(parameters, vector_of(student, parameters))


@pytest.mark.points(1)
def test_order_depends_on_names_and_shapes_only(student, rng):
    """Two networks of the same shapes are written in the same order, whatever their numbers are."""
    numbers = rng.permutation(sum(int(np.prod(shape)) for shape in DEEP.values())).astype(float)
    first = fill(numbers, DEEP)
    second = {name: array**2 - 20 * array for name, array in first.items()}

    theta = vector_of(student, first)
    check_entries(first, theta)

    check_close(theta**2 - 20 * theta, vector_of(student, second), name="theta")


def vector_of(student, parameters):
    theta, _ = unpack(student.parameters_to_vector(parameters), NAMES, call=CALL)
    size = sum(array.size for array in parameters.values())
    return check_array(theta, name="theta", shape=(size,))


def check_entries(parameters, theta):
    expected = np.sort(np.concatenate([array.ravel() for array in parameters.values()]))
    if not np.allclose(expected, np.sort(theta), rtol=1e-12):
        fail(
            "entries_lost",
            rationale="theta does not hold every entry of the parameters exactly once.",
            help="Write each array as a vector with ravel(), and join the vectors with np.concatenate.",
        )


def draw(rng, shapes):
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def fill(numbers, shapes):
    """The numbers one after the other in arrays of these shapes."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    pieces = np.split(numbers, ends[:-1])
    return {name: piece.reshape(shape) for piece, (name, shape) in zip(pieces, shapes.items(), strict=True)}
