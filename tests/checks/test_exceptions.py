"""check_raises: the exception that was asked for, and no other, and no result."""

import pytest

from grader.checks import check_raises
from grader.errors import CallRaised, CallTimedOut, CheckFailed, NotImplementedYet, WorkerCrashed
from grader.messages import feedback
from grader.model import Feedback

NAME = 'activation_forward(Z, "tanh")'


def raising(error):
    def call():
        raise error

    return call


def test_the_exception_that_was_asked_for_passes():
    check_raises(raising(CallRaised(exception="ValueError")), "ValueError", name=NAME)


@pytest.mark.parametrize("exception", ["KeyError", "UnboundLocalError", "valueerror", ""])
def test_another_exception_is_named(finding, exception):
    found = finding(check_raises, raising(CallRaised(exception=exception)), "ValueError", name=NAME)

    assert found == feedback("wrong_exception", name=NAME, expected="ValueError", actual=exception)


@pytest.mark.parametrize("value", [None, 0.0, ValueError("returned, not raised")])
def test_a_result_in_place_of_the_exception_is_named(finding, value):
    found = finding(check_raises, lambda: value, "ValueError", name=NAME)

    assert found == feedback("not_raised", name=NAME, expected="ValueError")


@pytest.mark.parametrize("kind", [NotImplementedYet, CallTimedOut, WorkerCrashed, CheckFailed])
def test_what_happened_otherwise_keeps_its_own_outcome(kind):
    error = kind(Feedback("stub", "A stub."))

    with pytest.raises(kind) as caught:
        check_raises(raising(error), "ValueError", name=NAME)

    assert caught.value is error


def test_a_fault_of_ours_is_not_taken_for_the_student_s():
    with pytest.raises(ValueError, match="ours"):
        check_raises(raising(ValueError("ours")), "ValueError", name=NAME)
