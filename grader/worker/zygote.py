"""The zygote: a process with Python and NumPy loaded and no secrets, from which every worker is forked.

Theory of operation. The trusted process starts the zygote once (inside bubblewrap, in mode `full`) and keeps one end of
a SOCK_SEQPACKET socket, the control channel; the zygote answers on the other. Every message is one msgpack datagram:

    → Start{program, readable, …} + [memfd with the seccomp program]        ← Ready{…}
    → Spawn{worker, limits} + [worker's end of its call socket, pipe for its output]   ← Spawned{worker} + [pidfd]
    ← Exited{worker, status, cpu, memory}                                   when a worker ended and was waited for

In mode `full` the process that bubblewrap starts is the *waiter*: it makes a user and a PID namespace, forks the
zygote as init of that, and waits, so that the zygote's end is its own. The new user namespace does not own the
mounts, so
a capability in it can change nothing there. Each worker gets a PID namespace of its own by unshare, fork, and going
back: it is init in there, sees nobody, and killing it kills all that it may have started.

A worker shuts the doors in a fixed order: descriptors, no new privileges, Landlock, capabilities, limits, and seccomp
last, because
the earlier steps need calls that it forbids. Whatever fails there ends the process with LOCKDOWN_FAILED before the
submission is even received.

The end: when the control channel closes, the zygote exits; when the zygote ends, the kernel kills its workers
(PDEATHSIG
everywhere, the PID namespace in mode `full`); bubblewrap dies with the trusted process (--die-with-parent).
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import random
import select
import signal
import socket
import sys
from typing import Any, NoReturn

import numpy as np

from . import lockdown, serve
from .control import (
    LOCKDOWN_FAILED,
    LONGEST_DATAGRAM,
    Exited,
    Failed,
    Ready,
    Spawn,
    Spawned,
    Start,
    decode_order,
    encode,
)

_CALLS, _OUTPUT = 3, 1  # a worker's descriptors: calls on 3, output on 1 and 2, nothing else
_FIRST_FREE = 64  # above every fixed descriptor; those in use are moved there before the fixed ones are filled


def main() -> None:
    """Run with sys.argv = [_, control descriptor, "nobody"?, "waiter"?]; never returns normally."""
    control_number, *options = sys.argv[1:]
    control = socket.socket(fileno=int(control_number))
    try:
        if "nobody" in options:
            _become_nobody()
        if "waiter" in options:
            _become_init_of_new_namespaces(control)
        lockdown.die_with_parent()
        Zygote(control).serve()
    except Exception as error:
        control.send(encode(Failed(f"{type(error).__name__}: {error}")))
        raise


def _become_nobody() -> None:
    """Give up root for the user 65534, which owns nothing."""
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)


def _become_init_of_new_namespaces(control: socket.socket) -> None:
    """Return in a child that is init of a new PID namespace, owned by a user namespace that owns no mounts."""
    lockdown.unshare(lockdown.CLONE_NEWUSER | lockdown.CLONE_NEWPID)
    child = os.fork()
    if child:
        control.close()
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


class Zygote:
    """Forks workers and waits for them. `control` is the zygote's end of the control channel."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._workers: dict[int, int] = {}  # process → worker
        self._home = -1
        self._rules = -1
        self._program = b""

    def serve(self) -> NoReturn:
        """Answer until the control channel closes."""
        self._start()
        children, poll = _watch_children(), select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(children, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == children:
                    os.read(children, 4096)
                    self._reap()
                else:
                    self._take()

    def _start(self) -> None:
        data, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_DATAGRAM, 1)
        start = decode_order(data)
        assert isinstance(start, Start)
        if start.has_seccomp:
            self._program = os.pread(descriptors[0], 1 << 20, 0)
        for descriptor in descriptors:
            os.close(descriptor)
        if start.has_landlock:
            self._rules = lockdown.landlock_ruleset(start.readable)
        if start.has_own_pid_namespaces:
            self._home = os.pidfd_open(os.getpid())
        lockdown.become_subreaper()
        np.random.seed(0)  # legacy global state: the same in every worker
        random.seed(0)
        gc.collect()
        gc.freeze()  # the collector would otherwise touch, and so copy, every page in every worker
        self._control.send(encode(Ready(lockdown.landlock_abi(), np.__version__)))

    def _take(self) -> None:
        data, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_DATAGRAM, 2)
        if not data:
            os._exit(0)
        spawn = decode_order(data)
        assert isinstance(spawn, Spawn)
        if self._home >= 0:
            lockdown.unshare(lockdown.CLONE_NEWPID)
        process = os.fork()
        if process == 0:
            self._become_worker(spawn, descriptors)
        if self._home >= 0:
            lockdown.setns(self._home, lockdown.CLONE_NEWPID)
        handle = os.pidfd_open(process)
        self._workers[process] = spawn.worker
        socket.send_fds(self._control, [encode(Spawned(spawn.worker))], [handle])
        for descriptor in (handle, *descriptors):
            os.close(descriptor)

    def _reap(self) -> None:
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            worker = self._workers.pop(process, None)
            if worker is not None:
                self._control.send(
                    encode(
                        Exited(
                            worker,
                            os.waitstatus_to_exitcode(status),
                            usage.ru_utime + usage.ru_stime,
                            usage.ru_maxrss * 1024,
                        )
                    )
                )

    def _become_worker(self, spawn: Spawn, descriptors: list[int]) -> NoReturn:
        try:
            calls = self._lock_down(spawn, descriptors)
        except BaseException as error:
            os.write(2, f"lock-down failed: {type(error).__name__}: {error}\n".encode())
            os._exit(LOCKDOWN_FAILED)
        code = 0
        try:
            serve.serve(calls)
        except BaseException:
            code = 1
        os._exit(code)

    def _lock_down(self, spawn: Spawn, descriptors: list[int]) -> socket.socket:
        lockdown.die_with_parent()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit is an error, no death
        rules = self._arrange_descriptors(*descriptors)
        os.setsid()
        if spawn.processor is not None:
            with contextlib.suppress(OSError):  # it went offline, and any other will do
                os.sched_setaffinity(0, {spawn.processor})
        lockdown.forbid_new_privileges()
        lockdown.forbid_inspection()
        if rules >= 0:
            lockdown.landlock_restrict(rules)
            os.close(rules)
        if self._program:
            lockdown.drop_capabilities()
        lockdown.limit_resources(spawn.limits)
        calls = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=_CALLS)
        if self._program:
            lockdown.load_seccomp(self._program)
        return calls

    def _arrange_descriptors(self, calls: int, output: int) -> int:
        """Leave 0 (nothing), 1 and 2 (output) and 3 (calls) open, and the rules for Landlock, which are returned."""
        calls, output = (fcntl.fcntl(number, fcntl.F_DUPFD, _FIRST_FREE) for number in (calls, output))
        rules = -1 if self._rules < 0 else fcntl.fcntl(self._rules, fcntl.F_DUPFD, _FIRST_FREE)
        os.dup2(output, _OUTPUT)
        os.dup2(output, _OUTPUT + 1)
        os.dup2(calls, _CALLS)
        top = _CALLS + 1
        if rules >= 0:
            os.dup2(rules, top, inheritable=False)
            rules, top = top, top + 1
        os.closerange(top, 1 << 16)
        return rules


def _watch_children() -> int:
    """A descriptor that becomes readable whenever a child ended."""
    readable, writable = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _nothing)
    return readable


def _nothing(*_: Any) -> None:
    """A handler must be set for the wakeup descriptor to be written."""
