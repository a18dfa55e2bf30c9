"""Margins: how much of what it allows each check found, to see how far right answers are from failing.

A margin is error divided by allowed error: 0 for an exact answer, up to 1 for one that passes, above 1 for one that
fails. `grader validate` shows, test by test, the largest of right answers and the smallest of wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[list[float] | None] = ContextVar("grader_margins", default=None)


@contextmanager
def collect_margins() -> Iterator[list[float]]:
    """Give a list to which checks append during the block, in the order in which they are made."""
    margins: list[float] = []
    token = _current.set(margins)
    try:
        yield margins
    finally:
        _current.reset(token)


def note_margin(margin: float) -> None:
    """Remember what a check found; outside of a test it goes nowhere."""
    margins = _current.get()
    if margins is not None:
        margins.append(float(margin))  # a float of NumPy is none in JSON


def margins_are_collected() -> bool:
    """Whether anybody wants to know, for checks in which a margin costs something to find."""
    return _current.get() is not None
