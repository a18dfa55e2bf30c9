"""Workers as child processes: they load, answer, call back, and end; deadlines and crashes are told apart."""

import subprocess
import sys
import time

import numpy as np
import pytest

from grader.model import Limits
from grader.sandbox.child import ChildProcesses
from grader.sandbox.exits import ExitKind
from grader.sandbox.losses import WorkerBrokeProtocol, WorkerDied, WorkerRaised, WorkerTimedOut
from grader.worker import wire

SOURCE = b"""
import os, signal, socket, sys, time
import numpy as np

def double(x):
    return 2 * helper(x)

def helper(x):
    return x

def fails(x):
    raise ValueError("so be it")

def spin(x):
    while True:
        pass

def leave(x):
    os._exit(7)

def crash(x):
    os.kill(os.getpid(), signal.SIGSEGV)

def garbage(x):
    for descriptor in range(3, 32):
        try:
            sock = socket.socket(fileno=os.dup(descriptor))
            sock.getpeername()
        except OSError:
            continue
        sock.sendall(b"x" * 64)
        time.sleep(30)

def shout(x):
    print("x" * 10_000_000)
    return x

def where(x):
    return os.getcwd(), sys.argv, "" in sys.path
"""
NAMES = ["double", "helper", "fails", "spin", "leave", "crash", "garbage", "shout", "where"]


@pytest.fixture(scope="module")
def processes():
    with ChildProcesses() as started:
        yield started


@pytest.fixture
def worker(processes):
    worker = processes.spawn(Limits())
    loaded = worker.load("student.py", SOURCE, NAMES, skip=(), deadline_seconds=20)
    assert {info.state for info in loaded.functions.values()} == {"defined"}
    yield worker
    worker.close()


def call(worker, function, *args, wall_seconds=20.0, **options):
    (evaluation,) = worker.call(
        function, [wire.Arguments(list(args))], wall_seconds=wall_seconds, **{"replacements": {}, **options}
    )
    return evaluation.value


def test_arrays_go_there_and_back(worker):
    x = np.random.default_rng(0).normal(size=(200, 300))

    np.testing.assert_array_equal(call(worker, "double", x), 2 * x)


def test_a_replacement_is_called_back(worker):
    assert call(worker, "double", 3, replacements={"helper": lambda x: x + 10}) == 26


def test_an_exception_leaves_the_worker_alive(worker):
    with pytest.raises(WorkerRaised, match="so be it"):
        call(worker, "fails", 1)

    assert call(worker, "double", 2) == 4


def test_an_endless_loop_ends_at_the_deadline(worker):
    begin = time.monotonic()

    with pytest.raises(WorkerTimedOut):
        call(worker, "spin", 1, wall_seconds=0.3)

    assert 0.3 <= time.monotonic() - begin < 5


def test_a_process_that_leaves_is_known_by_its_exit_code(worker):
    with pytest.raises(WorkerDied) as caught:
        call(worker, "leave", 1)

    assert (caught.value.exit_status.kind, caught.value.exit_status.code) == (ExitKind.EXITED, 7)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_crash_is_known_by_its_signal(worker):
    with pytest.raises(WorkerDied) as caught:
        call(worker, "crash", 1)

    assert (caught.value.exit_status.kind, caught.value.exit_status.signal) == (ExitKind.SIGNALED, "SIGSEGV")


def test_bytes_that_are_no_frame_break_the_protocol(worker):
    with pytest.raises(WorkerBrokeProtocol):
        call(worker, "garbage", 1)


def test_prints_do_no_harm(worker):
    assert call(worker, "shout", 5) == 5


def test_the_current_folder_is_not_on_the_path(worker):
    folder, argv, has_current = call(worker, "where", 0)

    assert (folder, argv, has_current) == ("/", [""], False)


def test_a_stranger_on_the_port_is_turned_away(processes):
    code = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.sendall(b'0' * 32)"
    worker = processes.spawn(Limits())
    port = worker._listener.getsockname()[1]
    subprocess.run([sys.executable, "-c", code, str(port)], check=True, timeout=20)

    loaded = worker.load("student.py", b"def f(x):\n    return x\n", ["f"], skip=(), deadline_seconds=20)

    assert loaded.functions["f"].state == "defined"
    worker.close()


def test_nothing_is_left_when_workers_are_closed():
    with ChildProcesses() as processes:
        worker = processes.spawn(Limits())
        ahead = processes._ahead
        worker.load("student.py", SOURCE, NAMES, skip=(), deadline_seconds=20)
        worker.close()

    assert worker._process.poll() is not None
    assert ahead._process.poll() is not None
