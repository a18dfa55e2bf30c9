"""Recognisers: each looks at all wrong calls of a test and names what explains every one of them, or returns None.

A pattern is one that the whole difference has to rounding. Whatever could fit by accident needs more: several entries,
several distinct values, or a constant that has a name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.comparisons import Array, Comparison, as_array, common_factor, listed, names_of, same, wrong_parts
from grader.checks.quantities import name_of_factor
from grader.checks.values import closeness
from grader.messages import feedback
from grader.model import Feedback

_MOST_NAMES = 6
_FEWEST_IN_REGION = 6  # with fewer entries a pattern of signs fits too easily by accident
_FEWEST_IN_TERM = 3  # entries that are not 0; with fewer a difference is a multiple of anything
_MOST_TERMS = 40  # arrays among the arguments that a difference is compared with
_MOST_PERMUTED = 100_000  # comparisons of entries when lines are looked for in another order

Recogniser = Callable[[Sequence[Comparison]], Feedback | None]


def _one_answer(recognise: Callable[[Comparison], Feedback | None]) -> Recogniser:
    """A recogniser of one difference as one of several: what it says must be the same of all."""

    @functools.wraps(recognise)
    def recognise_all(differences: Sequence[Comparison]) -> Feedback | None:
        first = recognise(differences[0])
        return first if first is not None and all(recognise(other) == first for other in differences[1:]) else None

    return recognise_all


def recognise_factor(differences: Sequence[Comparison]) -> Feedback | None:
    """The right answer times a constant that has a name: one name for all calls, whatever its value is in each."""
    wrong = [wrong_parts(difference) for difference in differences]
    factors = [factor for parts in wrong if (factor := common_factor(parts)) is not None]
    if len(factors) < len(differences) or any(parts.keys() != wrong[0].keys() for parts in wrong):
        return None
    name = name_of_factor(differences, factors)
    if name is None:
        return None
    if name == "−1":
        return feedback("pattern_sign", what=names_of(wrong[0]))
    return feedback("pattern_factor", what=names_of(wrong[0]), factor=name)


@_one_answer
def recognise_transposed(difference: Comparison) -> Feedback | None:
    """The right matrix, transposed."""
    wrong = wrong_parts(difference)
    if wrong and all(
        expected.ndim == 2 and expected.T.shape == actual.shape and same(expected.T, actual)
        for expected, actual in wrong.values()
    ):
        return feedback("pattern_transposed", what=names_of(wrong))
    return None


# Differences: a term is missing, or there is one too much.

_Fits = dict[str, float]  # by the name of a term, how often it is in actual − expected
_EVERYWHERE = ""  # the name of the term that is 1 in every entry


def recognise_term(differences: Sequence[Comparison]) -> Feedback | None:
    """Actual − expected is a multiple of an argument, or one number: the same term, sign and constant in all calls."""
    wrong = [wrong_parts(difference) for difference in differences]
    if not wrong[0] or any(parts.keys() != wrong[0].keys() for parts in wrong):
        return None
    fitting: list[list[_Fits]] = []  # by call and part
    for difference, parts in zip(differences, wrong, strict=True):
        terms = list(_terms(difference))[:_MOST_TERMS]
        fitting.append([_fits(expected, actual, terms) for expected, actual in parts.values()])
        if not all(fitting[-1]):
            return None
    found = [
        term
        for of_part in zip(*fitting, strict=True)
        if (term := _first_term(differences, of_part)) is not None  # of each wrong part
    ]
    signs, constants = {sign for _, sign, _ in found}, {constant for _, _, constant in found}
    if len(found) < len(wrong[0]) or len(signs) > 1 or len(constants) > 1:
        return None
    names, (constant,) = list(dict.fromkeys(name for name, _, _ in found)), constants
    if _EVERYWHERE in names and len(names) > 1:
        return None
    if names == [_EVERYWHERE]:
        argument = "the same number in every entry" if constant is None else f"exactly {constant} in every entry"
    elif constant is None:
        argument = f"a multiple of {listed(names)}"
    else:
        argument = "exactly " + ("" if constant == "1" else f"{constant} times ") + listed(names)
    if signs == {1.0}:
        return feedback("pattern_extra_term", what=names_of(wrong[0]), argument=argument)
    return feedback("pattern_missing_term", what=names_of(wrong[0]), argument=argument)


def _first_term(differences: Sequence[Comparison], fitting: Sequence[_Fits]) -> tuple[str, float, str | None] | None:
    """Name, sign and the constant's name of the first term that fits one part in all calls."""
    for name in fitting[0]:
        if not all(name in others for others in fitting):
            continue
        multiples = [others[name] for others in fitting]
        signs = {float(np.sign(multiple)) for multiple in multiples}
        if len(signs) == 1:
            constant = name_of_factor(differences, [abs(multiple) for multiple in multiples], one=True)
            return name, signs.pop(), constant
    return None


def _terms(difference: Comparison) -> Iterator[tuple[str, Array]]:
    """The arrays among the arguments by name: W1 for parameters["W1"]."""

    def walk(name: str, value: Any) -> Iterator[tuple[str, Array]]:
        if isinstance(value, Mapping):
            for key, entry in value.items():
                yield from walk(str(key), entry)
        elif isinstance(value, tuple) or (isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value)):
            for number, entry in enumerate(value, start=1):
                yield from walk(f"{name} (value {number})", entry)
        elif (array := as_array(value)) is not None and array.ndim and array.size and np.isfinite(array).all():
            yield name, array

    for name, value in difference.arguments:
        yield from walk(name.strip("()"), value)


def _fits(expected: Array, actual: Array, terms: Sequence[tuple[str, Array]]) -> _Fits:
    """The terms of which `actual` − `expected` is a multiple; of a term of another shape only the term itself."""
    if expected.shape != actual.shape or not np.isfinite(expected).all() or not np.isfinite(actual).all():
        return {}
    if _distinct(expected) < _FEWEST_IN_TERM:
        return {}  # classes and the like: differences of whole numbers are alike by accident
    found: _Fits = {}
    rest = actual - expected
    for name, array in terms:
        if _can_spread(array, expected) and (multiple := _multiple(rest, np.broadcast_to(array, rest.shape))):
            is_alone = array.shape == expected.shape and np.count_nonzero(array) >= _FEWEST_IN_TERM
            is_multiple = is_alone and _multiple(expected, array) is None  # else it is a factor, not a term
            if (is_multiple or np.isclose(abs(multiple), 1.0, rtol=1e-6)) and _is_sum(
                expected, actual, multiple, array
            ):
                found.setdefault(name, multiple)
    constant = _multiple(rest, np.ones_like(rest))
    if constant is not None and not found and _is_sum(expected, actual, constant, np.ones(1)):
        found[_EVERYWHERE] = constant
    return found


def _distinct(array: Array) -> int:
    return len(np.unique(array))


def _can_spread(array: Array, expected: Array) -> bool:
    """Whether a term may be meant: it has this shape, or is a row or a column that NumPy repeats; not one number."""
    if array.ndim > expected.ndim or not np.any(array) or (array.size > 1 and np.ptp(array) == 0):
        return False
    if array.size == 1 and float(array.ravel()[0]).is_integer():
        return False
    wide = (1,) * (expected.ndim - array.ndim) + array.shape
    return all(size in (1, wanted) for size, wanted in zip(wide, expected.shape, strict=True))


def _multiple(array: Array, term: Array) -> float | None:
    """c with array = c · term, up to a millionth of its largest entry; None when there is none, or it is 0."""
    norm = float(np.vdot(term, term))
    multiple = float(np.vdot(term, array)) / norm if norm else 0.0
    largest = float(np.max(np.abs(array)))
    if multiple == 0 or np.max(np.abs(array - multiple * term)) > 1e-6 * largest:
        return None
    return multiple


def _is_sum(expected: Array, actual: Array, multiple: float, term: Array) -> bool:
    return same(expected + multiple * term, actual)


# Structure: the right numbers in the wrong place, or summed in the wrong way.


@_one_answer
def recognise_permuted(difference: Comparison) -> Feedback | None:
    """All rows, columns or entries are there, in another order."""
    wrong = wrong_parts(difference)
    if not wrong or any(expected.shape != actual.shape for expected, actual in wrong.values()):
        return None
    for axis, lines in ((0, "rows"), (1, "columns")):
        if all(_is_permuted(expected, actual, axis) for expected, actual in wrong.values()):
            return feedback("pattern_permuted", what=names_of(wrong), line=lines)
    return None


def _is_permuted(expected: Array, actual: Array, axis: int) -> bool:
    if expected.ndim != 2 or _distinct(expected) < _FEWEST_IN_REGION or not np.isfinite(actual).all():
        return False  # lines of few values, such as classes, are alike by accident
    right, found = (expected, actual) if axis == 0 else (expected.T, actual.T)
    if len(right) < 2 or len(right) * right.size > _MOST_PERMUTED:
        return False
    tolerance = 1e-7 * np.abs(right) + 1e-9 * np.max(np.abs(right))  # as for values of float64
    matches = (np.abs(found[:, None, :] - right[None, :, :]) <= tolerance[None, :, :]).all(axis=2)
    return bool((matches.sum(axis=0) == 1).all() and (matches.sum(axis=1) == 1).all())


@_one_answer
def recognise_broadcast(difference: Comparison) -> Feedback | None:
    """A square where a line was expected, with the line on its diagonal: a row and a column were combined."""
    wrong = wrong_parts(difference)
    if wrong and all(
        expected.size == max(expected.shape, default=0)
        and _distinct(expected) > 1  # zeros are on the diagonal of many squares
        and actual.shape == (expected.size, expected.size)
        and same(expected.ravel(), np.diagonal(actual))
        for expected, actual in wrong.values()
    ):
        return feedback("pattern_broadcast", what=names_of(wrong))
    return None


@_one_answer
def recognise_sum(difference: Comparison) -> Feedback | None:
    """Summed over everything, or over the other axis."""
    wrong = wrong_parts(difference)
    if not wrong:
        return None
    if all(_is_summed_up(expected, actual) for expected, actual in wrong.values()):
        return feedback("pattern_summed_up", what=names_of(wrong))
    terms = [array for _, array in list(_terms(difference))[:_MOST_TERMS] if array.ndim == 2 and min(array.shape) > 1]
    if all(any(_is_other_axis(*pair, term) for term in terms) for pair in wrong.values()):
        return feedback("pattern_other_axis", what=names_of(wrong))
    return None


def _is_summed_up(expected: Array, actual: Array) -> bool:
    """Whether `actual` is the sum or the mean of all entries of `expected`, once or in every entry."""
    if expected.size < 2 or not np.isfinite(expected).all() or not np.isfinite(actual).all():
        return False
    if not (actual.size == 1 or (actual.shape == expected.shape and np.ptp(actual) == 0)):
        return False
    if _distinct(expected) < 2 or np.array_equal(expected, np.round(expected)):
        return False  # sums of whole numbers are equal by accident
    number = actual.ravel()[:1]
    return any(same(np.array([total]), number) for total in (expected.sum(), expected.mean()) if total)


def _is_other_axis(expected: Array, actual: Array, term: Array) -> bool:
    """Whether `expected` sums or averages `term` over one axis, and `actual` over the other."""
    for axis in (0, 1):
        sums, others = term.sum(axis=axis), term.sum(axis=1 - axis)
        if expected.size != sums.size or actual.size != others.size or _distinct(others) < _FEWEST_IN_TERM - 1:
            continue
        for count in (1, term.shape[1], term.shape[0]):
            if same(sums / count, expected.ravel()):
                return any(same(others / n, actual.ravel()) for n in {1, *term.shape})
    return False


@_one_answer
def recognise_region(difference: Comparison) -> Feedback | None:
    """Right wherever some argument of the same shape is positive, wrong wherever it is not; or the reverse."""
    wrong = wrong_parts(difference)
    if len(wrong) != 1:
        return None
    ((name, (expected, actual)),) = wrong.items()
    if expected.shape != actual.shape or expected.size < _FEWEST_IN_REGION:
        return None
    right = closeness(expected, actual)
    for position, argument in enumerate(difference.call.args):
        values = as_array(argument)
        if values is None or values.shape != expected.shape:
            continue
        for sign, positive in (("≤ 0", values > 0), ("> 0", values <= 0)):
            if positive.any() and not positive.all() and np.array_equal(right, positive):
                return feedback("pattern_region", what=name or "the result", position=position + 1, sign=sign)
    return None


@_one_answer
def recognise_one_line(difference: Comparison) -> Feedback | None:
    """Wrong in one row or in one column only."""
    wrong = wrong_parts(difference)
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
    wrong = wrong_parts(difference)
    right = [name for name in difference.parts if name not in wrong]
    if wrong and right and len(difference.parts) <= _MOST_NAMES:
        return feedback("pattern_parts", wrong=names_of(wrong), right=listed(right))
    return None


# In this order; what explains the whole difference by two mistakes comes after these, and the parts come last.
RECOGNISERS: tuple[Recogniser, ...] = (
    recognise_factor,
    recognise_transposed,
    recognise_term,
    recognise_permuted,
    recognise_broadcast,
    recognise_sum,
    recognise_region,
    recognise_one_line,
)
