"""Misconceptions: functions that are wrong in a known way, with what to tell somebody who wrote them."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from grader.errors import GraderError, ManifestError
from grader.model import Feedback

_Function = TypeVar("_Function", bound=Callable[..., Any])
_MARK = "_grader_misconception"


@dataclass(frozen=True)
class Misconception:
    """One wrong idea about one exercise. `function` has the exercise's signature."""

    exercise: str
    key: str
    rationale: str
    help: str | None
    function: Callable[..., Any] = field(repr=False)

    def evaluate(self, reference: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What somebody with this idea would return. Raises whatever the wrong code raises."""
        if _wants_reference(self.function):
            return self.function(*args, **kwargs, reference=reference)
        return self.function(*args, **kwargs)

    def feedback(self) -> Feedback:
        """What to tell the student."""
        return Feedback(self.key, self.rationale, self.help)


def misconception(
    exercise: str, *, key: str | None = None, rationale: str, help: str | None = None
) -> Callable[[_Function], _Function]:
    """Mark a function of misconceptions.py as a wrong idea about `exercise`.

    The function takes the exercise's arguments; with a keyword-only parameter `reference` it is given the reference
    solution, too. key: how records call it; the function's name by default.
    rationale: what is wrong. help: what to try.
    """

    def mark(function: _Function) -> _Function:
        found = Misconception(exercise, key or function.__name__, rationale, help, function)
        setattr(function, _MARK, (*getattr(function, _MARK, ()), found))
        return function

    return mark


def load_misconceptions(path: Path) -> tuple[Misconception, ...]:
    """The misconceptions in the file at `path`, in its order; none when there is no such file.

    Raises GraderError, naming file and line, when the file does not run, and ManifestError when a key occurs twice.
    """
    if not path.is_file():
        return ()
    module = ModuleType(f"_grader_misconceptions_{path.parent.name}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look up the module of a class by its name
    try:
        exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), module.__dict__)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(path)]
        where = f", line {lines[-1]}" if lines else ""
        raise GraderError(f"{path}{where}: {type(error).__name__}: {error}") from error
    finally:
        del sys.modules[module.__name__]
    found = [entry for value in vars(module).values() for entry in getattr(value, _MARK, ())]
    keys = [entry.key for entry in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ManifestError(f"{path}: two misconceptions have the key {', '.join(twice)}; rename one")
    return tuple(found)


def _wants_reference(function: Callable[..., Any]) -> bool:
    parameter = inspect.signature(function).parameters.get("reference")
    return parameter is not None and parameter.kind is inspect.Parameter.KEYWORD_ONLY
