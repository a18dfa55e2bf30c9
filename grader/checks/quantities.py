"""Constants that have a name: sizes and numbers of a call, and what is made of them.

A factor is told by its name only, never by its value: the names are those of the reference's parameters, and the size
behind a letter is shown where it is the same in all calls.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.checks.comparisons import Comparison

_MATRICES_FROM_A_CONTAINER = 4
_MOST_IN_PAIRS = 6  # six quantities make 30 products and quotients, in twelve forms each


class Quantity(NamedTuple):
    """A number with its name. sizes: what the letters in the name stand for, as "m = 7"."""

    value: float
    name: str
    sizes: tuple[str, ...] = ()


def name_of_factor(
    differences: Sequence[Comparison], factors: Sequence[float], *, pairs: bool = True, one: bool = False
) -> str | None:
    """What one name for all `factors`, one for each call, is; None when there is none. The simplest is preferred.

    pairs: whether products and quotients of two quantities count. one: whether 1 has a name, too.
    """
    magnitudes = [abs(factor) for factor in factors]
    differ = max(magnitudes) > 1.001 * min(magnitudes)  # by more than rounding
    levels = [_simple_factors] + [_further_factors, _factors_of_pairs] * pairs
    for level in levels:
        fitting: list[dict[str, tuple[str, ...]]] = []
        for difference, factor in zip(differences, factors, strict=True):
            named = [Quantity(1.0, "1")] * one + level(quantities(difference), differ)
            fitting.append({q.name: q.sizes for q in named if abs(factor - q.value) <= 1e-6 * abs(q.value)})
            if not fitting[-1]:
                break
        else:
            for name in fitting[0]:
                if all(name in others for others in fitting):
                    sizes = {others[name] for others in fitting}
                    (shown,) = sizes if len(sizes) == 1 else ((),)
                    return name + (f" ({', '.join(shown)})" if shown else "")
    return None


def _simple_factors(found: Sequence[Quantity], differ: bool) -> list[Quantity]:
    """−1, 2, ½, and every quantity and its inverse, with a sign or with a 2."""
    named = [Quantity(-1.0, "−1"), Quantity(2.0, "2"), Quantity(0.5, "½")]
    for quantity in found:
        straight, inverse = _product(quantity, 1), _product(quantity, -1)
        named += [straight, inverse, _negative(straight), _negative(inverse)]
        named += [_product(_TWO, 1, quantity, 1), _product(_TWO, -1, quantity, -1)]
    return named


def _further_factors(found: Sequence[Quantity], differ: bool) -> list[Quantity]:
    """1 − keep_prob and its like, for every number between 0 and 1; half of a quantity, and twice its inverse."""
    named = []
    for quantity in _complements(found):
        straight, inverse = _product(quantity, 1), _product(quantity, -1)
        named += [straight, inverse, _negative(straight), _negative(inverse)]
    for quantity in found:
        if quantity.sizes and not differ:
            continue  # half of a size is a whole number like others, so two calls must confirm it
        named += [_product(quantity, 1, _TWO, -1), _product(_TWO, 1, quantity, -1)]
    return named


def _factors_of_pairs(found: Sequence[Quantity], differ: bool) -> list[Quantity]:
    """Products and quotients of two quantities, with a sign or with a 2."""
    named = []
    base = list(found[:_MOST_IN_PAIRS])
    for one, other in itertools.combinations(base + _complements(base), 2):
        if one.name == other.name or (one.sizes and other.sizes and not differ):
            continue  # as above, for products and quotients of sizes
        for powers in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            product = _product(one, powers[0], other, powers[1])
            half = _product(one, powers[0], other, powers[1], _TWO, -1)
            twice = _product(_TWO, 1, one, powers[0], other, powers[1])
            named += [product, _negative(product), twice, half]
    return named


_TWO = Quantity(2.0, "2")


def _product(*factors: Any) -> Quantity:
    """The product of quantities, each followed by its power, 1 or −1; written as a fraction."""
    pairs = list(zip(factors[::2], factors[1::2], strict=True))
    value = math.prod(quantity.value**power for quantity, power in pairs)
    above, below = (_written([q.name for q, power in pairs if power == sign]) for sign in (1, -1))
    below = f"({below})" if (below.startswith("2") and len(below) > 1) or "·" in below else below
    if len(pairs) == 1 and above.startswith("(1 −"):
        above = above[1:-1]
    name = f"{above or 1}/{below}" if below else above
    return Quantity(value, name, tuple(size for quantity, _ in pairs for size in quantity.sizes))


def _written(names: Sequence[str]) -> str:
    """Factors side by side: 2m, 2(argument 3), 2·keep_prob, m·keep_prob."""
    twice = "2" in names
    others = [name for name in names if name != "2"]
    rest = "·".join(others)
    if twice and rest:
        return f"2{rest}" if len(rest) == 1 or (len(others) == 1 and rest.startswith("(")) else f"2·{rest}"
    return rest or "2" * twice


def _negative(quantity: Quantity) -> Quantity:
    name = f"({quantity.name})" if quantity.name.startswith("1 −") else quantity.name
    return Quantity(-quantity.value, f"−{name}", quantity.sizes)


def _complements(found: Sequence[Quantity]) -> list[Quantity]:
    return [Quantity(1 - value, f"(1 − {name})") for value, name, _ in found if 0 < value < 1]


def quantities(difference: Comparison) -> list[Quantity]:
    """The number of examples m, other sizes n, and the numbers that were passed.

    Examples are columns, so m is the number of columns that most matrices have.
    """
    matrices = [array for _, argument in difference.arguments for array in _matrices(argument)]
    columns = Counter(array.shape[1] for array in matrices if array.shape[1] > 1)
    m = columns.most_common(1)[0][0] if columns else 1
    sizes = dict.fromkeys(size for array in matrices for size in array.shape if size > 1 and size != m)
    found = [Quantity(float(m), "m", (f"m = {m}",))] if m > 1 else []
    found += [Quantity(float(size), "n", (f"n = {size}",)) for size in sizes]
    for name, argument in difference.arguments:
        is_number = isinstance(argument, int | float) and not isinstance(argument, bool)
        if is_number and 1e-100 < abs(argument) < 1e100 and abs(argument) != 1:  # products of two are finite, too
            found.append(Quantity(float(argument), name))
    return found


def _matrices(value: Any) -> list[NDArray[Any]]:
    if isinstance(value, np.ndarray):
        return [value] if value.ndim == 2 else []
    if isinstance(value, list | tuple):
        return [array for entry in value for array in _matrices(entry)][:_MATRICES_FROM_A_CONTAINER]
    if isinstance(value, Mapping):
        return [array for entry in value.values() for array in _matrices(entry)][:_MATRICES_FROM_A_CONTAINER]
    return []
