"""initialize_parameters: He initialization."""

import numpy as np
import pytest
from grader.checks import check_close, check_dict

pytestmark = pytest.mark.exercise("initialize_parameters")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_shapes_and_zero_biases(student, reference):
    """Sizes 5, 4, 1: two weight matrices and two biases, and the biases are zero."""
    shapes = reference.parameter_shapes([5, 4, 1])

    parameters = check_dict(
        student.initialize_parameters([5, 4, 1], np.random.default_rng(1)), shapes, name="parameters"
    )

    for key in ("b1", "b2"):
        check_close(np.zeros(shapes[key]), parameters[key], name=key)
