"""The CSV file of another system: read as it is, changed in single cells, written in the same dialect."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import UsageError
from grader.names import guarded, printable_path
from grader.records import Number

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"-?\d+(?:([.,])\d+)?")
_HARMLESS = re.compile(r"[-+]?|[-+][\d.,]+%?")  # no formula, though it begins like one


@dataclass(frozen=True)
class Table:
    """The cells of a file, with what is needed to write it again: all texts stay what they are.

    rows: all of the width of `header`. decimal_sign: how numbers in it are written.
    """

    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    line_end: str = "\n"
    has_bom: bool = False

    def to_bytes(self) -> bytes:
        """The file."""
        lines = [self.delimiter.join(map(self._quoted, row)) + self.line_end for row in (self.header, *self.rows)]
        return _BOM * self.has_bom + "".join(lines).encode()

    def _quoted(self, cell: str) -> str:
        # csv.writer leaves a lone carriage return bare before Python 3.13, and readers end the row there.
        return '"' + cell.replace('"', '""') + '"' if set(cell) & {self.delimiter, '"', "\r", "\n"} else cell

    def with_columns(self, columns: list[int]) -> Table:
        """Only these columns."""
        return replace(
            self, header=[self.header[c] for c in columns], rows=[[row[c] for c in columns] for row in self.rows]
        )

    def decimal_sign(self, columns: list[int]) -> str:
        """The sign in the numbers of these columns: a comma where one has it and none has a point."""
        matches = [_NUMBER.fullmatch(row[c].strip()) for row in self.rows for c in columns]
        signs = {match[1] for match in matches if match is not None}
        return "," if "," in signs and "." not in signs else "."


def read(path: Path) -> Table:
    """The table in `path`. Raises UsageError: not to be read, not in UTF-8, rows of different widths, no rows."""
    shown = printable_path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror}") from error
    try:
        text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{shown} is not in UTF-8; export it again, and give it as it is, not saved by a spreadsheet"
        ) from error
    delimiter, lines = _parsed(text, shown)
    header, *rows = lines
    for row in rows:
        if len(row) != len(header):
            raise UsageError(
                f"{shown}: the row of {row[0][:60]!r} has {len(row)} cells and the header has {len(header)}; "
                "export it again, and give it as it is"
            )
    line_end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    return Table(header, rows, delimiter, line_end, data.startswith(_BOM))


def _parsed(text: str, shown: str) -> tuple[str, list[list[str]]]:
    """The delimiter and the rows that are not blank: of those with which all rows have one width, the widest."""
    found: dict[str, list[list[str]]] = {}
    problem: csv.Error | None = None
    for delimiter in _DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            found[delimiter] = [row for row in reader if any(row)]
        except csv.Error as error:
            problem = problem or error
    if not found:
        raise UsageError(f"{shown} is no CSV file: {problem}") from problem
    if not any(found.values()):
        raise UsageError(f"{shown} is empty; export it again")

    def preference(delimiter: str) -> tuple[bool, int]:
        widths = {len(row) for row in found[delimiter]}
        return len(widths) == 1, max(widths, default=0)

    best = max(found, key=preference)
    return best, found[best]


def require_two_files(source: Path, target: Path, *, option: str = "--to") -> None:
    """Raise UsageError where the file to write, named by `option`, is the one that was exported: it may be needed."""
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{printable_path(target)} is what --from names; give another file to {option}")


def shown_number(value: Number, decimal_sign: str) -> str:
    """`value` as a cell."""
    return str(value).replace(".", decimal_sign)


def number(cell: str) -> float | None:
    """The number that a cell shows, with either sign; None when it shows none."""
    text = cell.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def guarded_text(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula; numbers and lone signs stay."""
    return cell if _HARMLESS.fullmatch(cell) else guarded(cell)
