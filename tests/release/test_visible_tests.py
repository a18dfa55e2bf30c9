import ast

import pytest

from grader.errors import ManifestError
from grader.release.visible_tests import visible_part

SOURCE = '''\
"""affine_forward: the linear part of a layer."""
import math
import numpy as np
import pytest

from grader.checks import check_close, check_shape

pytestmark = pytest.mark.exercise("affine_forward")

SIZES = (3, 2)
SECRET = 42


# Draws what both tests need.
def make(rng):
    return rng.normal(size=SIZES)


def secret_helper(rng):
    return rng.normal(size=SECRET)


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """A small one."""
    check_close(reference.affine_forward(make(rng)), student.affine_forward(make(rng)), name="Z")


@pytest.mark.points(2)
def test_hidden(student, rng):
    check_shape(student.affine_forward(secret_helper(rng)), (math.floor(3),), name="Z")


@pytest.mark.visibility("hidden")
def test_said_to_be_hidden(student):
    assert student.affine_forward(SECRET)
'''


def test_visible_tests_and_what_they_use_are_kept():
    part = visible_part(SOURCE, origin="test_affine_forward.py")

    assert part is not None
    names = {node.name for node in ast.parse(part).body if isinstance(node, ast.FunctionDef)}
    assert names == {"make", "test_small_example"}
    assert "SIZES = (3, 2)" in part
    assert "pytestmark" in part
    assert part.startswith('"""affine_forward')
    assert "# Draws what both tests need." in part


def test_nothing_of_the_hidden_tests_is_kept():
    part = visible_part(SOURCE, origin="test_affine_forward.py")

    assert part is not None
    for word in ("test_hidden", "test_said_to_be_hidden", "secret_helper", "SECRET", "check_shape", "math"):
        assert word not in part


def test_the_kept_part_is_the_same_however_often_it_is_extracted():
    part = visible_part(SOURCE, origin="x")

    assert part is not None
    assert visible_part(part, origin="x") == part


def test_a_file_without_visible_tests_gives_nothing():
    assert visible_part("def test_a(student):\n    pass\n", origin="x") is None


def test_a_file_that_does_not_parse_is_named_with_its_line():
    with pytest.raises(ManifestError, match=r"test_x\.py: does not parse.*line 2"):
        visible_part("x = 1\ndef test_(:\n", origin="test_x.py")
