"""Every function of `hostile` fails behind every wall and leaves nothing behind; without a wall each is proven to work.

The proof: the same function, in a worker without a wall, or in a plain fork of this process where such a worker has
nothing to lose (its environment is empty, too, and its memory holds no secrets). An attack that a machine does not
allow to anybody proves nothing there; which ones that may be, and why, is in `NEEDS`.
"""

import ast
import contextlib
import os
from pathlib import Path

import pytest

from grader.model import Limits
from grader.sandbox.client import WorkerDied, WorkerLost, WorkerRaised, WorkerRefused
from grader.worker import wire

ATTACKS = [
    node.name
    for node in ast.parse(Path(__file__).with_name("hostile.py").read_text()).body
    if isinstance(node, ast.FunctionDef) and [argument.arg for argument in node.args.args] == ["t"]
]
ENOUGH = 60
IN_A_CHILD = {
    "secret_environment": "every worker's environment is empty",
    "secret_open_descriptors": "every worker has four",
    "secret_in_memory": "no worker's memory ever held the secret",
    "secret_in_objects": "no worker's memory ever held the secret",
    "memory_huge": "every worker has a limit",
    "memory_raise_limit": "a worker's hard limit is low even for root",
}
NEEDS = {
    "file_append_numpy": "to own NumPy's files",
    "file_append_worker_code": "to own the grader's files",
    "file_chmod_numpy": "to own NumPy's files",
    "file_plant_in_numpy": "to own NumPy's files",
    "file_mark_decoy": "a file system with extended attributes of users",
    "memory_locked": "a limit on locked memory above 0",
    "memory_sysv_shm": "System V shared memory",
    "memory_message_queue": "System V message queues",
    "memory_semaphore": "System V semaphores",
    "process_ptrace_grader": "Yama that does not restrict tracing",
    "process_read_memory": "Yama that does not restrict tracing",
    "process_pidfd_getfd": "Yama that does not restrict tracing",
    "secret_memory_of_grader": "Yama that does not restrict tracing",
    "process_real_time": "a kernel with scheduling classes for batches",
    "net_kernel_cryptography": "cryptography as sockets in the kernel",
    "net_host_of_machine": "sockets to the host of a virtual machine in the kernel",
    "net_packets": "root",
    "net_resolve": "a resolver",
    "kernel_32_bit_call": "a 64-bit x86 kernel that runs 32-bit programs",
    "kernel_bpf": "root, or BPF for everybody",
    "kernel_change_root": "root",
    "kernel_fanotify": "root, or a kernel from 5.13 on",
    "kernel_host_name": "root",
    "kernel_io_uring": "io_uring, which some machines disable",
    "kernel_kcmp": "kcmp in the kernel",
    "kernel_keyring": "keyrings in the kernel",
    "kernel_landlock": "Landlock",
    "kernel_memory_policy": "NUMA in the kernel",
    "kernel_message_queue": "POSIX message queues in the kernel",
    "kernel_new_user_namespace": "user namespaces",
    "kernel_perf": "performance counters for everybody",
    "kernel_userfaultfd": "userfaultfd for everybody, or a kernel from 5.11 on",
    "file_handle": "a file system with handles",
    "memory_raise_limit": "root, when the limit is low already",
}
# What gets through a reduced wall, and why that is accepted there. Nothing gets through the full one.
DIFFERENCES = {
    "reduced, without Landlock": {},
    "reduced, without namespaces": {
        "file_stat_hidden_test": "Landlock does not govern stat: names, sizes and times of files can be asked for",
        "file_ask_whether_it_exists": "Landlock does not govern access",
        "file_open_without_reading": "Landlock does not govern descriptors that nothing can be read from",
    },
}
# How a refusal looks to Python. Anything else is a mistake of the attack, and no proof of a wall.
REFUSALS = {
    *("FileNotFoundError", "OSError", "PermissionError", "ProcessLookupError", "OperationalError", "gaierror"),
    *("KeyError", "LookupError", "MemoryError", "StopIteration"),
}
OTHER_REFUSALS = {
    "memory_raise_limit": "ValueError",  # what setrlimit raises
    "kernel_alarm": "itimer_error",  # an OSError, but not by that name
    "file_read_by_pickle": "UnpicklingError",  # whatever went wrong in np.load
    "spawn_thread": "RuntimeError",
    "spawn_pool": "RuntimeError",
    "file_import_pytest": "ModuleNotFoundError",
    "file_import_grading": "ModuleNotFoundError",
}


def attempt(zygote, source, attack, told):
    """Why `attack` failed, as the class of its exception; None if it succeeded."""
    with contextlib.ExitStack() as stack:
        worker = stack.enter_context(zygote.spawn(Limits()))
        if attack.endswith("sibling"):
            told = {**told, "sibling": process_of(stack.enter_context(zygote.spawn(Limits())))}
        worker.load("hostile.py", source, (attack,), skip=(), deadline_seconds=10)
        try:
            worker.call(attack, [wire.Arguments([told])], wall_seconds=20, replacements={})
        except WorkerRaised as error:
            return error.reply.exception
        except WorkerRefused:
            return None  # it returned, if no data
        except WorkerDied as error:
            return error.exit_status.signal or "exit"
        except WorkerLost as error:
            return type(error).__name__
    return None


def process_of(worker):
    fields = Path(f"/proc/self/fdinfo/{worker.handle}").read_text().split()
    return int(fields[fields.index("Pid:") + 1])


@pytest.fixture(scope="module")
def controls(unwalled, hostile, told, only, in_a_child):
    """What became of every attack where nothing stops it."""
    return {
        attack: in_a_child(only(hostile, attack), attack, told)
        if attack in IN_A_CHILD
        else attempt(unwalled, only(hostile, attack), attack, told)
        for attack in ATTACKS
    }


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_works_where_there_is_no_wall(controls, attack):
    failure = controls[attack]

    if failure is not None and attack in NEEDS:
        pytest.skip(f"needs {NEEDS[attack]}: {failure}")
    assert failure is None


def test_enough_attacks_are_proven_here(controls):
    assert sum(failure is None for failure in controls.values()) >= ENOUGH


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.usefixtures("still_healthy", "nothing_is_left")
def test_an_attack_fails_behind_the_wall(walled, hostile, told, only, attack):
    failure = attempt(walled, only(hostile, attack), attack, told)

    if attack in DIFFERENCES.get(walled.wall_name, {}):
        assert failure is None, "the wall is better than the table of differences says"
    elif attack == "kernel_32_bit_call":
        assert failure in {"SIGSYS", "SIGSEGV"}
    else:
        assert failure in REFUSALS or failure == OTHER_REFUSALS.get(attack)


def test_root_gives_up_its_user(full, hostile):
    """The worker of a grader that runs as root is nobody, also to the kernel outside of all namespaces."""
    with full.spawn(Limits()) as worker:
        worker.load("hostile.py", hostile, (), skip=(), deadline_seconds=10)
        status = Path(f"/proc/{process_of(worker)}/status").read_text().splitlines()

    facts = {line.partition(":")[0]: line.split()[1:] for line in status if len(line.split()) > 1}
    me = str(os.getuid() or 65534)
    assert facts["Uid"] == [me] * 4
    assert {facts[name][0] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (facts["NoNewPrivs"], facts["Seccomp"]) == (["1"], ["2"])
