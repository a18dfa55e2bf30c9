"""early_stopping: the best iteration, as far as training goes."""

import pytest

from grader.checks import check_close, values_may_be_shown

pytestmark = pytest.mark.exercise("early_stopping")

CALL = "early_stopping(dev_costs, patience)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """One list of costs, with patience 1, 2, 3 and 4."""
    dev_costs = [0.9, 0.7, 0.6, 0.65, 0.55, 0.57, 0.58, 0.56, 0.54, 0.6]

    check(student, reference, [(dev_costs, patience) for patience in (1, 2, 3, 4)])


@pytest.mark.points(1.5)
def test_random_costs(student, reference, rng):
    """Costs that fall, with noise and later a rise, with several patiences."""
    check(student, reference, [(noisy(rng, 12 + i), 1 + i % 4) for i in range(16)])


@pytest.mark.points(1)
def test_a_tie_is_no_new_best(student, reference, rng):
    """Costs that stay at their best value: the first of them counts, and patience runs out meanwhile."""
    best = round(float(rng.uniform(0.2, 0.5)), 3)
    above = [0.5, 0.2, 0.0, 0.0, 0.1, 0.0, 0.1, 0.1, 0.2, 0.1, 0.3, -0.1]
    dev_costs = [best + x for x in above]

    check(student, reference, [(dev_costs, patience) for patience in (2, 3, 4, 5, 10)])


@pytest.mark.points(0.5)
def test_at_the_ends(student, reference, rng):
    """A single cost, costs that only fall, costs that only rise, and a patience longer than the list."""
    falling = sorted((round(float(x), 4) for x in rng.uniform(0.1, 1.0, size=7)), reverse=True)

    check(student, reference, [(falling[:1], 2), (falling, 3), (falling[::-1], 3), ([*falling[:4], 2.0, 0.01], 20)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("early_stopping", cases), strict=True):
        name = f"{CALL} with patience = {case[1]}" if values_may_be_shown() else CALL
        check_close(reference.early_stopping(*case), actual, name=name)


def noisy(rng, count):
    """Costs that fall to a lowest level in the middle and rise again, without ties."""
    trend = [abs(i - count / 2) / count for i in range(count)]
    return [round(float(0.3 + t + noise), 6) for t, noise in zip(trend, rng.normal(size=count) / 8, strict=True)]
