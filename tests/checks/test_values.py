"""check_close accepts right answers in every honest form, and refuses slightly wrong ones by name."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.checks import check_changes, check_close, check_deterministic, is_close, relative_error
from grader.checks.advice import collect_advice
from grader.checks.values import closeness

MATRIX = np.array([[1.5, -2.25, 3.0], [0.125, 4.0, -7.5]])  # exact in every float dtype
WHOLE = np.array([[1, 0, 1], [0, 1, 1]])
SEEDS = st.integers(0, 2**32 - 1)


# right answers

FORMS = {
    "float32": (MATRIX, MATRIX.astype(np.float32)),
    "float16": (MATRIX, MATRIX.astype(np.float16)),
    "longdouble": (MATRIX, MATRIX.astype(np.longdouble)),
    "a nested list": (MATRIX, MATRIX.tolist()),
    "a tuple of rows": (MATRIX, tuple(MATRIX)),
    "column order in memory": (MATRIX, np.asfortranarray(MATRIX)),
    "a view with negative strides": (MATRIX, MATRIX[::-1][::-1]),
    "bool for 0 and 1": (WHOLE.astype(float), WHOLE.astype(bool)),
    "int for 0 and 1": (WHOLE.astype(float), WHOLE),
    "uint8 for 0 and 1": (WHOLE.astype(float), WHOLE.astype(np.uint8)),
    "float for a bool result": (WHOLE.astype(bool), WHOLE.astype(float)),
    "complex without imaginary part": (MATRIX, MATRIX.astype(complex)),
    "a number": (2.5, 2.5),
    "an int for a float": (2.0, 2),
    "a NumPy number": (2.5, np.float64(2.5)),
    "a 0-d array": (2.5, np.array(2.5)),
    "0 for an int bias": (0.0, 0),
    "a list for a vector": (np.array([1.0, 2.0]), [1.0, 2.0]),
    "a list for a tuple": ((3, 4), [3, 4]),
    "a tuple for a list": ([MATRIX, 2.0], (MATRIX, 2.0)),
    "an array for a shape": ((3, 4), np.array([3, 4])),
    "more keys in a dict": ({"dW1": MATRIX}, {"dA0": None, "dW1": MATRIX}),
    "keys in another order": ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
    "keys that are numbers": ({1: 2.0}, {1: 2.0}),
    "the keys of a dict as a set": ({"high bias"}, {"high bias": 1}.keys()),
    "a frozenset": ({"high bias"}, frozenset({"high bias"})),
    "a NumPy text": ("relu", np.str_("relu")),
    "None": (None, None),
    "no entries": (np.zeros((0, 3)), np.zeros((0, 3))),
    "NaN where NaN is right": (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
    "infinity where it is right": (np.array([1.0, -np.inf]), np.array([1.0, -np.inf])),
    "a tree": ({"W1": (MATRIX, [1.0])}, {"W1": [MATRIX.tolist(), np.ones(1)]}),
}


@pytest.mark.parametrize(("expected", "actual"), FORMS.values(), ids=FORMS)
def test_a_right_answer_passes_without_advice_as(expected, actual):
    with collect_advice(show_values=False) as advice:
        check_close(expected, actual, name="A")

    assert advice == []


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_an_array_of_one_entry_passes_for_a_number_and_is_remarked(shape):
    with collect_advice(show_values=False) as advice:
        check_close(2.5, np.full(shape, 2.5), name="cost")

    assert [remark.key for remark in advice] == ["size_one"]
    assert str(shape) in advice[0].rationale


def test_asking_whether_values_are_close_advises_nothing():
    with collect_advice(show_values=True) as advice:
        assert is_close(2.5, np.full((1, 1), 2.5))

    assert advice == []


@pytest.mark.parametrize("kind", ["value", "gradient"])
def test_rounding_of_the_dtype_passes_and_ten_times_its_tolerance_does_not(rng, kind):
    expected = rng.normal(size=(6, 7))

    for dtype, wrong in ((np.float64, 1e-6), (np.float32, 1e-2), (np.float16, 0.6)):
        assert is_close(expected, expected.astype(dtype), kind=kind)
        assert not is_close(expected, (expected * (1 + wrong)).astype(dtype), kind=kind)


def test_an_epsilon_of_1e_8_in_the_logarithm_passes_as_a_cost_and_1e_5_does_not(rng):
    A, Y = rng.uniform(0.02, 0.98, size=(1, 40)), rng.integers(0, 2, size=(1, 40))

    def cost(epsilon):
        return -np.mean(Y * np.log(A + epsilon) + (1 - Y) * np.log(1 - A + epsilon))

    check_close(cost(0), cost(1e-8), name="cost", kind="cost")
    assert not is_close(cost(0), cost(1e-5), kind="cost")


def test_a_larger_tolerance_of_the_test_replaces_that_of_the_table():
    check_close(1.0, 1.001, name="x", rtol=1e-2)
    check_close(np.array([1.0, 100.0]), np.array([1.05, 100.0]), name="x", atol=1e-3)
    check_close({"a": [1.0]}, {"a": [1.001]}, name="x", rtol=1e-2)
    assert not is_close(1.0, 1.001)


def test_a_smaller_tolerance_than_the_table_allows_is_not_used():
    check_close(MATRIX, MATRIX * (1 + 1e-9), name="x", rtol=1e-15, atol=0.0)


@given(SEEDS, st.integers(1, 40), st.sampled_from([1e-150, 1e-8, 1.0, 1e8, 1e150]))
def test_any_order_of_summation_passes(seed, terms, unit):
    rng = np.random.default_rng(seed)
    A, B, order = rng.normal(size=(3, terms)), unit * rng.normal(size=(terms, 4)), rng.permutation(terms)

    looped = sum(np.outer(A[:, i], B[i]) for i in order)

    check_close(A @ B, A[:, order] @ B[order], name="Z")
    check_close(A @ B, looped, name="Z")


@given(arrays.arrays(np.float64, arrays.array_shapes(min_dims=0, max_dims=3, max_side=4)))
def test_every_array_is_close_to_itself(array):
    check_close(array, array.copy(), name="A")
    assert closeness(array, array.copy()).all()


@given(SEEDS, st.floats(1e-5, 1e3), st.booleans())
def test_one_entry_that_is_wrong_by_1e_5_of_the_largest_is_found(seed, error, is_negative):
    expected = np.random.default_rng(seed).normal(size=(3, 4))
    actual = expected.copy()
    index = seed % 3, seed % 4

    actual[index] += (-error if is_negative else error) * np.abs(expected).max()

    assert np.argwhere(~closeness(expected, actual)).tolist() == [list(index)]
    assert not is_close(expected, actual)


# wrong answers


def changed(index, value):
    array = MATRIX.copy()
    array[index] = value
    return array


WRONG = {
    "1e-5 too large": (MATRIX, MATRIX * (1 + 1e-5), "wrong_entries"),
    "one entry 1e-5 too large": (MATRIX, changed((1, 2), -7.5 * (1 + 1e-5)), "wrong_entries"),
    "one sign": (MATRIX, changed((0, 0), -1.5), "wrong_entries"),
    "all signs": (MATRIX, -MATRIX, "wrong_entries"),
    "float32 that is 1e-3 too large": (MATRIX, (MATRIX * 1.001).astype(np.float32), "wrong_entries"),
    "truncated to int": (MATRIX, MATRIX.astype(int), "wrong_entries"),
    "not 0 and 1 but truth values of anything": (MATRIX, MATRIX.astype(bool), "wrong_entries"),
    "small numbers of the wrong size": (np.full(3, 5e-9), np.full(3, 1e-9), "wrong_entries"),
    "nearly zero for zero": (np.zeros(3), np.full(3, 1e-12), "wrong_entries"),
    "a number 1e-5 too large": (2.5, 2.5 * (1 + 1e-5), "wrong_number"),
    "a truth value": (True, False, "wrong_number"),
    "NaN in one place": (MATRIX, changed((0, 1), np.nan), "not_finite"),
    "infinity in one place": (MATRIX, changed((0, 1), np.inf), "not_finite"),
    "finite where infinity is right": (np.array([np.inf, 1.0]), np.array([3.0, 1.0]), "wrong_entries"),
    "the other infinity": (np.inf, -np.inf, "wrong_number"),
    "finite where NaN is right": (np.nan, 0.0, "wrong_number"),
    "an imaginary part": (MATRIX, MATRIX + 1e-3j, "complex_numbers"),
    "transposed": (MATRIX, MATRIX.T, "transposed_shape"),
    "a lost dimension": (np.ones((3, 1)), np.ones(3), "lost_dimension"),
    "a row for a column": (np.ones((4, 1)), np.ones((1, 4)), "transposed_shape"),
    "a shape that would broadcast": (np.ones((4, 5)), np.ones((1, 5)), "wrong_shape"),
    "one number for a matrix": (np.ones((4, 5)), 1.0, "wrong_shape"),
    "a vector for a number": (1.0, np.ones(3), "wrong_shape"),
    "None": (MATRIX, None, "nothing_returned"),
    "a text": (MATRIX, "1.5", "wrong_type"),
    "a dict for an array": (MATRIX, {"A": MATRIX}, "wrong_type"),
    "a set for an array": (np.ones(1), {1.0}, "wrong_type"),
    "rows of different lengths": (MATRIX, [[1.0], [2.0, 3.0]], "ragged"),
    "a list with None in it": (np.ones(2), [1.0, None], "wrong_type"),
    "an array for a dict": ({"dW1": MATRIX}, MATRIX, "wrong_type"),
    "None for a dict": ({"dW1": MATRIX}, None, "nothing_returned"),
    "a key that is missing": ({"dW1": MATRIX}, {"W1": MATRIX}, "missing_key"),
    "a number as key that is missing": ({1: 2.0}, {2: 2.0}, "missing_key"),
    "a wrong value below a key": ({"dW1": MATRIX}, {"dW1": -MATRIX}, "wrong_entries"),
    "one entry too few": ([1.0, 2.0], [1.0], "wrong_length"),
    "one entry too many": ((3, 4), np.array([3, 4, 5]), "wrong_length"),
    "a number for a tuple": ((3, 4), 12, "wrong_type"),
    "a 0-d array for a tuple": ((3, 4), np.array(12), "wrong_type"),
    "a wrong entry of a tuple": ((3, 4), (4, 3), "wrong_number"),
    "a set with one too few": ({"a", "b"}, {"a"}, "wrong_plain"),
    "a list for a set": ({"a"}, ["a"], "wrong_plain"),
    "None for a set": ({"a"}, None, "nothing_returned"),
    "None for a text": ("relu", None, "nothing_returned"),
    "another text": ("relu", "tanh", "wrong_plain"),
    "an array for a text": ("relu", np.ones(2), "wrong_plain"),
    "an array for None": (None, np.ones(2), "wrong_plain"),
    "a number for None": (None, 0, "wrong_plain"),
}


@pytest.mark.parametrize(("expected", "actual", "key"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_named_that_is(finding, expected, actual, key):
    assert key == finding(check_close, expected, actual, name="A").key
    assert not is_close(expected, actual)


def test_the_first_wrong_entry_and_the_size_of_the_error_are_named(finding):
    found = finding(check_close, MATRIX, changed((1, 0), 0.25), name="dW1")

    assert found.rationale == "dW1 is wrong in 1 of 6 entries, the first at [1, 0] (relative error up to 0.5)."


def test_a_wrong_value_is_named_by_its_place_in_the_tree(finding):
    expected = {"W1": [1.0, (2.0, 3.0)], 5: {"b": 1.0}}

    assert finding(check_close, expected, {"W1": [1.0, (2.0, 4.0)], 5: {"b": 1.0}}, name="p").rationale.startswith(
        "W1[1][1] is wrong"
    )
    assert finding(check_close, {5: 1.0}, {5: 2.0}, name="p").rationale.startswith("p[5] is wrong")


# what a learner may see

SECRET = 8.643217
VALUES = {
    "a number": (SECRET, 1.25),
    "an array": (np.array([SECRET, 1.0]), np.array([1.25, 1.0])),
    "a large array": (np.full((9, 9), SECRET), np.full((9, 9), 1.25)),
    "NaN": (np.array([SECRET]), np.array([np.nan])),
    "an int": (np.array([8643217]), np.array([125])),
    "a text": ("8.643217", "1.25"),
    "a set": ({"8.643217"}, {"1.25"}),
    "a text against an array": ("8.643217", np.array([1.25, 2.0])),
    "a tree": ({"a": (SECRET, "x")}, {"a": (1.25, "x")}),
    "a kind": (np.array([SECRET]), "1.25"),
    "a shape": (np.full((2, 3), SECRET), np.full((3, 2), SECRET)),
}


def texts(feedback):
    return f"{feedback.rationale} {feedback.help}"


@pytest.mark.parametrize(("expected", "actual"), VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("inside", [True, False], ids=["in a hidden test", "outside of tests"])
def test_a_hidden_value_is_in_no_text(finding, expected, actual, inside):
    if inside:
        with collect_advice(show_values=False):
            found = finding(check_close, expected, actual, name="A")
    else:
        found = finding(check_close, expected, actual, name="A")

    assert "8.6" not in texts(found)
    assert "8643217" not in texts(found)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("wrong_number_shown", "a number"),
        ("wrong_array_shown", "an array"),
        ("wrong_entries_shown", "a large array"),
        ("wrong_number_shown", "a text"),
        ("wrong_number_shown", "a set"),
    ],
)
def test_a_visible_test_shows_expected_and_actual(finding, key, kind):
    expected, actual = VALUES[kind]

    with collect_advice(show_values=True):
        found = finding(check_close, expected, actual, name="A")

    assert key == found.key
    assert "8.643" in found.rationale
    assert "1.25" in found.rationale


def test_sets_are_shown_in_one_order(finding):
    with collect_advice(show_values=True):
        found = finding(check_close, {"b", "a", "c"}, set(), name="the remedies")

    assert found.rationale == "the remedies should be {'a', 'b', 'c'}, and is a set of 0 entries."


def test_what_a_student_returns_for_a_text_is_described_and_not_printed(finding):
    with collect_advice(show_values=True):
        found = finding(check_close, "relu", np.ones((40, 40)), name="activation")

    assert found.rationale == "activation should be 'relu', and is an array of shape (40, 40)."


# relative_error

ANY = arrays.arrays(np.float64, 5, elements=st.floats())


@given(ANY, ANY)
@example(np.array([1e308, np.inf, np.nan, 0.0, -1.0]), np.array([-1e308, -np.inf, 1.0, 1e-12, np.inf]))
def test_relative_error_is_symmetric_and_between_0_and_2(one, other):
    error = relative_error(one, other)

    np.testing.assert_array_equal(error, relative_error(other, one))
    assert ((error >= 0) & (error <= 2)).all()
    assert (relative_error(one, one) == 0).all()


@given(st.floats(1e-3, 1e3), st.floats(-0.5, 0.5))
def test_relative_error_is_the_difference_over_the_larger_one(value, change):
    expected = abs(change) / max(1, 1 + change)

    assert float(relative_error(np.array(value), np.array(value * (1 + change)))) == pytest.approx(expected, abs=1e-12)


def test_relative_error_of_tiny_numbers_is_relative_to_the_floor():
    assert relative_error(np.array([0.0]), np.array([1e-12])) == pytest.approx([1e-4])
    assert relative_error(np.array([0.0]), np.array([1e-12]), floor=1e-12) == pytest.approx([1.0])


def test_relative_error_of_two_shapes_is_refused():
    with pytest.raises(ValueError, match=r"shapes differ: \(2,\) and \(3,\)"):
        relative_error(np.ones(2), np.ones(3))


# determinism

SAME = {
    "arrays": (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
    "trees": ({"a": [MATRIX, 1.0], "b": "x"}, {"a": [MATRIX.copy(), 1.0], "b": "x"}),
    "numbers": (1, 1.0),
    "NaN": (float("nan"), float("nan")),
    "sets": ({"a", "b"}, {"b", "a"}),
    "None": (None, None),
}
DIFFERENT = {
    "one last bit": (np.array([1.0]), np.array([np.nextafter(1.0, 2)])),
    "a shape": (np.ones((1, 2)), np.ones((2, 1))),
    "a key": ({"a": 1.0}, {"b": 1.0}),
    "a length": ([1.0], [1.0, 1.0]),
    "an array and a list of different rows": (np.ones(2), [[1.0], [1.0, 2.0]]),
    "an array and a text": (np.ones(2), "1"),
    "an array and None": (np.ones(1), None),
    "texts": ("a", "b"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_result_twice_is_deterministic(finding, one, other):
    results = iter([one, other])

    assert check_deterministic(lambda: next(results), name="f") is one
    assert finding(check_changes, [one, other], name="f", argument="rng").key == "argument_ignored"


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_results_are_told_apart_by(finding, one, other):
    for pair in itertools.permutations([one, other]):
        results = iter(pair)

        assert finding(check_deterministic, lambda results=results: next(results), name="f").key == "not_deterministic"
        check_changes(pair, name="f", argument="rng")


def test_one_result_that_differs_is_enough_of_a_change():
    check_changes([np.ones(2), np.ones(2), np.zeros(2)], name="costs", argument="learning_rate")


def test_an_ignored_argument_is_named(finding):
    found = finding(check_changes, [np.ones(2)] * 3, name="fit", argument="learning_rate")

    assert found.rationale == "fit does not depend on learning_rate."


def test_a_hidden_test_bounds_the_length_that_it_shows(finding):
    with collect_advice(show_values=False):
        found = finding(check_close, [1.0, 2.0], [1.0] * 7193, name="costs")

    assert found.rationale == "costs should have 2 entries, and has more than 100."
