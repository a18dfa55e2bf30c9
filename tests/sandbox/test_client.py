"""Workers for real: they load, answer, call back, and end; nothing of them stays."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Limits, SandboxMode
from grader.sandbox.client import (
    Sandbox,
    WorkerBrokeProtocol,
    WorkerDied,
    WorkerFlooded,
    WorkerRaised,
    WorkerRefused,
    WorkerTimedOut,
)
from grader.sandbox.exits import ExitKind
from grader.worker import wire

SOURCE = b"""
import os, time
import numpy as np

def add_one(x):
    return x + 1

def twice(x):
    return 2 * add_one(x)

def apply(f, x):
    return f(x)

def draw(rng):
    return rng.normal(size=3)

def draw_by(rng):
    return helper(rng), rng.normal(size=2)

def helper(rng):
    return 0

def fails(x):
    y = x + 1
    raise ValueError("so be it")

def function(x):
    return lambda: x

def spin(x):
    while True:
        pass

def end(x):
    os._exit(5)

def flood(x):
    while True:
        print("x" * 100000)

def say(x):
    print("hello", x)

def change(x):
    x[0] = 99
    return 1

def close(x):
    os.close(3)
    time.sleep(60)

def hungry(x):
    return np.ones(1 << 30)
"""
NAMES = ("add_one", "twice", "draw", "missing")


@pytest.fixture
def worker(sandbox):
    with loaded(sandbox) as started:
        yield started


def loaded(sandbox, limits=None, source=SOURCE):
    limits = limits or Limits(output_bytes=10_000)
    worker = sandbox.spawn(limits)
    worker.load("small.py", source, NAMES, skip=(), deadline_seconds=10)
    return worker


def call(worker, function, *args, wall_seconds=10.0, replacements=None):
    batch = [wire.Arguments(list(args))]
    return worker.call(function, batch, wall_seconds=wall_seconds, replacements=replacements or {})[0].value


def test_loading_tells_what_is_defined(sandbox):
    with sandbox.spawn(Limits()) as worker:
        answer = worker.load("small.py", SOURCE, NAMES, skip=(), deadline_seconds=10)

    assert {name: info.state for name, info in answer.functions.items()} == {
        "add_one": "defined",
        "twice": "defined",
        "draw": "defined",
        "missing": "missing",
    }


def test_many_frames_of_progress_may_arrive_at_once(sandbox):
    source = b"x = len([])\n" * 300

    for _ in range(20):
        with sandbox.spawn(Limits()) as worker:
            worker.load("small.py", source, (), skip=(), deadline_seconds=10)


def test_a_call_crosses_and_comes_back(worker):
    x = np.random.default_rng(0).normal(size=(3, 4))

    assert np.array_equal(call(worker, "add_one", x), x + 1)


def test_large_arrays_cross_in_both_directions(worker):
    x = np.arange(1 << 20, dtype=np.float64)

    assert np.array_equal(call(worker, "add_one", x), x + 1)


def test_a_batch_is_answered_in_order(worker):
    batch = [wire.Arguments([i]) for i in range(20)]

    evaluations = worker.call("add_one", batch, wall_seconds=10, replacements={})

    assert [e.value for e in evaluations] == list(range(1, 21))


def test_arguments_are_copies(worker):
    x = np.zeros(3)

    evaluation = worker.call("change", [wire.Arguments([x])], wall_seconds=10, replacements={})[0]

    assert x[0] == 0
    assert evaluation.changed == [0]


def test_a_generator_continues_where_it_stood(worker):
    rng = np.random.default_rng(7)
    rng.normal()

    actual = call(worker, "draw", rng)

    assert np.array_equal(actual, rng.normal(size=3))


def test_a_replaced_function_is_answered_from_here(worker):
    assert call(worker, "twice", 3, replacements={"add_one": lambda x: x * 100}) == 600
    assert call(worker, "twice", 3) == 8


def test_a_generator_goes_on_after_the_replacement_drew_from_it(worker):
    def helper(rng):
        return float(rng.normal())

    first, rest = call(worker, "draw_by", np.random.default_rng(7), replacements={"helper": helper})

    expected = np.random.default_rng(7)
    assert first == expected.normal()
    assert np.array_equal(rest, expected.normal(size=2))


def test_a_function_can_be_an_argument(worker):
    assert call(worker, "apply", lambda x: x**2, 5) == 25


def test_an_exception_of_a_called_back_function_reaches_the_student(worker):
    def refuse(x):
        raise KeyError("W1")

    with pytest.raises(WorkerRaised) as caught:
        call(worker, "apply", refuse, 5)

    assert caught.value.reply.exception == "KeyError"


def test_time_of_a_called_back_function_is_not_the_students(worker):
    assert call(worker, "apply", lambda x: time.sleep(0.6) or x, 5, wall_seconds=0.5) == 5


def test_an_exception_comes_with_the_students_line(worker):
    with pytest.raises(WorkerRaised) as caught:
        call(worker, "fails", 1)

    reply = caught.value.reply
    assert (reply.exception, reply.message) == ("ValueError", "so be it")
    assert reply.frames[-1].source == 'raise ValueError("so be it")'
    assert call(worker, "add_one", 1) == 2


def test_what_is_no_data_is_refused_by_name(worker):
    with pytest.raises(WorkerRefused) as caught:
        call(worker, "function", 1)

    assert caught.value.reply.kind == "a function"


def test_an_endless_loop_meets_the_deadline(worker):
    begin = time.monotonic()

    with pytest.raises(WorkerTimedOut):
        call(worker, "spin", 1, wall_seconds=0.3)

    assert time.monotonic() - begin < 5
    assert worker.close().kind is ExitKind.KILLED


def test_the_end_of_the_process_is_told_with_its_code(worker):
    with pytest.raises(WorkerDied) as caught:
        call(worker, "end", 1)

    assert (caught.value.exit_status.kind, caught.value.exit_status.code) == (ExitKind.EXITED, 5)


def test_a_closed_connection_ends_the_worker(worker):
    with pytest.raises(WorkerDied):
        call(worker, "close", 1, wall_seconds=10)


def test_output_is_kept_up_to_its_limit(worker):
    call(worker, "say", 3)

    assert worker.output == b"hello 3\n"


def test_a_flood_of_output_ends_the_worker(worker):
    with pytest.raises(WorkerFlooded):
        call(worker, "flood", 1)

    assert len(worker.output) == 10_000


def test_memory_has_a_limit(sandbox):
    with loaded(sandbox, Limits(memory_bytes=1 << 30)) as worker, pytest.raises(WorkerRaised) as caught:
        call(worker, "hungry", 1)

    assert caught.value.reply.exception == "MemoryError"


def test_processor_time_has_a_limit(sandbox):
    with loaded(sandbox, Limits(cpu_seconds=1)) as worker, pytest.raises(WorkerDied) as caught:
        call(worker, "spin", 1, wall_seconds=60)

    assert caught.value.exit_status.kind is ExitKind.CPU_LIMIT


def test_a_reply_above_its_limit_is_no_answer(sandbox):
    with loaded(sandbox, Limits(reply_bytes=1000)) as worker, pytest.raises(WorkerBrokeProtocol):
        call(worker, "add_one", np.zeros(1000))


def test_a_statement_that_hangs_is_named_when_the_deadline_comes(sandbox):
    with sandbox.spawn(Limits()) as worker, pytest.raises(WorkerTimedOut) as caught:
        worker.load("small.py", b"x = 1\n\nwhile True:\n    x += 1\n", (), skip=(), deadline_seconds=0.5)

    assert (caught.value.statement, caught.value.line) == (1, 3)


def test_a_skipped_statement_does_not_run(sandbox):
    with sandbox.spawn(Limits()) as worker:
        answer = worker.load(
            "small.py", b"while True:\n    pass\ndef add_one(x):\n    return x\n", NAMES, skip=(0,), deadline_seconds=5
        )

    assert answer.functions["add_one"].state == "defined"


def test_many_workers_live_side_by_side(full_sandbox):
    workers = [loaded(full_sandbox) for _ in range(10)]
    try:
        assert [call(worker, "add_one", i) for i, worker in enumerate(workers)] == list(range(1, 11))
    finally:
        for worker in workers:
            worker.close()


def test_what_one_worker_changes_the_next_does_not_see(full_sandbox):
    poison = b"import numpy as np\nnp.tanh = None\nimport builtins\nbuiltins.len = None\n"
    with full_sandbox.spawn(Limits()) as worker, contextlib.suppress(WorkerDied):
        worker.load("small.py", poison, (), skip=(), deadline_seconds=5)

    with loaded(full_sandbox, source=b"import numpy as np\ndef f(x):\n    return len([np.tanh(x)])\n") as worker:
        assert call(worker, "f", 0.0) == 1


def test_no_descriptor_is_left_after_many_workers(full_sandbox):
    with loaded(full_sandbox):
        pass
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(20):
        with loaded(full_sandbox) as worker:
            call(worker, "add_one", 1)

    assert len(os.listdir("/proc/self/fd")) == before


def test_workers_can_be_used_from_another_thread(full_sandbox):
    results = []

    def use():
        with loaded(full_sandbox) as worker:
            results.append(call(worker, "add_one", 1))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()

    assert results == [2]


def test_a_killed_zygote_is_our_fault_and_replaced_at_the_next_spawn():
    with Sandbox(SandboxMode.FULL, hide=()) as sandbox:
        worker = loaded(sandbox)
        os.kill(sandbox._zygote.process, signal.SIGKILL)

        with pytest.raises(SandboxError):
            call_often(worker)
        with pytest.raises(SandboxError):
            worker.close()

        with loaded(sandbox) as another:
            assert call(another, "add_one", 1) == 2


def call_often(worker):
    for _ in range(100):
        call(worker, "add_one", 1)


@pytest.mark.parametrize("mode", [SandboxMode.FULL, SandboxMode.REDUCED, SandboxMode.NONE])
def test_nothing_is_left_when_the_trusted_process_is_killed(mode):
    program = f"""
import time
from grader.model import Limits, SandboxMode
from grader.sandbox.client import Sandbox
sandbox = Sandbox(SandboxMode("{mode}"), hide=())
worker = sandbox.spawn(Limits())
worker.load("small.py", b"def f(x): pass", ("f",), skip=(), deadline_seconds=10)
print(sandbox._zygote.process, flush=True)
time.sleep(60)
"""
    trusted = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    started = int(trusted.stdout.readline())
    family = descendants(started)
    assert len(family) >= 2

    trusted.kill()
    trusted.wait()
    trusted.stdout.close()

    deadline = time.monotonic() + 10
    while any(is_running(process) for process in family) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not [process for process in family if is_running(process)]


def descendants(process):
    found = [process]
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children") as file:
            for child in file.read().split():
                found += descendants(int(child))
    return found


def is_running(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
