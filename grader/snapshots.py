"""One untrusted file, from a folder or a zip, as bytes: no link is followed, no pipe waited for, no size believed.

A folder of submissions may be writable for students while it is graded, so every step of the way is opened
relative to the one before it and without following links: what is read lies in the folder, or nothing is.
Zips are read in place; nothing is unpacked.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from grader.errors import GraderError
from grader.messages import feedback
from grader.model import Feedback
from grader.names import printable, printable_path

_READ_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_HAS_DIR_FD = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd
_ATTEMPTS = 3
_CHUNK_BYTES = 1 << 16
_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_MAGIC = b"PK\x03\x04"


class UnreadableSubmission(GraderError):
    """The submission is there, but we cannot read it: permissions, a disk error, a file that changes or vanishes."""


class Refused(Exception):
    """What is there is nothing to grade, and `problem` tells the student why."""

    def __init__(self, problem: Feedback) -> None:
        super().__init__(problem.rationale)
        self.problem = problem


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Where one file lies in a zip, as the zip's directory tells."""

    name: str
    offset: int
    packed_bytes: int
    size_bytes: int
    method: int
    crc: int
    is_link: bool


def member(info: zipfile.ZipInfo, name: str) -> Member:
    """The place of the file `info` describes; `name` is its name as understood by the caller."""
    return Member(
        name=name,
        offset=info.header_offset,
        packed_bytes=info.compress_size,
        size_bytes=info.file_size,
        method=info.compress_type,
        crc=info.CRC,
        is_link=stat.S_ISLNK(info.external_attr >> 16),
    )


def read_file(root: Path, parts: tuple[str, ...], *, max_bytes: int) -> bytes:
    """The content of the file `parts` below the folder `root`.

    `root` itself may be a link, nothing below may. Raises Refused (link, folder, pipe, too large) and
    UnreadableSubmission.
    """
    shown = printable_path(root.joinpath(*parts))
    try:
        for _ in range(_ATTEMPTS):
            data = _read_once(root, parts, max_bytes)
            if data is not None:
                return data
    except FileNotFoundError as error:
        raise UnreadableSubmission(f"{shown} vanished while it was graded; grade again") from error
    except OSError as error:
        raise UnreadableSubmission(f"cannot read {shown}: {error.strerror}") from error
    raise UnreadableSubmission(f"{shown} changes while it is read; grade again when it is finished")


def read_member(archive: Path, place: Member, *, max_bytes: int) -> bytes:
    """The content of one file in the zip `archive`. Raises Refused (link, too large) and UnreadableSubmission."""
    shown = f"{printable(place.name)} in {printable_path(archive)}"
    file_name = place.name.rpartition("/")[2]
    if place.is_link:
        raise Refused(feedback("submission_link", file=file_name))
    if place.size_bytes > max_bytes:
        raise too_large(file_name, place.size_bytes, max_bytes)
    try:
        with archive.open("rb") as file:
            data = _unpack(file, place, max_bytes)
    except FileNotFoundError as error:
        raise UnreadableSubmission(f"{printable_path(archive)} vanished while it was graded; grade again") from error
    except OSError as error:
        raise UnreadableSubmission(f"cannot read {shown}: {error.strerror}") from error
    except (zlib.error, struct.error) as error:
        raise UnreadableSubmission(f"{shown} is damaged: {error}; zip it again") from error
    if data is None:
        raise UnreadableSubmission(f"{shown} is damaged, or packed in a way that is not supported; zip it again")
    if len(data) > max_bytes:
        raise too_large(file_name, len(data), max_bytes)
    if len(data) != place.size_bytes or zlib.crc32(data) != place.crc:
        raise UnreadableSubmission(f"{shown} is damaged: its checksum does not fit; zip it again")
    return data


def too_large(file_name: str, size_bytes: int, max_bytes: int) -> Refused:
    """The refusal of a file of `size_bytes` where `max_bytes` are allowed."""
    return Refused(
        feedback("submission_too_large", file=file_name, size=_megabytes(size_bytes), limit=_megabytes(max_bytes))
    )


def _read_once(root: Path, parts: tuple[str, ...], max_bytes: int) -> bytes | None:
    """The file's content, or None when it changed meanwhile."""
    name = parts[-1]
    with _folder(root, parts[:-1]) as folder:
        path = name if folder is not None else root.joinpath(*parts)
        # Looked at before it is opened: to open a device can already do something.
        _require_file(os.stat(path, dir_fd=folder, follow_symlinks=False), name)
        try:
            descriptor = os.open(path, _READ_FLAGS | _NO_FOLLOW | _NO_WAIT, dir_fd=folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise Refused(feedback("submission_link", file=name)) from error
            raise
    with open(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _require_file(before, name)
        if before.st_size > max_bytes:
            raise too_large(name, before.st_size, max_bytes)
        data = file.read(max_bytes + 1)
        after = os.fstat(descriptor)
    if len(data) > max_bytes:
        raise too_large(name, len(data), max_bytes)
    is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if is_same and len(data) == after.st_size else None


@contextmanager
def _folder(root: Path, parts: tuple[str, ...]) -> Iterator[int | None]:
    """A descriptor of the folder `parts` below `root`; None where the system has no such thing (Windows)."""
    if not _HAS_DIR_FD:
        for depth in range(1, len(parts) + 1):
            _require_folder(os.lstat(root.joinpath(*parts[:depth])), parts[depth - 1])
        yield None
        return
    descriptor = os.open(root, _READ_FLAGS | _FOLDER)
    try:
        for part in parts:
            _require_folder(os.stat(part, dir_fd=descriptor, follow_symlinks=False), part)
            above = descriptor
            descriptor = os.open(part, _READ_FLAGS | _FOLDER | _NO_FOLLOW, dir_fd=above)
            os.close(above)
        yield descriptor
    finally:
        os.close(descriptor)


def _require_folder(status: os.stat_result, name: str) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Refused(feedback("submission_folder_link", folder=name))


def _require_file(status: os.stat_result, name: str) -> None:
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        raise Refused(feedback("submission_link", file=name))
    if stat.S_ISDIR(mode):
        raise Refused(feedback("submission_folder", file=name))
    if not stat.S_ISREG(mode):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise Refused(feedback("submission_special", file=name, kind=kind))


def _unpack(file: BinaryIO, place: Member, max_bytes: int) -> bytes | None:
    """The member's content, at most one byte more than `max_bytes`; None when it is not where or what it should be."""
    file.seek(place.offset)
    header = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if header[0] != _LOCAL_MAGIC:
        return None
    file.seek(header[-2] + header[-1], os.SEEK_CUR)  # the lengths of name and extra field
    if place.method == zipfile.ZIP_STORED:
        return file.read(min(place.packed_bytes, max_bytes + 1))
    if place.method != zipfile.ZIP_DEFLATED:
        return None
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data = bytearray()
    left = place.packed_bytes
    while left > 0 and not inflater.eof and len(data) <= max_bytes:
        chunk = file.read(min(left, _CHUNK_BYTES))
        if not chunk:
            break
        left -= len(chunk)
        data += inflater.decompress(chunk, max_bytes + 1 - len(data))
    return bytes(data)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes} bytes"
