"""A worker shares the processor of the thread that talks with it, for as long as it lives."""

import os
import threading
from pathlib import Path

import pytest

from grader.model import Limits, SandboxMode
from grader.sandbox.client import Zygote
from grader.sandbox.launch import walls
from grader.sandbox.nearness import stay

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="needs two processors"
)


@pytest.fixture(params=[SandboxMode.FULL, SandboxMode.NONE])
def zygote(request):
    with Zygote(walls(request.param)[0]) as started:
        yield started


def processors_of(worker):
    lines = Path(f"/proc/self/fdinfo/{worker.handle}").read_text().splitlines()
    (process,) = (int(line.split()[1]) for line in lines if line.startswith("Pid:"))
    return os.sched_getaffinity(process)


def test_thread_and_worker_are_bound_to_one_processor_until_the_worker_ends(zygote):
    before = os.sched_getaffinity(0)

    with zygote.spawn(Limits()) as worker:
        worker.load("x.py", b"", [], skip=(), deadline_seconds=10)
        bound = os.sched_getaffinity(0)
        assert processors_of(worker) == bound

    assert len(bound) == 1
    assert os.sched_getaffinity(0) == before


def test_of_two_workers_at_once_the_second_is_free(zygote):
    before = os.sched_getaffinity(0)

    first, second = zygote.spawn(Limits()), zygote.spawn(Limits())
    second.load("x.py", b"", [], skip=(), deadline_seconds=10)
    of_second = processors_of(second)
    first.close()
    second.close()

    assert of_second == before
    assert os.sched_getaffinity(0) == before


def test_one_worker_in_eight_is_free():
    places = []
    for number in range(8):
        places.append(stay(number))
        if places[-1] is not None:
            places[-1].leave()

    assert places.count(None) == 1


def test_a_thread_that_ends_the_worker_of_another_frees_nobody():
    place = stay(1)
    thread = threading.Thread(target=place.leave)
    thread.start()
    thread.join()
    bound = os.sched_getaffinity(0)

    place.leave()

    assert bound == {place.processor}
    assert os.sched_getaffinity(0) == place.before
