"""How much it says that a wrong idea gives a student's answers: little where few answers are possible.

Four labels 0 and 1 can be wrong in fifteen ways, and some of those are the answers of a known misconception. So their
agreement is measured in bits: of N yes-or-no answers in all calls of an exercise D are wrong. A mistake that has
nothing to do with the idea, and makes each answer wrong with one rate that may be anything from 0 to 1, is wrong in
just those places with the probability 1 / ((N + 1) · C(N, D)), the integral of p^D · (1 − p)^(N − D). The bits are its
logarithm: 4.9 for two wrong labels of four, 42 for twenty of forty, 5.4 for forty of forty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.comparisons import Comparison

FEWEST_BITS = 4.0  # a mistake that nobody knows gets the name of a given idea in at most one of 16 cases


def has_few_ways(value: Any) -> bool:
    """Whether an answer is made of truth values, texts, sets, zeros and ones only: those agree by accident."""
    if isinstance(value, Mapping):
        return all(map(has_few_ways, value.values()))
    if isinstance(value, tuple | list):
        return all(map(has_few_ways, value))
    return isinstance(value, str | bytes | set | frozenset) or _is_yes_or_no(value)


def bits_of(compared: Sequence[Comparison]) -> float:
    """How much it says, in bits, that an idea explains all these calls; infinity where more than yes or no is asked.

    That is where an answer has other values than 0 and 1, or another form than the right one.
    """
    count = wrong = 0
    for one in compared:
        for expected, actual in _pairs(one.expected, one.call.value):
            if not (_is_yes_or_no(expected) and _is_yes_or_no(actual) and np.shape(expected) == np.shape(actual)):
                return math.inf
            count += np.size(expected)
            wrong += int(np.count_nonzero(np.asarray(expected) != np.asarray(actual)))
    return math.log2(count + 1) + math.log2(math.comb(count, wrong))


def _is_yes_or_no(value: Any) -> bool:
    if not isinstance(value, np.ndarray | np.generic | bool | int | float):
        return False
    array = np.asarray(value)
    return array.dtype.kind == "b" or (array.dtype.kind in "iuf" and bool(((array == 0) | (array == 1)).all()))


def _pairs(expected: Any, actual: Any) -> list[tuple[Any, Any]]:
    """The values in two answers beside each other; the answers themselves where their form differs."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping) and expected.keys() <= actual.keys():
        return [pair for key in expected for pair in _pairs(expected[key], actual[key])]
    if isinstance(expected, tuple | list) and isinstance(actual, tuple | list) and len(expected) == len(actual):
        return [pair for one, other in zip(expected, actual, strict=True) for pair in _pairs(one, other)]
    return [(expected, actual)]
