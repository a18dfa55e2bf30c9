"""A digest of what a function answers, equal for two students whose functions give the same wrong values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.comparisons import ObservedCall

_DIGITS = 6  # of the largest entry of an array: formulas that are equal on paper differ by rounding far below it
_MOST_CALLS = 20
_LENGTH = 16  # hexadecimal digits; equal by accident once in 10¹⁹ pairs


def answer_digest(test: str, exercise: str, calls: Sequence[ObservedCall]) -> str:
    """A digest of the values that `exercise` returned in `test`; "" where it returned none.

    Comparable only between runs of the test on the same inputs. Arrays count to six digits of their largest entry.
    """
    values = [call.value for call in calls if call.function == exercise and not call.exception][:_MOST_CALLS]
    if not values:
        return ""
    digest = hashlib.sha256(test.encode("utf-8", "surrogatepass"))
    for value in values:
        for piece in _pieces(value):
            digest.update(len(piece).to_bytes(8, "little"))
            digest.update(piece)
    return digest.hexdigest()[:_LENGTH]


def _pieces(value: Any) -> Iterator[bytes]:
    """What `value` is, in an order of its own. Values that crossed the wall are nested to a limited depth."""
    if isinstance(value, Mapping):
        yield b"{"
        for key in sorted(value, key=repr):
            yield repr(key).encode("utf-8", "surrogatepass")
            yield from _pieces(value[key])
        yield b"}"
    elif isinstance(value, list | tuple):
        yield b"["
        for entry in value:
            yield from _pieces(entry)
        yield b"]"
    elif isinstance(value, bool | int | float | np.number | np.ndarray) and np.asarray(value).dtype.kind in "biuf":
        array = np.asarray(value, dtype=np.float64)
        yield repr(array.shape).encode()
        yield _rounded(array)
    else:
        yield repr(value).encode("utf-8", "surrogatepass")


def _rounded(array: np.ndarray[Any, np.dtype[np.float64]]) -> bytes:
    """The entries in units of the sixth digit of the largest one, and which power of ten that one has."""
    finite = np.isfinite(array)
    sizes = np.abs(array[finite])
    largest = float(sizes.max(initial=0.0))
    if largest == 0.0:
        exponent, units = 0, np.zeros(array.shape)
    else:
        exponent = int(np.floor(np.log10(largest)))
        with np.errstate(over="ignore", invalid="ignore"):
            units = np.rint(array / 10.0**exponent * 10.0 ** (_DIGITS - 1))
    units = np.where(finite, units, np.nan_to_num(np.sign(array), nan=0.0) + 0.5) + 0.0  # -0.0 is 0.0
    return f"{exponent}:".encode() + units.tobytes()
