"""The results in nbgrader's gradebook, SQLite or PostgreSQL, and what belongs to them in an nbgrader course."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import roster
from grader.errors import UsageError
from grader.gradebooks import joining
from grader.names import printable, printable_path
from grader.plugins import Exporter, Option
from grader.records import Record

if TYPE_CHECKING:
    from grader.gradebooks.nbgrader_folders import Course, Placed
    from grader.gradebooks.nbgrader_scores import Written


def _export(out: Path, options: Mapping[str, Any]) -> list[str]:
    url, course_dir = options["db"], options["course_dir"]
    if url is None and course_dir is None:
        raise UsageError("nothing says where the gradebook is; give --course-dir DIR, or --db URL")
    records = joining.in_order(out)
    _require_one_assignment(records, out)
    people = roster.load(out)
    try:
        from grader.gradebooks import nbgrader_connection, nbgrader_folders, nbgrader_scores
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed; pip install 'grader[nbgrader]'") from error
    if course_dir is None:
        with nbgrader_connection.opened(url, "") as gradebook:
            ids = nbgrader_scores.student_ids(gradebook, records, people, {})
            return list(_lines(nbgrader_scores.write(gradebook, records, people, ids, is_course=False)))
    course = nbgrader_folders.Course(course_dir, records[0].assignment)
    with nbgrader_connection.opened(url or course.db_url, course.course_id) as gradebook:
        ids = nbgrader_scores.student_ids(gradebook, records, people, course.names_of_folders())
        written = nbgrader_scores.write(gradebook, records, people, ids, is_course=bool(course.released))
        # Within the transaction: where a file cannot be written, the scores are not written either.
        placed = nbgrader_folders.write(course, out, records, ids)
    return [*_lines(written), *_lines_of_course(course, placed)]


def _require_one_assignment(records: Sequence[Record], out: Path) -> None:
    ids = sorted({record.assignment for record in records})
    if len(ids) > 1:
        raise UsageError(
            f"the records in {printable_path(out)} belong to {', '.join(map(printable, ids))}; export one by one"
        )


def _lines(written: Written) -> Iterator[str]:
    yield f"{len(written.students)} students have a score in the gradebook"
    yield from _listed("scored by hand in nbgrader, which counts there", written.by_hand)
    yield from _listed("without a score, so the gradebook is as it was", written.without_score)


def _lines_of_course(course: Course, placed: Placed) -> Iterator[str]:
    shown = printable_path(course.root)
    yield f"{shown}: {placed.pages} pages in feedback, {placed.notebooks} notebooks in autograded"
    yield from _listed("handed in again since, so grade again", placed.changed)
    yield from _listed("no folder can have this name, so the page is in OUT only", placed.without_folder)


def _listed(what: str, students: Sequence[str]) -> Iterator[str]:
    if students:
        yield f"{what}: {joining.listed(students)}"


EXPORTER = Exporter(
    "Scores and comments in nbgrader's gradebook.",
    _export,
    (
        Option("db", "The gradebook. Default: what nbgrader_config.py says, else DIR/gradebook.db.", metavar="URL"),
        Option(
            "course-dir",
            "The nbgrader course: its feedback/ and autograded/ are filled, too.",
            metavar="DIR",
            is_path=True,
        ),
    ),
)
