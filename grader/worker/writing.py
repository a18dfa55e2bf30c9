"""Writing values: plain data becomes nodes and a body, and anything else is refused by name.

See `values` for the format. In a worker the values are a submission's, and may lie about their class or raise where
nobody expects it: whoever calls a Writer there must be ready for any exception.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import msgspec
import numpy as np
from msgspec.msgpack import Encoder, Ext
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
    MAX_BODY,
    MAX_DEPTH,
    MAX_EXTENT,
    MAX_KEYS,
    MAX_NDIM,
    MAX_NODES,
    SCALAR,
    SET,
    TUPLE,
    TWO_FLOATS,
    Bytes,
    Handle,
    Node,
    Unsupported,
)

_LONG = 1024  # bytes; longer ones go into the body, because a header is small
_JOINED = 1 << 16  # bytes; smaller pieces of the body share a buffer, larger ones are sent from where they are
_DTYPE_INDEX = {dtype: index for index, dtype in enumerate(DTYPES)}
_SCALAR_INDEX: dict[type, int] = {dtype.type: index for index, dtype in enumerate(DTYPES)}
_PLAIN = frozenset({float, str, bool, type(None)})  # types of which every instance is a node by itself
_NUMBERS = "biufc"  # kinds of dtype
_KEYS: type = type(dict[str, int]().keys())
_LISTED: tuple[type, ...] = (range, deque, type({}.values()), type({}.items()))
_ARRAYS_OF = {
    "O": "an array of objects",
    "U": "an array of text",
    "S": "an array of text",
    "T": "an array of text",
    "M": "an array of dates",
    "m": "an array of times",
    "V": "an array of records",
}
_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((FunctionType, BuiltinFunctionType, MethodType, np.ufunc), "a function"),
    ((GeneratorType, map, filter, zip, enumerate, reversed), "a generator"),
    ((ModuleType,), "a module"),
    ((type,), "a class"),
    ((Generator, np.random.RandomState), "a random generator"),
)

_encoder = Encoder()


class Writer:
    """Collects the nodes and the body of one frame.

    max_body: bytes; a value that would need more is refused before it is copied.
    data_only: refuse handles and random generators, which may be arguments but not results.
    handle_for: gives the handle for a value that is not data, or None if there is no handle for it.
    generators: the random generators that were written, in order.
    """

    def __init__(
        self,
        *,
        max_body: int = MAX_BODY,
        data_only: bool = True,
        handle_for: Callable[[Any], Handle | None] | None = None,
    ) -> None:
        self._max_body = max_body
        self._data_only = data_only
        self._handle_for = handle_for
        self.generators: list[Generator] = []
        self._keep = False
        self._nodes: list[Node] = []
        self._node_count = 0
        self._key_count = 0
        self._pieces: list[Bytes] = []
        self._joined = bytearray()
        self.body_length = 0

    def write(self, value: object, *, keep: bool = False) -> msgspec.Raw:
        """The nodes of `value`, for a message's field; its arrays are appended to the body.

        keep: copy large arrays too, because the caller may change them before the frame is sent.
        Raises Unsupported. Subclasses are written as their base, and some iterables as a list.
        """
        self._nodes = []
        self._node_count += 1
        self._keep = keep
        self._value(value, 0)
        try:
            return msgspec.Raw(_encoder.encode(self._nodes))
        except UnicodeEncodeError:
            raise Unsupported("", "text with half a surrogate pair") from None

    def body(self) -> list[Bytes]:
        """The buffers of the body, in order."""
        return [*self._pieces, self._joined] if self._joined else list(self._pieces)

    def _value(self, value: Any, depth: int) -> None:
        kind = type(value)
        if kind in _PLAIN:
            self._nodes.append(value)
        elif kind is np.ndarray:
            self._array(value)
        elif kind is int:
            self._int(value)
        elif kind is tuple:
            self._items(TUPLE, value, depth)
        elif kind is dict:
            self._dict(value, depth)
        elif kind is list:
            self._items(LIST, value, depth)
        elif kind in _SCALAR_INDEX:
            self._nodes.append(Ext(SCALAR + _SCALAR_INDEX[kind], value.tobytes()))
        else:
            self._unusual(value, kind, depth)

    def _unusual(self, value: Any, kind: type, depth: int) -> None:
        """A value of a type that is rare or a subclass. `issubclass`, because a value can lie about its class."""
        if issubclass(kind, np.ndarray):
            if issubclass(kind, np.ma.MaskedArray):
                raise Unsupported("", "a masked array")
            self._array(np.asarray(value))
        elif issubclass(kind, str):
            self._nodes.append(str.__str__(value))
        elif issubclass(kind, bytes | bytearray):
            self._bytes(bytes(memoryview(value)))
        elif issubclass(kind, np.generic):
            self._array_scalar(value, kind)
        elif issubclass(kind, int):
            self._int(int.__index__(value))
        elif issubclass(kind, float):
            self._nodes.append(float.__float__(value))
        elif issubclass(kind, complex):
            number = complex.__complex__(value)
            self._nodes.append(Ext(COMPLEX, TWO_FLOATS.pack(number.real, number.imag)))
        elif issubclass(kind, tuple):
            self._items(TUPLE, tuple(tuple.__iter__(value)), depth)
        elif issubclass(kind, dict):
            self._dict(dict(dict.items(value)), depth)
        elif issubclass(kind, set):
            self._set(SET, list(set.__iter__(value)), depth)
        elif issubclass(kind, _KEYS):
            self._set(SET, list(islice(value, MAX_NODES + 1)), depth)
        elif issubclass(kind, frozenset):
            self._set(FROZENSET, list(frozenset.__iter__(value)), depth)
        elif issubclass(kind, list):
            self._items(LIST, list(list.__iter__(value)), depth)
        elif issubclass(kind, _LISTED):
            self._items(LIST, list(islice(value, MAX_NODES + 1)), depth)
        elif self._data_only:
            raise Unsupported("", _kind_of(kind))
        elif kind is Generator:
            self._generator(value, depth)
        else:
            self._handle(value, kind)

    def _handle(self, value: Any, kind: type) -> None:
        handle = self._handle_for(value) if kind is not Handle and self._handle_for else value
        if type(handle) is not Handle:
            raise Unsupported("", _kind_of(kind))
        self._nodes.append(Ext(HANDLE, LENGTH.pack(handle.number) + handle.name.encode()))

    def _int(self, value: int) -> None:
        if not -(2**63) <= value < 2**64:
            raise Unsupported("", "an integer of more than 64 bits")
        self._nodes.append(value)

    def _bytes(self, value: bytes) -> None:
        if len(value) <= _LONG:
            self._nodes.append(Ext(BYTES, value))
        else:
            self._reserve(len(value))
            self._nodes.append(Ext(LONG_BYTES, LENGTH.pack(len(value))))
            self._append(value)

    def _array_scalar(self, value: Any, kind: type) -> None:
        array = np.asarray(value)
        if array.dtype.kind not in _NUMBERS or array.ndim:
            raise Unsupported("", f"a NumPy {kind.__name__:.40}")
        dtype = _wire_dtype(array.dtype)
        self._nodes.append(Ext(SCALAR + _DTYPE_INDEX[dtype], array.astype(dtype).tobytes()))

    def _array(self, array: NDArray[Any]) -> None:
        index = _DTYPE_INDEX.get(array.dtype)
        if index is None:
            dtype = _wire_dtype(array.dtype)
            index = _DTYPE_INDEX[dtype]
        else:
            dtype = DTYPES[index]
        if array.ndim > MAX_NDIM:
            raise Unsupported("", f"an array of {array.ndim} dimensions")
        if array.size == 0 and math.prod(filter(None, array.shape)) > MAX_EXTENT:
            raise Unsupported("", "an empty array with a long axis")
        length = array.size * dtype.itemsize
        self._reserve(length)
        self._nodes.append(Ext(ARRAY, ARRAY_HEADS[array.ndim].pack(index, *array.shape)))
        if array.dtype != dtype:
            array = array.astype(dtype)
        if length <= _JOINED:
            self._append(array.tobytes())
        else:
            raw = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
            self._append(bytes(raw.data) if self._keep else raw.data)

    def _reserve(self, length: int) -> None:
        if self.body_length + length > self._max_body:
            raise Unsupported("", f"an array or text of {length} bytes")

    def _append(self, piece: Bytes) -> None:
        padding = -self.body_length % ALIGNMENT
        self._joined += bytes(padding)
        if len(piece) <= _JOINED:
            self._joined += piece
        else:
            if self._joined:
                self._pieces.append(self._joined)
                self._joined = bytearray()
            self._pieces.append(piece)
        self.body_length += padding + len(piece)

    def _items(self, code: int, items: Sequence[Any], depth: int) -> None:
        self._open(code, len(items), len(items), depth)
        if _PLAIN.issuperset(map(type, items)):
            self._nodes.extend(items)
            return
        for index, item in enumerate(items):
            try:
                self._value(item, depth + 1)
            except Unsupported as error:
                raise Unsupported(f"[{index}]{error.path}", error.kind) from None

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        self._open(DICT, len(value), 2 * len(value), depth)
        self._keys(value, depth)
        for key, item in value.items():
            try:
                self._value(item, depth + 1)
            except Unsupported as error:
                raise Unsupported(f"[{_shown(key)}]{error.path}", error.kind) from None

    def _set(self, code: int, value: list[Any], depth: int) -> None:
        self._open(code, len(value), len(value), depth)
        self._keys(value, depth)

    def _keys(self, keys: Iterable[Any], depth: int) -> None:
        for key in keys:
            if type(key) not in KEYED:
                self._key_count += 1
                if self._key_count > MAX_KEYS:
                    raise Unsupported("", f"a set or dictionary with more than {MAX_KEYS} keys that are not text")
            self._value(key, depth + 1)

    def _open(self, code: int, count: int, node_count: int, depth: int) -> None:
        self._node_count += node_count
        if depth >= MAX_DEPTH:
            raise Unsupported("", f"a container nested more than {MAX_DEPTH} deep")
        if self._node_count > MAX_NODES:
            raise Unsupported("", f"a container that makes more than {MAX_NODES} values (an array may be larger)")
        self._nodes.append(Ext(code, COUNT.pack(count)))

    def _generator(self, rng: Generator, depth: int) -> None:
        bits = rng.bit_generator
        seeds = getattr(bits, "seed_seq", None)
        if type(bits) is not PCG64 or type(seeds) is not SeedSequence:
            raise Unsupported("", "a random generator other than numpy.random.default_rng(seed)")
        state: dict[str, Any] = bits.state  # type: ignore[assignment]  # typed as any bit generator's state
        self.generators.append(rng)
        self._items(
            GENERATOR,
            (
                _from_int(state["state"]["state"]),
                _from_int(state["state"]["inc"]),
                state["has_uint32"],
                state["uinteger"],
                _from_entropy(seeds.entropy),
                tuple(_from_int(number) for number in seeds.spawn_key),
                seeds.pool_size,
                seeds.n_children_spawned,
            ),
            depth,
        )


def _kind_of(kind: type) -> str:
    """What to call a value of type `kind` in a sentence that begins "The function returned"."""
    for types, name in _KINDS:
        if issubclass(kind, types):
            return name
    return f"an object of type {kind.__name__:.60}"


def _wire_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype of the table that holds `dtype`'s numbers, extended precision excepted. Raises Unsupported."""
    if dtype.kind not in _NUMBERS:
        raise Unsupported("", _ARRAYS_OF.get(dtype.kind, f"an array of {dtype.name:.40}"))
    if dtype.kind == "f" and dtype.itemsize > 8:
        return np.dtype("<f8")
    if dtype.kind == "c" and dtype.itemsize > 16:
        return np.dtype("<c16")
    return dtype.newbyteorder("<")


def _shown(key: object) -> str:
    return repr(key)[:60] if type(key) in (str, int) else "…"


def _from_int(number: int) -> bytes:
    return int(number).to_bytes(max(1, (int(number).bit_length() + 7) // 8), "little")


def _from_entropy(entropy: Any) -> bytes | tuple[bytes, ...]:
    if isinstance(entropy, int | np.integer):
        return _from_int(int(entropy))
    return tuple(_from_int(number) for number in entropy)
