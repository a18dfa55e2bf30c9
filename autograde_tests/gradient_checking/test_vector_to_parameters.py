"""vector_to_parameters: names, shapes and entries come back.

The layout is the student's own, so it comes from the student's parameters_to_vector. Names, shapes and entries are
judged with a vector of ours, so that a fault in the vector that parameters_to_vector makes costs nothing here.
"""

import numpy as np
import pytest

from grader.checks import check_close, check_dict, fail, unpack

pytestmark = pytest.mark.exercise("vector_to_parameters")

DEEP = {"W1": (4, 3), "b1": (4, 1), "W2": (2, 4), "b2": (2, 1), "W3": (1, 2), "b3": (1, 1)}


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_restores_names_and_shapes(student, rng):
    """A layer of three units: the arrays have their names and shapes, and hold the entries of theta."""
    shapes = {"W1": (3, 2), "b1": (3, 1)}

    check_parameters(student, shapes, rng)


@pytest.mark.points(1)
def test_works_for_any_network(student, rng):
    """Networks with one and three layers."""
    for shapes in ({"W1": (1, 5), "b1": (1, 1)}, DEEP):
        check_parameters(student, shapes, rng)


@pytest.mark.points(1)
def test_is_the_exact_inverse(student, rng):
    """There and back gives the same parameters, to the last bit."""
    for shapes in ({"W1": (3, 3), "b1": (3, 1)}, DEEP):
        parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        theta, layout = encoded(student, parameters)

        restored = check_dict(student.vector_to_parameters(theta, layout), shapes, name="parameters")

        for name, array in parameters.items():
            check_close(array, restored[name], name=name)


def check_parameters(student, shapes, rng):
    """Names and shapes of the student's own layout, filled with a vector of ours."""
    _, layout = encoded(student, {name: rng.normal(size=shape) for name, shape in shapes.items()})
    theta = rng.permutation(sum(int(np.prod(shape)) for shape in shapes.values())) + 0.5

    parameters = check_dict(student.vector_to_parameters(theta, layout), shapes, name="parameters")

    entries = np.concatenate([np.ravel(parameters[name]) for name in shapes])
    if not np.array_equal(np.sort(entries), np.sort(theta)):
        fail(
            "entries_not_of_theta",
            rationale="The parameters do not hold every entry of theta exactly once.",
            help="Each array takes as many entries as it has, beginning where the one before has ended.",
        )


def encoded(student, parameters):
    return unpack(
        student.parameters_to_vector(parameters), ("theta", "layout"), call="parameters_to_vector(parameters)"
    )
