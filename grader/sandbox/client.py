"""The trusted side of the sandbox: starts the zygote, has workers forked, and calls functions in them."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from grader.errors import SandboxError, SandboxUnavailable
from grader.model import Limits, SandboxMode
from grader.sandbox import nearness, policy
from grader.sandbox.conversation import Conversation
from grader.sandbox.exchange import ConnectionEnded, Exchange, Output
from grader.sandbox.exits import ExitKind, ExitStatus, classify
from grader.sandbox.launch import Launch, Wall, launch, walls
from grader.sandbox.losses import (
    WorkerBrokeProtocol,
    WorkerDied,
    WorkerFlooded,
    WorkerLost,
    WorkerRaised,
    WorkerRefused,
    WorkerTimedOut,
)
from grader.sandbox.nearness import Stay
from grader.worker import wire
from grader.worker.control import (
    LONGEST_DATAGRAM,
    Exited,
    Failed,
    FromZygote,
    Ready,
    Spawn,
    Spawned,
    Start,
    decode_report,
    encode,
)
from grader.worker.values import Bytes

__all__ = [
    "Sandbox",
    "Worker",
    "WorkerBrokeProtocol",
    "WorkerDied",
    "WorkerFlooded",
    "WorkerLost",
    "WorkerRaised",
    "WorkerRefused",
    "WorkerTimedOut",
    "Zygote",
]

_START_SECONDS = 30.0  # importing NumPy on a cold disk
_CONTROL_SECONDS = 10.0  # a fork, or the end of a killed process, on a loaded machine
_SOCKET_BYTES = 1 << 20
_OPEN_FILES = 32


class Zygote:
    """A running zygote; a context manager.

    wall: which mechanisms are used. Raises SandboxError when it does not start or has died.
    """

    def __init__(self, wall: Wall, *, hide: Sequence[Path] = ()) -> None:
        self._wall = wall
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._exits: dict[int, Exited] = {}
        self._next_worker = 0
        try:
            start = launch(wall, theirs.fileno(), hide=hide)
            self._process = subprocess.Popen(
                start.command,
                env=dict(start.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,  # Ctrl-C on the terminal is for the trusted process alone
            )
        except BaseException:
            self._control.close()
            raise
        finally:
            theirs.close()
        try:
            self.ready = self._introduce(start)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def process(self) -> int:
        """The process that was started: bubblewrap, or the zygote itself where there is none."""
        return self._process.pid

    def spawn(self, limits: Limits) -> Worker:
        """A fresh worker, locked in, with nothing loaded."""
        self._next_worker += 1
        number = self._next_worker
        place = nearness.stay(number)
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                end.setsockopt(socket.SOL_SOCKET, option, _SOCKET_BYTES)
        readable, writable = os.pipe2(os.O_CLOEXEC)
        try:
            amounts = _amounts(limits, is_walled=self._wall.has_seccomp)
            order = encode(Spawn(number, amounts, place.processor if place else None))
            handle = self._spawn(number, order, [theirs.fileno(), writable])
        except BaseException:
            if place:
                place.leave()
            ours.close()
            os.close(readable)
            raise
        finally:
            theirs.close()
            os.close(writable)
        return Worker(self, number, handle, ours, readable, limits, place)

    def exit_of(self, worker: int) -> Exited:
        """How `worker` ended; waits for it. Raises SandboxError when the zygote cannot tell."""
        deadline = time.monotonic() + _CONTROL_SECONDS
        while worker not in self._exits:
            self._note(self._report(deadline)[0])
        return self._exits.pop(worker)

    def close(self) -> None:
        """End the zygote and with it all workers."""
        self._control.close()
        try:
            self._process.wait(_CONTROL_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _introduce(self, start: Launch) -> Ready:
        order = Start(
            readable=list(start.readable),
            has_own_pid_namespaces=self._wall.variant is not None,
            has_landlock=self._wall.has_landlock,
            has_seccomp=self._wall.has_seccomp,
        )
        descriptors = [_memory_file(policy.compiled())] if self._wall.has_seccomp else []
        try:
            socket.send_fds(self._control, [encode(order)], descriptors)
        except OSError as error:
            raise SandboxError(f"the sandbox did not start: {self._last_words() or error}") from None
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        report, _ = self._report(time.monotonic() + _START_SECONDS)
        if not isinstance(report, Ready):
            raise SandboxError(f"the sandbox did not start: {report}")
        return report

    def _spawn(self, number: int, order: bytes, descriptors: list[int]) -> int:
        try:
            socket.send_fds(self._control, [order], descriptors)
        except OSError as error:
            raise SandboxError(f"the sandbox broke: {self._last_words() or error}") from None
        deadline = time.monotonic() + _CONTROL_SECONDS
        while True:
            report, handles = self._report(deadline)
            if isinstance(report, Spawned) and report.worker == number and len(handles) == 1:
                return handles[0]
            self._note(report)

    def _note(self, report: FromZygote) -> None:
        if not isinstance(report, Exited):
            raise SandboxError(f"the zygote said {type(report).__name__} when it was not asked")
        self._exits[report.worker] = report

    def _report(self, deadline: float) -> tuple[FromZygote, list[int]]:
        """The zygote's next message, with the descriptors that came along. Raises SandboxError."""
        self._control.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data, handles, _, _ = socket.recv_fds(self._control, LONGEST_DATAGRAM, 1)
        except TimeoutError:
            raise SandboxError("the sandbox did not answer in time") from None
        except ConnectionResetError:
            data, handles = b"", []
        except OSError as error:
            raise SandboxError(f"the sandbox broke: {error}") from None
        if not data:
            raise SandboxError(f"the sandbox ended: {self._last_words() or 'without a word'}")
        try:
            report: FromZygote = decode_report(data)
        except msgspec.DecodeError as error:
            raise SandboxError(f"the zygote sent what is no message: {error}") from None
        if isinstance(report, Failed):
            raise SandboxError(f"the sandbox did not start: {report.reason}")
        return report, handles

    def _last_words(self) -> str:
        """The last line that bubblewrap or the zygote wrote, once it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
        if self._process.poll() is None or self._process.stderr is None:
            return ""
        lines = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.returncode}"


class Worker(Conversation):
    """One locked-in process. Load a submission, call its functions, close."""

    def __init__(
        self,
        zygote: Zygote,
        number: int,
        handle: int,
        calls: socket.socket,
        output: int,
        limits: Limits,
        place: Stay | None,
    ) -> None:
        self._zygote = zygote
        self._place = place
        self._number = number
        self._handle = handle  # a pidfd: it can never come to mean another process
        self._calls = calls
        self._output = Output(output, keep_bytes=limits.output_bytes)
        self._exchange = Exchange(calls, self._output, max_body_bytes=limits.reply_bytes)
        self._limits = limits
        self._was_killed = False
        self._is_closed = False
        self._exit_status: ExitStatus | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def handle(self) -> int:
        """The pidfd of the process."""
        return self._handle

    @property
    def output(self) -> bytes:
        """What the submission printed so far, up to the limit."""
        if not self._is_closed:
            with contextlib.suppress(WorkerFlooded):
                self._output.drain()
        return bytes(self._output.kept)

    def close(self) -> ExitStatus:
        """End the process, wait for it, and give back all it held. May be called again."""
        if not self._is_closed:
            self._is_closed = True
            if self._place:
                self._place.leave()
            self._kill()
            try:
                self._wait()
            finally:
                self._output.close()
                self._calls.close()
                os.close(self._handle)
        return self._wait()

    def _ask(self, question: Sequence[Bytes], deadline: float) -> wire.FromWorker:
        try:
            return self._exchange.ask(question, deadline)
        except ConnectionEnded:
            raise WorkerDied(self._end_by_itself()) from None
        except WorkerLost:
            self._kill()
            raise

    def _broke(self, reason: str) -> WorkerBrokeProtocol:
        self._kill()
        return WorkerBrokeProtocol(reason)

    def _end_by_itself(self) -> ExitStatus:
        """The exit status of a worker whose connection ended; one that only closed it is killed after a moment."""
        with contextlib.suppress(WorkerFlooded):
            self._output.drain()
        if not _is_readable(self._handle, seconds=0.2):
            self._kill()
        status = self._wait()
        if status.kind is ExitKind.LOCKDOWN_FAILED:
            raise SandboxError(self.output.decode(errors="replace").strip() or "a worker could not lock itself in")
        return status

    def _wait(self) -> ExitStatus:
        if self._exit_status is None:
            exited = self._zygote.exit_of(self._number)
            self._exit_status = classify(
                exited,
                was_killed=self._was_killed,
                cpu_limit_seconds=self._limits.cpu_seconds,
                has_run=self._exchange.has_heard,
            )
        return self._exit_status

    def _kill(self) -> None:
        if self._was_killed or _is_readable(self._handle, seconds=0):
            return
        self._was_killed = True
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)


class Sandbox:
    """A zygote that is replaced when it dies; a context manager.

    hide: folders that submissions must not see. `spawn` raises SandboxError, and the next one starts afresh.
    """

    def __init__(self, mode: SandboxMode, *, hide: Sequence[Path]) -> None:
        self._mode = mode
        self._hide = tuple(hide)
        self._zygote: Zygote | None = None

    def __enter__(self) -> Sandbox:
        # In this thread, not in the one that spawns: the kernel ends a zygote with the thread that started it, and then
        # what its workers have used is counted nowhere. Where it does not start, `spawn` says why.
        with contextlib.suppress(SandboxError, SandboxUnavailable):
            self._zygote = start_zygote(self._mode, hide=self._hide)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def spawn(self, limits: Limits) -> Worker:
        """A fresh worker of a zygote that is alive."""
        if self._zygote is not None and not self._zygote.is_alive:
            self.close()
        if self._zygote is None:
            self._zygote = start_zygote(self._mode, hide=self._hide)
        try:
            return self._zygote.spawn(limits)
        except SandboxError:
            self.close()
            raise

    def close(self) -> None:
        """End the zygote."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.close()


def start_zygote(mode: SandboxMode, *, hide: Sequence[Path] = ()) -> Zygote:
    """A zygote behind the first wall for `mode` that works here. Raises SandboxError, with the last reason."""
    *others, last = walls(mode)
    for wall in others:
        with contextlib.suppress(SandboxError, SandboxUnavailable):
            return Zygote(wall, hide=hide)
    return Zygote(last, hide=hide)


def _amounts(limits: Limits, *, is_walled: bool) -> dict[int, int]:
    """Limits of a worker by resource.RLIMIT_*."""
    amounts = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_CORE: 0,
    }
    if is_walled:
        amounts |= {
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_NOFILE: _OPEN_FILES,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
        }
    return amounts


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("grader")
    os.write(descriptor, content)
    return descriptor


def _is_readable(descriptor: int, *, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
