"""Feedback texts taken apart into what is shown differently: sentences, code inside of them, arrays below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A paragraph, or the lines of an array, which need a font with equal widths and keep their line breaks."""

    text: str
    is_array: bool


@dataclass(frozen=True)
class Span:
    """A part of a paragraph."""

    text: str
    is_code: bool


def blocks(text: str) -> list[Block]:
    """`text` as paragraphs and arrays, in order.

    A line below the first that begins with a bracket begins an array, and indented lines go on with it; all other
    lines are one paragraph until an array comes.
    """
    found: list[Block] = []
    for number, line in enumerate(text.split("\n")):
        is_inside = bool(found) and found[-1].is_array
        is_array = number > 0 and (line.lstrip().startswith("[") or (is_inside and line.startswith(" ")))
        if found and found[-1].is_array == is_array:
            joint = "\n" if is_array else " "
            found[-1] = Block(f"{found[-1].text}{joint}{line if is_array else line.strip()}", is_array)
        else:
            found.append(Block(line.rstrip() if is_array else line.strip(), is_array))
    return found


def spans(paragraph: str) -> list[Span]:
    """`paragraph` split into plain text and what stands between backticks."""
    pieces = _CODE.split(paragraph)
    return [Span(piece, bool(number % 2)) for number, piece in enumerate(pieces) if piece]


def shortened(text: str, length: int) -> str:
    """`text` with at most `length` characters; an ellipsis shows that it was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"
