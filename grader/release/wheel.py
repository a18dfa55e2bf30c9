"""The grader that is running, as a wheel: for machines that are to have the very same one."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader
from grader import archives
from grader.errors import GraderError

_WHEEL = "Wheel-Version: 1.0\nGenerator: grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build() -> tuple[str, bytes]:
    """The wheel's file name and content. Equal files give equal bytes.

    The package's files are taken from where they are imported, its metadata from where it is installed; so this works
    for an editable installation, too. Raises GraderError where grader is not installed.
    """
    try:
        installed = distribution("grader")
    except PackageNotFoundError as error:
        raise GraderError("no installed grader is here that could be packed; pip install it first") from error
    info = f"grader-{installed.version}.dist-info"
    contents = dict(_package_files())
    for name in ("METADATA", "entry_points.txt"):
        contents[f"{info}/{name}"] = _metadata(installed, name)
    contents[f"{info}/WHEEL"] = _WHEEL.encode()
    contents[f"{info}/RECORD"] = _record(contents, f"{info}/RECORD")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            archives.add(archive, name, content)
    return f"grader-{installed.version}-py3-none-any.whl", packed.getvalue()


def _package_files() -> Iterator[tuple[str, bytes]]:
    package = Path(grader.__file__).parent
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package.parent)
        is_ours = not any(part.startswith((".", "__pycache__")) for part in place.parts)
        if is_ours and path.is_file():
            yield place.as_posix(), path.read_bytes()


def _metadata(installed: Distribution, name: str) -> bytes:
    text = installed.read_text(name)
    if text is None:
        raise GraderError(f"the installed grader has no {name}, so it cannot be packed; pip install it anew")
    return text.encode()


def _record(contents: dict[str, bytes], own_name: str) -> bytes:
    """The list of all files with digest and size; its own line has neither."""
    lines = []
    for name, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{own_name},,\n"]).encode()
