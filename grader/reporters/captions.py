"""What a picture shows, in a sentence: below it on a page, in place of it for who cannot see it."""

from __future__ import annotations

from grader.model import Feedback, Picture, PictureKind

Rows = tuple[tuple[float | None, ...], ...]


def caption(picture: Picture) -> str:
    """One or two sentences about `picture`."""
    return _CAPTIONS[picture.kind](picture)


def shown(value: float | None) -> str:
    """A number in few characters; `nan` for what is not finite."""
    if value is None:
        return "nan"
    return f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e+")


def wrong_cells(picture: Picture) -> list[tuple[int, int]]:
    """Row and column of every wrong entry of a heat map, within what is shown of it."""
    return [(i, j) for i, row in enumerate(picture.arrays["wrong"]) for j, entry in enumerate(row) if entry]


def difference(picture: Picture) -> Rows:
    """Actual minus expected, entry by entry."""
    return tuple(
        tuple(None if e is None or a is None else a - e for e, a in zip(expected, actual, strict=True))
        for expected, actual in zip(picture.arrays["expected"], picture.arrays["actual"], strict=True)
    )


def is_whole(picture: Picture) -> bool:
    """Whether a heat map shows all of its array."""
    wrong = picture.arrays["wrong"]
    return len(wrong) == picture.numbers["rows"] and len(wrong[0]) == picture.numbers["columns"]


def is_drawn_by(feedback: Feedback, picture: Picture) -> bool:
    """Whether `picture` shows all that `feedback` says: a whole array, as it should be and as it is."""
    return (
        picture.kind is PictureKind.HEAT_MAP
        and feedback.key == "wrong_array_shown"
        and feedback.rationale.startswith(f"{picture.name} should be\n")
        and is_whole(picture)
    )


def _heat_map(picture: Picture) -> str:
    wrong = picture.arrays["wrong"]
    cells = wrong_cells(picture)
    total = sum(map(len, wrong))
    text = f"{picture.name}: {len(cells)} of {total} entries {'is' if len(cells) == 1 else 'are'} wrong"
    if not is_whole(picture):
        top, left = int(picture.numbers["top"]), int(picture.numbers["left"])
        text += f" in the part [{top}:{top + len(wrong)}, {left}:{left + len(wrong[0])}]"
    where = _lines(picture, cells)
    if where:
        text += f", all of {where} and no other" if len(cells) < total else ""
    return f"{text}.{_factor(picture.numbers.get('factor'), len(cells))}"


def _lines(picture: Picture, cells: list[tuple[int, int]]) -> str:
    """The rows or columns that `cells` fill, as Python counts them; "" where they fill none or only in part."""
    wrong = picture.arrays["wrong"]
    top, left = int(picture.numbers["top"]), int(picture.numbers["left"])
    rows = sorted({i for i, _ in cells})
    columns = sorted({j for _, j in cells})
    if len(cells) == len(rows) * len(wrong[0]) and len(wrong[0]) > 1:
        return ", ".join(f"[{top + i}, :]" for i in rows)
    if len(cells) == len(columns) * len(wrong) and len(wrong) > 1:
        return ", ".join(f"[:, {left + j}]" for j in columns)
    return ""


def _factor(factor: float | None, count: int) -> str:
    if factor is None or count < 2:
        return ""
    if factor == -1:
        return " Each of them has the wrong sign."
    return f" Each of them is {shown(factor)} times what it should be."


def _gradients(picture: Picture) -> str:
    (numerical,), (analytic,) = picture.arrays["numerical"], picture.arrays["analytic"]
    largest = max((abs(value) for value in numerical if value is not None), default=0.0) or 1.0
    off = sum(n is None or a is None or abs(a - n) > 1e-4 * largest for n, a in zip(numerical, analytic, strict=True))
    return f"{picture.name}: {off} of {len(numerical)} entries of your gradient lie off the numerical one."


def _kept_fraction(picture: Picture) -> str:
    numbers = picture.numbers
    return (
        f"{picture.name}: {_percent(numbers['kept'])} of {numbers['size']:.0f} entries are kept; with keep_prob = "
        f"{shown(numbers['keep_prob'])} a right mask keeps {_percent(numbers['low'])} to {_percent(numbers['high'])}."
    )


def _learning_curve(picture: Picture) -> str:
    (costs,) = picture.arrays["costs"]
    text = f"{picture.name}: from {shown(costs[0])} at the start to {shown(costs[-1])} in the end"
    limit = picture.numbers.get("limit")
    return f"{text}." if limit is None else f"{text}; it should come below {shown(limit)}."


def _decision_boundary(picture: Picture) -> str:
    probabilities = [value for row in picture.arrays["probability"] for value in row if value is not None]
    share = sum(value > 0.5 for value in probabilities) / max(len(probabilities), 1)
    return f"{picture.name}: the network answers 1 on {_percent(share)} of the plane, and 0 elsewhere."


def _activation_spread(picture: Picture) -> str:
    (expected,), (actual,) = picture.arrays["expected"], picture.arrays["actual"]
    return (
        f"{picture.name}: it should go from {shown(expected[0])} to {shown(expected[-1])}, and goes from "
        f"{shown(actual[0])} to {shown(actual[-1])}."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


_CAPTIONS = {
    PictureKind.HEAT_MAP: _heat_map,
    PictureKind.GRADIENTS: _gradients,
    PictureKind.KEPT_FRACTION: _kept_fraction,
    PictureKind.LEARNING_CURVE: _learning_curve,
    PictureKind.DECISION_BOUNDARY: _decision_boundary,
    PictureKind.ACTIVATION_SPREAD: _activation_spread,
}
