"""A worker without a wall, for code of our own: tests, the build of starter files, proofs of the tests.

It evaluates functions in this very process, on copies. Nothing stops what they do: never give it a submission.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from grader.sandbox.losses import WorkerRaised
from grader.worker import wire
from grader.worker.counting import counting, hottest
from grader.worker.serve import is_same


class FakeWorker:
    """Answers like a sandboxed worker with the functions of a module or any other object.

    observe: called with function, args and kwargs of every evaluation, before it.
    """

    def __init__(
        self, functions: object, *, observe: Callable[[str, Sequence[Any], Mapping[str, Any]], None] | None = None
    ) -> None:
        self._functions = functions
        self._observe = observe

    def load(
        self, file_name: str, source: bytes, exercises: Sequence[str], *, skip: Sequence[int], deadline_seconds: float
    ) -> wire.Loaded:
        states = {name: "defined" if hasattr(self._functions, name) else "missing" for name in exercises}
        return wire.Loaded(0, {name: wire.FunctionInfo(state) for name, state in states.items()}, [])

    def call(
        self,
        function: str,
        batch: Sequence[wire.Arguments],
        *,
        wall_seconds: float,
        replacements: Mapping[str, Callable[..., Any]],
        counts_lines: bool = False,
    ) -> list[wire.Evaluation]:
        with _replaced(self._functions, replacements):
            return [self._evaluate(index, function, entry, counts_lines) for index, entry in enumerate(batch)]

    def close(self) -> None:
        """Nothing to end."""

    def _evaluate(self, index: int, function: str, entry: wire.Arguments, counts_lines: bool) -> wire.Evaluation:
        args, kwargs = copy.deepcopy((entry.args, entry.kwargs))
        if self._observe is not None and not counts_lines:  # a count is no answer that anybody looks up
            self._observe(function, entry.args, entry.kwargs)
        try:
            call = getattr(self._functions, function)
            lines: list[wire.LineCount] = []
            if counts_lines and hasattr(call, "__code__"):
                with counting(call.__code__.co_filename, call.__globals__) as counts:
                    value = call(*args, **kwargs)
                lines = hottest(counts)
            else:
                value = call(*args, **kwargs)
        except Exception as error:
            raise WorkerRaised(wire.Raised(0, index, type(error).__name__, str(error))) from None
        pairs = zip([*entry.args, *entry.kwargs.values()], [*args, *kwargs.values()], strict=True)
        changed = [position for position, (before, after) in enumerate(pairs) if not is_same(before, after)]
        return wire.Evaluation(value, changed, lines=lines)


@contextmanager
def _replaced(functions: object, replacements: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """`functions`, a module or a class, with some names standing for others during the block."""
    before = {name: vars(functions)[name] for name in replacements if name in vars(functions)}
    for name, function in replacements.items():
        setattr(functions, name, staticmethod(function))  # callable from a module's globals as well
    try:
        yield
    finally:
        for name in replacements:
            if name in before:
                setattr(functions, name, before[name])
            else:
                delattr(functions, name)
