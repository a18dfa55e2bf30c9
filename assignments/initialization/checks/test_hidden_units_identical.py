"""hidden_units_identical: whether all rows of W are equal.

Rows that are meant to differ do so by more than a hundredth of a typical entry (two rows drawn as here are nearer than
that in one of 10^9 drawings), so any way of comparing gives the same answer. Matrices of one row are left out: whether
a single unit is identical is a matter of words.
"""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("hidden_units_identical")

CALL = "hidden_units_identical(W)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """Equal rows, equal columns, one entry that differs, another row in the middle, and constants."""
    check(
        student,
        reference,
        [
            np.array([[0.5, -1.0, 2.0], [0.5, -1.0, 2.0]]),
            np.array([[0.5, 0.5], [-1.0, -1.0], [2.0, 2.0]]),
            np.array([[0.5, -1.0, 2.0], [0.5, -1.0, 2.0], [0.5, -1.5, 2.0]]),
            np.array([[0.5, -1.0], [1.0, 2.0], [0.5, -1.0]]),
            np.array([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]),
        ],
    )


def check(student, reference, matrices):
    """All calls first, so that what is wrong can be told from all of them."""
    cases = [(W,) for W in matrices]
    for (W,), actual in zip(cases, student.map("hidden_units_identical", cases), strict=True):
        expected = reference.hidden_units_identical(W)
        kind = "identical" if expected else "different"
        check_close(expected, actual, name=f"{CALL} for {kind} rows")
