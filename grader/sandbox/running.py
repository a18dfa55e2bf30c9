"""One submission while it is graded: its worker, what loading found, and the time that is left.

A worker lives until the submission is done or the worker is lost (deadline, crash, flood). A lost worker is
replaced when the next call comes, so that one endless loop does not cost the functions beside it. Loading works
alike: a top-level statement that hangs or kills the process is skipped when the file is loaded again.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from grader.checks.vocabulary import Known, Vocabulary, sizes_in
from grader.errors import BudgetSpent, CallTimedOut, NotImplementedYet, SandboxError, StudentError
from grader.messages import feedback
from grader.model import Feedback, Limits, Submission
from grader.sandbox import explanations
from grader.sandbox.exits import ExitKind
from grader.sandbox.losses import WorkerDied, WorkerFlooded, WorkerLost, WorkerRaised, WorkerRefused, WorkerTimedOut
from grader.worker import wire

_MOST_LOADS = 4
_MOST_TIMEOUTS = 2


class Worker(Protocol):
    """What is asked of a worker: the sandbox's own, or the scripted fake of the tests."""

    def load(
        self, file_name: str, source: bytes, exercises: Sequence[str], *, skip: Sequence[int], deadline_seconds: float
    ) -> wire.Loaded: ...

    def call(
        self,
        function: str,
        batch: Sequence[wire.Arguments],
        *,
        wall_seconds: float,
        replacements: Mapping[str, Callable[..., Any]],
        counts_lines: bool = False,
    ) -> list[wire.Evaluation]: ...

    def close(self) -> object: ...


class SubmissionRun:
    """Runs the functions of one submission, in as many workers as it takes.

    spawn: gives a fresh worker; raises SandboxError when the sandbox is broken.
    exercises: the names that the assignment asks for.
    """

    def __init__(
        self,
        submission: Submission,
        exercises: Sequence[str],
        *,
        spawn: Callable[[Limits], Worker],
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.submission = submission
        self.exercises = tuple(exercises)
        self.limits = limits
        self.functions: dict[str, wire.FunctionInfo] = {}
        self.findings: list[Feedback] = []
        self._spawn = spawn
        self._clock = clock
        self._worker: Worker | None = None
        self._skip: list[int] = []
        self._timeouts: Counter[str] = Counter()
        self._deadline = clock() + limits.submission_wall_seconds

    def __enter__(self) -> SubmissionRun:
        return self

    def __exit__(self, *_: object) -> None:
        # A sandbox that broke has ended its workers, and whatever was still asked of it was told so.
        with contextlib.suppress(SandboxError):
            self.close()

    def close(self) -> None:
        """End the worker. The run can go on afterwards: the next call starts another one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def load(self) -> None:
        """Load the submission, skipping statements that hang or end the process. Fills `functions` and `findings`."""
        lost: list[Feedback] = []
        for _ in range(_MOST_LOADS):
            try:
                loaded = self._load()
            except WorkerLost as error:
                lost.append(_lost_statement(error, self.limits))
                if error.statement is None:
                    break
                self._skip.append(error.statement)
            else:
                self.functions = loaded.functions
                self.findings = [*lost, *(_finding(f) for f in loaded.findings)]
                return
        self.findings = [*lost, feedback("load_gave_up")]

    def has_timed_out(self, function: str) -> bool:
        """Whether `function` ran out of time before; what relies on it is better run with the reference first."""
        return self._timeouts[function] > 0

    def require(self, function: str) -> None:
        """Raise NotImplementedYet unless the submission defines `function` and it is more than a stub."""
        info = self.functions.get(function)
        if info is not None and info.state == "missing" and info.line:
            raise NotImplementedYet(feedback("lost_definition", function=function, line=info.line))
        if info is None or info.state == "missing":
            raise NotImplementedYet(feedback("missing", function=function))
        if info.state == "not_callable":
            raise NotImplementedYet(feedback("not_callable", function=function, line=info.line))
        if info.state == "stub":
            raise NotImplementedYet(feedback("stub", function=function))

    def call(
        self,
        function: str,
        batch: Sequence[wire.Arguments],
        *,
        replacements: Mapping[str, Callable[..., Any]],
        show_text: bool,
        counts_lines: bool = False,
    ) -> list[wire.Evaluation]:
        """Evaluate `function` of the submission for every entry of `batch`.

        Raises a StudentError for all that the submission does wrong, SandboxError when the sandbox breaks.
        show_text: whether texts chosen by the submission may reach its author (visible tests).
        counts_lines: whether to say how often each line of the submission ran.
        """
        self.require(function)
        wall_seconds = self._time_for(function, with_help=bool(replacements))
        try:
            worker = self._worker or self._reload()
            return worker.call(
                function, batch, wall_seconds=wall_seconds, replacements=replacements, counts_lines=counts_lines
            )
        except WorkerRaised as error:
            raise explanations.raised(
                function,
                self._with_own_lines(error.reply),
                show_text=show_text,
                memory_bytes=self.limits.memory_bytes,
                known=self._known(batch, error.reply.index),
            ) from None
        except WorkerRefused as error:
            known = self._known(batch, error.reply.index)
            raise explanations.refused(function, error.reply, show_text=show_text, known=known) from None
        except WorkerLost as error:
            self.close()
            if isinstance(error, WorkerTimedOut):
                self._timeouts[function] += 1
            raise self._explain_loss(function, error, wall_seconds, show_text=show_text) from None

    def _with_own_lines(self, reply: wire.Raised) -> wire.Raised:
        """`reply` with lines of code from our copy of the file: the worker's could say anything, hidden inputs too.

        Frames in lines that the file does not have, or where it has no code, are left out.
        """
        if not self.submission.source:
            return reply  # functions of a notebook that is being written: there is no file, and nothing is hidden
        frames = [
            msgspec.structs.replace(frame, source=self._lines[frame.line - 1])
            for frame in reply.frames
            if self.has_code_in(frame.line)
        ]
        return msgspec.structs.replace(reply, frames=frames)

    def has_code_in(self, line: int) -> bool:
        """Whether line number `line` of the file has anything in it but a comment; every line when there is no file."""
        if not self.submission.source:
            return line > 0
        text = self._lines[line - 1].strip() if 0 < line <= len(self._lines) else ""
        return bool(text) and not text.startswith("#")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a hidden test may repeat to the author of this submission."""
        return Vocabulary(self.submission.source)

    def _known(self, batch: Sequence[wire.Arguments], index: int) -> Known:
        entry = batch[index] if index < len(batch) else wire.Arguments([])
        return Known(self.vocabulary, sizes_in(entry.args, entry.kwargs))

    @cached_property
    def _lines(self) -> list[str]:
        text = self.submission.source.decode("utf-8", "replace").replace("\0", "")
        return re.split(r"\r\n|\r|\n", text)

    def _time_for(self, function: str, *, with_help: bool) -> float:
        left = self._deadline - self._clock()
        if left <= 0:
            raise BudgetSpent(feedback("budget_spent", seconds=f"{self.limits.submission_wall_seconds:g}"))
        if self._timeouts[function] >= _MOST_TIMEOUTS and not with_help:
            raise CallTimedOut(feedback("timed_out_before", function=function))
        return min(self.limits.call_wall_seconds, left)

    def _explain_loss(self, function: str, error: WorkerLost, wall_seconds: float, *, show_text: bool) -> StudentError:
        if isinstance(error, WorkerTimedOut):
            return explanations.timed_out(function, wall_seconds)
        if isinstance(error, WorkerFlooded):
            return explanations.flooded(function)
        if isinstance(error, WorkerDied):
            return explanations.died(function, error.exit_status, self.limits, show_text=show_text)
        return explanations.broke_protocol(function)

    def _load(self) -> wire.Loaded:
        """Load in a fresh worker, and in a second one where the kernel killed the first before any statement ran.

        That is a lack of memory of the machine's: nothing of the submission had begun to use any.
        """
        try:
            return self._load_once()
        except WorkerDied as error:
            if error.statement is not None or error.exit_status.kind is not ExitKind.OUT_OF_MEMORY:
                raise
        return self._load_once()

    def _load_once(self) -> wire.Loaded:
        worker = self._spawn(self.limits)
        try:
            loaded = worker.load(
                self.submission.file_name,
                self.submission.source,
                self.exercises,
                skip=tuple(self._skip),
                deadline_seconds=self.limits.load_wall_seconds,
            )
        except BaseException:
            worker.close()
            raise
        self._worker = worker
        return loaded

    def _reload(self) -> Worker:
        """Load again, after a worker was lost, what loaded before."""
        self._load()
        assert self._worker is not None
        return self._worker


def _finding(found: wire.Finding) -> Feedback:
    return feedback(f"load_{found.kind}", line=found.line, detail=found.detail)


def _lost_statement(error: WorkerLost, limits: Limits) -> Feedback:
    where = "The file" if error.line is None else f"The statement in line {error.line}"
    if isinstance(error, WorkerTimedOut):
        return feedback("load_statement_hung", where=where, seconds=f"{limits.load_wall_seconds:g}")
    return feedback("load_statement_crashed", where=where)
