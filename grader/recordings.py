"""Recorded answers of the reference and of every misconception on the inputs of the visible tests.

`grader check` runs on a learner's machine, where neither solution nor misconceptions are. Visible tests draw their
inputs from a public seed, so the answers can be recorded when the starter code is built: values, no code. They are
found again by function and a fingerprint of the arguments, so the order of calls does not matter.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from grader.checks.misconceptions import Misconception
from grader.errors import GraderError

PUBLIC_SEED = hashlib.sha256(b"grader check: the seed of visible tests").hexdigest()
_SIGNIFICANT_DIGITS = 9


class NotRecorded(GraderError):
    """No answer is recorded for these arguments: they came from the student's own results."""


class Recordings:
    """Answers by exercise, fingerprint of the arguments, and who gave them ("" is the reference)."""

    def __init__(self) -> None:
        self._answers: dict[str, Any] = {}
        self._misconceptions: dict[str, dict[str, str | None]] = {}

    def add(
        self, function: str, args: Sequence[Any], kwargs: Mapping[str, Any], answer: Any, *, source: str = ""
    ) -> None:
        """Remember `answer` as what `source` returns for these arguments."""
        self._answers[_key(source, function, args, kwargs)] = copy.deepcopy(answer)

    def answer(self, function: str, args: Sequence[Any], kwargs: Mapping[str, Any], *, source: str = "") -> Any:
        """A copy of what `source` returned. Raises NotRecorded."""
        key = _key(source, function, args, kwargs)
        if key not in self._answers:
            raise NotRecorded(f"no recorded answer of {source or 'the reference'} for this call of {function}")
        return copy.deepcopy(self._answers[key])

    def describe(self, misconception: Misconception) -> None:
        """Remember the texts of a misconception."""
        self._misconceptions[misconception.key] = {
            "exercise": misconception.exercise,
            "rationale": misconception.rationale,
            "help": misconception.help,
        }

    def reference(self) -> RecordedReference:
        """Something to use in place of the reference module."""
        return RecordedReference(self)

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Misconceptions that answer from the recording, and do not match where nothing is recorded."""
        return tuple(
            Misconception(
                exercise=str(texts["exercise"]),
                key=key,
                rationale=str(texts["rationale"]),
                help=texts["help"],
                function=self._replay(str(texts["exercise"]), key),
            )
            for key, texts in self._misconceptions.items()
        )

    def _replay(self, function: str, source: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.answer(function, args, kwargs, source=source)

    def to_json(self) -> str:
        """Deterministic text; floats keep every bit."""
        answers = {key: _to_plain(value) for key, value in sorted(self._answers.items())}
        return json.dumps({"schema": 1, "misconceptions": self._misconceptions, "answers": answers}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, *, origin: Path) -> Recordings:
        """The recordings in `text`. Raises GraderError naming `origin` when it is no such file."""
        recordings = cls()
        try:
            content = json.loads(text)
            if content["schema"] != 1:
                raise ValueError(f"schema {content['schema']} is not known to this version")
            recordings._misconceptions = content["misconceptions"]
            recordings._answers = {key: _from_plain(value) for key, value in content["answers"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GraderError(f"{origin}: is no file of recorded answers ({error}); get the hand-out again") from None
        return recordings

    def is_close_to(self, other: Recordings) -> bool:
        """Whether both hold the same answers up to rounding: BLAS libraries differ in the last bits."""
        return (
            self._misconceptions == other._misconceptions
            and self._answers.keys() == other._answers.keys()
            and all(_close(self._answers[key], other._answers[key]) for key in self._answers)
        )


class RecordedReference:
    """Stands for the reference module in tests whose inputs were seen when the recording was made."""

    def __init__(self, recordings: Recordings) -> None:
        self._recordings = recordings

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._recordings.answer(name, args, kwargs)


class RecordingReference:
    """The reference module, with every answer it gives to a test written down."""

    def __init__(self, reference: object, recordings: Recordings) -> None:
        self._reference = reference
        self._recordings = recordings

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(self._reference, name)

        def answer(*args: Any, **kwargs: Any) -> Any:
            given = copy.deepcopy((args, kwargs))
            value = function(*args, **kwargs)
            self._recordings.add(name, *given, value)
            return value

        return answer


def _key(source: str, function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    _feed(digest, [list(args), dict(kwargs)])
    return f"{function}/{source}/{digest.hexdigest()[:20]}"


def _feed(digest: Any, value: Any) -> None:
    """Add `value` to the fingerprint; numbers rounded, because libm and BLAS differ in the last bits."""
    if isinstance(value, np.ndarray | np.generic) or (isinstance(value, int | float) and not isinstance(value, bool)):
        array = np.asarray(value)
        digest.update(f"a{array.shape}".encode())
        digest.update(" ".join(_rounded(x) for x in array.ravel().tolist()).encode())
    elif isinstance(value, dict):
        digest.update(b"d")
        for key in sorted(value, key=repr):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, list | tuple):
        digest.update(f"l{len(value)}".encode())
        for entry in value:
            _feed(digest, entry)
    elif isinstance(value, np.random.Generator):
        digest.update(repr(value.bit_generator.state).encode())
    elif isinstance(value, FunctionType):
        # By name and by what it encloses: its address differs in every process, its bytecode in every Python.
        digest.update(f"f{value.__qualname__}".encode())
        _feed(digest, [cell.cell_contents for cell in value.__closure__ or ()])
    else:
        digest.update(repr(value).encode())


def _rounded(number: Any) -> str:
    return f"{number + 0.0:.{_SIGNIFICANT_DIGITS}g}" if isinstance(number, float) else str(number)


def _to_plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.name, "shape": list(value.shape), "data": value.ravel().tolist()}
    if isinstance(value, np.generic):
        return {"scalar": value.dtype.name, "value": value.item()}
    if isinstance(value, tuple):
        return {"tuple": [_to_plain(entry) for entry in value]}
    if isinstance(value, list):
        return {"list": [_to_plain(entry) for entry in value]}
    if isinstance(value, set | frozenset):
        return {"set": sorted((_to_plain(entry) for entry in value), key=repr)}
    if isinstance(value, dict):
        return {"dict": [[_to_plain(key), _to_plain(entry)] for key, entry in value.items()]}
    if value is None or isinstance(value, bool | int | float | str):
        return {"plain": value}
    raise GraderError(f"an answer of type {type(value).__name__} cannot be recorded; return plain data and arrays")


def _from_plain(plain: Any) -> Any:
    ((kind, content), *_) = plain.items()
    if kind == "array":
        return np.array(plain["data"], dtype=content).reshape(plain["shape"])
    if kind == "scalar":
        return np.dtype(content).type(plain["value"])
    if kind == "dict":
        return {_from_plain(key): _from_plain(entry) for key, entry in content}
    if kind == "plain":
        return content
    makers: dict[str, Callable[[Any], Any]] = {"tuple": tuple, "list": list, "set": set}
    return makers[kind](_from_plain(entry) for entry in content)


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_close(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, str | set | None) or isinstance(other, str | set | None):
        return bool(one == other)
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
