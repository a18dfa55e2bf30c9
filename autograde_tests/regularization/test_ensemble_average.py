"""ensemble_average: for every example the mean over the networks."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("ensemble_average")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Three networks, four examples."""
    probabilities = [
        np.array([[0.9, 0.2, 0.6, 0.1]]),
        np.array([[0.7, 0.4, 0.3, 0.2]]),
        np.array([[0.8, 0.7, 0.1, 0.05]]),
    ]

    check(student, reference, [probabilities])


@pytest.mark.points(1)
def test_any_number_of_networks(student, reference, rng):
    """Two, four and seven networks, as many networks as examples, and one network alone."""
    cases = [
        [rng.uniform(0.02, 0.98, size=(1, m)) for _ in range(count)]
        for count, m in ((2, 5), (4, 3), (7, 6), (5, 5), (1, 4))
    ]

    check(student, reference, cases)


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("ensemble_average", [(case,) for case in cases]), strict=True):
        check_close(reference.ensemble_average(case), actual, name="ensemble_average(probabilities)")
