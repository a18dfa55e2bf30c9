"""parameter_shapes: the shape of every weight matrix and bias."""

import pytest

from grader.checks import check_close, check_dict

pytestmark = pytest.mark.exercise("parameter_shapes")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_three_layers(student, reference):
    """A network with sizes 5, 4, 3, 1."""
    check_shapes(reference.parameter_shapes([5, 4, 3, 1]), student.parameter_shapes([5, 4, 3, 1]))


@pytest.mark.points(1)
def test_any_depth(student, reference, rng):
    """Networks with one to five layers of random sizes."""
    for depth in range(1, 6):
        layer_dims = [int(size) for size in rng.integers(1, 30, size=depth + 1)]

        check_shapes(reference.parameter_shapes(layer_dims), student.parameter_shapes(layer_dims))


def check_shapes(expected, actual):
    found = check_dict(actual, list(expected), name="parameter_shapes(layer_dims)")
    for key in expected:
        check_close(list(expected[key]), found[key], name=f"the shape of {key}")
