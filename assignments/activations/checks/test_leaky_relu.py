"""leaky_relu: z where z is positive, slope * z elsewhere."""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("leaky_relu")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_matches_the_formula_on_a_small_array(student, reference):
    """Positive entries stay as they are, negative ones are multiplied by the default slope of 0.01."""
    z = np.array([[-2.0, -0.5, 0.25], [0.5, -10.0, 3.0]])

    check_close(reference.leaky_relu(z), student.leaky_relu(z), name="leaky_relu(z)")
