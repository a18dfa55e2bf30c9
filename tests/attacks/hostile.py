"""A hostile submission: every function tries one thing, and returns normally only when it succeeded.

Loaded by test_attacks.py behind each wall (where each must fail) and, as a control, without one (where each must
succeed: an attack that never works proves nothing). `t` is a dict of targets, see the fixture `targets`.
Each function puts back what it changed.
"""

import ctypes
import errno
import gc
import hashlib
import importlib
import importlib.util
import io
import linecache
import os
import pickle
import signal
import socket
import struct
import sys
import time

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

X86 = {
    "process_vm_readv": 310,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "ptrace": 101,
    "io_uring_setup": 425,
    "userfaultfd": 323,
    "bpf": 321,
    "perf_event_open": 298,
    "keyctl": 250,
    "add_key": 248,
    "unshare": 272,
    "memfd_create": 319,
    "shmget": 29,
    "shmctl": 31,
    "msgget": 68,
    "msgctl": 71,
    "personality": 135,
    "openat2": 437,
    "inotify_init1": 294,
    "fanotify_init": 300,
    "timer_create": 222,
    "signalfd4": 289,
    "setns": 308,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "clone": 56,
    "kcmp": 312,
    "mount": 165,
    "chroot": 161,
    "timerfd_create": 283,
    "semget": 64,
    "semctl": 66,
    "mq_open": 240,
    "execve": 59,
    "mq_unlink": 241,
    "vmsplice": 278,
    "mlock": 149,
    "setitimer": 38,
    "clone3": 435,
    "sendmsg": 46,
    "sendto": 44,
    "landlock_create_ruleset": 444,
    "sched_setscheduler": 144,
    "set_mempolicy": 238,
    "sethostname": 170,
}
ARM = {
    "process_vm_readv": 270,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "ptrace": 117,
    "io_uring_setup": 425,
    "userfaultfd": 282,
    "bpf": 280,
    "perf_event_open": 241,
    "keyctl": 219,
    "add_key": 217,
    "unshare": 97,
    "memfd_create": 279,
    "shmget": 194,
    "shmctl": 195,
    "msgget": 186,
    "msgctl": 187,
    "personality": 92,
    "openat2": 437,
    "inotify_init1": 26,
    "fanotify_init": 262,
    "timer_create": 107,
    "signalfd4": 74,
    "setns": 268,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "clone": 220,
    "kcmp": 272,
    "mount": 40,
    "chroot": 51,
    "timerfd_create": 85,
    "semget": 190,
    "semctl": 191,
    "mq_open": 180,
    "execve": 221,
    "mq_unlink": 181,
    "vmsplice": 75,
    "mlock": 228,
    "setitimer": 103,
    "clone3": 435,
    "sendmsg": 211,
    "sendto": 206,
    "landlock_create_ruleset": 444,
    "sched_setscheduler": 119,
    "set_mempolicy": 237,
    "sethostname": 161,
}
NUMBERS = X86 if os.uname().machine == "x86_64" else ARM


def call(name, *arguments):
    """A system call by name; raises OSError as Python's own wrappers do."""
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(NUMBERS[name]), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def passes_the_filter(name, *arguments):
    """Whether the kernel looks at a call that can only be invalid. Refused by a filter, it fails with EPERM instead."""
    try:
        call(name, *arguments)
    except OSError as error:
        if error.errno == errno.EPERM:
            raise
    return True


# files


def file_read_hidden_test(t):
    return open(t["hidden"]).read()


def file_list_course(t):
    return os.listdir(os.path.dirname(t["hidden"]))


def file_stat_hidden_test(t):
    return os.stat(t["hidden"]).st_size


def file_read_by_proc_self_root(t):
    return open("/proc/self/root" + t["hidden"]).read()


def file_read_by_proc_of_grader(t):
    return open(f"/proc/{t['grader']}/root{t['hidden']}").read()


def file_read_by_cwd_of_grader(t):
    return os.listdir(f"/proc/{t['grader']}/cwd")


def file_read_by_many_parents(t):
    return open("../" * 40 + t["hidden"]).read()


def file_find_by_walking(t):
    top = os.path.dirname(os.path.dirname(t["hidden"]))
    return next(f for _, _, files in os.walk(top) for f in files if f.startswith("test_secret"))


def file_read_passwd(t):
    return open("/etc/passwd").read()


def file_list_var(t):
    return os.listdir("/var")


def file_list_proc(t):
    return next(p for p in os.listdir("/proc") if p.isdigit() and int(p) == t["grader"])


def file_read_mounts(t):
    return open("/proc/self/mountinfo").read()


def file_read_maps(t):
    return open("/proc/self/maps").read()


def file_import_pytest(t):
    sys.path[:0] = t["site"]
    return importlib.import_module("_pytest").__file__  # an import statement would give a stand-in


def file_import_grading(t):
    sys.path[:0] = [t["repository"]]
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    return importlib.import_module("grader.rubric").__file__


def file_write_beside_hidden(t):
    path = os.path.join(os.path.dirname(t["hidden"]), "planted.py")
    open(path, "w").close()
    os.unlink(path)
    return path


def file_append_hidden(t):
    open(t["hidden"], "a").close()
    return True


def file_delete_decoy(t):
    os.unlink(t["decoy"])
    open(t["decoy"], "w").close()
    return True


def file_rename_decoy(t):
    os.rename(t["decoy"], t["decoy"] + ".moved")
    os.rename(t["decoy"] + ".moved", t["decoy"])
    return True


def file_chmod_decoy(t):
    os.chmod(t["decoy"], 0o600)
    return True


def file_utime_decoy(t):
    os.utime(t["decoy"])
    return True


def file_append_numpy(t):
    open(np.__file__, "a").close()
    return True


def file_chmod_numpy(t):
    os.chmod(np.__file__, os.stat(np.__file__).st_mode & 0o7777)
    return True


def file_plant_in_numpy(t):
    path = os.path.join(os.path.dirname(np.__file__), "planted_by_test.py")
    open(path, "w").close()
    os.unlink(path)
    return True


def file_append_worker_code(t):
    open(sys.modules["grader.worker.wire"].__file__, "a").close()
    return True


def file_mkdir_tmp(t):
    path = f"/tmp/planted-{os.getpid()}-{time.time_ns()}"
    os.mkdir(path)
    os.rmdir(path)
    return True


def file_tempfile(t):
    import tempfile

    with tempfile.TemporaryFile() as file:
        return file.write(b"x")


def file_dev_shm(t):
    path = f"/dev/shm/planted-{os.getpid()}"
    open(path, "w").close()
    os.unlink(path)
    return True


def file_symlink(t):
    path = os.path.join(os.path.dirname(t["decoy"]), "planted-link")
    os.symlink("/etc/passwd", path)
    os.unlink(path)
    return True


def file_mkfifo(t):
    path = os.path.join(os.path.dirname(t["decoy"]), "planted-fifo")
    os.mkfifo(path)
    os.unlink(path)
    return True


def file_big_sparse(t):
    path = os.path.join(os.path.dirname(t["decoy"]), "planted-big")
    with open(path, "wb") as file:
        file.truncate(1 << 30)
    os.unlink(path)
    return True


def file_handle(t):
    handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0) + bytes(128))
    mount = ctypes.c_int()
    call("name_to_handle_at", ctypes.c_int(-100), t["decoy"].encode(), handle, ctypes.byref(mount), ctypes.c_int(0))
    return True


def file_openat2(t):
    how = struct.pack("<QQQ", 0, 0, 0)
    os.close(call("openat2", ctypes.c_int(-100), t["decoy"].encode(), how, ctypes.c_size_t(24)))
    return True


def file_memfd(t):
    os.close(call("memfd_create", b"x", ctypes.c_uint(0)))
    return True


def file_other_device(t):
    return open("/dev/zero", "rb").read(1)


def file_map_as_array(t):
    return bytes(np.memmap(t["hidden"], np.uint8, "r"))


def file_read_as_array(t):
    return np.fromfile(t["hidden"], np.uint8).tobytes()


def file_read_as_table(t):
    return str(np.genfromtxt(t["hidden"], dtype=str))


def file_read_by_pickle(t):
    """np.load runs what a pickle says: here, to open and read."""

    class Reader:
        def __reduce__(self):
            return eval, (f"open({t['hidden']!r}).read()",)

    return np.load(io.BytesIO(pickle.dumps(Reader())), allow_pickle=True)


def file_read_by_c_library(t):
    libc.fopen.restype = ctypes.c_void_p
    stream = libc.fopen(t["hidden"].encode(), b"r")
    if not stream:
        raise OSError(ctypes.get_errno(), "fopen")
    text = ctypes.create_string_buffer(100)
    libc.fread(text, 1, 99, ctypes.c_void_p(stream))
    libc.fclose(ctypes.c_void_p(stream))
    return text.value


def file_read_by_line_cache(t):
    text = linecache.getline(t["hidden"], 1)
    if not text:
        raise OSError("no line")
    return text


def file_execute_hidden_test(t):
    spec = importlib.util.spec_from_file_location("stolen", t["hidden"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SECRET


def file_open_without_reading(t):
    """A descriptor that can only be pointed with, which Landlock does not govern."""
    os.close(os.open(t["hidden"], os.O_PATH))
    return True


def file_reopen_what_was_pointed_at(t):
    descriptor = os.open(t["hidden"], os.O_PATH)
    try:
        return open(f"/proc/self/fd/{descriptor}").read()
    finally:
        os.close(descriptor)


def file_ask_whether_it_exists(t):
    if not os.access(t["hidden"], os.F_OK):
        raise FileNotFoundError(t["hidden"])
    return True


def file_enter_folder(t):
    before = os.getcwd()
    os.chdir(os.path.dirname(t["hidden"]))
    try:
        return open(os.path.basename(t["hidden"])).read()
    finally:
        os.chdir(before)


def file_link(t):
    os.link(t["decoy"], t["decoy"] + ".planted")
    os.unlink(t["decoy"] + ".planted")
    return True


def file_truncate_decoy(t):
    os.truncate(t["decoy"], os.stat(t["decoy"]).st_size)
    return True


def file_mark_decoy(t):
    os.setxattr(t["decoy"], "user.planted", b"x")
    os.removexattr(t["decoy"], "user.planted")
    return True


def file_save_array(t):
    path = os.path.join(os.path.dirname(t["decoy"]), "planted.npy")
    np.save(path, np.ones(3))
    os.unlink(path)
    return True


def file_database(t):
    import sqlite3

    path = os.path.join(os.path.dirname(t["decoy"]), "planted.sqlite")
    connection = sqlite3.connect(path)
    connection.execute("create table t (x)")
    connection.close()
    os.unlink(path)
    return True


def file_mode_of_new_files(t):
    os.umask(os.umask(0o22))
    return True


# secrets in the worker's own memory


def secret_environment(t):
    return os.environ[t["secret_name"]]


def secret_environment_of_grader(t):
    return open(f"/proc/{t['target']}/environ", "rb").read().index(t["secret_name"].encode())


def secret_command_line(t):
    return open(f"/proc/{t['target']}/cmdline", "rb").read(4)


def secret_descriptors_of_grader(t):
    return os.listdir(f"/proc/{t['target']}/fd")


def secret_memory_of_grader(t):
    with open(f"/proc/{t['target']}/mem", "rb", buffering=0) as memory:
        memory.seek(t["address"])
        return memory.read(8)


def secret_open_files_of_grader(t):
    return os.readlink(f"/proc/{t['grader']}/exe")


def secret_in_memory(t):
    """What the process that this one was forked from left in memory: all pages near any object, read without a fault.

    The kernel is asked to write them into a pipe, and refuses where nothing can be read. The secret is known by its
    beginning and a digest of the rest, so that it is not found where it is looked for.
    """
    pages = {id(thing) >> 12 for thing in gc.get_objects()}
    pages = sorted({page + offset for page in pages for offset in (-1, 0, 1)})
    prefix, length = bytes.fromhex(t["secret_prefix"]), t["secret_length"]
    readable, writable = os.pipe()
    try:
        for page in pages:
            count = libc.write(writable, ctypes.c_void_p(page << 12), ctypes.c_size_t(4096))
            if count <= 0:
                continue
            data = os.read(readable, count)
            at = data.find(prefix)
            while at >= 0:
                rest = data[at + len(prefix) : at + length]
                if hashlib.sha256(rest).hexdigest() == t["secret_digest"]:
                    return hex((page << 12) + at)
                at = data.find(prefix, at + 1)
    finally:
        os.close(readable)
        os.close(writable)
    raise LookupError(f"not in {len(pages)} pages")


def secret_in_objects(t):
    known = gc.get_objects()
    for thing in (*known, *gc.get_referents(*known)):  # a dict of nothing but bytes is not known to gc itself
        if isinstance(thing, dict) and t["secret_name"].encode() in thing:  # as os.environ keeps it
            return True
    raise LookupError("nowhere")


def secret_open_descriptors(t):
    """Descriptors beyond 0–3 that lead anywhere."""
    found = []
    for number in range(4, 256):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    if not found:
        raise OSError("no further descriptors")
    return found


# other processes


def process_signal_grader(t):
    os.kill(t["grader"], 0)
    return True


def process_signal_sibling(t):
    os.kill(t["sibling"], 0)
    return True


def process_signal_everybody(t):
    os.kill(-1, 0)
    return True


def process_see_any_other(t):
    mine = os.getpid()
    for number in range(2, 5000):
        if number != mine:
            try:
                os.kill(number, 0)
            except ProcessLookupError:
                continue
            except PermissionError:
                if mine == 1:
                    continue
            return number
    raise ProcessLookupError("nobody else")


def process_ptrace_grader(t):
    call("ptrace", ctypes.c_long(0x4206), ctypes.c_long(t["target"]), None, None)
    return True


def process_read_memory(t):
    buffer = ctypes.create_string_buffer(8)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
    remote = (ctypes.c_size_t * 2)(t["address"], 8)
    call(
        "process_vm_readv",
        ctypes.c_long(t["target"]),
        local,
        ctypes.c_ulong(1),
        remote,
        ctypes.c_ulong(1),
        ctypes.c_ulong(0),
    )
    return buffer.raw


def process_pidfd_open(t):
    os.close(call("pidfd_open", ctypes.c_int(t["target"]), ctypes.c_uint(0)))
    return True


def process_pidfd_getfd(t):
    descriptor = call("pidfd_open", ctypes.c_int(t["target"]), ctypes.c_uint(0))
    os.close(call("pidfd_getfd", ctypes.c_int(descriptor), ctypes.c_int(0), ctypes.c_uint(0)))
    return True


def process_renice(t):
    os.setpriority(os.PRIO_PROCESS, t["target"], 1)
    return True


def process_set_affinity(t):
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    return True


def process_time_of_other(t):
    """Processor time that another process has used: its number, complemented, is the number of a clock."""
    return time.clock_gettime_ns((~t["target"] << 3) | 2)


def process_affinity_of_other(t):
    return os.sched_getaffinity(t["target"])


def process_group_of_other(t):
    return os.getpgid(t["target"])


def process_priority_of_other(t):
    return os.getpriority(os.PRIO_PROCESS, t["target"])


def process_signal_by_descriptor(t):
    """Have the kernel signal another process when something arrives."""
    import fcntl

    readable, writable = os.pipe()
    try:
        fcntl.fcntl(readable, fcntl.F_SETOWN, t["target"])
    finally:
        os.close(readable)
        os.close(writable)
    return True


def process_real_time(t):
    call("sched_setscheduler", ctypes.c_int(0), ctypes.c_int(3), struct.pack("<i", 0))
    call("sched_setscheduler", ctypes.c_int(0), ctypes.c_int(0), struct.pack("<i", 0))
    return True


def process_rename(t):
    if libc.prctl(ctypes.c_int(15), b"python3", 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return True


def process_change_user(t):
    os.setresuid(os.getuid(), os.getuid(), os.getuid())
    return True


def process_limits_of_other(t):
    import resource

    return resource.prlimit(t["target"], resource.RLIMIT_NOFILE)


# new processes and threads


def spawn_fork(t):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def spawn_daemon(t):
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.2)
        os._exit(0)
    os.waitpid(child, 0)
    return True


def spawn_bomb(t):
    children = []
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                time.sleep(0.5)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return len(children)


def spawn_subprocess(t):
    import subprocess

    return subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True).stdout


def spawn_system(t):
    if os.system("true") != 0:
        raise OSError("refused")
    return True


def spawn_posix_spawn(t):
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    return True


def spawn_thread(t):
    import threading

    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    return True


def spawn_multiprocessing(t):
    import multiprocessing

    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()
    return True


def spawn_raw_clone(t):
    child = call("clone", ctypes.c_ulong(signal.SIGCHLD), None, None, None, None)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def spawn_execute(t):
    """Become another program, one that does not exist: who becomes a real one does not come back to tell."""
    return passes_the_filter("execve", b"/nonexistent", None, None)


def spawn_raw_clone3(t):
    arguments = struct.pack("<QQQQQQQQ", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    child = call("clone3", arguments, ctypes.c_size_t(64))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def spawn_pool(t):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(abs, [-1, -2]))


def spawn_shell(t):
    with os.popen("echo 1") as output:
        return output.read()


# network


def net_tcp(t):
    with socket.create_connection(("127.0.0.1", t["tcp"]), timeout=2) as connection:
        return connection.send(b"x")


def net_udp(t):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("127.0.0.1", t["udp"]))
        return s.send(b"x")


def net_unix(t):
    with socket.socket(socket.AF_UNIX) as s:
        return s.connect(t["unix"]) is None


def net_abstract(t):
    with socket.socket(socket.AF_UNIX) as s:
        return s.connect(b"\0" + t["abstract"].encode()) is None


def net_listen(t):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        return s.getsockname()


def net_netlink(t):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as s:
        s.bind((0, 0))
    return True


def net_resolve(t):
    return socket.getaddrinfo("localhost", 80)


def net_kernel_cryptography(t):
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as s:
        s.bind(("hash", "sha256"))
    return True


def net_host_of_machine(t):
    """The way out of a virtual machine."""
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()
    return True


def net_packets(t):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    return True


def net_server_library(t):
    import http.server

    http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler).server_close()
    return True


def net_send_descriptors(t):
    """Descriptors in flight are a part of the kernel that was broken before; here the socket does not exist."""
    return passes_the_filter("sendmsg", ctypes.c_int(-1), None, ctypes.c_int(0))


def net_urgent_byte(t):
    """So are urgent bytes on sockets between processes."""
    urgent = ctypes.c_int(1)
    return passes_the_filter("sendto", ctypes.c_int(-1), b"x", ctypes.c_size_t(1), urgent, None, ctypes.c_int(0))


def net_socketpair(t):
    for s in socket.socketpair():
        s.close()
    return True


# memory that limits on address space do not see, and channels between workers


def memory_sysv_shm(t):
    number = call("shmget", ctypes.c_int(0), ctypes.c_size_t(4096), ctypes.c_int(0o1600))
    call("shmctl", ctypes.c_int(number), ctypes.c_int(0), None)
    return True


def memory_message_queue(t):
    number = call("msgget", ctypes.c_int(0), ctypes.c_int(0o1600))
    call("msgctl", ctypes.c_int(number), ctypes.c_int(0), None)
    return True


def memory_semaphore(t):
    number = call("semget", ctypes.c_int(0), ctypes.c_int(1), ctypes.c_int(0o1600))
    call("semctl", ctypes.c_int(number), ctypes.c_int(0), ctypes.c_int(0))
    return True


def memory_many_pipes(t):
    ends = []
    try:
        while len(ends) < 200:
            ends += os.pipe()
    finally:
        for end in ends:
            os.close(end)
    return True


def memory_locked(t):
    page = ctypes.create_string_buffer(4096)
    call("mlock", page, ctypes.c_size_t(4096))
    return True


def memory_large_pipe(t):
    import fcntl

    readable, writable = os.pipe()
    try:
        return fcntl.fcntl(writable, 1031, 1 << 20)  # F_SETPIPE_SZ
    finally:
        os.close(readable)
        os.close(writable)


def memory_given_to_pipe(t):
    readable, writable = os.pipe()
    try:
        page = ctypes.create_string_buffer(4096)
        vector = (ctypes.c_size_t * 2)(ctypes.addressof(page), 4096)
        return call("vmsplice", ctypes.c_int(writable), vector, ctypes.c_ulong(1), ctypes.c_uint(0))
    finally:
        os.close(readable)
        os.close(writable)


def memory_many_files(t):
    """More descriptors than a worker may have."""
    found = []
    try:
        while len(found) < 100:
            found.append(os.dup(0))
    finally:
        for descriptor in found:
            os.close(descriptor)
    return True


def memory_huge(t):
    """20 GiB of address space; nothing is touched."""
    return np.empty(20 << 30, np.uint8).nbytes


def memory_raise_limit(t):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return True


# the kernel's surface


def kernel_io_uring(t):
    os.close(call("io_uring_setup", ctypes.c_uint(8), ctypes.create_string_buffer(256)))
    return True


def kernel_userfaultfd(t):
    os.close(call("userfaultfd", ctypes.c_int(1)))
    return True


def kernel_perf(t):
    attributes = struct.pack("<IIQ", 1, 136, 1) + bytes(120)
    os.close(
        call("perf_event_open", attributes, ctypes.c_int(0), ctypes.c_int(-1), ctypes.c_int(-1), ctypes.c_ulong(0))
    )
    return True


def kernel_bpf(t):
    attributes = struct.pack("<IIIII", 2, 4, 8, 1, 0) + bytes(52)  # BPF_MAP_CREATE, an array of one
    os.close(call("bpf", ctypes.c_int(0), attributes, ctypes.c_int(72)))
    return True


def kernel_keyring(t):
    return call("add_key", b"user", b"planted", b"x", ctypes.c_size_t(1), ctypes.c_int(-3))


def kernel_new_user_namespace(t):
    call("unshare", ctypes.c_int(0x10000000))
    return True


def kernel_personality(t):
    return call("personality", ctypes.c_ulong(0xFFFFFFFF)) >= 0


def kernel_inotify(t):
    os.close(call("inotify_init1", ctypes.c_int(0)))
    return True


def kernel_fanotify(t):
    os.close(call("fanotify_init", ctypes.c_uint(0x200), ctypes.c_uint(0)))
    return True


def kernel_timer(t):
    return call("timer_create", ctypes.c_int(1), None, ctypes.create_string_buffer(8)) >= 0


def kernel_timerfd(t):
    os.close(call("timerfd_create", ctypes.c_int(1), ctypes.c_int(0)))
    return True


def kernel_signalfd(t):
    os.close(call("signalfd4", ctypes.c_int(-1), bytes(8), ctypes.c_size_t(8), ctypes.c_int(0)))
    return True


def kernel_kcmp(t):
    mine = os.getpid()
    return (
        call("kcmp", ctypes.c_int(mine), ctypes.c_int(mine), ctypes.c_int(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) >= 0
    )


def kernel_become_dumpable(t):
    if libc.prctl(ctypes.c_int(4), ctypes.c_ulong(1), 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return True


def kernel_alarm(t):
    """A time bomb: a signal that comes when the call is over."""
    signal.setitimer(signal.ITIMER_REAL, 1000)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return True


def kernel_landlock(t):
    return call("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(1))


def kernel_memory_policy(t):
    return call("set_mempolicy", ctypes.c_int(0), None, ctypes.c_ulong(0)) >= 0


def kernel_host_name(t):
    name = os.uname().nodename.encode()
    call("sethostname", name, ctypes.c_size_t(len(name)))
    return True


def kernel_message_queue(t):
    """A queue of POSIX, which outlives its maker."""
    descriptor = call("mq_open", b"planted", ctypes.c_int(os.O_CREAT | os.O_RDWR), ctypes.c_uint(0o600), None)
    os.close(descriptor)
    call("mq_unlink", b"planted")
    return True


def kernel_mount(t):
    return passes_the_filter("mount", None, b"/nonexistent", None, ctypes.c_ulong(0), None)


def kernel_change_root(t):
    call("chroot", b"/")
    return True


def kernel_32_bit_call(t):
    """getpid by int 0x80, the entry of 32-bit programs, which a filter for 64-bit numbers would misread."""
    import mmap

    code = mmap.mmap(-1, 4096, prot=7)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    return run()
