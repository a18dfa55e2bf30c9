"""What lies in a folder or a zip of submissions, listed in one way for both. Nothing is opened, nothing unpacked."""

from __future__ import annotations

import os
import struct
import zipfile
from enum import Enum
from pathlib import Path
from typing import Protocol

import msgspec

from grader import snapshots
from grader.errors import UsageError
from grader.names import printable, printable_path
from grader.snapshots import Member

Parts = tuple[str, ...]

_MOST_MEMBERS = 500_000
_ENCRYPTED = 1
_UTF8_NAME = 1 << 11
_MADE_ON_DOS = 0
_ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, struct.error)


class Kind(Enum):
    """What an entry is, without following links."""

    FILE = "file"
    FOLDER = "folder"
    FILE_LINK = "link to a file"
    FOLDER_LINK = "link to a folder, or to nothing"
    OTHER = "pipe, socket or device"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where one file is: below a folder, or in a zip. Can be sent to another process."""

    root: Path
    parts: Parts
    member: Member | None = None

    def read(self, *, max_bytes: int) -> bytes:
        """The file's content. Raises snapshots.Refused and snapshots.UnreadableSubmission."""
        if self.member is not None:
            return snapshots.read_member(self.root, self.member, max_bytes=max_bytes)
        return snapshots.read_file(self.root, self.parts, max_bytes=max_bytes)


class Tree(Protocol):
    """Folders and files below one root."""

    root: Path

    def entries(self, parts: Parts) -> dict[str, Kind]:
        """Names in the folder `parts`, sorted, and what they are. Raises OSError."""

    def place(self, parts: Parts) -> Place:
        """The place of the file `parts`."""


class FolderTree:
    """A folder on disk. Names that are not UTF-8 hold surrogates, as `os.fsdecode` gives them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entries(self, parts: Parts) -> dict[str, Kind]:
        """Names in the folder `parts`, sorted, and what they are. Raises OSError."""
        with os.scandir(self.root.joinpath(*parts)) as found:
            return dict(sorted((entry.name, _kind(entry)) for entry in found))

    def place(self, parts: Parts) -> Place:
        """The place of the file `parts`."""
        return Place(root=self.root, parts=parts)


class ZipTree:
    """A zip file, by its directory.

    Raises UsageError, and reads nothing, when the zip is damaged, protected by a password, has an entry that leads out
    of its folder or two of one name.
    """

    def __init__(self, archive: Path) -> None:
        self.root = archive
        self._members: dict[Parts, Member] = {}
        self._folders: dict[Parts, dict[str, Kind]] = {(): {}}
        shown = printable_path(archive)
        for info in _infos(archive):
            if info.flag_bits & _ENCRYPTED:
                raise UsageError(f"{shown} is protected by a password; unpack it and give the folder")
            name = _name(info)
            parts = tuple(name.rstrip("/").split("/"))
            if {"", ".", ".."} & set(parts) or ":" in parts[0]:
                raise UsageError(f"{shown}: the entry {printable(name)} leads out of the folder; nothing was read")
            if not self._add(info, name, parts):
                raise UsageError(f"{shown}: two entries have the name {printable(name)}; nothing was read")

    def entries(self, parts: Parts) -> dict[str, Kind]:
        """Names in the folder `parts`, sorted, and what they are. Raises OSError."""
        if parts not in self._folders:
            raise FileNotFoundError("/".join(parts))
        return dict(sorted(self._folders[parts].items(), key=lambda entry: entry[0]))

    def place(self, parts: Parts) -> Place:
        """The place of the file `parts`."""
        return Place(root=self.root, parts=parts, member=self._members[parts])

    def _add(self, info: zipfile.ZipInfo, name: str, parts: Parts) -> bool:
        """Enter one file or folder and the folders above it. False when the name is taken by something else."""
        for depth in range(1, len(parts) + name.endswith("/")):
            above, folder = self._folders[parts[: depth - 1]], parts[depth - 1]
            if above.setdefault(folder, Kind.FOLDER) is not Kind.FOLDER:
                return False
            self._folders.setdefault(parts[:depth], {})
        if name.endswith("/"):
            return True
        siblings = self._folders[parts[:-1]]
        if parts[-1] in siblings:
            return False
        member = snapshots.member(info, name)
        siblings[parts[-1]] = _link_kind(parts[-1]) if member.is_link else Kind.FILE
        self._members[parts] = member
        return True


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        try:
            return Kind.FILE_LINK if entry.is_file() else Kind.FOLDER_LINK
        except OSError:
            return Kind.FOLDER_LINK
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER


def _link_kind(name: str) -> Kind:
    """A guess: a zip says that an entry is a link, but not to what. A student's folder rarely has a suffix."""
    return Kind.FILE_LINK if "." in name else Kind.FOLDER_LINK


def _infos(archive: Path) -> list[zipfile.ZipInfo]:
    shown = printable_path(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror}") from error
    except _ZIP_ERRORS as error:
        raise UsageError(f"{shown} is no zip file, or a damaged one: {printable(str(error))}; get it again") from error
    if len(infos) > _MOST_MEMBERS:
        raise UsageError(
            f"{shown} has {len(infos)} entries, and at most {_MOST_MEMBERS} are read; unpack it and give the folder"
        )
    return infos


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name with / between its parts."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        # Without the flag zipfile reads code page 437, but macOS writes UTF-8 there.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/") if info.create_system == _MADE_ON_DOS else name
