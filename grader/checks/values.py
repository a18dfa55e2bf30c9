"""Comparison of what a function returned with what it should have returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.advice import advise, collect_advice, values_may_be_shown
from grader.checks.margins import collect_margins, margins_are_collected, note_margin
from grader.checks.pictures import drawn, heat_map
from grader.checks.structure import (
    as_numeric,
    check_dict,
    check_not_none,
    check_shape,
    describe,
    first_index,
    place,
    shown_count,
)
from grader.checks.tolerances import Kind, Tolerance, tolerance_for
from grader.errors import CheckFailed
from grader.messages import feedback

_LARGEST_SHOWN = 24  # entries of an array that is shown whole
_NUMERIC = (np.ndarray, np.generic, bool, int, float, complex)


def check_close(
    expected: Any,
    actual: Any,
    *,
    name: str,
    kind: Kind = "value",
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Fail unless `actual` equals `expected` up to rounding.

    Compares trees: of a dict the keys of `expected` (others are accepted), of a list or tuple every entry, and arrays
    by kind of value, shape, finiteness and values, in this order. Any numeric dtype, lists for tuples, and sequences
    for one-dimensional arrays are accepted; where a number is expected, so is an array of one entry, with advice.
    Differences up to the tolerances of this dtype and `kind` are rounding; rtol (relative to each entry) and atol
    (relative to the largest entry) take the place of the table's where they are larger.
    name: how the feedback calls the value. Raises CheckFailed; expected values are in its text only in visible tests.
    """
    least = Tolerance(rtol or 0.0, atol or 0.0)
    if isinstance(expected, Mapping):
        found = check_dict(actual, list(expected), name=name)
        for key in expected:
            check_close(expected[key], found[key], name=_key_name(name, key), kind=kind, rtol=rtol, atol=atol)
    elif isinstance(expected, list | tuple):
        for i, (wanted, entry) in enumerate(_entries(expected, actual, name)):
            check_close(wanted, entry, name=f"{name}[{i}]", kind=kind, rtol=rtol, atol=atol)
    elif isinstance(expected, set | frozenset):
        if not isinstance(actual, Set) or actual != expected:
            raise CheckFailed(_wrong(name, expected, actual))
    elif isinstance(expected, str | bytes) or expected is None:
        # An array compared with a text or None gives an array of truth values, so the type comes first.
        if not isinstance(actual, str | bytes | None) or actual != expected:
            raise CheckFailed(_wrong(name, expected, actual))
    else:
        _check_array(np.asarray(expected), actual, name, kind, least)


def is_close(expected: Any, actual: Any, *, kind: Kind = "value") -> bool:
    """Whether `check_close` would pass. Nothing is advised: a question is not a finding."""
    # A diagnosis asks this thousands of times, so what most answers are made of is compared without describing it.
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return all(key in actual and is_close(expected[key], actual[key], kind=kind) for key in expected)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        pairs = zip(expected, actual, strict=False)
        return len(expected) == len(actual) and all(is_close(one, other, kind=kind) for one, other in pairs)
    if isinstance(expected, _NUMERIC) and isinstance(actual, _NUMERIC):
        wanted, found = np.asarray(expected), np.asarray(actual)
        if wanted.shape == found.shape and wanted.dtype.kind in "biuf" and found.dtype.kind in "biuf":
            return np.array_equal(wanted, found) or bool(closeness(wanted, found, kind=kind).all())
    with collect_advice(show_values=False), collect_margins():
        try:
            check_close(expected, actual, name="", kind=kind)
        except CheckFailed:
            return False
    return True


def closeness(
    expected: NDArray[Any], actual: NDArray[Any], *, kind: Kind = "value", least: Tolerance | None = None
) -> NDArray[np.bool_]:
    """For every entry, whether `actual` equals `expected` up to rounding. Both have one shape."""
    rtol, atol = map(max, tolerance_for(actual.dtype, kind), least or (0.0, 0.0))
    wanted, found = _wide(expected), _wide(actual)
    is_finite = np.isfinite(wanted)
    scale = float(np.max(np.abs(wanted[is_finite]), initial=0.0))
    with np.errstate(all="ignore"):
        near = is_finite & (np.abs(found - wanted) <= rtol * np.abs(wanted) + atol * scale)
    same: NDArray[np.bool_] = near | (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    return same


def check_deterministic(call: Callable[[], Any], *, name: str) -> Any:
    """The result of `call`, which is made twice and must return the same both times. Raises CheckFailed."""
    first, second = call(), call()
    if not _is_same(first, second):
        raise CheckFailed(feedback("not_deterministic", name=name))
    return first


def check_changes(results: Sequence[Any], *, name: str, argument: str) -> None:
    """Fail when all `results`, made with different values of `argument`, are the same."""
    if all(_is_same(results[0], other) for other in results[1:]):
        raise CheckFailed(feedback("argument_ignored", name=name, argument=argument))


def _is_same(one: Any, other: Any) -> bool:
    """Equality without tolerance, for trees of data of any kind."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, _NUMERIC) and isinstance(other, _NUMERIC):
        a, b = np.asarray(one), np.asarray(other)
        return a.shape == b.shape and bool(
            np.array_equal(a, b, equal_nan=a.dtype.kind in "fc" and b.dtype.kind in "fc")
        )
    return not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and bool(one == other)


def _key_name(name: str, key: object) -> str:
    return str(key) if isinstance(key, str) else f"{name}[{key!r}]"


def _entries(expected: Sequence[Any], actual: Any, name: str) -> list[tuple[Any, Any]]:
    """Pairs of entries of two sequences of one length."""
    if isinstance(actual, np.ndarray) and actual.ndim:
        actual = list(actual)
    if not isinstance(actual, list | tuple):
        raise CheckFailed(
            feedback(
                "wrong_type",
                name=name,
                expected=f"a {type(expected).__name__} of {len(expected)} entries",
                actual=describe(actual),
            )
        )
    if len(actual) != len(expected):
        count = shown_count(len(actual), len(expected))
        raise CheckFailed(feedback("wrong_length", name=name, expected=len(expected), actual=count))
    return list(zip(expected, actual, strict=True))


def _check_array(expected: NDArray[Any], actual: Any, name: str, kind: Kind, least: Tolerance) -> None:
    found = as_numeric(actual, name=name)
    if expected.ndim == 0 and found.ndim and found.size == 1:
        advise(feedback("size_one", name=name, shape=found.shape))
        found = found.reshape(())
    check_shape(found, expected.shape, name=name)
    if found.dtype == expected.dtype and np.array_equal(found, expected):
        note_margin(0.0)
        return  # the same formula in the same order, as it is more often than not
    right = closeness(expected, found, kind=kind, least=least)
    if margins_are_collected():
        note_margin(_margin(expected, found, kind, least))
    if right.all():
        return
    _check_finite_where_expected(expected, found, name)
    if np.iscomplexobj(found) and not np.iscomplexobj(expected):
        raise CheckFailed(feedback("complex_numbers", name=name))
    raise CheckFailed(
        _describe_difference(expected, found, right, name), pictures=drawn(heat_map, expected, found, right, name=name)
    )


def _margin(expected: NDArray[Any], found: NDArray[Any], kind: Kind, least: Tolerance) -> float:
    """The largest error of an entry as a share of what is allowed for it; infinite where one is not finite."""
    rtol, atol = map(max, tolerance_for(found.dtype, kind), least)
    wanted, actual = _wide(expected), _wide(found)
    with np.errstate(all="ignore"):
        allowed = rtol * np.abs(wanted) + atol * np.max(np.abs(wanted), initial=0.0)
        shares = np.where(actual == wanted, 0.0, np.abs(actual - wanted) / allowed)
    largest = float(np.max(shares, initial=0.0))
    return largest if largest == largest else float("inf")


def _check_finite_where_expected(expected: NDArray[Any], found: NDArray[Any], name: str) -> None:
    bad = ~np.isfinite(found) & np.isfinite(_wide(expected))
    if bad.any():
        index = first_index(bad)
        what = "NaN" if np.isnan(found[index]) else "infinity"
        raise CheckFailed(
            feedback("not_finite", name=name, what=what, count=int(bad.sum()), total=found.size, where=place(index))
        )


def _describe_difference(expected: NDArray[Any], found: NDArray[Any], right: NDArray[np.bool_], name: str) -> Any:
    """How many entries are wrong, where the first is, and how large the error is."""
    index = first_index(~right)
    error = float(np.max(relative_error(expected, found)[~right]))
    facts: dict[str, object] = {"name": name, "error": f"{error:.1g}", "where": place(index)}
    key = "wrong_number" if not found.ndim else "wrong_entries"
    if values_may_be_shown():
        key += "_shown"
        facts |= {"expected": _short(expected[index]), "actual": _short(found[index])}
        if 1 < found.size <= _LARGEST_SHOWN:
            key = "wrong_array_shown"
            facts |= {"expected": _short(expected), "actual": _short(found)}
    return feedback(key, **facts, count=int((~right).sum()), total=found.size)


def relative_error(expected: NDArray[Any], actual: NDArray[Any], *, floor: float = 1e-8) -> NDArray[np.float64]:
    """Element-wise relative error |e - a| / max(|e|, |a|, floor).

    expected, actual: numeric arrays of one shape. floor: the smallest denominator, so that 0 against 1e-12 does not
    count as 100 % wrong. Returns a float64 array of that shape, in [0, 2]: NaN and infinity differ by 2 from all but
    themselves. Raises ValueError if the shapes differ.
    Source: CS231n notes, "Gradient checks", in the max form.
    """
    wanted, found = _wide(np.asarray(expected)), _wide(np.asarray(actual))
    if wanted.shape != found.shape:
        raise ValueError(f"shapes differ: {wanted.shape} and {found.shape}")
    denominator = np.maximum(np.maximum(np.abs(wanted), np.abs(found)), floor)
    with np.errstate(all="ignore"):
        # Divided first: the difference of two numbers near the largest float overflows.
        error: NDArray[np.float64] = np.abs(wanted / denominator - found / denominator)
    same = (wanted == found) | (np.isnan(wanted) & np.isnan(found))
    return np.where(same, 0.0, np.where(np.isfinite(wanted) & np.isfinite(found), error, 2.0))


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _short(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=5, suppress_small=False, separator=", ", max_line_width=70)


def _wrong(name: str, expected: object, actual: object) -> Any:
    if expected is not None:
        check_not_none(actual, name=name)
    if values_may_be_shown():
        return feedback("wrong_number_shown", name=name, expected=_plain(expected), actual=_plain(actual))
    return feedback("wrong_plain", name=name, actual=describe(actual))


def _plain(value: object) -> str:
    """A text or a set as Python writes it, in one order for all runs; of anything else the kind."""
    if isinstance(value, set | frozenset) and value:
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    return repr(value) if isinstance(value, str | bytes) else describe(value)
