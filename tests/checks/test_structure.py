"""Checks of kind, shape and finiteness: what is accepted, what is refused, and in which words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import (
    check_array,
    check_binary,
    check_dict,
    check_finite,
    check_scalar,
    check_shape,
    unpack,
)
from grader.checks.advice import collect_advice
from grader.checks.structure import check_not_none, describe, first_index, place, shown_count, shown_shape
from grader.checks.vocabulary import Known, Vocabulary

COLUMN = np.ones((3, 1))


def nan_at(index, shape=(2, 3), value=np.nan):
    array = np.ones(shape)
    array[index] = value
    return array


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (COLUMN, "an array of shape (3, 1)"),
        (np.array(["a"]), "an array of shape (1,) and dtype <U1"),
        (np.array(1.0), "an array of shape ()"),
        (True, "a truth value"),
        (np.bool_(False), "a truth value"),
        (3, "a number"),
        (np.float32(3), "a number"),
        (2j, "a complex number"),
        (np.complex64(2j), "a complex number"),
        ("relu", "a text"),
        (b"relu", "a text"),
        ({}, "an empty dict"),
        ({"W1": 1, 2: 3}, "a dict with the keys W1, 2"),
        ({str(i): i for i in range(9)}, "a dict with the keys 0, 1, 2, 3, 4, 5, 6, 7, …"),
        ([], "a list of 0 entries"),
        ([1], "a list of one entry"),
        ((1, 2), "a tuple of 2 entries"),
        ({1, 2}, "a set of 2 entries"),
        (object(), "a value of type object"),
    ],
)
def test_a_value_is_described_by_its_kind(value, words):
    assert words == describe(value)


# check_array, check_not_none


@pytest.mark.parametrize(
    "value",
    [
        COLUMN,
        COLUMN.astype(np.float32),
        COLUMN.astype(int),
        COLUMN.astype(bool),
        COLUMN.astype(complex),
        [[1], [1.0], [True]],
        ((1,), (1,), (1,)),
    ],
    ids=["float64", "float32", "int", "bool", "complex", "list", "tuple"],
)
def test_any_numeric_form_becomes_float64(value):
    array = check_array(value, name="W1", shape=(3, 1))

    assert array.dtype == np.float64
    np.testing.assert_array_equal(COLUMN, array)


def test_check_array_gives_a_copy():
    given = np.ones(3)

    check_array(given, name="b")[:] = 0

    assert given.all()


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, "nothing_returned"),
        ("1.0", "wrong_type"),
        ({"W1": 1.0}, "wrong_type"),
        ({1.0}, "wrong_type"),
        ([1.0, None], "wrong_type"),
        (np.array(["a"]), "wrong_type"),
        ([[1.0], [1.0, 2.0]], "ragged"),
        (COLUMN + 1j, "complex_numbers"),
        (COLUMN.T, "transposed_shape"),
        (COLUMN[:, 0], "lost_dimension"),
        (np.ones((4, 1)), "wrong_shape"),
    ],
)
def test_check_array_refuses(finding, value, key):
    assert key == finding(check_array, value, name="W1", shape=(3, 1)).key


def test_none_is_answered_with_the_missing_return(finding):
    found = finding(check_not_none, None, name="sigmoid(z)")

    assert found.rationale == "sigmoid(z) is None."
    assert "return" in found.help
    check_not_none(0, name="sigmoid(z)")


# check_shape


@pytest.mark.parametrize("shape", [(), (3,), (1, 1), (3, 1), (2, 3, 4), (0, 2)])
def test_the_same_shape_passes(shape):
    check_shape(np.ones(shape), shape, name="A")
    check_shape(np.ones(shape), list(shape), name="A")


@pytest.mark.parametrize(
    ("found", "expected", "key"),
    [
        ((4, 3), (3, 4), "transposed_shape"),
        ((1, 3), (3, 1), "transposed_shape"),
        ((3,), (3, 1), "lost_dimension"),
        ((), (1,), "lost_dimension"),
        ((2, 3), (2, 3, 1), "lost_dimension"),
        ((3,), (1, 3), "wrong_shape"),
        ((3,), (3, 2), "wrong_shape"),
        ((3, 3), (3, 1), "wrong_shape"),
        ((1, 1), (), "wrong_shape"),
        ((4, 3, 2), (2, 3, 4), "wrong_shape"),
        ((), (3, 1), "wrong_shape"),
    ],
)
def test_another_shape_is_named(finding, found, expected, key):
    feedback = finding(check_shape, np.ones(found), expected, name="dW1")

    assert key == feedback.key
    assert f"shape {found}, but should be {expected}" in feedback.rationale


def test_sizes_that_are_numpy_numbers_read_as_plain_ones(finding):
    feedback = finding(check_shape, np.ones((3, 4)), np.array([3, 5]), name="W1")

    assert feedback.rationale == "W1 has shape (3, 4), but should be (3, 5)."


@given(st.lists(st.integers(0, 3), max_size=3), st.lists(st.integers(0, 3), max_size=3))
def test_nothing_is_broadcast(found, expected):
    passes = True
    try:
        check_shape(np.ones(found), expected, name="A")
    except AssertionError:
        passes = False

    assert passes == (found == expected)


# check_finite


@pytest.mark.parametrize("value", [MATRIX := np.ones((2, 3)), MATRIX.astype(int), MATRIX.tolist(), 1.0, True])
def test_finite_numbers_of_any_form_pass(value):
    check_finite(value, name="A")


@pytest.mark.parametrize(
    ("value", "rationale"),
    [
        (nan_at((1, 2)), "A has NaN at [1, 2] (1 of 6 entries)."),
        (nan_at(0), "A has NaN at [0, 0] (3 of 6 entries)."),
        (nan_at((0, 1), value=-np.inf), "A has infinity at [0, 1] (1 of 6 entries)."),
        (nan_at((0, 1)).astype(np.float32), "A has NaN at [0, 1] (1 of 6 entries)."),
        ([1.0, float("nan")], "A has NaN at [1] (1 of 2 entries)."),
        (float("inf"), "A has infinity (1 of 1 entries)."),
        (1e200 * 1e200, "A has infinity (1 of 1 entries)."),
    ],
)
def test_the_first_number_that_is_not_finite_is_located(finding, value, rationale):
    found = finding(check_finite, value, name="A")

    assert ("not_finite", rationale) == (found.key, found.rationale)


# check_scalar


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.float64(2), np.float32(2), np.int8(2), np.array(2.0), np.array(2)],
    ids=lambda v: type(v).__name__,
)
def test_a_number_passes_without_advice(value):
    with collect_advice(show_values=False) as advice:
        found = check_scalar(value, name="cost")

    assert (found, type(found), advice) == (2.0, float, [])


@pytest.mark.parametrize("value", [np.full((1, 1), 2.0), np.full(1, 2.0), [2.0], [[2]]])
def test_one_entry_passes_for_a_number_with_advice(value):
    with collect_advice(show_values=False) as advice:
        assert check_scalar(value, name="cost") == 2.0

    assert [remark.key for remark in advice] == ["size_one"]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, "nothing_returned"),
        ("2", "wrong_type"),
        (np.ones((1, 2)), "not_a_number"),
        ([], "not_a_number"),
        ((2.0, None), "wrong_type"),
        (2 + 1j, "complex_numbers"),
        (np.full((1, 1), 2j), "complex_numbers"),
    ],
)
def test_what_is_no_number_is_refused(finding, value, key):
    with collect_advice(show_values=False) as advice:
        assert key == finding(check_scalar, value, name="cost").key

    assert advice == []


# unpack


@pytest.mark.parametrize("returned", [(1, 2, 3), [1, 2, 3]])
def test_the_values_of_a_tuple_or_list_are_unpacked(returned):
    assert unpack(returned, ("dA_prev", "dW", "db"), call="affine_backward(dZ, cache)") == (1, 2, 3)


@pytest.mark.parametrize(
    ("returned", "key", "part"),
    [
        (None, "nothing_returned", "affine_forward(A, W, b) is None."),
        ((1,), "wrong_count", "should return 2 values: Z, cache. Yours returned a tuple of one entry."),
        ((1, 2, 3), "wrong_count", "Yours returned a tuple of 3 entries."),
        (COLUMN, "wrong_count", "Yours returned an array of shape (3, 1)."),
        (np.ones(2), "wrong_count", "Yours returned an array of shape (2,)."),
        ({"Z": 1, "cache": 2}, "wrong_count", "Yours returned a dict with the keys Z, cache."),
        ("ab", "wrong_count", "Yours returned a text."),
        (3.0, "wrong_count", "Yours returned a number."),
    ],
)
def test_another_count_of_values_is_named(finding, returned, key, part):
    found = finding(unpack, returned, ("Z", "cache"), call="affine_forward(A, W, b)")

    assert key == found.key
    assert part in found.rationale


# check_dict


def test_a_dict_with_the_keys_and_more_passes():
    grads = {"dA1": None, "db1": np.zeros((2, 1)), "dW1": np.zeros((2, 3))}

    assert check_dict(grads, ["dW1", "db1"], name="grads") is grads
    assert check_dict(grads, {"dW1": (2, 3), "db1": [2, 1]}, name="grads") is grads


@pytest.mark.parametrize(
    ("returned", "key", "part"),
    [
        (None, "nothing_returned", "grads is None."),
        ([1, 2], "wrong_type", "grads should be a dict, and is a list of 2 entries."),
        ({}, "missing_key", "grads has no key dW1."),
        ({"dw1": 0, "db1": 0}, "missing_key", "grads has no key dW1; it has dw1."),
        ({"zzz": 0}, "missing_key", "grads has no key dW1."),
        ({1: 0}, "missing_key", "grads has no key dW1."),
        ({"dW1": np.zeros((3, 2))}, "transposed_shape", "dW1 has shape (3, 2), but should be (2, 3)"),
        ({"dW1": None}, "nothing_returned", "dW1 is None."),
    ],
)
def test_a_dict_that_lacks_something_is_named(finding, returned, key, part):
    found = finding(check_dict, returned, {"dW1": (2, 3)}, name="grads")

    assert key == found.key
    assert part in found.rationale


def test_a_missing_key_may_be_a_number(finding):
    assert finding(check_dict, {"1": 0.0}, [1], name="means").rationale == "means has no key 1."


# check_binary


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8, np.bool_])
def test_zeros_and_ones_of_any_dtype_pass(dtype):
    found = check_binary(np.array([[0, 1, 1]]).astype(dtype), (1, 3), name="predictions")

    assert found.dtype == np.float64
    assert found.tolist() == [[0.0, 1.0, 1.0]]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ([[0.0, 1.0, 0.999]], "not_binary"),
        ([[0, 1, -1]], "not_binary"),
        ([[0, 1, np.nan]], "not_binary"),
        ([[0, 1, 2]], "not_binary"),
        ([0, 1, 1], "wrong_shape"),
        ([[0], [1], [1]], "transposed_shape"),
        (None, "nothing_returned"),
    ],
)
def test_what_is_not_0_or_1_is_refused(finding, value, key):
    assert key == finding(check_binary, value, (1, 3), name="predictions").key


# places


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_first_index_is_the_first_in_reading_order(rows, columns, data):
    wrong = np.array(data.draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns)))
    if not wrong.any():
        return

    index = first_index(wrong.reshape(rows, columns))

    assert index == tuple(np.argwhere(wrong.reshape(rows, columns))[0])
    assert all(type(i) is int for i in index)


def test_a_place_is_written_as_in_python():
    assert [place(()), place((2,)), place((0, 3))] == ["", " at [2]", " at [0, 3]"]


# what a hidden test repeats of what a submission chose


def hidden(words=b"", sizes=()):
    return collect_advice(show_values=False, known=lambda: Known(Vocabulary(words), {0, 1, 2, *sizes}))


@pytest.mark.parametrize(
    ("found", "expected", "shown"),
    [
        ((), (3, 1), "()"),
        ((3,), (3, 1), "(3,)"),
        ((4, 12), (3, 1), "(4, 12)"),  # both are sizes of the arguments
        ((3, 64), (3, 1), "(3, 64)"),
        ((64, 64), (3, 1), "(64, 64)"),
        ((3, 101), (3, 1), "(3, >100)"),
        ((7193,), (3, 1), "(>100,)"),
        ((150, 1), (90, 1), "(150, 1)"),
        ((181, 1), (90, 1), "(>180, 1)"),
        ((71, 93), (3, 1), "(…, …)"),
        ((7, 1, 9, 3), (3, 1), "(…, 1, …, 3)"),
        ((1, 1, 1, 1), (3, 1), "(1, 1, 1, 1)"),
        ((1, 1, 1, 1, 1), (3, 1), "(1, 1, 1, 1, …)"),
        ((3, 1, 4), (), "(3, 1, …)"),
    ],
)
def test_a_hidden_test_shows_a_shape_as_far_as_no_number_fits_in(found, expected, shown):
    with hidden(sizes=(3, 4, 12)):
        assert shown_shape(found, expected) == shown
    with collect_advice(show_values=True):
        assert shown_shape(found, expected) == str(found)
    assert shown_shape(found, expected) == str(found)


def test_a_hidden_test_bounds_a_large_count():
    with hidden():
        assert [shown_count(n, 3) for n in (0, 100, 101)] == ["0", "100", "more than 100"]
        assert [shown_count(n, 400) for n in (401, 7193)] == ["401", "more than 800"]
        assert describe([0] * 7193) == "a list of more than 100 entries"
    with collect_advice(show_values=True):
        assert describe([0] * 7193) == "a list of 7193 entries"


@pytest.mark.parametrize(
    ("returned", "keys"),
    [
        ({"W1": 0, "w1": 0}, "W1, w1"),
        ({"x7193": 0, "w1": 0}, "w1, …"),
        ({7193: 0, (1, 2): 0}, "…"),
        ({"one": 0, "two": 0, "three": 0, "four": 0, "W1": 0}, "one, two, three, W1, …"),
    ],
)
def test_a_hidden_test_shows_expected_keys_and_few_known_ones(finding, returned, keys):
    with hidden(b"one two three four w1"):
        found = finding(check_dict, returned, ["W1", "dW2"], name="grads")

    assert found.help == f"Its keys are {keys}; the docstring says which are needed."
    with collect_advice(show_values=True):
        whole = finding(check_dict, returned, ["W1", "dW2"], name="grads")
    assert whole.help == f"Its keys are {', '.join(map(str, returned))}; the docstring says which are needed."


def test_a_hidden_test_names_a_near_key_that_is_known(finding):
    with hidden(b"dw1"):
        assert "it has dw1" in finding(check_dict, {"dw1": 0}, ["dW1"], name="grads").rationale
        assert "it has" not in finding(check_dict, {"dW1_7193": 0}, ["dW1"], name="grads").rationale


def test_a_hidden_test_describes_types_by_what_is_known():
    made_up = type("T7193", (), {})()
    with hidden(b"Own"):
        assert describe(made_up) == "a value of type …"
        assert describe(type("Own", (), {})()) == "a value of type Own"
        assert describe(np.array(["a" * 7193])) == "an array of shape (1,) and dtype str_"
        assert describe({"k7193": 1}) == "a dict with other keys"
    assert describe(made_up) == "a value of type T7193"
