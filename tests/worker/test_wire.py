"""Frames: what is encoded comes back, and whatever else arrives is a ProtocolError."""

import struct
import time
import tracemalloc

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.msgpack import Encoder, Ext

from grader.worker import values, wire
from grader.worker.wire import (
    Arguments,
    Call,
    Callback,
    CallbackReply,
    CaughtWarning,
    Evaluation,
    Finding,
    Frame,
    FromWorker,
    FunctionInfo,
    Handle,
    Load,
    Loaded,
    Progress,
    ProtocolError,
    Raised,
    Refused,
    Returned,
    ToWorker,
    Unsupported,
    decode,
    encode,
    read_prefix,
)

MESSAGES = [
    Load(1, "a.py", b"x = 1\n" * 1000, ["f"], [3]),
    Call(2, "f", [Arguments([1, np.ones((5, 3))], {"slope": 0.5}), Arguments([Handle(1, "g")])], {"h": Handle(2, "h")}),
    CallbackReply(3, 0, True, {"W": np.zeros((2, 0))}),
    CallbackReply(3, 1, False, exception="ValueError", message="no"),
    Progress(4, 5, 6),
    Loaded(5, {"f": FunctionInfo("stub", 3)}, [Finding("python2_print", 4), Finding("null_bytes", 1, "3")]),
    Returned(6, [Evaluation((np.float32(1), [np.arange(3) > 1]), [0], [CaughtWarning("UserWarning", "text", 3)])]),
    Raised(7, 0, "ValueError", "text", [Frame(3, "f", "return x")]),
    Refused(8, 0, "[0]", "a function"),
    Callback(9, 0, 1, [np.ones(3), Handle(1, "f")], {"x": (1,)}),
]


def direction(message):
    return ToWorker if isinstance(message, ToWorker) else FromWorker


def parts(message, **options):
    """Header and body of the frame."""
    data = b"".join(encode(message, **options))
    header_length, body_length = read_prefix(data[: wire.PREFIX.size])
    assert len(data) == wire.PREFIX.size + header_length + body_length
    return data[wire.PREFIX.size :][:header_length], bytearray(data[wire.PREFIX.size + header_length :])


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_the_same(message):
    result = decode(*parts(message), direction(message))

    assert type(message) is type(result)
    assert repr(message) == repr(result)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_is_accepted_in_its_own_direction_only(message):
    other = FromWorker if direction(message) is ToWorker else ToWorker

    with pytest.raises(ProtocolError):
        decode(*parts(message), other)


def test_encode_changes_nothing_in_the_message():
    message = Call(1, "f", [Arguments([np.ones(3)])])

    parts(message)

    assert isinstance(message.batch[0].args, list)


def test_a_small_frame_is_one_buffer_and_a_large_array_one_of_its_own():
    assert len(encode(Returned(1, [Evaluation(np.ones((5, 3)))]))) == 1
    assert len(encode(Returned(1, [Evaluation(np.ones(100_000))]))) == 2


def test_values_that_a_writer_wrote_before_are_spliced_in():
    writer = wire.Writer()
    evaluations = [Evaluation(writer.write(np.full(2, i)), [i]) for i in range(3)]

    result = decode(*parts(Returned(1, evaluations), writer=writer), FromWorker)

    assert [evaluation.value.tolist() for evaluation in result.evaluations] == [[0, 0], [1, 1], [2, 2]]


def test_a_frame_with_too_much_outside_of_arrays_is_refused():
    with pytest.raises(Unsupported, match="bytes of text and numbers"):
        encode(Returned(1, [Evaluation("x" * (wire.MAX_HEADER + 1))]))


def test_a_body_beyond_the_limit_is_refused():
    with pytest.raises(Unsupported):
        encode(Returned(1, [Evaluation(np.zeros(1000))]), max_body=4000)


def test_a_callback_lists_its_generators_and_the_reply_returns_them():
    generators = [np.random.default_rng(1), np.random.default_rng(2)]
    writer = wire.Writer(data_only=False)

    callback = decode(*parts(Callback(1, 0, 0, [generators[0]], {"rng": generators[1]}), writer=writer), FromWorker)
    drawn = [rng.random() for rng in callback.generators]
    reply = decode(*parts(CallbackReply(1, 0, True, generators=callback.generators)), ToWorker)

    assert [rng.random() for rng in generators] == drawn
    assert [rng.random() for rng in generators] == [rng.random() for rng in reply.generators]
    assert callback.args == callback.generators[:1]


def prefix(magic=b"GRW1", header=10, body=10):
    return struct.pack("<4sIQ", magic, header, body)


def test_the_prefix_gives_both_lengths():
    assert read_prefix(prefix(header=7, body=1 << 20), max_body=1 << 20) == (7, 1 << 20)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        prefix()[:-1],
        prefix() + b"x",
        prefix(magic=b"GRW2"),
        prefix(header=wire.MAX_HEADER + 1),
        prefix(header=2**32 - 1),
        prefix(body=(1 << 20) + 1),
        prefix(body=2**64 - 1),
    ],
)
def test_a_prefix_beyond_the_limits_is_a_protocol_error(data):
    with pytest.raises(ProtocolError):
        read_prefix(data, max_body=1 << 20)


_encode = Encoder().encode


def returned(nodes, body=b""):
    """The header of a Returned with these nodes as its value, whatever they are."""
    raw = nodes if isinstance(nodes, bytes) else _encode(nodes)
    value = msgspec.Raw(raw)
    return _encode({"type": "returned", "id": 1, "evaluations": [{"value": value}]}), bytearray(body)


def count(number):
    return struct.pack("<I", number)


def array(dtype, *shape):
    return Ext(values.ARRAY, struct.pack(f"<B{len(shape)}Q", dtype, *shape))


def tuples_that_collide(number):
    """Different tuples with one hash: Python hashes -1 and -2 alike."""
    return [
        node
        for i in range(number)
        for node in (Ext(values.TUPLE, count(20)), *(-1 - (i >> bit & 1) for bit in range(20)))
    ]


HOSTILE = {
    "empty header": (b"", b""),
    "no map": (_encode([1]), b""),
    "unknown tag": (_encode({"type": "pickle", "id": 1}), b""),
    "trailing bytes": (returned([0])[0] + b"\xc0", b""),
    "negative id": (_encode({"type": "progress", "id": -1, "statement": 0, "line": 0}), b""),
    "id of 64 bits": (_encode({"type": "progress", "id": 2**63, "statement": 0, "line": 0}), b""),
    "id is a bool": (_encode({"type": "progress", "id": True, "statement": 0, "line": 0}), b""),
    "missing value": (_encode({"type": "returned", "id": 1, "evaluations": [{}]}), b""),
    "long text": (_encode({"type": "raised", "id": 1, "index": 0, "exception": "E", "message": "x" * 2001}), b""),
    "long name": (_encode({"type": "raised", "id": 1, "index": 0, "exception": "E" * 201, "message": ""}), b""),
    "many frames": (
        _encode(
            {
                "type": "raised",
                "id": 1,
                "index": 0,
                "exception": "E",
                "message": "",
                "frames": [{"line": 1, "function": "f"}] * 11,
            }
        ),
        b"",
    ),
    "unknown state": (_encode({"type": "loaded", "id": 1, "functions": {"f": {"state": "x"}}, "findings": []}), b""),
    "unknown finding": (_encode({"type": "loaded", "id": 1, "functions": {}, "findings": [{"kind": "x"}]}), b""),
    "nest bomb in the header": (b"\x81\xa4type" + b"\x91" * 500_000, b""),
    "nest bomb in a value": returned(b"\x91" * 500_000 + b"\xc0"),
    "nest bomb of extensions": returned([Ext(values.LIST, count(1))] * 50_000 + [0]),
    "nest bomb of generators": returned([Ext(values.GENERATOR, count(1))] * 50_000 + [0]),
    "array of 4 G nodes": returned(b"\xdd\xff\xff\xff\xff"),
    "string of 4 GB": returned(b"\x91\xdb\xff\xff\xff\xff"),
    "extension of 4 GB": returned(b"\x91\xc9\xff\xff\xff\xff\x01"),
    "map of nodes": returned({"a": 1}),
    "node is a map": returned([{"a": 1}]),
    "node is a list": returned([[1]]),
    "node is bytes": returned([b"x"]),
    "no node": returned([]),
    "two roots": returned([1, 2]),
    "too many nodes": returned([Ext(values.LIST, count(200_000)), *([0] * 200_000)]),
    "list of 4 G items": returned([Ext(values.LIST, count(2**32 - 1)), 0]),
    "list with too few items": returned([Ext(values.LIST, count(2)), 0]),
    "list with a short count": returned([Ext(values.LIST, b"\x01"), 0]),
    "dict without values": returned([Ext(values.DICT, count(1)), "a"]),
    "dict with a list as key": returned([Ext(values.DICT, count(1)), Ext(values.LIST, count(0)), 1]),
    "set of arrays": returned([Ext(values.SET, count(1)), array(11)], b"x" * 8),
    "set of keys that collide": returned([Ext(values.SET, count(4500)), *tuples_that_collide(4500)]),
    "unknown extension": returned([Ext(31, b"")]),
    "negative extension": returned([Ext(-1, b"\0" * 4)]),
    "unknown scalar": returned([Ext(values.SCALAR + 14, b"\0" * 8)]),
    "scalar too short": returned([Ext(values.SCALAR + 11, b"\0" * 4)]),
    "scalar too long": returned([Ext(values.SCALAR + 11, b"\0" * 16)]),
    "bool scalar too long": returned([Ext(values.SCALAR, b"\0\0")]),
    "complex too short": returned([Ext(values.COMPLEX, b"\0" * 8)]),
    "unknown dtype": returned([array(14, 1)], b"x" * 8),
    "array without dtype": returned([Ext(values.ARRAY, b"")]),
    "array of 9 dimensions": returned([array(11, *(1,) * 9)], b"x" * 8),
    "array with half a dimension": returned([Ext(values.ARRAY, b"\x0b\0\0\0")]),
    "array beyond the body": returned([array(11, 2)], b"x" * 15),
    "array bomb": returned([array(11, 2**40)], b"x" * 8),
    "shape that overflows": returned([array(11, 2**32, 2**32)]),
    "shape that overflows to the body": returned([array(11, 2**61 + 1)], b"x" * 8),
    "empty array with a shape that overflows": returned([array(11, 0, 2**63, 2**63)]),
    "second array beyond the body": returned([Ext(values.LIST, count(2)), array(11, 1), array(11, 1)], b"x" * 16),
    "body longer than the array": returned([array(11, 1)], b"x" * 9),
    "body without an array": returned([0], b"x"),
    "long bytes beyond the body": returned([Ext(values.LONG_BYTES, struct.pack("<Q", 2**63))], b"x"),
    "handle": returned([Ext(values.HANDLE, b"\0" * 8 + b"f")]),
    "invalid UTF-8": returned(b"\x91\xa2\xff\xff"),
}


@pytest.mark.parametrize(("header", "body"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_frame_is_a_protocol_error_at_little_cost(header, body):
    tracemalloc.start()
    started = time.perf_counter()
    try:
        with pytest.raises(ProtocolError):
            decode(header, bytearray(body), FromWorker)
        seconds = time.perf_counter() - started
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40 << 20
    assert seconds < 2


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([Ext(values.LIST, count(1))] * (values.MAX_DEPTH + 1) + [0], "nested too deep"),
        ([array(11, 2)], "beyond the end of the body"),
    ],
)
def test_limits_of_our_own_come_before_those_of_others(nodes, message):
    with pytest.raises(ProtocolError, match=message):
        decode(*returned(nodes), FromWorker)


@pytest.mark.parametrize("number", [4, 2**63])
def test_a_seed_sequence_of_any_size_is_not_believed(number):
    header, _ = parts(Call(1, "f", [Arguments([np.random.default_rng(0)])]))
    state = [b"\1", b"\1", 0, 0, b"\1", Ext(values.TUPLE, count(0)), number, 0]
    nodes = [Ext(values.LIST, count(1)), Ext(values.GENERATOR, count(8))]
    nodes += [Ext(values.BYTES, item) if isinstance(item, bytes) else item for item in state]
    kwargs = msgspec.Raw(_encode([Ext(values.DICT, count(0))]))
    batch = [{"args": msgspec.Raw(_encode(nodes)), "kwargs": kwargs}]
    header = _encode({"type": "call", "id": 1, "function": "f", "batch": batch})

    if number == 4:
        assert isinstance(decode(header, b"", ToWorker).batch[0].args[0], np.random.Generator)
    else:
        with pytest.raises(ProtocolError, match="seed sequence"):
            decode(header, b"", ToWorker)


@pytest.mark.parametrize(
    "nodes",
    [
        [1],
        [Ext(values.DICT, count(0))],
    ],
)
def test_arguments_that_are_no_list_are_a_protocol_error(nodes):
    header = _encode({"type": "callback", "id": 1, "callback": 0, "handle": 0, "args": msgspec.Raw(_encode(nodes))})

    with pytest.raises(ProtocolError, match="in place of list"):
        decode(header, b"", FromWorker)


def test_keywords_that_are_no_text_are_a_protocol_error():
    args = msgspec.Raw(_encode([Ext(values.LIST, count(0))]))
    kwargs = msgspec.Raw(_encode([Ext(values.DICT, count(1)), 1, 2]))
    header = _encode({"type": "callback", "id": 1, "callback": 0, "handle": 0, "args": args, "kwargs": kwargs})

    with pytest.raises(ProtocolError, match="keyword"):
        decode(header, b"", FromWorker)


def decodes_or_is_refused(header, body):
    for kind in (ToWorker, FromWorker):
        try:
            message = decode(header, bytearray(body), kind)
        except ProtocolError:
            continue
        assert isinstance(message, kind)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_random_bytes_are_decoded_or_refused(header, body):
    decodes_or_is_refused(header, body)


@st.composite
def damaged_frames(draw):
    header, body = map(bytearray, parts(draw(st.sampled_from(MESSAGES))))
    for part in (header, body):
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(part)))
            part[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(header), bytes(body)


@settings(max_examples=500, deadline=None)
@given(damaged_frames())
def test_damaged_frames_are_decoded_or_refused(frame):
    decodes_or_is_refused(*frame)


payloads = st.one_of(
    st.integers(0, 6).map(count),
    st.binary(max_size=33),
    st.tuples(st.integers(0, 14), st.lists(st.integers(0, 3) | st.integers(0, 2**64 - 1), max_size=9)).map(
        lambda head: struct.pack(f"<B{len(head[1])}Q", head[0], *head[1])
    ),
)
hostile_nodes = st.lists(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=3)
    | st.builds(Ext, st.integers(-2, 48), payloads),
    max_size=12,
)


@settings(max_examples=500, deadline=None)
@given(hostile_nodes, st.binary(max_size=64))
def test_nodes_in_any_order_are_decoded_or_refused(nodes, body):
    decodes_or_is_refused(*returned(nodes, body))
    values_ = msgspec.Raw(_encode([Ext(values.LIST, count(len(nodes))), *nodes]))
    decodes_or_is_refused(_encode({"type": "callback", "id": 1, "callback": 0, "handle": 0, "args": values_}), body)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(MESSAGES), st.data())
def test_a_truncated_frame_is_a_protocol_error(message, data):
    header, body = parts(message)
    cut = data.draw(st.integers(0, len(header) + len(body) - 1))

    with pytest.raises(ProtocolError):
        decode(header[:cut], body[: max(0, cut - len(header))], direction(message))
