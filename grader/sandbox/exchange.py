"""One question to a worker and its answer, against one deadline.

A single poll loop sends the question, reads the answer and drains the worker's output, so that none of them can
block another: a worker that reads nothing, sends without end, or fills its output pipe meets the deadline or a limit.
Every length is compared with its limit before memory is taken for it.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Sequence

import numpy as np

from grader.sandbox.losses import WorkerBrokeProtocol, WorkerFlooded, WorkerTimedOut
from grader.worker import wire
from grader.worker.values import Bytes

_CHUNK = 1 << 16
_FLOOD_FACTOR = 64  # output is kept up to a limit, drained beyond it, and a flood at this many times the limit


class ConnectionEnded(Exception):
    """The worker's end of the call socket is closed: its process ended, or it closed it."""


class Output:
    """What a worker prints: the beginning is kept, the rest is counted. Owns the descriptor of the pipe."""

    def __init__(self, descriptor: int, *, keep_bytes: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.kept = bytearray()
        self.is_open = True
        self._keep_bytes = keep_bytes
        self._total = 0

    def drain(self) -> None:
        """Read what is there. Raises WorkerFlooded."""
        while self.is_open:
            try:
                data = os.read(self.descriptor, _CHUNK)
            except BlockingIOError:
                return
            self.is_open = bool(data)
            self._total += len(data)
            self.kept += data[: max(0, self._keep_bytes - len(self.kept))]
            if self._total > _FLOOD_FACTOR * self._keep_bytes:
                raise WorkerFlooded(f"more than {_FLOOD_FACTOR * self._keep_bytes} bytes of output")

    def close(self) -> None:
        """Take what is left and close the pipe."""
        with contextlib.suppress(WorkerFlooded):
            self.drain()
        os.close(self.descriptor)


class Exchange:
    """The call socket of a worker together with its output."""

    def __init__(self, calls: socket.socket, output: Output, *, max_body_bytes: int) -> None:
        calls.setblocking(False)
        self._calls = calls
        self._output = output
        self._max_body_bytes = max_body_bytes
        self._room = bytearray(_CHUNK)  # where frames begin to arrive: clearing so much for each would take longer
        self._surplus = b""  # the beginning of the next frame, which came together with the last one
        self._poll = select.poll()
        self._poll.register(calls, select.POLLIN)
        self._poll.register(output.descriptor, select.POLLIN)
        self.has_heard = False  # whether the worker ever sent a byte

    def ask(self, question: Sequence[Bytes], deadline: float) -> wire.FromWorker:
        """Send the frame `question`, which may be empty, and return the next frame of the worker.

        deadline: by time.monotonic. Raises ConnectionEnded, WorkerTimedOut, WorkerFlooded, WorkerBrokeProtocol.
        """
        sending = [memoryview(part).cast("B") for part in question if len(part)]
        # Also where an answer waits already: a worker that keeps on sending must not keep this process from noticing.
        if time.monotonic() >= deadline:
            raise WorkerTimedOut
        answer = _Incoming(self._room, self._surplus, max_body_bytes=self._max_body_bytes)
        self._surplus = b""
        self._send(sending)
        if not sending and self._receive(answer):
            return self._finish(answer)
        if sending:
            self._poll.modify(self._calls, select.POLLIN | select.POLLOUT)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkerTimedOut
            for descriptor, _ in self._poll.poll(left * 1000 + 1):
                if descriptor == self._output.descriptor:
                    self._output.drain()
                    if not self._output.is_open:
                        self._poll.unregister(descriptor)
                    continue
                if sending:
                    self._send(sending)
                    if not sending:
                        self._poll.modify(self._calls, select.POLLIN)
                if self._receive(answer):
                    if sending:
                        raise WorkerBrokeProtocol("an answer before the question was read")
                    return self._finish(answer)

    def _finish(self, answer: _Incoming) -> wire.FromWorker:
        self._surplus = answer.surplus
        return answer.message()

    def _send(self, sending: list[memoryview]) -> None:
        """Send as much as goes at once, and remove it from `sending`."""
        while sending:
            try:
                sent = self._calls.send(sending[0])
            except BlockingIOError:
                return
            except (BrokenPipeError, ConnectionResetError):
                raise ConnectionEnded from None
            if sent == len(sending[0]):
                del sending[0]
            else:
                sending[0] = sending[0][sent:]

    def _receive(self, answer: _Incoming) -> bool:
        """Read what is there; whether the frame is complete."""
        while not answer.is_complete:
            try:
                count = self._calls.recv_into(answer.room())
            except BlockingIOError:
                return False
            except ConnectionResetError:
                raise ConnectionEnded from None
            if count == 0:
                raise ConnectionEnded
            self.has_heard = True
            answer.take(count)
        return True


class _Incoming:
    """A frame that arrives in pieces: prefix, header, body. room: for the first bytes of any frame."""

    def __init__(self, room: bytearray, beginning: bytes, *, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes
        self._small = room  # prefix and header, and most bodies, come in one piece
        self._filled = 0
        self._header_end = -1
        self._body: np.ndarray[tuple[int], np.dtype[np.uint8]] | None = None
        self._body_filled = 0
        self.is_complete = False
        self.surplus = b""
        if beginning:
            self._small[: len(beginning)] = beginning
            self.take(len(beginning))

    def room(self) -> memoryview:
        """Where the next bytes go; never empty before the frame is complete."""
        if self._body is not None:
            return self._body.data[self._body_filled :]
        return memoryview(self._small)[self._filled :]

    def take(self, count: int) -> None:
        """Note that `count` bytes were written into `room()`. Raises WorkerBrokeProtocol."""
        if self._body is not None:
            self._body_filled += count
        else:
            self._filled += count
            self._look_at_prefix()
            self._look_at_header()
        self.is_complete = self._body is not None and self._body_filled == len(self._body)

    def message(self) -> wire.FromWorker:
        """The frame, decoded. Raises WorkerBrokeProtocol."""
        assert self._body is not None
        header = bytes(self._small[wire.PREFIX.size : self._header_end])
        try:
            message: wire.FromWorker = wire.decode(header, self._body, wire.FromWorker)
        except wire.ProtocolError as error:
            raise WorkerBrokeProtocol(str(error)) from None
        return message

    def _look_at_prefix(self) -> None:
        if self._header_end >= 0 or self._filled < wire.PREFIX.size:
            return
        try:
            prefix = bytes(self._small[: wire.PREFIX.size])
            header_length, self._body_length = wire.read_prefix(prefix, max_body=self._max_body_bytes)
        except wire.ProtocolError as error:
            raise WorkerBrokeProtocol(str(error)) from None
        self._header_end = wire.PREFIX.size + header_length
        if self._header_end > len(self._small):
            self._small = self._small + bytearray(self._header_end - len(self._small))

    def _look_at_header(self) -> None:
        """Once the header is there, make room for the body and move what already came of it."""
        if self._header_end < 0 or self._filled < self._header_end:
            return
        early = self._filled - self._header_end
        self._body = np.empty(self._body_length, np.uint8)
        own = min(early, self._body_length)
        self._body[:own] = memoryview(self._small)[self._header_end : self._header_end + own]
        self._body_filled = own
        self.surplus = bytes(self._small[self._header_end + own : self._filled])
