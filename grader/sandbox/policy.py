"""The system calls that a locked-down worker may make, as a filter program.

An allow-list: what NumPy, the memory allocator and reading files need. Everything else fails with EPERM, so that
Python sees an ordinary OSError. libseccomp resolves names to numbers and refuses foreign architectures (32-bit calls
end the
process). It is compiled in the trusted process, because importing the compiler takes longer than forking ten workers.
"""

from __future__ import annotations

import errno
import fcntl
import tempfile
from functools import lru_cache

from grader.errors import SandboxUnavailable

_ALLOWED = """
    read write readv writev pread64 poll ppoll select pselect6
    close fstat newfstatat stat lstat statx lseek open openat access faccessat faccessat2 readlink readlinkat getdents64
    getcwd mmap munmap mprotect mremap madvise brk mincore
    futex futex_waitv rseq set_robust_list get_robust_list sched_yield
    sigaltstack rt_sigaction rt_sigprocmask rt_sigreturn restart_syscall
    nanosleep gettimeofday time times getrusage getrandom getcpu membarrier
    getpid gettid getppid getuid geteuid getgid getegid getgroups uname sysinfo getrlimit
    epoll_create1 epoll_ctl epoll_wait epoll_pwait pipe2 eventfd2 dup exit exit_group
""".split()

_MSG_OOB = 1
_LAST_CLOCK = 15  # those above, negative ones in fact, are the processor time of any process
_TCGETS = 0x5401  # isatty
_FIOCLEX = 0x5451
_F_DUPFD_CLOEXEC = 1030
_HARMLESS_FCNTL = (fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, _F_DUPFD_CLOEXEC)


@lru_cache(maxsize=1)
def compiled() -> bytes:
    """The program as packed struct sock_filter. Raises SandboxUnavailable where libseccomp is missing."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise SandboxUnavailable(
            f"the seccomp compiler cannot be loaded ({error}); install it with `pip install pyseccomp`, and libseccomp "
            "with your system's package manager (Debian, Ubuntu: libseccomp2)"
        ) from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED:
        _allow(rules, pyseccomp, name)
    # The C library falls back to clone, which is denied, when clone3 does not seem to exist.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for command in _HARMLESS_FCNTL:
        rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for request in (_TCGETS, _FIOCLEX):
        rules.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    # Bytes of the call socket, and no others: descriptors (sendmsg) and urgent data pass through code of the kernel
    # that has been broken more than once (CVE-2021-0920, CVE-2025-38236).
    for name in ("sendto", "recvfrom"):
        rules.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _MSG_OOB, 0))
    for name in ("clock_gettime", "clock_getres", "clock_nanosleep"):
        rules.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(0, pyseccomp.LE, _LAST_CLOCK))
    rules.add_rule(pyseccomp.ALLOW, "sched_getaffinity", pyseccomp.Arg(0, pyseccomp.EQ, 0))
    # Reading a limit, of this process only.
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(rules: object, pyseccomp: object, name: str) -> None:
    """Allow `name` where this architecture has it: aarch64 lacks the older calls."""
    try:
        rules.add_rule(pyseccomp.ALLOW, name)  # type: ignore[attr-defined]  # the package has no types
    except (RuntimeError, OSError, ValueError):
        if pyseccomp.resolve_syscall(pyseccomp.Arch(), name) >= 0:  # type: ignore[attr-defined]
            raise
