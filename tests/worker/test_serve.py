"""The worker's loop, in a process of its own, over a socket pair."""

import io
import os
import re
import select
import socket
import sys
import time

import numpy as np
import pytest

from grader.worker import wire
from grader.worker.serve import serve
from grader.worker.wire import Arguments, CallbackReply, Handle, Loaded, Raised, Refused, Returned

LEFT_NORMALLY, PROTOCOL_ERROR, OTHER_ERROR = 0, 3, 4


class Peer:
    """The trusted side: a child process that serves, and a pipe with what it prints."""

    def __init__(self, **options):
        self.sock, other = socket.socketpair()
        self.output, output = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            self.sock.close()
            self._become_worker(other, output, options)
        other.close()
        os.close(output)
        self.sock.settimeout(20)

    @staticmethod
    def _become_worker(sock, output, options):
        code = OTHER_ERROR
        try:
            sys.stdout = sys.__stdout__ = io.TextIOWrapper(io.FileIO(output, "w"))
            sys.stderr = sys.__stderr__ = io.StringIO()
            serve(sock, **options)
            code = LEFT_NORMALLY
        except wire.ProtocolError:
            code = PROTOCOL_ERROR
        finally:
            os._exit(code)

    def close(self):
        """End the worker and give its exit code."""
        self.sock.close()
        os.close(self.output)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def send(self, message):
        for buffer in wire.encode(message):
            self.sock.sendall(buffer)

    def receive(self):
        header_length, body_length = wire.read_prefix(self._exactly(wire.PREFIX.size))
        header = self._exactly(header_length)
        return wire.decode(header, bytearray(self._exactly(body_length)), wire.FromWorker)

    def _exactly(self, length):
        data = b""
        while len(data) < length:
            piece = self.sock.recv(length - len(data))
            assert piece, "the worker has gone"
            data += piece
        return data

    def ask(self, message):
        self.send(message)
        return self.receive()

    def load(self, text, exercises=(), skip=()):
        """The reply to a Load, and the lines of the statements before which there was a Progress."""
        lines = []
        reply = self.ask(wire.Load(1, "student_file.py", text.encode(), list(exercises), list(skip)))
        while isinstance(reply, wire.Progress):
            lines.append(reply.line)
            reply = self.receive()
        return reply, lines

    def call(self, function, *args, replacements=None, **kwargs):
        return self.ask(wire.Call(2, function, [Arguments(list(args), kwargs)], replacements or {}))

    def printed(self):
        """What has arrived of the worker's prints so far."""
        return os.read(self.output, 1 << 16).decode() if select.select([self.output], [], [], 0)[0] else ""


@pytest.fixture
def peer():
    peer = Peer()
    yield peer
    assert peer.close() == LEFT_NORMALLY


def value_of(reply):
    assert isinstance(reply, Returned), reply
    (evaluation,) = reply.evaluations
    return evaluation.value


def test_a_submission_is_loaded_and_called(peer):
    reply, lines = peer.load("def f(x, y=0):\n    return x + y\nprint(f(1))\nf(undefined)\n", ["f", "g"])

    assert isinstance(reply, Loaded)
    assert reply.functions == {"f": wire.FunctionInfo("defined", 1), "g": wire.FunctionInfo("missing")}
    assert [finding.kind for finding in reply.findings] == ["statement_failed"]
    assert lines == [3, 4]
    assert np.array_equal(value_of(peer.call("f", np.arange(3.0), y=1)), [1, 2, 3])


def test_findings_of_any_size_fit_into_the_reply(peer):
    name = "x" * 100_000
    text = f"import {name}\nraise ValueError('{name}')\n{name}.{name}\ndef f({name}, {name}): pass\n" * 30

    reply, _ = peer.load(
        text + "\n".join(f"import é{i}{name}\nraise ValueError('\U0001f600' * 9999)" for i in range(40))
    )

    assert isinstance(reply, Loaded)
    assert {len(finding.detail) for finding in reply.findings} >= {500}


def test_a_second_load_replaces_the_first(peer):
    peer.load("def f(): return 1\n")
    peer.load("def g(): return 2\n")

    assert value_of(peer.call("g")) == 2
    assert isinstance(peer.call("f"), Raised)


def test_skipped_statements_do_not_run(peer):
    peer.load("x = 1\nx = 2\ndef f(): return x\n", skip=[1])

    assert value_of(peer.call("f")) == 1


def test_a_batch_gives_one_value_for_each_entry(peer):
    peer.load("def f(x): return x * x\n")

    reply = peer.ask(wire.Call(5, "f", [Arguments([i]) for i in range(1000)]))

    assert reply.id == 5
    assert [evaluation.value for evaluation in reply.evaluations] == [i * i for i in range(1000)]


@pytest.mark.parametrize("size", [3, 30_000])
def test_a_value_is_not_changed_by_later_evaluations(peer, size):
    peer.load(f"import numpy as np\nbuffer = np.zeros({size})\ndef f(x):\n    buffer[:] = x\n    return buffer\n")

    reply = peer.ask(wire.Call(2, "f", [Arguments([i]) for i in range(3)]))

    assert [evaluation.value[0] for evaluation in reply.evaluations] == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("pass", []),
        ("a[0] = 5", [0]),
        ("a *= 1", []),
        ("a[0] += 1; a[0] -= 1", []),
        ("a.shape = (3, 1)", [0]),
        ("a[1] = -0.0", [0]),
        ("b['W'][0] = 5", [1]),
        ("b['new'] = 5", [1]),
        ("del b['W']", [1]),
        ("b['W'] = b['W'].copy()", []),
        ("b['W'] = b['W'].tolist()", [1]),
        ("c.append(1)", [2]),
        ("c[0] = 8", [2]),
        ("c[0] = 7.0", [2]),
        ("d[0].add(3)", [3]),
        ("d[1][-1] = 3", [3]),
        ("e.normal()", []),
        ("f[-1] = 5", [5]),
        ("f[:] = f + 0", []),
        ("a[0] = 5; f[0] = 5", [0, 5]),
    ],
)
def test_arguments_changed_in_place_are_noticed(peer, body, changed):
    peer.load(f"def g(a, b, c, d, e, f):\n    {body}\n")
    nan = np.array([0.0, 0.0, np.nan])

    reply = peer.call("g", nan, {"W": nan}, [7, np.nan, 8], ({1, 2}, [1, 2]), np.random.default_rng(0), f=np.ones(9999))

    assert changed == reply.evaluations[0].changed


def test_every_entry_has_arguments_of_its_own(peer):
    peer.load("def f(x):\n    x += 1\n    return x\n")

    reply = peer.ask(wire.Call(2, "f", [Arguments([np.zeros(2)])] * 2))

    assert [evaluation.value.tolist() for evaluation in reply.evaluations] == [[1, 1], [1, 1]]


def test_a_generator_draws_what_the_original_draws(peer):
    peer.load("def f(rng): return rng.normal(size=3), rng.spawn(1)[0].random()\n")
    rng = np.random.default_rng(3)

    numbers, spawned = value_of(peer.call("f", rng))

    assert np.array_equal(rng.normal(size=3), numbers)
    assert rng.spawn(1)[0].random() == spawned


def test_global_random_numbers_are_the_same_for_every_evaluation(peer):
    peer.load("import random\nimport numpy as np\ndef f(): return np.random.randn(3).tolist(), random.random()\n")

    reply = peer.ask(wire.Call(2, "f", [Arguments([])] * 2))

    first, second = (evaluation.value for evaluation in reply.evaluations)
    assert first == second == value_of(peer.call("f"))


ERRORS = {
    "ValueError": ("raise ValueError('no')", "no"),
    "KeyError": ("{}['W1']", "'W1'"),
    "NotImplementedError": ("raise NotImplementedError('f')", "f"),
    "SystemExit": ("import sys; sys.exit(3)", "3"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", ""),
    "GeneratorExit": ("raise GeneratorExit", ""),
    "RecursionError": ("f()", "maximum recursion depth exceeded"),
    "MemoryError": ("import numpy; numpy.ones(1 << 57)", "Unable to allocate"),
    "Evil": ("raise Evil", "(its text could not be made)"),
    "Long": ("raise Long", "x" * 2000),
    "UnicodeError": ("raise UnicodeError('\\ud800')", "?"),
}


@pytest.mark.parametrize(("name", "body", "message"), [(name, *case) for name, case in ERRORS.items()], ids=ERRORS)
def test_an_exception_is_reported_with_its_line(peer, name, body, message):
    peer.load(
        "class Evil(Exception):\n    def __str__(self): raise SystemExit\n"
        "class Long(Exception):\n    def __str__(self): return 'x' * 10**6\n"
        f"def f():\n    {body}\n"
    )

    reply = peer.call("f")

    assert isinstance(reply, Raised)
    assert (reply.id, reply.index, reply.exception) == (2, 0, name)
    assert reply.message.startswith(message)
    assert len(reply.message) <= 2000
    assert reply.frames[-1] == wire.Frame(6, "f", body)
    assert isinstance(peer.call("f"), Raised)


def test_the_first_entry_that_raises_is_named(peer):
    peer.load("def f(x): return 1 / x\n")

    reply = peer.ask(wire.Call(2, "f", [Arguments([x]) for x in (2, 1, 0, 0)]))

    assert (reply.index, reply.exception) == (2, "ZeroDivisionError")


@pytest.mark.parametrize(
    ("function", "exception", "message"),
    [
        ("two", "TypeError", "two() missing 1 required positional argument: 'b'"),
        ("three", "TypeError", "'int' object is not callable"),
        ("absent", "NameError", "name 'absent' is not defined"),
    ],
)
def test_a_call_that_does_not_reach_the_code_has_no_frames(peer, function, exception, message):
    peer.load("def two(a, b): pass\nthree = 3\n")

    reply = peer.call(function, 1)

    assert (exception, message, []) == (reply.exception, reply.message, reply.frames)


def test_a_call_before_the_first_load_is_a_name_error(peer):
    assert peer.call("f").exception == "NameError"


@pytest.mark.parametrize(
    ("value", "path", "kind"),
    [
        ("f", "", "a function"),
        ("{'a': [1, (x for x in [])]}", "['a'][1]", "a generator"),
        ("Evil()", "", "an object of type Evil"),
        ("EvilName()", "", "an object that cannot be read"),
        ("np.random.default_rng()", "", "a random generator"),
        ("np.broadcast_to(0.0, 1 << 40)", "", "an array or text of 8796093022208 bytes"),
        ("'x' * (2 << 20)", "", r"\d{7} bytes of text and numbers outside of arrays"),
    ],
)
def test_a_value_that_cannot_cross_is_refused(peer, value, path, kind):
    peer.load(
        "import numpy as np\n"
        "class Evil:\n    @property\n    def __class__(self): raise SystemExit\n"
        "class Meta(type):\n    @property\n    def __name__(cls): raise SystemExit\n"
        "class EvilName(metaclass=Meta): pass\n"
        f"def f(): return {value}\n"
    )

    reply = peer.call("f")

    assert isinstance(reply, Refused)
    assert (reply.id, reply.index, reply.path) == (2, 0, path)
    assert re.fullmatch(kind, reply.kind)


def test_a_result_beyond_the_limit_is_refused():
    peer = Peer(max_body=1000)
    peer.load("import numpy as np\ndef f(n): return np.zeros(n)\n")

    assert value_of(peer.call("f", 100)).shape == (100,)
    assert peer.call("f", 200).kind == "an array or text of 1600 bytes"
    assert peer.close() == LEFT_NORMALLY


def test_warnings_come_with_the_line_that_causes_them(peer):
    peer.load(
        "import warnings\nimport numpy as np\ndef f(x):\n    np.log(x)\n    np.mean([])\n"
        "    warnings.warn('old', DeprecationWarning)\n    return 0\n"
    )

    reply = peer.call("f", np.array([-1.0]))

    caught = {(warning.category, warning.line) for warning in reply.evaluations[0].warnings}
    assert caught == {("RuntimeWarning", 4), ("RuntimeWarning", 5), ("DeprecationWarning", 6)}


def test_a_line_warns_once_in_every_evaluation(peer):
    peer.load("import numpy as np\ndef f(x):\n    for _ in range(50): np.log(x)\n")

    reply = peer.ask(wire.Call(2, "f", [Arguments([np.array([-1.0])])] * 3))

    assert [len(evaluation.warnings) for evaluation in reply.evaluations] == [1, 1, 1]


def test_warnings_are_limited_in_number_and_length(peer):
    peer.load("import warnings\ndef f():\n    for i in range(50): warnings.warn(f'{i}' + 'x' * 10**5)\n")

    caught = peer.call("f").evaluations[0].warnings

    assert [warning.message[:2] for warning in caught[-2:]] == ["8x", "9x"]
    assert {len(warning.message) for warning in caught} == {2000}


def test_filters_that_the_code_sets_end_with_the_call(peer):
    peer.load("import warnings\ndef f(x):\n    warnings.warn('text')\n    warnings.simplefilter(x)\n")

    for action in ("ignore", "error", "always"):
        assert len(peer.call("f", action).evaluations[0].warnings) == 1


def test_prints_have_arrived_before_the_reply(peer):
    peer.load("print('loaded')\ndef f(): print('called')\n")
    assert peer.printed() == "loaded\n"

    peer.call("f")

    assert peer.printed() == "called\n"


@pytest.mark.parametrize("statement", ["sys.stdout.close()", "sys.stdout = None", "del sys.stdout", "sys.stdout = 3"])
def test_a_submission_may_spoil_its_output(peer, statement):
    peer.load(f"import sys\n{statement}\ndef f(): return 1\n")

    assert value_of(peer.call("f")) == 1


REPLACED = {"helper": Handle(7, "helper")}
CALLS_HELPER = "def helper(x): return 'mine'\ndef f(*args): return helper(*args)\n"


def answer(peer, *call, **options):
    """Send a call with `helper` replaced and give the callback that it leads to."""
    return peer.call(*call, replacements=REPLACED, **options)


def test_a_replacement_is_called_through_the_wall(peer):
    peer.load(CALLS_HELPER)

    callback = answer(peer, "f", np.arange(3), {"a": 1})
    value = value_of(peer.ask(CallbackReply(2, callback.callback, True, {"W": np.ones(2)})))

    assert isinstance(callback, wire.Callback)
    assert (callback.id, callback.handle, callback.kwargs) == (2, 7, {})
    assert callback.args[0].tolist() == [0, 1, 2]
    assert value["W"].tolist() == [1, 1]


@pytest.mark.parametrize("before", ["def helper(): return 'mine'\n", ""])
@pytest.mark.parametrize(
    "inside", ["helper()", "global helper; helper(); del helper", "global helper; helper = helper()"]
)
def test_after_the_call_everything_is_as_before(peer, before, inside):
    peer.load(f"{before}def f(): {inside}\ndef g(): return helper()\n")

    callback = answer(peer, "f")
    peer.ask(CallbackReply(2, callback.callback, True))
    reply = peer.call("g")

    if before:
        assert value_of(reply) == "mine"
    else:
        assert reply.exception == "NameError"


def test_a_replacement_ends_also_when_the_call_raises(peer):
    peer.load(CALLS_HELPER + "def g(): 1 / 0\n")

    assert answer(peer, "g").exception == "ZeroDivisionError"
    assert value_of(peer.call("f", 1)) == "mine"


def test_a_proxy_that_was_kept_is_dead_after_the_call(peer):
    peer.load("kept = []\ndef f(g): kept.append(g)\ndef h(): return kept[0](1)\n")

    peer.call("f", Handle(1, "cost"))
    reply = peer.call("h")

    assert (reply.exception, reply.frames[-1].line) == ("RuntimeError", 3)
    assert "cost can be called only until" in reply.message


def test_a_proxy_shows_its_name_and_nothing_of_the_function(peer):
    peer.load("def f(g): return g.__name__, callable(g), [n for n in dir(g) if not n.startswith('_')], repr(type(g))\n")

    name, is_callable, public, _ = value_of(peer.call("f", Handle(1, "cost")))

    assert (name, is_callable) == ("cost", True)
    assert public == []


def test_a_proxy_can_be_given_to_a_replacement(peer):
    peer.load("def f(cost): return helper(cost, [cost])\n")

    callback = answer(peer, "f", Handle(3, "cost"))
    peer.ask(CallbackReply(2, callback.callback, True))

    assert callback.args == [Handle(3, "cost"), [Handle(3, "cost")]]


@pytest.mark.parametrize("argument", ["lambda: 0", "kept[0]"])
def test_other_functions_cannot_be_given_to_a_replacement(peer, argument):
    peer.load(f"kept = []\ndef keep(g): kept.append(g)\ndef f(): return helper({argument})\n")
    peer.call("keep", Handle(1, "cost"))

    reply = answer(peer, "f")

    assert (reply.exception, reply.frames[-1].line) == ("TypeError", 3)
    assert reply.message.startswith("helper was given ")


def test_a_generator_goes_on_where_the_replacement_left_it(peer):
    peer.load("def f(rng): return rng.random(), helper(3, rng=rng), rng.random()\n")
    expected = np.random.default_rng(4).random(3).tolist()

    callback = answer(peer, "f", np.random.default_rng(4))
    drawn = callback.kwargs["rng"].random()
    value = value_of(peer.ask(CallbackReply(2, callback.callback, True, drawn, generators=callback.generators)))

    assert expected == list(value)


@pytest.mark.parametrize(
    ("exception", "raised", "message"),
    [
        ("ValueError", "ValueError", "text"),
        ("LinAlgError", "RuntimeError", "LinAlgError: text"),
        ("UnicodeDecodeError", "RuntimeError", "UnicodeDecodeError: text"),
        ("SystemExit", "RuntimeError", "SystemExit: text"),
        ("print", "RuntimeError", "print: text"),
    ],
)
def test_an_exception_of_a_replacement_is_raised_in_the_submission(peer, exception, raised, message):
    peer.load(CALLS_HELPER)

    callback = answer(peer, "f", 1)
    reply = peer.ask(CallbackReply(2, callback.callback, False, exception=exception, message=message[-4:]))

    assert (raised, message) == (reply.exception, reply.message)
    assert reply.frames[-1].source == "def f(*args): return helper(*args)"


def test_the_worker_leaves_when_the_other_side_closes_during_a_callback():
    peer = Peer()
    peer.load(CALLS_HELPER)

    answer(peer, "f", 1)

    assert peer.close() == LEFT_NORMALLY


def test_the_worker_leaves_when_a_frame_ends_early():
    peer = Peer()

    peer.sock.sendall(b"GRW1\0\0")

    assert peer.close() == LEFT_NORMALLY


@pytest.mark.parametrize("data", [b"x" * 16, b"".join(wire.encode(CallbackReply(1, 0, True)))])
def test_the_worker_ends_when_the_protocol_is_broken(data):
    peer = Peer()

    peer.sock.sendall(data)

    assert peer.close() == PROTOCOL_ERROR


def test_a_small_call_takes_well_below_a_millisecond(peer):
    peer.load("def f(x): return x + 1\n")
    call = wire.Call(2, "f", [Arguments([np.ones((5, 3))])])
    peer.ask(call)

    started = time.perf_counter()
    for _ in range(200):
        peer.ask(call)

    assert (time.perf_counter() - started) / 200 < 1e-3
