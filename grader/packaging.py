"""Packages: the results of a class, or of one student, as a zip that shows whether anything was changed since.

A package holds gradebook.csv, index.html, records/ and feedback/ of OUT, what else decides scores there (roster.csv and
adjustments.json) where it is there, and `manifest.json` with name, size and
SHA-256 of each. With a key there is `manifest.hmac`, the HMAC-SHA256 of manifest.json: without one, whoever changes
a file can change its sum, too. Equal results give equal bytes (with one version of zlib).

A student's package holds feedback.html, feedback.md and record.json: feedback is written so that it may be seen, so the
record is handed back as well, without what is for the instructor only (`records.for_student`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from grader import __version__, adjustments, archives, out_folder, records, roster, snapshots
from grader.errors import UsageError
from grader.names import printable, printable_path

MANIFEST = "manifest.json"
SIGNATURE = "manifest.hmac"
SCHEMA = 1

_LARGEST_FILE_BYTES = 1 << 30
_LARGEST_MANIFEST_BYTES = 64 << 20
_MOST_BYTES = 4 << 30
_MOST_FILES = 500_000
_ENCRYPTED = 1
_CHUNK_BYTES = 1 << 18
_ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, struct.error, zlib.error)

File = tuple[str, bytes]


class Signature(StrEnum):
    """What the HMAC of a package says."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"
    NOT_CHECKED = "not checked"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What `verify` found. problems: what makes the zip no package at all; then nothing else was looked at."""

    file: str
    is_intact: bool
    files: int = 0
    grader: str = ""
    signature: Signature = Signature.ABSENT
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def describe(self) -> str:
        """The verdict in its first line, then a line for everything that is not as it was."""
        signature = {
            Signature.VALID: "the signature is valid",
            Signature.INVALID: "the signature is not valid: it was made with another key, or the manifest was changed",
            Signature.ABSENT: "there is no signature, so nothing proves who made it",
            Signature.NOT_CHECKED: "the signature was not checked: give the key",
        }[self.signature]
        if self.is_intact:
            return f"{self.file} is intact: {self.files} files as grader {self.grader} packed them; {signature}"
        lines = [f"{self.file} is NOT as it was packed", *self.problems]
        if not self.problems:
            lines.append(signature)
        for word, found in (("changed", self.changed), ("missing", self.missing), ("added", self.extra)):
            lines += [f"{word}: {name}" for name in found]
        return "\n    ".join(lines)


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    bytes: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    grader: str
    files: tuple[_Entry, ...]


def package(out: Path, target: Path | None = None, *, per_student: bool = False, key: str | None = None) -> list[Path]:
    """Write the package of OUT, or one for every student, and return the paths.

    target: the zip, by default OUT.zip beside OUT; with per_student the folder for the zips, by default OUT-students.
    Raises UsageError when OUT holds no complete results.
    """
    out = Path(os.path.abspath(out))
    _require_key(key)
    if not per_student:
        target = target or out.with_name(f"{out.name}.zip")
        _write(target, _class_files(out), key)
        return [target]
    folder = target or out.with_name(f"{out.name}-students")
    students = {folder / f"{path.stem}.zip": path for path in records.paths(out)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise out_folder.not_writable(folder, error) from error
    for zipped, record in students.items():
        _write(zipped, _student_files(out, record), key)
    return list(students)


def verify(archive: Path, *, key: str | None = None) -> Verification:
    """Whether `archive` is as it was packed. Raises UsageError when there is no such file."""
    _require_key(key)
    shown = printable_path(archive)
    try:
        with archive.open("rb") as file:
            return _verify(file, shown, key)
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror}") from error
    except _ZIP_ERRORS as error:
        return _broken(shown, f"it is no zip file, or a damaged one: {printable(str(error))}")


def _require_key(key: str | None) -> None:
    if key is not None and not key.strip():
        raise UsageError("the key is empty; give a secret text, or none at all")


def _class_files(out: Path) -> Iterator[File]:
    names = ["gradebook.csv"]
    names += [name for name in ("index.html", roster.FILE_NAME, adjustments.FILE_NAME) if (out / name).exists()]
    names += [f"{out_folder.RECORDS}/{path.name}" for path in records.paths(out)]
    names += [f"{out_folder.FEEDBACK}/{name}" for name in _listed(out / out_folder.FEEDBACK, (".html", ".md"))]
    return ((name, _content(out, name)) for name in sorted(names))


def _student_files(out: Path, record: Path) -> Iterator[File]:
    for suffix in (".html", ".md"):
        yield f"feedback{suffix}", _content(out, f"{out_folder.FEEDBACK}/{record.stem}{suffix}")
    parsed = records.parse(_content(out, f"{out_folder.RECORDS}/{record.name}"), printable_path(record))
    yield "record.json", records.to_json(records.for_student(parsed))


def _listed(folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(suffixes) and not name.startswith(".")]
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(folder)}: {error.strerror}") from error


def _content(out: Path, name: str) -> bytes:
    parts = tuple(name.split("/"))
    shown = printable_path(out / name)
    if not os.path.lexists(out / name):
        raise UsageError(f"{shown} is missing; finish grading, or write it anew with grader report")
    try:
        return snapshots.read_file(out, parts, max_bytes=_LARGEST_FILE_BYTES)
    except snapshots.Refused as refused:
        raise UsageError(f"cannot pack {shown}: {refused.problem.rationale}") from refused


def _write(target: Path, files: Iterable[File], key: str | None) -> None:
    """One zip of `files` with its manifest; content after content, so that memory does not grow with the class."""
    entries = []
    with out_folder.open_atomically(target) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in files:
            archives.add(archive, name, content)
            entries.append(_Entry(name, len(content), hashlib.sha256(content).hexdigest()))
        packed = msgspec.json.encode(_Manifest(SCHEMA, __version__, tuple(entries)))
        manifest = msgspec.json.format(packed, indent=2) + b"\n"
        archives.add(archive, MANIFEST, manifest)
        if key is not None:
            archives.add(archive, SIGNATURE, _sign(manifest, key))


def _sign(manifest: bytes, key: str) -> bytes:
    return hmac.digest(key.strip().encode("utf-8", "surrogateescape"), manifest, "sha256").hex().encode() + b"\n"


def _broken(shown: str, *problems: str) -> Verification:
    return Verification(file=shown, is_intact=False, problems=problems)


def _verify(file: BinaryIO, shown: str, key: str | None) -> Verification:
    with zipfile.ZipFile(file) as archive:
        problems = _structure_problems(archive)
        if problems:
            return _broken(shown, *problems)
        infos = {info.filename: info for info in archive.infolist()}
        if MANIFEST not in infos:
            return _broken(shown, f"it holds no {MANIFEST}, so it is no package of results")
        text = _read(archive, infos[MANIFEST], _LARGEST_MANIFEST_BYTES)
        try:
            manifest = msgspec.json.decode(text, type=_Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return _broken(shown, f"its {MANIFEST} cannot be understood: {printable(str(error))}")
        if manifest.schema != SCHEMA:
            return _broken(shown, f"its {MANIFEST} has schema {manifest.schema}, and this grader knows {SCHEMA}")
        if len({entry.name for entry in manifest.files}) != len(manifest.files):
            return _broken(shown, f"its {MANIFEST} lists a file twice")
        signature = _signature(archive, infos.get(SIGNATURE), text, key)
        listed = {entry.name: entry for entry in manifest.files}
        present = infos.keys() - {MANIFEST, SIGNATURE}
        changed = tuple(
            name for name in sorted(listed.keys() & present) if not _fits(archive, infos[name], listed[name])
        )
    missing, extra = sorted(listed.keys() - present), sorted(present - listed.keys())
    is_signed = signature is Signature.VALID or (key is None and signature is not Signature.INVALID)
    return Verification(
        file=shown,
        is_intact=is_signed and not changed and not missing and not extra,
        files=len(listed),
        grader=manifest.grader,
        signature=signature,
        changed=tuple(printable(name) for name in changed),
        missing=tuple(printable(name) for name in missing),
        extra=tuple(printable(name) for name in extra),
    )


def _structure_problems(archive: zipfile.ZipFile) -> list[str]:
    """What no package has: found in the zip's directory, before anything is unpacked."""
    infos = archive.infolist()
    if len(infos) > _MOST_FILES or sum(info.file_size for info in infos) > _MOST_BYTES:
        return ["it would unpack to far more than any package"]
    problems = [
        f"two files have the name {printable(name)}" for name, times in Counter(archive.namelist()).items() if times > 1
    ]
    for info in infos:
        name = printable(info.filename)
        if {"", ".", ".."} & set(info.filename.split("/")) or "\\" in info.filename:
            problems.append(f"the name {name} is not that of a file below the package")
        if info.flag_bits & _ENCRYPTED:
            problems.append(f"{name} is protected by a password")
        if info.external_attr != archives.MODE:
            problems.append(f"{name} is not an ordinary file")
    if archive.comment:
        problems.append("the zip has a comment")
    return problems


def _signature(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None, manifest: bytes, key: str | None) -> Signature:
    if info is None:
        return Signature.ABSENT
    if key is None:
        return Signature.NOT_CHECKED
    expected = _sign(manifest, key)
    try:
        actual = _read(archive, info, len(expected))
    except _ZIP_ERRORS:
        return Signature.INVALID
    return Signature.VALID if hmac.compare_digest(expected, actual) else Signature.INVALID


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most_bytes: int) -> bytes:
    with archive.open(info) as member:
        content = member.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise zipfile.BadZipFile(f"{info.filename} is too large")
    return content


def _fits(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: _Entry) -> bool:
    """Whether the member is what the manifest says, read piece by piece and no further than its size."""
    digest = hashlib.sha256()
    size = 0
    try:
        with archive.open(info) as member:
            while size <= entry.bytes and (chunk := member.read(_CHUNK_BYTES)):
                size += len(chunk)
                digest.update(chunk)
    except _ZIP_ERRORS:
        return False
    return size == entry.bytes and hmac.compare_digest(digest.hexdigest(), entry.sha256)
