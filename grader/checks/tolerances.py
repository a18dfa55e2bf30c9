"""How close is close enough: one table, by dtype and kind of quantity.

A difference is accepted up to rtol · |expected| + atol · scale, where scale is the largest absolute value of the
expected array: an entry that cancels to nearly zero carries the rounding of its large neighbours, and no more than that
(Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1: the error of an inner product is bounded
relative to |x|·|y|, not to x·y).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

Kind = Literal["value", "cost", "gradient"]


class Tolerance(NamedTuple):
    """rtol is relative to each expected entry, atol to the largest one."""

    rtol: float
    atol: float


TOLERANCES: dict[tuple[str, Kind], Tolerance] = {
    # float64: other orders of summation differ by some 1e-15 per term, epsilons up to 1e-8 in denominators by 1e-8.
    ("float64", "value"): Tolerance(1e-7, 1e-9),
    # An epsilon of 1e-8 inside a logarithm moves a cost by less than 1e-6 on the unsaturated inputs that tests use.
    ("float64", "cost"): Tolerance(1e-6, 1e-9),
    # Analytic gradients are formulas like any other; numerical ones have their own thresholds in `gradients`.
    ("float64", "gradient"): Tolerance(1e-7, 1e-9),
    # float32 has 24 bits, 6e-8; sums over a few hundred terms lose another factor of up to 100.
    ("float32", "value"): Tolerance(1e-4, 1e-5),
    ("float32", "cost"): Tolerance(1e-4, 1e-5),
    ("float32", "gradient"): Tolerance(1e-3, 1e-4),
    # float16 has 11 bits, 5e-4.
    ("float16", "value"): Tolerance(1e-2, 2e-3),
    ("float16", "cost"): Tolerance(1e-2, 2e-3),
    ("float16", "gradient"): Tolerance(5e-2, 1e-2),
}


_NAMES = {"f": "float32", "F": "float32", "e": "float16"}  # by dtype.char; complex64 has the digits of float32


def tolerance_for(dtype: np.dtype[np.generic], kind: Kind = "value") -> Tolerance:
    """The line of the table for a result of this dtype; integers and booleans count as float64."""
    return TOLERANCES[_NAMES.get(dtype.char, "float64"), kind]
