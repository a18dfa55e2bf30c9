"""rotate_quarter_turns: quarter turns counter-clockwise, any whole number of them."""

import numpy as np
import pytest
from grader.checks import check_close, values_may_be_shown

pytestmark = pytest.mark.exercise("rotate_quarter_turns")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two images of two rows and three columns: one turn, two and three."""
    images = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[7.0, 8.0, 9.0], [10.0, 11.0, 12.0]]])

    check(student, reference, [(images, turns) for turns in (1, 2, 3)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("rotate_quarter_turns", cases), strict=True):
        name = f"rotate_quarter_turns(images, {case[1] if values_may_be_shown() else 'turns'})"
        check_close(reference.rotate_quarter_turns(*case), actual, name=name)
