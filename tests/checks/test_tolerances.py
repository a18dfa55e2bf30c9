"""The table of tolerances: complete, ordered, wide enough for rounding, and narrow enough for mistakes."""

import itertools
from typing import get_args

import numpy as np
import pytest

from grader.checks import is_close
from grader.checks.tolerances import TOLERANCES, Kind, tolerance_for

DTYPES = ("float64", "float32", "float16")
KINDS = get_args(Kind)


def test_the_table_has_every_dtype_and_kind():
    assert set(TOLERANCES) == set(itertools.product(DTYPES, KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_a_shorter_dtype_is_never_judged_more_strictly(kind):
    rows = [TOLERANCES[dtype, kind] for dtype in DTYPES]

    assert rows == sorted(rows)
    assert [row.atol for row in rows] == sorted(row.atol for row in rows)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_tolerance_lies_above_the_rounding_of_its_dtype_and_below_one_percent_or_five(dtype, kind):
    row = tolerance_for(np.dtype(dtype), kind)

    assert row.rtol > 5 * np.finfo(dtype).eps
    assert row.atol > np.finfo(dtype).eps
    assert row.rtol <= (5e-2 if dtype == "float16" else 1e-2)


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (bool, "float64"),
        (np.int8, "float64"),
        (np.uint64, "float64"),
        (np.longdouble, "float64"),
        (np.complex128, "float64"),
        (np.complex64, "float32"),
        (">f4", "float32"),
        (np.float16, "float16"),
    ],
)
def test_a_dtype_is_judged_by_its_precision(dtype, name):
    assert tolerance_for(np.dtype(dtype)) == TOLERANCES[name, "value"]


def test_work_in_float32_passes_for_a_sum_over_hundreds_of_terms(rng):
    A, B = rng.normal(size=(20, 400)), rng.normal(size=(400, 30))

    assert is_close(A @ B, A.astype(np.float32) @ B.astype(np.float32))


@pytest.mark.parametrize("kind", KINDS)
def test_float64_does_not_profit_from_the_tolerance_of_float32(rng, kind):
    expected = rng.normal(size=(4, 5))

    assert is_close(expected, (expected * (1 + 2e-5)).astype(np.float32), kind=kind)
    assert not is_close(expected, expected * (1 + 2e-5), kind=kind)


def test_an_entry_that_cancels_carries_the_rounding_of_its_neighbours_and_no_more():
    expected = np.array([1.0, 1e-17])

    assert is_close(expected, np.array([1.0, 3e-16]))
    assert not is_close(expected, np.array([1.0, 1e-8]))
    assert not is_close(expected[1:], np.array([3e-16]))
