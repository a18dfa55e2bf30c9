"""Advice: remarks that cost no points, gathered while a test runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from grader.checks.vocabulary import Known
from grader.model import Feedback


@dataclass
class _Collection:
    shows_values: bool
    known: Callable[[], Known]
    advice: list[Feedback] = field(default_factory=list)


_current: ContextVar[_Collection | None] = ContextVar("grader_advice", default=None)


@contextmanager
def collect_advice(*, show_values: bool, known: Callable[[], Known] = Known) -> Iterator[list[Feedback]]:
    """Give a list to which `advise` appends during the block.

    show_values: whether checks may show expected and actual values: in visible tests only.
    known: tells what else of a submission's choice checks may repeat where values are not shown.
    """
    collection = _Collection(show_values, known)
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


def hidden_known() -> Known | None:
    """What the running test may repeat of what the submission chose, if it is a hidden one.

    None in a visible test and outside of tests, where all may be shown.
    """
    collection = _current.get()
    return None if collection is None or collection.shows_values else collection.known()
