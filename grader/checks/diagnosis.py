"""What is wrong, by name: known misconceptions first, then patterns in the difference.

A diagnosis is given only when it explains the answer to rounding, in every call of the test whose answer is wrong.
Otherwise there is none, and the check's own words stand alone.
"""

from __future__ import annotations

import copy
import functools
from collections import Counter
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
_MOST_NAMES = 6
_FEWEST_IN_REGION = 6  # with fewer entries a pattern of signs fits too easily by accident


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
    parts: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # name → (expected, actual), as arrays


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
    if any(map(_is_drawn, differences)):
        return None
    for recognise in RECOGNISERS:
        if (found := recognise(differences)) is not None:
            return found
    return None


def _is_drawn(comparison: Comparison) -> bool:
    """Whether the call was given a random generator: the reference's own draw is one right answer of many."""
    call = comparison.call
    return any(isinstance(argument, np.random.Generator) for argument in (*call.args, *call.kwargs.values()))


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
        is_wrong = not _is_close(expected, call.value)
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
    if comparison.is_wrong and _is_close(comparison.expected, answer):
        return False
    if _missing(comparison.expected, answer) != _missing(comparison.expected, comparison.call.value):
        return False
    return _is_close(_like(comparison.expected, answer), comparison.call.value)


def _is_close(expected: Any, actual: Any) -> bool:
    """Equality up to rounding; a scalar may be a cost, in whose logarithm an epsilon of 1e-8 is accepted."""
    is_scalar = isinstance(expected, int | float | np.generic) or (
        isinstance(expected, np.ndarray) and not expected.ndim
    )
    return is_close(expected, actual, kind="cost" if is_scalar else "value")


def _like(expected: Any, answer: Any) -> Any:
    """`answer` without dict keys that the reference does not have: nobody compares those."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        return {key: answer[key] for key in expected if key in answer}
    return answer


def _missing(expected: Any, value: Any) -> set[Any]:
    """Keys of a dict that `value` lacks: an idea that leaves some out explains only answers without them."""
    both = isinstance(expected, Mapping) and isinstance(value, Mapping)
    return set(expected) - set(value) if both else set()


def _parts(expected: Any, actual: Any, name: str = "") -> dict[str, tuple[Any, Any]]:
    """The arrays of a value by name, with the student's, as far as both have the same structure."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        entries = [(str(key), expected[key], actual.get(key)) for key in expected]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple) and len(expected) == len(actual):
        entries = [(f"value {i + 1}", *pair) for i, pair in enumerate(zip(expected, actual, strict=True))]
    else:
        wanted, found = _array(expected), _array(actual)
        if wanted is None or found is None:
            return {}
        if wanted.ndim == 0 and found.size == 1:
            found = found.reshape(())  # as `check_close` accepts it
        return {name: (wanted, found)}
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


# Recognisers: each looks at all differences and names what explains every one of them, or returns None.


def _one_answer(
    recognise: Callable[[Comparison], Feedback | None],
) -> Callable[[Sequence[Comparison]], Feedback | None]:
    """A recogniser of one difference as one of several: what it says must be the same of all."""

    @functools.wraps(recognise)
    def recognise_all(differences: Sequence[Comparison]) -> Feedback | None:
        first = recognise(differences[0])
        return first if first is not None and all(recognise(other) == first for other in differences[1:]) else None

    return recognise_all


@_one_answer
def recognise_transposed(difference: Comparison) -> Feedback | None:
    """The right matrix, transposed."""
    wrong = _wrong_parts(difference)
    if wrong and all(
        expected.ndim == 2 and expected.T.shape == actual.shape and _same(expected.T, actual)
        for expected, actual in wrong.values()
    ):
        return feedback("pattern_transposed", what=_names(wrong))
    return None


def recognise_factor(differences: Sequence[Comparison]) -> Feedback | None:
    """The right answer times a constant that has a name: one name for all calls, whatever its value is in each."""
    wrong = [_wrong_parts(difference) for difference in differences]
    factors = [factor for parts in wrong if (factor := _common_factor(parts)) is not None]
    if len(factors) < len(differences) or any(parts.keys() != wrong[0].keys() for parts in wrong):
        return None
    fitting = [
        {name: size for value, name, size in _named_factors(difference) if np.isclose(factor, value, rtol=1e-6, atol=0)}
        for difference, factor in zip(differences, factors, strict=True)
    ]
    for name in fitting[0]:
        if all(name in others for others in fitting[1:]):
            sizes = {others[name] for others in fitting}
            what = _names(wrong[0])
            if name == "−1":
                return feedback("pattern_sign", what=what)
            return feedback("pattern_factor", what=what, factor=name + (sizes.pop() if len(sizes) == 1 else ""))
    return None


@_one_answer
def recognise_region(difference: Comparison) -> Feedback | None:
    """Right wherever some argument of the same shape is positive, wrong wherever it is not; or the reverse."""
    wrong = _wrong_parts(difference)
    if len(wrong) != 1:
        return None
    ((name, (expected, actual)),) = wrong.items()
    if expected.shape != actual.shape or expected.size < _FEWEST_IN_REGION:
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


@_one_answer
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


@_one_answer
def recognise_wrong_parts(difference: Comparison) -> Feedback | None:
    """Of several values some are right: say which, unless the list would be too long to help."""
    wrong = _wrong_parts(difference)
    right = [name for name in difference.parts if name not in wrong]
    if wrong and right and len(difference.parts) <= _MOST_NAMES:
        return feedback("pattern_parts", wrong=_names(wrong), right=_list(right))
    return None


RECOGNISERS: tuple[Callable[[Sequence[Comparison]], Feedback | None], ...] = (
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


def _common_factor(parts: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]) -> float | None:
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
    return factor if all(_same(factor * one, other) for one, other in parts.values()) else None


def _named_factors(difference: Comparison) -> list[tuple[float, str, str]]:
    """Constants that explain something: −1, 2, ½, and the sizes and numbers among the arguments.

    Each with its name, and with the size that is meant where the name is a letter: (1/7, "1/m", " (m = 7)").
    """
    named = [(-1.0, "−1", ""), (2.0, "2", ""), (0.5, "½", "")]
    for value, name, size in _quantities(difference.call):
        named += [(value, name, size), (1 / value, f"1/{name}", size)]
        named += [(-value, f"−{name}", size), (-1 / value, f"−1/{name}", size)]
        named += [(2 * value, f"2{name}", size), (0.5 / value, f"1/(2{name})", size)]
    return named


def _quantities(call: ObservedCall) -> list[tuple[float, str, str]]:
    """The number of examples m, other sizes n, and the numbers that were passed.

    Examples are columns, so m is the number of columns that most matrices have.
    """
    matrices = [array for argument in call.args for array in _matrices(argument)]
    columns = Counter(array.shape[1] for array in matrices if array.shape[1] > 1)
    m = columns.most_common(1)[0][0] if columns else 1
    sizes = dict.fromkeys(size for array in matrices for size in array.shape if size > 1 and size != m)
    found = [(float(m), "m", f" (m = {m})")] if m > 1 else []
    found += [(float(size), "n", f" (n = {size})") for size in sizes]
    for position, argument in enumerate(call.args):
        if isinstance(argument, int | float) and not isinstance(argument, bool) and abs(argument) not in (0, 1):
            found.append((float(argument), f"(argument {position + 1})", ""))
    return found


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
