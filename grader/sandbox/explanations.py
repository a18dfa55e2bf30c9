"""What happened in a worker, as the StudentError that its author can act on.

Whatever a submission says may carry a hidden test's inputs out: the text of an exception, but also a name or a number
in it. So a hidden test shows a text only in one of the forms of `_TEXTS`, and of the names and numbers in it only those
that were known before (`Known`); "…" stands for the others. A visible test shows everything whole.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from grader.checks.vocabulary import Known
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

# Groups are what a submission can choose; `_in_form` looks at every word and number in them. The rest is fixed.
_NAME = r"(\w{1,40})"
_DOTTED = r"([\w.<>]{1,80})"
_NAMES = r"('\w{1,40}'(?:,? (?:and )?'\w{1,40}'){0,3})"
_SIZE = r"(\d{1,9})"
_ANY_SHAPE = r"\((?:(?:\d{1,9}|newaxis)(?:, ?(?:\d{1,9}|newaxis)){0,3})?,?\)"
_SHAPE = f"({_ANY_SHAPE})"
_SHAPES = f"({_ANY_SHAPE}(?: {_ANY_SHAPE}){{1,2}}) ?"
_REMAPPED = f"({_ANY_SHAPE}(?:->{_ANY_SHAPE})?(?: {_ANY_SHAPE}(?:->{_ANY_SHAPE})?){{0,2}}) *"
_TEXTS = tuple(
    re.compile(form)
    for form in (
        f"operands could not be broadcast together with shapes {_SHAPES}",
        rf"operands could not be broadcast together with remapped shapes \[original->remapped\]: {_REMAPPED}"
        rf"(?:and requested shape {_SHAPE})?",
        f"non-broadcastable output operand with shape {_SHAPE} doesn't match the broadcast shape {_SHAPE}",
        f"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
        rf"shapes {_SHAPE} and {_SHAPE} not aligned: {_SIZE} \(dim [0-3]\) != {_SIZE} \(dim [0-3]\)",
        r"matmul: Input operand [01] has a mismatch in its core dimension [01], "
        rf"with gufunc signature \(n\?,k\),\(k,m\?\)->\(n\?,m\?\) \(size {_SIZE} is different from {_SIZE}\)",
        f"cannot reshape array of size {_SIZE} into shape {_SHAPE}",
        r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
        r"only (?:length-1|0-dimensional|size-1) arrays can be converted to Python scalars",
        f"name '{_NAME}' is not defined",
        f"(?:local|free) variable '{_NAME}' referenced before assignment(?: in enclosing scope)?",
        f"cannot access (?:local|free) variable '{_NAME}' where it is not associated with a value"
        r"(?: in enclosing scope)?",
        f"'{_DOTTED}' object is not (?:callable|iterable|subscriptable|reversible|an iterator)",
        f"'{_DOTTED}' object has no attribute '{_NAME}'",
        f"'{_DOTTED}' object does not support item (?:assignment|deletion)",
        f"module '{_DOTTED}' has no attribute '{_NAME}'",
        r"unsupported operand type\(s\) for (?:(?:[-+*/%@&|^]|//|<<|>>)=?|\*\* or pow\(\)|\*\*=|divmod\(\)): "
        f"'{_DOTTED}' and '{_DOTTED}'",
        f"cannot unpack non-iterable {_DOTTED} object",
        r"not enough values to unpack \(expected (?:at least )?\d, got \d\)",
        r"too many values to unpack \(expected \d(?:, got \d)?\)",
        r"(?:list|tuple|string)(?: assignment)? index out of range",
        rf"{_DOTTED}\(\) takes (?:no arguments|exactly one argument \(\d given\))",
        rf"{_DOTTED}\(\) takes (?:from \d to )?\d positional arguments? but \d (?:positional arguments? "
        r"\(and \d keyword-only arguments?\) )?(?:was|were) given",
        rf"{_DOTTED}\(\) missing \d required (?:positional|keyword-only) arguments?: {_NAMES}",
        rf"{_DOTTED}\(\) got an unexpected keyword argument '{_NAME}'",
        rf"{_DOTTED}\(\) got multiple values for argument '{_NAME}'",
        f"'{_NAME}'",
        r"maximum recursion depth exceeded(?: while calling a Python object| in comparison| in __instancecheck__)?",
        r"(?:float )?division by zero",
        f"{_DOTTED} has no value, because the module {_DOTTED} is not available here",
    )
)
# What `worker.writing` calls a value that is no data.
_KINDS = tuple(
    re.compile(form)
    for form in (
        r"a (?:function|generator|module|class|random generator|masked array)",
        r"an array of (?:objects|text|dates|times|records)",
        f"an object of type {_NAME}",
        f"(?:a NumPy|an array of) {_NAME}",
        r"an array of (\d{1,2}) dimensions",
        r"an array or text of (\d{1,20}) bytes",
        r"(\d{1,20}) bytes of text and numbers outside of arrays",
        r"an integer of more than 64 bits",
        r"an empty array with a long axis",
        r"text with half a surrogate pair",
        r"a set or dictionary with more than 4096 keys that are not text",
        r"a container nested more than 16 deep",
        r"a container that makes more than 100000 values \(an array may be larger\)",
        r"a random generator other than numpy\.random\.default_rng\(seed\)",
        r"an object that cannot be read",
    )
)
_STEP = re.compile(r"\[(?:(?P<index>\d{1,6})|(?P<quote>['\"])(?P<key>[^'\"\\]{1,40})(?P=quote)|…)\]")
_MOST_STEPS = 3
_LARGEST_INDEX = 5
_ORDINARY_CODES = (0, 1, 2)

NOTHING = Known()


def shown_name(name: str, known: Container[str], *, show_text: bool, otherwise: str) -> str:
    """`name`, which the submission chose, if it may be shown."""
    return name if show_text or name in known else otherwise


def _in_form(text: str, forms: Sequence[re.Pattern[str]], known: Known) -> str:
    """`text` with "…" for the words and numbers in it that must not be shown; nothing when it has none of the forms."""
    match = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if match is None:
        return ""
    groups = [span for span in match.regs[1:] if span[0] >= 0]
    words = {word for start, end in groups for word in re.findall(r"\w+", text[start:end])}
    numbers = {word: int(word) for word in words if word.isdecimal()}
    news = known.news(numbers.values())
    hidden = {word for word in words if (numbers[word] in news if word in numbers else word not in known.words)}
    shown, position = "", 0
    for start, end in groups:
        chosen = re.sub(r"\w+", lambda word: "…" if word[0] in hidden else word[0], text[start:end])
        shown += text[position:start] + chosen
        position = end
    return shown + text[position:]


def raised(
    function: str, reply: wire.Raised, *, show_text: bool, memory_bytes: int, known: Known = NOTHING
) -> StudentError:
    """The error for an exception that left `function`.

    show_text: whether the test is visible. known: what is shown all the same where it is not.
    """
    if reply.exception == "MemoryError":
        return out_of_memory(function, memory_bytes)
    if reply.exception == "NotImplementedError":
        stub = _name_of_stub(reply)
        called = stub if stub is not None and (show_text or stub in known.words) else function
        key = "not_implemented" if called == function else "stub_called"
        return NotImplementedYet(feedback(key, function=function, called=called))
    exception = shown_name(reply.exception, known.words, show_text=show_text, otherwise="an exception")
    facts: dict[str, object] = {"function": function, "exception": exception, "text": _text(reply, show_text, known)}
    frame = reply.frames[-1] if reply.frames else None
    line = frame.line if frame else None
    hint = _hint(function, reply)
    if frame is None:
        what = feedback("raised_at_call", **facts)
    else:
        what = feedback("raised", **facts, line=frame.line, source=frame.source.strip())
    if hint is not None:
        what = Feedback(hint.key, f"{what.rationale} {hint.rationale}", hint.help)
    return CallRaised(what, exception=exception, line=line)


def _text(reply: wire.Raised, show_text: bool, known: Known) -> str:
    text = reply.message if show_text else _in_form(reply.message, _TEXTS, known)
    return f": {text}" if text else ""


def _name_of_stub(reply: wire.Raised) -> str | None:
    """Which stub was reached: our starter code raises NotImplementedError("<exercise>"), that of nbgrader no name."""
    if re.fullmatch(r"\w{1,60}", reply.message):
        return reply.message
    return reply.frames[-1].function if reply.frames and not reply.message else None


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
    ("KeyError", "'dA", "hint_activation_key"),
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


def refused(function: str, reply: wire.Refused, *, show_text: bool = True, known: Known = NOTHING) -> StudentError:
    """The error for a returned value that is not data."""
    path = reply.path if show_text else _shown_path(reply.path, known)
    kind = reply.kind if show_text else _in_form(reply.kind, _KINDS, known) or "something"
    where = f" at [{path.strip('[]')}]" if path else ""
    return BadReturn(feedback("bad_return", function=function, kind=kind, where=where))


def _shown_path(path: str, known: Known) -> str:
    """`path` with "…" for all but small indices and known keys; nothing when it is no path, or a long one."""
    steps = list(_STEP.finditer(path))
    if "".join(step[0] for step in steps) != path or len(steps) > _MOST_STEPS:
        return ""
    return "".join(step[0] if _is_shown(step, known) else "[…]" for step in steps)


def _is_shown(step: re.Match[str], known: Known) -> bool:
    if step["index"] is not None:
        return int(step["index"]) <= _LARGEST_INDEX
    return step["key"] is not None and step["key"] in known.words


def timed_out(function: str, wall_seconds: float) -> StudentError:
    return CallTimedOut(feedback("timed_out", function=function, seconds=f"{wall_seconds:g}"))


def out_of_memory(function: str, memory_bytes: int) -> StudentError:
    return OutOfMemory(feedback("out_of_memory", function=function, mebibytes=memory_bytes >> 20))


def flooded(function: str) -> StudentError:
    return WorkerCrashed(feedback("output_flood", function=function))


def broke_protocol(function: str) -> StudentError:
    return WorkerCrashed(feedback("broke_protocol", function=function))


def died(function: str, exit_status: ExitStatus, limits: Limits, *, show_text: bool = True) -> StudentError:
    """The error for a process that ended in the middle of a call."""
    match exit_status.kind:
        case ExitKind.OUT_OF_MEMORY:
            return out_of_memory(function, limits.memory_bytes)
        case ExitKind.CPU_LIMIT:
            return CallTimedOut(feedback("cpu_limit", function=function, seconds=limits.cpu_seconds))
        case ExitKind.SIGNALED:
            return WorkerCrashed(feedback("crashed_signal", function=function, signal=exit_status.signal))
        case _:
            # An exit code is a byte of the submission's choice.
            shown = show_text or exit_status.code in _ORDINARY_CODES
            code = exit_status.code if shown else f"above {_ORDINARY_CODES[-1]}"
            return WorkerCrashed(feedback("crashed_exit", function=function, code=code))
