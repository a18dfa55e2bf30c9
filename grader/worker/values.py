"""Values as they cross the wall: a flat list of nodes, and a body of raw bytes.

A value is a msgpack list of nodes in preorder. A node is nil, a bool, a 64-bit int, a float, a string, or one of these
extensions (code, name: payload; what follows):

    1 list, 2 tuple, 4 set, 5 frozenset: item count u32; the items
    3 dict: item count u32; the keys, then the values
    6 bytes: the bytes
    7 long bytes: length u64; bytes in the body
    8 complex: two f64
    9 array: dtype u8, one u64 for each dimension; bytes in the body
    10 handle: number u64, name in UTF-8; among arguments only
    11 random generator: item count u32; what describes its state and its seed sequence; among arguments only
    32 + dtype, NumPy scalar: its bytes

Everything is little-endian. The body holds raw C-order bytes in the order of their nodes, each from the next multiple
of 16. A dtype is an index into `DTYPES`; no other dtype has a name here. Offsets are not sent, so arrays cannot
overlap: a reader walks through the body once, and what was announced must be there to the byte.

`writing.Writer` and `reading.Reader` are the two ends; here is what they share.
"""

from __future__ import annotations

import struct
from typing import Annotated, TypeAlias

import msgspec
import numpy as np
from msgspec.msgpack import Ext
from numpy.typing import NDArray

Bytes: TypeAlias = bytes | bytearray | memoryview
Body: TypeAlias = bytes | bytearray | memoryview | NDArray[np.uint8]
Node: TypeAlias = bool | int | float | str | Ext | None
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

MAX_BODY = 256 << 20
MAX_NODES = 100_000  # of all values of a frame together
MAX_DEPTH = 16
MAX_NDIM = 8
MAX_EXTENT = 1 << 25  # product of an empty array's dimensions that are not 0: a sum over the empty axis is that large
MAX_KEYS = 4096  # of a frame: set items and dict keys that are neither str nor bytes, whose hashes are keyed
DTYPES = tuple(
    np.dtype(code)
    for code in ("?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
)

LIST, TUPLE, DICT, SET, FROZENSET, BYTES, LONG_BYTES, COMPLEX, ARRAY, HANDLE, GENERATOR = range(1, 12)
SCALAR = 32
ALIGNMENT = 16
ARRAY_HEADS = tuple(struct.Struct(f"<B{ndim}Q") for ndim in range(MAX_NDIM + 1))
COUNT = struct.Struct("<I")
LENGTH = struct.Struct("<Q")
TWO_FLOATS = struct.Struct("<2d")
KEYED = frozenset({str, bytes})  # types whose hashes nobody outside of the process can choose


class ProtocolError(Exception):
    """The bytes of the other side are no valid frame, or no valid answer. Only ever raised by reading."""


class Unsupported(Exception):
    """A value cannot cross the wall.

    path: where it stands in what was to cross, such as "[1]['dW1']".
    kind: what it is, such as "a function"; fits a sentence that begins "The function returned".
    """

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(f"{kind} at value{path}")
        self.path = path
        self.kind = kind


class Handle(msgspec.Struct, frozen=True):
    """A function of the trusted side that the worker may call during the current call, by number."""

    number: Number
    name: str
