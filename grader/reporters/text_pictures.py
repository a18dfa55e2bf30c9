"""Pictures in characters, for terminals, mails and Markdown: lines of at most WIDTH columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from grader.model import Picture, PictureKind
from grader.reporters.captions import Rows, is_whole, shown

WIDTH = 72
_BARS = "▁▂▃▄▅▆▇█"
_GAP = 4
_STRIP = 50  # characters from 0 to 1


@dataclass(frozen=True)
class Piece:
    """Part of a line. is_wrong: to be set apart by colour where there is one; a sign tells it, too."""

    text: str
    is_wrong: bool = False


Line = tuple[Piece, ...]


def lines(picture: Picture) -> list[Line]:
    """`picture` in lines; none where characters show no more than its caption."""
    return _DRAW[picture.kind](picture)


def plain_lines(picture: Picture) -> list[str]:
    """`lines` without what tells wrong parts by colour."""
    return ["".join(piece.text for piece in line).rstrip() for line in lines(picture)]


def _heat_map(picture: Picture) -> list[Line]:
    """Expected and actual values beside each other, or below where there is no room; `*` marks what is wrong."""
    wrong = picture.arrays["wrong"]
    should_be = _block(picture.arrays["expected"], None)
    found = _block(picture.arrays["actual"], wrong)
    left, right = (max(_width(line) for line in block) for block in (should_be, found))
    if max(left, right) > WIDTH:
        return _map_of_wrong(wrong)
    heads = ("should be", "and is" if is_whole(picture) else "and is, in this part")
    if left + _GAP + right <= WIDTH:
        left = max(left, len(heads[0]))
        head: Line = (Piece(heads[0].ljust(left + _GAP) + heads[1]),)
        return [head, *(_side_by_side(a, b, left) for a, b in zip(should_be, found, strict=True))]
    return [(Piece(heads[0]),), *should_be, (Piece(heads[1]),), *found]


def _block(rows: Rows, wrong: Rows | None) -> list[Line]:
    """A matrix with its columns below each other, and a place behind each entry for the mark."""
    texts = [[shown(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        tuple(
            Piece(text.rjust(width) + ("*" if is_wrong else " ") + " ", is_wrong)
            for j, (text, width) in enumerate(zip(row, widths, strict=True))
            for is_wrong in [wrong is not None and bool(wrong[i][j])]
        )
        for i, row in enumerate(texts)
    ]


def _side_by_side(one: Line, other: Line, width: int) -> Line:
    return (*one, Piece(" " * (width + _GAP - _width(one))), *other)


def _width(line: Line) -> int:
    return sum(len(piece.text) for piece in line)


def _map_of_wrong(wrong: Rows) -> list[Line]:
    return [tuple(Piece("× " if entry else "· ", bool(entry)) for entry in row) for row in wrong]


def _gradients(picture: Picture) -> list[Line]:
    """The entries that lie furthest off, numerical and analytic."""
    (numerical,), (analytic,) = picture.arrays["numerical"], picture.arrays["analytic"]
    pairs = list(zip(numerical, analytic, strict=True))
    off = sorted(range(len(pairs)), key=lambda i: -_distance(*pairs[i]))[:5]
    rows = [("", "numerical", "yours"), *((f"[{i}]", shown(pairs[i][0]), shown(pairs[i][1])) for i in sorted(off))]
    return [(Piece(f"{name:<5} {one:>10} {other:>10}"),) for name, one, other in rows]


def _distance(one: float | None, other: float | None) -> float:
    return math.inf if one is None or other is None else abs(one - other)


def _learning_curve(picture: Picture) -> list[Line]:
    (costs,) = picture.arrays["costs"]
    finite = [value for value in costs if value is not None]
    low, high = min([0.0, *finite]), max([1e-12, *finite])
    signs = "".join("?" if v is None else _BARS[min(7, int(8 * (v - low) / (high - low)))] for v in costs)
    return [(Piece(signs),)]


def _kept_fraction(picture: Picture) -> list[Line]:
    """0 to 1 as a strip: `=` where a right mask lies, `|` at keep_prob, `o` at what is kept."""
    numbers = picture.numbers
    strip = ["=" if numbers["low"] <= i / _STRIP <= numbers["high"] else "-" for i in range(_STRIP + 1)]
    strip[round(numbers["keep_prob"] * _STRIP)] = "|"
    kept = round(numbers["kept"] * _STRIP)
    is_wrong = not numbers["low"] <= numbers["kept"] <= numbers["high"]
    before, after = "".join(strip[:kept]), "".join(strip[kept + 1 :])
    return [(Piece(f"0 {before}"), Piece("o", is_wrong), Piece(f"{after} 1"))]


def _decision_boundary(picture: Picture) -> list[Line]:
    """The plane: `#` where the network answers 1, `.` where it answers 0."""
    grid = picture.arrays["probability"]
    return [(Piece("".join("? " if p is None else "# " if p > 0.5 else ". " for p in row)),) for row in grid]


def _activation_spread(picture: Picture) -> list[Line]:
    (expected,), (actual,) = picture.arrays["expected"], picture.arrays["actual"]
    if max(len(expected), len(actual)) > 12:
        return []
    columns = [*(f"{i}" for i in range(1, max(len(expected), len(actual)) + 1))]
    rows = [("layer", columns), ("should be", [*map(shown, expected)]), ("and is", [*map(shown, actual)])]
    width = max(len(text) for _, texts in rows for text in texts)
    # Where it does not fit, the sentence above has to do.
    found = [f"{name:<9}" + "".join(f" {text:>{width}}" for text in texts) for name, texts in rows]
    return [(Piece(text),) for text in found] if max(map(len, found)) <= WIDTH else []


_DRAW: dict[PictureKind, Callable[[Picture], list[Line]]] = {
    PictureKind.HEAT_MAP: _heat_map,
    PictureKind.GRADIENTS: _gradients,
    PictureKind.KEPT_FRACTION: _kept_fraction,
    PictureKind.LEARNING_CURVE: _learning_curve,
    PictureKind.DECISION_BOUNDARY: _decision_boundary,
    PictureKind.ACTIVATION_SPREAD: _activation_spread,
}
