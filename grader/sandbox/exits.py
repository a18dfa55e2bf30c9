"""How a worker's process ended, reduced from raw facts to the one reason that counts."""

from __future__ import annotations

import signal
from enum import StrEnum

import msgspec

from grader.worker.control import LOCKDOWN_FAILED, Exited

_CPU_SLACK = 0.2  # seconds: the kernel checks the limit by ticks and accounts more finely


class ExitKind(StrEnum):
    """Why the process is no more."""

    KILLED = "killed"  # by us: a deadline, a flood, or the submission was done
    CPU_LIMIT = "cpu_limit"
    OUT_OF_MEMORY = "out_of_memory"  # by the kernel, when the machine's memory ran out
    SIGNALED = "signaled"
    EXITED = "exited"
    LOCKDOWN_FAILED = "lockdown_failed"  # ours: no line of the submission was run


class ExitStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a worker. signal: its name, "SIGSEGV"; code: the exit code, or -1 for a signal."""

    kind: ExitKind
    signal: str = ""
    code: int = -1
    cpu_seconds: float = 0.0
    max_rss_bytes: int = 0


def classify(exited: Exited, *, was_killed: bool, cpu_limit_seconds: int, has_run: bool = False) -> ExitStatus:
    """The most important reason: our own kill, lock-down, processor time, memory, another signal, an exit.

    was_killed: whether we sent SIGKILL before the end was reported.
    has_run: whether the worker was locked in, so that its exit code may be the submission's choice.
    """
    number = -exited.code if exited.code < 0 else 0
    if was_killed and number == signal.SIGKILL:
        kind = ExitKind.KILLED
    elif exited.code == LOCKDOWN_FAILED and not has_run:
        kind = ExitKind.LOCKDOWN_FAILED
    elif number in (signal.SIGKILL, signal.SIGXCPU) and exited.cpu_seconds >= cpu_limit_seconds - _CPU_SLACK:
        kind = ExitKind.CPU_LIMIT
    elif number == signal.SIGKILL:
        kind = ExitKind.OUT_OF_MEMORY
    elif number:
        kind = ExitKind.SIGNALED
    else:
        kind = ExitKind.EXITED
    return ExitStatus(
        kind=kind,
        signal=signal.Signals(number).name if number else "",
        code=-1 if number else exited.code,
        cpu_seconds=exited.cpu_seconds,
        max_rss_bytes=exited.max_rss_bytes,
    )
