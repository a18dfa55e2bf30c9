"""A call of a visible test, written as Python that a student can paste and run."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.diagnosis import ObservedCall

_LONGEST_SNIPPET = 4000


class _NotShown(Exception):
    """The value has no short literal."""


def snippet(module: str, call: ObservedCall) -> str | None:
    """Lines that repeat `call` on the student's own machine, or None when an argument has no short literal.

    module: name of the submission's module, the assignment's id.
    """
    try:
        arguments = [_literal(value) for value in call.args]
        arguments += [_after(f"{name}=", _literal(value)) for name, value in call.kwargs.items()]
    except _NotShown:
        return None
    text = f"import numpy as np\nfrom {module} import {call.function}\n\n{_call(call.function, arguments)}\n"
    return text if len(text) <= _LONGEST_SNIPPET else None


def _call(function: str, arguments: list[str]) -> str:
    line = f"print({function}({', '.join(arguments)}))"
    if len(line) <= 88 and "\n" not in line:
        return line
    lines = ",\n".join("    " + argument.replace("\n", "\n    ") for argument in arguments)
    return f"print({function}(\n{lines},\n))"


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return repr(value.item())
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return repr(value)
    if isinstance(value, np.random.Generator):
        return _generator(value)
    if isinstance(value, dict):
        return _after("{", _listed([_after(f"{_literal(k)}: ", _literal(v)) for k, v in value.items()])) + "}"
    if isinstance(value, tuple):
        return _after("(", _listed([_literal(entry) for entry in value])) + (",)" if len(value) == 1 else ")")
    if isinstance(value, list):
        return _after("[", _listed([_literal(entry) for entry in value])) + "]"
    raise _NotShown


def _listed(entries: list[str]) -> str:
    """`entries` in one line, or each on a line of its own when one of them has several lines."""
    return (",\n" if any("\n" in entry for entry in entries) else ", ").join(entries)


def _after(prefix: str, text: str) -> str:
    """`text` behind `prefix`, with its further lines as far to the right as the first."""
    return prefix + text.replace("\n", "\n" + " " * len(prefix))


def _array(value: np.ndarray[Any, Any]) -> str:
    if value.size > 200:
        raise _NotShown
    if not value.size:
        return f"np.zeros({value.shape}, dtype=np.{value.dtype.name})"
    # repr of floats is the shortest text that gives the same bits back
    text = np.array2string(value, separator=", ", floatmode="unique", threshold=value.size + 1, max_line_width=80)
    dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{value.dtype.name}"
    return _after("np.array(", f"{text}{dtype})")


def _generator(value: np.random.Generator) -> str:
    """`np.random.default_rng(seed)`, when that is how the generator was made and nothing was drawn from it."""
    seed = getattr(value.bit_generator.seed_seq, "entropy", None)
    if not isinstance(seed, int) or np.random.default_rng(seed).bit_generator.state != value.bit_generator.state:
        raise _NotShown
    return f"np.random.default_rng({seed})"
