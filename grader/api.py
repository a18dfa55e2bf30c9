"""Grading from Python: one call for one submission, a session for many, and the results in an OUT folder.

Nothing here needs a folder of submissions or writes anything but the course's secret, when there is none yet.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from grader import batch, manifest, records, submissions
from grader.course import course_secret, find_course, submission_seed
from grader.errors import UsageError
from grader.model import Assignment, Submission, SubmissionResult
from grader.sandbox import doctor
from grader.session import GradingSession

_ENDINGS = (".py", ".ipynb")


class Session:
    """Grades submissions of one assignment, one after the other, with tests and sandbox kept ready."""

    def __init__(self, assignment: Assignment, session: GradingSession, secret: bytes) -> None:
        self.assignment = assignment
        self._session = session
        self._secret = secret

    def grade(
        self,
        submission: str | bytes | os.PathLike[str],
        *,
        student: str | None = None,
        file_name: str | None = None,
        submitted_at: str | None = None,
    ) -> SubmissionResult:
        """The result of `submission`.

        submission: a Path to a file, or to the folder or zip of one student; or the content of a file, as text or
        bytes. student: decides the inputs of the tests; by default the name of the folder or file, else "student".
        file_name: of a content; one that ends in .ipynb is read as a notebook. By default <id>.py.
        submitted_at: ISO 8601 with offset, for the record.

        Whatever a submission does is in the result. Where we failed, its status is GRADER_ERROR and its score None.
        Raises UsageError where there is no such file, there are several students or submitted_at is no such time, and
        UnreadableSubmission, a GraderError, where the system does not let us read it.
        """
        if submitted_at is not None:
            _require_moment(submitted_at)
        if isinstance(submission, str | bytes):
            found = self._of_content(submission, student or "student", file_name, submitted_at)
        elif file_name is not None:
            raise UsageError("file_name is for a content; a path has a name of its own")
        else:
            found = self._of_path(Path(submission), student, submitted_at)
        seed = submission_seed(self._secret, found.student, self.assignment.id)
        return self._session.grade(found, seed)

    def _of_content(
        self, content: str | bytes, student: str, file_name: str | None, submitted_at: str | None
    ) -> Submission:
        if isinstance(content, str) and "\n" not in content and content.endswith(_ENDINGS):
            raise UsageError(f"{content!r} would be graded as the text of a program; for a file give Path({content!r})")
        return submissions.of_bytes(
            content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content,
            self.assignment.limits,
            student=student,
            file_name=file_name or f"{self.assignment.id}.py",
            submitted_at=submitted_at,
        )

    def _of_path(self, path: Path, student: str | None, submitted_at: str | None) -> Submission:
        found = submissions.find(path, self.assignment.id)
        if len(found) != 1:
            raise UsageError(f"{path} holds the submissions of {len(found)} students; give the path of one of them")
        submission = submissions.read(found[0], self.assignment.limits)
        return msgspec.structs.replace(
            submission,
            student=submission.student if student is None else student,
            submitted_at=submitted_at or submission.submitted_at,
        )


def _require_moment(submitted_at: str) -> None:
    """Raise UsageError unless it is a time that a record may hold: what reads records later would fail on it."""
    try:
        is_moment = datetime.fromisoformat(submitted_at).utcoffset() is not None
    except (TypeError, ValueError):
        is_moment = False
    if not is_moment:
        raise UsageError(
            "submitted_at must be a text in ISO 8601 with offset, such as 2026-02-02T15:58:23+00:00, "
            f"not {submitted_at!r}"
        )


@contextmanager
def open_session(
    assignment: str, *, course: str | os.PathLike[str] | None = None, allow_reduced_sandbox: bool = False
) -> Iterator[Session]:
    """A session that grades submissions of `assignment`, an id, until the block ends.

    course: the course folder; by default found upwards from the current folder.
    Raises UsageError for an unknown course or assignment, SandboxUnavailable where no safe sandbox works, and
    GraderError when the tests of the course cannot be collected.
    """
    loaded = manifest.load(find_course(Path.cwd() if course is None else Path(course)), assignment)
    mode = doctor.choose_mode(allow_reduced_sandbox)
    with batch.open_session(loaded, mode) as session:
        yield Session(loaded, session, course_secret(loaded.root))


def grade(
    assignment: str,
    submission: str | bytes | os.PathLike[str],
    *,
    course: str | os.PathLike[str] | None = None,
    student: str | None = None,
    file_name: str | None = None,
    submitted_at: str | None = None,
    allow_reduced_sandbox: bool = False,
) -> SubmissionResult:
    """The result of one submission; see `Session.grade` for what it may be and `open_session` for the rest.

    Each call starts a sandbox and collects the tests anew, which takes most of its time: for several submissions,
    open a session.
    """
    with open_session(assignment, course=course, allow_reduced_sandbox=allow_reduced_sandbox) as session:
        return session.grade(submission, student=student, file_name=file_name, submitted_at=submitted_at)


def iter_results(out: str | os.PathLike[str]) -> Iterator[SubmissionResult]:
    """The results in a folder that `grader grade` wrote, sorted by file name, one in memory at a time.

    Scores are those that the tests gave. Raises UsageError when there are no records; BrokenRecord, a UsageError, for a
    file that is none.
    """
    return (records.to_result(record) for record in records.iterate(Path(out)))
