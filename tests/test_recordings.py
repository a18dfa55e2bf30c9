from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.checks.misconceptions import Misconception
from grader.errors import GraderError
from grader.recordings import NotRecorded, RecordedReference, RecordingReference, Recordings

SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=5)
ARRAYS = npst.arrays(
    st.sampled_from([np.float64, np.int64, np.bool_, np.float32]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    elements=None,
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


@given(VALUES)
def test_an_answer_comes_back_bit_by_bit_after_writing_and_reading(value):
    recordings = Recordings()
    recordings.add("f", [1, "a"], {}, value)

    again = Recordings.from_json(recordings.to_json(), origin=Path("recorded.json"))

    assert same(value, again.answer("f", [1, "a"], {}))


@given(ARRAYS)
def test_equal_arguments_find_the_answer(array):
    recordings = Recordings()
    recordings.add("f", [array], {}, 7)

    assert recordings.answer("f", [array.copy()], {}) == 7


def test_arguments_that_differ_in_the_last_bits_find_the_answer():
    x = np.random.default_rng(0).normal(size=(3, 4))
    recordings = Recordings()
    recordings.add("f", [x], {}, 7)

    assert recordings.answer("f", [np.nextafter(x, 9)], {}) == 7


def test_other_arguments_find_none():
    x = np.random.default_rng(0).normal(size=(3, 4))
    recordings = Recordings()
    recordings.add("f", [x], {}, 7)

    for other in (x * 1.001, x.T, x[:2], [x, x]):
        with pytest.raises(NotRecorded):
            recordings.answer("f", [other], {})


def test_a_changed_answer_does_not_change_the_recording():
    recordings = Recordings()
    recordings.add("f", [], {}, np.zeros(3))

    recordings.answer("f", [], {})[...] = 1

    assert same(np.zeros(3), recordings.answer("f", [], {}))


def test_misconceptions_are_replayed_with_their_texts():
    recordings = Recordings()
    recordings.describe(Misconception("f", "forgot_mean", "too large", "divide", lambda x: x))
    recordings.add("f", [2.0], {}, 14.0, source="forgot_mean")

    (again,) = Recordings.from_json(recordings.to_json(), origin=Path("x")).misconceptions()

    assert (again.exercise, again.key, again.rationale, again.help) == ("f", "forgot_mean", "too large", "divide")
    assert again.evaluate(object(), (2.0,), {}) == 14.0


def test_a_reference_is_recorded_as_it_answers_and_replayed():
    class Solution:
        @staticmethod
        def double(x):
            x = np.asarray(x)
            x *= 2
            return x

    recordings = Recordings()
    recorder = RecordingReference(Solution, recordings)
    recorder.double(np.array([1.0, 2.0]))  # changes its argument: the key must be what was given

    assert same(np.array([2.0, 4.0]), RecordedReference(recordings).double(np.array([1.0, 2.0])))


def test_recordings_of_another_machine_are_close_and_wrong_ones_are_not():
    def recorded(value):
        recordings = Recordings()
        recordings.add("f", [1], {}, {"W": np.array([value])})
        return recordings

    assert recorded(1.0).is_close_to(recorded(1.0 + 1e-15))
    assert not recorded(1.0).is_close_to(recorded(1.0 + 1e-6))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema": 2}', '{"schema": 1, "misconceptions": {}, "answers": {"a": 1}}']
)
def test_a_file_that_is_no_recording_is_named(text):
    with pytest.raises(GraderError, match=r"recorded\.json: is no file of recorded answers"):
        Recordings.from_json(text, origin=Path("recorded.json"))


def test_a_function_is_known_by_its_name_and_what_it_encloses():
    def power(exponent):
        def f(x):
            return x**exponent

        return f

    recordings = Recordings()
    recordings.add("gradient", [power(2)], {}, 1.0)

    assert recordings.answer("gradient", [power(2)], {}) == 1.0
    with pytest.raises(NotRecorded):
        recordings.answer("gradient", [power(3)], {})
