"""A conversation over a socket that blocks, with the deadline as its timeout: works on every platform.

The trusted side of a wall uses `exchange` instead, which drains the worker's output in the same loop and never waits
for a worker that reads nothing. Here the code is one's own.
"""

from __future__ import annotations

import socket
import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.sandbox.conversation import Conversation
from grader.sandbox.exits import ExitStatus
from grader.sandbox.losses import WorkerDied, WorkerTimedOut
from grader.worker import wire
from grader.worker.values import Bytes


class BlockingConversation(Conversation):
    """Frames over a socket that `_connect` provides when it is first needed.

    reply_bytes: the most that the body of a reply may have.
    """

    reply_bytes: int
    _connection: socket.socket | None = None

    @abstractmethod
    def close(self) -> None:
        """End the worker and give back all it held. May be called again."""

    @abstractmethod
    def _connect(self) -> socket.socket:
        """The connection to the worker. Raises SandboxError when there is none."""

    @abstractmethod
    def _end(self) -> ExitStatus:
        """How the worker ended whose connection is gone; closes what is left."""

    def _ask(self, question: Sequence[Bytes], deadline: float) -> wire.FromWorker:
        if self._connection is None:
            waited = time.monotonic()
            self._connection = self._connect()
            deadline += time.monotonic() - waited
        try:
            self._send(self._connection, question, deadline)
            return self._receive(self._connection, deadline)
        except TimeoutError:
            self.close()
            raise WorkerTimedOut from None
        except OSError:
            raise WorkerDied(self._end()) from None
        except wire.ProtocolError as error:
            raise self._broke(str(error)) from None

    def _send(self, connection: socket.socket, question: Sequence[Bytes], deadline: float) -> None:
        for part in question:
            connection.settimeout(left(deadline))
            connection.sendall(part)

    def _receive(self, connection: socket.socket, deadline: float) -> wire.FromWorker:
        prefix = exactly(connection, wire.PREFIX.size, deadline).tobytes()
        header_length, body_length = wire.read_prefix(prefix, max_body=self.reply_bytes)
        header = exactly(connection, header_length, deadline).tobytes()
        message: wire.FromWorker = wire.decode(header, exactly(connection, body_length, deadline), wire.FromWorker)
        return message


def left(deadline: float) -> float:
    """Seconds until `deadline`. Raises TimeoutError when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def exactly(connection: socket.socket, length: int, deadline: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """`length` bytes. Raises TimeoutError, and ConnectionError when the other side closes before."""
    data = np.empty(length, np.uint8)
    view, received = data.data, 0
    while received < length:
        connection.settimeout(left(deadline))
        count = connection.recv_into(view[received:])
        if count == 0:
            raise ConnectionError("the connection was closed")
        received += count
    return data
