"""What the attacks are aimed at, the walls they are tried behind, and what must be as before afterwards."""

import ast
import contextlib
import ctypes
import functools
import hashlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from grader.model import Limits, SandboxMode
from grader.sandbox.client import Zygote
from grader.sandbox.launch import walls
from grader.worker import lockdown, wire

PR_SET_CHILD_SUBREAPER = 36
HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
WALLS = {
    "full": walls(SandboxMode.FULL)[0],
    "reduced, without Landlock": walls(SandboxMode.REDUCED)[0],
    "reduced, without namespaces": walls(SandboxMode.REDUCED)[-1],
}
# A process that is attacked in place of the grader: it has a secret in its memory, environment and command line.
TARGET = """
import ctypes, sys, time
secret = ctypes.create_string_buffer(b"SECRET!!")
print(ctypes.addressof(secret), flush=True)
time.sleep(3600)
"""
# How the next worker sees the world: the same before and after every attack.
HEALTH = b"""
import builtins, os, random, sys
import numpy as np

def health(x):
    return [
        np.tanh(x), np.allclose(x, x + 1), np.array_equal(x, x), float(np.random.random()), random.random(),
        len([1, 2]), sum([1, 2]), sorted(os.environ.items()), list(sys.path), os.getcwd(), sys.getrecursionlimit(),
        sys.gettrace() is None, sys.getprofile() is None, sorted(vars(builtins)), "numpy.testing" in sys.modules,
        sorted(name for name in sys.modules if "hostile" in name or "disruptive" in name),
    ]
"""


@pytest.fixture(scope="module", autouse=True)
def orphans_come_here():
    """Make this process the parent of all orphans, so that none is overlooked when descendants are counted."""
    lockdown.become_subreaper()
    yield
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0


@pytest.fixture(scope="module", params=list(WALLS))
def walled(request, targets):
    """A zygote behind one of the walls."""
    with Zygote(WALLS[request.param]) as zygote:
        zygote.wall_name = request.param
        yield zygote


@pytest.fixture(scope="module")
def full(targets):
    """A zygote behind the full wall."""
    with Zygote(WALLS["full"]) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def unwalled(targets):
    """A zygote whose workers have no wall."""
    with Zygote(walls(SandboxMode.NONE)[0]) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def targets(tmp_path_factory):
    """What `hostile` is told: where the secrets are, and who is who."""
    folder = tmp_path_factory.mktemp("attacked")
    hidden = folder / "course" / "autograde_tests" / "small" / "test_secret.py"
    hidden.parent.mkdir(parents=True)
    hidden.write_text("SECRET = 'the expected value'\n")
    decoy = folder / "decoys" / "decoy"
    decoy.parent.mkdir()
    decoy.write_text("untouched\n")
    secret = secrets.token_bytes(32)
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("GRADER_SECRET", "s3cret")
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        by_path, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        by_path.bind(str(folder / "socket"))
        abstract.bind(f"\0attacked-{os.getpid()}")
        for listener in (by_path, abstract):
            listener.listen(16)
        target = subprocess.Popen([sys.executable, "-c", TARGET, "SECRET"], stdout=subprocess.PIPE, text=True)
        stack.callback(target.stdout.close)
        stack.callback(target.wait)
        stack.callback(target.kill)
        yield {
            "hidden": str(hidden),
            "decoy": str(decoy),
            "repository": str(REPOSITORY),
            "site": [path for path in sys.path if "site-packages" in path or "dist-packages" in path],
            "grader": os.getpid(),
            "target": target.pid,
            "address": int(target.stdout.readline()),
            "secret_name": "GRADER_SECRET",
            "secret_prefix": secret[:6].hex(),
            "secret_digest": hashlib.sha256(secret[6:]).hexdigest(),
            "secret_length": len(secret),
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "unix": str(folder / "socket"),
            "abstract": f"attacked-{os.getpid()}",
            "listeners": [tcp, udp, by_path, abstract],
            "secret": secret,
        }


@pytest.fixture(scope="module")
def told(targets):
    """The targets as they cross the wall: without what only we may know."""
    return {name: value for name, value in targets.items() if name not in ("listeners", "secret")}


@pytest.fixture(scope="module", name="only")
def only_fixture():
    return only


def only(source, *names):
    """A submission without the attacks that are not named: reading the others takes longer than all else together."""
    lines = source.decode().split("\n")
    for node in _parsed(source):
        is_attack = isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args] in (["t"], ["x"])
        if is_attack and node.name not in names:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines).encode()


@functools.cache
def _parsed(source):
    return ast.parse(source).body


@pytest.fixture(scope="module")
def hostile():
    return HERE.joinpath("hostile.py").read_bytes()


@pytest.fixture(scope="module")
def disruptive():
    return HERE.joinpath("disruptive.py").read_bytes()


@pytest.fixture(scope="module")
def health_before(walled):
    return health_of(walled)


@pytest.fixture
def still_healthy(walled, health_before):
    """After the test, the next worker of the same zygote sees the world as it was."""
    yield
    assert health_of(walled) == health_before


@pytest.fixture
def nothing_is_left(walled, targets):
    """After the test, all that an attack could leave is as it was."""
    before = traces(targets)
    yield
    deadline = time.monotonic() + 5
    while (after := traces(targets)) != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert after == before


def health_of(zygote):
    x = np.linspace(-1, 1, 5)
    with zygote.spawn(Limits()) as worker:
        worker.load("health.py", HEALTH, ("health",), skip=(), deadline_seconds=10)
        value = worker.call("health", [wire.Arguments([x])], wall_seconds=10, replacements={})[0].value
    assert np.array_equal(value[0], np.tanh(x))
    return [value[0].tolist(), *value[1:]]


def traces(targets):
    """What attacks could leave behind, of every kind."""
    attacked = Path(targets["decoy"]).parent.parent
    return {
        "processes": descendants(os.getpid()),
        "descriptors": descriptors(),
        "environment": {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
        "folder": os.getcwd(),
        "attacked": {str(path): facts(path) for path in sorted(attacked.rglob("*"))},
        "numpy": {name: facts(Path(np.__file__).parent / name) for name in ("", "__init__.py", "linalg")},
        "planted": [
            os.path.join(folder, name)
            for folder in ("/tmp", "/var/tmp", "/dev/shm", os.path.dirname(np.__file__), str(REPOSITORY), "/dev/mqueue")
            if os.path.isdir(folder)
            for name in os.listdir(folder)
            if "planted" in name
        ],
        "ipc": {kind: Path("/proc/sysvipc", kind).read_text().count("\n") for kind in ("shm", "msg", "sem")},
        "connections": select.select(targets["listeners"], [], [], 0)[0],
    }


def facts(path):
    status = path.lstat()
    return status.st_mode, status.st_size, status.st_mtime_ns, status.st_nlink


def descriptors():
    found = {}
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # the one that lists
            found[number] = os.readlink(f"/proc/self/fd/{number}")
    return found


def descendants(process):
    """All processes that come from `process`, oldest first."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{process}/task"):
            for child in Path(f"/proc/{process}/task/{task}/children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


@pytest.fixture(scope="module", name="descendants")
def descendants_fixture():
    return descendants


@pytest.fixture(scope="module", name="in_a_child")
def in_a_child_fixture():
    return in_a_child


def in_a_child(source, name, told):
    """Run an attack in a plain fork of this process, which has all its secrets; what went wrong, or None."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        text = "it did not end"
        try:
            signal.alarm(20)
            namespace = {"__name__": "hostile"}
            exec(compile(source, "hostile.py", "exec"), namespace)
            namespace[name](told)
            text = ""
        except BaseException as error:
            text = f"{type(error).__name__}: {error}"
        finally:
            os.write(writable, text.encode()[:500])
            os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text or None
