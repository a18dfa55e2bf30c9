"""initialize_parameters: zeros, w of shape (n_x, 1) and one number b."""

import pytest

from grader.checks import check_array, check_close, fail, unpack

pytestmark = pytest.mark.exercise("initialize_parameters")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_four_features(student, reference):
    """Four features: w is a column of four zeros, b is 0."""
    check(student, reference, [(4,)])


@pytest.mark.points(1)
def test_any_number_of_features(student, reference, rng):
    """Few features and many, and one alone."""
    # One feature comes last: there several wrong shapes are right.
    check(student, reference, [(int(rng.integers(5, 40)),), (2,), (1,)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("initialize_parameters", cases), strict=True):
        w, b = unpack(actual, ("w", "b"), call="initialize_parameters(n_x)")
        weights, bias = reference.initialize_parameters(*case)
        if check_array(w, name="w", shape=weights.shape).any():
            fail(
                "weights_not_zero",
                rationale="w is not zero. Random weights keep the units of a layer apart; a neuron alone has nobody to "
                "be like, and starts at zero.",
                help="Write w = np.zeros((n_x, 1)).",
            )
        check_close(bias, b, name="b")
