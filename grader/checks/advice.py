"""Advice: remarks that cost no points, gathered while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from grader.model import Feedback


@dataclass
class _Collection:
    shows_values: bool
    advice: list[Feedback] = field(default_factory=list)


_current: ContextVar[_Collection | None] = ContextVar("grader_advice", default=None)


@contextmanager
def collect_advice(*, show_values: bool) -> Iterator[list[Feedback]]:
    """Give a list to which `advise` appends during the block.

    show_values: whether checks may show expected and actual values: in visible tests only.
    """
    collection = _Collection(show_values)
    token = _current.set(collection)
    try:
        yield collection.advice
    finally:
        _current.reset(token)


def advise(feedback: Feedback) -> None:
    """Tell the student `feedback` without taking points. Outside of a test it goes nowhere."""
    collection = _current.get()
    if collection is not None and feedback not in collection.advice:
        collection.advice.append(feedback)


def values_may_be_shown() -> bool:
    """Whether the running test is one that shows everything."""
    collection = _current.get()
    return collection is not None and collection.shows_values
