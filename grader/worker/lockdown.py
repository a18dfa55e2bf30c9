"""One-way doors: what a process gives up before it runs a submission.

Each function is a thin call of the kernel through ctypes. The packages that wrap these calls are avoided on
purpose: they cost milliseconds a worker, or load something lazily after the doors are shut. Everything raises
OSError; nothing fails silently.

Numbers of system calls: Linux asm-generic and x86 tables. Landlock: Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Mapping, Sequence

CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SIGKILL = 9

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION = 1
_LANDLOCK_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# Rights on files that each ABI version knows; a ruleset must not name others.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_BIND_AND_CONNECT_TCP = 0b11  # from ABI 4 on
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from ABI 6 on

_SECCOMP_SET_MODE_FILTER = 1
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63

_NUMBERS = {
    "x86_64": {"capset": 126, "seccomp": 317},
    "aarch64": {"capset": 91, "seccomp": 277},
}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def is_supported_machine() -> bool:
    """Whether the system call numbers of this processor are known here."""
    return platform.machine() in _NUMBERS


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags`; for CLONE_NEWPID it is the next child that is in a new one."""
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """Enter the namespaces of the process or namespace behind `descriptor`."""
    _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(flags)), "setns")


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends. A change of user undoes it, so call it afterwards."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def become_subreaper() -> None:
    """Have orphaned descendants handed to this process, so that it can wait for them."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def forbid_new_privileges() -> None:
    """No exec can gain anything from here on. Landlock and seccomp ask for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def forbid_inspection() -> None:
    """Not dumpable: processes of the same user cannot trace this one."""
    _prctl(_PR_SET_DUMPABLE, 0)


def landlock_abi() -> int:
    """The version of Landlock; 0 where there is none."""
    version = _libc.syscall(
        ctypes.c_long(_LANDLOCK_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint(_LANDLOCK_VERSION)
    )
    return max(0, int(version))


def landlock_ruleset(readable: Sequence[str]) -> int:
    """A descriptor of rules: `readable` paths may be read, everything else that Landlock governs is denied.

    Made once by the zygote, because making one costs 50 times as much as entering it (0.03 ms).
    """
    abi = landlock_abi()
    if abi == 0:
        raise OSError(errno.ENOSYS, "Landlock is not available")
    files = _FILE_RIGHTS[min(abi, 5)]
    attributes = struct.pack(
        "<QQQ", files, _BIND_AND_CONNECT_TCP if abi >= 4 else 0, _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0
    )[: 8 if abi < 4 else 16 if abi < 6 else 24]
    rules = _check(
        _libc.syscall(
            ctypes.c_long(_LANDLOCK_CREATE_RULESET), attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)
        ),
        "landlock_create_ruleset",
    )
    for path in readable:
        _allow_reading(rules, path)
    return rules


def _allow_reading(rules: int, path: str) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        rule = struct.pack("<Qi", rights, descriptor)
        _check(
            _libc.syscall(
                ctypes.c_long(_LANDLOCK_ADD_RULE),
                ctypes.c_int(rules),
                ctypes.c_int(_LANDLOCK_PATH_BENEATH),
                rule,
                ctypes.c_uint(0),
            ),
            f"landlock_add_rule {path}",
        )
    finally:
        os.close(descriptor)


def landlock_restrict(rules: int) -> None:
    """Enter the rules for good."""
    _check(
        _libc.syscall(ctypes.c_long(_LANDLOCK_RESTRICT_SELF), ctypes.c_int(rules), ctypes.c_uint(0)),
        "landlock_restrict_self",
    )


def drop_capabilities() -> None:
    """Empty all five capability sets; the bounding set as far as this process may."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(ctypes.c_int(_PR_CAPBSET_DROP), ctypes.c_ulong(capability), 0, 0, 0) < 0:
            # EPERM: there was no privilege to begin with. EINVAL: the kernel knows fewer capabilities.
            if ctypes.get_errno() == errno.EINVAL:
                break
            if ctypes.get_errno() != errno.EPERM:
                raise OSError(ctypes.get_errno(), "PR_CAPBSET_DROP")
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    _check(_libc.syscall(ctypes.c_long(_number("capset")), header, bytes(24)), "capset")


def limit_resources(limits: Mapping[int, int]) -> None:
    """Set soft and hard limits, keyed by resource.RLIMIT_*."""
    for kind, amount in limits.items():
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        resource.setrlimit(kind, (amount, amount))


def load_seccomp(program: bytes) -> None:
    """Install a filter program (packed struct sock_filter) for this process and all that would come of it."""
    if len(program) % 8 or not program:
        raise OSError(errno.EINVAL, "the filter program is damaged")
    buffer = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    _check(
        _libc.syscall(
            ctypes.c_long(_number("seccomp")), ctypes.c_uint(_SECCOMP_SET_MODE_FILTER), ctypes.c_uint(0), description
        ),
        "seccomp",
    )


def _number(name: str) -> int:
    numbers = _NUMBERS.get(platform.machine())
    if numbers is None:
        raise OSError(errno.ENOSYS, f"system call numbers of {platform.machine()} are not known")
    return numbers[name]


def _prctl(option: int, argument: int) -> None:
    _check(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), 0, 0, 0), f"prctl {option}")


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return int(result)
