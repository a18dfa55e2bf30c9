"""The student's own lines of one exercise, found without parsing: a hostile file can bring a parser down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.integrity import Statement
from grader.model import CodePiece

_MOST_LINES = 40
_LONGEST_LINE = 160


def excerpt(source: bytes, code: Sequence[Statement], function: str, line: int) -> tuple[CodePiece, ...]:
    """The lines of `function` without its docstring; empty where it is not defined in `line`.

    source, code: a submission, and its statements as `integrity.statements` gives them. line: of unknown origin. Of a
    long function the first _MOST_LINES lines are taken, and of a long line its beginning.
    """
    start = next((i for i, statement in enumerate(code) if _defines(statement, function, line)), None)
    if start is None:
        return ()
    lines = re.split(r"\r\n|\r|\n", source.decode("utf-8", "replace").replace("\0", ""))
    column = code[start].column
    end = next((i for i in range(start + 1, len(code)) if code[i].column <= column), len(code))
    below = code[end].line if end < len(code) else len(lines) + 1
    if end - start > 2 and _is_docstring(code[start + 1]):
        first = code[start + 1].line
        last = first + code[start + 1].tokens[0].text.count("\n")
        return _pieces(lines, [(line, first - 1), (last + 1, below - 1)])
    return _pieces(lines, [(line, below - 1)])


def _defines(statement: Statement, function: str, line: int) -> bool:
    return statement.line == line and function in [token.text for token in statement.tokens[:2]]


def _is_docstring(statement: Statement) -> bool:
    return len(statement.tokens) == 1 and statement.tokens[0].kind == "string"


def _pieces(lines: Sequence[str], ranges: Sequence[tuple[int, int]]) -> tuple[CodePiece, ...]:
    """The lines of `ranges`, first and last included; at their ends no empty ones, nor comments in the first column."""
    pieces, room = [], _MOST_LINES
    for first, last in ranges:
        chosen = [text.expandtabs(4)[:_LONGEST_LINE].rstrip() for text in lines[first - 1 : last]]
        while chosen and (not chosen[-1] or chosen[-1].startswith("#")):
            chosen.pop()
        while chosen and not chosen[0]:
            chosen, first = chosen[1:], first + 1
        if chosen and room:
            pieces.append(CodePiece(first, "\n".join(chosen[:room])))
            room -= min(room, len(chosen))
    return tuple(pieces)
