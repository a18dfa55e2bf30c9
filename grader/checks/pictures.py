"""Pictures of what a visible test found: small arrays, rounded, as plain data that every reporter can draw.

Nothing is made in a hidden test, since a picture shows inputs and expected values; nothing is made for what passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.checks.advice import values_may_be_shown
from grader.errors import CheckFailed
from grader.model import Picture, PictureKind

LARGEST_SIDE = 12  # rows and columns of a heat map
MOST_POINTS = 60  # of a curve, or of points in a plane
_GRID = 16  # cells along each side of a decision boundary
_DIGITS = 4  # significant ones
_LONGEST_NAME = 80

Maker = Callable[..., Picture | None]
_Array = NDArray[np.float64]


def drawn(make: Maker, *args: Any, **kwargs: Any) -> tuple[Picture, ...]:
    """What `make` draws, in a visible test; nothing in a hidden one, where `make` is not even called."""
    picture = make(*args, **kwargs) if values_may_be_shown() else None
    return () if picture is None else (picture,)


@contextmanager
def illustrate(make: Maker, *args: Any, **kwargs: Any) -> Iterator[None]:
    """Add what `make` draws to a check that fails in the block, in a visible test.

    with illustrate(learning_curve, costs, limit=0.3):
        check_learned(parameters, costs)
    """
    try:
        yield
    except CheckFailed as failed:
        failed.pictures = (*failed.pictures, *drawn(make, *args, **kwargs))
        raise


def heat_map(expected: ArrayLike, actual: ArrayLike, right: ArrayLike, *, name: str) -> Picture | None:
    """Expected and actual values side by side, and which are wrong.

    expected, actual, right: arrays of one shape; None for single numbers. Of a large array the window of LARGEST_SIDE
    rows and columns around the first wrong entry is taken, of one with three or more axes the matrix that holds it.
    Where one factor explains every wrong entry of the whole array, it is among the numbers.
    """
    arrays = [np.asarray(array) for array in (expected, actual, right)]
    if arrays[0].ndim == 0 or any(array.dtype.kind == "c" for array in arrays) or arrays[2].all():
        return None
    wanted, found = (array.astype(np.float64) for array in arrays[:2])
    wrong = ~arrays[2].astype(bool)
    factor = _common_factor(wanted[wrong], found[wrong])
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    windows = [np.atleast_2d(array[first[:-2]]) for array in (wanted, found, wrong)]
    rows, columns = windows[0].shape
    row, column = (0, *first)[-2:]
    top, left = _window_start(row, rows), _window_start(column, columns)
    cut = [_rows(window[top : top + LARGEST_SIDE, left : left + LARGEST_SIDE]) for window in windows]
    numbers = {"rows": float(rows), "columns": float(columns), "top": float(top), "left": float(left)}
    return Picture(
        kind=PictureKind.HEAT_MAP,
        name=_short(name),
        arrays=dict(zip(("expected", "actual", "wrong"), cut, strict=True)),
        numbers=numbers if factor is None else {**numbers, "factor": factor},
    )


def gradient_scatter(numerical: ArrayLike, analytic: ArrayLike, *, name: str) -> Picture | None:
    """Every entry of the student's gradient against that of the numerical one; at most MOST_POINTS, evenly chosen."""
    x, y = (_thinned(np.asarray(array, np.float64).ravel()) for array in (numerical, analytic))
    return _picture(PictureKind.GRADIENTS, name, {"numerical": x, "analytic": y})


def kept_fraction(mask: ArrayLike, keep_prob: float, *, low: float, high: float, name: str = "mask") -> Picture | None:
    """The share of kept entries of a dropout mask beside the band in which it should lie. low, high: shares."""
    kept = np.asarray(mask, np.float64) != 0
    numbers = {"kept": float(kept.mean()), "keep_prob": keep_prob, "low": low, "high": high, "size": float(kept.size)}
    return _picture(PictureKind.KEPT_FRACTION, name, {}, numbers)


def learning_curve(costs: ArrayLike, *, limit: float | None = None, name: str = "costs") -> Picture | None:
    """The costs of a training in order. limit: what the last one should stay below. None for fewer than two costs."""
    values = np.asarray(costs, np.float64).ravel()
    if values.size < 2:
        return None
    numbers = {"last": float(values.size - 1)} | ({} if limit is None else {"limit": limit})
    return _picture(PictureKind.LEARNING_CURVE, name, {"costs": _thinned(values)}, numbers)


def decision_boundary(
    predict: Callable[[_Array], ArrayLike], X: ArrayLike, Y: ArrayLike, *, name: str = "decision boundary"
) -> Picture | None:
    """What a trained network answers in the plane of two inputs, and the examples it was trained on.

    predict: probabilities (1, k) for points (2, k); trusted, since it is called here. X: (2, m). Y: (1, m) of 0 and 1.
    None where X has other than two rows.
    """
    points = np.asarray(X, np.float64)
    if points.ndim != 2 or points.shape[0] != 2 or not points.size:
        return None
    low, high = points.min(axis=1), points.max(axis=1)
    margin = 0.05 * np.where(high > low, high - low, 1.0)
    low, high = low - margin, high + margin
    # The centres of the cells, the topmost row first.
    steps = (np.arange(_GRID) + 0.5) / _GRID
    x, y = np.meshgrid(low[0] + steps * (high[0] - low[0]), high[1] - steps * (high[1] - low[1]))
    with np.errstate(all="ignore"):
        grid = np.asarray(predict(np.vstack([x.ravel(), y.ravel()])), np.float64).reshape(_GRID, _GRID)
    chosen = _thinned(np.arange(points.shape[1], dtype=np.float64)).astype(int)
    return Picture(
        kind=PictureKind.DECISION_BOUNDARY,
        name=_short(name),
        arrays={
            "probability": _rows(np.round(grid, 2)),
            "points": _rows(points[:, chosen]),
            "labels": _rows(np.asarray(Y, np.float64).reshape(1, -1)[:, chosen]),
        },
        numbers={k: _rounded(v) or 0.0 for k, v in zip(("x0", "y0", "x1", "y1"), (*low, *high), strict=True)},
    )


def activation_spread(expected: ArrayLike, actual: object, *, name: str = "spread by layer") -> Picture | None:
    """A positive number for each layer, as it should be and as it is. None where `actual` is no such list."""
    try:
        wanted, found = np.asarray(expected, np.float64).ravel(), np.asarray(actual, np.float64).ravel()
    except (TypeError, ValueError):
        return None
    if not found.size or max(wanted.size, found.size) > MOST_POINTS:
        return None
    return _picture(PictureKind.ACTIVATION_SPREAD, name, {"expected": wanted, "actual": found})


def _picture(
    kind: PictureKind, name: str, arrays: dict[str, _Array], numbers: dict[str, float] | None = None
) -> Picture:
    return Picture(
        kind=kind,
        name=_short(name),
        arrays={key: _rows(array.reshape(1, -1)) for key, array in arrays.items()},
        numbers={key: _rounded(value) or 0.0 for key, value in (numbers or {}).items()},
    )


def _common_factor(expected: _Array, actual: _Array) -> float | None:
    """What every entry of `expected` is multiplied by to give `actual`; None without one, or where it says nothing."""
    with np.errstate(all="ignore"):
        ratios = actual / expected
    if ratios.size < 2 or not np.isfinite(ratios).all() or np.ptp(expected) == 0:
        return None
    first = float(ratios[0])
    return _rounded(first) if first and np.allclose(ratios, first, rtol=1e-6, atol=0.0) else None


def _window_start(index: int, length: int) -> int:
    """Where a window of LARGEST_SIDE begins that holds `index`, near its middle where there is room."""
    return max(0, min(index - LARGEST_SIDE // 2, length - LARGEST_SIDE))


def _thinned(values: _Array) -> _Array:
    if values.size <= MOST_POINTS:
        return values
    chosen: _Array = values[np.linspace(0, values.size - 1, MOST_POINTS).round().astype(int)]
    return chosen


def _rows(array: NDArray[Any]) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(_rounded(value) for value in row) for row in array.tolist())


def _rounded(value: float) -> float | None:
    """`value` with few digits, so that records are small and equal wherever they are made; None if not finite."""
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
