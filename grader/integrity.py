"""Integrity hints: what an instructor may want to look at before trusting a score. They never cost points.

Four things are looked for: imports of libraries that differentiate, a backward function that differentiates
numerically, answers that are made for one shape, and the same submission twice in a class. A hint is no proof, and
somebody who knows this file can avoid all of them. Students never see hints.

The text of a submission is read here, in the trusted process. Python's parser is not used for it: on hostile text it
can run out of stack or memory, and with it would go the whole class. Facts from the worker would be no better, since
code that runs beside the one who reports can change the report. So the text is only cut into tokens: one pass, without
recursion, over a limited number of characters, by expressions that never look back. For honest files that takes 0.3
to 3 ms, for the worst 0.3 s. What does not parse gives tokens as well, and no error.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.messages import Message
from grader.model import ExerciseResult, Feedback, Outcome

# All that an instructor can read about this, by key. Nothing of it goes to a student, so it is not in `messages`.
HINTS: dict[str, Message] = {
    "autograd_import": Message(
        "Line {line} imports {library}, which differentiates by itself.",
        "Many files import such a library only to load data. Behind the wall there is none: it earned no points.",
    ),
    "numerical_differentiation": Message(
        "{exercise} seems to differentiate numerically: in one evaluation it calls {called} at least {count} times, "
        "with arguments that differ by a tiny step.",
        "Read {exercise}: a derivative that is written down does not call {called} again and again.",
    ),
    "shape_from_literal": Message(
        "{exercise} seems to be made for one shape: it passes {passed}, fails {failed} with a wrong shape, and has the "
        "number {number} in its code.",
        "Read {exercise}, and look where {number} comes from.",
    ),
    "shape_compared": Message(
        "{exercise} seems to be made for one shape: it passes {passed}, fails {failed}, and compares a shape with "
        "{number}.",
        "Read {exercise}, and look whether it returns answers that were written down.",
    ),
    "same_file": Message("These files are equal, byte by byte.", None),
    "same_code": Message(
        "These files are equal but for names, comments, docstrings and white space.",
        "Read them side by side: short functions look alike when they are right.",
    ),
}

# Those that are used for it, by the name that is imported; `micrograd` and the like are exercises of other courses.
_AUTOGRAD = frozenset(
    """
    aesara algopy autograd casadi chainer flax haiku jax keras micrograd mxnet numdifftools paddle pytensor tangent
    tensorflow theano tinygrad torch
    """.split()
)

_MOST_CHARACTERS = 1 << 18  # fifteen times the longest reference with its docstrings
# Equal code is no news where there is little of it. The eight one-line functions of `activations` take 122 tokens, and
# two honest students may well write the same ones; every other assignment takes 250 or more.
_FEWEST_TOKENS = 150

_NAME, _NUMBER, _STRING, _SIGN = "name", "number", "string", "sign"
_TOKEN = re.compile(
    r"""
    (?P<skipped> [\ \t\f]+ | \\\n | \#[^\n]* )
  | (?P<line> \n )
  | (?P<quote> (?: [bfrtu] | r[bft] | [bft]r )? (?: \"{3} | '{3} | " | ' ) )
  | (?P<name> [^\W\d]\w* )
  | (?P<number> \.?\d[\w.]* )
  | (?P<sign> [=!<>*/]= | \*\* | . )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_STRING_ENDS = {
    '"""': re.compile(r'\\.|"""', re.DOTALL),
    "'''": re.compile(r"\\.|'''", re.DOTALL),
    '"': re.compile(r'\\.|["\n]', re.DOTALL),
    "'": re.compile(r"\\.|['\n]", re.DOTALL),
}
_UNMISTAKABLE = re.compile(r"(?:def|class|import|from)[ \t]+\w|@\w")  # begins a statement, whatever is open
_BLANK = re.compile(r"\{[^{}\n]*\}")
_KEPT_NAMES = frozenset({*keyword.kwlist, *dir(builtins)})
_HEADS = ("def", "class", "import", "from", "@")


class Token(NamedTuple):
    """kind: name, number, string or sign. text: of a string, what is between the quotes."""

    kind: str
    text: str


@dataclass(frozen=True)
class Statement:
    """A logical line: what stands between two line breaks (or semicolons) that are outside of brackets.

    line: where it begins, counted from 1. column: characters of white space before it.
    """

    line: int
    column: int
    tokens: tuple[Token, ...]


def statements(source: bytes) -> list[Statement]:
    """The logical lines of a submission. Whatever the bytes are, nothing is raised."""
    # Without null bytes, text in UTF-16 is nearly what it would be in UTF-8. A declared encoding is not looked up:
    # some of Python's take quadratic time.
    text = source[: 4 * _MOST_CHARACTERS].decode("utf-8", "replace").replace("\0", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")[:_MOST_CHARACTERS]
    return list(_statements(text))


def _statements(text: str) -> Iterator[Statement]:
    tokens: list[Token] = []
    line, first, column, depth, position, line_start = 1, 1, 0, 0, 0, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        assert found is not None  # the last alternative takes any character
        kind, start, position = found.lastgroup, position, found.end()
        if kind == "skipped":
            line += text[start] == "\\"
            continue
        if kind == "line":
            line, line_start = line + 1, position
            if depth and not _UNMISTAKABLE.match(text, position):
                continue
        elif kind != "sign" or found[0] != ";" or depth:
            if not tokens:
                first, column = line, start - line_start
            if kind == "quote":
                token, position = _string(text, found[0], position)
                line += text.count("\n", start, position)
            else:
                assert kind is not None
                token = Token(kind, found[0])
                depth = _depth(depth, found[0])
            tokens.append(token)
            continue
        if tokens:
            yield Statement(first, column, tuple(tokens))
        tokens, depth = [], 0
    if tokens:
        yield Statement(first, column, tuple(tokens))


def _depth(depth: int, sign: str) -> int:
    if sign in ("(", "[", "{"):
        return depth + 1
    return max(0, depth - 1) if sign in (")", "]", "}") else depth


def _string(text: str, opening: str, position: int) -> tuple[Token, int]:
    """The string whose content begins at `position`, and where it ends; without end it goes as far as it may."""
    prefix = opening.rstrip("\"'")
    quotes = opening[len(prefix) :]
    start, end = position, len(text)
    while found := _STRING_ENDS[quotes].search(text, position):
        position = found.end()
        if found[0][0] != "\\":
            end = found.start()
            if found[0] == "\n":
                position = end  # not closed: the line break is read again, as one
            break
    else:
        position = len(text)
    content = text[start:end]
    return Token(_STRING, _BLANK.sub("{}", content) if {*prefix.lower()} & {"f", "t"} else content), position


def normalized_digest(code: Sequence[Statement]) -> str:
    """A digest that stays when names, comments, docstrings and white space are changed; "" for very little code.

    Names become numbers, in the order of their first appearance: those of the module in all of it, others in their
    function. Attributes, keywords and built-in names stay.
    """
    digest = hashlib.sha256()
    of_module = {name: f"#{number}" for number, name in enumerate(dict.fromkeys(_module_names(code)))}
    numbers: dict[str, str] = {}
    written = 0
    for statement in code:
        if all(token.kind == _STRING for token in statement.tokens):
            continue
        if statement.column == 0:
            numbers = {}
        written += 0 if _is_given(statement) else len(statement.tokens)
        before = ""
        for kind, text in statement.tokens:
            if kind == _NAME and before != "." and text not in _KEPT_NAMES:
                text = of_module.get(text) or numbers.setdefault(text, f"={len(numbers)}")
            before = text
            digest.update(f"{kind}:{text}\0".encode("utf-8", "replace"))
        digest.update(b"\n")
    return digest.hexdigest() if written >= _FEWEST_TOKENS else ""


def _module_names(code: Sequence[Statement]) -> Iterator[str]:
    """The names in statements that begin in the first column; of definitions only that which is defined."""
    for statement in code:
        if statement.column == 0:
            is_definition = statement.tokens[0].text in ("def", "class")
            tokens = statement.tokens[1:2] if is_definition else statement.tokens
            yield from (token.text for token in tokens if token.kind == _NAME)


def _is_given(statement: Statement) -> bool:
    """Whether starter code has such statements: definitions, imports and what is raised in a stub."""
    words = [token.text for token in statement.tokens[:2]]
    return words[0] in _HEADS or words == ["raise", "NotImplementedError"]


def autograd_imports(code: Sequence[Statement]) -> Iterator[Feedback]:
    """A hint for every library that is imported and differentiates, in the order of the lines."""
    seen = set()
    for statement in code:
        for module in _imported(statement.tokens):
            library = module.partition(".")[0]
            if library in _AUTOGRAD and library not in seen:
                seen.add(library)
                yield _hint("autograd_import", line=statement.line, library=library)


def _imported(tokens: Sequence[Token]) -> Iterator[str]:
    words = [token.text if token.kind != _STRING else "" for token in tokens]
    if "import" in words:
        at = words.index("import")
        if "from" in words[:at]:
            yield words[words.index("from") + 1]
        else:
            yield from (word for before, word in zip(words[at:], words[at + 1 :], strict=False) if before in _LISTS)
    for function, bracket, argument in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if function.text in ("import_module", "__import__") and bracket.text == "(" and argument.kind == _STRING:
            yield argument.text


_LISTS = ("import", ",")


def shape_hints(code: Sequence[Statement], exercises: Iterable[ExerciseResult]) -> Iterator[Feedback]:
    """A hint for every exercise that passes some tests, and whose code shows the shape that it fails others with.

    Made from results and text alone. Either a wrong shape has a number that stands in the code of the exercise and that
    the right shape has not, or the code compares a shape with a number.
    """
    for exercise in exercises:
        passed = [test for test in exercise.tests if test.outcome is Outcome.PASSED]
        failed = [test for test in exercise.tests if test.outcome in (Outcome.FAILED, Outcome.RAISED)]
        if not passed or not failed:
            continue
        body = _body(code, exercise.exercise)
        facts = {"exercise": exercise.exercise, "passed": _short(passed[0].test)}
        literals = {int(token.text) for token in body if token.kind == _NUMBER and _DIMENSION.fullmatch(token.text)}
        for test in failed:
            if numbers := sorted(literals.intersection(_wrong_dimensions(test.feedback))):
                yield _hint("shape_from_literal", failed=_short(test.test), number=numbers[-1], **facts)
                break
        else:
            if (number := _compared_shape(body)) is not None:
                yield _hint("shape_compared", failed=_short(failed[0].test), number=number, **facts)


_DIMENSION = re.compile(r"[1-9]\d{0,8}")
_SMALLEST_DIMENSION = 3  # 1 and 2 stand in formulas
_SHAPE = re.compile(r"\((\d{1,9}(?:, ?\d{1,9})*,?)\)")
_NEAR_TOKENS = 8


def _short(test: str) -> str:
    return test.rpartition("::")[2]


def _body(code: Sequence[Statement], function: str) -> list[Token]:
    """The tokens of the last top-level definition of `function`, without its first line."""
    body: list[Token] = []
    is_inside = False
    for statement in code:
        if statement.column == 0:
            words = [token.text for token in statement.tokens[:2]]
            if words == ["def", function]:
                is_inside, body = True, []
                continue
            is_inside = False
        if is_inside:
            body.extend(statement.tokens)
    return body


def _wrong_dimensions(feedback: Iterable[Feedback]) -> set[int]:
    """The lengths of axes in a complaint about a shape, those of the right shape left out."""
    found: set[int] = set()
    for entry in feedback:
        shapes = [{int(n) for n in re.findall(r"\d+", shape)} for shape in _SHAPE.findall(entry.rationale)]
        if entry.key == "wrong_shape" and len(shapes) == 2:
            found |= shapes[0] - shapes[1]
        elif entry.key == "hint_shapes":
            found = found.union(*shapes)
    return {number for number in found if number >= _SMALLEST_DIMENSION}


def _compared_shape(body: Sequence[Token]) -> int | None:
    """The number that `shape` or `size` is compared with in this code, None if there is none."""
    for position, token in enumerate(body):
        if token.text not in ("shape", "size") or token.kind != _NAME:
            continue
        near = body[position + 1 : position + 1 + _NEAR_TOKENS]
        operators = [at for at, other in enumerate(near) if other.text in ("==", "!=", "in") and other.kind != _STRING]
        if operators:
            after = body[position + 1 + operators[0] :][:_NEAR_TOKENS]
            for other in after:
                if _DIMENSION.fullmatch(other.text) and int(other.text) >= _SMALLEST_DIMENSION:
                    return int(other.text)
    return None


# A finite difference takes many calls whose arguments differ by a tiny step: 1e-3 at most, in two directions. Two
# calls are left alone: f(z + h) - f(z - h) for all entries at once is one way to write an element-wise derivative.
_STEP = 3e-3
_FEWEST_STEPS = 6
_ENOUGH_STEPS = 12
_MOST_CALLS = 64

_BACKWARD = frozenset({"backward", "derivative"})


def is_backward(exercise: str) -> bool:
    """Whether an exercise is, by its name, a derivative that is to be written down.

    `gradient` is no such word: numerical_gradient and gradient_descent call functions again and again, and should.
    """
    return not _BACKWARD.isdisjoint(exercise.split("_"))


class Enough(Exception):
    """Ends an evaluation of which enough has been seen."""


class StepCounter:
    """Stands for a function, and counts the calls with arguments a tiny step away from those of the call before."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._before: list[NDArray[np.float64]] | None = None
        self.calls = 0
        self.steps = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function returns. Raises Enough when it has been called often enough."""
        if self.calls >= _MOST_CALLS or self.steps >= _ENOUGH_STEPS:
            raise Enough("this evaluation is not needed any more")
        numbers = list(_arrays([*args, *kwargs.values()]))
        self.calls += 1
        self.steps += self._before is not None and _is_step(self._before, numbers)
        self._before = numbers
        return self._function(*args, **kwargs)

    @property
    def is_differenced(self) -> bool:
        """Whether most calls, and several, were steps."""
        return self.steps >= _FEWEST_STEPS and 2 * self.steps >= self.calls


def difference_hint(exercise: str, counters: Mapping[str, StepCounter]) -> Feedback | None:
    """The hint for an evaluation of `exercise` in which `counters` stood for other functions, by name."""
    for name, counter in counters.items():
        if counter.is_differenced:
            return _hint("numerical_differentiation", exercise=exercise, called=name, count=counter.calls)
    return None


def _arrays(value: Any) -> Iterator[NDArray[np.float64]]:
    """Copies of the numbers in `value`, in order. Values that crossed the wall are nested to a limited depth."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _arrays(entry)
    elif isinstance(value, np.ndarray | np.number | int | float):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            yield array.astype(np.float64)  # always a copy: the submission may change its own


def _is_step(before: Sequence[NDArray[np.float64]], after: Sequence[NDArray[np.float64]]) -> bool:
    if [array.shape for array in before] != [array.shape for array in after]:
        return False
    with np.errstate(all="ignore"):
        sizes = [float(np.max(np.abs(array), initial=1.0)) for array in before]
        steps = [float(np.max(np.abs(a - b), initial=0.0)) for a, b in zip(before, after, strict=True)]
    relative = [step / size for step, size in zip(steps, sizes, strict=True)]
    return 0.0 < max(relative, default=0.0) <= _STEP


class SameSubmission(NamedTuple):
    """Students whose submissions are the same, and in which way."""

    students: tuple[str, ...]
    hint: Feedback


def same_submissions(files: Iterable[tuple[str, str, str]]) -> list[SameSubmission]:
    """Who handed in what somebody else did. files: student, digest of the bytes, normalized digest ("" for none)."""
    by_bytes, by_code = defaultdict(list), defaultdict(list)
    digests: dict[str, set[str]] = defaultdict(set)
    for student, digest, normalized in files:
        by_bytes[digest].append(student)
        if normalized:
            by_code[normalized].append(student)
            digests[normalized].add(digest)
    same = [SameSubmission(tuple(students), _hint("same_file")) for students in by_bytes.values() if len(students) > 1]
    return same + [
        SameSubmission(tuple(students), _hint("same_code"))
        for normalized, students in by_code.items()
        if len(digests[normalized]) > 1
    ]


def _hint(key: str, **values: object) -> Feedback:
    """The hint `key`. All values are names and numbers of ours, or were compared with such."""
    message = HINTS[key]
    return Feedback(
        key, message.rationale.format(**values), None if message.help is None else message.help.format(**values)
    )
