"""Points: how the tests of an exercise share what the exercise is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from grader.errors import ManifestError
from grader.model import Assignment, Exercise, Visibility
from grader.names import did_you_mean


class TestFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the rubric needs to know of one hidden test. `points` is None where the test has no points mark."""

    __test__ = False  # pytest would otherwise try to collect a class of this name

    test: str
    exercise: str
    points: Fraction | None
    visibility: Visibility


def points_mark(value: object) -> Fraction:
    """The argument of a `points` mark as an exact number: 0.1 means one tenth, "1/3" one third.

    Raises ValueError unless it is a number of at least 0.
    """
    try:
        # Through its shortest text, a float is the decimal number that was written.
        points = None if isinstance(value, bool) else Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        points = None
    if points is None or points < 0:
        raise ValueError(f"points must be a number of at least 0, not {value!r}")
    return points


def share_points(assignment: Assignment, tests: Sequence[TestFacts]) -> dict[str, Fraction]:
    """Points of every test, by its id, in the order of `tests`; those of an exercise's tests add up to its points.

    A marked test gets its mark, the unmarked ones share the rest equally. Raises ManifestError when a test belongs to
    no exercise, an exercise has no test, or the marks of an exercise do not fit its points.
    """
    by_exercise: dict[str, list[TestFacts]] = {exercise.name: [] for exercise in assignment.exercises}
    seen: set[str] = set()
    for test in tests:
        if test.test in seen:
            raise ManifestError(f"{_folder(assignment)}: two tests have the id {test.test}; rename one")
        seen.add(test.test)
        if test.exercise not in by_exercise:
            hint = did_you_mean(test.exercise, by_exercise) or f"; there are {', '.join(by_exercise)}"
            raise ManifestError(
                f"{_folder(assignment)}/{test.test}: its exercise {test.exercise} is not in assignment.toml{hint}"
            )
        by_exercise[test.exercise].append(test)
    points: dict[str, Fraction] = {}
    for exercise in assignment.exercises:
        points |= _share(_folder(assignment), exercise, by_exercise[exercise.name])
    return {test.test: points[test.test] for test in tests}


def _share(folder: str, exercise: Exercise, tests: Sequence[TestFacts]) -> Mapping[str, Fraction]:
    where = f"{folder}/assignment.toml: [exercises.{exercise.name}]"
    if not tests:
        raise ManifestError(f"{where} has no test; mark one with pytest.mark.exercise({exercise.name!r})")
    marks = {test.test: test.points for test in tests if test.points is not None}
    negative = [test for test, mark in marks.items() if mark < 0]
    if negative:
        raise ManifestError(f"{folder}/{negative[0]}: points must be a number of at least 0")
    total = sum(marks.values(), Fraction(0))
    unmarked = [test.test for test in tests if test.points is None]
    rest = exercise.points - total
    facts = f"{where} points is {_text(exercise.points)}, but the marks of its tests add up to {_text(total)}"
    if rest < 0 or (rest > 0 and not unmarked):
        raise ManifestError(facts)
    if rest == 0 and unmarked:
        raise ManifestError(
            f"{facts}, which leaves nothing for {', '.join(unmarked)}; "
            "lower a mark, or write points(0) if that is meant"
        )
    return marks | {test: rest / len(unmarked) for test in unmarked}


def _folder(assignment: Assignment) -> str:
    return f"autograde_tests/{assignment.id}"


def _text(points: Fraction) -> str:
    return f"{float(points):g}"
