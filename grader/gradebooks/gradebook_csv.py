"""gradebook.csv: one line a student, sorted by name, with one column an exercise.

The same records give the same bytes, in whatever order they come. Text that a spreadsheet would run as a formula gets
an apostrophe in front. Where we failed to judge, the cells of the scores are empty. Where somebody was late or a score
was set by hand, there are two more columns at the end: `raw_score`, what the tests gave, and `late_penalty`, the points
that were taken off; `score` is what counts, and the exercises' columns add up to it with the penalty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader import out_folder, records
from grader.model import Status
from grader.names import guarded, printable_path
from grader.plugins import Exporter, Option
from grader.records import Number, Record

FILE_NAME = "gradebook.csv"
COLUMNS = ("student", "assignment", "score", "max_score", "status", "submitted_at", "sha256")
LAST_COLUMNS = ("raw_score", "late_penalty")


class _Row(NamedTuple):
    """What stays of a record: the records of ten thousand students need not be in memory at once."""

    student: str
    cells: list[str]
    scores: dict[str, str]
    last_cells: list[str]
    is_changed: bool  # by a penalty, or by hand


def to_csv(graded: Iterable[Record], exercises: Sequence[str] = ()) -> str:
    """The text of the gradebook.

    exercises: columns to have in any case, in this order; others that occur in the records follow.
    """
    rows = sorted((_row(record) for record in graded), key=lambda row: (row.student, row.cells))
    columns = list(dict.fromkeys([*exercises, *(name for row in rows for name in row.scores)]))
    last = LAST_COLUMNS if any(row.is_changed for row in rows) else ()
    taken = (*COLUMNS, *last)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    # A function may be called `score`: no two columns have one name.
    writer.writerow([*COLUMNS, *(f"{name} (exercise)" if name in taken else name for name in columns), *last])
    for row in rows:
        writer.writerow([*row.cells, *(row.scores.get(name, "") for name in columns), *row.last_cells[: len(last)]])
    return text.getvalue()


def write(out: Path, exercises: Sequence[str] = ()) -> Path:
    """Write OUT/gradebook.csv from all records in OUT, atomically, and return its path.

    Raises BrokenRecord for a file in records/ that is none, and OutNotWritable.
    """
    path = out / FILE_NAME
    out_folder.write_atomically(path, to_csv(records.iterate(out), exercises).encode())
    return path


def _row(record: Record) -> _Row:
    is_judged = record.status is Status.GRADED
    cells = [
        guarded(record.student),
        guarded(record.assignment),
        _number(record.score if is_judged else None),
        _number(record.max_score),
        record.status.value,
        guarded(record.submission.submitted_at or ""),
        record.submission.sha256,
    ]
    scores = {e.exercise: _number(e.score if is_judged else None) for e in record.exercises}
    last_cells = [_number(record.raw_score), _number(0 if record.late is None else record.late.penalty)]
    return _Row(record.student, cells, scores, last_cells, record.late is not None or bool(record.adjustments))


def _number(value: Number | None) -> str:
    return "" if value is None else str(value)


def _export(out: Path, options: Mapping[str, Any]) -> list[str]:
    target = options["to"]
    out_folder.write_atomically(target, to_csv(records.iterate(out)).encode())
    return [printable_path(target)]


EXPORTER = Exporter(
    "One line a student, with the score of every exercise.",
    _export,
    (Option("to", "The file to write.", metavar="FILE.csv", is_path=True, is_required=True),),
)
