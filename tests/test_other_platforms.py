"""`grader check` where there is no fork, no pidfd and no module that only Unix has, as on Windows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).resolve().parents[1]
# Takes away what Windows does not have, then runs the command line.
PRELUDE = """
import ctypes, os, select, signal, socket, subprocess, sys, sysconfig
sysconfig.get_config_vars()
import click, msgspec, numpy, pytest, rich.console, watchfiles  # these know the real system already
for name in ("fcntl", "grp", "pwd", "pyseccomp", "resource"):
    sys.modules[name] = None
for module, names in {
    os: ["fork", "memfd_create", "pipe2", "sched_getaffinity"],
    signal: ["pidfd_send_signal"],
    socket: ["recv_fds", "send_fds"],
}.items():
    for name in names:
        delattr(module, name)
sys.platform = "win32"
from grader.cli import main
main(sys.argv[1:])
"""


def check(path):
    """Exit code and record of `grader check --json`."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE, "check", "--json", str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(("file", "code", "share"), [("solutions", 0, 1.0), ("assignments", 1, 0.0)])
def test_check_works_with_child_processes(tmp_path, file, code, share):
    folder = tmp_path / "activations"
    folder.mkdir()
    for path in (COURSE / "assignments" / "activations").rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(COURSE / "assignments" / "activations")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "activations.py").write_bytes((COURSE / file / "activations" / "activations.py").read_bytes())

    exit_code, record = check(folder)

    assert exit_code == code
    assert record["score"] == share * record["max_score"]
    assert record["sandbox"] == "none"
