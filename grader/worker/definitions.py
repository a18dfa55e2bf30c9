"""Which definition of an exercise counts, when a submission has several, or has only the stub."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .stand_ins import StandIn
from .wire import Finding, FunctionInfo

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = _Function | ast.ClassDef
_MISSING = object()


class Definitions:
    """Watches the exercises' names in a module's namespace while its statements run.

    The last definition counts that is more than a stub: a stub, or a stand-in for a name of an absent module, that
    would take the place of a real definition is undone. A name that is bound to something that cannot be called stays
    so, as it would in Python.
    """

    def __init__(self, namespace: dict[str, Any], exercises: Sequence[str]) -> None:
        self._namespace = namespace
        self._values: dict[str, Any] = dict.fromkeys(exercises, _MISSING)
        self._infos = {name: FunctionInfo("missing") for name in exercises}
        self._repeated: set[str] = set()

    def update(self, statement: ast.stmt) -> None:
        """Take note of what `statement`, which has just run, did to the names."""
        for name, before in self._values.items():
            value = self._namespace.get(name, _MISSING)
            if value is before:
                continue
            info = _info(name, value, statement)
            was_defined = self._infos[name].state == "defined"
            if was_defined and isinstance(statement, _Definition):
                self._repeated.add(name)
            if was_defined and (info.state == "stub" or isinstance(value, StandIn)):
                self._namespace[name] = before
            else:
                self._values[name] = value
                self._infos[name] = info

    def infos(self, lost: Mapping[str, int]) -> dict[str, FunctionInfo]:
        """What became of every exercise. lost: names of which a definition failed, with the line."""
        return {
            name: FunctionInfo("missing", lost[name]) if info.state == "missing" and name in lost else info
            for name, info in self._infos.items()
        }

    def findings(self) -> list[Finding]:
        """A finding for every exercise that had a real definition and then another one."""
        return [
            Finding("duplicate_definition", self._infos[name].line, name)
            for name in self._values
            if name in self._repeated
        ]


def is_stub(node: ast.stmt) -> bool:
    """Whether a function or class does nothing but what starter code does.

    That is, after the docstring: pass, ..., raise NotImplementedError, names set to None, and a return of such names.
    """
    if isinstance(node, ast.ClassDef):
        return all(_is_nothing(member) or (isinstance(member, _Function) and is_stub(member)) for member in node.body)
    return isinstance(node, _Function) and _does_nothing(node.body)


def _does_nothing(body: list[ast.stmt]) -> bool:
    empty: set[str] = set()
    for statement in body:
        match statement:
            case ast.Raise():
                return _is_not_implemented(statement.exc)
            case ast.Return():
                return statement.value is None or _is_empty(statement.value, empty)
            case ast.Assign() if _is_empty(statement.value, empty):
                empty.update(name for target in statement.targets for name in _names(target))
            case ast.AnnAssign(value=ast.expr() as value) if _is_empty(value, empty):
                empty.update(_names(statement.target))
            case _ if not _is_nothing(statement):
                return False
    return True


def _is_nothing(statement: ast.stmt) -> bool:
    """A pass, an ellipsis, a docstring or another constant."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _is_not_implemented(raised: ast.expr | None) -> bool:
    if isinstance(raised, ast.Call):
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_empty(value: ast.expr, names: set[str]) -> bool:
    """None, a name that was set to None, or a display of such only."""
    match value:
        case ast.Constant():
            return value.value is None
        case ast.Name():
            return value.id in names
        case ast.Tuple() | ast.List():
            return bool(value.elts) and all(_is_empty(element, names) for element in value.elts)
        case ast.Dict():
            return bool(value.values) and all(_is_empty(element, names) for element in value.values)
    return False


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _info(name: str, value: object, statement: ast.stmt) -> FunctionInfo:
    """What it means that `statement` has bound `name` to `value`."""
    if value is _MISSING or isinstance(value, StandIn):
        return FunctionInfo("missing", statement.lineno if isinstance(value, StandIn) else 0)
    node = _definition(name, statement)
    if not callable(value):
        return FunctionInfo("not_callable", statement.lineno)
    return FunctionInfo("stub" if node is not None and is_stub(node) else "defined", (node or statement).lineno)


def _definition(name: str, statement: ast.stmt) -> ast.stmt | None:
    """The last definition of `name` in a statement, which may be a compound such as `if` or `try`."""
    found = None
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, _Definition):
            if node.name == name and (found is None or node.lineno > found.lineno):
                found = node
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            pending.extend(ast.iter_child_nodes(node))
    return found
