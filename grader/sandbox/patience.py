"""Bounds on what the trusted process calculates because a submission asked for it.

A function that is called back runs here, with arguments that a submission made up: a number of iterations, the sizes of
layers. So all that one call asks for has to be done within some seconds, and each function within some memory.

Theory of operation. Nothing stops a Python function from outside, except an exception that is raised in its thread
between two bytecodes; one watching thread does that, because a timer for every function would cost more than most of
them do. An operation inside of NumPy is not interrupted: it is kept short by the bound on the arguments' size. Memory
is bounded by the process's limit on address space, which is lowered while such a function runs; an allocation beyond it
is an ordinary MemoryError. On other systems than Linux, where only one's own code is run, memory has no bound.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if sys.platform == "linux":
    import resource

_MEMORY_BYTES = 2 << 30
_LOOK_SECONDS = 0.05
_MEASURE_SECONDS = 1.0  # what is in use changes little, and reading it takes as long as a small function


class PatienceLost(BaseException):
    """The functions that one call asked for took too long. No Exception, so that nothing catches it on its way."""


class Patience:
    """Runs functions on behalf of one call, all together in at most `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def run(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What `function` returns. Raises PatienceLost once the time is used up."""
        if self._left <= 0:
            raise PatienceLost
        begin = time.monotonic()
        try:
            with _MEMORY.limited():
                return _CLOCK.run(lambda: function(*args, **kwargs), begin + self._left)
        finally:
            self._left -= time.monotonic() - begin


class _Clock:
    """Interrupts functions that are still running at their deadlines."""

    def __init__(self) -> None:
        # A plain lock: inside of a Condition's own Python code the exception could come while it is held.
        self._lock = threading.Lock()
        self._deadlines: dict[int, float] = {}  # by thread; an entry is removed before its exception is raised
        self._watcher: threading.Thread | None = None

    def run(self, function: Callable[[], Any], deadline: float) -> Any:
        me = threading.get_ident()
        with self._lock:
            self._deadlines[me] = deadline
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="grader-patience", daemon=True)
                self._watcher.start()
        has_arrived = False
        try:
            return function()
        except PatienceLost:
            has_arrived = True
            raise
        finally:
            with self._lock:
                is_under_way = self._deadlines.pop(me, None) is None and not has_arrived
            if is_under_way:
                # It must not arrive later, in somebody else's code. (Taking it back is possible, but leaves CPython
                # 3.11 looking for it forever, which makes everything slow and a traced function endless.)
                for _ in range(100):
                    time.sleep(0)

    def _watch(self) -> None:
        is_idle = False
        while not is_idle:
            time.sleep(_LOOK_SECONDS)
            with self._lock:
                for thread in [t for t, deadline in self._deadlines.items() if deadline <= time.monotonic()]:
                    del self._deadlines[thread]
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(PatienceLost))
                is_idle = not self._deadlines
                if is_idle:
                    self._watcher = None


class _Memory:
    """Lowers the limit on address space while any function runs; a limit belongs to all threads together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._before = (-1, -1)
        self._in_use = 0
        self._measured_at = -_MEASURE_SECONDS

    @contextmanager
    def limited(self) -> Iterator[None]:
        if sys.platform != "linux":
            yield
            return
        with self._lock:
            self._running += 1
            if self._running == 1:
                self._before = resource.getrlimit(resource.RLIMIT_AS)
                self._lower()
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                if self._running == 0:
                    resource.setrlimit(resource.RLIMIT_AS, self._before)

    def _lower(self) -> None:
        now = time.monotonic()
        if now - self._measured_at > _MEASURE_SECONDS:
            pages = int(Path("/proc/self/statm").read_bytes().split()[0])
            self._in_use, self._measured_at = pages * resource.getpagesize(), now
        soft, hard = self._before
        wanted = self._in_use + _MEMORY_BYTES
        if soft == resource.RLIM_INFINITY or wanted < soft:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


_CLOCK = _Clock()
_MEMORY = _Memory()
