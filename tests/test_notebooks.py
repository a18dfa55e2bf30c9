import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebooks import BrokenNotebook, to_source


def notebook(*cells):
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                cell
                if isinstance(cell, dict)
                else {"cell_type": "code", "source": cell, "outputs": [{"text": "x"}], "metadata": {}}
                for cell in cells
            ],
        }
    ).encode()


def converted(*cells):
    return to_source(notebook(*cells)).decode()


def test_code_cells_become_percent_format_in_order():
    markdown = {"cell_type": "markdown", "source": "# Title"}

    assert converted("x = 1", markdown, ["y = 2\n", "z = 3"]) == (
        "# %% code cell 1\nx = 1\n\n# %% code cell 2\ny = 2\nz = 3\n"
    )


def test_a_notebook_of_format_3_has_its_cells_in_worksheets():
    data = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]}]}

    assert to_source(json.dumps(data).encode()) == b"# %% code cell 1\nx = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("!pip install numpy\nx = 1", "# !pip install numpy\nx = 1"),
        ("!pip install \\\n  numpy\nx = 1", "# !pip install \\\n#   numpy\nx = 1"),
        ("if x:\n    !pip install \\\n  numpy\ny = 1", "if x:\n    pass  # !pip install \\\n#   numpy\ny = 1"),
        ('!echo ( """\n!ls\nx = 1', '# !echo ( """\n# !ls\nx = 1'),
        ("!ls\\", "# !ls\\"),
        ("files = !ls\nx = 1", "# files = !ls\nx = 1"),
        ("t = %timeit -o f()\nx = 1", "# t = %timeit -o f()\nx = 1"),
        ("np.dot?\n?np.dot\nx = 1", "# np.dot?\n# ?np.dot\nx = 1"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("\n%%capture out\nx = 1", "\n# %%capture out\nx = 1"),
        ("%%bash\nrm -rf x\nx = 1", "# %%bash\n# rm -rf x\n# x = 1"),
        ("if x:\n    !ls\ny = 1", "if x:\n    pass  # !ls\ny = 1"),
        ("%load_ext autoreload\n%autoreload 2", "# %load_ext autoreload\n# %autoreload 2"),
    ],
)
def test_what_is_not_python_becomes_a_comment_in_its_place(code, expected):
    source = converted(code)

    assert source == f"# %% code cell 1\n{expected}\n"
    ast.parse(source)


@pytest.mark.parametrize(
    "code",
    [
        "x = (a\n     %b)",
        "x = (a\n%b)",
        "x = a \\\n%b",
        's = """\n%matplotlib inline\n!ls\n"""',
        "s = '''it's\n!ls'''",
        's = "a\\\n!b"',
        "# don't (\nx = 1\ny = 2",
        "x = [\n# ]\n'!'\n]",
        "x = a % b\ny = a != b",
        "def f():\n    '''Says \"what?\"\n    what?\n    '''\n    return 1",
        "x = {'a': 1}['a'] if 1 else 2",
        "s = r'\\'\nx = 1",
    ],
)
def test_python_that_looks_like_a_magic_stays(code):
    assert converted(code) == f"# %% code cell 1\n{code}\n"


def test_a_magic_behind_a_finished_string_or_bracket_is_seen():
    code = 's = """(""" + "\'"\nx = (1,\n 2)\n%matplotlib inline'

    assert converted(code).endswith("\n# %matplotlib inline\n")


def test_lines_keep_their_numbers_within_a_cell():
    code = "%matplotlib inline\r\n\r\nx = 1\r\ny = 2"

    assert converted(code).split("\n")[1:5] == ["# %matplotlib inline", "", "x = 1", "y = 2"]


@pytest.mark.parametrize("cells", [(), ("",), ("  \n",), ({"cell_type": "markdown", "source": "x = 1"},)])
def test_a_notebook_without_code_has_no_source(cells):
    assert to_source(notebook(*cells)) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1", "not valid JSON"),
        (b'{"cells": [', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"\xff\x00\xfe", "not valid JSON"),
        (b"[]", "its JSON is not an object"),
        (b'{"a": 1}', "it has no list of cells"),
        (b'{"cells": {}}', "it has no list of cells"),
    ],
)
def test_what_is_no_notebook_says_why(data, reason):
    with pytest.raises(BrokenNotebook, match=reason):
        to_source(data)


def test_odd_cells_are_passed_over():
    odd = [{"cell_type": "code", "source": 5}, {"cell_type": "code", "source": [1, "x = 1"]}, {"cell_type": "code"}]
    data = json.dumps({"cells": [1, None, [], *odd]}).encode()

    assert to_source(data) == b"# %% code cell 1\nx = 1\n"


def test_half_a_surrogate_pair_does_not_stop_the_rest():
    assert to_source(notebook("s = '\udc00'\nx = 1")) == b"# %% code cell 1\ns = '?'\nx = 1\n"


def test_outputs_as_plotting_libraries_write_them_are_accepted():
    assert to_source(b'\xef\xbb\xbf{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [NaN]}]}')


@given(st.text("ab=(%!?\\\"'#)\n \t[", max_size=60).filter(str.strip))
def test_any_cell_is_converted_line_by_line(code):
    lines = converted(code).split("\n")

    assert len(lines) == len(code.split("\n")) + 2
    assert all(ours.endswith(theirs.lstrip()) for ours, theirs in zip(lines[1:], code.split("\n"), strict=False))


def test_long_lines_and_endless_openings_take_no_time():
    for code in (" " * 300_000 + "x", "a" * 300_000, '"""' * 100_000, "(" * 300_000, "'\\" * 100_000, "a, " * 100_000):
        assert converted(f"y = 1\n{code}")
