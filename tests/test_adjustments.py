"""The history of adjustments, and what may be entered into it."""

import json
from fractions import Fraction

import pytest

from grader import adjustments
from grader.adjustments import Entry
from grader.errors import UsageError
from grader.records import Adjustment


def entry(student="ada", exercise="relu", score=4, comment="right idea", by="prof"):
    return Entry(
        student=student, exercise=exercise, score=score, comment=comment, by=by, at="2026-12-02T08:00:00+00:00"
    )


def test_entries_are_added_to_the_history_and_none_is_lost(tmp_path):
    assert adjustments.load(tmp_path) == ()

    for score in (4, 2.5, None):
        adjustments.append(tmp_path, entry(score=score))

    assert adjustments.load(tmp_path) == (entry(score=4), entry(score=2.5), entry(score=None))
    assert json.loads((tmp_path / "adjustments.json").read_text())["schema"] == 1


def test_the_last_entry_for_an_exercise_counts_and_one_without_a_score_takes_it_back():
    history = [entry(score=1), entry("bob"), entry(score=3), entry("bob", score=None), entry(exercise="tanh", score=0)]

    found = adjustments.in_force(history)

    assert found.keys() == {"ada"}
    assert [(one.exercise, one.score) for one in found["ada"]] == [("relu", 3), ("tanh", 0)]
    assert found["ada"][0] == Adjustment(
        exercise="relu", score=3, comment="right idea", by="prof", at="2026-12-02T08:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "is no history of adjustments: .*; put back a copy of it"),
        ('{"schema": 1, "history": [{"student": "ada"}]}', "missing required field"),
        ('{"schema": 2}', "has schema 2, and this grader reads schema 1"),
    ],
)
def test_a_broken_history_is_named_and_never_written_over(tmp_path, data, message):
    (tmp_path / "adjustments.json").write_text(data)

    with pytest.raises(UsageError, match=rf"adjustments\.json {message}|{message}"):
        adjustments.append(tmp_path, entry())

    assert (tmp_path / "adjustments.json").read_text() == data


@pytest.mark.parametrize(("text", "score"), [("0", 0), ("2.5", "5/2"), ("3", 3), ("1e0", 1), ("0.125", "1/8")])
def test_a_score_is_exact(text, score):
    assert Fraction(score) == adjustments.score_from(text, max_score=Fraction(3))


@pytest.mark.parametrize("text", ["3.001", "-1", "nan", "inf", "two", "", "1e999999999"])
def test_a_score_that_the_exercise_cannot_have_is_refused(text):
    with pytest.raises(UsageError, match="the score must be a number from 0 to 3, "):
        adjustments.score_from(text, max_score=Fraction(3))


@pytest.mark.parametrize("text", ["1.0001", "1e-999999999"])
def test_a_score_with_more_than_three_decimals_is_refused(text):
    with pytest.raises(UsageError, match="at most three decimals"):
        adjustments.score_from(text, max_score=Fraction(3))


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_a_comment_is_required_but_for_a_removal(text):
    with pytest.raises(UsageError, match="needs a reason"):
        adjustments.comment_from(text, is_required=True)

    assert adjustments.comment_from(text, is_required=False) == ""


def test_a_comment_is_one_paragraph_of_bounded_length():
    assert adjustments.comment_from(" two\nlines ", is_required=True) == "two lines"
    assert adjustments.comment_from("\udcff", is_required=True) == "\\udcff"
    with pytest.raises(UsageError, match="the comment has 2001 characters"):
        adjustments.comment_from("x" * 2001, is_required=True)


def test_who_decides_is_said_or_found(monkeypatch):
    monkeypatch.setenv("GRADER_USER", "prof")

    assert adjustments.who("C. Babbage") == "C. Babbage"
    assert adjustments.who(None) == "prof"


def test_who_decides_is_asked_for_where_nothing_tells(monkeypatch):
    def nobody():
        raise OSError("no username set in the environment")

    monkeypatch.delenv("GRADER_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)

    with pytest.raises(UsageError, match="give --by NAME, or set GRADER_USER"):
        adjustments.who(None)
