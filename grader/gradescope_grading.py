"""One submission on Gradescope's machine: reads its metadata, grades it, writes results.json.

    /autograder/source/course/               the course, as `grader release --gradescope` packed it
    /autograder/submission/                  what was handed in
    /autograder/submission_metadata.json     by whom, and when
    /autograder/results/results.json         what this writes

Whatever keeps us from judging gives a results.json that says so and holds no score, and an exit code that is not 0.
The reason goes to stderr, which Gradescope shows to instructors only.
"""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grader import batch, manifest, out_folder, records, submissions
from grader.course import assignment_ids, course_secret, submission_seed
from grader.deadlines import duration
from grader.errors import GraderError, UsageError
from grader.messages import feedback
from grader.model import Assignment, Feedback, Status, SubmissionResult
from grader.names import printable_path
from grader.reporters import gradescope_results
from grader.sandbox import doctor

_NOT_JUDGED = (
    "Your submission could not be judged: the autograder failed. This is not your fault, and it costs no points. "
    "Your instructor can see the reason."
)


class _User(msgspec.Struct):
    """One person of the group that handed in."""

    email: str | None = None
    name: str | None = None
    sid: str | None = None
    assignment: _Dates | None = None  # with this person's extension


class _Dates(msgspec.Struct):
    due_date: datetime | None = None


class _Metadata(msgspec.Struct):
    """What is used of submission_metadata.json; keys that are not named are ignored."""

    created_at: datetime
    users: list[_User] = []
    assignment: _Dates | None = None


class HandIn(NamedTuple):
    """Who handed in, when, and by how much too late (None: in time, or no date is known)."""

    student: str
    submitted_at: str
    late: timedelta | None


def main(arguments: list[str] | None = None) -> int:
    """Grade what lies in the folder that is named, /autograder by default; gives the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    folder = Path(given[0] if given else "/autograder")
    code = 0
    try:
        found = _graded(folder)
    except Exception as error:
        code = error.exit_code if isinstance(error, GraderError) else GraderError.exit_code
        if isinstance(error, GraderError):
            print(f"grader: {error}", file=sys.stderr)
        else:
            traceback.print_exc()
        found = gradescope_results.failed(_NOT_JUDGED)
    out_folder.write_atomically(folder / "results" / "results.json", gradescope_results.to_json(found).encode())
    return code


def read_metadata(path: Path) -> HandIn:
    """What submission_metadata.json tells. Raises GraderError when it is not there or not what Gradescope writes."""
    try:
        metadata = msgspec.json.decode(path.read_bytes(), type=_Metadata)
    except (OSError, msgspec.DecodeError) as error:
        raise GraderError(
            f"{printable_path(path)} cannot be used ({error}); Gradescope writes it, so run the autograder there or "
            "write one by hand as in docs/gradescope.md"
        ) from error
    users = metadata.users or [_User()]
    first = users[0]
    # The name that the bulk download of Gradescope's submissions gets, so that grading there draws the same inputs.
    student = "_".join(filter(None, (first.name, first.sid or first.email))) or "student"
    due = [dates.due_date for dates in (*(user.assignment for user in users), metadata.assignment) if dates is not None]
    return HandIn(student, _in_utc(metadata.created_at).isoformat(), _late(metadata.created_at, due))


def _late(created_at: datetime, due: list[datetime | None]) -> timedelta | None:
    """How long after the first date that is known; a person's own comes before the assignment's."""
    known = [date for date in due if date is not None]
    late = _in_utc(created_at) - _in_utc(known[0]) if known else timedelta()
    return late if late > timedelta() else None


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _graded(folder: Path) -> dict[str, Any]:
    course = folder / "source" / "course"
    ids = assignment_ids(course)
    if len(ids) != 1:
        raise UsageError(f"{printable_path(course)} should hold one assignment, and holds {', '.join(ids) or 'none'}")
    assignment = manifest.load(course, ids[0])
    hand_in = read_metadata(folder / "submission_metadata.json")
    result = _judged(assignment, folder / "submission", hand_in)
    if result.status is not Status.GRADED:
        raise GraderError(f"{hand_in.student} was not judged: {result.error}")
    return gradescope_results.results(records.to_record(result))


def _judged(assignment: Assignment, folder: Path, hand_in: HandIn) -> SubmissionResult:
    if not folder.is_dir():  # a student who hands in nothing leaves an empty one
        raise GraderError(f"there is no {printable_path(folder)}; Gradescope makes it, so run the autograder there")
    reference = submissions.in_folder(folder, assignment.id, hand_in.student)
    submission = submissions.read(reference, assignment.limits)
    notes = (*submission.notes, *_late_note(hand_in.late))
    submission = msgspec.structs.replace(submission, notes=notes, submitted_at=hand_in.submitted_at)
    # Whoever rents the container decides what it allows; the results tell which sandbox there was.
    mode = doctor.choose_mode(allow_reduced=True)
    seed = submission_seed(course_secret(assignment.root), hand_in.student, assignment.id)
    with batch.open_session(assignment, mode) as session:
        return session.grade(submission, seed)


def _late_note(late: timedelta | None) -> tuple[Feedback, ...]:
    return () if late is None else (feedback("submission_late_by", time=duration(round(late.total_seconds()))),)


if __name__ == "__main__":
    sys.exit(main())
