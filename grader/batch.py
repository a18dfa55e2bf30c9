"""A class of submissions: what is new is graded, every result is written the moment it is known.

The unit of parallel work is `grade_batch(suite, work)`: a plain function of plain data, which a process of this machine
and a worker of a cluster run alike. It writes nothing: results come back as the bytes of record and pages, and this
process puts them into OUT. Each process keeps one session (one zygote, one collection of the tests) for as long as the
suite stays the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, overload

import msgspec

from grader import course_bundles, final_scores, names, out_folder, records, submissions
from grader.course import submission_seed
from grader.errors import GraderError, SandboxUnavailable, UsageError
from grader.executors import MOST_DEATHS, DaskLanes, Lanes, dask_lanes, hand_out, process_lanes
from grader.final_scores import Rules, Terms
from grader.grading import environment, ungraded
from grader.model import Assignment, SandboxMode, Status, Submission, SubmissionResult
from grader.records import Record
from grader.reporters import feedback_html, feedback_markdown
from grader.sandbox import doctor
from grader.sandbox.client import Sandbox
from grader.session import GradingSession, hidden_session
from grader.submissions import SubmissionRef

_BATCH_SECONDS = 1.0  # then a batch gives back what it has not begun
_GOODBYE_SECONDS = 5.0
_ASIDE = ".aside-"  # not the start of a student's file: file stems never begin with a dot

Versions = tuple[str, str, str]


@dataclass(frozen=True)
class Plan:
    """What grading a class of one assignment needs. keep_best: whether a lower score leaves the earlier one alone."""

    assignment: Assignment
    secret: bytes
    mode: SandboxMode
    keep_best: bool = False

    def seed_of(self, student: str) -> str:
        return submission_seed(self.secret, student, self.assignment.id)


@dataclass(frozen=True)
class Suite:
    """What a process needs to grade: everything but the submissions; the course's secret is not in it.

    versions: grader, NumPy and Python of whoever hands the work out; a process with others refuses.
    """

    assignment: Assignment
    mode: SandboxMode
    versions: Versions


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """One submission to grade: where it lies, or itself where the process may be on another machine.

    terms: what makes the score that counts of the raw one. unreadable: why there is no submission; a fault of ours.
    """

    reference: SubmissionRef
    seed: str
    terms: Terms
    submission: Submission | None = None
    unreadable: str | None = None


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of one submission, as it is written: the record (JSON) and both pages."""

    record: bytes
    html: bytes
    markdown: bytes


class GradedClass(Sequence[Record]):
    """The records of a class, in the order of its references; each is read when it is asked for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> GradedClass: ...

    def __getitem__(self, index: int | slice) -> Record | GradedClass:
        return GradedClass(self._paths[index]) if isinstance(index, slice) else records.read(self._paths[index])


def grade_class(
    plan: Plan,
    references: Sequence[SubmissionRef],
    out: Path,
    *,
    jobs: int = 1,
    cluster: DaskLanes | None = None,
    on_record: Callable[[Record], None] = lambda record: None,
) -> GradedClass:
    """Grade what changed since the last run into `out`; gives the records of all `references`, in their order.

    jobs: processes of this machine; cluster: where to grade instead. on_record: called in this process for every
    record as it becomes known, those that are kept included.
    Records and feedback pages are written as they come; an exception leaves the finished ones in place.
    Kept records get the score that the rules for `out` give now: deadline, roster, adjustments.
    Raises UsageError, before anything is graded, when `out` holds records of another assignment or a file that is none.
    """
    rules = final_scores.load(plan.assignment, out)
    current = set()
    for stem, kept in _current_records(plan, rules, references, out):
        current.add(stem)
        on_record(kept)
    waiting = [reference for reference in references if names.file_stem(reference.student) not in current]
    if waiting:
        for record in _grade_all(plan, rules, waiting, out, jobs, cluster):
            on_record(record)
    return GradedClass([records.record_path(out, reference.student) for reference in references])


def _grade_all(
    plan: Plan, rules: Rules, waiting: Sequence[SubmissionRef], out: Path, jobs: int, cluster: DaskLanes | None
) -> Iterator[Record]:
    suite = Suite(plan.assignment, plan.mode, own_versions())

    def arguments(batch: list[SubmissionRef]) -> tuple[Any, ...]:
        work = [Work(reference=r, seed=plan.seed_of(r.student), terms=rules.terms(r.student)) for r in batch]
        return (suite, work) if bundle is None else (suite, [_with_content(w, plan.assignment) for w in work], bundle)

    with ExitStack() as stack:
        lanes: Lanes
        if cluster is None:
            bundle = None
            lanes = stack.enter_context(process_lanes(min(jobs, len(waiting))))
        else:
            bundle = cluster.shared(course_bundles.pack(plan.assignment))
            lanes = cluster
        for reference, graded in hand_out(lanes, waiting, grade_batch, arguments):
            yield _write(plan, rules, graded or _killer(plan, rules, reference), out)


def _with_content(work: Work, assignment: Assignment) -> Work:
    try:
        submission = submissions.read(work.reference, assignment.limits)
    except submissions.UnreadableSubmission as error:
        return msgspec.structs.replace(work, unreadable=str(error))
    return msgspec.structs.replace(work, submission=submission)


def _killer(plan: Plan, rules: Rules, reference: SubmissionRef) -> Graded:
    """The result of a submission under which a grading process died again and again."""
    error = (
        f"the process that graded it died {MOST_DEATHS} times; look at its code and at the memory of the machine: this "
        "may be an attack, a fault of ours, or a lack of memory, and the next run tries again"
    )
    seed = plan.seed_of(reference.student)
    result = ungraded(plan.assignment, reference.student, seed, mode=plan.mode, error=error)
    return _rendered(result, plan.assignment, rules.terms(reference.student))


# in the process that grades


def grade_batch(suite: Suite, work: Sequence[Work], bundle: bytes | None = None) -> list[Graded]:
    """Grade the first of `work`, all of it where a second suffices, and at least one.

    bundle: the course (`course_bundles.pack`) for a process that may have none. Raises GraderError when grader, NumPy,
    Python or course files are not those of `suite`.
    """
    deadline = time.monotonic() + _BATCH_SECONDS
    graded: list[Graded] = []
    with _KEPT.session(suite, bundle) as session:
        for one in work:
            graded.append(_grade_one(session, suite, one))
            if time.monotonic() > deadline:
                break
    return graded


def _grade_one(session: GradingSession, suite: Suite, work: Work) -> Graded:
    assignment, error, submission = suite.assignment, work.unreadable, work.submission
    if submission is None and error is None:
        try:
            submission = submissions.read(work.reference, assignment.limits)
        except submissions.UnreadableSubmission as unreadable:
            error = str(unreadable)
    if submission is not None:
        result = session.grade(submission, work.seed)
    else:
        result = ungraded(assignment, work.reference.student, work.seed, mode=suite.mode, error=error or "")
    return _rendered(result, assignment, work.terms)


def _rendered(result: SubmissionResult, assignment: Assignment, terms: Terms) -> Graded:
    record = final_scores.settle(records.to_record(result), terms)
    return Graded(
        record=records.to_json(record),
        html=feedback_html.render(record, title=assignment.title).encode(),
        markdown=feedback_markdown.render(record, title=assignment.title).encode(),
    )


@contextmanager
def open_session(assignment: Assignment, mode: SandboxMode) -> Iterator[GradingSession]:
    """A session with a sandbox of its own, both ended with the block."""
    # The submissions' own folder need not be hidden: a worker sees nothing but what is bound, and that is checked.
    with (
        Sandbox(mode, hide=(assignment.root,)) as sandbox,
        hidden_session(assignment, spawn=sandbox.spawn, mode=mode) as session,
    ):
        yield session


class _KeptSession:
    """The session of this process, which lives until another suite comes, `end`, or the end of the process.

    One at a time: a session belongs to one thread of pytest, so Dask workers with several threads take turns.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._suite: Suite | None = None
        self._session: GradingSession | None = None
        self._stack = ExitStack()
        self._at_exit: Finalize | None = None

    @contextmanager
    def session(self, suite: Suite, bundle: bytes | None) -> Iterator[GradingSession]:
        with self._lock:
            if suite != self._suite or self._session is None:
                self._close()
                if suite.versions != own_versions():
                    raise GraderError(_other_versions("this process", own_versions(), suite.versions))
                assignment = suite.assignment
                if bundle is not None:
                    assignment = self._unpack(bundle, assignment)
                if self._at_exit is None:
                    # A process of a pool ends without `atexit`, and forgets what was registered before its work began.
                    self._at_exit = Finalize(self, self.end, exitpriority=1)
                self._session = self._stack.enter_context(open_session(assignment, suite.mode))
                self._suite = suite
            try:
                yield self._session
            except BaseException:
                self._close()  # whatever broke, the next batch begins afresh
                raise

    def end(self) -> None:
        """Close the session and remove the course files that came with it."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        self._session = self._suite = None
        self._stack.close()

    def _unpack(self, bundle: bytes, assignment: Assignment) -> Assignment:
        # Only the owner can read what mkdtemp makes. A folder of Dask's is also cleared after a worker that was killed.
        folder = Path(tempfile.mkdtemp(prefix="grader-course-", dir=_scratch_folder()))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        course_bundles.unpack(bundle, folder, assignment)
        return msgspec.structs.replace(assignment, root=folder)


_KEPT = _KeptSession()  # of this process, as there is one pytest session in it


def _scratch_folder() -> str | None:
    """The folder of the Dask worker that this is."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # it is none
        return None


def end_session() -> None:
    """Give back what this process keeps for the next batch: the sandbox and the course files."""
    _KEPT.end()


def own_versions() -> Versions:
    """What must agree for two processes to give the same records: grader, NumPy, and Python up to the minor version."""
    here = environment()
    return here["grader"], here["numpy"], _minor(here["python"])


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _other_versions(who: str, found: Versions, expected: Versions) -> str:
    parts = [
        f"{what} {has} where {wants} is needed"
        for what, has, wants in zip(("grader", "NumPy", "Python"), found, expected, strict=True)
        if has != wants
    ]
    return f"{who} has {', '.join(parts)}; install the same versions everywhere"


# a cluster


class WorkerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says of itself. mode: the strongest sandbox that works there; None, and why, where none does."""

    versions: Versions
    mode: SandboxMode | None
    problem: str = ""


def examine(allow_reduced: bool, assignment: Assignment, bundle: bytes) -> WorkerFacts:
    """The facts of the worker that runs this. Raises GraderError when the course files arrive otherwise than sent."""
    with tempfile.TemporaryDirectory(prefix="grader-course-", dir=_scratch_folder()) as folder:
        course_bundles.unpack(bundle, Path(folder), assignment)
    try:
        return WorkerFacts(versions=own_versions(), mode=doctor.choose_mode(allow_reduced))
    except SandboxUnavailable as error:
        return WorkerFacts(versions=own_versions(), mode=None, problem=str(error))


def agreed_mode(cluster: DaskLanes, assignment: Assignment, *, allow_reduced: bool) -> SandboxMode:
    """The sandbox that all workers have, after every one was examined.

    Raises GraderError, naming each worker that has other versions or other course files, and SandboxUnavailable when
    one has no safe sandbox.
    """
    found = cluster.on_every_worker(examine, allow_reduced, assignment, cluster.shared(course_bundles.pack(assignment)))
    wrong, unsafe, modes = [], [], set()
    for address, facts in found.items():
        if isinstance(facts, ModuleNotFoundError):
            wrong.append(f"{address} has no {facts.name or 'grader'}; install grader and what it needs there")
        elif isinstance(facts, BaseException):
            wrong.append(f"{address} cannot grade: {facts}")
        elif facts.versions != own_versions():
            wrong.append(_other_versions(address, facts.versions, own_versions()))
        elif facts.mode is None:
            unsafe.append(f"{address}: {facts.problem}")
        else:
            modes.add(facts.mode)
    if wrong:
        raise GraderError("not every Dask worker can grade: " + "; ".join(wrong))
    if unsafe:
        raise SandboxUnavailable("not every Dask worker has a safe sandbox: " + "; ".join(unsafe))
    return SandboxMode.FULL if modes == {SandboxMode.FULL} else SandboxMode.REDUCED


@dataclass(frozen=True)
class Place:
    """Where a class is graded: `jobs` processes of this machine, or a cluster; and the sandbox that is there."""

    mode: SandboxMode
    jobs: int = 1
    cluster: DaskLanes | None = None


@contextmanager
def open_place(assignment: Assignment, *, jobs: int, dask: str | None, allow_reduced: bool) -> Iterator[Place]:
    """This machine, or the Dask cluster at the address `dask`; what workers kept for us is given back at the end.

    Raises SandboxUnavailable, UsageError or GraderError when grading would not work there.
    """
    if dask is None:
        yield Place(mode=doctor.choose_mode(allow_reduced), jobs=jobs)
        return
    with dask_lanes(dask) as cluster:
        mode = agreed_mode(cluster, assignment, allow_reduced=allow_reduced)
        yield Place(mode=mode, cluster=cluster)
        cluster.on_every_worker(end_session, seconds=_GOODBYE_SECONDS)  # after an error they may not answer


# in OUT


def _write(plan: Plan, rules: Rules, graded: Graded, out: Path) -> Record:
    """Put `graded` in its place, and return the record that counts: the earlier one where that is better and kept."""
    record = records.parse(graded.record, "a result")
    aside = _aside_path(out, record.file_stem)
    if plan.keep_best:
        earlier = _readable(records.record_path(out, record.student))
        if earlier is not None and _is_better(rules.settle(earlier), record):
            out_folder.write_atomically(aside, graded.record)
            return write_settled(earlier, rules, out, title=plan.assignment.title)
    for ending, page in ((".html", graded.html), (".md", graded.markdown)):
        out_folder.write_atomically(out / out_folder.FEEDBACK / f"{record.file_stem}{ending}", page)
    # The record comes last: where it stands, the feedback stands as well.
    out_folder.write_atomically(records.record_path(out, record.student), graded.record)
    aside.unlink(missing_ok=True)
    return record


def _is_better(earlier: Record, record: Record) -> bool:
    """Whether `earlier` has the larger share of its points; of equal ones the later counts."""
    if earlier.status is not Status.GRADED or earlier.score is None:
        return False
    return record.score is None or earlier.score * record.max_score > record.score * earlier.max_score


def _aside_path(out: Path, stem: str) -> Path:
    """Where the newest record of a student lies when an earlier one is kept for its better score."""
    return out / out_folder.RECORDS / f"{_ASIDE}{stem}.json"


def _readable(path: Path) -> Record | None:
    try:
        return records.read(path)
    except (FileNotFoundError, records.BrokenRecord):
        return None


def require_assignment(record: Record, assignment_id: str, out: Path) -> None:
    """Raise UsageError when `record`, which is in OUT, is of another assignment."""
    if record.assignment != assignment_id:
        raise UsageError(
            f"{names.printable_path(out)} holds results of {names.printable(record.assignment)}; "
            f"give another folder for those of {assignment_id}"
        )


def write_feedback(record: Record, out: Path, *, title: str) -> None:
    """Write feedback/<student>.html and .md of `record`."""
    for ending, reporter in ((".html", feedback_html), (".md", feedback_markdown)):
        path = out / out_folder.FEEDBACK / f"{record.file_stem}{ending}"
        out_folder.write_atomically(path, reporter.render(record, title=title).encode())


def write_settled(record: Record, rules: Rules, out: Path, *, title: str) -> Record:
    """`record`, which is in OUT, with the score that counts now; OUT says the same afterwards, the pages included."""
    settled = rules.settle(record)
    if settled != record or not _has_pages(record, out):
        write_feedback(settled, out, title=title)
    if settled != record:  # last: where the record stands, the feedback stands as well
        out_folder.write_atomically(records.record_path(out, record.student), records.to_json(settled))
    return settled


def _current_records(
    plan: Plan, rules: Rules, references: Iterable[SubmissionRef], out: Path
) -> Iterator[tuple[str, Record]]:
    """The records in `out` that grading now would give again, settled, with the stems of their file names.

    A broken record is left out where grading replaces it; any other would spoil the gradebook, but only in the end.
    """
    by_stem = {names.file_stem(reference.student): reference for reference in references}
    for path in records.paths(out):
        try:
            record = records.read(path)
        except records.BrokenRecord:
            if path.stem in by_stem:
                continue
            raise
        require_assignment(record, plan.assignment.id, out)
        reference = by_stem.get(path.stem)
        if reference is None:
            write_settled(record, rules, out, title=plan.assignment.title)
        elif _is_current(plan, rules, reference, record, out):
            yield path.stem, write_settled(record, rules, out, title=plan.assignment.title)


def _is_current(plan: Plan, rules: Rules, reference: SubmissionRef, record: Record, out: Path) -> bool:
    """Whether grading `reference` now would give `record` again, but for what the rules make of its score."""
    try:
        submission = submissions.read(reference, plan.assignment.limits)
    except GraderError:
        return False  # unreadable: grading says so
    if records.raw_status(record) is not Status.GRADED or not _has_pages(record, out):
        return False
    if _is_of(plan, submission, record):
        return True
    newest = _readable(_aside_path(out, record.file_stem)) if plan.keep_best else None
    return (
        newest is not None
        and records.raw_status(newest) is Status.GRADED
        and _is_of(plan, submission, newest)
        and _is_better(rules.settle(record), rules.settle(newest))
    )


def _is_of(plan: Plan, submission: Submission, record: Record) -> bool:
    """Whether `record` says what `plan` makes of `submission`."""
    here = environment()
    return (
        record.submission.file == names.printable(submission.file_name)
        and record.submission.sha256 == submission.sha256
        and record.submission.submitted_at == submission.submitted_at
        and records.begins_with(record.notes, submission.notes)
        and record.suite_sha256 == plan.assignment.suite_sha256
        and record.seed == plan.seed_of(submission.student)
        and record.sandbox == plan.mode
        and record.environment.keys() == here.keys()
        and all(record.environment[key] == here[key] for key in here if key != "python")
        and _minor(record.environment["python"]) == _minor(here["python"])  # workers may have another patch level
    )


def _has_pages(record: Record, out: Path) -> bool:
    return all((out / out_folder.FEEDBACK / f"{record.file_stem}{ending}").is_file() for ending in (".html", ".md"))


def available_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
