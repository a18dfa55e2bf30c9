"""Executors: where batches run. The seam is the standard library's `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from types import FrameType


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """An executor with `jobs` processes, which is gone when the block is left, whatever leaves it.

    Processes are spawned, not forked: a fork would copy threads' locks and the parent's open files.
    Ctrl-C reaches the whole process group, and batch systems signal every process; the pool's processes leave it to
    this one to end them, and end themselves when it is killed.
    """
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_the_parent
    )
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        ours = set(multiprocessing.active_children()) - others
        for process in ours:
            process.kill()
        for process in ours:
            process.join()
        raise
    else:
        executor.shutdown()


def _follow_the_parent() -> None:
    """Outlive no parent: without this a pool process waits for work for ever when the parent was killed."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            # A function and not SIG_IGN, which the sandbox would inherit: a submission would then be judged otherwise
            # than by a process alone.
            signal.signal(getattr(signal, name), _leave_it_to_the_parent)
    threading.Thread(target=_end_with_parent, name="grader-parent", daemon=True).start()


def _leave_it_to_the_parent(number: int, frame: FrameType | None) -> None:
    """Do nothing."""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # true in every process that was spawned
    parent.join()
    os._exit(1)  # no cleaning up: files are written whole or not at all, and the sandbox ends with this process
