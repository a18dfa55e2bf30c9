"""The pool of processes: fresh ones, gone when the block is left, whatever leaves it."""

import multiprocessing
import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from grader.executors import process_pool


def pool_processes(before):
    return [process for process in multiprocessing.active_children() if process not in before]


def test_work_runs_in_processes_of_its_own():
    with process_pool(2) as executor:
        pids = {executor.submit(os.getpid).result() for _ in range(4)}

    assert os.getpid() not in pids
    assert len(pids) <= 2


def test_results_and_exceptions_come_back():
    with process_pool(1) as executor:
        assert executor.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 7, 0).result()


def test_no_process_is_left_after_the_block():
    before = multiprocessing.active_children()

    with process_pool(2) as executor:
        executor.submit(os.getpid).result()
        assert pool_processes(before)

    assert pool_processes(before) == []


def test_an_exception_ends_work_that_would_take_long():
    before = multiprocessing.active_children()
    start = time.monotonic()

    def fail_while_work_waits():
        with process_pool(1) as executor:
            executor.submit(os.getpid).result()
            executor.submit(time.sleep, 600)
            executor.submit(time.sleep, 600)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail_while_work_waits()

    assert pool_processes(before) == []
    assert time.monotonic() - start < 60


def test_interrupts_leave_the_processes_alone():
    with process_pool(1) as executor:
        pid = executor.submit(os.getpid).result()
        os.kill(pid, signal.SIGINT)

        assert executor.submit(os.getpid).result() == pid


def test_a_process_that_is_killed_breaks_the_pool_and_nothing_waits():
    with process_pool(1) as executor:
        pid = executor.submit(os.getpid).result()
        os.kill(pid, signal.SIGKILL)

        with pytest.raises(BrokenProcessPool):
            executor.submit(time.sleep, 600).result(timeout=30)
