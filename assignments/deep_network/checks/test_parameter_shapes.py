"""parameter_shapes: the shape of every weight matrix and bias."""

import pytest
from grader.checks import check_close, check_dict

pytestmark = pytest.mark.exercise("parameter_shapes")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_networks(student, reference):
    """Networks with sizes 5, 4, 3, 1 and 2, 3, 5, 4, 1."""
    # All calls first, so that what is wrong can be told from all of them.
    cases = [([5, 4, 3, 1],), ([2, 3, 5, 4, 1],)]
    for case, actual in zip(cases, student.map("parameter_shapes", cases), strict=True):
        check_shapes(reference.parameter_shapes(*case), actual)


def check_shapes(expected, actual):
    found = check_dict(actual, list(expected), name="parameter_shapes(layer_dims)")
    for key in expected:
        check_close(list(expected[key]), found[key], name=f"the shape of {key}")
