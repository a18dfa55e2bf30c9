"""A small hostile submission: what must fail behind a wall, tried every time before a class is graded."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from grader.errors import SandboxError
from grader.model import Limits
from grader.sandbox.losses import WorkerLost, WorkerRaised, WorkerRefused
from grader.sandbox.running import Worker
from grader.worker import wire

_SOURCE = b"""
import os, socket

def read_a_file(path, process):
    open(path).read()

def write_a_file(path, process):
    open(os.path.dirname(path) + "/planted", "w").close()

def signal_the_grader(path, process):
    os.kill(process, 0)

def open_a_socket(path, process):
    socket.socket().close()

def start_a_process(path, process):
    if os.fork() == 0:
        os._exit(0)
"""
PROBES = ("read_a_file", "write_a_file", "signal_the_grader", "open_a_socket", "start_a_process")
_LIMITS = Limits(call_wall_seconds=10.0, load_wall_seconds=10.0)


def breaches(spawn: Callable[[Limits], Worker]) -> list[str]:
    """The probes that succeeded in a worker of `spawn`; a wall that holds gives an empty list.

    Raises SandboxError when the probes could not be made at all.
    """
    with tempfile.TemporaryDirectory(prefix="grader-probe-") as folder:
        secret = Path(folder) / "secret"
        secret.write_text("hidden")
        worker = spawn(_LIMITS)
        try:
            loaded = worker.load("probe.py", _SOURCE, PROBES, skip=(), deadline_seconds=_LIMITS.load_wall_seconds)
            if any(info.state != "defined" for info in loaded.functions.values()):
                raise SandboxError("the probes did not load behind the wall")
            return [name for name in PROBES if _succeeds(worker, name, str(secret))]
        except WorkerLost as error:
            raise SandboxError(f"a probe ended its process: {error}") from None
        finally:
            worker.close()


def _succeeds(worker: Worker, name: str, path: str) -> bool:
    arguments = [wire.Arguments([path, os.getpid()])]
    try:
        worker.call(name, arguments, wall_seconds=_LIMITS.call_wall_seconds, replacements={})
    except WorkerRaised as error:
        # Only the system's refusal counts; a probe that fails for another reason has proved nothing.
        if error.reply.exception in ("PermissionError", "FileNotFoundError", "ProcessLookupError", "OSError"):
            return False
        raise SandboxError(f"the probe {name} failed for another reason: {error}") from None
    except WorkerRefused as error:
        raise SandboxError(f"the probe {name} returned {error}") from None
    return True
