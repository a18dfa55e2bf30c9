"""When a process of the chain is killed from outside, all below it ends, and the trusted side says so and goes on.

The chain in mode `full`: bubblewrap's monitor, its init, the waiter, the zygote, the worker. That the end of the
trusted process ends everything is in tests/sandbox/test_client.py.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.model import Limits, SandboxMode
from grader.sandbox.client import Sandbox, WorkerDied
from grader.sandbox.exits import ExitKind
from grader.worker import wire

SOURCE = b"import time\ndef f(x):\n    return x\ndef wait(x):\n    time.sleep(60)\n"
CHAIN = ("monitor", "bubblewrap", "waiter", "zygote", "worker")
MEMBERS = [
    *((SandboxMode.FULL, position) for position in range(len(CHAIN))),
    *((SandboxMode.NONE, position) for position in range(2)),  # the zygote, and its worker
]


def loaded(sandbox):
    worker = sandbox.spawn(Limits())
    worker.load("small.py", SOURCE, ("f",), skip=(), deadline_seconds=10)
    return worker


def call(worker, function):
    return worker.call(function, [wire.Arguments([1])], wall_seconds=20, replacements={})[0].value


def is_running(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_for_the_end_of(processes):
    deadline = time.monotonic() + 10
    while any(map(is_running, processes)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return [process for process in processes if is_running(process)]


@pytest.mark.parametrize(("mode", "position"), MEMBERS)
def test_all_below_a_killed_process_ends_and_the_next_worker_answers(descendants, mode, position):
    with Sandbox(mode, hide=()) as sandbox:
        worker = loaded(sandbox)
        outermost = sandbox._zygote.process
        chain = [outermost, *descendants(outermost)]
        is_worker = position == len(chain) - 1

        os.kill(chain[position], signal.SIGKILL)

        assert wait_for_the_end_of(chain[position:]) == []
        with pytest.raises(WorkerDied if is_worker else SandboxError) as caught:
            call(worker, "f")
        if is_worker:
            # By the kernel, as far as anybody can tell from here: the submission used more than the machine has.
            assert caught.value.exit_status.kind is ExitKind.OUT_OF_MEMORY
            worker.close()
        else:
            with pytest.raises(SandboxError):
                worker.close()
            assert wait_for_the_end_of(chain) == []
        with loaded(sandbox) as another:
            assert call(another, "f") == 1
    assert wait_for_the_end_of(descendants(outermost)) == []


def test_the_chain_has_these_members(descendants):
    with Sandbox(SandboxMode.FULL, hide=()) as sandbox, loaded(sandbox):
        processes = [sandbox._zygote.process, *descendants(sandbox._zygote.process)]

        assert len(processes) == len(CHAIN)
        programs = [Path(f"/proc/{process}/cmdline").read_text().split("\0")[0] for process in processes]
        assert [os.path.basename(program) for program in programs[:2]] == ["bwrap", "bwrap"]
        assert all("python" in program for program in programs[2:])


@pytest.mark.parametrize("position", range(len(CHAIN) - 1), ids=CHAIN[:-1])
def test_a_call_that_runs_does_not_outlive_the_chain(descendants, position):
    """The trusted side waits for an answer when the process is killed, and does not wait for the deadline."""
    with Sandbox(SandboxMode.FULL, hide=()) as sandbox:
        worker = loaded(sandbox)
        chain = [sandbox._zygote.process, *descendants(sandbox._zygote.process)]
        begin = time.monotonic()

        killer = os.fork()
        if killer == 0:
            time.sleep(0.2)
            os.kill(chain[position], signal.SIGKILL)
            os._exit(0)
        with pytest.raises(SandboxError):
            call(worker, "wait")

        os.waitpid(killer, 0)
        assert time.monotonic() - begin < 10
        with pytest.raises(SandboxError):
            worker.close()


def test_a_course_that_a_weaker_wall_would_show_is_refused():
    from grader.sandbox.launch import launch, walls

    wall = walls(SandboxMode.REDUCED)[-1]
    inside = next(Path(path) for path in launch(wall, 7, hide=()).readable if os.path.isdir(path))

    with pytest.raises(SandboxError, match="move the course"):
        launch(wall, 7, hide=(inside / "course",))
