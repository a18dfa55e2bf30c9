from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ManifestError
from grader.model import Assignment, Exercise, Limits, Visibility
from grader.rubric import TestFacts, points_mark, share_points


def assignment(**points):
    exercises = tuple(Exercise(name=name, points=Fraction(value)) for name, value in points.items())
    return Assignment(id="a", title="", exercises=exercises, limits=Limits(), root=Path())


def facts(test, exercise, points=None):
    mark = None if points is None else Fraction(points)
    return TestFacts(test=test, exercise=exercise, points=mark, visibility=Visibility.HIDDEN)


def test_unmarked_tests_share_equally_and_exactly():
    shared = share_points(assignment(f=1), [facts("x", "f"), facts("y", "f"), facts("z", "f")])

    assert shared == dict.fromkeys("xyz", Fraction(1, 3))


def test_marked_tests_get_their_marks_and_the_others_the_rest():
    shared = share_points(assignment(f=5, g=2), [facts("x", "f"), facts("y", "f", 2), facts("g", "g"), facts("z", "f")])

    assert shared == {"x": Fraction(3, 2), "y": 2, "g": 2, "z": Fraction(3, 2)}
    assert list(shared) == ["x", "y", "g", "z"]


def test_a_test_may_be_worth_nothing_on_purpose():
    assert share_points(assignment(f=1), [facts("x", "f", 1), facts("y", "f", 0)]) == {"x": 1, "y": 0}


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ([("x", "f", 3)], "[exercises.f] points is 2, but the marks of its tests add up to 3"),
        ([("x", "f", 3), ("y", "f")], "[exercises.f] points is 2, but the marks of its tests add up to 3"),
        ([("x", "f", "1/2")], "[exercises.f] points is 2, but the marks of its tests add up to 0.5"),
        ([("x", "f", 2), ("y", "f")], "add up to 2, which leaves nothing for y; lower a mark, or write points(0)"),
        ([("x", "f", 3), ("y", "f", -1)], "autograde_tests/a/y: points must be a number of at least 0"),
        ([], "[exercises.f] has no test; mark one with pytest.mark.exercise('f')"),
        ([("x", "F")], "autograde_tests/a/x: its exercise F is not in assignment.toml; did you mean f?"),
        ([("x", "qqq")], "autograde_tests/a/x: its exercise qqq is not in assignment.toml; there are f"),
        ([("x", "f"), ("x", "f")], "two tests have the id x; rename one"),
    ],
)
def test_marks_that_do_not_fit_are_refused(tests, message):
    with pytest.raises(ManifestError) as caught:
        share_points(assignment(f=2), [facts(*test) for test in tests])

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("value", "points"),
    [(2, 2), (0, 0), (0.1, Fraction(1, 10)), ("1/3", Fraction(1, 3)), (Fraction(2, 3), Fraction(2, 3))],
)
def test_a_mark_is_exactly_what_was_written(value, points):
    assert points == points_mark(value)


@pytest.mark.parametrize("value", [-1, True, float("nan"), float("inf"), "two", "1/0", None, [1]])
def test_a_mark_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="points must be a number of at least 0, not"):
        points_mark(value)


@given(st.lists(st.none() | st.fractions(0, 10), min_size=1, max_size=8), st.fractions(min_value="1/100", max_value=10))
def test_the_shares_of_an_exercise_add_up_to_its_points(marks, rest):
    points = sum((mark for mark in marks if mark is not None), rest if None in marks else Fraction(0))
    if points == 0:
        return

    shared = share_points(assignment(f=points), [facts(str(number), "f", mark) for number, mark in enumerate(marks)])

    assert points == sum(shared.values())
