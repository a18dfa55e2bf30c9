"""What the OUT folder says of the class as a whole: gradebook and index, made from the records in it."""

from __future__ import annotations

from pathlib import Path

from grader import manifest, out_folder, records
from grader.batch import write_feedback
from grader.errors import UsageError
from grader.gradebooks import gradebook_csv
from grader.model import Assignment
from grader.records import Record
from grader.reporters import class_page


def write_overview(assignment: Assignment, out: Path) -> None:
    """Write gradebook.csv and index.html from all records in `out`, those of earlier runs included."""
    gradebook_csv.write(out, [exercise.name for exercise in assignment.exercises])
    page = class_page.render(list(records.iterate(out)), title=assignment.title)
    out_folder.write_atomically(out / "index.html", page.encode())


def report(out: Path, course: Path) -> list[Record]:
    """Write every page and table of `out` anew from its records, and return those.

    Raises UsageError when there are none, or when they belong to several assignments.
    """
    records.paths(out)  # before folders are made in what may be no OUT at all
    with out_folder.prepare_out(out):
        graded = list(records.iterate(out))
        ids = {record.assignment for record in graded}
        if len(ids) != 1:
            found = ", ".join(sorted(ids)) or "no assignment"
            raise UsageError(f"{out}: the records should belong to one assignment; they belong to {found}")
        assignment = manifest.load(course, ids.pop())
        for record in graded:
            write_feedback(record, out, title=assignment.title)
        write_overview(assignment, out)
    return graded
