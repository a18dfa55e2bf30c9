"""The wall holds for an ordinary user as it does for root: a part of the suite once more, as somebody else."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.launch import find_bubblewrap

REPOSITORY = Path(__file__).parents[2]
NOBODY = 65534
SELECTION = "full and (read_hidden or in_memory or see_any or fork or tcp or sysv or append_numpy or io_uring)"
CHOSEN = ["tests/attacks/test_attacks.py", "tests/attacks/test_chain.py"]


def private_ancestor(path):
    """The outermost folder above `path` that others may not pass."""
    for folder in reversed(Path(path).parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def as_somebody_else(needed):
    """The words before a command that run it as nobody, who can read `needed` where it is.

    A private home above an interpreter is covered by an empty folder that holds nothing but the way to it.
    """
    words = [find_bubblewrap(), "--dev-bind", "/", "/"]
    private = {path: private_ancestor(path) for path in needed}
    for folder in sorted({folder for folder in private.values() if folder is not None}):
        words += ["--perms", "0755", "--tmpfs", str(folder)]
    for path, folder in private.items():
        if folder is not None:
            for parent in sorted(set(path.parents) - set(folder.parents) - {folder}):
                words += ["--perms", "0755", "--dir", str(parent)]
            words += ["--ro-bind", str(path), str(path)]
    return [*words, "--", "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else; the suite runs as a user already")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv of util-linux")
def test_the_attacks_fail_for_an_ordinary_user_too():
    needed = {Path(folder).resolve() for folder in (sys.base_prefix, sys.prefix, REPOSITORY)}
    needed |= {Path(folder).resolve() for folder in sys.path if os.path.isdir(folder)}
    outer = sorted(path for path in needed if not any(path.is_relative_to(other) for other in needed - {path}))
    with tempfile.TemporaryDirectory(prefix="nobody-") as own:  # pytest's own folder is private to root
        os.chown(own, NOBODY, NOBODY)
        environment = {**os.environ, "TMPDIR": own, "HOME": own, "USER": "nobody", "PYTHONDONTWRITEBYTECODE": "1"}

        done = subprocess.run(
            [*as_somebody_else(outer), sys.executable, "-m", "pytest", "-q", "-k", f"chain or ({SELECTION})", *CHOSEN],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    last = done.stdout.strip().splitlines()[-1]
    assert int(last.split(" passed")[0].split()[-1]) >= 20, last
