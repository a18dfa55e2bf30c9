"""The statements of a text of which some parts may not parse.

Python refuses a whole file for one fault; here a fault costs only the top-level statement that it is in. If the text
does not parse as it stands, it is cut into what seem to be statements, as far as indentation, brackets and quotes tell.
What does not parse is cut again, first where a line begins like a definition, whatever is open there, so that an open
bracket or quote does not swallow the functions below; then at every line that begins in the first column. What still
does not parse is replaced by empty lines, and the rest is parsed as one text, which keeps all line numbers.

Every step takes time in proportion to the text, and the number of attempts at parsing is limited.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .raising import name_of
from .wire import Finding

_MAX_ATTEMPTS = 20_000  # in each of two passes, at 15 µs or more
_TOO_MANY = "the file has too many faults before this line; what follows was not read"
_BLOCK = 32  # statements that are tried together first, because most of them are in order
_TAB_SIZES = (8, 4)  # Python's own, and that of most editors

# A percent sign or an exclamation mark begins a line of Python only inside brackets, and is then followed by a space.
_MAGIC = re.compile(
    r"^([ \t]*)(%%\w.*|%[a-z_]{2,}\b(?!\s*[,)\]}]).*|!\s*[\w./~].*|\?{1,2}[\w.]+[ \t]*|[\w.]+\?{1,2}[ \t]*)$",
    re.MULTILINE,
)
_TOKEN = re.compile(
    r"""
    \"{3} | '{3}                                # opens a long string
    | "[^"\\\n]*(?:\\.[^"\\\n]*)*"?             # a short string; one that is not closed ends with its line
    | '[^'\\\n]*(?:\\.[^'\\\n]*)*'?
    | \#[^\n]* | \\\n                           # a comment; a line that goes on
    | [(\[{] | [)\]}]
    | \n(?=[^\s\#)\]}])                         # a line that begins in the first column
    """,
    re.VERBOSE | re.DOTALL,
)
_STRING_END = {quotes: re.compile(rf"\\.|{quotes}", re.DOTALL) for quotes in ('"""', "'''")}
_DEFINITION = re.compile(r"(?:def|class|async[ \t]+def)\b|@\w")
_UNMISTAKABLE = re.compile(r"(?:def|class|async[ \t]+def|import)[ \t]+\w|@\w|from[ \t]+[\w.]+[ \t]+import\b")
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
_NAME = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_COMPOUND = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match),
)


class Program(NamedTuple):
    """What of a text can run.

    lost: functions and classes whose definitions do not parse, with the line of the fault.
    """

    statements: list[ast.stmt]
    lost: dict[str, int]
    findings: list[Finding]


class _Fault(NamedTuple):
    line: int
    message: str
    is_indentation: bool = False


class _Parsed(NamedTuple):
    tree: ast.Module
    text: str
    tabs_expanded: bool = False


def parse(text: str) -> Program:
    """The statements of `text`, in order and with their line numbers, and what had to be left out."""
    parsed = _attempt(text)
    if isinstance(parsed, _Fault):
        without_magics = _MAGIC.sub(r"\1pass  # \2", text)
        if without_magics != text:
            text = without_magics
            parsed = _attempt(text)
    if isinstance(parsed, _Fault):
        return _Salvage(text).program()
    return Program(parsed.tree.body, {}, [Finding("mixed_indentation")] if parsed.tabs_expanded else [])


class _Salvage:
    """Finds out which lines of a text that does not parse can stay, and empties the others."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._attempts = 0
        self._lost: dict[str, int] = {}
        self._findings: list[Finding] = []

    def program(self) -> Program:
        regions = self._faulty_regions()
        self._attempts = 0
        for region in regions:
            for definition in _definitions(self._lines, *region):
                for statement in _statements(self._lines, *definition):
                    self._keep_what_parses(*statement)
        tree = _parse_once("\n".join(self._lines))
        if isinstance(tree, _Fault):
            return Program([], self._lost, [*self._findings, Finding("syntax_error", tree.line, tree.message)])
        return Program(tree.body, self._lost, self._findings)

    def _faulty_regions(self) -> list[tuple[int, int]]:
        """Statements that do not parse. Neighbours are joined: an open quote in one makes the border a wrong guess."""
        statements = _statements(self._lines, 0, len(self._lines))
        regions: list[tuple[int, int]] = []
        for first in range(0, len(statements), _BLOCK):
            block = statements[first : first + _BLOCK]
            if len(block) > 1 and self._keep(block[0][0], block[-1][1]) is None:
                continue
            for start, end in block:
                if self._keep(start, end) is None:
                    continue
                if regions and regions[-1][1] == start:
                    start = regions.pop()[0]
                regions.append((start, end))
        return regions

    def _keep_what_parses(self, start: int, end: int) -> None:
        if self._keep_most(start, end) is None:
            return
        for fragment in _statements(self._lines, start, end, ignoring_brackets=True):
            fault = self._keep_most(*fragment)
            if fault is not None:
                self._lose(*fragment, fault)

    def _keep_most(self, start: int, end: int) -> _Fault | None:
        """None if these lines parse, or do so after a part that begins with a wrong indentation was lost."""
        fault = self._keep(start, end)
        if fault is not None and self._is_wrongly_indented(start, fault):
            self._lose(fault.line - 1, end, fault)
            return None
        return fault

    def _keep(self, start: int, end: int) -> _Fault | None:
        """None if these lines parse, or else why not."""
        self._attempts += 1
        if self._attempts > _MAX_ATTEMPTS:
            return _Fault(start + 1, _TOO_MANY)
        parsed = _attempt("\n".join(self._lines[start:end]))
        if isinstance(parsed, _Fault):
            return parsed._replace(line=min(start + parsed.line, end))
        if parsed.tabs_expanded:
            self._lines[start:end] = parsed.text.split("\n")
            self._findings.append(Finding("mixed_indentation", start + 1))
        return None

    def _is_wrongly_indented(self, start: int, fault: _Fault) -> bool:
        """Whether only the line of the fault and what follows is bad: nothing of a function stays without its rest."""
        at = fault.line - 1
        if not fault.is_indentation or at == start:
            return False
        before = _parse_once("\n".join(self._lines[start:at]))
        if isinstance(before, _Fault):
            return False
        if _DEFINITION.match(self._lines[at].lstrip()):
            return True
        return not any(isinstance(statement, _COMPOUND) for statement in before.body)

    def _lose(self, start: int, end: int, fault: _Fault) -> None:
        for name in _NAME.findall("\n".join(self._lines[start:end])):
            self._lost.setdefault(name, fault.line)
        self._lines[start:end] = [""] * (end - start)
        if fault.message == _TOO_MANY and self._findings and self._findings[-1].detail == _TOO_MANY:
            return
        is_print = fault.message.startswith("Missing parentheses in call to 'print'")
        kind = "python2_print" if is_print else "syntax_error"
        self._findings.append(Finding(kind, fault.line, fault.message))


def _definitions(lines: list[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of lines[start:end] that begin where a definition seems to, even inside of an open bracket or quote."""
    starts = [start]
    decorated = False
    for number in range(start, end):
        line = lines[number]
        if _DEFINITION.match(line) and not decorated and number > start:
            starts.append(number)
        if line.strip() and not line.startswith("#"):
            decorated = line.startswith("@")
    return pairwise([*starts, end])


def _statements(lines: list[str], start: int, end: int, *, ignoring_brackets: bool = False) -> list[tuple[int, int]]:
    """Parts of lines[start:end] that seem to be one top-level statement each."""
    text = "\n".join(lines[start:end])
    starts = [start]
    number, counted = start, 0
    for offset in _statement_offsets(text, ignoring_brackets):
        number += text.count("\n", counted, offset)
        counted = offset
        starts.append(number)
    return list(pairwise([*starts, end]))


def _statement_offsets(text: str, ignoring_brackets: bool) -> Iterator[int]:
    """Offsets of the lines, after the first, that begin a new top-level statement."""
    depth, position = 0, 0
    decorated = text.startswith("@")
    while token := _TOKEN.search(text, position):
        position = token.end()
        kind = token[0][0]
        if kind == "\n":
            if depth and not ignoring_brackets and not _UNMISTAKABLE.match(text, position):
                continue
            if _CLAUSE.match(text, position):
                continue
            if not (decorated and _DEFINITION.match(text, position)):
                yield position
            depth, decorated = 0, text.startswith("@", position)
        elif token[0] in _STRING_END:
            position = _string_end(text, position, token[0])
        elif kind in "([{":
            depth += 1
        elif kind in ")]}":
            depth = max(0, depth - 1)


def _string_end(text: str, position: int, quotes: str) -> int:
    """The offset after the quotes that close a long string, or after the text."""
    while found := _STRING_END[quotes].search(text, position):
        position = found.end()
        if found[0] == quotes:
            return position
    return len(text)


def _attempt(text: str) -> _Parsed | _Fault:
    """`text` parsed; with its tabs expanded, if only their mixture with spaces stands in the way."""
    fault = _parse_once(text)
    if not isinstance(fault, _Fault):
        return _Parsed(fault, text)
    if fault.is_indentation and "\t" in text:
        for size in _TAB_SIZES:
            expanded = "\n".join(_expanded(line, size) for line in text.split("\n"))
            tree = _parse_once(expanded)
            if not isinstance(tree, _Fault):
                return _Parsed(tree, expanded, tabs_expanded=True)
    return fault


def _expanded(line: str, size: int) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].expandtabs(size) + rest


def _parse_once(text: str) -> ast.Module | _Fault:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        return _Fault(error.lineno or 1, error.msg, isinstance(error, IndentationError))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:  # half characters, deep nesting
        return _Fault(1, name_of(error))
