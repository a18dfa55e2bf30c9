"""Reading values that nobody vouches for.

See `values` for the format. msgspec refuses nested nodes, so depth and number are counted here. Shapes are multiplied
as Python ints, which do not overflow. Keys whose hashes the other side can choose must be few, because building a dict
of colliding keys takes time with the square of their number.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
from msgspec.msgpack import Decoder, Ext
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from .values import (
    ALIGNMENT,
    ARRAY,
    ARRAY_HEADS,
    BYTES,
    COMPLEX,
    COUNT,
    DICT,
    DTYPES,
    FROZENSET,
    GENERATOR,
    HANDLE,
    KEYED,
    LENGTH,
    LIST,
    LONG_BYTES,
    MAX_DEPTH,
    MAX_EXTENT,
    MAX_KEYS,
    MAX_NODES,
    SCALAR,
    SET,
    TUPLE,
    TWO_FLOATS,
    Body,
    Handle,
    Node,
    ProtocolError,
)

_POOL_SIZES = range(4, 65)  # what a SeedSequence may hold; it allocates as much as it is told to

_decoder: Decoder[list[Node]] = Decoder(list[Node])


class Reader:
    """Reads the values of one frame, in the order in which they were written.

    Any exception of a method means that the frame is invalid; `wire.decode` makes them all ProtocolErrors.
    data_only: refuse handles and random generators.
    generators: the random generators that were read, in order.
    """

    def __init__(self, body: Body, *, data_only: bool) -> None:
        self._body = body
        self._data_only = data_only
        self.generators: list[Generator] = []
        self._offset = 0
        self._nodes: list[Node] = []
        self._position = 0
        self._node_count = 0
        self._key_count = 0

    def read(self, raw: object) -> Any:
        """The value of a message's field; a field that was left out has its default already."""
        if not isinstance(raw, msgspec.Raw):
            return raw
        self._nodes = _decoder.decode(raw)
        self._position = 0
        self._node_count += len(self._nodes)
        if self._node_count > MAX_NODES:
            raise ProtocolError("too many nodes")
        value = self._value(0)
        if self._position != len(self._nodes):
            raise ProtocolError("nodes beyond the end of a value")
        return value

    def finish(self) -> None:
        """Check that the values used up the body."""
        if self._offset != len(self._body):
            raise ProtocolError("a body longer than its arrays")

    def _value(self, depth: int) -> Any:
        node = self._nodes[self._position]
        self._position += 1
        if type(node) is not Ext:
            return node
        code, data = node.code, bytes(node.data)
        if code == ARRAY:
            return self._array(data)
        if code > SCALAR:
            (number,) = np.frombuffer(data, DTYPES[code - SCALAR])
            return number
        if code == TUPLE:
            return tuple(self._items(data, depth))
        if code == DICT:
            keys = self._keys(data, depth)
            return dict(zip(keys, self._items(data, depth), strict=True))
        if code == LIST:
            return self._items(data, depth)
        return self._unusual(code, data, depth)

    def _unusual(self, code: int, data: bytes, depth: int) -> Any:
        if code == SCALAR and len(data) == 1:
            return np.bool_(data != b"\0")
        if code == SET:
            return set(self._keys(data, depth))
        if code == FROZENSET:
            return frozenset(self._keys(data, depth))
        if code == BYTES:
            return data
        if code == LONG_BYTES:
            (length,) = LENGTH.unpack(data)
            start = self._take(length)
            return bytes(self._body[start : start + length])
        if code == COMPLEX:
            return complex(*TWO_FLOATS.unpack(data))
        if code == HANDLE and not self._data_only:
            return msgspec.convert({"number": LENGTH.unpack(data[:8])[0], "name": data[8:].decode()}, Handle)
        if code == GENERATOR and not self._data_only:
            self.generators.append(_to_generator(self._items(data, depth)))
            return self.generators[-1]
        raise ProtocolError(f"unknown extension {code}")

    def _items(self, data: bytes, depth: int) -> list[Any]:
        if depth >= MAX_DEPTH:
            raise ProtocolError("nested too deep")
        (count,) = COUNT.unpack(data)
        nodes = self._nodes[self._position : self._position + count]
        if len(nodes) != count:
            raise ProtocolError("a container with fewer nodes than items")
        if Ext not in map(type, nodes):
            self._position += count
            return nodes
        return [self._value(depth + 1) for _ in range(count)]

    def _keys(self, data: bytes, depth: int) -> list[Any]:
        keys = self._items(data, depth)
        self._key_count += sum(type(key) not in KEYED for key in keys)
        if self._key_count > MAX_KEYS:
            raise ProtocolError("too many keys that are not text")
        return keys

    def _array(self, data: bytes) -> NDArray[Any]:
        index, *shape = ARRAY_HEADS[(len(data) - 1) // LENGTH.size].unpack(data)
        dtype = DTYPES[index]
        if 0 in shape and math.prod(filter(None, shape)) > MAX_EXTENT:
            raise ProtocolError("an empty array with a long axis")
        start = self._take(math.prod(shape) * dtype.itemsize)
        if index == 0:  # a byte other than 0 and 1 in a bool array makes NumPy's results undefined
            return np.asarray(np.ndarray(shape, np.uint8, self._body, start) != 0)
        array: NDArray[Any] = np.ndarray(shape, dtype, self._body, start)
        flags = array.flags
        return array if flags.aligned and flags.writeable else array.copy()

    def _take(self, length: int) -> int:
        """The start of the next `length` bytes of the body."""
        start = self._offset + -self._offset % ALIGNMENT
        if length > len(self._body) - start:
            raise ProtocolError("an array beyond the end of the body")
        self._offset = start + length
        return start


def _to_int(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _to_generator(state: list[Any]) -> Generator:
    """The generator that a Writer described: it draws and spawns as the original does."""
    at, step, has_half, half, entropy, spawn_key, pool_size, spawned = state
    if pool_size not in _POOL_SIZES:
        raise ProtocolError("a seed sequence of unusual size")
    seeds = SeedSequence(
        _to_int(entropy) if isinstance(entropy, bytes) else [_to_int(number) for number in entropy],
        spawn_key=tuple(_to_int(number) for number in spawn_key),
        pool_size=pool_size,
        n_children_spawned=spawned,
    )
    bits = PCG64(seeds)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": _to_int(at), "inc": _to_int(step)},
        "has_uint32": has_half,
        "uinteger": half,
    }
    return Generator(bits)
