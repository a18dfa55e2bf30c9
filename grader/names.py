"""Names of students, files and keys: made safe for file systems, made printable, and compared with known ones.

A student's name comes from a folder's name, which may hold anything, bytes that are not UTF-8 included (as lone
surrogates, see `os.fsdecode`). `printable` and `file_stem` write such characters as escapes, without loss: two
different names never become equal.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

LONGEST_STEM_BYTES = 200  # file systems allow 255; a suffix and a temporary name must still fit
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DIGEST_DIGITS = 32
_SAFE_SIGNS = frozenset("._-@+,' ")
_RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def file_stem(student: str) -> str:
    """`student` as a file name without suffix: one per name, never hidden, never a path, at most 200 bytes.

    Letters, marks and digits of any script and . _ - @ + , ' and inner spaces stay. Other ASCII characters and bytes
    that are not UTF-8 become %XX, other characters %uXXXX or %UXXXXXXXX. A name that is not NFC-normalized gets all its
    non-ASCII characters escaped, since some file systems would take it for its normalized twin. A long name is cut
    and ends in ~ and a digest of the whole.
    """
    if not student:
        return "%"
    normalized = unicodedata.is_normalized("NFC", student)
    pieces = [c if _is_safe(c) and (normalized or c.isascii()) else _escape(c, "%", "%") for c in student]
    if pieces[0] in {".", " "} or _RESERVED_ON_WINDOWS.match(student):
        pieces[0] = _escape(student[0], "%", "%")
    if pieces[-1] in {".", " "}:
        pieces[-1] = _escape(student[-1], "%", "%")
    stem = "".join(pieces)
    if len(stem.encode()) <= LONGEST_STEM_BYTES:
        return stem
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_DIGITS]
    return f"{_beginning(pieces, LONGEST_STEM_BYTES - 1 - len(digest))}~{digest}"


def printable(text: str) -> str:
    r"""`text` on one line and valid as UTF-8: what cannot be shown is \xNN, \uNNNN or \UNNNNNNNN, and \ is doubled.

    \xNN below 80 is an ASCII control character, from 80 on a byte that is not UTF-8. Different texts stay different.
    """
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(_shown(c) for c in text)


def printable_path(path: Path) -> str:
    """`path` for a message: printable, and with forward slashes on every system."""
    return printable(path.as_posix())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`"; did you mean sigmoid?"` when one of `known` looks like `word`, else an empty text."""
    spelling = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), spelling, n=1)
    return f"; did you mean {spelling[close[0]]}?" if close else ""


def _is_safe(character: str) -> bool:
    return character.isalnum() or character in _SAFE_SIGNS or unicodedata.category(character).startswith("M")


def _escape(character: str, sign: str, byte_sign: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode's stand-in for the byte code - 0xDC00
        return f"{byte_sign}{code - 0xDC00:02X}"
    if code < 0x80:
        return f"{byte_sign}{code:02X}"
    return f"{sign}u{code:04X}" if code <= 0xFFFF else f"{sign}U{code:08X}"


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    return character if character.isprintable() else _escape(character, "\\", "\\x")


def _beginning(pieces: list[str], room_bytes: int) -> str:
    """As many whole pieces as fit into `room_bytes` bytes of UTF-8."""
    kept: list[str] = []
    for piece in pieces:
        room_bytes -= len(piece.encode())
        if room_bytes < 0:
            break
        kept.append(piece)
    return "".join(kept)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
