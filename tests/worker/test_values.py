"""Values cross the wall unchanged, or are refused by name."""

import collections
import enum
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.worker.reading import Reader
from grader.worker.values import DTYPES, MAX_DEPTH, MAX_KEYS, MAX_NODES, Handle, ProtocolError, Unsupported
from grader.worker.writing import Writer


def there_and_back(value, *, data_only=True, **options):
    writer = Writer(data_only=data_only, **options)
    raw = writer.write(value)
    body = bytearray(b"".join(writer.body()))
    reader = Reader(body, data_only=data_only)
    result = reader.read(raw)
    reader.finish()
    assert writer.body_length == len(body)
    return result


def is_same(first, second):
    """Equality that tells types, dtypes, NaNs and the sign of zero apart."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray | np.generic):
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(is_same, first, second))
    if isinstance(first, dict):
        return is_same(list(first), list(second)) and is_same(list(first.values()), list(second.values()))
    if isinstance(first, float | complex):
        return repr(first) == repr(second)
    return first == second


dtypes = st.sampled_from(DTYPES)
shapes = npst.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
arrays = dtypes.flatmap(lambda dtype: npst.arrays(dtype, shapes))
scalars = dtypes.flatmap(lambda dtype: npst.arrays(dtype, (), elements=npst.from_dtype(dtype))).map(lambda a: a[()])
keys = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=8) | st.binary(max_size=8)
plain = keys | st.floats() | st.complex_numbers()
values = st.recursive(
    plain | arrays | scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=5)
        | st.sets(keys, max_size=5)
        | st.frozensets(keys, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_any_nested_value_comes_back_the_same(value):
    assert is_same(value, there_and_back(value))


@settings(max_examples=100, deadline=None)
@given(st.lists(arrays, min_size=1, max_size=4))
def test_arrays_come_back_writable_aligned_and_independent(originals):
    results = there_and_back(originals)

    for array in results:
        assert array.flags.writeable
        assert array.flags.aligned
        assert array.flags.c_contiguous
        array[...] = 1
    fresh = there_and_back(originals)
    fresh[0][...] = 0
    assert all(is_same(original, array) for original, array in zip(originals[1:], fresh[1:], strict=True))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(20)[::-3],
        np.arange(12.0).reshape(3, 4).astype(">f8"),
        np.arange(40_000.0).reshape(200, 200).T,
        np.asfortranarray(np.arange(40_000).reshape(200, 200).astype(">i4")),
        np.broadcast_to(np.float32(3), (50, 40)),
        np.frombuffer(b"x" + np.arange(5.0).tobytes(), np.uint8)[1:].view(np.float64),
    ],
)
def test_the_layout_in_memory_does_not_matter(array):
    expected = np.array(array, dtype=array.dtype.newbyteorder("="), order="C")

    assert is_same(expected, there_and_back(array))


@pytest.mark.parametrize("body_type", [bytes, bytearray, lambda data: np.frombuffer(bytearray(data), np.uint8)])
def test_the_body_may_be_of_any_bytes_type(body_type):
    writer = Writer()
    raw = writer.write([np.arange(3), np.array([True, False]), b"x" * 5000, np.empty((0, 2))])

    result = Reader(body_type(b"".join(writer.body())), data_only=True).read(raw)

    assert is_same([np.arange(3), np.array([True, False]), b"x" * 5000, np.empty((0, 2))], result)
    assert result[0].flags.writeable


class Colour(enum.IntEnum):
    RED = 3


class Word(str):
    __slots__ = ()

    def __str__(self):
        return "lie"


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Point(1, 2.0), (1, 2.0)),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.defaultdict(list, {"a": [1]}), {"a": [1]}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (np.ones((1, 2)).view(np.matrix), np.ones((1, 2))),
        (Colour.RED, 3),
        (Word("truth"), "truth"),
        (np.str_("text"), "text"),
        (np.bytes_(b"text"), b"text"),
        (bytearray(b"text"), b"text"),
        ({"a": 1, 2: 1}.keys(), {"a", 2}),
        (collections.OrderedDict(a=1).keys(), {"a"}),
        ({"a": 1}.values(), [1]),
        ({"a": 1}.items(), [("a", 1)]),
        (range(3), [0, 1, 2]),
        (collections.deque([1, 2]), [1, 2]),
        (np.longdouble(0.5), np.float64(0.5)),
        (np.array([0.5], np.longdouble), np.array([0.5])),
        (np.array([0.5j], np.clongdouble), np.array([0.5j])),
        (np.longlong(3), np.int64(3)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_relatives_of_plain_data_are_written_as_plain_data(value, expected):
    assert is_same(expected, there_and_back(value))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (len, "a function"),
        (lambda: 0, "a function"),
        (np.exp, "a function"),
        ((i for i in ()), "a generator"),
        (map(abs, []), "a generator"),
        (np, "a module"),
        (int, "a class"),
        (types.SimpleNamespace(), "an object of type SimpleNamespace"),
        (np.array([None]), "an array of objects"),
        (np.array(["a"]), "an array of text"),
        (np.array(["2020-01-01"], "M8[D]"), "an array of dates"),
        (np.zeros(2, [("a", "f8")]), "an array of records"),
        (np.datetime64("2020-01-01"), "a NumPy datetime64"),
        (np.ma.masked_array([1.0], [True]), "a masked array"),
        (np.ma.masked, "a masked array"),
        (np.zeros((1,) * 9), "an array of 9 dimensions"),
        (2**64, "an integer of more than 64 bits"),
        (-(2**63) - 1, "an integer of more than 64 bits"),
        ("\ud800", "text with half a surrogate pair"),
        (np.random.default_rng(0), "a random generator"),
        (Handle(1, "f"), "an object of type Handle"),
        (range(MAX_NODES + 1), "a container that makes more than 100000 values (an array may be larger)"),
        (set(range(MAX_KEYS + 1)), "a set or dictionary with more than 4096 keys that are not text"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_what_is_not_data_is_refused_by_name(value, kind):
    with pytest.raises(Unsupported) as caught:
        there_and_back(value)

    assert kind == caught.value.kind
    assert caught.value.path == ""


def test_a_refusal_says_where_in_the_value():
    with pytest.raises(Unsupported) as caught:
        there_and_back([0, {"dW1": (1.0, len)}])

    assert caught.value.path == "[1]['dW1'][1]"
    assert caught.value.kind == "a function"


def test_a_value_may_be_nested_so_deep_and_no_deeper():
    value = 0
    for _ in range(MAX_DEPTH):
        value = [value]

    assert value == there_and_back(value)
    with pytest.raises(Unsupported, match="nested"):
        there_and_back([value])


def test_a_list_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)

    with pytest.raises(Unsupported, match="nested"):
        there_and_back(endless)


def test_an_array_beyond_the_limit_is_refused_before_it_is_copied():
    huge = np.broadcast_to(0.0, (1 << 40,))

    with pytest.raises(Unsupported, match="8796093022208 bytes"):
        Writer(max_body=1 << 20).write(huge)


def test_a_kept_array_is_not_changed_by_what_happens_to_the_original():
    array = np.zeros(100_000)
    writer = Writer()

    raw = writer.write(array, keep=True)
    array[:] = 1

    result = Reader(bytearray(b"".join(writer.body())), data_only=True).read(raw)
    assert not result.any()


def test_a_large_array_is_not_copied():
    array = np.zeros(100_000)
    writer = Writer()

    writer.write(array)

    assert any(np.shares_memory(array, np.frombuffer(piece, np.uint8)) for piece in writer.body())


@pytest.mark.parametrize("seed", [0, 2**200 + 1, [1, 2**70, 3], np.arange(3)], ids=["0", "large", "list", "array"])
def test_a_random_generator_draws_and_spawns_as_the_original(seed):
    rng = np.random.default_rng(seed)
    rng.spawn(2)
    rng.integers(0, 5, dtype=np.int32)

    copy = there_and_back(rng, data_only=False)

    assert rng.integers(0, 1000, dtype=np.int32) == copy.integers(0, 1000, dtype=np.int32)
    assert np.array_equal(rng.normal(size=5), copy.normal(size=5))
    assert np.array_equal(rng.spawn(1)[0].normal(size=5), copy.spawn(1)[0].normal(size=5))


def test_a_spawned_generator_spawns_as_the_original():
    rng = np.random.default_rng(5).spawn(3)[2]

    copy = there_and_back(rng, data_only=False)

    assert rng.spawn(1)[0].random() == copy.spawn(1)[0].random()


@pytest.mark.parametrize("rng", [np.random.Generator(np.random.MT19937(0)), np.random.RandomState(0)])
def test_other_random_generators_are_refused(rng):
    with pytest.raises(Unsupported, match="a random generator"):
        there_and_back(rng, data_only=False)


def test_writer_and_reader_list_the_generators_in_order():
    generators = [np.random.default_rng(seed) for seed in range(3)]
    writer = Writer(data_only=False)

    raw = writer.write({"a": generators[0], "b": [generators[1], (generators[2],)]})
    reader = Reader(b"", data_only=False)
    reader.read(raw)

    assert generators == writer.generators
    assert [rng.random() for rng in generators] == [rng.random() for rng in reader.generators]


def test_a_handle_stands_for_a_function():
    def handle_for(value):
        return Handle(7, "f") if value is len else None

    assert [Handle(7, "f"), Handle(1, "g")] == there_and_back(
        [len, Handle(1, "g")], data_only=False, handle_for=handle_for
    )
    with pytest.raises(Unsupported, match="a function"):
        there_and_back([max], data_only=False, handle_for=handle_for)


@pytest.mark.parametrize("value", [Handle(1, "f"), np.random.default_rng(0)], ids=["handle", "generator"])
def test_a_reader_of_data_refuses_handles_and_generators(value):
    raw = Writer(data_only=False).write([value])

    with pytest.raises(ProtocolError, match="unknown extension"):
        Reader(b"", data_only=True).read(raw)


def test_a_bool_array_holds_nothing_but_0_and_1():
    writer = Writer()
    raw = writer.write([np.array([2, 0, 255], np.uint8).view(bool), np.array(7, np.uint8).view(bool)])

    first, second = Reader(bytearray(b"".join(writer.body())), data_only=True).read(raw)

    assert first.view(np.uint8).tolist() == [1, 0, 1]
    assert second.view(np.uint8).tolist() == 1
