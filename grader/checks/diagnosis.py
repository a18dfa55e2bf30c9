"""What is wrong, by name: known misconceptions first, then patterns in the difference.

A diagnosis is given only when it explains the answer to rounding, in every call of the test whose answer is wrong.
Otherwise there is none, and the check's own words stand alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.misconceptions import Misconception
from grader.checks.values import closeness, is_close
from grader.errors import GraderError
from grader.messages import feedback
from grader.model import Feedback

_MOST_CALLS = 20  # a test with hundreds of calls is diagnosed by its first ones
_CANDIDATES_FROM_SHAPES = 4


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
    """A call with the right value beside the student's."""

    call: ObservedCall
    expected: Any
    is_wrong: bool
    parts: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # name → (expected, actual), arrays of one shape


def diagnose(
    calls: Sequence[ObservedCall], exercise: str, reference: object, misconceptions: Sequence[Misconception]
) -> Feedback | None:
    """The name of what is wrong with the calls of `exercise`, or None when nothing explains all of them.

    Reference and misconceptions are evaluated on copies of the very arguments. A misconception that raises on them
    explains nothing. Calls for which the reference cannot answer (recorded answers) are left out.
    """
    compared = _compared(calls, exercise, reference)
    differences = [one for one in compared if one.is_wrong]
    if not differences:
        return None
    for misconception in misconceptions:
        if misconception.exercise == exercise and all(_explains(misconception, one, reference) for one in compared):
            return misconception.feedback()
    for recognise in RECOGNISERS:
        found = [recognise(difference) for difference in differences]
        if found[0] is not None and all(one == found[0] for one in found):
            return found[0]
    return None


def _compared(calls: Sequence[ObservedCall], exercise: str, reference: object) -> list[Comparison]:
    found: list[Comparison] = []
    for call in calls:
        if call.function != exercise or call.exception or len(found) == _MOST_CALLS:
            continue
        args, kwargs = copy.deepcopy((call.args, dict(call.kwargs)))
        try:
            with np.errstate(all="ignore"):
                expected = getattr(reference, exercise)(*args, **kwargs)
        except GraderError:
            continue  # nothing is recorded for these arguments
        except Exception:
            return []  # a call that is meant to fail: its value is wrong whatever it is
        is_wrong = not is_close(expected, call.value)
        found.append(Comparison(call, expected, is_wrong, _parts(expected, call.value) if is_wrong else {}))
    return found


def _explains(misconception: Misconception, comparison: Comparison, reference: object) -> bool:
    """Whether the idea gives the student's answer, where it is wrong and where it is right."""
    args, kwargs = copy.deepcopy((comparison.call.args, dict(comparison.call.kwargs)))
    try:
        with np.errstate(all="ignore"):
            answer = misconception.evaluate(reference, args, kwargs)
    except Exception:
        return False
    if comparison.is_wrong and is_close(comparison.expected, answer):
        return False
    return is_close(_like(comparison.expected, answer), comparison.call.value)


def _like(expected: Any, answer: Any) -> Any:
    """`answer` without dict keys that the reference does not have: nobody compares those."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        return {key: answer[key] for key in expected if key in answer}
    return answer


def _parts(expected: Any, actual: Any, name: str = "") -> dict[str, tuple[Any, Any]]:
    """The arrays of a value by name, with the student's, as far as both have the same structure and shapes."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        entries = [(str(key), expected[key], actual.get(key)) for key in expected]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple) and len(expected) == len(actual):
        entries = [(f"value {i + 1}", *pair) for i, pair in enumerate(zip(expected, actual, strict=True))]
    else:
        wanted, found = _array(expected), _array(actual)
        return {} if wanted is None or found is None else {name: (wanted, found)}
    parts: dict[str, tuple[Any, Any]] = {}
    for key, one, other in entries:
        parts |= _parts(one, other, f"{name} {key}".strip())
    return parts


def _array(value: Any) -> NDArray[np.float64] | None:
    if value is None or isinstance(value, str | bytes | Mapping | set | frozenset):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


# Recognisers: each looks at one difference and names what explains it, or returns None.


def recognise_transposed(difference: Comparison) -> Feedback | None:
    """The right matrix, transposed."""
    wrong = _wrong_parts(difference)
    if wrong and all(
        expected.ndim == 2 and expected.T.shape == actual.shape and _same(expected.T, actual)
        for expected, actual in wrong.values()
    ):
        return feedback("pattern_transposed", what=_names(wrong))
    return None


def recognise_factor(difference: Comparison) -> Feedback | None:
    """The right answer times a constant that has a name."""
    wrong = _wrong_parts(difference)
    if not wrong or any(expected.shape != actual.shape for expected, actual in wrong.values()):
        return None
    factors = {_factor(expected, actual) for expected, actual in wrong.values()}
    if len(factors) != 1 or (factor := factors.pop()) is None:
        return None
    for value, name in _named_factors(difference):
        if np.isclose(factor, value, rtol=1e-6, atol=0):
            key = "pattern_sign" if value == -1 else "pattern_factor"
            return feedback(key, what=_names(wrong), factor=name, value=f"{value:.4g}")
    return None


def recognise_region(difference: Comparison) -> Feedback | None:
    """Right wherever some argument of the same shape is positive, wrong wherever it is not; or the reverse."""
    wrong = _wrong_parts(difference)
    if len(wrong) != 1:
        return None
    ((name, (expected, actual)),) = wrong.items()
    if expected.shape != actual.shape or expected.size < 4:
        return None
    right = closeness(expected, actual)
    for position, argument in enumerate(difference.call.args):
        values = _array(argument)
        if values is None or values.shape != expected.shape:
            continue
        for sign, positive in (("≤ 0", values > 0), ("> 0", values <= 0)):
            if positive.any() and not positive.all() and np.array_equal(right, positive):
                return feedback("pattern_region", what=name or "the result", position=position + 1, sign=sign)
    return None


def recognise_one_line(difference: Comparison) -> Feedback | None:
    """Wrong in one row or in one column only."""
    wrong = _wrong_parts(difference)
    if len(wrong) != 1:
        return None
    ((name, (expected, actual)),) = wrong.items()
    if expected.ndim != 2 or expected.shape != actual.shape or min(expected.shape) < 2:
        return None
    bad = ~closeness(expected, actual)
    for axis, word in ((1, "row"), (0, "column")):
        lines = np.flatnonzero(bad.any(axis=axis))
        if len(lines) == 1 and bad.sum() > 1:
            return feedback("pattern_line", what=name or "the result", line=f"{word} {int(lines[0])}")
    return None


def recognise_wrong_parts(difference: Comparison) -> Feedback | None:
    """Of several values some are right: say which."""
    wrong = _wrong_parts(difference)
    right = [name for name in difference.parts if name not in wrong]
    if wrong and right and len(difference.parts) == len(_leaves(difference.expected)):
        return feedback("pattern_parts", wrong=_names(wrong), right=_list(right))
    return None


RECOGNISERS: tuple[Callable[[Comparison], Feedback | None], ...] = (
    recognise_transposed,
    recognise_factor,
    recognise_region,
    recognise_one_line,
    recognise_wrong_parts,
)


def _wrong_parts(difference: Comparison) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    if len(difference.parts) != len(_leaves(difference.expected)):
        return {}  # the structure differs: nothing to say about values
    return {name: (e, a) for name, (e, a) in difference.parts.items() if e.shape != a.shape or not _same(e, a)}


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for entry in value.values() for leaf in _leaves(entry)]
    if isinstance(value, list | tuple):
        return [leaf for entry in value for leaf in _leaves(entry)]
    return [value]


def _same(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> bool:
    return bool(closeness(expected, actual).all())


def _factor(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> float | None:
    """c with actual = c · expected to rounding, unless it is 0 or 1."""
    if not expected.size or not np.isfinite(expected).all() or not np.isfinite(actual).all():
        return None
    norm = float(np.vdot(expected, expected))
    factor = float(np.vdot(expected, actual)) / norm if norm else 0.0
    if factor == 0 or np.isclose(factor, 1.0, rtol=1e-6) or not _same(factor * expected, actual):
        return None
    return factor


def _named_factors(difference: Comparison) -> list[tuple[float, str]]:
    """Constants that explain something: −1, 2, ½, and the sizes and numbers among the arguments."""
    named: list[tuple[float, str]] = [(-1.0, "−1"), (2.0, "2"), (0.5, "½")]
    for value, name in _quantities(difference.call):
        named += [(value, name), (1 / value, f"1/{name}"), (-value, f"−{name}"), (-1 / value, f"−1/{name}")]
        named += [(2 * value, f"2{name}"), (0.5 / value, f"1/(2{name})")]
    return named


def _quantities(call: ObservedCall) -> list[tuple[float, str]]:
    """The number of examples m (columns), of rows n, and numbers that were passed, without 0 and ±1."""
    found: dict[float, str] = {}
    for array in (a for argument in call.args for a in _matrices(argument)):
        found.setdefault(float(array.shape[1]), f"m = {array.shape[1]}")
    for array in (a for argument in call.args for a in _matrices(argument)):
        found.setdefault(float(array.shape[0]), f"n = {array.shape[0]}")
    for position, argument in enumerate(call.args):
        if isinstance(argument, int | float) and not isinstance(argument, bool):
            found.setdefault(float(argument), f"argument {position + 1}")
    return [(value, name) for value, name in found.items() if value not in (0.0, 1.0, -1.0, 2.0, 0.5)]


def _matrices(value: Any) -> list[NDArray[Any]]:
    if isinstance(value, np.ndarray):
        return [value] if value.ndim == 2 else []
    if isinstance(value, list | tuple):
        return [array for entry in value for array in _matrices(entry)][:_CANDIDATES_FROM_SHAPES]
    if isinstance(value, Mapping):
        return [array for entry in value.values() for array in _matrices(entry)][:_CANDIDATES_FROM_SHAPES]
    return []


def _names(parts: Mapping[str, Any]) -> str:
    return _list([name for name in parts if name]) or "the result"


def _list(names: Sequence[str]) -> str:
    *front, last = names or [""]
    return f"{', '.join(front)} and {last}" if front else last
