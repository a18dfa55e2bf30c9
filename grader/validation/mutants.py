"""Mutants: the reference solution with one small fault each, generated from its syntax tree.

What is changed is what people get wrong: an operator, a constant, an axis, keepdims, a transpose, a bound, a term
that is dropped, a function that is taken for its neighbour. Only the solution regions are changed, since nobody
writes the rest.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_NEIGHBOURS = {
    "maximum": "minimum",
    "minimum": "maximum",
    "sum": "mean",
    "mean": "sum",
    "exp": "expm1",
    "log": "log1p",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "std": "var",
    "var": "std",
    "sqrt": "square",
    "square": "sqrt",
    "abs": "sign",
    "sign": "abs",
    "standard_normal": "random",
    "random": "standard_normal",
    "argmin": "argmax",
    "argmax": "argmin",
    "all": "any",
    "any": "all",
    "min": "max",
    "max": "min",
    "tanh": "sin",
    "floor": "ceil",
    "ceil": "floor",
    "rot90": "flip",
    "permutation": "arange",
}


@dataclass(frozen=True)
class Mutant:
    """One fault. source: the whole module with it. function: the top-level function that it is in.

    line: 1-based in the solution; original, changed: that expression or statement before and after.
    """

    function: str
    line: int
    original: str
    changed: str
    source: str


def mutants(solution: str, begin: str, end: str) -> Iterator[Mutant]:
    """All mutants of `solution`, in the order of its lines. begin, end: the markers around what learners write."""
    tree = ast.parse(solution)
    written = _lines_between(solution, begin, end)
    seen: set[str] = set()
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in [node for node in ast.walk(function) if getattr(node, "lineno", 0) in written]:
            for changed in _changes(node):
                source = _with(tree, node, changed)
                if source in seen:
                    continue
                seen.add(source)
                yield Mutant(function.name, getattr(node, "lineno", 0), _shown(node), _shown(changed), source)


def _lines_between(text: str, begin: str, end: str) -> set[int]:
    lines, inside = set(), False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() in (begin, end):
            inside = line.strip() == begin
        elif inside:
            lines.add(number)
    return lines


def _changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in the place of `node`; None removes the statement."""
    for rule in _RULES:
        yield from rule(node)


def _binary(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for operator in _BINARY.get(type(node.op), ()):
            yield _copied(node, op=operator())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        yield copy.deepcopy(node.left)  # the other term or factor is dropped
        if isinstance(node.op, ast.Add | ast.Mult):
            yield copy.deepcopy(node.right)


def _unary(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield copy.deepcopy(node.operand)


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in _COMPARISONS.get(type(node.ops[0]), ()):
            yield _copied(node, ops=[operator()])


def _boolean(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield _copied(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.IfExp):
        yield _copied(node, body=node.orelse, orelse=node.body)


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(node.value - 1)
    elif isinstance(node.value, float):
        yield ast.Constant(2 * node.value if node.value else 1.0)


def _transpose(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield copy.deepcopy(node.value)


def _call(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call):
        return
    for position, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "keepdims"):
            yield _copied(node, keywords=node.keywords[:position] + node.keywords[position + 1 :])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _NEIGHBOURS:
        function = _copied(node.func, attr=_NEIGHBOURS[node.func.attr])
        yield _copied(node, func=function)
    if isinstance(node.func, ast.Name) and node.func.id in _NEIGHBOURS:
        yield _copied(node, func=ast.Name(_NEIGHBOURS[node.func.id], ast.Load()))
    if len(node.args) == 2 and not node.keywords and _is_where_or_product(node.func):
        yield _copied(node, args=node.args[::-1])
    if isinstance(node.func, ast.Attribute) and node.func.attr == "where" and len(node.args) == 3:
        yield _copied(node, args=[node.args[0], node.args[2], node.args[1]])


def _is_where_or_product(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in ("dot", "matmul", "outer")


def _slice(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        if node.lower is not None:
            yield _copied(node, lower=None)
        if node.upper is not None:
            yield _copied(node, upper=None)
        if node.step is not None:
            yield _copied(node, step=None)


def _statement(node: ast.AST) -> Iterator[ast.AST | None]:
    if isinstance(node, ast.AugAssign | ast.Expr | ast.Break | ast.Continue | ast.Raise):
        yield None
    if isinstance(node, ast.If):
        yield _copied(node, test=ast.Constant(True))
        yield _copied(node, test=ast.Constant(False))
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
        yield _copied(node, value=_copied(node.value, elts=node.value.elts[::-1]))


_RULES: tuple[Callable[[ast.AST], Iterator[ast.AST | None]], ...] = (
    _binary,
    _unary,
    _comparison,
    _boolean,
    _constant,
    _transpose,
    _call,
    _slice,
    _statement,
)


def _copied(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return copy.deepcopy(made)


class _Replacer(ast.NodeTransformer):
    """Puts `changed` in the place of one node, found by identity."""

    def __init__(self, node: ast.AST, changed: ast.AST | None) -> None:
        self._node = node
        self._changed = changed

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._node:
            return ast.Pass() if self._changed is None else self._changed
        visited: ast.AST = super().visit(node)
        return visited


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST | None) -> str:
    """The source of `tree` with `changed` for `node`. Lists are copied on the way, nodes are shared."""
    body = []
    for statement in tree.body:
        if any(child is node for child in ast.walk(statement)):
            body.append(_replaced(statement, node, changed))
        else:
            body.append(statement)
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))


def _replaced(statement: ast.stmt, node: ast.AST, changed: ast.AST | None) -> ast.stmt:
    memo: dict[int, object] = {}
    copied = copy.deepcopy(statement, memo)
    twin = memo[id(node)]
    assert isinstance(twin, ast.AST)
    made = _Replacer(twin, changed).visit(copied)
    assert isinstance(made, ast.stmt)
    return made


def _shown(node: ast.AST | None) -> str:
    text = "(removed)" if node is None else ast.unparse(node)
    first, *rest = text.splitlines()
    return f"{first} …" if rest else first
