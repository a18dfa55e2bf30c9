"""Mutants: one small fault each, inside the solution regions only, and every one a program."""

import ast

import pytest

from grader.validation.mutants import mutants

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"


def made(body, name="f"):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return list(mutants(f"import numpy as np\n\n\ndef {name}(x, W):\n    {BEGIN}\n{lines}\n    {END}\n", BEGIN, END))


def changes(body):
    return {(mutant.original, mutant.changed) for mutant in made(body)}


@pytest.mark.parametrize(
    ("body", "original", "changed"),
    [
        ("return x + W", "x + W", "x - W"),
        ("return x + W", "x + W", "W"),
        ("return x / W", "x / W", "x"),
        ("return W @ x", "W @ x", "W * x"),
        ("return -x", "-x", "x"),
        ("return x > 0", "x > 0", "x >= 0"),
        ("return x > W and x", "x > W and x", "x > W or x"),
        ("return x[1]", "1", "2"),
        ("return x[1]", "1", "0"),
        ("return 0.5 * x", "0.5", "1.0"),
        ("return np.sum(x, axis=1, keepdims=True)", "True", "False"),
        ("return np.sum(x, axis=1)", "np.sum(x, axis=1)", "np.sum(x)"),
        ("return np.sum(x, axis=1)", "np.sum(x, axis=1)", "np.mean(x, axis=1)"),
        ("return W.T", "W.T", "W"),
        ("return np.dot(W, x)", "np.dot(W, x)", "np.dot(x, W)"),
        ("return np.where(x, 1.0, W)", "np.where(x, 1.0, W)", "np.where(x, W, 1.0)"),
        ("return np.maximum(0, x)", "np.maximum(0, x)", "np.minimum(0, x)"),
        ("return x[1:]", "1:", ":"),
        ("x += 1\nreturn x", "x += 1", "x -= 1"),
        ("x += 1\nreturn x", "x += 1", "(removed)"),
        ("if x:\n    return 1\nreturn W", "if x: …", "if True: …"),
        ("return x, W", "return (x, W)", "return (W, x)"),
        ("raise ValueError(x)", "raise ValueError(x)", "(removed)"),
    ],
)
def test_a_common_mistake_is_among_them(body, original, changed):
    assert (original, changed) in changes(body)


def test_every_mutant_is_a_program_of_its_own():
    body = "total = 0\nfor i in range(1, 3):\n    total += W[i].T @ x[i - 1] / 2\nreturn np.sum(total, axis=0)"

    found = made(body)

    sources = [mutant.source for mutant in found]
    assert len(found) > 15
    assert len(set(sources)) == len(sources)
    assert all(ast.parse(source) for source in sources)


def test_what_learners_do_not_write_is_left_alone():
    source = f"LIMIT = 3 + 4\n\n\ndef f(x):\n    y = x + 1\n    {BEGIN}\n    return y\n    {END}\n"

    assert list(mutants(source, BEGIN, END)) == []


def test_line_and_function_are_those_of_the_solution():
    (first, *_) = made("\n\nreturn x + W", name="slope")

    assert (first.function, first.line) == ("slope", 8)


def test_the_rest_of_the_module_stays_as_it_is():
    source = f'"""Module."""\nK = 2\n\n\ndef f(x):\n    """Text."""\n    {BEGIN}\n    return x * K\n    {END}\n'

    for mutant in mutants(source, BEGIN, END):
        namespace = {}
        exec(mutant.source, namespace)
        assert namespace["K"] == 2
        assert namespace["f"].__doc__ == "Text."
        assert namespace["f"](10) != 20
