"""Loading a submission: what runs, what counts, and what is reported."""

import linecache
import sys
import traceback

import pytest

from grader import messages
from grader.worker.loader import FINDING_KINDS, load
from grader.worker.wire import FunctionInfo

EXERCISES = ("f", "g", "h")


@pytest.fixture
def loaded():
    """Load a text as a submission; afterwards nothing of it is left behind."""

    def load_text(text, exercises=EXERCISES, **options):
        source = text if isinstance(text, bytes) else text.encode()
        return load(source, "student_file.py", exercises, **options)

    yield load_text
    sys.modules.pop("student_file", None)
    linecache.cache.pop("student_file.py", None)


def notes(result):
    return [(finding.kind, finding.line, finding.detail) for finding in result.findings]


def states(result):
    return {name: (info.state, info.line) for name, info in result.functions.items()}


def test_an_ordinary_file_loads_without_findings(loaded):
    result = loaded('"""Docstring."""\nimport numpy as np\n\ndef f(x):\n    return np.exp(x)\n')

    assert states(result) == {"f": ("defined", 4), "g": ("missing", 0), "h": ("missing", 0)}
    assert result.findings == []
    assert result.module.f(0) == 1


def test_a_module_is_named_like_its_file_and_can_be_imported(loaded):
    result = loaded("if __name__ == '__main__':\n    raise ValueError\nname = __name__\nimport student_file\n")

    assert result.findings == []
    assert result.module.name == "student_file"
    assert result.module.student_file is sys.modules["student_file"] is result.module


@pytest.mark.parametrize("name", ["json.py", "numpy.py", "this.py", "time.py"])
def test_a_file_never_takes_the_place_of_a_real_module(name):
    before = sys.modules.get(name.removesuffix(".py"))

    result = load(b"x = 1\n", name, [])

    assert result.module.x == 1
    assert sys.modules.get(name.removesuffix(".py")) is before
    del linecache.cache[name]


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [("a b.py", "a_b"), ("folder/x.ipynb", "x"), ("C:\\x.py", "x"), (".py", "submission"), ("2nd-try.py", "2nd_try")],
)
def test_any_file_name_gives_a_module_name(file_name, expected):
    result = load(b"", file_name, [])

    assert expected == result.module.__name__
    sys.modules.pop(expected)
    del linecache.cache[file_name]


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("1 / 0", ("statement_failed", 2, "ZeroDivisionError: division by zero")),
        ("undefined", ("statement_failed", 2, "NameError: name 'undefined' is not defined")),
        ("assert 1 == 2, 'no'", ("statement_failed", 2, "AssertionError: no")),
        ("raise KeyboardInterrupt", ("statement_failed", 2, "KeyboardInterrupt: ")),
        ("raise GeneratorExit('x')", ("statement_failed", 2, "GeneratorExit: x")),
        (
            "if True:\n    x = 1\n    y = x['a']",
            ("statement_failed", 4, "TypeError: 'int' object is not subscriptable"),
        ),
        ("exec('1 +')", ("statement_failed", 2, "SyntaxError: invalid syntax (<string>, line 1)")),
        ("import sys; sys.exit(3)", ("statement_exited", 2, "")),
        ("exit()", ("statement_exited", 2, "")),
        ("return 3", ("syntax_error", 2, "'return' outside function")),
        ("print x", ("python2_print", 2, "Missing parentheses in call to 'print'. Did you mean print(...)?")),
        ("import absent_module", ("stand_in_module", 2, "absent_module")),
        ("x = 'a\0'", ("null_bytes", 2, "1")),
    ],
)
def test_a_statement_that_fails_is_reported_and_left_out(loaded, statement, note):
    result = loaded(f"def f(): return 1\n{statement}\ndef g(): return 2\n")

    assert notes(result) == [note]
    assert {"f", "g"} == {name for name, info in result.functions.items() if info.state == "defined"}


def test_an_exception_whose_text_fails_is_reported(loaded):
    result = loaded("class Evil(Exception):\n    def __str__(self): raise ValueError\nraise Evil\n")

    assert notes(result) == [("statement_failed", 3, "Evil: (its text could not be made)")]


@pytest.mark.parametrize(
    ("definition", "line"),
    [
        ("def f(x):\n    return x +\n", 2),
        ("def f(x, x):\n    return x\n", 1),
        ("@undefined\ndef f(x):\n    return x\n", 1),
        ("def f(x=1 / 0):\n    return x\n", 1),
    ],
)
def test_a_definition_that_fails_is_missing_with_its_line(loaded, definition, line):
    assert states(loaded(definition))["f"] == ("missing", line)


def test_a_definition_that_fails_does_not_undo_an_earlier_one(loaded):
    result = loaded("def f(): return 1\n\ndef f(:\n    return 2\n")

    assert states(result)["f"] == ("defined", 1)
    assert result.module.f() == 1


@pytest.mark.parametrize(
    "again",
    [
        "def f(): raise NotImplementedError('f')",
        "def f():\n    'docstring'\n    pass",
        "if True:\n    def f(): pass",
        "from absent_module import f",
        "from absent_module import g as f",
    ],
)
def test_a_stub_or_stand_in_does_not_replace_a_definition(loaded, again):
    result = loaded(f"def f(): return 1\n{again}\n")

    assert result.module.f() == 1
    assert states(result)["f"] == ("defined", 1)


def test_the_last_definition_counts(loaded):
    result = loaded("def f(): return 1\ndef f(): return 2\ndef f(): pass\n")

    assert result.module.f() == 2
    assert notes(result) == [("duplicate_definition", 2, "f")]


def test_a_stub_that_is_filled_in_later_is_no_duplicate(loaded):
    result = loaded("def f(): pass\ndef f(): return 2\n")

    assert states(result)["f"] == ("defined", 2)
    assert result.findings == []


def test_other_names_keep_the_meaning_that_python_gives_them(loaded):
    result = loaded("def helper(): return 1\ndef helper(): pass\n")

    assert result.module.helper() is None


@pytest.mark.parametrize(
    ("text", "state", "line"),
    [
        ("f = 3\n", "not_callable", 1),
        ("def f(): return 1\nf = f()\n", "not_callable", 2),
        ("def f(): return 1\ndel f\n", "missing", 0),
        ("\nf = lambda x: x\n", "defined", 2),
        ("import numpy as np\nf = np.tanh\n", "defined", 2),
        ("\nclass f:\n    def __init__(self, x): self.x = x\n", "defined", 2),
        ("class F:\n    def __call__(self): return 1\nf = F()\n", "defined", 3),
        ("if True:\n    def f(): pass\n", "stub", 2),
        ("try:\n    1 / 0\nexcept ValueError:\n    pass\nelse:\n    def f(): return 1\n", "missing", 0),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    def f(): return 1\n", "defined", 4),
        ("import functools\n@functools.cache\ndef f(): return 1\n", "defined", 3),
        ("import functools\n@functools.cache\ndef f(): pass\n", "stub", 3),
        ("from absent_module import f\n", "missing", 1),
        ("class f: pass\n", "stub", 1),
    ],
)
def test_what_becomes_of_an_exercise(loaded, text, state, line):
    assert states(loaded(text))["f"] == (state, line)


def test_progress_is_told_before_statements_that_may_take_long(loaded):
    told = []
    text = (
        "'doc'\nimport sys\nx = -3\ndef f(x, y=None, *, z=x): return x\nclass C:\n    a = 1\n    def g(self): pass\n"
        "y = f(1)\n@f\ndef g(): pass\nfor i in range(3): pass\nclass D:\n    b = f(1)\nh = 1\n"
    )

    loaded(text, progress=lambda *where: told.append(where))

    assert told == [(5, 8), (6, 10), (7, 11), (8, 12)]


@pytest.mark.parametrize(
    "statement",
    [
        "x[f()] = 1",
        "x.y = 1",
        "class C(f): pass",
        "class C(metaclass=f): pass",
        "import absent_module",
        "def g(x=f()): pass",
    ],
)
def test_progress_is_told_where_other_code_may_run(loaded, statement):
    told = []

    loaded(f"def f(*args): return object\n{statement}\n", progress=lambda *where: told.append(where))

    assert told == [(1, 2)]


def test_skipped_statements_do_not_run(loaded):
    text = "def f(): return 1\nwhile True: pass\ndef g(): return 2\n"

    result = loaded(text, skip={1})

    assert result.module.g() == 2
    assert result.findings == []


def test_numbers_of_statements_do_not_depend_on_what_is_skipped(loaded):
    told = []

    loaded("f(1)\nf(2)\nf(3)\n", skip={0, 1}, progress=lambda *where: told.append(where))

    assert told == [(2, 3)]


def test_features_of_the_future_hold_from_their_line_on(loaded):
    result = loaded("from __future__ import annotations\ndef f(x: undefined): return x\n")

    assert result.findings == []
    assert states(result)["f"] == ("defined", 2)


def test_an_unknown_feature_of_the_future_costs_one_line(loaded):
    result = loaded("from __future__ import braces\ndef f(x): return x\n")

    assert notes(result)[0][:2] == ("syntax_error", 1)
    assert states(result)["f"] == ("defined", 2)


def test_tracebacks_show_the_lines_of_the_submission(loaded):
    result = loaded("def f(x):\r\n    return x / 0\r\n")

    with pytest.raises(ZeroDivisionError) as caught:
        result.module.f(1)

    assert "return x / 0" in "".join(traceback.format_tb(caught.value.__traceback__))


def test_warnings_of_the_code_are_no_errors_here(loaded):
    result = loaded("import warnings\nx = '\\d'\nx is 'a'\nwarnings.warn('text')\nwarnings.simplefilter('error')\n")

    assert result.findings == []


def test_findings_are_sorted_by_line_and_bounded(loaded):
    result = loaded("".join(f"import absent_{i}\n1 / 0\n" for i in range(50)))

    lines = [finding.line for finding in result.findings[:-1]]
    assert sorted(lines) == lines
    assert len(lines) == 60
    assert notes(result)[-1] == ("too_many_findings", 0, "40")


def test_code_that_disturbs_the_loader_is_still_loaded(loaded):
    result = loaded("__builtins__.clear()\nimport builtins\ndef f(): return 1\n")

    assert result.functions["f"] in (FunctionInfo("missing"), FunctionInfo("defined", 3))


def test_every_kind_of_finding_has_a_message():
    for kind in FINDING_KINDS:
        feedback = messages.feedback(f"load_{kind}", line=3, detail="x")
        assert "{" not in feedback.rationale
