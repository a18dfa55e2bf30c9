"""submission_metadata.yml of a Gradescope export: who handed in which folder, and when.

Read line by line, by the indentation that Gradescope's writer (Ruby's Psych) always gives: entries stand at column 0,
their keys at column 2, submitters at columns 2 and 4. A YAML parser would have to read the output of all tests of all
attempts, megabytes of it, to get at a few lines, and would stumble over Ruby's own tags in there. Everything else in
the file is passed over; where the lines that count look otherwise, the file is refused.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import NamedTuple

from grader.errors import UsageError
from grader.names import printable

FILE_NAME = "submission_metadata.yml"

_ENTRY = re.compile(r"(?P<quote>['\"]?)(?P<folder>[^\s'\"#].*?)(?P=quote):\s*")
_FIELD = re.compile(r"  (?P<key>:\w+):(?: (?P<value>.*))?")
_SUBMITTER = re.compile(r"  (?P<dash>[- ]) (?P<key>:\w+):(?: (?P<value>.*))?")
_ZONE = re.compile(r" (Z|[+-]\d\d:\d\d)$")
_BYTE_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})")
_NOT_PLAIN = tuple("!&*|>{[%@`")


class Submitter(NamedTuple):
    """One person of a hand-in; what Gradescope does not know is empty."""

    name: str
    sid: str
    email: str


class Entry(NamedTuple):
    """One folder of the export: its submitters, the time in ISO 8601 (None: not to be understood), all attempts."""

    submitters: tuple[Submitter, ...]
    created_at: str | None
    attempts: int


def parse(text: str, shown: str) -> dict[str, Entry]:
    """The entries by folder. `shown` names the file in errors. Raises UsageError for what Gradescope does not write."""
    found: dict[str, _Lines] = {}
    current = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip() or line in {"---", "--- {}"}:
            continue
        if line[0] == " " and current is not None:
            current.take(line, f"{shown}, line {number}")
            continue
        match = _ENTRY.fullmatch(line)
        if match is None or match["folder"] in found:
            raise _unexpected(line, f"{shown}, line {number}")
        current = found[match["folder"]] = _Lines()
    for folder, lines in found.items():
        if not lines.has_submitters:
            raise UsageError(f"{shown}: {printable(folder)} has no :submitters:; download the submissions again")
    return {folder: lines.entry() for folder, lines in found.items()}


class _Lines:
    """What the lines of one entry say so far."""

    def __init__(self) -> None:
        self.has_submitters = False
        self._section = ""
        self._submitters: list[dict[str, str]] = []
        self._created_at = ""
        self._attempts = 1

    def take(self, line: str, where: str) -> None:
        """Use the next line, which is indented. Raises UsageError."""
        field = _FIELD.fullmatch(line)
        if field is not None:
            self._section, value = field["key"], field["value"] or ""
            if self._section == ":created_at":
                self._created_at = _scalar(value, where)
            elif self._section == ":submitters":
                self.has_submitters = True
                if value not in {"", "[]"}:
                    raise _unexpected(line, where)
        elif self._section == ":submitters":
            self._take_submitter(line, where)
        elif self._section == ":history" and line.startswith("  - "):
            self._attempts += 1

    def _take_submitter(self, line: str, where: str) -> None:
        match = _SUBMITTER.fullmatch(line)
        if match is None or (match["dash"] == " " and not self._submitters):
            raise _unexpected(line, where)
        if match["dash"] == "-":
            self._submitters.append({})
        self._submitters[-1][match["key"]] = _scalar(match["value"] or "", where)

    def entry(self) -> Entry:
        return Entry(
            tuple(Submitter(*(s.get(key, "") for key in (":name", ":sid", ":email"))) for s in self._submitters),
            _time(self._created_at),
            self._attempts,
        )


def _scalar(text: str, where: str) -> str:
    """The text that one line of YAML holds; null is empty."""
    text = text.strip()
    if text in {"", "~", "null"}:
        return ""
    if text[0] == "'" and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text[0] == '"':
        try:
            return str(json.loads(_BYTE_ESCAPE.sub(r"\\u00\1", text).replace("\\e", "\\u001b")))
        except ValueError as error:
            raise _unexpected(text, where) from error
    if text.startswith(("'", *_NOT_PLAIN)):
        raise _unexpected(text, where)
    return text


def _time(text: str) -> str | None:
    """`2023-12-02 02:52:07.938335000 Z` as ISO 8601 in UTC."""
    try:
        time = datetime.fromisoformat(_ZONE.sub(r"\1", text))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _unexpected(line: str, where: str) -> UsageError:
    return UsageError(
        f"{where}: {printable(line.strip()[:60])} is not what Gradescope writes; download the submissions again, "
        "and leave this file as it is"
    )
