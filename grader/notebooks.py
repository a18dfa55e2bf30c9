"""Notebooks as Python source: code cells in percent format, without running or trusting anything in them.

Works on the JSON alone, for nbformat 4 and for the worksheets of 2 and 3: importing nbformat costs more than
grading. Outputs and metadata are ignored. Magics, shell lines and help requests become comments, line by line,
so that line n of a cell stays line n below its `# %%` header.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# What stands at the start of a statement and is IPython's, not Python's. `= !` and `= %` are no Python either.
# Possessive (++), so that a line of a million spaces takes no longer than any other.
_MAGIC = re.compile(
    r"[ \t]*+(?:%{1,2}[A-Za-z_]|!|\?|[\w.*]++\?{1,2}[ \t]*+$|[\w, .]++=[ \t]*+(?:!|%[A-Za-z_]))", re.MULTILINE
)
_CELL_MAGIC = re.compile(r"\s*%%\s*(\w+)")
# The rest of the cell below these is Python as usual; below any other it is text for somebody else (bash, html …).
_PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "debug", "memit"})
_TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\n]* )
  | (?P<triple> \"{3} | '{3} )
  | (?P<string> "(?:\\[\s\S]|[^"\\\n])*"? | '(?:\\[\s\S]|[^'\\\n])*'? )
  | (?P<open> [(\[{] )
  | (?P<close> [)\]}] )
  | \\\n
  | (?P<newline> \n )
    """,
    re.VERBOSE,
)
_ENDS = {mark: re.compile(rf"\\[\s\S]|{mark}") for mark in ('"""', "'''")}


class BrokenNotebook(Exception):
    """The bytes are no notebook; the text says why, in words for its author."""


def to_source(data: bytes) -> bytes | None:
    """The code cells of the notebook `data` as Python source in UTF-8, or None when there are none with code.

    Raises BrokenNotebook when `data` is not a notebook.
    """
    codes = [code for code in _code_cells(data) if code.strip()]
    if not codes:
        return None
    parts = [f"# %% code cell {number}\n{_without_magics(code)}\n" for number, code in enumerate(codes, 1)]
    return "\n".join(parts).encode("utf-8", "replace")


def cells(data: bytes) -> Iterator[tuple[dict[str, Any], str]]:
    """The cells of the notebook `data`, of any kind, each with its text. Raises BrokenNotebook."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BrokenNotebook(f"it is not valid JSON ({error})") from error
    for cell in _cells(notebook):
        if isinstance(cell, dict):
            yield cell, _text(cell.get("source", cell.get("input", "")))


def _code_cells(data: bytes) -> Iterator[str]:
    return (text for cell, text in cells(data) if cell.get("cell_type") == "code")


def _cells(notebook: Any) -> list[Any]:
    if not isinstance(notebook, dict):
        raise BrokenNotebook("its JSON is not an object")
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    worksheets = notebook.get("worksheets")
    if not isinstance(worksheets, list):
        raise BrokenNotebook("it has no list of cells")
    sheets = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [cell for cells in sheets if isinstance(cells, list) for cell in cells]


def _text(source: Any) -> str:
    """A cell's text with \\n as line ends; formats have it as one string or as a list of lines."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return re.sub(r"\r\n?", "\n", source) if isinstance(source, str) else ""


def _without_magics(code: str) -> str:
    """`code` with every line that is not Python turned into a comment."""
    cell_magic = _CELL_MAGIC.match(code)
    if cell_magic and cell_magic.group(1) not in _PYTHON_CELL_MAGICS:
        return "\n".join(f"# {line}" for line in code.split("\n"))
    parts = []
    position = 0
    while position < len(code):
        if _MAGIC.match(code, position):
            end = _end_of_shell_line(code, position)
            parts.append(_commented(code[position:end]))
        else:
            end = _end_of_logical_line(code, position)
            parts.append(code[position:end])
        position = end
    return "".join(parts)


def _commented(lines: str) -> str:
    """`lines` as comments; an indented one becomes a statement, since it may be all that a block has."""
    stripped = lines.lstrip(" \t")
    indent = lines[: len(lines) - len(stripped)]
    first, newline, rest = stripped.partition("\n")
    rest = "".join(f"# {line}" for line in rest.splitlines(keepends=True))
    return f"{indent}{'pass  ' if indent else ''}# {first}{newline}{rest}"


def _end_of_shell_line(code: str, position: int) -> int:
    """Where the line ends that begins at `position`, with those that a backslash carries on to."""
    end = code.find("\n", position)
    while end > 0 and code[end - 1] == "\\":
        end = code.find("\n", end + 1)
    return len(code) if end < 0 else end + 1


def _end_of_logical_line(code: str, position: int) -> int:
    """Where the line ends that begins at `position`, with what its strings, brackets and backslashes carry on to."""
    depth = 0
    while token := _TOKEN.search(code, position):
        position = token.end()
        kind = token.lastgroup
        if kind == "triple":
            position = _end_of_triple(code, token.group(), position)
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "newline" and not depth:
            return position
    return len(code)


def _end_of_triple(code: str, mark: str, position: int) -> int:
    while found := _ENDS[mark].search(code, position):
        position = found.end()
        if found.group() == mark:
            return position
    return len(code)
