"""The figures of `grader validate` as Markdown: every assignment, what was confused, the margins, what falls short."""

import pytest

from grader.reporters.terminal import print_validation
from grader.reporters.validation_markdown import validation_markdown
from grader.validation.validating import FalseName, Survivor, TestFigures, Validation


def validation(**changes):
    facts = {
        "assignment": "logistic_regression",
        "problems": (),
        "seeds": 200,
        "misconceptions": 120,
        "caught": 120,
        "named": 119,
        "confusion": {"mean_forgotten": {"summed_twice": 3, "sign_lost": 1}},
        "perturbed": 9000,
        "falsely_named": (FalseName("predict", "answers_exchanged", 2), FalseName("fit", "start_returned", 1)),
        "variants": 6,
        "false_failures": 4,
        "mutants": 91,
        "killed": 88,
        "survivors": (Survivor("fit", 3, "a → b", "the same"), Survivor("fit", 4, "a → c", None)),
        "tests": (
            TestFigures("test_fit.py::test_a", "fit", 0.004, 0.25, 3.0),
            TestFigures("test_fit.py::test_b", "fit", 0.002, 0.5, None),
            TestFigures("test_fit.py::test_c", "fit", 0.001, None, 1.5e6),
        ),
        "seconds": 61.4,
    }
    return Validation(**facts | changes)


def rows(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def test_an_assignment_has_one_line_of_figures():
    heading, _, figures, *_ = rows(validation_markdown([validation()]))

    assert dict(zip(heading, figures, strict=True)) == {
        "assignment": "`logistic_regression`",
        "right, failed": "4/1400",
        "ideas caught": "120/120",
        "ideas named": "119",
        "false names": "3/9000",
        "mutants killed": "88/91",
        "mutants excused": "1/2",
        "tests, ms": "7",
        "proof, s": "61",
    }


def test_confused_names_and_the_narrowest_margins_are_listed():
    found = rows(validation_markdown([validation()]))

    assert ["`logistic_regression`", "`mean_forgotten`", "`summed_twice`", "3"] in found
    assert ["`logistic_regression`", "`mean_forgotten`", "`sign_lost`", "1"] in found
    assert found[-1] == ["`logistic_regression`", "0.5", "`test_fit.py::test_b`", "3", "`test_fit.py::test_a`"]


def test_where_nothing_was_confused_a_sentence_says_so():
    assert "\n\nNo misconception was given the name of another one.\n\n" in validation_markdown(
        [validation(confusion={})]
    )


def test_what_falls_short_is_said_below_the_tables():
    assert validation_markdown([validation(problems=("it is wrong",))]).endswith(
        "\n\n- `logistic_regression`: it is wrong"
    )
    assert "- `" not in validation_markdown([validation()])


@pytest.mark.parametrize("perturbed", [0, 17000])
def test_the_table_fits_a_terminal_of_80_columns(capsys, perturbed):
    print_validation([validation(perturbed=perturbed, seeds=1000, problems=("x",))])

    out = capsys.readouterr().out.splitlines()
    assert max(map(len, out)) <= 80
    assert (
        next(line for line in out if "mutants" in line).split()
        == "right, ideas ideas false mutants mutants tests".split()
    )
    (figures,) = (line.split() for line in out if line.startswith(" logistic_regression "))
    assert figures == ["logistic_regression", "4/7000", "120/120", "119", f"3/{perturbed}", "88/91", "1/2", "7"]
    assert out[-1] == "The tests fall short of the above."
