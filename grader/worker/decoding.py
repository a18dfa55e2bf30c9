"""A submission's bytes as text, whatever editor saved them."""

from __future__ import annotations

import codecs
import encodings.cp1252
import encodings.latin_1
import encodings.utf_16_be
import encodings.utf_16_le
import encodings.utf_32_be
import encodings.utf_32_le  # noqa: F401  # all of these would otherwise be imported behind the wall, on first use
import re

from .wire import Finding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(rb"(?:[^\r\n]*[\r\n]+)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")


def decode_source(source: bytes) -> tuple[str, list[Finding]]:
    """The text with "\\n" at line ends, without null bytes and form feeds, and what had to be done for it."""
    findings = []
    encoding, text = _decode(source)
    if encoding is not None:
        findings.append(Finding("encoding", detail=encoding))
    if null_bytes := text.count("\0"):
        findings.append(Finding("null_bytes", text[: text.index("\0")].count("\n") + 1, str(null_bytes)))
        text = text.replace("\0", "")
    # Python ignores form feeds at the start of a line; all other code here would take them for indentation.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", ""), findings


def _decode(source: bytes) -> tuple[str | None, str]:
    """The text, with the encoding if it is one that Python would not have expected."""
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            text = source[len(mark) :].decode(encoding, "replace")
            return (None if encoding == "utf-8" else encoding), text
    guessed = _utf16_without_mark(source)
    if guessed is not None:
        return guessed, source.decode(guessed, "replace")
    declaration = _DECLARATION.match(source)
    declared = declaration[1].decode("ascii") if declaration else "utf-8"
    for encoding in (declared, "utf-8", "cp1252"):
        try:
            return (None if encoding == declared else encoding), source.decode(encoding)
        except (LookupError, ValueError):  # an unknown encoding, or bytes that do not fit it
            continue
    return "latin-1", source.decode("latin-1")


def _utf16_without_mark(source: bytes) -> str | None:
    """UTF-16 of mostly ASCII text has a null byte in every second place."""
    sample = source[:4096]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) >= 8 and sample[first::2].count(0) > len(sample) // 3:
            return encoding
    return None
