"""One fault in a file costs the statement that it is in, and nothing else."""

import ast
import time
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.worker.parsing import parse

FIRST = '''\
import numpy as np

def first(x):
    """Has a text
in the first column, with a ( and a "quote".
    """
    if x:
        return 1
    return np.array([
1, 2,
])

'''
LAST = """\
@staticmethod
# a comment
def last(x):
    return x

values = {
"a": 1,
}
if values:
    pass
else:
    other = 2
"""

# Each stands between FIRST and LAST: its fault, with the line counted from its own first line.
FAULTS = {
    "print of Python 2": ("def bad(x):\n    print x\n    return x\n", "python2_print", 2),
    "open bracket": ("def bad(x):\n    y = (x + 1\n    return y\n", "syntax_error", 2),
    "open brace before a class": ("bad = {'a': 1,\nclass Ignored:\n    pass\n", "syntax_error", 1),
    "bracket too many": ("def bad(x):\n    return (x))\n", "syntax_error", 2),
    "open text": ('def bad(x):\n    """A text that is never closed.\n    return x\n', "syntax_error", 2),
    "open text with apostrophes": ("def bad(x):\n    '''It's the layer's.\n    return x\n", "syntax_error", 2),
    "open short text": ("def bad(x):\n    return 'x\n", "syntax_error", 2),
    "line indented too far": ("def bad(x):\n    y = 1\n      z = 2\n    return y\n", "syntax_error", 3),
    "line indented too little": ("def bad(x):\n    y = 1\n  return y\n", "syntax_error", 3),
    "function indented by one": (" def bad(x):\n     return x\n", "syntax_error", 1),
    "function indented by eight": ("        def bad(x):\n            return x\n", "syntax_error", 1),
    "no body": ("def bad(x):\n# to do\n\n", "syntax_error", None),
    "decorator without function": ("@\ndef bad(x):\n    return x\n", "syntax_error", 1),
    "two operators": ("def bad(x):\n    return x + * 2\n", "syntax_error", 2),
    "no colon": ("def bad(x)\n    return x\n", "syntax_error", 1),
    "half an if": ("if True\n    bad = 1\n", "syntax_error", 1),
    "merge conflict": ("<<<<<<< HEAD\n=======\n>>>>>>> other\n", "syntax_error", 1),
}


def names(program):
    """What the statements of a program define."""
    found = []
    for statement in program.statements:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.append(statement.name)
        elif isinstance(statement, ast.Assign):
            found.append(statement.targets[0].id)
    return found


@pytest.mark.parametrize(("bad", "kind", "line"), FAULTS.values(), ids=FAULTS)
def test_a_fault_costs_only_the_statement_that_it_is_in(bad, kind, line):
    program = parse(FIRST + bad + LAST)

    assert {"first", "last", "values"} <= set(names(program))
    assert "bad" not in names(program)
    finding = program.findings[0]
    assert kind == finding.kind
    if line is not None:
        assert finding.line == FIRST.count("\n") + line
    if "def bad" in bad:
        assert program.lost == {"bad": finding.line}


@pytest.mark.parametrize(("bad", "kind", "line"), FAULTS.values(), ids=FAULTS)
def test_line_numbers_are_those_of_the_file(bad, kind, line):
    text = FIRST + bad + LAST

    program = parse(text)

    (last,) = (s for s in program.statements if isinstance(s, ast.FunctionDef) and s.name == "last")
    assert text.split("\n")[last.lineno - 1] == "def last(x):"


def test_several_faults_cost_one_statement_each():
    program = parse("".join(f"def bad{i}(x):\n    return x +\n\ndef good{i}(x):\n    return x\n\n" for i in range(100)))

    assert names(program) == [f"good{i}" for i in range(100)]
    assert set(program.lost) == {f"bad{i}" for i in range(100)}
    assert len(program.findings) == 100


def test_an_open_text_does_not_turn_the_texts_below_inside_out():
    program = parse("def bad(x):\n    '''open\n    return x\n\ndef good(x):\n    '''closed\nhere'''\n    return x\n")

    assert names(program) == ["good"]
    assert program.lost == {"bad": 2}


def test_no_part_of_a_function_survives_without_the_rest():
    program = parse("def f(x):\n    y = 1\n    z = = 2\n    return y\n")

    assert program.statements == []


def test_simple_statements_before_an_indented_line_survive():
    program = parse("a = 1\n  b = 2\n")

    assert names(program) == ["a"]


def test_statements_inside_of_an_open_bracket_survive():
    program = parse("a = foo(1,\nb = 2\nc = 3\n")

    assert "c" in names(program)


def test_a_whole_file_that_parses_is_left_alone():
    text = FIRST + LAST

    assert ast.dump(ast.parse(text)) == ast.dump(ast.Module(parse(text).statements, []))


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "%%time", "!pip install x", "! pip install x", "?np.dot", "np.dot?", "%load_ext autoreload"],
)
def test_lines_of_a_notebook_are_commented_out(magic):
    program = parse(f"{magic}\na = 1\ndef f():\n    {magic}\n    return 1\n")

    assert names(program) == ["a", "f"]
    assert program.findings == []


def test_a_percent_sign_in_an_expression_is_no_magic():
    program = parse("%matplotlib inline\na = ('%s'\n% 3)\nb = (7\n    %(2))\n")

    assert names(program) == ["a", "b"]
    assert program.findings == []


@pytest.mark.parametrize("tab_size", [4, 8])
def test_tabs_among_spaces_are_expanded_as_the_author_saw_them(tab_size):
    spaces = 4 if tab_size == 4 else 8
    inner = "" if tab_size == 4 else "    if x:\n"
    program = parse(f"def f(x):\n{inner}{' ' * spaces}y = '\t'\n\treturn y\n")

    assert names(program) == ["f"]
    assert [finding.kind for finding in program.findings] == ["mixed_indentation"]
    constants = [node.value for node in ast.walk(program.statements[0]) if isinstance(node, ast.Constant)]
    assert "\t" in constants


def test_tabs_are_expanded_only_where_they_disturb():
    program = parse("def f(x):\n    y = 1\n\treturn y\n\ndef bad(x):\n    return +\n\ndef g(x):\n\treturn x\n")

    assert names(program) == ["f", "g"]
    assert [(f.kind, f.line) for f in program.findings] == [("mixed_indentation", 1), ("syntax_error", 6)]


@pytest.mark.parametrize(
    "text", ["", "\n", "\\", "(", ")", '"""', "'", "@", "\t", " x", "\ud800", "x = '\ud800'", "\x0c\n", "if x:\\\n"]
)
def test_scraps_do_no_harm(text):
    parse(text)
    parse(FIRST + text + "\n" + LAST)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "'''" * 30_001,
        "print x\n" * 30_000,
        "x = (\n" * 30_000,
        "\n" * 10**6 + "print x",
    ],
    ids=["brackets", "signs", "quotes", "prints", "open", "lines"],
)
def test_the_time_is_bounded(text):
    started = time.perf_counter()

    program = parse(text + "\ndef f():\n    pass\n")

    assert program.findings
    assert time.perf_counter() - started < 10


def test_after_too_many_faults_the_rest_is_not_read():
    program = parse("print x\n" * 30_000 + "def f():\n    pass\n")

    assert "f" in program.lost
    assert "not read" in program.findings[-1].detail


pieces = st.sampled_from(
    [
        "def f(x):\n",
        "    return x\n",
        "@d\n",
        "x = 1\n",
        "  y = 2\n",
        "\ty = 2\n",
        '"""\n',
        "'''",
        "(\n",
        "]\n",
        "if x:\n",
        "else:\n",
        "print x\n",
        "# comment ' (\n",
        "\\\n",
        "%magic\n",
        "\n",
        "class C:\n",
        "from __future__ import division\n",
        "'",
        "é = 'ü'\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join) | st.text(max_size=80))
def test_any_text_gives_statements_that_compile_or_findings(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = parse(text)
        if not program.findings:
            ast.unparse(ast.Module(program.statements, []))
        assert all(0 <= finding.line <= text.count("\n") + 2 for finding in program.findings)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join))
def test_a_good_function_at_the_end_survives_whatever_stands_before(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = parse(text + "\n\ndef good(x):\n    return x\n")

    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    decorated_by_accident = bool(lines) and lines[-1] == "@d"
    inside_of_a_text = text.count('"""') % 2 or text.count("'") % 2
    assert "good" in names(program) or decorated_by_accident or inside_of_a_text or not program.findings
