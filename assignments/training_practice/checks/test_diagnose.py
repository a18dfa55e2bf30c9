"""diagnose: high bias, high variance, both or none. No gap comes near the tolerance: `>` and `>=` are both right."""

import pytest
from grader.checks import check_close, fail

pytestmark = pytest.mark.exercise("diagnose")

NAMES = {"high bias", "high variance"}


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_small_table(student, reference):
    """Networks with one problem, with both and with none, for several human errors and tolerances."""
    check(
        student,
        reference,
        [
            (0.01, 0.11),
            (0.15, 0.16),
            (0.15, 0.30),
            (0.005, 0.01),
            (0.15, 0.16, 0.14),
            (0.15, 0.30, 0.14),
            (0.17, 0.16, 0.08),
            (0.24, 0.12, 0.23),
            (0.15, 0.24, 0.0, 0.2),
            (0.09, 0.12, 0.06, 0.05),
            (0.06, 0.075, 0.05, 0.004),
        ],
    )


def check(student, reference, cases, *, besides=()):
    """All calls first, `besides` as well, so that what is wrong can be told from all of them."""
    results = student.map("diagnose", [*cases, *besides])
    for case, actual in zip(cases, results, strict=False):
        check_names(reference.diagnose(*case), actual)


def check_names(expected, actual):
    if isinstance(actual, list | tuple | dict | str):
        kind = "text" if isinstance(actual, str) else type(actual).__name__
        fail(
            f"{kind}_instead_of_set",
            rationale=f"diagnose returned a {kind}, and should return a set: a network can have none, one or both of "
            "the problems, in no order.",
            help='Begin with diagnosis = set(), since {} is an empty dict, and use diagnosis.add("high bias").',
        )
    if isinstance(actual, set | frozenset) and not actual <= NAMES:
        fail(
            "unknown_names",
            rationale='There are entries in the set that are neither "high bias" nor "high variance".',
            help="Use exactly these two texts, in lower case; where there is no problem, the set is empty.",
        )
    check_close(expected, actual, name="diagnose(…)")
