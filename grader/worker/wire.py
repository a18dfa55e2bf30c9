"""The frame format between the trusted process and a worker, with its typed messages.

    frame   = magic "GRW1" | header length u32 | body length u64 | header | body        (little-endian)
    header  = one message in msgpack: a map of the struct's fields, with the struct's tag under "type"
    body    = the raw bytes of arrays and of long byte strings

Where a message has a field of type `Value`, the header has a list of nodes, and arrays are in the body: see `values`
for both. Messages with other fields are typed and bounded throughout, so that whoever receives one need not check it
again. Reading raises ProtocolError and nothing else, whatever the bytes are; no length is believed before it has been
compared with a limit. There is no pickle here, and no name of a type or dtype is ever taken from the other side.
"""

from __future__ import annotations

import struct
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta
from msgspec.msgpack import Decoder, Encoder

from .reading import Reader
from .values import MAX_BODY as MAX_BODY
from .values import Body, Bytes, Number
from .values import Handle as Handle
from .values import ProtocolError as ProtocolError
from .values import Unsupported as Unsupported
from .writing import Writer as Writer

MAGIC = b"GRW1"
PREFIX = struct.Struct("<4sIQ")
MAX_HEADER = 1 << 20
MAX_TEXT = 2000  # characters of what a submission says: an exception's or a warning's text
MAX_NAME = 200  # characters of a name, or of a line of code
MAX_LINES = 50  # lines of a submission with a count of how often each ran
MAX_FINDINGS = 1000  # the loader stops far earlier; a record repeats them all
MAX_NOTES = 10  # frames of a traceback; warnings of an evaluation

FINDING_KINDS = {
    "encoding": "the bytes are not UTF-8; detail: the encoding that was used",
    "null_bytes": "null bytes were removed; detail: how many",
    "mixed_indentation": "tabs and spaces are mixed; tabs were expanded to multiples of 8",
    "python2_print": "a print statement without parentheses; what it stands in is lost",
    "syntax_error": "a statement does not parse, and is lost; detail: Python's message",
    "statement_failed": "a top-level statement raised; detail: exception and text",
    "statement_exited": "a top-level statement called exit() or the like",
    "too_many_findings": "more was found than is reported; detail: how many more",
    "stand_in_module": "an absent module was replaced by an inert one; detail: its name",
    "duplicate_definition": "an exercise is defined more than once; line: the one that counts; detail: its name",
}

# A value arrives as raw nodes of its own: msgspec must never build a dict of which the other side chooses the keys.
if TYPE_CHECKING:
    Value: TypeAlias = Any
    Values: TypeAlias = list[Any]
    NamedValues: TypeAlias = dict[str, Any]
    Source: TypeAlias = bytes
else:
    Value = Values = NamedValues = Source = msgspec.Raw

Name: TypeAlias = Annotated[str, Meta(max_length=MAX_NAME)]
Text: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT)]
State: TypeAlias = Annotated[str, Meta(pattern="^(defined|stub|missing|not_callable)$")]
FindingKind: TypeAlias = Annotated[str, Meta(pattern=f"^({'|'.join(FINDING_KINDS)})$")]


class Arguments(msgspec.Struct):
    """The arguments of one evaluation."""

    args: Values
    kwargs: NamedValues = {}


class Load(msgspec.Struct, tag="load"):
    """Trusted → worker: run the submission's top-level statements, except those numbered in `skip`."""

    id: Number
    file_name: str
    source: Source
    exercises: list[str]
    skip: list[int] = []


class Call(msgspec.Struct, tag="call"):
    """Trusted → worker: evaluate `function` once for every entry of `batch`.

    replacements: names in the submission's module that stand for a Handle during this call.
    counts_lines: whether every evaluation says how often each line of the submission ran.
    """

    id: Number
    function: str
    batch: list[Arguments]
    replacements: dict[str, Handle] = {}
    counts_lines: bool = False


class CallbackReply(msgspec.Struct, tag="callback_reply"):
    """Trusted → worker: what the function behind a handle returned, or that it failed.

    generators: those of the Callback, as the function left them, so that the worker's go on from there.
    """

    id: Number
    callback: Number
    ok: bool
    value: Value = None
    exception: str = ""
    message: str = ""
    generators: Values = []


class Finding(msgspec.Struct):
    """Something the loader noticed. `kind` is one of FINDING_KINDS; line is 1-based in the submission, 0 unknown."""

    kind: FindingKind
    line: Number = 0
    detail: Text = ""


class FunctionInfo(msgspec.Struct):
    """One exercise's definition in the submission. state: "defined", "stub", "missing" or "not_callable"."""

    state: State
    line: Number = 0


class Progress(msgspec.Struct, tag="progress"):
    """Worker → trusted while loading: statement number `statement`, at `line`, is about to run."""

    id: Number
    statement: Number
    line: Number


class Loaded(msgspec.Struct, tag="loaded"):
    """Worker → trusted: the submission is loaded as far as it can be."""

    id: Number
    functions: dict[str, FunctionInfo]
    findings: Annotated[list[Finding], Meta(max_length=MAX_FINDINGS)]


class CaughtWarning(msgspec.Struct):
    """A Python warning from the student's code."""

    category: Name
    message: Text
    line: Number = 0


class LineCount(msgspec.Struct):
    """A line of the submission, and how often it ran."""

    line: Number
    count: Number


class Evaluation(msgspec.Struct):
    """One value of a batch, and what was noticed about it.

    changed: positions of arguments changed in place. lines: the busiest lines, where the call asked for them.
    """

    value: Value
    changed: list[Number] = []
    warnings: Annotated[list[CaughtWarning], Meta(max_length=MAX_NOTES)] = []
    lines: Annotated[list[LineCount], Meta(max_length=MAX_LINES)] = []


class Returned(msgspec.Struct, tag="returned"):
    """Worker → trusted: every evaluation of the batch returned."""

    id: Number
    evaluations: list[Evaluation]


class Frame(msgspec.Struct):
    """A line of the student's file on the way to an exception."""

    line: Number
    function: Name
    source: Name = ""


class Raised(msgspec.Struct, tag="raised"):
    """Worker → trusted: evaluation number `index` of the batch raised.

    frames: those in the student's file only, outermost first, the last MAX_NOTES of them.
    """

    id: Number
    index: Number
    exception: Name
    message: Text
    frames: Annotated[list[Frame], Meta(max_length=MAX_NOTES)] = []


class Refused(msgspec.Struct, tag="refused"):
    """Worker → trusted: evaluation number `index` returned something that cannot cross the wall."""

    id: Number
    index: Number
    path: Text
    kind: Name


class Callback(msgspec.Struct, tag="callback"):
    """Worker → trusted, during a call: please evaluate the function behind `handle`.

    Among args and kwargs may be Handles that the worker got in the same call: their numbers may be lies.
    generators: the random generators among args and kwargs, in order; filled in by `decode`, and of no use in a frame.
    """

    id: Number
    callback: Number
    handle: Number
    args: Values
    kwargs: NamedValues = {}
    generators: Values = []


ToWorker = Load | Call | CallbackReply
FromWorker = Progress | Loaded | Returned | Raised | Refused | Callback
_WithArguments = ToWorker | Callback  # these may hold handles and random generators; results are data only

_JOINED = 1 << 16  # bytes; sending a small body with its header saves the other side from waking up twice
_encoder = Encoder()
_decoders: dict[UnionType, Decoder[Any]] = {ToWorker: Decoder(ToWorker), FromWorker: Decoder(FromWorker)}


def encode(message: ToWorker | FromWorker, *, max_body: int = MAX_BODY, writer: Writer | None = None) -> list[Bytes]:
    """The buffers that make up the frame, in order. The first holds prefix and header, and a body that is small.

    Large arrays are not copied: nobody may change them before the buffers are sent.
    writer: the one that has written values of this message already (they are Raw then), instead of a new one.
    Raises Unsupported for a value that cannot cross, and for a frame that is too large.
    """
    writer = writer or Writer(max_body=max_body, data_only=not isinstance(message, _WithArguments))
    header = _encoder.encode(_written(message, writer))
    if len(header) > MAX_HEADER:
        raise Unsupported("", f"{len(header)} bytes of text and numbers outside of arrays")
    head = PREFIX.pack(MAGIC, len(header), writer.body_length) + header
    body = writer.body()
    if writer.body_length <= _JOINED:
        return [b"".join((head, *body))]
    return [head, *body]


def read_prefix(data: bytes, *, max_body: int = MAX_BODY) -> tuple[int, int]:
    """Header length and body length, both within their limits. `data` has PREFIX.size bytes. Raises ProtocolError."""
    try:
        magic, header_length, body_length = PREFIX.unpack(data)
    except struct.error:
        raise ProtocolError("an incomplete prefix") from None
    if magic != MAGIC:
        raise ProtocolError("not a frame")
    if header_length > MAX_HEADER:
        raise ProtocolError(f"a header of {header_length} bytes")
    if body_length > max_body:
        raise ProtocolError(f"a body of {body_length} bytes")
    return header_length, body_length


def decode(header: bytes, body: Body, kind: UnionType) -> Any:
    """The message of a frame. kind: ToWorker or FromWorker, whichever this process expects.

    Arrays are views of `body` where that is writable and aligned (a bytearray, an array of uint8); they never overlap.
    Raises ProtocolError for anything that `encode` does not write, and no other exception.
    """
    if len(header) > MAX_HEADER:
        raise ProtocolError(f"a header of {len(header)} bytes")
    decoder = _decoders[kind]
    try:
        message = decoder.decode(header)
        reader = Reader(body, data_only=not isinstance(message, _WithArguments))
        _read(message, reader)
        reader.finish()
    except ProtocolError:
        raise
    except Exception as error:  # what msgspec, struct and NumPy raise for invalid input is no documented set
        raise ProtocolError(f"{type(error).__name__}: {error}"[:MAX_NAME]) from None
    return message


def _written(message: ToWorker | FromWorker, writer: Writer) -> msgspec.Struct:
    """A copy of `message` in which values are nodes. Their order is the one in which `_read` reads."""
    match message:
        case Load():
            source: Any = writer.write(message.source)
            return Load(message.id, message.file_name, source, message.exercises, message.skip)
        case Call():
            batch = [_written_arguments(entry, writer) for entry in message.batch]
            return Call(message.id, message.function, batch, message.replacements, message.counts_lines)
        case CallbackReply():
            value, generators = writer.write(message.value), writer.write(message.generators)
            return msgspec.structs.replace(message, value=value, generators=generators)
        case Returned():
            return Returned(message.id, [_written_evaluation(entry, writer) for entry in message.evaluations])
        case Callback():
            entry = _written_arguments(Arguments(message.args, message.kwargs), writer)
            return Callback(message.id, message.callback, message.handle, entry.args, entry.kwargs)
    return message


def _written_arguments(arguments: Arguments, writer: Writer) -> Arguments:
    args: Any = writer.write(arguments.args)
    kwargs: Any = writer.write(arguments.kwargs)
    return Arguments(args, kwargs)


def _written_evaluation(evaluation: Evaluation, writer: Writer) -> Evaluation:
    value = evaluation.value
    if not isinstance(value, msgspec.Raw):
        value = writer.write(value)
    return Evaluation(value, evaluation.changed, evaluation.warnings, evaluation.lines)


def _read(message: Any, reader: Reader) -> None:
    """Put values in the place of nodes, in all fields of `message` that have such."""
    match message:
        case Load():
            message.source = _checked(reader.read(message.source), bytes)
        case Call():
            for entry in message.batch:
                _read_arguments(entry, reader)
        case CallbackReply():
            message.value = reader.read(message.value)
            message.generators = _checked(reader.read(message.generators), list)
        case Returned():
            for evaluation in message.evaluations:
                evaluation.value = reader.read(evaluation.value)
        case Callback():
            _read_arguments(message, reader)
            message.generators = reader.generators


def _read_arguments(message: Arguments | Callback, reader: Reader) -> None:
    message.args = _checked(reader.read(message.args), list)
    message.kwargs = _checked(reader.read(message.kwargs), dict)
    if not all(type(name) is str for name in message.kwargs):
        raise ProtocolError("a keyword that is no text")


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ProtocolError(f"{type(value).__name__} in place of {kind.__name__}")
    return value
