"""What the OUT folder says of the class as a whole: gradebook and index, made from the records in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader import manifest, out_folder, records
from grader.batch import GradedClass, write_feedback
from grader.errors import UsageError
from grader.gradebooks import gradebook_csv
from grader.model import Assignment, Outcome
from grader.records import ExerciseRecord, Record
from grader.reporters import class_page


def write_overview(assignment: Assignment, out: Path) -> None:
    """Write gradebook.csv and index.html from all records in `out`, those of earlier runs included."""
    gradebook_csv.write(out, [exercise.name for exercise in assignment.exercises])
    thrift = _Thrift()
    page = class_page.render([thrift.lean(record) for record in records.iterate(out)], title=assignment.title)
    out_folder.write_atomically(out / "index.html", page.encode())


class _Thrift:
    """Makes records lean: no more than the class page shows of them, and what is equal in many is there only once.

    The page needs all records at a time; of ten thousand whole ones a process would grow by half a gigabyte.
    """

    def __init__(self) -> None:
        self._exercises: dict[ExerciseRecord, ExerciseRecord] = {}

    def lean(self, record: Record) -> Record:
        """`record` with scores, outcomes and the first thing that each test says."""
        exercises = tuple(self._lean_exercise(exercise) for exercise in record.exercises)
        return msgspec.structs.replace(record, exercises=exercises, notes=(), environment={}, seed="", suite_sha256="")

    def _lean_exercise(self, exercise: ExerciseRecord) -> ExerciseRecord:
        tests = tuple(
            msgspec.structs.replace(test, seconds=0.0, feedback=test.feedback[:1], reproduce=None)
            for test in exercise.tests
            if test.feedback or test.outcome is not Outcome.PASSED
        )
        lean = msgspec.structs.replace(exercise, tests=tests, advice=())
        return self._exercises.setdefault(lean, lean)


def report(out: Path, course: Path) -> GradedClass:
    """Write every page and table of `out` anew from its records, and return those.

    Raises UsageError when there are none, or when they belong to several assignments.
    """
    records.paths(out)  # before folders are made in what may be no OUT at all
    with out_folder.prepare_out(out):
        ids = {record.assignment for record in records.iterate(out)}
        if len(ids) != 1:
            found = ", ".join(sorted(ids)) or "no assignment"
            raise UsageError(f"{out}: the records should belong to one assignment; they belong to {found}")
        assignment = manifest.load(course, ids.pop())
        for record in records.iterate(out):
            write_feedback(record, out, title=assignment.title)
        write_overview(assignment, out)
    return GradedClass(records.paths(out))
