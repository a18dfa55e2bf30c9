"""remedies: what to try against high bias, against high variance, and against both."""

import pytest
from grader.checks import check_close, fail

pytestmark = pytest.mark.exercise("remedies")

BIAS, VARIANCE = "high bias", "high variance"

NAMES = {
    "bigger network",
    "train longer",
    "better optimizer",
    "different architecture",
    "more data",
    "regularization",
}


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_one_problem(student, reference):
    """What helps against high bias alone, and against high variance alone."""
    check(student, reference, [{BIAS}, {VARIANCE}])


def check(student, reference, diagnoses, *, besides=()):
    results = student.map("remedies", [(diagnosis,) for diagnosis in (*diagnoses, *besides)])
    for diagnosis, actual in zip(diagnoses, results, strict=False):
        check_names(reference.remedies(diagnosis), actual)


def check_names(expected, actual):
    if isinstance(actual, list | tuple | dict | str):
        kind = "text" if isinstance(actual, str) else type(actual).__name__
        fail(
            f"{kind}_instead_of_set",
            rationale=f"remedies returned a {kind}, and should return a set: what can be tried has no order, and "
            "nothing occurs twice.",
            help="Write the names in braces, {…}; the empty set is set(), since {} is an empty dict.",
        )
    if isinstance(actual, set | frozenset) and not actual <= NAMES:
        fail(
            "unknown_names",
            rationale="There are entries in the set that are none of the names in the docstring.",
            help="Copy the names from the docstring: lower case, singular or plural as they stand there.",
        )
    check_close(expected, actual, name="remedies(diagnosis)")
