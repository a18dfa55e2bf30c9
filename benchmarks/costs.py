"""What a command costs: CPU of all its processes, wall time, and the memory of the largest.

Theory of operation. The kernel adds a process's CPU to that of its parent when the parent waits for it. bubblewrap ends
without waiting for the zygote in it, so the half that submissions use would be missing. So the command runs below a
process of its own that is a subreaper: whatever loses its parent becomes its child, and it waits for all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_MEASURE = """
import ctypes, json, os, resource, subprocess, sys, time
PR_SET_CHILD_SUBREAPER = 36
if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
    sys.exit("this system has no subreapers")
begin = time.perf_counter()
code = subprocess.run(sys.argv[2:]).returncode
wall = time.perf_counter() - begin
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    try:
        if os.waitpid(-1, os.WNOHANG)[0] == 0:
            time.sleep(0.01)
    except ChildProcessError:
        break
else:
    sys.exit("a process was left behind")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([code, used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024], file)
"""


class Cost(NamedTuple):
    """Of one command. peak_megabytes: of the largest of its processes."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def cost_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """The cost of `command`, run in `folder`, and of every process that it starts; exits when it fails.

    Exit code 1 is no failure: points are lost in every class.
    """
    with tempfile.TemporaryDirectory(prefix="grader-cost-") as name:
        file = Path(name) / "cost.json"
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(file), *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        code, cpu, wall, peak = json.loads(file.read_text()) if file.is_file() else (None, 0.0, 0.0, 0.0)
    if code not in (0, 1):
        raise SystemExit(f"{command}: exit code {code}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return Cost(cpu, wall, peak)
