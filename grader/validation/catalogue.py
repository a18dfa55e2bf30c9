"""The feedback catalogue: every text that a learner may be told, as one Markdown page that a teacher can read.

    python -m grader.validation.catalogue            writes docs/feedback-catalogue.md of the course in this folder
    python -m grader.validation.catalogue --check    says whether the page is that of today

It has the messages of the grader with an example each, and for every exercise its misconceptions and the texts that its
tests have of their own. These are found in the syntax trees of the tests, which do not run for it.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import manifest, messages
from grader.checks.misconceptions import load_misconceptions
from grader.course import assignment_ids, find_course
from grader.errors import GraderError
from grader.messages import MESSAGES, feedback
from grader.model import Assignment, Feedback
from grader.reporters.feedback_markdown import code, escape, fenced
from grader.reporters.prose import blocks

PAGE = Path("docs") / "feedback-catalogue.md"
COMMAND = "python -m grader.validation.catalogue"

# What stands in a blank of this name, unless SPECIAL says something better for a message.
SAMPLES = {
    "accuracy": "55",
    "actual": "(3,)",
    "argument": "keep_prob",
    "call": "affine_backward(dZ, affine_cache)",
    "called": "layer_forward",
    "category": "RuntimeWarning",
    "code": "3",
    "count": "4",
    "detail": "cp1252",
    "error": "0.35",
    "examples": "60",
    "examples_before": "20",
    "exception": "ValueError",
    "exercise": "model_forward",
    "expected": "(3, 1)",
    "factor": "m = 7",
    "faulty": "affine_forward",
    "file": "deep_network.py",
    "files": "network.py, notes.txt",
    "folder": "ada",
    "function": "affine_forward",
    "hint": "; it has W1",
    "key": "dW1",
    "keys": "W1, b1",
    "kind": "a picture",
    "last": "0.69",
    "limit": "5 MiB",
    "line": "12",
    "mebibytes": "2048",
    "mistake": "it is 2/n, the variance; its root is missing",
    "name": "dW1",
    "names": "dA_prev, dW, db",
    "other": "deep_network.ipynb",
    "others": "old.py, copy.py",
    "position": "1",
    "reason": "it is not JSON",
    "remedy": "np.tanh",
    "right": "dA_prev",
    "seconds": "5",
    "shape": "(1, 1)",
    "share": "12",
    "sign": "negative",
    "signal": "SIGSEGV",
    "size": "7 MiB",
    "source": "Z = A @ W + b",
    "text": ": operands could not be broadcast together with shapes (3,4) (5,)",
    "time": "3 hours 20 minutes",
    "times": "60",
    "times_before": "20",
    "total": "12",
    "what": "dW1",
    "where": " at [0, 2]",
    "wrong": "dW",
}


def _by_message(**values: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """Keywords, not texts: a test looks for keys among the texts, to find messages that nobody uses."""
    return values


SPECIAL = _by_message(
    wrong_type={"name": "parameters", "expected": "a dict", "actual": "a list of 4 entries"},
    wrong_shape={"expected": "(3, 4)", "actual": "(5, 4)"},
    transposed_shape={"expected": "(3, 4)", "actual": "(4, 3)"},
    not_finite={"name": "A", "what": "NaN"},
    not_a_number={"name": "cross_entropy_cost(AL, Y)", "actual": "an array of shape (1, 7)"},
    size_one={"name": "cross_entropy_cost(AL, Y)"},
    wrong_count={"actual": "a tuple of 2 entries", "count": "3"},
    missing_key={"name": "grads"},
    not_binary={"name": "predict(parameters, X)"},
    wrong_length={"name": "costs", "expected": "10", "actual": "9"},
    wrong_plain={"name": "remedies(diagnosis)", "actual": "an empty set"},
    wrong_number={"name": "cost"},
    wrong_number_shown={"name": "cost", "expected": "0.693", "actual": "4.852"},
    wrong_entries_shown={"expected": "0.25", "actual": "1.75"},
    wrong_array_shown={"expected": "[[1, 2],\n [3, 4]]", "actual": "[[1, 3],\n [2, 4]]"},
    not_deterministic={"name": "initialize_parameters"},
    argument_ignored={"name": "fit", "argument": "learning_rate"},
    too_few_costs={"count": "0"},
    not_raised={"name": "activation_forward(Z, 'cosine')", "expected": "ValueError"},
    wrong_exception={"name": "activation_forward(Z, 'cosine')", "expected": "ValueError", "actual": "KeyError"},
    not_vectorized={"function": "forward"},
    wrong_mean={"name": "W1", "expected": "0", "actual": "0.5"},
    wrong_std={"name": "W1", "expected": "0.2", "actual": "0.0409"},
    std_of_mistake={"name": "W1", "expected": "0.2", "actual": "0.0402"},
    never_negative={"name": "W1"},
    not_symmetric={"name": "W1"},
    wrong_kept_fraction={"name": "A", "expected": "80 %", "actual": "20 %"},
    not_independent={"name": "W1 and W2"},
    entries_repeat={"name": "W1"},
    sample_not_finite={"name": "W1"},
    pattern_missing_term={"argument": "exactly lambd/m times W1"},
    pattern_extra_term={"what": "Z", "argument": "exactly b"},
    pattern_permuted={"line": "rows"},
    pattern_broadcast={"what": "dZ"},
    pattern_summed_up={"what": "db"},
    pattern_other_axis={"what": "db"},
    pattern_line={"line": "the last row"},
    pattern_two={
        "mistake": "The sum misses the second term.",
        "factor": "m (m = 7)",
        "what": "dW1",
        "remedy": "Add (1 - Y) * np.log(1 - A).",
    },
    load_statement_hung={"where": "The statement in line 12"},
    load_statement_crashed={"where": "The statement in line 12"},
    submission_special={"kind": "a named pipe"},
    submission_broken_notebook={"file": "deep_network.ipynb"},
    submission_without_code={"file": "deep_network.ipynb"},
    submission_renamed={"file": "Deep_Network.py", "expected": "deep_network.py"},
    submission_time_unknown={"file": "timestamp.txt"},
    submission_late={"source": "Canvas"},
    submission_last_attempt={"file": "deep_network-2.py", "others": "deep_network.py, deep_network-1.py"},
    submission_active_attempt={"count": "3", "last": "2026-12-02T02:52:07+00:00"},
    stub_called={"function": "model_forward"},
    raised_at_call={
        "exception": "TypeError",
        "text": ": affine_forward() takes 2 positional arguments but 3 were given",
    },
    bad_return={"kind": "a function", "where": " at [1]"},
    cpu_limit={"seconds": "60"},
    budget_spent={"seconds": "60"},
    warning_raised={"where": " in line 12", "text": "overflow encountered in exp"},
    wrong_result_shown={"text": "the cost should fall"},
    load_null_bytes={"detail": "2", "line": "1"},
    load_syntax_error={"detail": "'(' was never closed"},
    load_statement_failed={"detail": "NameError: name 'X_train' is not defined"},
    load_stand_in_module={"detail": "matplotlib"},
    load_duplicate_definition={"detail": "sigmoid"},
    load_too_many_findings={"detail": "14"},
    overflow_warning={"function": "sigmoid"},
    unstable_for_large_inputs={"function": "tanh"},
)


@dataclass(frozen=True)
class Text:
    """A text that a test has of its own. exercise: by the name of the test's file."""

    exercise: str
    feedback: Feedback


def render(course: Path) -> str:
    """The page of a course. Raises GraderError when a file of the course cannot be read."""
    assignments = [manifest.load(course, assignment_id) for assignment_id in assignment_ids(course)]
    sections = [*_message_sections(), *(_assignment_section(assignment) for assignment in assignments)]
    lines = [
        "# Feedback catalogue",
        "",
        f"<!-- written by `{COMMAND}`; do not edit -->",
        "",
        "Every text that a learner may be told, with the key that stands in records. In messages of the grader an",
        "example is filled in; in other texts, braces hold what is filled in when the test runs.",
        "",
        "## Contents",
        "",
        *(f"- [{title}](#{slug(title)})" for title, _ in sections),
        "",
    ]
    for title, content in sections:
        lines += [f"## {title}", "", *content]
    return "\n".join(lines).rstrip() + "\n"


def slug(title: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def example(key: str) -> Feedback:
    """The message `key` with samples in its blanks. Raises KeyError for a blank of which there is no sample."""
    message = MESSAGES[key]
    texts = [text for text in message if text is not None]
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    special = SPECIAL.get(key, {})
    return feedback(key, **{name: special.get(name) or SAMPLES[name] for name in names})


Section = tuple[str, list[str]]


def _message_sections() -> Iterator[Section]:
    """The messages in the order of their table, in the groups that comments make there."""
    source = Path(messages.__file__).read_text(encoding="utf-8")
    title = ""
    content: list[str] = []
    for found in re.finditer(r'^    (?:# (?P<comment>[^(\n]*).*|"(?P<key>\w+)": Message\()', source, re.MULTILINE):
        if found["comment"]:
            if content:
                yield title, content
            place, _, about = found["comment"].strip().partition(": ")
            title, content = (about or place.rpartition("/")[2]).capitalize(), []
        elif found["key"] in MESSAGES:
            content += _entry(example(found["key"]))
    yield title, content


def _assignment_section(assignment: Assignment) -> Section:
    known = load_misconceptions(assignment.tests_folder / "misconceptions.py")
    texts = texts_of_tests(assignment.tests_folder)
    content = []
    for exercise in assignment.exercises:
        misconceptions = [m.feedback() for m in known if m.exercise == exercise.name]
        own = [text.feedback for text in texts if text.exercise == exercise.name]
        content += [f"### {code(exercise.name)} ({assignment.id})", ""]
        for heading, entries in (("Misconceptions:", misconceptions), ("Texts of the tests:", own)):
            if entries:
                content += [heading, "", *(line for entry in entries for line in _entry(entry))]
        if not misconceptions and not own:
            content += ["Messages of the grader only.", ""]
    return f"Assignment {assignment.id}", content


def _entry(entry: Feedback) -> list[str]:
    """A list item: key, what is wrong, and what to try."""
    first, *rest = blocks(entry.rationale)
    lines = [f"- {code(entry.key)}  ", f"  {escape(first.text)}"]
    for block in rest:
        shown = fenced(block.text) if block.is_array else [escape(block.text)]
        lines += ["", *(f"  {line}" for line in shown)]
    if entry.help:
        lines[-1] += "  " if not rest else ""
        lines += [*([""] if rest else []), f"  *Try:* {escape(entry.help)}"]
    return [*lines, ""]


def texts_of_tests(folder: Path) -> list[Text]:
    """The texts in the test files of an assignment, in their order, each once an exercise."""
    found: dict[Text, None] = {}
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_bytes(), str(path))
        exercise = path.stem.removeprefix("test_")
        found.update({Text(exercise, entry): None for entry in _texts_in(tree)})
    return list(found)


_Scope = dict[str, ast.expr]
_Written = ast.Constant | ast.JoinedStr | ast.IfExp


def _texts_in(tree: ast.Module) -> Iterator[Feedback]:
    """What calls of `fail`, `Feedback` and `check_std` in a module may say."""
    of_module = [statement for statement in tree.body if isinstance(statement, ast.Assign)]
    for node, rows in _with_rows(tree, [_constants(of_module)]):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        arguments = {
            **dict(zip(_PARAMETERS, node.args, strict=False)),
            **{k.arg: k.value for k in node.keywords if k.arg},
        }
        for row in rows:
            if node.func.id in ("fail", "Feedback"):
                help_node = arguments.get("help")
                yield Feedback(
                    _text(arguments["key"], row),
                    _text(arguments["rationale"], row),
                    None if help_node is None or _is_none(help_node) else _text(help_node, row),
                )
            elif "alternatives" in arguments:
                yield from _mistakes(arguments["alternatives"], row)


_PARAMETERS = ("key", "rationale", "help")


def _with_rows(node: ast.AST, rows: list[_Scope]) -> Iterator[tuple[ast.AST, list[_Scope]]]:
    """All nodes below `node`, in order, with what the names of constants may stand for: one row, or one a repetition.

    A name that is assigned once in a function stands for what it is assigned; in a loop over a table that is written
    down, names stand for the columns.
    """
    yield node, rows
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            parameters = {argument.arg for argument in (*child.args.args, *child.args.kwonlyargs)}
            outer = [{name: value for name, value in row.items() if name not in parameters} for row in rows]
            yield from _with_rows(child, [row | _constants(child.body) for row in outer])
        elif isinstance(child, ast.For) and isinstance(child.iter, ast.Tuple | ast.List):
            table = [_columns(child.target, entry) for entry in child.iter.elts]
            yield from _with_rows(child, [row | columns for row in rows for columns in table])
        else:
            yield from _with_rows(child, rows)


def _constants(body: Sequence[ast.stmt]) -> _Scope:
    assigned: dict[str, list[ast.expr]] = {}
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    return {
        name: values[0]
        for name, values in assigned.items()
        if len(values) == 1 and isinstance(values[0], ast.Dict | _Written)
    }


def _columns(target: ast.expr, entry: ast.expr) -> _Scope:
    if isinstance(target, ast.Name):
        return {target.id: entry}
    if isinstance(target, ast.Tuple) and isinstance(entry, ast.Tuple) and len(target.elts) == len(entry.elts):
        return {
            name: value for t, e in zip(target.elts, entry.elts, strict=True) for name, value in _columns(t, e).items()
        }
    return {}


def _text(node: ast.expr, scope: _Scope) -> str:
    """The text that an expression gives, with the source in braces where only running it would tell."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(_text(part, scope) for part in node.values)
        case ast.FormattedValue():
            return _text(node.value, scope)
        case ast.BinOp(op=ast.Add()):
            return _text(node.left, scope) + _text(node.right, scope)
        case ast.Name() if isinstance(scope.get(node.id), _Written):
            return _text(scope[node.id], {name: value for name, value in scope.items() if name != node.id})
        case ast.IfExp():
            return f"{_text(node.body, scope)} / {_text(node.orelse, scope)}"
    return f"{{{ast.unparse(node)}}}"


def _mistakes(node: ast.expr, scope: _Scope) -> Iterator[Feedback]:
    """What `check_std` says of the alternatives in a dict that is written down."""
    table = scope.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(table, ast.Dict):
        for key in table.keys:
            if key is not None:
                yield feedback("std_of_mistake", name="W1", expected="…", actual="…", mistake=_text(key, scope))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_current(course: Path) -> bool:
    """Whether the page of the course is what `render` gives."""
    page = course / PAGE
    return page.is_file() and page.read_text(encoding="utf-8") == render(course)


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit code: with --check 1 when the page is not that of today."""
    course = find_course(Path.cwd())
    if list(arguments) == ["--check"]:
        current = is_current(course)
        print(f"{PAGE} is {'current' if current else f'stale; run {COMMAND}'}")
        return 0 if current else 1
    if arguments:
        print(f"usage: {COMMAND} [--check]", file=sys.stderr)
        return 2
    (course / PAGE).write_text(render(course), encoding="utf-8")
    print(f"{PAGE} is written")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except GraderError as error:
        sys.exit(f"error: {error}")
