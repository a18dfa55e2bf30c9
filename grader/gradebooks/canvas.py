"""A CSV file for Canvas' gradebook import, made from the one that the instructor exported from there.

Written are the columns by which Canvas knows its students, as they came, and the column of this assignment: an import
cannot touch any other grade. What Canvas reads, and how, stands in docs/lms.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from grader import out_folder, roster
from grader.errors import UsageError
from grader.gradebooks import joining, tables
from grader.gradebooks.joining import Joined, Keys
from grader.gradebooks.tables import Table
from grader.names import printable, printable_path
from grader.plugins import Exporter, Option
from grader.records import Number, Record
from grader.roster import Roster, same_name

_RESERVED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_TITLE_AND_ID = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_POINTS_POSSIBLE = "Points Possible"
_READ_ONLY = "read only"
_HIDDEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_OF_CANVAS = re.compile(r"[^\WA-Z]+")
_KEPT_CELLS = frozenset({"EX", "N/A"})  # excused; not assigned to this student


class Filled(NamedTuple):
    """The file to import, and what the instructor must know."""

    table: Table
    lines: list[str]


class _Layout(NamedTuple):
    """Where what stands; an index is None where the column is missing."""

    names: tuple[int, ...]
    ids: tuple[int, ...]
    section: int


def fill(table: Table, records: Iterable[Record], people: Roster | None, *, column: str | None, shown: str) -> Filled:
    """The gradebook `table` with the scores of `records`, reduced to what an import needs.

    column: title, title and id, or id of the assignment's column; None: the one whose title is that of the records.
    shown: names the file in errors. Raises UsageError when it is no gradebook of Canvas, when the column is not clear,
    and when two records belong to one row.
    """
    records = list(records)
    layout = _layout(table, shown)
    chosen = _column(table, layout, column or records[0].assignment, column is not None, shown)
    students = [row for row, cells in enumerate(table.rows) if _is_student(cells)]
    joined = _join(table, layout, students, ((r, joining.keys(r, people)) for r in records))
    numeric = [c for c in range(layout.section + 1, len(table.header)) if _TITLE_AND_ID.fullmatch(table.header[c])]
    decimal_sign = table.decimal_sign(numeric)
    rows = [list(row) for row in table.rows]
    kept, written = [], 0
    for row in students:
        # Canvas finds the student by the ID, and then the name is for people only.
        if rows[row][layout.ids[0]]:
            for c in layout.names:
                rows[row][c] = tables.guarded_text(rows[row][c])
        record = joined.rows.get(row)
        if record is not None and rows[row][chosen].strip() in _KEPT_CELLS:
            kept.append(record.student)
        elif record is not None and record.score is not None:
            rows[row][chosen] = tables.shown_number(record.score, decimal_sign)
            written += 1
    filled = replace(table, rows=rows).with_columns([*range(layout.section + 1), chosen])
    summary = f"{written} of {len(students)} students have a score in {printable(table.header[chosen])}"
    return Filled(filled, [summary, *_warnings(table, chosen, records[0].max_score, joined, kept)])


def _layout(table: Table, shown: str) -> _Layout:
    header = table.header
    is_split = header[:2] == ["LastName", "FirstName"]
    first_id = 2 if is_split else 1
    sections = [c for c, title in enumerate(header) if title == "Section"]
    if len(header) <= first_id or header[first_id] != "ID" or not (is_split or header[0] == "Student") or not sections:
        raise UsageError(
            f"{shown} is no gradebook of Canvas: its header should begin with Student,ID,…,Section and begins with "
            f"{printable(','.join(header[:4]))}; take the file that Canvas' gradebook exports"
        )
    ids = tuple(header.index(title) for title in ("ID", "SIS User ID", "SIS Login ID") if title in header)
    return _Layout(tuple(range(first_id)), ids, sections[0])


def _column(table: Table, layout: _Layout, wanted: str, is_given: bool, shown: str) -> int:
    """The assignment's column."""
    candidates = {
        c: match
        for c in range(layout.section + 1, len(table.header))
        if (match := _TITLE_AND_ID.fullmatch(table.header[c])) and not _RESERVED.search(table.header[c])
    }
    found = [c for c, match in candidates.items() if wanted in {match[0], match["title"], match["id"]}]
    if not found and not is_given:
        found = [c for c, match in candidates.items() if _plain(match["title"]) == _plain(wanted)]
    if len(found) != 1:
        known = ", ".join(printable(table.header[c]) for c in found or candidates) or "no assignment"
        problem = "several columns are" if found else "no column is"
        raise UsageError(
            f'{shown}: {problem} called {printable(wanted)}; choose one by --column "Title (id)": there are {known}'
        )
    if any(_READ_ONLY in row[found[0]] for row in table.rows if _POINTS_POSSIBLE in row[0]):
        raise UsageError(f"{shown}: Canvas says that the column {printable(table.header[found[0]])} is read only")
    return found[0]


def _plain(title: str) -> str:
    return "".join(c for c in title.casefold() if c.isalnum())


def _is_student(cells: list[str]) -> bool:
    """Whether a row is that of a student, for Canvas: neither points possible nor what is hidden."""
    return _POINTS_POSSIBLE not in cells[0] and not all(_HIDDEN.fullmatch(cell) for cell in cells)


def _join(table: Table, layout: _Layout, students: list[int], known: Iterable[tuple[Record, Keys]]) -> Joined:
    joined = Joined()
    names = {row: " ".join(table.rows[row][c] for c in layout.names) for row in students}
    by_id = [{table.rows[row][c]: row for row in reversed(students) if table.rows[row][c]} for c in layout.ids]
    by_name: dict[str, set[int]] = {}
    for row in students:
        for name in _names(table.rows[row], layout):
            by_name.setdefault(name, set()).add(row)
    for record, keys in known:
        found = _row(keys, names, by_id, by_name)
        if found is None:
            found = _row_by_id_alone(keys, by_id[0])
            if found is not None:
                joined.by_id_alone.append(f"{record.student} in the row of {names[found]}")
        if found is None:
            joined.unmatched.append(record.student)
        else:
            joined.give(found, record, names[found])
    return joined


def _row(
    keys: Keys, names: Mapping[int, str], by_id: list[dict[str, int]], by_name: Mapping[str, set[int]]
) -> int | None:
    """The row of a student: by an id, in Canvas' own order of columns, or by the exact name where one has it."""
    for column in by_id:
        for key in keys.ids:
            if key in column:
                return column[key]
        for name, number in keys.split:
            if number in column and same_name(name, names[column[number]]):
                return column[number]
    for name in keys.names:
        rows = by_name.get(name.casefold(), set())
        if len(rows) == 1:
            return next(iter(rows))
    return None


def _row_by_id_alone(keys: Keys, ids: Mapping[str, int]) -> int | None:
    """The row that the id in the name of a download of Canvas tells, under another name: work of a group has its name.

    A name with spaces or capitals is from elsewhere, and so is the number behind it.
    """
    return next((ids[number] for name, number in keys.split if number in ids and _OF_CANVAS.fullmatch(name)), None)


def _names(cells: list[str], layout: _Layout) -> set[str]:
    """A student's name as it may be written, in lower case."""
    if len(layout.names) == 2:
        last, first = cells[:2]
    else:
        last, _, first = cells[0].partition(", ")
    return {name.strip().casefold() for name in (cells[0], f"{first} {last}", f"{last}, {first}") if name.strip()}


def _warnings(table: Table, chosen: int, max_score: Number, joined: Joined, kept: list[str]) -> Iterator[str]:
    for row in table.rows:
        points = tables.number(row[chosen]) if _POINTS_POSSIBLE in row[0] else None
        if points is not None and points != max_score:
            yield (
                f"Canvas has {row[chosen].strip()} points for this assignment and the scores are out of {max_score}; "
                "they are not scaled, so change the points in Canvas"
            )
    if joined.by_id_alone:
        yield f"found by the id alone, so check the names: {joining.listed(joined.by_id_alone)}"
    if joined.unmatched:
        yield f"in no row of the gradebook, so not in this file: {joining.listed(joined.unmatched)}"
    if kept:
        yield f"excused or not assigned in Canvas, so the cell is as it was: {joining.listed(kept)}"
    yield from joining.without_score(joined)


def _export(out: Path, options: Mapping[str, Any]) -> list[str]:
    source, target = options["from"], options["to"]
    tables.require_two_files(source, target)
    filled = fill(
        tables.read(source),
        joining.in_order(out),
        roster.load(out),
        column=options["column"],
        shown=printable_path(source),
    )
    out_folder.write_atomically(target, filled.table.to_bytes())
    return [printable_path(target), *filled.lines]


EXPORTER = Exporter(
    "A file for Canvas' gradebook import, from the gradebook that was exported there.",
    _export,
    (
        Option("from", "The gradebook that Canvas exported.", metavar="FILE.csv", is_path=True, is_required=True),
        Option("to", "The file to write.", metavar="FILE.csv", is_path=True, is_required=True),
        Option("column", "The assignment's column, where its title is not the id.", metavar='"TITLE (ID)"'),
    ),
)
