"""What keeps submissions in on this machine, found out by doing, and what to do where something is missing."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from grader.errors import GraderError, SandboxError, SandboxUnavailable
from grader.model import Limits, SandboxMode

_ELSEWHERE = (
    "submissions of others can be graded safely on Linux only; use WSL2, a virtual machine or a Linux container. "
    "`grader check` on your own code works here"
)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was tried. ok: None where it does not matter for the verdict."""

    name: str
    ok: bool | None
    detail: str
    remedy: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `grader doctor` says. mode: the strongest that works, or None."""

    mode: SandboxMode | None
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """0 when the full sandbox works, else 4."""
        return 0 if self.mode is SandboxMode.FULL else 4


def choose_mode(allow_reduced: bool) -> SandboxMode:
    """The mode to grade in. Starts the sandbox and tries the probes in it; any breach refuses.

    Raises SandboxUnavailable with the remedy when `full` does not work and `reduced` is not allowed, or does not work.
    """
    if sys.platform != "linux":
        raise SandboxUnavailable(f"no sandbox on {platform.system()}: {_ELSEWHERE}")
    problem = _problem(SandboxMode.FULL)
    if problem is None:
        return SandboxMode.FULL
    remedy = "; ".join(f.remedy for f in _parts() if f.ok is False and f.remedy) or "`grader doctor` says more"
    if not allow_reduced:
        raise SandboxUnavailable(
            f"no safe sandbox on this machine: {problem}. To mend it: {remedy}. To go on with a weaker wall: "
            "--allow-reduced-sandbox (every record will say so)"
        )
    weaker = _problem(SandboxMode.REDUCED)
    if weaker is not None:
        raise SandboxUnavailable(f"not even a reduced sandbox works on this machine: {weaker}. To mend it: {remedy}")
    return SandboxMode.REDUCED


def probe() -> Report:
    """Try every part, and then the whole chain with hostile probes in it."""
    machine = Finding(
        name="machine",
        ok=None,
        detail=f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {_user()}",
    )
    if sys.platform != "linux":
        return Report(
            mode=None, findings=(machine, Finding(name="platform", ok=False, detail="not Linux", remedy=_ELSEWHERE))
        )
    findings = [machine, *_parts()]
    mode = None
    for candidate in (SandboxMode.FULL, SandboxMode.REDUCED):
        problem = _problem(candidate)
        works = problem is None
        findings.append(
            Finding(name=f"sandbox {candidate}", ok=works, detail=problem or "started, and all probes failed inside it")
        )
        if works:
            mode = candidate
            break
    if mode is SandboxMode.FULL:
        findings.append(_blas_threads())
    return Report(mode=mode, findings=tuple(findings))


def _user() -> str:
    return "root" if os.getuid() == 0 else f"user {os.getuid()}"


def _problem(mode: SandboxMode) -> str | None:
    """Why `mode` does not work, or None."""
    from grader.sandbox.client import Sandbox
    from grader.sandbox.probes import breaches

    try:
        with Sandbox(mode, hide=()) as sandbox:
            found = breaches(sandbox.spawn)
    except (SandboxError, SandboxUnavailable) as error:
        return str(error)
    return f"a submission could {', '.join(found).replace('_', ' ')}" if found else None


def _parts() -> list[Finding]:
    """The single mechanisms, each tried in a process of its own."""
    return [_bubblewrap(), _user_namespaces(), _landlock(), _seccomp(), _memory_limit()]


def _bubblewrap() -> Finding:
    from grader.sandbox.launch import find_bubblewrap

    try:
        return Finding(name="bubblewrap", ok=True, detail=find_bubblewrap())
    except SandboxUnavailable as error:
        return Finding(name="bubblewrap", ok=False, detail="not found", remedy=str(error))


def _user_namespaces() -> Finding:
    from grader.worker import lockdown

    trouble = _in_child(lambda: lockdown.unshare(lockdown.CLONE_NEWUSER | lockdown.CLONE_NEWPID))
    if trouble is None:
        return Finding(name="user namespaces", ok=True, detail="allowed")
    return Finding(name="user namespaces", ok=False, detail=trouble, remedy=_namespace_remedy())


def _namespace_remedy() -> str:
    """What most likely forbids user namespaces here."""
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor forbids user namespaces (Ubuntu 23.10 and later): `sudo sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0`, or an AppArmor profile that allows userns for bwrap"
        )
    if _setting("user/max_user_namespaces") == "0":
        return "`sudo sysctl -w user.max_user_namespaces=10000`"
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return "`sudo sysctl -w kernel.unprivileged_userns_clone=1`"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return (
            "this container forbids user namespaces: start it with `--security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined`"
        )
    return "a security policy of this machine forbids user namespaces; ask who runs it to allow them"


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return ""


def _landlock() -> Finding:
    from grader.worker import lockdown

    def denies_reading() -> None:
        rules = lockdown.landlock_ruleset(["/usr"])
        lockdown.forbid_new_privileges()
        lockdown.landlock_restrict(rules)
        try:
            os.listdir("/")
        except PermissionError:
            return
        raise OSError("reading was not denied")

    trouble = _in_child(denies_reading)
    if trouble is None:
        return Finding(name="Landlock", ok=True, detail=f"ABI {lockdown.landlock_abi()}")
    return Finding(
        name="Landlock",
        ok=False,
        detail=trouble,
        remedy="Landlock needs Linux 5.13 or later, with `landlock` in /sys/kernel/security/lsm (boot option lsm=…)",
    )


def _seccomp() -> Finding:
    from grader.sandbox import policy
    from grader.worker import lockdown

    try:
        program = policy.compiled()
    except SandboxUnavailable as error:
        return Finding(name="seccomp", ok=False, detail="no compiler for filters", remedy=str(error))

    def denies_forking() -> None:
        lockdown.forbid_new_privileges()
        lockdown.load_seccomp(program)
        try:
            os.fork()
        except PermissionError:
            return
        raise OSError("forking was not denied")

    trouble = _in_child(denies_forking)
    if trouble is None:
        return Finding(name="seccomp", ok=True, detail=f"{len(program) // 8} instructions")
    return Finding(
        name="seccomp",
        ok=False,
        detail=trouble,
        remedy="the kernel must be built with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64",
    )


def _memory_limit() -> Finding:
    def denies_memory() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
        try:
            bytearray(1 << 32)
        except MemoryError:
            return
        raise OSError("the limit had no effect")

    trouble = _in_child(denies_memory)
    return Finding(name="memory limit", ok=trouble is None, detail=trouble or "holds")


def _blas_threads() -> Finding:
    """The zygote's threads, counted from outside: a second BLAS thread would hang behind the wall."""
    from grader.sandbox.client import start_zygote

    with start_zygote(SandboxMode.FULL) as zygote, zygote.spawn(Limits()) as worker:
        fields = Path(f"/proc/self/fdinfo/{worker.handle}").read_text().split()
        worker_process = fields[fields.index("Pid:") + 1]
        parent = _status(worker_process, "PPid")
        count = _status(parent, "Threads")
    return Finding(
        name="BLAS threads",
        ok=count == "1",
        detail=count,
        remedy=None
        if count == "1"
        else "this NumPy starts threads although it was told not to; install NumPy from PyPI",
    )


def _status(process: str, field: str) -> str:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def _in_child(attempt: Callable[[], object]) -> str | None:
    """Run `attempt` in a throw-away process, since what it does cannot be undone; why it failed, or None."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            attempt()
        except (OSError, GraderError, MemoryError) as error:
            os.write(writable, str(error).encode()[:500])
            code = 1
        finally:
            os._exit(code)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        text = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if status == 0:
        return None
    return text or f"the trial ended with code {os.waitstatus_to_exitcode(status)}"
