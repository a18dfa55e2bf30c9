"""A class of submissions: what is new is graded, every result is written the moment it exists.

The unit of parallel work is `grade_batch(plan, references, out)`: a plain function of plain data, so that a process
pool or a cluster can run it. Each process keeps one session (one zygote, one collection of the tests) for as long
as the plan stays the same.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader import names, out_folder, records, submissions
from grader.course import submission_seed
from grader.errors import GraderError, UsageError
from grader.executors import process_pool
from grader.grading import environment, ungraded
from grader.model import Assignment, SandboxMode, Status, SubmissionResult
from grader.records import Record
from grader.reporters import feedback_html, feedback_markdown
from grader.sandbox.client import Sandbox
from grader.session import GradingSession, hidden_session
from grader.submissions import SubmissionRef

_LARGEST_BATCH = 8  # small enough for a steady progress bar and for sharing slow submissions out


@dataclass(frozen=True)
class Plan:
    """All that a process needs to know to grade submissions of one assignment."""

    assignment: Assignment
    secret: bytes
    mode: SandboxMode

    def seed_of(self, student: str) -> str:
        return submission_seed(self.secret, student, self.assignment.id)


def grade_class(
    plan: Plan,
    references: Sequence[SubmissionRef],
    out: Path,
    *,
    jobs: int,
    on_record: Callable[[Record], None] = lambda record: None,
) -> list[Record]:
    """Grade what changed since the last run into `out`, and return the records of all `references`, in their order.

    on_record: called in this process for every record as it becomes known, those that are kept included.
    Records and feedback pages are written as they are made; an exception leaves the finished ones in place.
    Raises UsageError, before anything is graded, when `out` holds records of another assignment or a file that is none.
    """
    earlier = _earlier_records(plan.assignment, references, out)
    known: dict[str, Record] = {}  # by the name that file names are made of: records hold it in printable form
    waiting = []
    for reference in references:
        kept = earlier.get(names.file_stem(reference.student))
        if kept is None or not _is_current(plan, reference, kept, out):
            waiting.append(reference)
        else:
            known[names.file_stem(reference.student)] = kept
            on_record(kept)
    for record in _grade_all(plan, waiting, out, jobs):
        known[record.file_stem] = record
        on_record(record)
    return [known[names.file_stem(reference.student)] for reference in references]


def _grade_all(plan: Plan, waiting: Sequence[SubmissionRef], out: Path, jobs: int) -> Iterator[Record]:
    jobs = min(jobs, len(waiting))
    if jobs <= 1:
        if waiting:
            with open_session(plan) as session:
                for reference in waiting:
                    yield _grade_one(session, plan, reference, out)
        return
    size = max(1, min(_LARGEST_BATCH, len(waiting) // (4 * jobs)))
    batches = [waiting[i : i + size] for i in range(0, len(waiting), size)]
    with process_pool(jobs) as executor:
        futures = [executor.submit(grade_batch, plan, batch, out) for batch in batches]
        try:
            for future in as_completed(futures):
                yield from future.result()
        except BrokenProcessPool:
            raise GraderError(
                "a grading process was killed from outside, most likely because memory ran out; finished records are "
                "kept, so run the same command again with fewer --jobs"
            ) from None


def grade_batch(plan: Plan, references: Sequence[SubmissionRef], out: Path) -> list[Record]:
    """Grade `references`, write what comes of it into `out`, and return the records."""
    session = _kept_session(plan)
    return [_grade_one(session, plan, reference, out) for reference in references]


@contextmanager
def open_session(plan: Plan) -> Iterator[GradingSession]:
    """A session with a sandbox of its own, both ended with the block."""
    # The submissions' own folder need not be hidden: a worker sees nothing but what is bound, and that is checked.
    with (
        Sandbox(plan.mode, hide=(plan.assignment.root,)) as sandbox,
        hidden_session(plan.assignment, spawn=sandbox.spawn, mode=plan.mode) as session,
    ):
        yield session


@lru_cache(maxsize=1)
def _kept_session(plan: Plan) -> GradingSession:
    """The session of this process, which lives as long as the process does."""
    stack = ExitStack()
    atexit.register(stack.close)  # a pool's process skips this; its sandbox dies with its parent all the same
    return stack.enter_context(open_session(plan))


def _grade_one(session: GradingSession, plan: Plan, reference: SubmissionRef, out: Path) -> Record:
    seed = plan.seed_of(reference.student)
    try:
        result = session.grade(submissions.read(reference, plan.assignment.limits), seed)
    except submissions.UnreadableSubmission as error:
        result = ungraded(plan.assignment, reference.student, seed, mode=plan.mode, error=str(error))
    return _write(result, plan.assignment, out)


def _write(result: SubmissionResult, assignment: Assignment, out: Path) -> Record:
    record = records.to_record(result)
    write_feedback(record, out, title=assignment.title)
    # The record comes last: where it stands, the feedback stands as well.
    records.write(out, result)
    return record


def write_feedback(record: Record, out: Path, *, title: str) -> None:
    """Write feedback/<student>.html and .md of `record`."""
    for ending, reporter in ((".html", feedback_html), (".md", feedback_markdown)):
        path = out / out_folder.FEEDBACK / f"{record.file_stem}{ending}"
        out_folder.write_atomically(path, reporter.render(record, title=title).encode())


def _earlier_records(assignment: Assignment, references: Sequence[SubmissionRef], out: Path) -> dict[str, Record]:
    """The records in `out` by the stems of their file names, those of students who are not in `references` included.

    A broken one is left out where grading replaces it. Any other would spoil the gradebook, but only in the end.
    """
    replaced = {names.file_stem(reference.student) for reference in references}
    found = {}
    for path in records.paths(out):
        try:
            record = records.read(path)
        except records.BrokenRecord:
            if path.stem in replaced:
                continue
            raise
        if record.assignment != assignment.id:
            raise UsageError(
                f"{names.printable_path(out)} holds results of {names.printable(record.assignment)}; "
                f"give another folder for those of {assignment.id}"
            )
        found[path.stem] = record
    return found


def _is_current(plan: Plan, reference: SubmissionRef, record: Record, out: Path) -> bool:
    """Whether grading `reference` now would give `record` again."""
    try:
        submission = submissions.read(reference, plan.assignment.limits)
    except GraderError:
        return False  # unreadable: grading says so
    return (
        record.status is Status.GRADED
        and record.submission.file == names.printable(submission.file_name)
        and record.submission.sha256 == submission.sha256
        and record.submission.submitted_at == submission.submitted_at
        and record.suite_sha256 == plan.assignment.suite_sha256
        and record.seed == plan.seed_of(reference.student)
        and record.sandbox == plan.mode
        and record.environment == environment()
        and all((out / out_folder.FEEDBACK / f"{record.file_stem}{ending}").is_file() for ending in (".html", ".md"))
    )


def available_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
