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


@pytest.mark.points(1)
def test_human_error_0_and_tolerance_2_percent(student, reference, rng):
    """What the last two arguments are when they are not given."""
    cases = [(bias, bias + variance) for bias, variance in gaps(rng, 0.02)]
    cases.append((rng.uniform(0.2, 0.3), rng.uniform(0.1, 0.15)))

    # With a human error of 0 it could not be told whether dev is compared with it or with nothing.
    check(student, reference, cases, besides=[(0.16, 0.165, 0.155)])


@pytest.mark.points(1.5)
def test_any_human_error_and_tolerance(student, reference, rng):
    """Both gaps large or small, for tolerances below and above 2 %."""
    cases = []
    for tolerance in (rng.uniform(0.006, 0.01), rng.uniform(0.05, 0.08)):
        # In the last two networks dev lies far below train, and train far below human.
        for bias, variance in (*gaps(rng, tolerance), (0.3 * tolerance, -0.09), (-0.09, 0.3 * tolerance)):
            human = rng.uniform(0.12, 0.2)
            cases.append((human + bias, human + bias + variance, human, tolerance))

    check(student, reference, cases)


def gaps(rng, tolerance):
    """Pairs of avoidable bias and variance, each clearly above or clearly below the tolerance.

    Both are high twice, once with the larger bias and once with the larger variance; in the last pair their sum is
    above the tolerance, and neither of them is.
    """
    levels = {"low": (0.2, 0.4), "medium": (0.6, 0.8), "high": (1.2, 1.5), "highest": (1.6, 1.9)}
    pairs = "low low, high low, low high, highest high, high highest, medium medium".split(", ")
    return [[tolerance * rng.uniform(*levels[level]) for level in pair.split()] for pair in pairs]


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
