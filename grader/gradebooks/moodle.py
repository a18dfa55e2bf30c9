"""Moodle's offline grading worksheet, filled, and the zip of feedback files that belongs to it.

The worksheet is the one that was downloaded for this assignment: only grades (and comments, where asked for) change, so
that Moodle knows it again. It has headers in the language of the site; columns are found by their place. Without a
worksheet, the roster gives a table for the grade import of a course. What Moodle reads, and how, stands in docs/lms.md.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from grader import archives, out_folder, roster
from grader.errors import UsageError
from grader.gradebooks import joining, tables
from grader.gradebooks.joining import Joined, Keys
from grader.gradebooks.tables import Table
from grader.names import printable, printable_path
from grader.plugins import Exporter, Option
from grader.records import Record
from grader.roster import Roster, same_name

_IDENTIFIER = re.compile(r"(?P<word>\D*)(?P<id>\d+)")
_FULL_NAME = 1  # its column, where there is one: worksheets of anonymous assignments have the status there
_GRADE = "Grade"
_LAST_MODIFIED = "Last modified (grade)"
_NOT_IN_FILE_NAMES = re.compile(r'[_/\\:*?"<>|\x00-\x1f]+')  # an underscore would end the name for Moodle


class Filled(NamedTuple):
    """The worksheet to upload, whose page goes to which row, and what the instructor must know."""

    table: Table
    joined: Joined
    lines: list[str]


def fill(
    table: Table,
    records: Iterable[Record],
    people: Roster | None,
    *,
    column: str | None,
    comments: str | None,
    shown: str,
) -> Filled:
    """The worksheet `table` with the scores of `records`.

    column: the header of the grades; None: Grade. comments: the header of a column that gets a summary of the lost
    points. shown: names the file in errors. Raises UsageError when it is no worksheet, when a column is missing, and
    when two records belong to one row.
    """
    records = list(records)
    grade = _column(table, column or _GRADE, "column", shown)
    comment = None if comments is None else _column(table, comments, "comments", shown)
    identifiers = _identifiers(table, grade, shown)
    joined = _join(table, identifiers, grade, ((r, joining.keys(r, people)) for r in records))
    maxima = _maxima(table, grade, shown)
    decimal_sign = table.decimal_sign([grade, grade + 1] if maxima else [grade])
    rows = [_guarded(row, table.header, grade) for row in table.rows]
    judged = {row: (record, record.score) for row, record in joined.rows.items() if record.score is not None}
    for row, (record, score) in judged.items():
        rows[row][grade] = tables.shown_number(score, decimal_sign)
        if comment is not None:
            rows[row][comment] = summary(record)
    too_high = [record.student for row, (record, score) in judged.items() if score > maxima.get(row, score)]
    first = f"{len(judged)} of {len(rows)} rows have a grade"
    warnings = _warnings(records[0], set(maxima.values()), joined, too_high)
    return Filled(replace(table, rows=rows), joined, [first, *warnings])


def summary(record: Record) -> str:
    """The score and where points were lost, for the column of comments."""
    lost = [
        f"{e.exercise}: {e.score} of {e.max_score}"
        for e in record.exercises
        if e.score is not None and e.score < e.max_score
    ]
    if record.late is not None and record.late.penalty:
        lost.append(f"late: {record.late.penalty} taken off")
    return f"{record.score} of {record.max_score} points. {'; '.join(lost)}".rstrip()


def write_feedback_zip(target: Path, out: Path, filled: Filled) -> int:
    """Write the pages in OUT for Moodle's "Upload multiple feedback files in a zip", and return their number.

    Equal pages give equal bytes. Raises UsageError when a page is missing.
    """
    pages = []
    for row, record in sorted(filled.joined.rows.items()):
        if record.score is None:
            continue
        page = out / out_folder.FEEDBACK / f"{record.file_stem}.html"
        try:
            content = page.read_bytes()
        except OSError as error:
            raise UsageError(
                f"cannot read {printable_path(page)}: {error.strerror}; write the pages by `grader report OUT`"
            ) from error
        pages.append((f"{_folder(filled.table, row)}/{record.assignment}.html", content))
    with out_folder.open_atomically(target) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in pages:
            archives.add(archive, name, content)
    return len(pages)


def _folder(table: Table, row: int) -> str:
    """The folder for one participant, named as in Moodle's own downloads; Moodle reads the id and the plugin."""
    cells = table.rows[row]
    word, number = _word_and_id(cells[0])
    name = cells[_FULL_NAME] if table.header[_FULL_NAME] == "Full name" else word
    return f"{_NOT_IN_FILE_NAMES.sub(' ', name).strip()}_{number}_assignfeedback_file_"


def _column(table: Table, title: str, option: str, shown: str) -> int:
    found = [c for c, header in enumerate(table.header) if header == title]
    if len(found) != 1:
        raise UsageError(
            f"{shown} has {'several columns' if found else 'no column'} called {printable(title)}; "
            f"choose one by --{option}: there are {', '.join(map(printable, table.header))}"
        )
    return found[0]


def _identifiers(table: Table, grade: int, shown: str) -> dict[str, int]:
    """The row of every participant's id. They stand in the first column, behind a word in the site's language."""
    matches = [_IDENTIFIER.fullmatch(row[0]) for row in table.rows]
    words = {match["word"] if match is not None else None for match in matches}
    if None in words or len(words) > 1 or not grade:
        raise UsageError(
            f"{shown} is no grading worksheet of Moodle: its first column should hold identifiers such as "
            "Participant 123; take the file that the assignment's page gives as grading worksheet"
        )
    found: dict[str, int] = {}
    for row, match in enumerate(matches):
        if match is not None and found.setdefault(match["id"], row) != row:
            raise UsageError(f"{shown} has two rows of {printable(table.rows[row][0])}; download it again")
    return found


def _maxima(table: Table, grade: int, shown: str) -> dict[int, float]:
    """The maximum grade of every row, from the column behind the grades. Raises UsageError when it is a scale."""
    if grade + 1 == len(table.header):
        return {}
    cells = {row: cells[grade + 1] for row, cells in enumerate(table.rows) if cells[grade + 1].strip()}
    found = {row: number for row, text in cells.items() if (number := tables.number(text)) is not None}
    if len(found) < len(cells):
        raise UsageError(f"{shown}: Moodle grades this assignment by a scale; let it grade by points to take scores")
    return found


def _join(table: Table, identifiers: Mapping[str, int], grade: int, known: Iterable[tuple[Record, Keys]]) -> Joined:
    joined = Joined()
    cells: dict[str, list[tuple[int, int]]] = {}  # what says who somebody is stands before the grade
    for row, texts in enumerate(table.rows):
        for c in range(1, grade):
            cells.setdefault(texts[c].strip().casefold(), []).append((row, c))
    for record, keys in known:
        rows = _rows(keys, table, identifiers, cells)
        for row in rows:
            joined.give(row, record, table.rows[row][0])
        if not rows:
            joined.unmatched.append(record.student)
    return joined


def _rows(
    keys: Keys, table: Table, identifiers: Mapping[str, int], cells: Mapping[str, list[tuple[int, int]]]
) -> list[int]:
    """The rows of a student: one, or those of a group.

    The number in the name of a download is a participant's only if the name is, too: that of a group is another.
    """
    for name, number in keys.split:
        row = identifiers.get(number)
        if row is not None and any(same_name(name, _word_and_id(text)[0]) for text in table.rows[row][:2]):
            return [row]
    for key in keys.ids:
        found = cells.get(key.casefold(), [])
        if key != keys.student and len({row for row, _ in found}) == 1:
            return [found[0][0]]
    for name in keys.names:
        found = cells.get(name.casefold(), [])
        rows = sorted({row for row, _ in found})
        # Several people of one name are not to be told apart; several in one group all have its score.
        if len(rows) == 1 or (rows and all(c != _FULL_NAME for _, c in found)):
            return rows
    return []


def _word_and_id(text: str) -> tuple[str, str]:
    """`Participant 123` in its parts; what is no identifier is all word."""
    match = _IDENTIFIER.fullmatch(text)
    return (text, "") if match is None else (match["word"], match["id"])


def _guarded(row: list[str], header: list[str], grade: int) -> list[str]:
    """The cells that Moodle does not read are for people only: without formulas, wherever they come from.

    Those from the date of the grade on hold comments, which Moodle reads.
    """
    last = header.index(_LAST_MODIFIED) if _LAST_MODIFIED in header else grade
    return [tables.guarded_text(text) if 0 < c < last and c != grade else text for c, text in enumerate(row)]


def _warnings(record: Record, maxima: set[float], joined: Joined, too_high: list[str]) -> Iterator[str]:
    if maxima and maxima != {record.max_score}:
        yield (
            f"Moodle has a maximum grade of {', '.join(f'{m:g}' for m in sorted(maxima))} and the scores are out of "
            f"{record.max_score}; they are not scaled, so change the maximum in Moodle"
        )
    if too_high:
        yield f"above Moodle's maximum, so Moodle will skip them: {joining.listed(too_high)}"
    if joined.unmatched:
        yield f"in no row of the worksheet, so not in this file: {joining.listed(joined.unmatched)}"
    yield from joining.without_score(joined)


def import_table(records: Iterable[Record], people: Roster) -> tuple[Table, list[str]]:
    """A table for Moodle's grade import, and the students who are not on the roster or have no score.

    Feedback and grade go together: Moodle empties the grades where only feedback is imported.
    """
    rows, left_out = [], []
    for record in records:
        person = people.by_student.get(record.student)
        if person is None or record.score is None:
            left_out.append(record.student)
            continue
        cells = [person.id, person.email, str(record.score), summary(record)]
        rows.append([tables.guarded_text(cell) for cell in cells])
    return Table(["ID number", "Email address", "Grade", "Feedback"], rows, has_bom=True), left_out


def _export(out: Path, options: Mapping[str, Any]) -> list[str]:
    if options["from"] is None:
        return _export_import_table(out, options)
    source, target, feedback_zip = options["from"], options["to"], options["feedback_zip"]
    tables.require_two_files(source, target)
    if feedback_zip is not None:
        tables.require_two_files(source, feedback_zip, option="--feedback-zip")
        if feedback_zip.resolve() == target.resolve():
            raise UsageError(f"{printable_path(target)} is given to --to and --feedback-zip; give each its own file")
    filled = fill(
        tables.read(source),
        joining.in_order(out),
        roster.load(out),
        column=options["column"],
        comments=options["comments"],
        shown=printable_path(source),
    )
    lines = [printable_path(target), *filled.lines]
    with out_folder.open_atomically(target) as file:  # around the zip: where one cannot be written, neither is
        file.write(filled.table.to_bytes())
        if feedback_zip is not None:
            pages = write_feedback_zip(feedback_zip, out, filled)
            lines.insert(1, f"{printable_path(feedback_zip)}: {pages} pages")
    return lines


def _export_import_table(out: Path, options: Mapping[str, Any]) -> list[str]:
    useless = [f"--{name.replace('_', '-')}" for name in ("feedback_zip", "column", "comments") if options[name]]
    if useless:
        raise UsageError(f"only a worksheet takes {' and '.join(useless)}; give it by --from")
    people = roster.load(out)
    if people is None:
        raise UsageError(
            f"{printable_path(out)} has no roster, which tells the addresses of students; give the worksheet of the "
            "assignment by --from, or grade with --roster"
        )
    table, left_out = import_table(joining.in_order(out), people)
    out_folder.write_atomically(options["to"], table.to_bytes())
    lines = [printable_path(options["to"]), f"{len(table.rows)} students have a grade"]
    return lines + ([f"not on the roster or without a score: {joining.listed(left_out)}"] if left_out else [])


EXPORTER = Exporter(
    "Moodle's grading worksheet, filled, and a zip of the feedback pages.",
    _export,
    (
        Option(
            "from",
            "The worksheet that Moodle gave. Without it, a table for Moodle's grade import is made from the roster.",
            metavar="WORKSHEET.csv",
            is_path=True,
        ),
        Option("to", "The file to write.", metavar="FILE.csv", is_path=True, is_required=True),
        Option("feedback-zip", "Write the feedback pages there, for an upload.", metavar="FILE.zip", is_path=True),
        Option("column", "The column of the grades, where it is not called Grade.", metavar="HEADER"),
        Option("comments", "A column to fill with a summary, such as 'Feedback comments'.", metavar="HEADER"),
    ),
)
