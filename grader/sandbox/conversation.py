"""What is said to a worker and what counts as an answer, whatever process it is and however frames reach it."""

from __future__ import annotations

import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.sandbox.callbacks import Callbacks
from grader.sandbox.losses import WorkerBrokeProtocol, WorkerLost, WorkerRaised, WorkerRefused, WorkerTimedOut
from grader.sandbox.patience import PatienceLost
from grader.worker import wire
from grader.worker.values import Bytes

# All that is called back may take this many times the submission's own limit. With help a function calculates little
# more than the reference does alone, and the limits are far above what that takes.
_PATIENCE = 4


class Conversation(ABC):
    """Loading and calling, over a way to ask one question that the subclass provides."""

    def load(
        self, file_name: str, source: bytes, exercises: Sequence[str], *, skip: Sequence[int], deadline_seconds: float
    ) -> wire.Loaded:
        """Run the submission's top-level statements. Raises a WorkerLost that knows the statement."""
        question = wire.Load(_new_id(), file_name, source, list(exercises), list(skip))
        deadline = time.monotonic() + deadline_seconds
        statement: int | None = None
        line: int | None = None
        try:
            answer = self._ask(wire.encode(question), deadline)
            while isinstance(answer, wire.Progress) and answer.id == question.id:
                statement, line = answer.statement, answer.line
                answer = self._ask((), deadline)
            if not isinstance(answer, wire.Loaded) or answer.id != question.id:
                raise self._broke(f"{type(answer).__name__} is no answer to Load")
        except WorkerLost as error:
            error.statement, error.line = statement, line
            raise
        return answer

    def call(
        self,
        function: str,
        batch: Sequence[wire.Arguments],
        *,
        wall_seconds: float,
        replacements: Mapping[str, Callable[..., Any]],
        counts_lines: bool = False,
    ) -> list[wire.Evaluation]:
        """Evaluate `function` for every entry of `batch`; functions among the arguments, and `replacements`, are
        called back. counts_lines: whether to say how often each line of the submission ran.

        Raises WorkerRaised, WorkerRefused or a WorkerLost. Time that called-back functions take does not count, up to
        a limit of its own.
        """
        callbacks = Callbacks(seconds=_PATIENCE * wall_seconds)
        question = wire.Call(
            _new_id(),
            function,
            [wire.Arguments(callbacks.hand_out(entry.args), callbacks.hand_out(entry.kwargs)) for entry in batch],
            {name: callbacks.handle(name, replacement) for name, replacement in replacements.items()},
            counts_lines,
        )
        deadline = time.monotonic() + wall_seconds
        answer = self._ask(wire.encode(question), deadline)
        while isinstance(answer, wire.Callback) and answer.id == question.id:
            begin = time.monotonic()
            try:
                reply = callbacks.answer(answer)
            except wire.ProtocolError as error:
                raise self._broke(str(error)) from None
            except PatienceLost:
                self._broke("functions that it called back took too long")
                raise WorkerTimedOut from None
            deadline += time.monotonic() - begin
            answer = self._ask(reply, deadline)
        return self._evaluations(answer, question)

    @abstractmethod
    def _ask(self, question: Sequence[Bytes], deadline: float) -> wire.FromWorker:
        """Send the frame `question`, which may be empty, and return the next frame. Raises a WorkerLost."""

    @abstractmethod
    def _broke(self, reason: str) -> WorkerBrokeProtocol:
        """End the worker, which sent what is no answer."""

    def _evaluations(self, answer: wire.FromWorker, question: wire.Call) -> list[wire.Evaluation]:
        if isinstance(answer, wire.Returned | wire.Raised | wire.Refused) and answer.id == question.id:
            if isinstance(answer, wire.Raised):
                raise WorkerRaised(answer)
            if isinstance(answer, wire.Refused):
                raise WorkerRefused(answer)
            if len(answer.evaluations) == len(question.batch) and all(
                map(_names_real_arguments, answer.evaluations, question.batch)
            ):
                return answer.evaluations
        raise self._broke(f"{type(answer).__name__} is no answer to this call")


def _names_real_arguments(evaluation: wire.Evaluation, entry: wire.Arguments) -> bool:
    """Whether the arguments that were changed, as the worker says, exist: any other number is a message to somebody."""
    count = len(entry.args) + len(entry.kwargs)
    return len(evaluation.changed) <= count and all(position < count for position in evaluation.changed)


def _new_id() -> int:
    return secrets.randbits(63)
