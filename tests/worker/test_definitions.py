"""What counts as a stub."""

import ast

import pytest

from grader.worker.definitions import is_stub


def definition(text):
    (node,) = ast.parse(text).body
    return node


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "'docstring'",
        "'docstring'; pass",
        "raise NotImplementedError",
        "'docstring'; raise NotImplementedError('f')",
        "raise NotImplementedError('f'); return 3",
        "return",
        "return None",
        "dW = None; db = None; return dW, db",
        "dW, db = None, None; return dW, db",
        "dW = db = None; return (dW, db)",
        "cost: float = None; return cost",
        "dW = None; grads = {'dW': dW}; return grads",
        "A = None; return [A]",
    ],
)
def test_stubs(body):
    assert is_stub(definition(f"def f(x): {body}"))


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "return 0",
        "return {}",
        "return ()",
        "y = x; return None",
        "x.fill(0)",
        "raise ValueError",
        "raise",
        "if x: raise NotImplementedError",
        "dW = None; return dW, x",
        "y = x; raise NotImplementedError",
        "return lambda: None",
    ],
)
def test_code_that_is_more_than_a_stub(body):
    assert not is_stub(definition(f"def f(x):\n    {body}"))


def test_a_class_of_stubs_is_a_stub():
    assert is_stub(definition("class C:\n    'doc'\n    def f(self): pass\n    def g(self): ..."))
    assert not is_stub(definition("class C:\n    def f(self): pass\n    def g(self): return 1"))
    assert not is_stub(definition("class C:\n    x = 1"))
