"""Zip files whose bytes depend on their content alone, so that equal results give equal files."""

from __future__ import annotations

import zipfile

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell; no real one
MODE = 0o100644 << 16  # an ordinary file, in external_attr
PROGRAM_MODE = 0o100755 << 16
PRIVATE_MODE = 0o100600 << 16
_UNIX = 3
_LEVEL = 6


def add(archive: zipfile.ZipFile, name: str, content: bytes, *, mode: int = MODE) -> None:
    """Append a file. Equal contents give equal bytes with one version of zlib."""
    info = zipfile.ZipInfo(name, _TIME)
    info.create_system = _UNIX
    info.external_attr = mode
    archive.writestr(info, content, zipfile.ZIP_DEFLATED, _LEVEL)
