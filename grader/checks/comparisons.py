"""Calls of a student's function beside the right answers, and the arrays in which the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.values import closeness, is_close

Array = NDArray[np.float64]
Pair = tuple[Array, Array]  # expected, actual


@dataclass(frozen=True)
class ObservedCall:
    """One call of a student's function: what it was given, and what it returned or raised."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    value: Any
    exception: str = ""


@dataclass(frozen=True)
class Comparison:
    """A call with the right value beside the student's.

    parts: expected and actual arrays by name. arguments: name and value, by the place where the name is not known.
    """

    call: ObservedCall
    expected: Any
    is_wrong: bool
    parts: dict[str, Pair] = field(default_factory=dict)
    arguments: tuple[tuple[str, Any], ...] = ()


def is_right(expected: Any, actual: Any) -> bool:
    """Equality up to rounding; a scalar may be a cost, in whose logarithm an epsilon of 1e-8 is accepted."""
    is_scalar = isinstance(expected, int | float | np.generic) or (
        isinstance(expected, np.ndarray) and not expected.ndim
    )
    return is_close(expected, actual, kind="cost" if is_scalar else "value")


def parts_of(expected: Any, actual: Any, name: str = "") -> dict[str, Pair]:
    """The arrays of a value by name, with the student's, as far as both have the same structure."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        entries = [(str(key), expected[key], actual.get(key)) for key in expected]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple) and len(expected) == len(actual):
        entries = [(f"value {i + 1}", *pair) for i, pair in enumerate(zip(expected, actual, strict=True))]
    else:
        wanted, found = as_array(expected), as_array(actual)
        if wanted is None or found is None:
            return {}
        if wanted.ndim == 0 and found.size == 1:
            found = found.reshape(())  # as `check_close` accepts it
        return {name: (wanted, found)}
    parts: dict[str, Pair] = {}
    for key, one, other in entries:
        parts |= parts_of(one, other, f"{name} {key}".strip())
    return parts


def as_array(value: Any) -> Array | None:
    """`value` as an array of floats, or None when it is something else."""
    if value is None or isinstance(value, str | bytes | Mapping | set | frozenset):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def wrong_parts(difference: Comparison) -> dict[str, Pair]:
    """The parts that are not right; none when the structure differs, since nothing can be said about values then."""
    if len(difference.parts) != len(_leaves(difference.expected)):
        return {}
    return {name: (e, a) for name, (e, a) in difference.parts.items() if e.shape != a.shape or not same(e, a)}


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for entry in value.values() for leaf in _leaves(entry)]
    if isinstance(value, list | tuple):
        return [leaf for entry in value for leaf in _leaves(entry)]
    return [value]


def same(expected: Array, actual: Array) -> bool:
    """Whether two arrays of one shape are equal up to rounding."""
    return bool(closeness(expected, actual).all())


def common_factor(parts: Mapping[str, Pair]) -> float | None:
    """c with actual = c · expected to rounding in every part, unless it is 0 or 1."""
    if not parts or any(expected.shape != actual.shape for expected, actual in parts.values()):
        return None
    expected = np.concatenate([expected.ravel() for expected, _ in parts.values()])
    actual = np.concatenate([actual.ravel() for _, actual in parts.values()])
    if not np.isfinite(expected).all() or not np.isfinite(actual).all():
        return None
    norm = float(np.vdot(expected, expected))
    factor = float(np.vdot(expected, actual)) / norm if norm else 0.0
    if factor == 0 or np.isclose(factor, 1.0, rtol=1e-6):
        return None
    return factor if all(same(factor * one, other) for one, other in parts.values()) else None


def names_of(parts: Mapping[str, Any]) -> str:
    """The parts as they are called in a sentence."""
    return listed([name for name in parts if name]) or "the result"


def listed(names: Sequence[str]) -> str:
    """ "dA, dW and db"."""
    *front, last = names or [""]
    return f"{', '.join(front)} and {last}" if front else last
