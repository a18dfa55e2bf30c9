"""`fail` ends a test with the feedback it is given."""

import pytest

from grader.checks import fail
from grader.errors import CheckFailed
from grader.model import Feedback


def test_fail_carries_the_words_of_the_test():
    with pytest.raises(CheckFailed) as caught:
        fail("window_not_contiguous", rationale="A crop is no window.", help="Slice.")

    assert caught.value.feedback == (Feedback("window_not_contiguous", "A crop is no window.", "Slice."),)
