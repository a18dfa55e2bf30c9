"""The digest of answers: equal for what is equal up to rounding, different for what is not."""

import numpy as np
import pytest

from grader.checks.answers import answer_digest
from grader.checks.diagnosis import ObservedCall


def digest(*values, test="test_f.py::test_a"):
    return answer_digest(test, "f", [ObservedCall("f", (), {}, value) for value in values])


@pytest.fixture
def matrix():
    return np.random.default_rng(1).normal(size=(3, 4))


def test_the_same_formula_in_another_order_has_the_same_digest(matrix):
    assert digest((matrix * 0.1) * 3) == digest(matrix * 3 * 0.1)
    assert not np.array_equal((matrix * 0.1) * 3, matrix * 3 * 0.1)


@pytest.mark.parametrize(
    "other", [lambda x: x * 1.001, lambda x: -x, lambda x: x * 10, lambda x: x.T, lambda x: x[::-1], lambda x: (x, x)]
)
def test_another_answer_has_another_digest(matrix, other):
    assert digest(matrix) != digest(other(matrix))


def test_what_is_small_beside_the_largest_entry_does_not_count():
    assert digest(np.array([1.0, 1e-12])) == digest(np.array([1.0, -1e-12]))


@pytest.mark.parametrize(
    ("one", "other"),
    [(np.nan, np.inf), (np.inf, -np.inf), (np.nan, 0.0), (None, 0), ("0", 0), ({"W": 1}, {"b": 1}), ([1, 2], [[1], 2])],
)
def test_kinds_of_values_are_told_apart(one, other):
    assert digest(one) != digest(other)


def test_numbers_of_any_type_are_compared_by_value():
    assert digest(2) == digest(2.0) == digest(np.float32(2)) == digest(np.int64(2))


def test_the_order_of_a_dictionary_does_not_count():
    assert digest({"W": 1, "b": 2}) == digest({"b": 2, "W": 1})


def test_answers_in_another_test_are_not_compared(matrix):
    assert digest(matrix) != digest(matrix, test="test_f.py::test_b")


def test_only_what_the_exercise_returned_counts(matrix):
    calls = [ObservedCall("g", (), {}, 1), ObservedCall("f", (), {}, None, "ValueError"), ObservedCall("f", (), {}, 2)]

    assert answer_digest("test_f.py::test_a", "f", calls) == digest(2)
    assert answer_digest("test_f.py::test_a", "f", calls[:2]) == ""
