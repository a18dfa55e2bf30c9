"""Misconceptions: how they are declared, evaluated and loaded."""

import sys
from types import SimpleNamespace

import pytest

from grader.checks import misconception
from grader.checks.misconceptions import load_misconceptions
from grader.errors import GraderError, ManifestError
from grader.model import Feedback

HEADER = "from grader.checks import misconception\n\n"


def load(tmp_path, text, header=HEADER):
    path = tmp_path / "misconceptions.py"
    path.write_text(header + text)
    return load_misconceptions(path)


def test_a_misconception_carries_its_exercise_words_and_function(tmp_path):
    (found,) = load(
        tmp_path,
        "@misconception('double', rationale='x is squared.', help='Multiply by 2.')\n"
        "def squared(x):\n    return x**2\n",
    )

    assert (found.exercise, found.key) == ("double", "squared")
    assert found.feedback() == Feedback("squared", "x is squared.", "Multiply by 2.")
    assert found.evaluate(None, (3,), {}) == 9


def test_the_decorated_function_is_still_the_function():
    @misconception("double", rationale="x is squared.")
    def squared(x):
        return x**2

    assert squared(3) == 9
    assert squared.__name__ == "squared"


def test_they_come_in_the_order_of_the_file_and_one_function_may_be_several(tmp_path):
    found = load(
        tmp_path,
        "@misconception('f', key='second', rationale='2.')\n"
        "@misconception('g', key='first', rationale='1.')\n"
        "def wrong(x):\n    return -x\n\n"
        "@misconception('f', rationale='3.')\n"
        "def third(x):\n    return x\n",
    )

    assert [(one.exercise, one.key, one.help) for one in found] == [
        ("g", "first", None),
        ("f", "second", None),
        ("f", "third", None),
    ]


def test_only_a_keyword_only_parameter_reference_is_given_the_reference(tmp_path):
    first, second = load(
        tmp_path,
        "@misconception('f', rationale='1.')\n"
        "def by_keyword(x, *, reference):\n    return -reference.f(x)\n\n"
        "@misconception('f', rationale='2.')\n"
        "def by_position(reference, y=1):\n    return reference + y\n",
    )
    solution = SimpleNamespace(f=lambda x: 10 * x)

    assert first.evaluate(solution, (2,), {}) == -20
    assert second.evaluate(solution, (2,), {"y": 5}) == 7


def test_what_the_wrong_code_raises_comes_out(tmp_path):
    (found,) = load(tmp_path, "@misconception('f', rationale='1.')\ndef raising(x):\n    return x['W1']\n")

    with pytest.raises(KeyError):
        found.evaluate(None, ({},), {})


def test_without_a_file_there_are_none(tmp_path):
    assert load_misconceptions(tmp_path / "misconceptions.py") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nx.y\n", r"misconceptions\.py, line 4: AttributeError: "),
        ("import no_such_module\n", r"misconceptions\.py, line 3: ModuleNotFoundError: "),
        ("def broken(:\n", r"misconceptions\.py: SyntaxError: .*line 3"),
        ("misconception('f')\n", r"misconceptions\.py, line 3: TypeError: .*rationale"),
        ("def g():\n    raise OSError('no')\ng()\n", r"misconceptions\.py, line 4: OSError: no"),
    ],
)
def test_a_file_that_does_not_run_is_our_fault_with_its_line(tmp_path, text, message):
    with pytest.raises(GraderError, match=message):
        load(tmp_path, text)

    assert not [name for name in sys.modules if name.startswith("_grader_misconceptions_")]


def test_one_key_for_two_is_refused(tmp_path):
    mark = "@misconception('f', key='a', rationale='1.')\ndef {}(x):\n    return x\n\n"

    with pytest.raises(ManifestError, match=r"misconceptions\.py: two misconceptions have the key a; rename one"):
        load(tmp_path, mark.format("one") + mark.format("other"))


def test_a_dataclass_in_the_file_works(tmp_path):
    """dataclasses look for the module of a class in sys.modules while the file runs."""
    (found,) = load(
        tmp_path,
        "@dataclass\nclass Pair:\n    a: int\n\n"
        "@misconception('f', rationale='1.')\ndef pair(x):\n    return Pair(x).a\n",
        header=f"from __future__ import annotations\nfrom dataclasses import dataclass\n{HEADER}",
    )

    assert found.evaluate(None, (4,), {}) == 4
