"""A disruptive submission: functions that hang, crash, flood, or attack the connection itself.

None of these reads anything; what they try is to harm the grader, the next call, or the next submission, or to be
taken for a right answer. What each must come to is in test_disruption.py.
"""

import atexit
import ctypes
import gc
import os
import signal
import socket
import struct
import sys
import time

import numpy as np

PREFIX = struct.Struct("<4sIQ")
MAGIC = b"GRW1"


def right(x):
    """What an honest submission does; called before and after the others."""
    return x + 1


# hanging


def spin(x):
    while True:
        pass


def spin_in_blas(x):
    a = np.ones((1500, 1500))
    while True:
        a @ a


def spin_in_regex(x):
    import re

    re.match(r"(a+)+$", "a" * 40 + "b")


def sleep_forever(x):
    while True:
        time.sleep(1000)


def stop_itself(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:
        time.sleep(1)


def ignore_all_signals(x):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass


def catch_everything(x):
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            continue


# ending


def segfault(x):
    ctypes.string_at(0)


def abort(x):
    os.abort()


def exit_at_once(x):
    os._exit(0)


def exit_as_if_locked_out(x):
    """With the code by which a worker says that it could not lock itself in, which would be the grader's fault."""
    print("the grader is broken: full marks for everybody", flush=True)
    os._exit(97)


def exit_politely(x):
    sys.exit(0)


def interrupt(x):
    raise KeyboardInterrupt


def recurse_without_limit(x):
    sys.setrecursionlimit(10**9)

    class Endless:
        def __repr__(self):
            return repr(self)

    return repr(Endless())


def recurse(x):
    return recurse(x)


def raise_unprintable(x):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    raise Unprintable


def raise_endless_text(x):
    raise ValueError("x" * 10**8)


def raise_control_characters(x):
    raise ValueError("\x1b[2J\x1b]0;owned\x07 <script>alert(1)</script> ![](http://127.0.0.1/)")


def raise_named_by_input(x):
    """The class of the exception tells a hidden input."""
    raise type("Seen_" + "_".join(f"{value:.17e}" for value in np.ravel(x)) + "\x1b[2J", (Exception,), {})


def raise_many_causes(x):
    error = None
    for number in range(10_000):
        following = ValueError(number)
        following.__cause__ = error
        error = following
    raise error


def warn_often(x):
    import warnings

    for number in range(10_000):
        warnings.warn(f"{number}" * 100, UserWarning, stacklevel=1)
    return x


def close_connection(x):
    os.close(3)
    while True:
        time.sleep(1)


def exhaust_memory(x):
    kept = []
    while True:
        kept.append(np.ones(1 << 20))


# answers that are no data


def return_object_array(x):
    return np.array([object(), 1], dtype=object)


def return_always_equal(x):
    class Equal(np.ndarray):
        def __eq__(self, other):
            return True

    return np.zeros(3).view(Equal)


def return_function(x):
    return lambda: 1


def return_deep_list(x):
    nested = []
    for _ in range(10_000):
        nested = [nested]
    return nested


def return_itself(x):
    loop = []
    loop.append(loop)
    return loop


def return_huge_array(x):
    return np.zeros(300 << 20, np.uint8)


def return_many_items(x):
    return list(range(10**6))


def return_long_empty_axis(x):
    """An array of no bytes, of which a sum over the empty axis has 2**40 entries."""
    return np.empty((0, 2**40))


def return_huge_integer(x):
    return 1 << 100_000


def return_text_subclass(x):
    class Text(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    return Text("x" * 100)


def return_half_character(x):
    return "\ud800"


def return_liar(x):
    """Says that it is an array."""

    class Liar:
        __class__ = np.ndarray
        dtype, shape, nbytes = np.dtype(float), (3,), 24

        def __array__(self, *args, **kwargs):
            os._exit(1)

    return Liar()


def return_closed_memory(x):
    """An array over memory that is gone."""
    import mmap

    memory = mmap.mmap(-1, 1 << 20)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    array = np.frombuffer((ctypes.c_char * (1 << 20)).from_address(address), np.uint8)
    ctypes.CDLL(None).munmap(ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(1 << 20))
    return array


# time bombs and other changes to the process that answers


def trace_what_comes(x):
    """After the return, every function of the grader's code in this process runs under a hook that doubles results."""

    def tamper(frame, event, value):
        for local in list(frame.f_locals.values()):
            if type(local).__name__ == "Evaluation":
                local.value = x + 1
        return tamper

    sys.settrace(tamper)
    sys.setprofile(lambda *_: None)
    return x


def listen_to_everything(x):
    def hook(event, arguments):
        if event == "object.__getattr__":
            os._exit(1)

    sys.addaudithook(hook)
    return x


def die_when_collected(x):
    class Bomb:
        def __del__(self):
            os.write(1, b"late")

    bomb = Bomb()
    bomb.itself = bomb
    gc.set_threshold(1)
    return x


def replace_imports(x):
    import builtins
    import importlib

    builtins.__import__ = importlib.import_module = lambda *args, **kwargs: None
    sys.modules.clear()
    sys.path.clear()
    return x


def replace_wire(x):
    """The functions that write the answer, replaced in this process: the answer is noise."""
    wire = next(m for n, m in sys.modules.items() if n.endswith("worker.wire"))
    wire.encode = lambda *args, **kwargs: [os.urandom(4096)]
    return x


def catch_signals(x):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGSEGV):
        signal.signal(number, lambda *_: os._exit(0))
    return x


# bytes on the connection


def _send(data):
    os.write(3, data)
    time.sleep(30)


def send_long_header(x):
    _send(PREFIX.pack(MAGIC, 0xFFFFFFFF, 10))


def send_long_body(x):
    _send(PREFIX.pack(MAGIC, 10, 2**63))


def send_noise(x):
    _send(os.urandom(100_000))


def send_array_bomb(x):
    _send(PREFIX.pack(MAGIC, 5, 0) + b"\xdd\xff\xff\xff\xff")


def send_map_bomb(x):
    _send(PREFIX.pack(MAGIC, 5, 0) + b"\xdf\xff\xff\xff\xff")


def send_nest_bomb(x):
    _send(PREFIX.pack(MAGIC, 100_000, 0) + b"\x91" * 100_000)


def send_nothing_in_pieces(x):
    os.write(3, PREFIX.pack(MAGIC, 1_000_000, 0))
    while True:
        os.write(3, b"\0")
        time.sleep(0.05)


def send_without_end(x):
    os.write(3, PREFIX.pack(MAGIC, 10, 200 << 20))
    while True:
        os.write(3, bytes(65536))


def _frame(name, **content):
    """A frame made with the wire code that lies in this very process."""
    wire = next(m for n, m in sys.modules.items() if n.endswith("worker.wire"))
    return b"".join(bytes(part) for part in wire.encode(getattr(wire, name)(**content)))


def _evaluations(values):
    wire = next(m for n, m in sys.modules.items() if n.endswith("worker.wire"))
    return [wire.Evaluation(value) for value in values]


def answer_next_call(x):
    """A forged answer waits on the connection before the next question is asked."""
    os.write(3, _frame("Returned", id=12345, evaluations=_evaluations([x + 1])))
    return x + 1


def answer_twice(x):
    """One's own answer with the right id, and then another one by returning."""
    os.write(3, _frame("Returned", id=_call_id(), evaluations=_evaluations([x + 1])))
    return x + 1


def answer_too_much(x):
    """More values than were asked for."""
    os.write(3, _frame("Returned", id=_call_id(), evaluations=_evaluations([x + 1] * 3)))
    time.sleep(30)


def answer_as_loaded(x):
    """An answer of the wrong kind."""
    os.write(3, _frame("Loaded", id=_call_id(), functions={}, findings=[]))
    time.sleep(30)


def answer_for_itself(x):
    """A forged answer that is right: equal to returning it, and so worth no more."""
    os.write(3, _frame("Returned", id=_call_id(), evaluations=_evaluations([x + 1])))
    while True:
        time.sleep(1)


def _call_id():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Call":
                return value.id
        frame = frame.f_back
    return 0


def ask_for_unknown_function(x):
    """A callback to a handle that was never given."""
    os.write(3, _frame("Callback", id=_call_id(), callback=1, handle=7, args=[x]))
    time.sleep(30)


def claim_changed_arguments(x):
    """Positions of arguments that do not exist, which a learner would be told: a message of any length."""
    wire = next(m for n, m in sys.modules.items() if n.endswith("worker.wire"))
    evaluations = [wire.Evaluation(x, [1 << 62, 77])]
    os.write(3, _frame("Returned", id=_call_id(), evaluations=evaluations))
    time.sleep(30)


def claim_to_have_raised(x):
    """A made-up line of code with control characters, and a line number beyond the file."""
    frames = [next(m for n, m in sys.modules.items() if n.endswith("worker.wire")).Frame(10**15, "f", "\x1b[2J")]
    message = _frame("Raised", id=_call_id(), index=0, exception="\x1b]0;owned\x07", message="\x1b[2J", frames=frames)
    os.write(3, message)
    time.sleep(30)


def send_progress(x):
    """Progress, which belongs to loading, without end."""
    frames = _frame("Progress", id=_call_id(), statement=1, line=1) * 1000
    while True:
        os.write(3, frames)


def ask_without_end(x):
    """As long as there is an answer, one more question."""
    while True:
        right(x)


def ask_for_work(x):
    """Has a function of the trusted side do the work: the number of rounds is ours."""
    return work_for(10**12)


def ask_for_memory(x):
    return space_for(10**12)


def ask_with_large_arguments(x):
    return right(np.ones(100 << 20, np.uint8))


def work_for(rounds):
    raise NotImplementedError


def space_for(count):
    raise NotImplementedError


def ask_for_answer_by_name(x):
    """A callback that guesses the first handle."""
    os.write(3, _frame("Callback", id=_call_id(), callback=1, handle=0, args=[x]))
    time.sleep(30)


# output


def flood_print(x):
    while True:
        print("x" * 1000)


def flood_raw(x):
    block = b"y" * 65536
    while True:
        os.write(1, block)
        os.write(2, block)


def print_verdict(x):
    print('{"score": 100}\n1 passed in 0.01s')
    return x


# poison for what comes after


def poison_numpy(x):
    import builtins

    np.tanh = lambda value: value * 0 + 42
    np.allclose = np.array_equal = lambda *args, **kwargs: True
    np.testing.assert_allclose = lambda *args, **kwargs: None
    builtins.len = lambda value: 1
    return x


def poison_exit(x):
    atexit.register(lambda: os.write(3, b"late bytes"))
    return x


def poison_argument(x):
    x[...] = 1e9
    return x


def hunt_objects(x):
    """Types and names of everything in memory that could be a test, a reference or an expected value."""
    words = ("autograde", "misconception", "expected", "reference", "_pytest", "hidden")
    found = [n for n in sys.modules if any(word in n for word in words)]
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            found += [k for k in thing if isinstance(k, str) and k.startswith(("test_", "SECRET"))]
        elif isinstance(thing, socket.socket) and thing.fileno() not in (-1, 3):
            found.append(f"socket {thing.fileno()}")
    return sorted(set(found))


def hunt_frames(x):
    """Local names of all callers."""
    names, frame = [], sys._getframe().f_back
    while frame is not None:
        names += list(frame.f_locals)
        frame = frame.f_back
    return names


_kept = []


def keep_stand_in(x):
    """Called with its helper replaced by the reference: keeps the stand-in for later."""
    _kept.append(right)
    return right(x)


def use_kept_stand_in(x):
    """Later, in a call without replacement."""
    return _kept[0](x)


def describe_stand_in(x):
    """All that can be learned about a stand-in without calling it."""
    closure = [str(cell.cell_contents) for cell in (getattr(right, "__closure__", None) or ())]
    words = [right.__name__, str(right.__doc__), *closure, *map(str, getattr(right, "__defaults__", None) or ())]
    return words + [name for name in dir(right) if not name.startswith("__")]
