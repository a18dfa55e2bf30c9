"""Lines are counted where work grows with the number of items, however the loop is written, and nowhere else."""

import functools
import math

import numpy as np
import pytest

from grader.worker.counting import counting, hottest
from grader.worker.wire import MAX_LINES

FEW, MANY = 10, 1000
PREAMBLE = "import functools, math\nfrom functools import reduce\nimport numpy as np\n"

LOOPS = {
    "for": "def f(X):\n    total = 0\n    for i in range(X.shape[1]):\n        total += X[0, i]\n    return total",
    "for on one line": "def f(X):\n    t = []\n    for x in X[0]: t.append(x)\n    return t",
    "while": "def f(X):\n    i = 0\n    while i < X.shape[1]:\n        i += 1\n    return i",
    "while on one line": "def f(X):\n    i = 0\n    while i < X.shape[1]: i += 1\n    return i",
    "list comprehension": "def f(X):\n    return [x + 1 for x in X[0]]",
    "dict comprehension": "def f(X):\n    return {i: 1 for i in range(X.shape[1])}",
    "generator": "def f(X):\n    return list(x + 1 for x in X[0])",
    "recursion": "def f(X, i=0):\n    return 0 if i >= X.shape[1] // 5 else 1 + f(X, i + 1) + 0 * sum([1, 1, 1, 1, 1])",
    "helper": "def one(x):\n    return x + 1\ndef f(X):\n    return list(map(one, X[0]))",
    "lambda": "def f(X):\n    return list(map(lambda x: x + 1, X[0]))",
    "map of a C function": "def f(X):\n    return list(map(math.exp, X[0]))",
    "filter": "def f(X):\n    return list(filter(None, X[0]))",
    "sum": "def f(X):\n    return sum(X[0])",
    "functools.reduce": "def f(X):\n    return functools.reduce(max, X[0])",
    "reduce": "def f(X):\n    return reduce(max, X[0])",
    "np.vectorize": "def f(X):\n    return np.vectorize(math.exp)(X)",
    "np.vectorize made before": "g = np.vectorize(math.exp)\ndef f(X):\n    return g(X)",
    "np.apply_along_axis": "def f(X):\n    return np.apply_along_axis(lambda c: c.sum(), 0, X)",
}
VECTORIZED = {
    "array expression": "def f(X):\n    return np.exp(X) @ X.T",
    "loop over features": "def f(X):\n    return sum(row.sum() for row in X)",
    "loop over layers": "def f(X):\n    for _ in range(7):\n        X = np.tanh(X)\n    return X",
    "blocks": "def f(X):\n    return [X[:, i : i + 200].sum() for i in range(0, X.shape[1], 200)]",
    "numpy reduction": "def f(X):\n    return np.add.reduce(X, axis=1), X.sum(), np.mean(X)",
}


def work(source, examples):
    """How many lines `f` of `source` runs for this many examples."""
    namespace = {"__name__": "submission"}
    exec(compile(PREAMBLE + source, "submission.py", "exec"), namespace)
    with counting("submission.py", namespace) as counts:
        namespace["f"](np.ones((3, examples)))
    return counts.total()


@pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS)
def test_work_for_every_example_is_seen(source):
    assert work(source, MANY) - work(source, FEW) >= 0.9 * (MANY - FEW)


@pytest.mark.parametrize("source", VECTORIZED.values(), ids=VECTORIZED)
def test_work_for_all_examples_at_once_is_not(source):
    assert work(source, MANY) - work(source, FEW) <= 10


def test_the_line_is_that_of_the_loop():
    source = "\n\n\ndef f(X):\n    Y = X + 1\n    for x in X[0]:\n        x + 1\n    return Y"
    namespace = {}
    exec(compile(source, "submission.py", "exec"), namespace)

    with counting("submission.py", namespace) as counts:
        namespace["f"](np.ones((3, 50)))

    busiest = {line.line: line.count for line in hottest(counts)}
    assert busiest[5] == busiest[8] == 1
    assert busiest[6] >= 50
    assert busiest[7] >= 50


def test_a_function_that_loops_in_c_counts_for_the_line_that_calls_it():
    namespace = {"math": math}
    exec(compile("def f(X):\n    Y = X\n    return list(map(math.exp, Y))", "submission.py", "exec"), namespace)

    with counting("submission.py", namespace) as counts:
        namespace["f"]([1.0] * 40)

    assert counts[3] >= 40


def test_everything_is_put_back():
    namespace = {"map": "their own", "r": functools.reduce}
    before = dict(namespace), functools.reduce, np.vectorize.__call__

    with counting("submission.py", namespace):
        assert functools.reduce is not before[1]
    with pytest.raises(ZeroDivisionError), counting("submission.py", namespace):
        1 / 0  # noqa: B018  the evaluation fails inside the block

    assert (namespace, functools.reduce, np.vectorize.__call__) == before


def test_names_that_the_submission_defines_stay_its_own():
    namespace = {}
    exec(compile("def sum(x):\n    return 'mine'\ndef f(X):\n    return sum(X)", "submission.py", "exec"), namespace)

    with counting("submission.py", namespace):
        assert namespace["f"]([1]) == "mine"


def test_the_busiest_lines_are_kept_when_there_are_many():
    source = "def f(X):\n" + "\n".join(f"    x = {i}" for i in range(200)) + "\n    for x in X:\n        x"
    namespace = {}
    exec(compile(source, "submission.py", "exec"), namespace)

    with counting("submission.py", namespace) as counts:
        namespace["f"](range(30))

    kept = hottest(counts)
    assert len(kept) == MAX_LINES
    assert kept == sorted(kept, key=lambda line: line.line)
    assert max(line.count for line in kept) >= 30
