"""A course folder on the way to another machine: what decides the scores of one assignment, as one compressed tar.

Equal files give equal bytes. The receiver proves by the suite's digest that it has what the sender has.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path, PurePosixPath

from grader.course import SOLUTIONS, TESTS, suite_sha256
from grader.errors import GraderError, UsageError
from grader.model import Assignment
from grader.names import printable, printable_path

_FAST = 1  # compression level: data sets are packed once a run, and mostly random numbers


def pack(assignment: Assignment) -> bytes:
    """The tests, the reference and their data."""
    root = assignment.root
    packed = io.BytesIO()
    try:
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=_FAST, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w", dereference=True) as archive,  # links may lead out of the course
        ):
            for place in (root / TESTS / "conftest.py", root / TESTS / assignment.id, root / SOLUTIONS / assignment.id):
                if place.exists():
                    archive.add(place, place.relative_to(root).as_posix(), filter=_plain)
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(Path(error.filename or root))}: {error.strerror}") from error
    return packed.getvalue()


def unpack(bundle: bytes, folder: Path, assignment: Assignment) -> None:
    """Make `folder` the course that was packed. Raises GraderError when its digest is not that of `assignment`."""
    with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:gz") as archive:
        for member in archive:
            _extract(archive, member, folder)
    (folder / TESTS).mkdir(exist_ok=True)
    found = suite_sha256(folder, assignment.id)
    if found != assignment.suite_sha256:
        raise GraderError(
            f"the course files arrived with the digest {found[:12]}, and should have {assignment.suite_sha256[:12]}: "
            "they were changed while the run began, so run the same command again"
        )


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """What counts for the digest, without what differs from machine to machine."""
    name = PurePosixPath(member.name).name
    if name.startswith((".", "__pycache__")) or name.endswith((".pyc", "~")):
        return None
    if not (member.isfile() or member.isdir()):
        return None
    member.mtime, member.uid, member.gid, member.uname, member.gname = 0, 0, 0, "", ""
    member.mode = 0o700 if member.isdir() else 0o600
    return member


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder below `folder`. (extractall has filters only from Python 3.11.4 on.)"""
    parts, shown = PurePosixPath(member.name).parts, printable(member.name)
    if not parts or ".." in parts or member.name.startswith("/"):
        raise GraderError(
            f"the course files arrived with a place that leads out of the course: {printable(member.name)}"
        )
    target = folder.joinpath(*parts)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    content = archive.extractfile(member) if member.isfile() else None
    if content is None:
        raise GraderError(f"the course files arrived with what is no ordinary file: {shown}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.read())
