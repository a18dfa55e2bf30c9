"""Workers as plain child processes, for a learner's own code on systems where the zygote cannot run.

Theory of operation. `ChildProcesses.spawn` listens on the loopback interface, starts a Python that runs `worker.alone`,
and waits for it to connect and to say a random token, so that nobody else's connection is taken for it. Frames go over
that connection; the deadline is the socket's. There is no wall: deadlines and a process of its own are all there is,
which is enough for code that one has written oneself. Works wherever Python does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import grader
from grader.errors import SandboxError
from grader.model import Limits
from grader.sandbox.blocking import BlockingConversation, exactly
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.sandbox.losses import WorkerBrokeProtocol

_START_SECONDS = 60.0  # importing NumPy from a cold disk, under a virus scanner
_TOKEN_BYTES = 32
_BOOT = "import sys; sys.path.insert(0, {root!r}); from grader.worker import alone; del sys.path[0]; alone.main()"


class ChildProcesses:
    """Gives workers that are child processes; a context manager. One is started ahead, since starting takes long."""

    def __init__(self) -> None:
        self._ahead: ChildWorker | None = None

    def __enter__(self) -> ChildProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def spawn(self, limits: Limits) -> ChildWorker:
        """A fresh worker with nothing loaded. Raises SandboxError when Python does not start."""
        worker, self._ahead = self._ahead, None
        worker = worker or ChildWorker()
        worker.reply_bytes = limits.reply_bytes
        self._ahead = ChildWorker()
        return worker

    def close(self) -> None:
        """End the process that was started ahead."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None


class ChildWorker(BlockingConversation):
    """One child process. It starts when this object is made, and is connected to when it is first asked."""

    def __init__(self) -> None:
        self.reply_bytes = Limits().reply_bytes
        self._token = secrets.token_hex(_TOKEN_BYTES // 2)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        root = str(Path(grader.__file__).parent.parent)
        try:
            # -P: a file random.py in the current folder is not Python's. The rest of the environment stays as it is.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT.format(root=root), str(port), self._token],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            self._listener.close()
            raise SandboxError(f"Python could not be started: {error}") from None

    def close(self) -> None:
        """End the process and give back all it held. May be called again."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._listener.close()
        if self._connection is not None:
            self._connection.close()

    def _broke(self, reason: str) -> WorkerBrokeProtocol:
        self.close()
        return WorkerBrokeProtocol(reason)

    def _connect(self) -> socket.socket:
        """The connection of our child. Raises SandboxError when it does not come."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            self._listener.settimeout(0.2)
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if exactly(connection, _TOKEN_BYTES, deadline).tobytes() == self._token.encode("ascii"):
                    return connection
                connection.close()
        self.close()
        raise SandboxError("a Python process for your code did not start; run the command again")

    def _end(self) -> ExitStatus:
        """How the process ended whose connection is gone."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.5)
        was_running = self._process.poll() is None
        self.close()
        code = self._process.returncode
        if was_running:
            return ExitStatus(kind=ExitKind.KILLED)
        if code < 0:  # POSIX; Windows has large codes in place of signals
            return ExitStatus(kind=ExitKind.SIGNALED, signal=signal.Signals(-code).name)
        return ExitStatus(kind=ExitKind.EXITED, code=code)
