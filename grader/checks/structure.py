"""Checks of what kind of thing a function returned, before anything is computed with it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.advice import advise, hidden_known
from grader.checks.vocabulary import LARGEST_SIZE, Known
from grader.errors import CheckFailed
from grader.messages import feedback

Array = NDArray[Any]

_MOST_KEYS = 8
# What a hidden test tells of shapes and keys that the submission chose.
_MORE_DIMENSIONS = 2
_MOST_OWN_KEYS = 3


def describe(value: object, *, shape: Sequence[int] = (1,)) -> str:
    """The kind of `value` in a few words: "an array of shape (3, 4)", "a list of 2 entries", "None".

    shape: a right one, by which a hidden test decides how much of another one it tells.
    """
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        words = f"an array of shape {shown_shape(value.shape, shape)}"
        if _is_numeric(value):
            return words
        # "<U7193" has a length in its name.
        return f"{words} and dtype {value.dtype if hidden_known() is None else value.dtype.type.__name__}"
    if isinstance(value, bool | np.bool_):
        return "a truth value"
    if isinstance(value, complex | np.complexfloating):
        return "a complex number"
    if isinstance(value, int | float | np.number):
        return "a number"
    if isinstance(value, str | bytes):
        return "a text"
    if isinstance(value, Mapping):
        keys = _some(value)
        return (
            "an empty dict"
            if not value
            else "a dict with other keys"
            if keys == "…"
            else f"a dict with the keys {keys}"
        )
    if isinstance(value, list | tuple | set | frozenset):
        kind = next(kind for kind in (list, tuple, set, frozenset) if isinstance(value, kind)).__name__
        return f"a {kind} of {shown_count(len(value), 1)} entries" if len(value) != 1 else f"a {kind} of one entry"
    kind = type(value).__name__
    known = hidden_known()
    return f"a value of type {kind if known is None or kind in known.words else '…'}"


def shown_shape(found: Sequence[int], expected: Sequence[int]) -> str:
    """`found`, a shape of the submission's choice, as text.

    A hidden test leaves out dimensions that are far more than `expected` has, and sizes that neither the arguments nor
    `expected` have, if there are several; a single one is only bounded when it is large.
    """
    sizes, known = [str(n) for n in found], hidden_known()
    if known is not None:
        most = _largest(expected)
        news = Known(known.words, {*known.sizes, *expected}).news(found, largest=most)
        hidden = f">{most}" if len(news) == 1 else "…"
        sizes = [hidden if n in news else str(n) for n in found]
        if len(found) > len(expected) + _MORE_DIMENSIONS:
            sizes = [*sizes[: len(expected) + _MORE_DIMENSIONS], "…"]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def shown_count(found: int, expected: int) -> str:
    """`found`, a number of entries of the submission's choice, as text; a hidden test only bounds a large one."""
    most = _largest((expected,))
    return str(found) if found <= most or hidden_known() is None else f"more than {most}"


def _largest(expected: Sequence[int]) -> int:
    """The largest size that a hidden test tells although nothing has it, where `expected` is right."""
    return max(LARGEST_SIZE, 2 * max(expected, default=0))


def check_not_none(actual: object, *, name: str) -> None:
    """Fail when there is no value at all."""
    if actual is None:
        raise CheckFailed(feedback("nothing_returned", name=name))


def check_array(actual: object, *, name: str, shape: Sequence[int] | None = None) -> NDArray[np.float64]:
    """`actual` as a float64 array to calculate with.

    Accepted are arrays, numbers and (nested) lists of any numeric dtype. shape: what it must have; any by default.
    Raises CheckFailed.
    """
    array = as_numeric(actual, name=name)
    if shape is not None:
        check_shape(array, shape, name=name)
    return _real(array, name).astype(np.float64)


def as_numeric(actual: object, *, name: str) -> Array:
    """`actual` as an array of its own numeric dtype. Raises CheckFailed when it is no such thing."""
    check_not_none(actual, name=name)
    if isinstance(actual, str | bytes | Mapping | set | frozenset):
        raise CheckFailed(feedback("wrong_type", name=name, expected="an array", actual=describe(actual)))
    try:
        array = np.asarray(actual)
    except (ValueError, TypeError, OverflowError):
        raise CheckFailed(feedback("ragged", name=name)) from None
    if not _is_numeric(array):
        raise CheckFailed(feedback("wrong_type", name=name, expected="an array of numbers", actual=describe(actual)))
    return array


def check_shape(actual: object, shape: Sequence[int], *, name: str) -> None:
    """Fail unless `actual` has exactly this shape; nothing is broadcast."""
    found, expected = as_numeric(actual, name=name).shape, tuple(int(n) for n in shape)
    if found == expected:
        return
    if found == expected[::-1] and len(expected) == 2:
        raise CheckFailed(feedback("transposed_shape", name=name, actual=found, expected=expected))
    if found[: len(expected)] == expected[: len(found)] and len(found) + 1 == len(expected) and expected[-1] == 1:
        raise CheckFailed(feedback("lost_dimension", name=name, actual=found, expected=expected))
    raise CheckFailed(feedback("wrong_shape", name=name, actual=shown_shape(found, expected), expected=expected))


def check_finite(actual: object, *, name: str) -> None:
    """Fail when there is a NaN or an infinity, and say where the first one is."""
    array = as_numeric(actual, name=name)
    wrong = ~np.isfinite(array)
    if wrong.any():
        index = first_index(wrong)
        what = "NaN" if np.isnan(array[index]) else "infinity"
        raise CheckFailed(
            feedback("not_finite", name=name, what=what, count=int(wrong.sum()), total=array.size, where=place(index))
        )


def check_scalar(actual: object, *, name: str) -> float:
    """`actual` as a float: a number, a 0-d array, or (with advice) an array of one entry."""
    array = as_numeric(actual, name=name)
    if array.size != 1:
        raise CheckFailed(feedback("not_a_number", name=name, actual=describe(actual, shape=())))
    number = float(_real(array, name).reshape(()))
    if array.ndim:
        advise(feedback("size_one", name=name, shape=array.shape))
    return number


def unpack(actual: object, names: Sequence[str], *, call: str) -> tuple[Any, ...]:
    """The values that a function returned, as many as `names`; a list or tuple of them is accepted.

    call: how the feedback names the function, "affine_backward(dZ, cache)". Raises CheckFailed.
    """
    expected = ", ".join(names)
    if actual is None:
        raise CheckFailed(feedback("nothing_returned", name=call))
    if isinstance(actual, list | tuple) and len(actual) == len(names):
        return tuple(actual)
    raise CheckFailed(feedback("wrong_count", call=call, count=len(names), names=expected, actual=describe(actual)))


def check_dict(
    actual: object, required: Sequence[str] | Mapping[str, Sequence[int]], *, name: str
) -> Mapping[str, Any]:
    """`actual` as a dict that has at least the keys `required`; more are accepted.

    required: keys, or shapes by key, which are then checked, too. Raises CheckFailed naming a missing key and a near
    one.
    """
    check_not_none(actual, name=name)
    if not isinstance(actual, Mapping):
        raise CheckFailed(feedback("wrong_type", name=name, expected="a dict", actual=describe(actual)))
    for key in required:
        if key not in actual:
            known = hidden_known()
            names = [k for k in actual if isinstance(k, str) and (known is None or k in required or k in known.words)]
            near = difflib.get_close_matches(key, names, n=1, cutoff=0.5) if isinstance(key, str) else []
            hint = f"; it has {near[0]}" if near else ""
            raise CheckFailed(feedback("missing_key", name=name, key=key, hint=hint, keys=_some(actual, required)))
    if isinstance(required, Mapping):
        for key, shape in required.items():
            check_shape(actual[key], shape, name=key)
    return actual


def check_binary(actual: object, shape: Sequence[int], *, name: str) -> NDArray[np.float64]:
    """`actual` as an array of 0 and 1 of any numeric dtype, in this shape. Raises CheckFailed."""
    array = check_array(actual, name=name, shape=shape)
    if not np.isin(array, (0.0, 1.0)).all():
        raise CheckFailed(feedback("not_binary", name=name))
    return array


def first_index(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    """The index of the first True entry, as plain integers."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), wrong.shape))


def place(index: tuple[int, ...]) -> str:
    """An index as it is written in Python, after a space; nothing for a scalar."""
    return f" at [{', '.join(map(str, index))}]" if index else ""


def _real(array: Array, name: str) -> Array:
    """`array`, which may be of a complex dtype as long as no imaginary part differs from 0. Raises CheckFailed."""
    if not np.iscomplexobj(array):
        return array
    if array.imag.any():
        raise CheckFailed(feedback("complex_numbers", name=name))
    return array.real


def _is_numeric(array: Array) -> bool:
    return array.dtype.kind in "biufc"


def _some(mapping: Mapping[Any, Any], expected: Collection[Any] = ()) -> str:
    """The first keys of `mapping`; in a hidden test the expected ones, and few others that are known."""
    keys = list(mapping)
    known = hidden_known()
    if known is not None:
        own = [key for key in keys if key not in expected and isinstance(key, str) and key in known.words]
        keys = [key for key in keys if key in expected or key in own[:_MOST_OWN_KEYS]]
    shown = [str(key) for key in keys[:_MOST_KEYS]]
    return ", ".join(shown if len(shown) == len(mapping) else [*shown, "…"])
