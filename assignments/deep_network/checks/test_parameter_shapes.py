"""parameter_shapes: the shape of every weight matrix and bias."""

import pytest
from grader.checks import check_close, check_dict

pytestmark = pytest.mark.exercise("parameter_shapes")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_three_layers(student, reference):
    """A network with sizes 5, 4, 3, 1."""
    check_shapes(reference.parameter_shapes([5, 4, 3, 1]), student.parameter_shapes([5, 4, 3, 1]))


def check_shapes(expected, actual):
    found = check_dict(actual, list(expected), name="parameter_shapes(layer_dims)")
    for key in expected:
        check_close(list(expected[key]), found[key], name=f"the shape of {key}")
