"""flip_horizontal: left and right of every image exchanged."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("flip_horizontal")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two images of two rows and three columns."""
    images = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[7.0, 8.0, 9.0], [10.0, 11.0, 12.0]]])

    check(student, reference, [images])


@pytest.mark.points(1)
def test_all_shapes(student, reference, rng):
    """Wide, tall and square images, few and many."""
    check(student, reference, [rng.random(shape) for shape in ((4, 3, 5), (2, 6, 4), (5, 4, 4), (3, 3, 3), (1, 2, 7))])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for images, actual in zip(cases, student.map("flip_horizontal", [(case,) for case in cases]), strict=True):
        check_close(reference.flip_horizontal(images), actual, name="flip_horizontal(images)")
