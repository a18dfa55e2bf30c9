"""A worker in a thread of this very process, for functions that exist here already: those of a notebook.

The thread serves the same protocol over a socket pair, so arguments are copied and results are decoded as everywhere. A
function that does not end is stopped by an exception that is raised in its thread from outside, at the next line of
Python that it runs.
"""

from __future__ import annotations

import ctypes
import random
import socket
import threading
from typing import Any

import numpy as np

from grader.model import Limits
from grader.sandbox.blocking import BlockingConversation
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.sandbox.losses import WorkerBrokeProtocol
from grader.worker.serve import serve


class _Stopped(BaseException):
    """Raised in the thread of a function whose time is over."""


class InProcessWorker(BlockingConversation):
    """Calls the functions of `namespace`, which is changed only while a call lasts."""

    def __init__(self, namespace: dict[str, Any], limits: Limits) -> None:
        self.reply_bytes = limits.reply_bytes
        self._namespace = namespace
        self._connection, self._theirs = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="grader-functions", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; one that is busy ends at the next line that it runs. May be called again."""
        assert self._connection is not None
        self._connection.close()
        self._thread.join(0.05)
        if self._thread.is_alive() and self._thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(_Stopped))
            self._thread.join(0.5)

    def _serve(self) -> None:
        # The notebook's own random numbers go on as if nothing had been checked in between.
        states = random.getstate(), np.random.get_state()
        try:
            with self._theirs:
                serve(self._theirs, namespace=self._namespace)
        except _Stopped:
            pass  # between two evaluations, when there was nothing left to stop
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])

    def _connect(self) -> socket.socket:
        raise AssertionError("the connection exists from the beginning")

    def _broke(self, reason: str) -> WorkerBrokeProtocol:
        self.close()
        return WorkerBrokeProtocol(reason)

    def _end(self) -> ExitStatus:
        self.close()
        return ExitStatus(kind=ExitKind.EXITED, code=1)
