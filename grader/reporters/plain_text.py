"""Text of unknown origin made harmless: no control characters, no terminal escapes, no tricks with direction."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with every character that is not printable, line breaks excepted, replaced by U+FFFD."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
