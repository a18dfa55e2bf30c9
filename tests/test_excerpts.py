"""The student's own lines: the right ones, without the docstring, and none where the line is no definition."""

import pytest

from grader.excerpts import excerpt
from grader.integrity import statements
from grader.model import CodePiece

SOURCE = b'''import numpy as np


def first(x):
    """What it does.

    More of it.
    """
    y = (x +
         1)
    # half of it
    return y / 2


# %% the next one
def second(x): return x


third = lambda x: x
def fourth(x):
\treturn x
'''


def lines(function, line, source=SOURCE):
    return excerpt(source, statements(source), function, line)


def test_a_function_is_cut_out_without_its_docstring():
    assert lines("first", 4) == (
        CodePiece(4, "def first(x):"),
        CodePiece(9, "    y = (x +\n         1)\n    # half of it\n    return y / 2"),
    )


@pytest.mark.parametrize(
    ("function", "line", "text"),
    [
        ("second", 16, "def second(x): return x"),
        ("third", 19, "third = lambda x: x"),
        ("fourth", 20, "def fourth(x):\n    return x"),
    ],
)
def test_short_definitions_are_whole(function, line, text):
    assert lines(function, line) == (CodePiece(line, text),)


@pytest.mark.parametrize(("function", "line"), [("first", 5), ("first", 16), ("first", 0), ("first", 10**9)])
def test_a_line_that_defines_something_else_gives_nothing(function, line):
    assert lines(function, line) == ()


def test_long_functions_and_long_lines_are_cut():
    source = b"def f():\n" + b"    x = '" + b"a" * 1000 + b"'\n" + b"    y = 1\n" * 100

    (piece,) = lines("f", 1, source)

    assert len(piece.text.split("\n")) == 40
    assert max(map(len, piece.text.split("\n"))) == 160


def test_a_docstring_that_never_ends_is_shown_as_it_is():
    source = b'def f():\n    """open\n    return 1\n'

    (piece,) = lines("f", 1, source)

    assert piece.text.startswith('def f():\n    """open')
