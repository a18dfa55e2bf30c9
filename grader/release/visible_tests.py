"""The visible part of a test file, as source text.

A test file holds visible and hidden tests side by side. What learners get is built up from the visible tests:
those functions, the module-level statements whose names they use (directly or through each other), the imports
they need and `pytestmark`. What is not needed is not copied, so that no helper of a hidden test slips through.
"""

from __future__ import annotations

import ast

from grader.errors import ManifestError
from grader.model import Visibility


def visible_part(source: str, *, origin: str) -> str | None:
    """The source of the visible tests in `source`, or None when there are none.

    Raises ManifestError naming `origin` when the file does not parse.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ManifestError(f"{origin}: does not parse: {error.msg} (line {error.lineno})") from None
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_visible(node)]
    if not tests:
        return None
    needed = _closure(tree, tests)
    nodes = [node for node in tree.body if node in needed]
    used = set().union(*(_used_names(node) for node in nodes))
    lines = source.splitlines()
    return _joined([_text(lines, node, used) for node in nodes], nodes)


def _is_visible(function: ast.FunctionDef) -> bool:
    if not function.name.startswith("test_"):
        return False
    for decorator in function.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "visibility"
            and [argument.value for argument in decorator.args if isinstance(argument, ast.Constant)]
            == [Visibility.VISIBLE]
        ):
            return True
    return False


def _closure(tree: ast.Module, tests: list[ast.FunctionDef]) -> set[ast.stmt]:
    """Top-level statements that `tests` need, themselves and the module docstring included."""
    definers: dict[str, list[ast.stmt]] = {"pytestmark": []}
    for node in tree.body:
        for name in _bound_names(node):
            definers.setdefault(name, []).append(node)
    kept: set[ast.stmt] = set()
    waiting: list[ast.stmt] = [*tests, *definers["pytestmark"]]
    while waiting:
        node = waiting.pop()
        if node in kept:
            continue
        kept.add(node)
        waiting.extend(definer for name in _used_names(node) for definer in definers.get(name, ()))
    first = tree.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        kept.add(first)
    return kept


def _bound_names(node: ast.stmt) -> set[str]:
    """Names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return set() if node.name.startswith("test_") else {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


def _used_names(node: ast.stmt) -> set[str]:
    names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}
    fixtures = {a.arg for f in ast.walk(node) if isinstance(f, ast.FunctionDef) for a in f.args.args}
    return names | fixtures


def _text(lines: list[str], node: ast.stmt, used: set[str]) -> str:
    """The lines of a statement, its decorators and the comment lines right above it included.

    Imports are written anew without the names that nothing uses.
    """
    if isinstance(node, ast.Import | ast.ImportFrom):
        node.names = [alias for alias in node.names if (alias.asname or alias.name).split(".")[0] in used]
        return ast.unparse(node)
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    assert node.end_lineno is not None
    return "\n".join(lines[first : node.end_lineno])


def _joined(parts: list[str], nodes: list[ast.stmt]) -> str:
    text = parts[0]
    for part, before, node in zip(parts[1:], nodes, nodes[1:], strict=False):
        blocks = any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in (before, node))
        imports = all(isinstance(n, ast.Import | ast.ImportFrom) for n in (before, node))
        text += ("\n\n\n" if blocks else "\n" if imports else "\n\n") + part
    return text + "\n"
