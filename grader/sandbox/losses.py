"""How a call ends other than by returning.

WorkerRaised         the function raised; the worker lives
WorkerRefused        the function returned what is no data; the worker lives
WorkerLost           the worker is gone
├── WorkerTimedOut        no answer before the deadline
├── WorkerDied            the process ended by itself
├── WorkerFlooded         it wrote far more output than is kept
└── WorkerBrokeProtocol   what it sent is no answer
"""

from __future__ import annotations

from grader.sandbox.exits import ExitStatus
from grader.worker import wire


class WorkerRaised(Exception):
    """The student's function raised."""

    def __init__(self, reply: wire.Raised) -> None:
        super().__init__(f"{reply.exception}: {reply.message}")
        self.reply = reply


class WorkerRefused(Exception):
    """The student's function returned something that cannot cross the wall."""

    def __init__(self, reply: wire.Refused) -> None:
        super().__init__(f"{reply.kind} at value{reply.path}")
        self.reply = reply


class WorkerLost(Exception):
    """The worker cannot be used any more.

    statement, line: while loading, the top-level statement that was running; None when nothing tells.
    """

    def __init__(self, reason: str = "", *, statement: int | None = None, line: int | None = None) -> None:
        super().__init__(reason or type(self).__name__)
        self.statement = statement
        self.line = line


class WorkerTimedOut(WorkerLost):
    """No answer before the deadline."""


class WorkerFlooded(WorkerLost):
    """It wrote far more output than is kept."""


class WorkerBrokeProtocol(WorkerLost):
    """What it sent is no answer to the question."""


class WorkerDied(WorkerLost):
    """The process ended by itself."""

    def __init__(self, exit_status: ExitStatus, *, statement: int | None = None, line: int | None = None) -> None:
        super().__init__(f"{exit_status.kind} {exit_status.signal or exit_status.code}", statement=statement, line=line)
        self.exit_status = exit_status
