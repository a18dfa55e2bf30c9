"""relu: max(0, z) of every entry."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("relu")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Positive entries stay as they are, negative ones become 0."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -0.1, 3.0]])

    check_close(reference.relu(z), student.relu(z), name="relu(z)")
