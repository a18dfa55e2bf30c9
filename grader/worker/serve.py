"""The loop that runs one submission: it answers frames on a stream socket until that is closed.

    Load      → Progress*, then Loaded
    Call      → Returned, or Raised or Refused for the first evaluation that fails
    Callback  ← sent during a call, when the submission calls a function that stays on the trusted side; the next
                frame that arrives is its CallbackReply

From the first Load on, this process belongs to the submission, which may have replaced anything in it. So nothing here
protects a result: what counts is that the trusted side can tell every reply from what it should be. Nothing here may
need a module that is not imported yet, because the process may be locked in before `serve` begins.
"""

from __future__ import annotations

import builtins
import contextlib
import random
import socket
import sys
import warnings
from itertools import count
from typing import Any, NoReturn

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from . import wire
from .counting import counting, hottest
from .loader import load
from .raising import frames_of, name_of, plain_text, text_of
from .wire import CaughtWarning, Evaluation, Handle, LineCount, Writer

_MISSING = object()
_LARGE = 4096  # bytes; below, copying two arrays to compare them is quicker than anything else

# Taken now, because a submission may replace them where they came from.
_seed = np.random.seed
_set_state = random.setstate
_RANDOM_STATE = random.Random(0).getstate()


def serve(sock: socket.socket, *, max_body: int = wire.MAX_BODY, namespace: dict[str, Any] | None = None) -> None:
    """Answer the frames that arrive on `sock`, a connected stream socket, and return when the other side closes it.

    max_body: bytes that the body of a reply may have; a result that needs more is refused.
    namespace: functions that exist already, in a notebook; Load then only looks which there are.
    Raises ProtocolError if the other side, which is trusted, does not keep to the protocol.
    """
    with contextlib.suppress(ConnectionError, BrokenPipeError):
        _Server(_Line(sock, max_body), namespace).run()


class _Line:
    """Frames over a socket."""

    def __init__(self, sock: socket.socket, max_body: int) -> None:
        self._sock = sock
        self.max_body = max_body

    def send(self, message: wire.FromWorker, writer: Writer | None = None) -> None:
        for buffer in wire.encode(message, writer=writer):
            self._sock.sendall(buffer)

    def receive(self) -> Any:
        """The next message. Raises ConnectionError when there will be none."""
        header_length, body_length = wire.read_prefix(self._exactly(wire.PREFIX.size).tobytes())
        header = self._exactly(header_length).tobytes()
        return wire.decode(header, self._exactly(body_length), wire.ToWorker)

    def _exactly(self, length: int) -> NDArray[np.uint8]:
        data = np.empty(length, np.uint8)
        view, received = data.data, 0
        while received < length:
            step = self._sock.recv_into(view[received:])
            if step == 0:
                raise ConnectionError("the other side has closed the connection")
            received += step
        return data


class _Server:
    """The submission of this process, once it is loaded."""

    def __init__(self, line: _Line, namespace: dict[str, Any] | None) -> None:
        self._line = line
        self._is_loaded = namespace is not None
        self._namespace: dict[str, Any] = {} if namespace is None else namespace
        self._file_name = ""

    def run(self) -> NoReturn:
        while True:
            message = self._line.receive()
            writer = None
            if isinstance(message, wire.Load):
                reply = self._load(message)
            elif isinstance(message, wire.Call):
                reply, writer = self._call(message)
            else:
                raise wire.ProtocolError("a reply that nobody waits for")
            _flush_output()
            try:
                self._line.send(reply, writer)
            except wire.Unsupported as error:  # every value fits, but not all of them together
                self._line.send(_refusal(message.id, 0, error))

    def _load(self, message: wire.Load) -> wire.FromWorker:
        if self._is_loaded:
            return wire.Loaded(message.id, {name: _state(self._namespace, name) for name in message.exercises}, [])

        def progress(statement: int, line: int) -> None:
            self._line.send(wire.Progress(message.id, statement, line))

        try:
            loaded = load(
                message.source, message.file_name, message.exercises, skip=frozenset(message.skip), progress=progress
            )
        except ConnectionError:
            raise
        except BaseException as error:  # the submission has disturbed what the loader itself needs
            return wire.Raised(message.id, 0, name_of(error), text_of(error))
        self._namespace, self._file_name = vars(loaded.module), message.file_name
        return wire.Loaded(message.id, loaded.functions, loaded.findings)

    def _call(self, call: wire.Call) -> tuple[wire.FromWorker, Writer | None]:
        function = self._namespace.get(call.function, _MISSING)
        if function is _MISSING:
            return wire.Raised(
                call.id, 0, "NameError", f"name '{plain_text(call.function)[:100]}' is not defined"
            ), None
        link = _Link(self._line, call.id)
        replaced = {name: self._namespace.get(name, _MISSING) for name in call.replacements}
        self._namespace.update({name: Proxy(link, handle) for name, handle in call.replacements.items()})
        try:
            # In a notebook every cell is a file of its own: the function's is the one whose lines count.
            code = getattr(function, "__code__", None) if self._is_loaded else None
            file_name = self._file_name if code is None else code.co_filename
            return _Evaluator(function, file_name, self._namespace, link).all_of(call)
        finally:
            link.close()
            for name, value in replaced.items():
                if value is _MISSING:
                    self._namespace.pop(name, None)
                else:
                    self._namespace[name] = value


def _state(namespace: dict[str, Any], name: str) -> wire.FunctionInfo:
    if name not in namespace:
        return wire.FunctionInfo("missing")
    return wire.FunctionInfo("defined" if callable(namespace[name]) else "not_callable")


class _Link:
    """What the proxies of one call share: the way through the wall, as long as the call lasts."""

    def __init__(self, line: _Line, call_id: int) -> None:
        self._line: _Line | None = line
        self._call_id = call_id
        self._numbers = count()
        self.max_body = line.max_body

    def close(self) -> None:
        self._line = None

    def evaluate(self, handle: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What the function behind `handle` returns. Its exceptions are raised here, by their class's name."""
        if self._line is None:
            raise RuntimeError(f"{handle.name} can be called only until the function that it was given to returns")
        callback = wire.Callback(self._call_id, next(self._numbers), handle.number, list(args), kwargs)
        writer = Writer(max_body=self.max_body, data_only=False, handle_for=self._handle_for)
        try:
            self._line.send(callback, writer)
        except wire.Unsupported as error:
            raise TypeError(f"{handle.name} was given {error.kind}, which it cannot take here") from None
        reply = self._line.receive()
        if not isinstance(reply, wire.CallbackReply) or reply.callback != callback.callback:
            raise wire.ProtocolError("another frame in place of the reply to a callback")
        for mine, theirs in zip(writer.generators, reply.generators, strict=False):
            mine.bit_generator.state = theirs.bit_generator.state
        if not reply.ok:
            raise _exception(reply.exception, reply.message)
        return reply.value

    def _handle_for(self, value: object) -> Handle | None:
        """The handle behind one of this call's proxies, which may be an argument of another."""
        return value._handle if type(value) is Proxy and value._link is self else None


class Proxy:
    """A function of the trusted side, as a submission sees it: it can be called, and knows nothing."""

    __slots__ = ("__name__", "_handle", "_link")

    def __init__(self, link: _Link, handle: Handle) -> None:
        self.__name__ = handle.name
        self._handle = handle
        self._link = link

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._link.evaluate(self._handle, args, kwargs)


class _Evaluator:
    """Evaluates one function for all entries of a batch."""

    def __init__(self, function: Any, file_name: str, namespace: dict[str, Any], link: _Link) -> None:
        self._function = function
        self._file_name = file_name
        self._namespace = namespace
        self._link = link

    def all_of(self, call: wire.Call) -> tuple[wire.FromWorker, Writer | None]:
        writer = Writer(max_body=self._link.max_body)
        evaluations = []
        for index, entry in enumerate(call.batch):
            try:
                value, changed, caught, lines = self._evaluate(entry, counts_lines=call.counts_lines)
            except BaseException as error:
                frames = frames_of(error.__traceback__, self._file_name)
                return wire.Raised(call.id, index, name_of(error), text_of(error), frames), None
            try:
                # Later evaluations may change what this one has returned, so it is copied now.
                raw = writer.write(value, keep=index + 1 < len(call.batch))
            except BaseException as error:
                return _refusal(call.id, index, error), None
            evaluations.append(Evaluation(raw, changed, caught, lines))
        return wire.Returned(call.id, evaluations), writer

    def _evaluate(
        self, entry: wire.Arguments, *, counts_lines: bool
    ) -> tuple[Any, list[int], list[CaughtWarning], list[LineCount]]:
        """The value, the positions of arguments that were changed in place, the warnings on the way, and the lines."""
        args = [_copied(argument, self._link) for argument in entry.args]
        kwargs = {name: _copied(argument, self._link) for name, argument in entry.kwargs.items()}
        log = _WarningLog(self._file_name)
        # The global generators start every evaluation alike, so that its value does not depend on earlier ones. Saving
        # and restoring NumPy's would take 90 µs, as long as the rest of a small call; seeding takes 2.
        _seed(0)
        _set_state(_RANDOM_STATE)
        with warnings.catch_warnings():
            warnings.simplefilter("default")  # each place once; "always" would make a loop that warns very slow
            warnings.showwarning = log.add
            if counts_lines:
                with counting(self._file_name, self._namespace) as counts:
                    value = self._function(*args, **kwargs)
            else:
                value = self._function(*args, **kwargs)
        pairs = zip([*entry.args, *entry.kwargs.values()], [*args, *kwargs.values()], strict=True)
        changed = [position for position, (before, after) in enumerate(pairs) if not is_same(before, after)]
        return value, changed, log.caught, hottest(counts) if counts_lines else []


class _WarningLog:
    """Collects the first warnings of an evaluation, with the line of the submission that caused each."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self.caught: list[CaughtWarning] = []

    def add(
        self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object, **__: object
    ) -> None:
        """Takes the place of `warnings.showwarning`."""
        if len(self.caught) < wire.MAX_NOTES:
            text = text_of(message) if isinstance(message, Warning) else plain_text(message)
            name = plain_text(category.__name__, limit=wire.MAX_NAME)
            self.caught.append(CaughtWarning(name, text, self._line(filename, lineno)))

    def _line(self, filename: str, lineno: int) -> int:
        if filename == self._file_name:
            return lineno
        frame = sys._getframe(2)
        while frame.f_back is not None:
            if frame.f_code.co_filename == self._file_name:
                return frame.f_lineno
            frame = frame.f_back
        return 0


def _copied(value: Any, link: _Link) -> Any:
    """A copy of an argument, with proxies in the place of handles. Generators are one evaluation's own already."""
    match value:
        case np.ndarray():
            return value.copy()
        case list():
            return [_copied(item, link) for item in value]
        case tuple():
            return tuple([_copied(item, link) for item in value])
        case dict():
            return {key: _copied(item, link) for key, item in value.items()}
        case set():
            return set(value)
        case Handle():
            return Proxy(link, value)
    return value


def is_same(before: Any, after: Any) -> bool:
    """Whether an argument is still what it was. Only containers and arrays can have changed, and what is in them."""
    if isinstance(before, Handle | Generator):
        return True
    if type(before) is not type(after):
        return False
    match before:
        case np.ndarray():
            return before.dtype == after.dtype and before.shape == after.shape and _has_same_bytes(before, after)
        case list() | tuple():
            return len(before) == len(after) and all(map(is_same, before, after))
        case dict():
            return before.keys() == after.keys() and all(is_same(item, after[key]) for key, item in before.items())
        case np.generic():
            return before.tobytes() == bytes(after.tobytes())
    return bool(before == after or before != before)


def _has_same_bytes(before: NDArray[Any], after: NDArray[Any]) -> bool:
    if before.nbytes <= _LARGE:
        return before.tobytes() == after.tobytes()
    unit = np.uint64 if before.nbytes % 8 == 0 else np.uint8
    first, second = (np.ascontiguousarray(array).reshape(-1).view(np.uint8).view(unit) for array in (before, after))
    return np.array_equal(first, second)


def _refusal(call_id: int, index: int, error: BaseException) -> wire.FromWorker:
    """The reply for a value that could not be written."""
    if isinstance(error, MemoryError):
        return wire.Raised(call_id, index, "MemoryError", "")
    if isinstance(error, wire.Unsupported):
        return wire.Refused(call_id, index, plain_text(error.path), plain_text(error.kind, limit=wire.MAX_NAME))
    return wire.Refused(call_id, index, "", "an object that cannot be read")


def _exception(name: str, message: str) -> BaseException:
    """An exception of the built-in class `name`, or a RuntimeError if there is no such class."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(TypeError):  # UnicodeDecodeError and its like want more than a message
            return kind(message)
    return RuntimeError(f"{name}: {message}")


def _flush_output() -> None:
    """Send prints on their way before the reply. The submission may have closed or replaced the streams."""
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        with contextlib.suppress(BaseException):
            getattr(sys, name).flush()
