"""The scores and comments of records in nbgrader's gradebook, written through its API.

What an instructor has entered there (manual scores, extra credit, comments, names) stays and counts; only what an
autograder may set is set. Needs nbgrader, so it is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbgrader.api import Comment, Grade, MissingEntry, SubmittedNotebook

from grader import nbgrader_cells
from grader.errors import UsageError
from grader.names import printable
from grader.records import Number, Record, as_fraction
from grader.reporters.feedback_markdown import closing_part, escape, exercise_part
from grader.reporters.view import ExerciseView, RecordView, view
from grader.roster import Person, Roster

_LONGEST_COMMENT = 20_000  # characters; only a submission that means to gets there


@dataclass
class Written:
    """Who has got a score, where a score of an instructor's counts instead, and who has none."""

    students: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    without_score: list[str] = field(default_factory=list)


def student_ids(
    gradebook: Any, records: Sequence[Record], people: Roster | None, folders: Mapping[str, str]
) -> dict[str, str]:
    """What nbgrader calls the student of each record.

    That is the name of the folder in submitted/, else a name that the gradebook knows, else the id on the roster, else
    the name in the record. folders: by the name in the record. Raises UsageError when two records are one student's.
    """
    known = {student.id for student in gradebook.students}
    owners: dict[str, str] = {}
    for record in records:
        person = None if people is None else people.by_student.get(record.student)
        other = record.student if person is None or record.student in known else person.id
        student = folders.get(record.student, other)
        twin = owners.setdefault(student, record.student)
        if twin != record.student:
            raise UsageError(
                f"{printable(twin)} and {printable(record.student)} are both {printable(student)} in the gradebook; "
                "remove the record of one of them, so that it is clear whose score counts"
            )
    return {record: student for student, record in owners.items()}


def write(
    gradebook: Any, records: Sequence[Record], people: Roster | None, ids: Mapping[str, str], *, is_course: bool
) -> Written:
    """Write `records`, all of one assignment. ids: from `student_ids`.

    is_course: whether nbgrader is to go on with the assignment in its course, for which the gradebook must know the
    texts of the cells. Raises UsageError when it does not, and when its notebook was not made by `grader release`.
    """
    points = {e.exercise: e.max_score for record in records for e in record.exercises}
    notebook = _notebook(gradebook, records[0].assignment, points, is_course=is_course)
    written = Written()
    for record in records:
        student = ids[record.student]
        _write_student(gradebook, student, None if people is None else people.by_student.get(record.student))
        submitted = _submitted_notebook(gradebook, record, student, notebook)
        submitted.late_submission_penalty = None if record.late is None else _exact(record.late.penalty)
        _write_grades(gradebook, record, notebook, submitted)
        _write_comments(gradebook, record, notebook, submitted)
        if any(grade.manual_score is not None or grade.extra_credit for grade in submitted.grades):
            written.by_hand.append(student)
        (written.students if record.score is not None else written.without_score).append(student)
    gradebook.db.commit()
    return written


def _notebook(gradebook: Any, assignment_id: str, points: Mapping[str, Number], *, is_course: bool) -> Any:
    """The notebook of the assignment, with the cells of all exercises and their points."""
    gradebook.update_or_create_assignment(assignment_id)
    try:
        notebook = gradebook.find_notebook(assignment_id, assignment_id)
    except MissingEntry:
        notebook = gradebook.add_notebook(assignment_id, assignment_id)
    if is_course and not notebook.source_cells:
        raise UsageError(
            f"the gradebook does not know the cells of {printable(assignment_id)} yet; in the course's folder, run "
            f"nbgrader generate_assignment {printable(assignment_id)} --force"
        )
    grade_cells = {cell.name for cell in notebook.grade_cells}
    for exercise, max_score in points.items():
        name = nbgrader_cells.tests_id(exercise)
        if notebook.source_cells and name not in grade_cells:
            raise UsageError(
                f"the gradebook's notebook {printable(assignment_id)} has no cell {name} for the points of {exercise}; "
                "make the notebook by grader release --nbgrader, and then run nbgrader generate_assignment"
            )
        gradebook.update_or_create_grade_cell(
            name, assignment_id, assignment_id, max_score=_exact(max_score), cell_type="code"
        )
        if nbgrader_cells.answer_cell_of(exercise, (cell.name for cell in notebook.solution_cells)) is None:
            gradebook.add_solution_cell(nbgrader_cells.answer_id([exercise]), assignment_id, assignment_id)
    return notebook


def _write_student(gradebook: Any, student: str, person: Person | None) -> None:
    """The student, with what the roster knows; a name that stands there already was divided by a person."""
    entry = gradebook.update_or_create_student(student)
    if person is None:
        return
    if person.name and not (entry.first_name or entry.last_name):
        entry.first_name, entry.last_name = _first_and_last(person.name)
    if person.email:
        entry.email = person.email


def _first_and_last(name: str) -> tuple[str, str]:
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _submitted_notebook(gradebook: Any, record: Record, student: str, notebook: Any) -> Any:
    time = record.submission.submitted_at
    facts = {} if time is None else {"timestamp": time}
    with gradebook.db.no_autoflush:  # it reads while what it makes is not in the session yet; SQLAlchemy warns of that
        submission = gradebook.update_or_create_submission(record.assignment, student, **facts)
    for submitted in submission.notebooks:
        if submitted.notebook is notebook:
            return submitted
    submitted = SubmittedNotebook(notebook=notebook, assignment=submission)  # the submission is older than the notebook
    gradebook.db.add(submitted)
    return submitted


def _write_grades(gradebook: Any, record: Record, notebook: Any, submitted: Any) -> None:
    """The scores; where we failed to judge, the one that stands there stays."""
    scores = {nbgrader_cells.tests_id(e.exercise): e.score for e in record.exercises}
    grades = {grade.cell_id: grade for grade in submitted.grades}
    for cell in notebook.grade_cells:
        grade = grades.get(cell.id)
        if grade is None:
            grade = Grade(cell_id=cell.id, notebook=submitted)
            gradebook.db.add(grade)
        if record.score is not None:
            # Where there was nothing to grade a record has no exercises, and 0 points.
            grade.auto_score = _exact(scores.get(cell.name) or 0)
            grade.needs_manual_grade = False


def _write_comments(gradebook: Any, record: Record, notebook: Any, submitted: Any) -> None:
    comments = {comment.cell_id: comment for comment in submitted.comments}
    texts = comment_texts(record, [cell.name for cell in notebook.solution_cells])
    for cell in notebook.solution_cells:
        comment = comments.get(cell.id)
        if comment is None:
            comment = Comment(cell_id=cell.id, notebook=submitted)
            gradebook.db.add(comment)
        comment.auto_comment = texts.get(cell.name)


def comment_texts(record: Record, cells: Sequence[str]) -> dict[str, str]:
    """What the feedback says, in Markdown, by the cell to which it belongs; cells without anything to say are absent.

    What concerns all of the submission stands at the first exercise: nbgrader has no other place for it.
    """
    shown = view(record)
    texts: dict[str, list[str]] = {}
    for position, exercise in enumerate(shown.exercises):
        cell = nbgrader_cells.answer_cell_of(exercise.name, cells)
        if cell is not None:
            parts = [*(_of_submission(shown) if position == 0 else ()), *_of_exercise(exercise, shown)]
            texts.setdefault(cell, []).extend(part for part in parts if part)
    if not shown.exercises and cells:
        texts[cells[0]] = _of_submission(shown)
    return {cell: _bounded("\n\n".join(parts)) for cell, parts in texts.items() if parts}


def _of_submission(shown: RecordView) -> list[str]:
    said = [escape(sentence) for sentence in (*shown.notices, *shown.account)]
    return [part for part in (*said, closing_part(replace(shown, exercises=()))) if part]


def _of_exercise(exercise: ExerciseView, shown: RecordView) -> list[str]:
    lost = "" if exercise.is_full else exercise_part(exercise)
    return [lost, closing_part(replace(shown, exercises=(exercise,), notes=()))]


def _bounded(text: str) -> str:
    if len(text) <= _LONGEST_COMMENT:
        return text
    return f"{text[:_LONGEST_COMMENT]}\n\n… (all of it is on the feedback page)"


def _exact(value: Number) -> float:
    """A score as near to the exact one as a float can be: a record rounds to six digits."""
    return float(as_fraction(value))
