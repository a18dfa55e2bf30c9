"""How often each line of the submission runs during one evaluation, so that work in Python per example shows.

Lines are counted in frames of the submission's own file only; what NumPy does inside is the point of vectorization, and
costs nothing here. Up to Python 3.11 a trace function sees every line, and a loop on one line as a jump back to it.
From 3.12 on `sys.monitoring` tells of lines, jumps and starts of functions (a loop on one line has jumps only).

Functions that loop in C are seen by neither: `map`, `filter`, `sum`, `functools.reduce` and `np.vectorize` are replaced
during the evaluation by ones that count a line once for every item. All of this runs in the submission's process, which
can forge it: it decides about style, and never about a value.
"""

from __future__ import annotations

import builtins
import functools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import numpy as np

from .wire import MAX_LINES, LineCount

Counts = Counter[int]

_TOOL = 3  # sys.monitoring has six; 0, 1, 2 and 5 have conventional uses (debugger, coverage, profiler, optimizer)
_monitoring: Any = getattr(sys, "monitoring", None)


@contextmanager
def counting(file_name: str, namespace: dict[str, Any]) -> Iterator[Counts]:
    """Give a counter of lines by number, which fills while the block runs code of `file_name`.

    namespace: the globals of the submission, in which functions that loop in C are replaced during the block.
    """
    counts: Counts = Counter()
    lines = _traced(file_name, counts) if _monitoring is None else _monitored(file_name, counts)
    with _replaced_loops(namespace, _CallerLines(file_name, counts)), lines:
        yield counts


def hottest(counts: Counts) -> list[LineCount]:
    """The lines that ran most often, at most MAX_LINES of them, in the order of the file."""
    return [LineCount(line, number) for line, number in sorted(counts.most_common(MAX_LINES)) if line > 0]


@contextmanager
def _traced(file_name: str, counts: Counts) -> Iterator[None]:
    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != file_name:
            return None
        if event == "line":
            counts[frame.f_lineno] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def _monitored(file_name: str, counts: Counts) -> Iterator[None]:
    events = _monitoring.events
    lines_of: dict[CodeType, list[tuple[int, int, int | None]]] = {}

    def line(code: CodeType, number: int) -> Any:
        if code.co_filename != file_name:
            return _monitoring.DISABLE
        counts[number] += 1
        return None

    def jump(code: CodeType, _: int, destination: int) -> Any:
        if code.co_filename != file_name:
            return _monitoring.DISABLE
        table = lines_of.setdefault(code, list(code.co_lines()))
        counts[next((number or 0 for start, end, number in table if start <= destination < end), 0)] += 1
        return None

    def start(code: CodeType, _: int) -> Any:
        return line(code, code.co_firstlineno)

    _monitoring.use_tool_id(_TOOL, "grader")
    try:
        for event, callback in ((events.LINE, line), (events.JUMP, jump), (events.PY_START, start)):
            _monitoring.register_callback(_TOOL, event, callback)
        _monitoring.set_events(_TOOL, events.LINE | events.JUMP | events.PY_START)
        yield
    finally:
        _monitoring.set_events(_TOOL, 0)
        for event in (events.LINE, events.JUMP, events.PY_START):
            _monitoring.register_callback(_TOOL, event, None)
        _monitoring.free_tool_id(_TOOL)


class _CallerLines:
    """Adds to the count of the line of the submission from which the running function was called."""

    def __init__(self, file_name: str, counts: Counts) -> None:
        self._file_name = file_name
        self._counts = counts

    def here(self) -> int:
        """The innermost line of the submission that is being executed, 0 if there is none."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._file_name:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    def add(self, line: int, number: int = 1) -> None:
        self._counts[line] += number

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """`items`, each of which counts once for the line that asked for the first."""
        line = self.here()
        for item in items:
            self.add(line)
            yield item


@contextmanager
def _replaced_loops(namespace: dict[str, Any], lines: _CallerLines) -> Iterator[None]:
    """Counting functions in place of those that loop in C, wherever the submission finds them by name."""

    def over_first(function: Callable[..., Any], position: int) -> Callable[..., Any]:
        """`function`, with a count for every item of its iterable argument at `position`."""

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if len(args) > position and isinstance(args[position], Iterable):
                args = (*args[:position], lines.each(args[position]), *args[position + 1 :])
            return function(*args, **kwargs)

        return counted

    originals: dict[Any, int] = {builtins.map: 1, builtins.filter: 1, builtins.sum: 0, functools.reduce: 1}
    counted = {function: over_first(function, position) for function, position in originals.items()}
    names = {name: counted[value] for name, value in namespace.items() if _is_among(value, counted)}
    names |= {f.__name__: counted[f] for f in originals if f is not functools.reduce and f.__name__ not in namespace}
    vectorized = np.vectorize.__call__

    def counted_vectorize(self: Any, *args: Any, **kwargs: Any) -> Any:
        lines.add(lines.here(), max((np.size(argument) for argument in args), default=0))
        return vectorized(self, *args, **kwargs)

    before = {name: namespace[name] for name in names if name in namespace}
    reduce = functools.reduce
    namespace.update(names)
    functools.reduce = counted[reduce]
    np.vectorize.__call__ = counted_vectorize  # type: ignore[method-assign]
    try:
        yield
    finally:
        np.vectorize.__call__ = vectorized  # type: ignore[method-assign]
        functools.reduce = reduce
        for name in names:
            if name in before:
                namespace[name] = before[name]
            else:
                namespace.pop(name, None)


def _is_among(value: object, functions: dict[Any, Any]) -> bool:
    return any(value is function for function in functions)
