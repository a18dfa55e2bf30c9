"""relative_error: Euclidean distance over the sum of both lengths."""

import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("relative_error")

CALL = "relative_error(a, b)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Two vectors of four entries."""
    a, b = rng.normal(size=(2, 4))

    check_close(reference.relative_error(a, b), student.relative_error(a, b), name=CALL)
