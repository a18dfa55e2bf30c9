"""Pictures as inline SVG: drawn from a record's few numbers, coloured by the classes of the page's style.

Cells of one colour are one path and take some 20 bytes each, so that a page with many pictures stays small. Colours are
classes (`p3`: positive, third of five steps), so that a dark page, a light one and paper each choose their own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from grader.model import Picture, PictureKind
from grader.reporters.captions import Rows, difference, shown, wrong_cells
from grader.reporters.plain_text import printable

_STEPS = 5  # of a colour
_MOST_TEXT_COLUMNS = 7  # with more, entries are too narrow for their numbers
_CHARACTER = 6.3  # width of one in a cell, in px
_ROW, _DOT = 24, 18  # height of a cell with text; side of one without
_WIDE, _HIGH = 300, 190  # of a plot
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 8, 32


@dataclass(frozen=True)
class Panel:
    """One drawing with the words below it. svg: markup."""

    title: str
    svg: str


def panels(picture: Picture) -> list[Panel]:
    """The drawings of `picture`, to stand beside each other."""
    return _PANELS[picture.kind](picture)


# Heat maps


def _heat_map(picture: Picture) -> list[Panel]:
    expected, actual = picture.arrays["expected"], picture.arrays["actual"]
    marked = wrong_cells(picture)
    scale = _largest(*expected, *actual)
    error = difference(picture)
    found = [
        Panel("should be", _cells(expected, scale, [])),
        Panel("yours", _cells(actual, scale, marked)),
        Panel("difference", _cells(error, _largest(*error), marked)),
    ]
    if "factor" in picture.numbers and len(marked) > 3:
        pairs = [(expected[i][j], actual[i][j]) for i, j in marked]
        found.append(Panel("yours (up) against should be", _scatter(pairs, "should be", "yours")))
    return found


def _cells(rows: Rows, scale: float, marked: Sequence[tuple[int, int]]) -> str:
    """A matrix as coloured cells, with numbers where they fit, and a line around the marked ones."""
    texts = [[_cell_text(value, scale) for value in row] for row in rows]
    has_text = len(rows[0]) <= _MOST_TEXT_COLUMNS
    wide = max(34.0, 12 + _CHARACTER * max(len(text) for row in texts for text in row)) if has_text else float(_DOT)
    high = _ROW if has_text else _DOT
    paths: dict[str, str] = defaultdict(str)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            paths[_colour(value, scale)] += f"M{_n(j * wide)} {i * high}h{_n(wide)}v{high}h{_n(-wide)}z"
    body = "".join(f'<path class="{name}" d="{d}"/>' for name, d in sorted(paths.items()))
    if has_text:
        body += "".join(
            f'<text x="{_n((j + 0.5) * wide)}" y="{i * high + 16}">{text}</text>'
            for i, row in enumerate(texts)
            for j, text in enumerate(row)
        )
    if marked:
        body += f'<path class="mark" d="{_outline(set(marked), wide, high)}"/>'
    return _svg(len(rows[0]) * wide, len(rows) * high, body, margin=2)


def _cell_text(value: float | None, scale: float) -> str:
    # What is tiny beside the rest is rounding, and long.
    return shown(0.0 if value is not None and abs(value) < 1e-9 * scale else value)


def _outline(cells: set[tuple[int, int]], wide: float, high: float) -> str:
    """The edges between the cells and all others."""
    path = ""
    for i, j in sorted(cells):
        x, y = j * wide, i * high
        for neighbour, edge in (
            ((i - 1, j), f"M{_n(x)} {_n(y)}h{_n(wide)}"),
            ((i + 1, j), f"M{_n(x)} {_n(y + high)}h{_n(wide)}"),
            ((i, j - 1), f"M{_n(x)} {_n(y)}v{_n(high)}"),
            ((i, j + 1), f"M{_n(x + wide)} {_n(y)}v{_n(high)}"),
        ):
            if neighbour not in cells:
                path += edge
    return path


def _colour(value: float | None, scale: float) -> str:
    """The class of a cell: `p1` to `p5` above 0, `n1` to `n5` below, `z` for 0 and `x` for what is not finite."""
    if value is None:
        return "x"
    step = min(_STEPS, math.ceil(_STEPS * abs(value) / scale)) if abs(value) > 1e-9 * scale else 0
    return "z" if step == 0 else f"{'p' if value > 0 else 'n'}{step}"


# Plots


class _Plot:
    """A frame with two axes. x, y: the lowest and the highest value of each."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], *, names: tuple[str, str], high: int = _HIGH):
        self._x, self._y = _widened(*x), _widened(*y)
        self._high = high
        self._body = [
            f'<path class="axis" d="M{_LEFT} {_TOP}V{high - _BOTTOM}H{_WIDE - _RIGHT}"/>',
            *(self._label(self.left(v), high - _BOTTOM + 13, a, shown(v)) for v, a in zip(x, ("s", "e"), strict=True)),
            *(self._label(_LEFT - 5, self.top(v) + 4, "e", shown(v)) for v in y if y[0] < y[1]),
            self._label((_LEFT + _WIDE - _RIGHT) / 2, high - 5, "", names[0]),
        ]
        if names[1]:
            self._body.append(self._label(_LEFT + 6, _TOP + 8, "s", names[1]))

    def left(self, x: float) -> float:
        low, high = self._x
        return _LEFT + (x - low) / (high - low) * (_WIDE - _LEFT - _RIGHT)

    def top(self, y: float) -> float:
        low, high = self._y
        return self._high - _BOTTOM - (y - low) / (high - low) * (self._high - _TOP - _BOTTOM)

    def line(self, points: Iterable[tuple[float, float | None]], kind: str) -> None:
        """Straight lines from point to point, broken where a y is missing."""
        path, command = "", "M"
        for x, y in points:
            if y is None:
                command = "M"
                continue
            path += f"{command}{_n(self.left(x))} {_n(self.top(y))}"
            command = "L"
        self._body.append(f'<path class="{kind}" d="{path}"/>')

    def dots(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        self._body += [
            f'<circle class="{kind}" cx="{_n(self.left(x))}" cy="{_n(self.top(y))}" r="3"/>' for x, y in points
        ]

    def squares(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        path = "".join(f"M{_n(self.left(x) - 2.5)} {_n(self.top(y) - 2.5)}h5v5h-5z" for x, y in points)
        self._body.append(f'<path class="{kind}" d="{path}"/>')

    def boxes(self, boxes: Iterable[tuple[float, float, float, float, str]]) -> None:
        """Filled boxes: x and y of two corners, lowest first, and a class; those of one class become one path."""
        paths: dict[str, str] = defaultdict(str)
        for x0, y0, x1, y1, kind in boxes:
            wide, high = self.left(x1) - self.left(x0), self.top(y0) - self.top(y1)
            paths[f"{kind} b"] += f"M{_n(self.left(x0))} {_n(self.top(y1))}h{_n(wide)}v{_n(high)}h{_n(-wide)}z"
        self._body[:0] = [f'<path class="{kind}" d="{d}"/>' for kind, d in sorted(paths.items())]

    def text(self, x: float, y: float, text: str, anchor: str = "s") -> None:
        """`text` beside a point: right of it ("s", where the text starts) or left of it ("e", where it ends)."""
        beside = {"s": 7, "e": -7}.get(anchor, 0)
        self._body.append(self._label(self.left(x) + beside, self.top(y), anchor, text))

    def svg(self) -> str:
        return _svg(_WIDE, self._high, "".join(self._body))

    @staticmethod
    def _label(x: float, y: float, anchor: str, text: str) -> str:
        name = f' class="{anchor}"' if anchor else ""
        return f'<text{name} x="{_n(x)}" y="{_n(y)}">{escape(printable(text))}</text>'


def _gradients(picture: Picture) -> list[Panel]:
    (numerical,), (analytic,) = picture.arrays["numerical"], picture.arrays["analytic"]
    pairs = list(zip(numerical, analytic, strict=True))
    return [Panel("analytic (yours) against numerical", _scatter(pairs, "numerical", "analytic"))]


def _scatter(pairs: Sequence[tuple[float | None, float | None]], across: str, up: str) -> str:
    """Points, and the diagonal on which they should lie."""
    points = [(x, y) for x, y in pairs if x is not None and y is not None]
    ends = [value for point in points for value in point] or [0.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    plot = _Plot((low, high), (low, high), names=(across, up), high=_WIDE - _LEFT - _RIGHT)
    plot.line([(low, low), (high, high)], "guide")
    tolerance = 1e-4 * max(abs(low), abs(high), 1e-12)
    plot.dots([point for point in points if abs(point[0] - point[1]) <= tolerance], "right")
    plot.dots([point for point in points if abs(point[0] - point[1]) > tolerance], "wrong")
    return plot.svg()


def _learning_curve(picture: Picture) -> list[Panel]:
    (costs,) = picture.arrays["costs"]
    last, limit = picture.numbers["last"], picture.numbers.get("limit")
    finite = [value for value in costs if value is not None]
    high = max([*finite, limit or 0.0, 1e-12])
    plot = _Plot((0.0, last), (min([0.0, *finite]), high), names=("recorded cost number", ""))
    if limit is not None:
        plot.line([(0.0, limit), (last, limit)], "guide")
        plot.text(last, limit, f"below {shown(limit)}", "e above")
    plot.line([(last * i / (len(costs) - 1), value) for i, value in enumerate(costs)], "curve")
    return [Panel("cost", plot.svg())]


def _decision_boundary(picture: Picture) -> list[Panel]:
    n = picture.numbers
    grid = picture.arrays["probability"]
    plot = _Plot((n["x0"], n["x1"]), (n["y0"], n["y1"]), names=("first input", ""), high=_WIDE - _LEFT - _RIGHT)
    wide, high = (n["x1"] - n["x0"]) / len(grid[0]), (n["y1"] - n["y0"]) / len(grid)
    plot.boxes(
        (n["x0"] + first * wide, n["y1"] - (i + 1) * high, n["x0"] + behind * wide, n["y1"] - i * high, colour)
        for i, row in enumerate(grid)
        for colour, first, behind in _runs([_colour(None if p is None else p - 0.5, 0.5) for p in row])
    )
    (labels,), (xs, ys) = picture.arrays["labels"], picture.arrays["points"]
    points = [(x, y, label) for x, y, label in zip(xs, ys, labels, strict=True) if x is not None and y is not None]
    plot.dots([(x, y) for x, y, label in points if label], "one")
    plot.squares([(x, y) for x, y, label in points if not label], "zero")
    return [Panel("second input (up); circles are labelled 1, squares 0", plot.svg())]


def _runs(kinds: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """What stands in a row without a break, where it begins, and where the next begins: no seams are seen within."""
    first = 0
    for kind, same in groupby(kinds):
        behind = first + len(list(same))
        yield kind, first, behind
        first = behind


def _activation_spread(picture: Picture) -> list[Panel]:
    (expected,), (actual,) = picture.arrays["expected"], picture.arrays["actual"]
    finite = [value for value in (*expected, *actual) if value is not None]
    # Signals that vanish or explode differ by powers of ten, which only a logarithm shows.
    is_log = min(finite, default=0.0) > 0 and max(finite) > 30 * min(finite)
    lines = [[math.log10(v) if is_log and v is not None else v for v in values] for values in (expected, actual)]
    values = [value for line in lines for value in line if value is not None] or [0.0]
    low = min(values) if is_log else min(0.0, *values)
    plot = _Plot((1.0, float(max(map(len, lines)))), (low, max(values)), names=("layer", "log10" if is_log else ""))
    plot.line(((i, v) for i, v in enumerate(lines[0], start=1)), "guide")
    plot.line(((i, v) for i, v in enumerate(lines[1], start=1)), "curve")
    plot.dots([(i, v) for i, v in enumerate(lines[1], start=1) if v is not None], "wrong")
    return [Panel("yours; dashed: as it should be", plot.svg())]


def _kept_fraction(picture: Picture) -> list[Panel]:
    n = picture.numbers
    plot = _Plot((0.0, 1.0), (0.0, 0.0), names=("share of kept entries", ""), high=86)
    plot.boxes([(n["low"], 0.0, n["high"], 1.0, "band")])
    plot.line([(n["keep_prob"], 0.0), (n["keep_prob"], 1.0)], "guide")
    plot.text(n["keep_prob"], 0.75, f"keep_prob {shown(n['keep_prob'])}", "s" if n["keep_prob"] < 0.6 else "e")
    inside = n["low"] <= n["kept"] <= n["high"]
    plot.dots([(n["kept"], 0.3)], "right" if inside else "wrong")
    plot.text(n["kept"], 0.22, f"yours {shown(n['kept'])}", "s" if n["kept"] < 0.6 else "e")
    return [Panel("shaded: where a right mask lies", plot.svg())]


def _svg(wide: float, high: float, body: str, *, margin: int = 0) -> str:
    # No size but the box: the style gives the width that is there, and the sentence below says what is seen.
    box = f"{-margin} {-margin} {_n(wide + 2 * margin)} {_n(high + 2 * margin)}"
    return (
        f'<svg viewBox="{box}" width="{_n(wide + 2 * margin)}" height="{_n(high + 2 * margin)}" aria-hidden="true">'
        f"{body}</svg>"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _widened(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low, low + 1.0)


def _largest(*rows: Sequence[float | None]) -> float:
    return max((abs(value) for row in rows for value in row if value is not None), default=0.0) or 1.0


_PANELS: dict[PictureKind, Callable[[Picture], list[Panel]]] = {
    PictureKind.HEAT_MAP: _heat_map,
    PictureKind.GRADIENTS: _gradients,
    PictureKind.KEPT_FRACTION: _kept_fraction,
    PictureKind.LEARNING_CURVE: _learning_curve,
    PictureKind.DECISION_BOUNDARY: _decision_boundary,
    PictureKind.ACTIVATION_SPREAD: _activation_spread,
}
