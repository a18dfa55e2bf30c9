"""parameters_to_vector: every entry once, in an order that depends on names and shapes only."""

import numpy as np
import pytest
from grader.checks import check_array, fail, unpack

pytestmark = pytest.mark.exercise("parameters_to_vector")

NAMES = ("theta", "layout")

CALL = "parameters_to_vector(parameters)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_holds_every_entry_once(student, rng):
    """A layer of three units: theta has their nine numbers, in any order."""
    parameters = draw(rng, {"W1": (3, 2), "b1": (3, 1)})

    check_entries(parameters, vector_of(student, parameters))


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
