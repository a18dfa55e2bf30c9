"""Formulas: what is known is set, and nothing of what is not gets through."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formulas import FormulaError, check, mathml, plain

COURSE = Path(__file__).resolve().parents[1]
ELEMENTS = set("math mrow mi mn mo mtext mspace mfrac msqrt mover munder munderover msub msup msubsup".split())
PARTS = st.sampled_from(["\\frac", "\\sqrt", "\\text", "\\hat", "\\sum", *"{}_^'ab1 +<>&\"\\"])


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"dW = \frac{1}{m} dZ A_{prev}^T", "dW = (1/m) dZ A_prevᵀ"),
        (r"\frac{2}{n_{l-1} + n_l}", "2/(nₗ₋₁ + nₗ)"),
        (r"\sum_{i=1}^k a_i", "∑_(i=1)^k aᵢ"),
        (r"W \leftarrow W - \alpha dW", "W ← W − α dW"),
        (r"f(-x)", "f(−x)"),
        (r"g'(z) = 1 \text{ where } z > 0", "g′(z) = 1 where z > 0"),
        (r"\sqrt{x^2}", "√(x²)"),
        (r"\hat{y}", "y\u0302"),
    ],
)
def test_as_text_in_one_line(formula, text):
    assert plain(formula) == text


def test_as_mathml_scripts_and_fractions_nest():
    assert mathml(r"\frac{x_i}{2}").endswith(
        "<mrow><mfrac><mrow><msub><mi>x</mi><mi>i</mi></msub></mrow><mrow><mn>2</mn></mrow></mfrac></mrow></math>"
    )


def test_a_wide_space_ends_an_element_so_that_a_line_can_break_there():
    first, second = mathml(r"dW = 2, \quad db = \log 3").split("</math> ")

    assert 'alttext="dW = 2,"' in first
    assert 'alttext="db = log 3"' in second
    assert '<mi class="f">log</mi>' in second


def test_limits_of_a_sum_stand_below_and_above():
    assert "<munderover><mo>∑</mo>" in mathml(r"\sum_i^m x")


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("", "is empty"),
        ("{x", "has no } where one belongs"),
        ("x}", "has a } too much"),
        (r"\href{javascript:x}{y}", r"has \\href, which is not known"),
        ("_x", "has _ behind nothing"),
        (r"\frac{1}", "ends where something more belongs"),
        ("x" * 401, "is longer than 400 characters"),
    ],
)
def test_what_is_not_known_is_refused(formula, problem):
    with pytest.raises(FormulaError, match=problem):
        check(formula)


@given(st.lists(PARTS, max_size=20).map("".join))
def test_whatever_is_written_gives_known_elements_or_an_error(formula):
    try:
        markup = mathml(formula)
    except FormulaError:
        return

    assert set(re.findall(r"<(\w*)", markup)) - {""} <= ELEMENTS
    assert "<" not in re.sub(r"</?\w+(?: [a-z]+=\"[^\"<>]*\")*>", "", markup)


def test_deep_nesting_is_no_problem():
    assert plain("{" * 199 + "x" + "}" * 199) == "x"


def test_most_exercises_of_the_course_have_a_formula():
    exercises = [
        exercise
        for path in COURSE.glob("autograde_tests/*/assignment.toml")
        for exercise in tomllib.loads(path.read_text(encoding="utf-8"))["exercises"].values()
    ]

    written = [exercise["formula"] for exercise in exercises if "formula" in exercise]

    assert len(written) > 0.8 * len(exercises)
    for formula in written:
        check(formula)
