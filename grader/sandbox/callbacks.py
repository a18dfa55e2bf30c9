"""Functions of the trusted side that a worker may call during one call.

The worker knows them by number only, and only as long as the call lasts: numbers of other calls mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from grader.errors import GraderError
from grader.sandbox.patience import Patience
from grader.worker import wire
from grader.worker.values import Bytes

_MOST_CALLBACKS = 200_000
# An honest submission passes on what it was given, and what it made of it, such as the caches of all layers. What it
# makes up must stay small: 4 MB of integers keep a matrix product, which nothing interrupts, busy for seconds.
_FREE_BYTES = 4 << 20
_GROWTH = 16
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType)


class Callbacks:
    """The functions of one call. seconds: what they all together may take."""

    def __init__(self, *, seconds: float) -> None:
        self._functions: list[Callable[..., Any]] = []
        self._answered = 0
        self._patience = Patience(seconds)
        self._given_bytes = 0

    def handle(self, name: str, function: Callable[..., Any]) -> wire.Handle:
        """A handle for `function`."""
        self._functions.append(function)
        return wire.Handle(len(self._functions) - 1, name)

    def hand_out(self, value: Any) -> Any:
        """`value` with handles in place of functions, in containers too."""
        if isinstance(value, _FUNCTIONS):
            return self.handle(value.__name__, value)
        if isinstance(value, np.ndarray):
            self._given_bytes += value.nbytes
        if isinstance(value, dict):
            return {key: self.hand_out(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [self.hand_out(entry) for entry in value]
        if type(value) is tuple:
            return tuple(self.hand_out(entry) for entry in value)
        return value

    def answer(self, callback: wire.Callback) -> Sequence[Bytes]:
        """The frame that answers `callback`. Raises ProtocolError for a handle that was not given, and PatienceLost.

        What the function raises goes back as the class and text of the exception: for arguments that a student made up,
        that is the student's business. GraderError is ours, and passes.
        """
        self._answered += 1
        if not 0 <= callback.handle < len(self._functions) or self._answered > _MOST_CALLBACKS:
            raise wire.ProtocolError("a callback that is not allowed")
        reply = wire.CallbackReply(callback.id, callback.callback, ok=True)
        try:
            self._bound(callback.args, callback.kwargs)
            args, kwargs = self._resolve(callback.args), self._resolve(callback.kwargs)
            reply.value = self._patience.run(self._functions[callback.handle], args, kwargs)
            reply.generators = callback.generators
            return wire.encode(reply)
        except (GraderError, wire.ProtocolError):
            raise
        except Exception as error:
            text = str(error)[: wire.MAX_TEXT]
            return wire.encode(
                wire.CallbackReply(
                    callback.id, callback.callback, ok=False, exception=type(error).__name__, message=text
                )
            )

    def _bound(self, *values: Any) -> None:
        most = _FREE_BYTES + _GROWTH * self._given_bytes
        if sum(map(_bytes_in, values)) > most:
            raise MemoryError(f"more than {most} bytes of arguments")

    def _resolve(self, value: Any) -> Any:
        """`value` with functions in place of the handles that the worker passed on."""
        if isinstance(value, wire.Handle):
            if not 0 <= value.number < len(self._functions):
                raise wire.ProtocolError("a handle that was not given")
            return self._functions[value.number]
        if isinstance(value, dict):
            return {key: self._resolve(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._resolve(entry) for entry in value]
        if isinstance(value, tuple):
            return tuple(self._resolve(entry) for entry in value)
        return value


def _bytes_in(value: Any) -> int:
    """Bytes of all arrays in `value`."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes_in, value.values()))
    return sum(map(_bytes_in, value)) if isinstance(value, list | tuple) else 0
