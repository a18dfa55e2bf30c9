"""The pool of processes, and lanes: gone when the block is left, whatever leaves it; a death costs a retry."""

import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from grader.errors import UsageError
from grader.executors import dask_lanes, hand_out, process_lanes, process_pool


def pool_processes(before):
    return [process for process in multiprocessing.active_children() if process not in before]


def pool_processes_in_the_end(before):
    """Those that are left. The thread of the pool that waited for one may need a moment to write that down."""
    deadline = time.monotonic() + 5
    while (left := pool_processes(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


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

    assert pool_processes_in_the_end(before) == []


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

    assert pool_processes_in_the_end(before) == []
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


# handing out


class Recorder:
    """Lanes that run what they get at once, in this process, and note it."""

    def __init__(self, count=2):
        self.count = count
        self.batches = []

    def submit(self, function, *args):
        future = Future()
        self.batches.append(list(args[0]))
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def deaths(self, error):
        return int(isinstance(error, BrokenProcessPool))

    def check(self):
        raise AssertionError("everything has ended")


def one_argument(batch):
    return (batch,)


def test_every_item_comes_back_once_with_its_own_result():
    lanes = Recorder()

    found = list(hand_out(lanes, range(100), lambda batch: [10 * i for i in batch], one_argument))

    assert sorted(found) == [(i, 10 * i) for i in range(100)]


def test_batches_are_small_and_shrink_towards_the_end():
    lanes = Recorder()

    list(hand_out(lanes, range(100), lambda batch: batch, one_argument))

    sizes = [len(batch) for batch in lanes.batches]
    assert sizes[0] == 8
    assert sizes[-8:] == [1] * 8
    assert sizes == sorted(sizes, reverse=True)


def test_what_a_batch_did_not_get_to_is_handed_out_next_and_not_last():
    lanes = Recorder(count=1)

    found = list(hand_out(lanes, range(40), lambda batch: batch[:1], one_argument))

    assert [i for i, _ in found] == list(range(40))


def test_a_killer_is_found_after_three_deaths_and_its_neighbours_keep_their_results():
    lanes = Recorder()

    def die_of_13(batch):
        if 13 in batch:
            raise BrokenProcessPool
        return batch

    found = dict(hand_out(lanes, range(64), die_of_13, one_argument))

    assert found == {i: None if i == 13 else i for i in range(64)}
    assert sum(13 in batch for batch in lanes.batches) == 3
    assert max(sum(i in batch for batch in lanes.batches) for i in range(64) if i != 13) == 2


def test_two_killers_in_one_batch_are_both_found():
    def die(batch):
        if {3, 5} & set(batch):
            raise BrokenProcessPool
        return batch

    found = dict(hand_out(Recorder(), range(64), die, one_argument))

    assert {i for i, result in found.items() if result is None} == {3, 5}


def test_a_process_that_is_killed_from_outside_twice_costs_nobody_a_result():
    killed = []

    def die_twice(batch):
        if len(killed) < 2:
            killed.append(batch)
            raise BrokenProcessPool
        return batch

    found = dict(hand_out(Recorder(), range(64), die_twice, one_argument))

    assert found == {i: i for i in range(64)}


def test_an_error_that_is_no_death_ends_it_as_it_is():
    def fail(batch):
        raise KeyError(batch[0])

    with pytest.raises(KeyError):
        list(hand_out(Recorder(), range(4), fail, one_argument))


def die_or_square(batch):
    if -1 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return [i * i for i in batch]


def test_lanes_of_processes_outlive_the_death_of_one():
    before = multiprocessing.active_children()
    items = [*range(20), -1, *range(20, 40)]

    with process_lanes(2) as lanes:
        found = list(hand_out(lanes, items, die_or_square, one_argument))

    assert dict(found) == {i: None if i == -1 else i * i for i in items}
    assert pool_processes_in_the_end(before) == []


def test_lanes_that_are_left_by_an_exception_end_at_once():
    before = multiprocessing.active_children()
    begin = time.monotonic()

    def leave():
        with process_lanes(2) as lanes:
            for _ in range(2):
                lanes.submit(time.sleep, 600)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()

    assert pool_processes_in_the_end(before) == []
    assert time.monotonic() - begin < 60


def test_a_process_of_a_lane_uses_one_core_for_blas():
    with process_lanes(1) as lanes:
        assert lanes.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"


def test_dask_without_the_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UsageError, match=r"pip install 'grader\[dask\]'"), dask_lanes("tcp://127.0.0.1:1"):
        pass
