"""Check that a function refuses what it should refuse."""

from __future__ import annotations

from collections.abc import Callable

from grader.errors import CallRaised, CheckFailed
from grader.messages import feedback


def check_raises(call: Callable[[], object], exception: str, *, name: str) -> None:
    """Fail unless `call`, a call of a student's function, raises an exception of the class `exception`.

    name: how the feedback names the call, `activation_forward(Z, "tanh")`.
    Raises CheckFailed; other StudentErrors pass.
    """
    try:
        call()
    except CallRaised as error:
        if error.exception != exception:
            raise CheckFailed(
                feedback("wrong_exception", name=name, expected=exception, actual=error.exception)
            ) from None
        return
    raise CheckFailed(feedback("not_raised", name=name, expected=exception))
