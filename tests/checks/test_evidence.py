"""Agreement of yes-or-no answers is measured in bits; other answers say more than any number of those."""

import math

import numpy as np
import pytest

from grader.checks.comparisons import Comparison, ObservedCall
from grader.checks.evidence import bits_of, has_few_ways


def compared(*pairs):
    return [Comparison(ObservedCall("f", (), {}, actual), expected, True) for expected, actual in pairs]


def labels(*values):
    return np.array([values])


@pytest.mark.parametrize(
    "value",
    [
        True,
        np.False_,
        1,
        0.0,
        "text",
        {"high bias"},
        labels(0, 1, 1),
        np.array([True]),
        [True, {"a"}],
        {"W1": np.ones(3)},
    ],
    ids=repr,
)
def test_truth_values_texts_sets_and_labels_are_wrong_in_few_ways(value):
    assert has_few_ways(value)


@pytest.mark.parametrize("value", [None, 2, 0.5, labels(0, 1, 2), np.array([0.0, np.nan]), [True, 0.3], 1j], ids=repr)
def test_other_numbers_are_wrong_in_many_ways(value):
    assert not has_few_ways(value)


@pytest.mark.parametrize("count", [1, 4, 10])
def test_bits_are_the_chance_of_a_pattern_and_all_patterns_together_are_certain(count):
    expected = np.zeros((1, count))
    chances = []
    for wrong in range(count + 1):
        actual = expected.copy()
        actual[0, :wrong] = 1
        chances.append(2 ** -bits_of(compared((expected, actual))))

    assert sum(math.comb(count, wrong) * chance for wrong, chance in enumerate(chances)) == pytest.approx(1)


def test_labels_of_all_calls_count_together():
    one = bits_of(compared((labels(0, 1, 1, 0), labels(1, 1, 1, 1))))
    two = bits_of(compared((labels(0, 1, 1, 0), labels(1, 1, 1, 1)), (True, True), (labels(1, 0), labels(1, 1))))

    assert one == pytest.approx(math.log2(5 * 6))
    assert two == pytest.approx(math.log2(8 * math.comb(7, 3)))


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (labels(0, 1), np.array([1, 0])),  # another shape
        (np.array([0.2, 0.7]), np.array([0, 1])),  # anything could have been answered
        ({"high bias"}, set()),
        ({"dW": labels(1)}, {"db": labels(0)}),
        ((1, 0), [0]),
        (True, "yes"),
    ],
)
def test_another_form_or_other_values_are_no_accident(expected, actual):
    assert bits_of(compared((expected, actual))) == math.inf
