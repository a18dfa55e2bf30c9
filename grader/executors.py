"""Executors: where batches run. The seam is the standard library's `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """An executor with `jobs` processes, which is gone when the block is left, whatever leaves it.

    Processes are spawned, not forked: a fork would copy threads' locks and the parent's open files.
    Ctrl-C reaches the whole process group; the pool's processes ignore it and are ended from here, so that
    none of them dies in the middle of writing.
    """
    executor = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupts
    )
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    else:
        executor.shutdown()


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
