"""What happened in a worker, as the StudentError that its author can act on.

Exception texts are chosen by the submission, and could carry a hidden test's inputs out. So a hidden test shows
the text only when it has one of the forms in `_HARMLESS`, which say something about shapes and names and nothing
about values; a visible test shows it whole. The same holds for names that a submission gives to its own classes and
keys: short ones are shown. What stays is that a submission can tell its author a few words about a hidden input.
"""

from __future__ import annotations

import re

from grader.errors import (
    BadReturn,
    CallRaised,
    CallTimedOut,
    NotImplementedYet,
    OutOfMemory,
    StudentError,
    WorkerCrashed,
)
from grader.messages import feedback
from grader.model import Feedback, Limits
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.worker import wire

_SHAPES = r"[\d, ()\[\]<>a-z?=\-]{1,120}"
_HARMLESS = re.compile(
    "|".join(
        f"(?:{form})"
        for form in (
            rf"operands could not be broadcast together with (remapped )?shapes {_SHAPES}",
            rf"non-broadcastable output operand with shape {_SHAPES}",
            rf"shapes {_SHAPES} and {_SHAPES} not aligned: \d{{1,9}} \(dim \d\) != \d{{1,9}} \(dim \d\)",
            r"matmul: Input operand \d has a mismatch in its core dimension \d, "
            rf"with gufunc signature {_SHAPES} {_SHAPES}",
            r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
            r"only (length-1|0-dimensional|size-1) arrays can be converted to Python scalars",
            r"(local variable|cannot access local variable|name) '\w{1,40}' [a-z ]{1,60}",
            r"'\w{1,40}' object (is not \w{1,20}|has no attribute '\w{1,40}'|does not support item assignment)",
            r"module '[\w.]{1,40}' has no attribute '\w{1,40}'",
            r"unsupported operand type\(s\) for [^ ]{1,5}: '\w{1,40}' and '\w{1,40}'",
            r"cannot unpack non-iterable \w{1,40} object",
            r"(not enough|too many) values to unpack \(expected (at least )?\d{1,3}(, got \d{1,3})?\)",
            r"(list|tuple|string) index out of range",
            r"\w{1,40}\(\) (takes|missing|got) [\w ,']{1,120}( but \d{1,3} (was|were) given)?",
            r"'(d?[Wb]\d{1,2}|d?[AZ]\d{0,2})'",
            rf"cannot reshape array of size \d{{1,9}} into shape {_SHAPES}",
            r"maximum recursion depth exceeded[a-z ]{0,60}",
            r"division by zero",
            r"[\w.]{1,80} has no value, because the module [\w.]{1,80} is not available here",
        )
    )
)


_NAME = re.compile(r"\w{1,40}")
_KIND = re.compile(r"[\w ().]{1,80}")
_PATH = re.compile(r"(?:\[(?:\d{1,6}|'\w{1,20}'|…)\]){0,4}")


def shown_name(name: str, *, show_text: bool, otherwise: str) -> str:
    """`name`, which the submission chose, if it may be shown."""
    return name if show_text or _NAME.fullmatch(name) else otherwise


def raised(function: str, reply: wire.Raised, *, show_text: bool, memory_bytes: int) -> StudentError:
    """The error for an exception that left `function`."""
    if reply.exception == "MemoryError":
        return out_of_memory(function, memory_bytes)
    if reply.exception == "NotImplementedError":
        return NotImplementedYet(feedback("stub_called", function=function, called=_name_in_stub(reply) or function))
    exception = shown_name(reply.exception, show_text=show_text, otherwise="an exception")
    facts: dict[str, object] = {"function": function, "exception": exception, "text": _text(reply, show_text)}
    frame = reply.frames[-1] if reply.frames else None
    line = frame.line if frame else None
    hint = _hint(function, reply)
    if frame is None:
        what = feedback("raised_at_call", **facts)
    else:
        what = feedback("raised", **facts, line=frame.line, source=frame.source.strip())
    if hint is not None:
        what = Feedback(hint.key, f"{what.rationale} {hint.rationale}", hint.help)
    return CallRaised(what, exception=reply.exception, line=line)


def _text(reply: wire.Raised, show_text: bool) -> str:
    if not reply.message or not (show_text or _HARMLESS.fullmatch(reply.message)):
        return ""
    return f": {reply.message}"


def _name_in_stub(reply: wire.Raised) -> str | None:
    """Starter code raises NotImplementedError("<exercise>"): the name says which stub was reached."""
    return reply.message if re.fullmatch(r"\w{1,60}", reply.message) else None


_HINTS: tuple[tuple[str, str, str], ...] = (
    # exception, a part of its text, message key
    ("ValueError", "truth value of an array", "hint_truth_value"),
    ("ValueError", "not aligned", "hint_shapes"),
    ("ValueError", "mismatch in its core dimension", "hint_shapes"),
    ("ValueError", "could not be broadcast", "hint_shapes"),
    ("ValueError", "non-broadcastable", "hint_shapes"),
    ("TypeError", "arrays can be converted to Python scalars", "hint_size_one"),
    ("TypeError", "'NoneType'", "hint_none"),
    ("TypeError", "non-iterable NoneType", "hint_none"),
    ("AttributeError", "'NoneType'", "hint_none"),
    ("KeyError", "'W", "hint_parameter_key"),
    ("KeyError", "'dW", "hint_parameter_key"),
    ("KeyError", "'b", "hint_parameter_key"),
    ("KeyError", "'db", "hint_parameter_key"),
    ("NameError", "is not defined", "hint_undefined_name"),
    ("UnboundLocalError", "", "hint_unbound_local"),
    ("RecursionError", "", "hint_recursion"),
    ("IndexError", "", "hint_index"),
)


def _hint(function: str, reply: wire.Raised) -> Feedback | None:
    for exception, part, key in _HINTS:
        if reply.exception == exception and part in reply.message:
            return feedback(key, function=function)
    return None


def refused(function: str, reply: wire.Refused, *, show_text: bool = True) -> StudentError:
    """The error for a returned value that is not data."""
    path = reply.path if show_text or _PATH.fullmatch(reply.path) else ""
    kind = reply.kind if show_text or _KIND.fullmatch(reply.kind) else "something"
    where = f" at [{path.strip('[]')}]" if path else ""
    return BadReturn(feedback("bad_return", function=function, kind=kind, where=where))


def timed_out(function: str, wall_seconds: float) -> StudentError:
    return CallTimedOut(feedback("timed_out", function=function, seconds=f"{wall_seconds:g}"))


def out_of_memory(function: str, memory_bytes: int) -> StudentError:
    return OutOfMemory(feedback("out_of_memory", function=function, mebibytes=memory_bytes >> 20))


def flooded(function: str) -> StudentError:
    return WorkerCrashed(feedback("output_flood", function=function))


def broke_protocol(function: str) -> StudentError:
    return WorkerCrashed(feedback("broke_protocol", function=function))


def died(function: str, exit_status: ExitStatus, limits: Limits) -> StudentError:
    """The error for a process that ended in the middle of a call."""
    match exit_status.kind:
        case ExitKind.OUT_OF_MEMORY:
            return out_of_memory(function, limits.memory_bytes)
        case ExitKind.CPU_LIMIT:
            return CallTimedOut(feedback("cpu_limit", function=function, seconds=limits.cpu_seconds))
        case ExitKind.SIGNALED:
            return WorkerCrashed(feedback("crashed_signal", function=function, signal=exit_status.signal))
        case _:
            return WorkerCrashed(feedback("crashed_exit", function=function, code=exit_status.code))
