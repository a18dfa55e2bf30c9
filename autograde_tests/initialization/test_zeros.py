"""zeros: every weight and every bias zero, in the right shapes."""

import pytest

from grader.checks import check_close, check_dict, fail

pytestmark = pytest.mark.exercise("zeros")

CALL = "zeros(layer_dims)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_networks(student, reference):
    """Networks with sizes 5, 4, 3, 1 and 2, 3, 5, 4, 1."""
    check(student, reference, [([5, 4, 3, 1],), ([2, 3, 5, 4, 1],)])


@pytest.mark.points(1)
def test_any_depth(student, reference, rng):
    """Networks with two, four and one layers of random sizes."""
    # One layer comes last: there the first layer is the last one, and what was left out could not be told.
    sizes = [rng.permutation(12)[: depth + 1] + 1 for depth in (2, 4, 1)]

    check(student, reference, [([int(n) for n in layer_dims],) for layer_dims in sizes])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("zeros", cases), strict=True):
        expected = reference.zeros(*case)
        last = len(expected) // 2
        if isinstance(actual, dict) and f"W{last - 1}" in actual and f"W{last}" not in actual and "W0" not in actual:
            fail(
                "last_layer_forgotten",
                rationale="The last layer is missing: layer_dims counts the input, too, so a list of L + 1 sizes makes "
                "L layers.",
                help="Let the layer run from 1 to len(layer_dims) - 1: range(1, len(layer_dims)).",
            )
        check_dict(actual, {key: value.shape for key, value in expected.items()}, name=CALL)
        check_close(expected, actual, name=CALL)
