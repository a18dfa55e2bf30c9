"""Answers that are a little wrong in ways that nobody has thought of, for the proof that such errors get no false name.

A perturbation is drawn once and then does the same to every answer of a function, as a mistake would: tests that ask
several calls before they give a name are not helped by an error that moves about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_SMALLEST, _LARGEST = 1e-3, 1e-1  # relative errors, of one entry or of all
_FACTORS = 0.3, 3.0  # of a row; a whole answer of one row is scaled by it


class Perturbation:
    """One way to disturb answers. touched: whether it has found anything to disturb yet.

    It changes one array or number of an answer, wherever that stands in tuples, lists and dicts: one entry of it, one
    row, or all entries. Whole numbers change by 2 at least, since counting from 1 is a mistake with a name. Of many
    answers 0 and 1 some are exchanged, and never all. A single one, truth values, texts and sets stay what they are:
    they can be wrong in so few ways that some are those of a misconception.
    """

    def __init__(self, label: str) -> None:
        """label: what is perturbed, with a number. The same text gives the same perturbation."""
        self._seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")
        rng = np.random.default_rng(self._seed)
        self.kind = str(rng.choice(list(_KINDS)))
        self._places = rng.random(3)  # which array, and which entry or row of it, as shares of how many there are
        self._size = float(np.exp(rng.uniform(np.log(_SMALLEST), np.log(_LARGEST)))) * float(rng.choice([-1, 1]))
        self._factor = float(np.exp(rng.uniform(*np.log(_FACTORS))))
        self._step = int(rng.integers(2, 10)) * int(rng.choice([-1, 1]))
        self._calls = 0
        self.touched = False

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` with perturbed answers."""

        def perturbed(*args: Any, **kwargs: Any) -> Any:
            return self.disturb(function(*args, **kwargs))

        return perturbed

    def disturb(self, value: Any) -> Any:
        """A copy of `value` that is a little wrong."""
        self._calls += 1
        count = sum(1 for _ in _leaves(value))
        if not count:
            return value
        self.touched = True
        return _replaced(value, iter(range(count)), self._place(0, count), self._disturbed)

    def _place(self, number: int, count: int) -> int:
        return int(self._places[number] * count)

    def _disturbed(self, leaf: Any) -> Any:
        array = np.array(leaf)
        if array.ndim and _is_binary(array):
            array = np.where(self._some(array), 1 - array.astype(int), array).astype(array.dtype)
        elif array.dtype.kind in "iu":
            array = array + (self._step * self._chosen(array)).astype(array.dtype)
        else:
            array = np.where(self._chosen(array), self._error(array), array).astype(array.dtype)
        return array if isinstance(leaf, np.ndarray) else array.item()

    def _chosen(self, array: Array) -> Array:
        """Where this perturbation changes an array."""
        chosen = np.zeros(array.shape, dtype=bool)
        if self.kind == "noise" or not array.shape:
            chosen[...] = True
        elif self.kind == "row":
            chosen[self._place(1, array.shape[0])] = True
        else:
            chosen.flat[self._place(2, array.size)] = True
        return chosen

    def _some(self, array: Array) -> Array:
        """One entry, or some of them and not all."""
        if self.kind == "entry":
            return self._chosen(array)
        count = int(self._rng_of_call().integers(1, array.size // 2 + 1))
        chosen = np.zeros(array.shape, dtype=bool)
        chosen.flat[self._rng_of_call().permutation(array.size)[:count]] = True
        return chosen

    def _rng_of_call(self) -> np.random.Generator:
        """Another stream for each call, the same ones in every run."""
        return np.random.default_rng((self._seed, self._calls))

    def _error(self, array: Array) -> Array:
        if self.kind == "row" and array.shape:
            return array * self._factor
        if self.kind == "noise":
            return array * (1 + self._size * self._rng_of_call().normal(size=array.shape))
        return array * (1 + self._size)


_KINDS = ("entry", "row", "noise")


def _is_leaf(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        fewest = 2 if value.ndim and _is_binary(value) else 1
        return value.dtype.kind in "biufc" and value.size >= fewest
    return isinstance(value, int | float | complex | np.number) and not isinstance(value, bool)


def _is_binary(array: Array) -> bool:
    return array.dtype.kind == "b" or (array.dtype.kind in "iu" and bool(np.isin(array, (0, 1)).all()))


def _leaves(value: Any) -> Iterator[Any]:
    if _is_leaf(value):
        yield value
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from _leaves(entry)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _leaves(entry)


def _replaced(value: Any, numbers: Iterator[int], chosen: int, change: Callable[[Any], Any]) -> Any:
    """`value` with the leaf of this number changed; leaves are counted in the order of `_leaves`."""
    if _is_leaf(value):
        return change(value) if next(numbers) == chosen else value
    if isinstance(value, tuple | list):
        return type(value)([_replaced(entry, numbers, chosen, change) for entry in value])
    if isinstance(value, dict):
        return {key: _replaced(entry, numbers, chosen, change) for key, entry in value.items()}
    return value
