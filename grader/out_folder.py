"""The folder OUT: whether it can be written to, who is writing to it, and how a file gets into it whole.

A file is written under a temporary name in its own folder and then renamed, so that a reader, or a run after a
crash, finds the old file or the new one and never a half. Temporary names start with `.grader-` and are
removed by the next `prepare_out`.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from grader.errors import UsageError
from grader.names import printable_path

RECORDS = "records"
FEEDBACK = "feedback"
LOCK_FILE = ".grader-lock"
_TEMPORARY = ".grader-tmp-"
_PROBE = b"\0" * 4096  # one block: a full disk often lets an empty file through
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_ENTRY_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class OutNotWritable(UsageError):
    """OUT, or a file in it, cannot be written; what was finished before is still there."""


class OutLock:
    """The right to write to one OUT. Ends with `release`, with the `with` block, or with this process."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others write. Does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> OutLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def __del__(self) -> None:
        self.release()


def prepare_out(out: Path, *, submissions: Path | None = None) -> OutLock:
    """Make OUT and its folders, prove by writing that files can be made there, and take its lock.

    submissions: what is going to be graded; OUT must not lie in it, or the next run would take results for students.
    Raises UsageError (OutNotWritable where the system refused). All checks are done on return; the lock is held
    for as long as the returned object lives.
    """
    _check_place(out, submissions)
    folders = (out, out / RECORDS, out / FEEDBACK)
    for folder in folders:
        _make_folder(folder, below_out=folder is not out)
    lock = _take_lock(out)
    for folder in folders:
        _remove_leftovers(folder)
        _probe(folder)
    return lock


@contextmanager
def open_atomically(path: Path, *, sync: bool = False) -> Iterator[BinaryIO]:
    """A file to write into, which takes the place of `path` when the block ends without an exception.

    A link in its place is replaced, never followed. sync: wait until the disk has the file; costs milliseconds, and
    only a power cut shows the difference. Raises OutNotWritable; then `path` is as it was.
    """
    temporary = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, _ENTRY_FLAGS, 0o666)
        try:
            with open(descriptor, "wb") as file:
                yield file
                file.flush()
                if sync:
                    os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise not_writable(path, error) from error


def write_atomically(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Replace `path` by a file with the content `data`, in the manner of `open_atomically`."""
    with open_atomically(path, sync=sync) as file:
        file.write(data)


def not_writable(path: Path, error: OSError) -> OutNotWritable:
    """The sentence for a write to `path` that failed with `error`."""
    reason = error.strerror or str(error)
    if error.errno in _FULL:
        reason = f"the disk is full ({reason}); what was finished is kept, so free some space and run this again"
    elif error.errno in _FORBIDDEN:
        reason += "; change that, or give another folder for the results"
    return OutNotWritable(f"cannot write {printable_path(path)}: {reason}")


def _check_place(out: Path, submissions: Path | None) -> None:
    shown = printable_path(out)
    # os.path answers where Path raises: below folders that may not be searched, and for links in a circle.
    if os.path.islink(out) and not os.path.exists(out):
        raise UsageError(f"{shown} is a link that leads nowhere; give a folder for the results")
    if os.path.exists(out) and not os.path.isdir(out):
        raise UsageError(f"{shown} is a file; give a folder for the results")
    if submissions is None or not os.path.isdir(submissions):
        return
    if Path(os.path.realpath(out)).is_relative_to(os.path.realpath(submissions)):
        raise UsageError(f"{shown} lies in the folder of submissions; give a folder outside of it for the results")


def _make_folder(folder: Path, *, below_out: bool) -> None:
    if below_out and os.path.islink(folder):
        raise UsageError(f"{printable_path(folder)} is a link, and results are never written through one; remove it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UsageError(f"{printable_path(folder)} is a file where a folder is needed; remove it") from error
    except OSError as error:
        raise not_writable(folder, error) from error


def _probe(folder: Path) -> None:
    path = folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        write_atomically(path, _PROBE)
        path.unlink()
    except OutNotWritable as error:
        cause = error.__cause__
        raise (not_writable(folder, cause) if isinstance(cause, OSError) else error) from cause


def _remove_leftovers(folder: Path) -> None:
    """Delete what a killed run left half-written. Only with the lock: another run's files look the same."""
    try:
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(_TEMPORARY) and entry.is_file(follow_symlinks=False):
                os.unlink(entry.path)
    except OSError as error:
        raise not_writable(folder, error) from error


def _take_lock(out: Path) -> OutLock:
    if sys.platform == "win32":
        return OutLock(None)
    import fcntl

    path = out / LOCK_FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise not_writable(out, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UsageError(
            f"another grader is writing to {printable_path(out)}; wait for it, or give another folder"
        ) from error
    except OSError:
        # A file system without locks (some network mounts): grading there is worth more than the guard.
        os.close(descriptor)
        return OutLock(None)
    return OutLock(descriptor)
