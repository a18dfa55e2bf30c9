"""What the OUT folder says of the class as a whole, made from the records in it, and what changes it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader import adjustments, final_scores, manifest, names, out_folder, records, roster
from grader.batch import GradedClass, require_assignment, write_feedback, write_settled
from grader.errors import UsageError
from grader.gradebooks import gradebook_csv
from grader.model import Assignment
from grader.plugins import REPORTERS, blaming
from grader.records import Record
from grader.reporters import class_page, dashboard
from grader.reporters.dashboard import Charts

_MOST_NAMES = 20  # in a line of the terminal


def write_overview(assignment: Assignment, out: Path, *, charts: Charts | None = None) -> None:
    """Write gradebook.csv and index.html from all records in `out`, those of earlier runs included.

    charts: interactive ones for index.html.
    """
    gradebook_csv.write(out, [exercise.name for exercise in assignment.exercises])
    page = class_page.render(records.iterate(out), title=assignment.title, charts=charts)
    out_folder.write_atomically(out / "index.html", page.encode())
    people = roster.load(out)
    if people is not None:
        roster.write_status(out, people, {record.student: record.status.value for record in records.iterate(out)})


def store_roster(assignment: Assignment, out: Path, path: Path) -> None:
    """Keep the roster in `path` as that of `out`, where results of `assignment` are or are going to be.

    Raises UsageError when it is none and when `out` is another assignment's, and then `out` has the roster it had.
    """
    for record_path in records.paths(out):
        try:
            require_assignment(records.read(record_path), assignment.id, out)
        except records.BrokenRecord:
            continue  # grading replaces it, or says that it has to be deleted
    roster.store(out, path)


def report(out: Path, course: Path, *, roster_file: Path | None = None, is_interactive: bool = False) -> GradedClass:
    """Write every page and table of `out` anew from its records, and return those.

    Records change only where the deadline, the roster or adjustments give another score now. roster_file: takes the
    place of the roster in `out`. is_interactive: whether index.html gets the charts of `dashboard`. Raises UsageError
    when there are no records, when they belong to several assignments, or when what draws charts is not installed.
    """
    records.paths(out)  # before folders are made in what may be no OUT at all
    with out_folder.prepare_out(out):
        assignment = _assignment_of(out, course)
        charts = dashboard.charts([exercise.name for exercise in assignment.exercises]) if is_interactive else None
        if roster_file is not None:
            roster.store(out, roster_file)
        rules = final_scores.load(assignment, out)
        for record in records.iterate(out):
            write_feedback(write_settled(record, rules, out, title=assignment.title), out, title=assignment.title)
        write_overview(assignment, out, charts=charts)
    return GradedClass(records.paths(out))


def _assignment_of(out: Path, course: Path) -> Assignment:
    """The assignment of the records in `out`. Raises UsageError when it is not one."""
    ids = {record.assignment for record in records.iterate(out)}
    if len(ids) != 1:
        found = ", ".join(sorted(ids)) or "no assignment"
        raise UsageError(f"{out}: the records should belong to one assignment; they belong to {found}")
    return manifest.load(course, ids.pop())


def adjust(out: Path, course: Path, student: str, exercise: str, *, score: str | None, comment: str, by: str) -> Record:
    """Set the score of one exercise by hand, in `out` and everything in it, and return the record.

    score: None takes an earlier adjustment back. Raises UsageError for what is not there, and then nothing has changed.
    """
    records.paths(out)
    with out_folder.prepare_out(out):
        record = _record_of(out, student)
        assignment = manifest.load(course, record.assignment)
        points = {known.name: known.points for known in assignment.exercises}
        if exercise not in points:
            hint = names.did_you_mean(exercise, points) or f"; there are {', '.join(points)}"
            raise UsageError(f"{assignment.id} has no exercise {names.printable(exercise)}{hint}")
        if score is None and exercise not in {adjustment.exercise for adjustment in record.adjustments}:
            raise UsageError(f"{record.student} has no adjustment of {exercise} that could be removed")
        exact = None if score is None else adjustments.score_from(score, max_score=points[exercise])
        entry = adjustments.Entry(
            student=record.student,
            exercise=exercise,
            score=None if exact is None else records.as_number(exact),
            comment=comment,
            by=by,
            at=adjustments.now(),
        )
        adjustments.append(out, entry)  # first: should we be ended now, the next run finds it
        settled = write_settled(record, final_scores.load(assignment, out), out, title=assignment.title)
        write_overview(assignment, out)
    return settled


def _record_of(out: Path, student: str) -> Record:
    path = records.record_path(out, student)
    if path.is_file():
        return records.read(path)
    known = {record.student: path for path, record in zip(records.paths(out), records.iterate(out), strict=True)}
    if student not in known:
        student = _of_roster(out, student, known) or student
    if student not in known:
        hint = (
            names.did_you_mean(student, known)
            or f"; {names.printable_path(out / out_folder.RECORDS)} has one file each"
        )
        raise UsageError(f"there is no record of {names.printable(student)}{hint}")
    return records.read(known[student])


def _of_roster(out: Path, student: str, known: Iterable[str]) -> str | None:
    """The one of `known` that the roster in `out` takes for the same person as `student`; None unless it is one."""
    people = roster.load(out)
    person = None if people is None else people.by_student.get(student)
    same = [name for name in known if people and person and people.by_student.get(name) is person]
    return same[0] if len(same) == 1 else None


def notes(assignment: Assignment, out: Path) -> list[str]:
    """What the instructor should know of roster and deadline: who is missing, and what could not be applied to whom."""
    people, deadline = roster.load(out), assignment.deadline
    if people is None and deadline is None:
        return []
    times = {record.student: record.submission.submitted_at for record in records.iterate(out)}
    found: list[tuple[str, list[str]]] = []
    if people is not None:
        found += [
            ("Not on the roster", people.unmatched(times)),
            ("On the roster and without a submission", [person.id for person in people.missing(times)]),
            ("One student under several names", [" = ".join(group) for group in people.several(times)]),
        ]
    if deadline is not None:
        known = {*times, *(name for p in (people.people if people else ()) for name in (p.id, *p.accounts))}
        found += [
            ("Time of submission unknown, so the deadline took nothing", [s for s, time in times.items() if not time]),
            ("Extensions for names that nobody has", [name for name in deadline.extensions if name not in known]),
        ]
    return [f"{what}: {_listed(whom)}" for what, whom in found if whom]


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(map(names.printable, texts[:_MOST_NAMES]))
    return shown if len(texts) <= _MOST_NAMES else f"{shown} and {len(texts) - _MOST_NAMES} more"


def report_with(reporters: Sequence[str], out: Path, course: Path, *, roster_file: Path | None = None) -> list[Path]:
    """Write feedback/<student><suffix> of every record in `out` by the reporters of these names, and return the files.

    The scores are those that count now, as in `report`; where one changes, everything in `out` says so afterwards.
    Raises UsageError for an unknown reporter and GraderError for one that fails, each before or without half a file.
    """
    chosen = {name: REPORTERS.load(name) for name in dict.fromkeys(reporters)}
    records.paths(out)  # before folders are made in what may be no OUT at all
    written = []
    with out_folder.prepare_out(out):
        assignment = _assignment_of(out, course)
        if roster_file is not None:
            roster.store(out, roster_file)
        _settle_all(assignment, out, is_roster_new=roster_file is not None)
        for record in records.iterate(out):
            for name, reporter in chosen.items():
                with blaming(f"the reporter {name}"):
                    content = reporter.render(record, title=assignment.title).encode()
                path = out / out_folder.FEEDBACK / f"{record.file_stem}{reporter.suffix}"
                out_folder.write_atomically(path, content)
                written.append(path)
    return written


def _settle_all(assignment: Assignment, out: Path, *, is_roster_new: bool) -> None:
    """Give every record in `out` the score that counts now; what changes nothing writes nothing."""
    rules = final_scores.load(assignment, out)
    changed = [record for record in records.iterate(out) if rules.settle(record) != record]
    for record in changed:
        write_settled(record, rules, out, title=assignment.title)
    if changed or is_roster_new:
        write_overview(assignment, out)
