"""tanh: the hyperbolic tangent of every entry."""

import numpy as np
import pytest

from grader.checks import advise, check_close
from grader.errors import CallRaised
from grader.messages import feedback

pytestmark = pytest.mark.exercise("tanh")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Six numbers around 0 give their hyperbolic tangents."""
    z = np.array([[-2.0, -0.5, 0.1], [0.5, 1.0, 3.0]])

    check_close(reference.tanh(z), student.tanh(z), name="tanh(z)")


@pytest.mark.points(1)
def test_matches_the_formula_on_matrices(student, reference, rng):
    """Random matrices, wide, tall and square, give the hyperbolic tangent of every entry."""
    for z in (rng.uniform(-4, 4, size=shape) for shape in [(3, 7), (6, 2), (4, 4)]):
        check_close(reference.tanh(z), student.tanh(z), name="tanh(z)")


@pytest.mark.points(1)
def test_keeps_the_shape_of_z(student, reference, rng):
    """A vector, a row, a column and a stack of matrices come back in their own shape."""
    for z in (rng.uniform(-4, 4, size=shape) for shape in [(5,), (1, 6), (4, 1), (2, 3, 4)]):
        check_close(reference.tanh(z), student.tanh(z), name="tanh(z)")


@pytest.mark.points(0)
def test_advises_where_large_inputs_fail(student):
    """NaN at z = 1000 costs nothing, because no exercise asks for more, but it is worth knowing."""
    try:
        actual = student.tanh(np.array([[-1000.0, 1000.0, 0.5]]))
    except CallRaised:
        is_finite = False
    else:
        is_finite = isinstance(actual, np.ndarray) and actual.dtype.kind in "biuf" and bool(np.isfinite(actual).all())
    if not is_finite:
        advise(feedback("unstable_for_large_inputs", function="tanh", remedy="np.tanh"))
