"""The roster of a class: who the students are, and under which names they hand in.

A CSV file (comma, semicolon or tab; UTF-8, with or without BOM) whose header names the columns: `id`, and as far as
they are wanted `name`, `email`, `section`, `due` (ISO 8601 with offset: this student's own due time) and `accounts`
(other names under which the student hands in, between spaces or semicolons). Further columns are left alone.
`grader grade --roster FILE` keeps a copy of the file as OUT/roster.csv, where `load` finds it.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from grader import out_folder
from grader.deadlines import YEARS
from grader.errors import UsageError
from grader.names import guarded, printable, printable_path

FILE_NAME = "roster.csv"
STATUS_FILE_NAME = "roster_status.csv"
COLUMNS = ("id", "name", "email", "section", "due", "accounts")
_DELIMITERS = ",;\t"
_NEARLY = 0.75  # so alike is a column to one of ours when it is a slip of the pen


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One student of the roster; texts are empty where the roster has none. due: their own due time, with offset."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    due: datetime | None = None
    accounts: tuple[str, ...] = ()


class ByStudent(Mapping[str, Person]):
    """People by the names of submissions: an id, else an account, else an e-mail address or its part before the @.

    Upper and lower case are equal. The part before the @ counts where only one person has it. Students of a download,
    `lovelaceada_4711`, are found by the id where the name agrees, too. They are found by the name alone where only one
    person has it and no number among the accounts: Moodle's are of one assignment, so no roster can have them.
    Iteration gives the ids.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._by_name = _by_name(people)
        self._by_full_name = _by_full_name(people)

    def __getitem__(self, student: str) -> Person:
        whole = self._by_name.get(student.strip().casefold())
        if whole is not None:
            return whole
        for name, number in name_and_id(student):
            person = self._by_name.get(number.casefold())
            if person is not None and same_name(name, person.name):
                return person
        whole_name, _, number = student.rpartition("_")
        owners = self._by_full_name.get(_run_together(whole_name), []) if number.isdecimal() else []
        if len(owners) == 1 and not any(account.isdecimal() for account in owners[0].accounts):
            return owners[0]
        raise KeyError(student)

    def __iter__(self) -> Iterator[str]:
        return (person.id for person in self._people)

    def __len__(self) -> int:
        return len(self._people)


class Roster:
    """The people of one class, in the order of the file."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        self.by_student = ByStudent(self.people)

    def missing(self, students: Iterable[str]) -> list[Person]:
        """The people that none of `students` is."""
        present = {person.id for student in students if (person := self.by_student.get(student)) is not None}
        return [person for person in self.people if person.id not in present]

    def unmatched(self, students: Iterable[str]) -> list[str]:
        """Those of `students` that the roster does not have."""
        return [student for student in students if student not in self.by_student]

    def several(self, students: Iterable[str]) -> list[list[str]]:
        """The groups of `students` that are one person: handed in under several names."""
        groups: dict[str, list[str]] = {}
        for student in students:
            if (person := self.by_student.get(student)) is not None:
                groups.setdefault(person.id, []).append(student)
        return [group for group in groups.values() if len(group) > 1]


def name_and_id(student: str) -> tuple[tuple[str, str], ...]:
    """The parts before and after each underscore: students of a download are called `<name>_<id>`."""
    return tuple((student[: m.start()], student[m.end() :]) for m in re.finditer("_", student))


def same_name(one: str, other: str) -> bool:
    """Whether two texts are one person's name: `lovelaceada`, `Ada Lovelace` and `Lovelace, Ada` are.

    Compared are the letters, in any order, as systems exchange the parts of a name and drop what stands between.
    """
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _letters(text: str) -> list[str]:
    return sorted(_run_together(text))


def _run_together(text: str) -> str:
    """The letters and digits of a name, in small letters and without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())


def read(path: Path) -> Roster:
    """The roster in `path`. Raises UsageError, which names the lines, for anything that is none."""
    return _parse(_content(path), printable_path(path))


def load(out: Path) -> Roster | None:
    """The roster that OUT was graded with, or None where there was none."""
    path = out / FILE_NAME
    return read(path) if path.is_file() else None


def store(out: Path, path: Path) -> None:
    """Keep the roster in `path` as that of OUT, unchanged. Raises UsageError, and then OUT has the one it had."""
    data = _content(path)
    _parse(data, printable_path(path))
    out_folder.write_atomically(out / FILE_NAME, data)


def write_status(out: Path, roster: Roster, statuses: Mapping[str, str]) -> None:
    """Write OUT/roster_status.csv: everybody on the roster, and then the submissions of nobody there.

    statuses: of every record, by its student. People without a submission have the status `missing`; `student` is the
    name of the submission. A person with several submissions has a line for each.
    """
    by_person: dict[str, list[str]] = {}
    for student in sorted(statuses):
        if (person := roster.by_student.get(student)) is not None:
            by_person.setdefault(person.id, []).append(student)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "name", "email", "section", "student", "status"))
    for person in roster.people:
        own = map(guarded, (person.id, person.name, person.email, person.section))
        facts = tuple(own)
        for student in by_person.get(person.id, [""]):
            writer.writerow((*facts, guarded(student), statuses.get(student, "missing")))
    for student in roster.unmatched(sorted(statuses)):
        writer.writerow(("", "", "", "", guarded(student), statuses[student]))
    out_folder.write_atomically(out / STATUS_FILE_NAME, text.getvalue().encode())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the roster {printable_path(path)}: {error.strerror}") from error


def _parse(data: bytes, shown: str) -> Roster:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{shown}: line {line} is not UTF-8 text; save the roster as CSV in UTF-8") from error
    if "\0" in text:  # the letters of UTF-16 are read as those of UTF-8 with zeros between them
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UsageError(f"{shown}: line {line} is not UTF-8 text; save the roster as CSV in UTF-8")
    head = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count), strict=True)
    people: list[tuple[int, Person]] = []
    columns: list[str] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = _columns(row, shown)
            else:
                people.append((reader.line_num, _person(row, columns, f"{shown}: line {reader.line_num}")))
    except csv.Error as error:
        raise UsageError(
            f"{shown}: line {reader.line_num} is not CSV: {error}; save the roster as CSV in UTF-8"
        ) from error
    if not people:
        raise UsageError(f"{shown} lists no student; it needs a header with the column id and a line for each student")
    _refuse_clashes(people, shown)
    return Roster([person for _, person in people])


def _columns(row: Sequence[str], shown: str) -> list[str]:
    columns = [cell.strip().lower() for cell in row]
    twice = sorted({column for column in columns if column in COLUMNS and columns.count(column) > 1})
    if twice:
        raise UsageError(f"{shown}: two columns are called {twice[0]}; keep one")
    absent = [column for column in COLUMNS if column not in columns]
    for column in columns:
        if column not in COLUMNS and (near := difflib.get_close_matches(column, absent, n=1, cutoff=_NEARLY)):
            raise UsageError(f"{shown}: unknown column {printable(column)}; did you mean {near[0]}?")
    if "id" not in columns:
        found = ", ".join(map(printable, columns))
        raise UsageError(f"{shown} has no column id, but {found}; its first line must name the columns")
    return columns


def _person(row: Sequence[str], columns: Sequence[str], where: str) -> Person:
    if len(row) > len(columns):
        raise UsageError(
            f"{where} has {len(row)} cells, and the header names {len(columns)} columns; put quotation marks around a "
            "cell with a delimiter in it"
        )
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False)}
    if not cells.get("id"):
        raise UsageError(f"{where} has no id; every student needs one")
    return Person(
        id=cells["id"],
        name=cells.get("name", ""),
        email=cells.get("email", ""),
        section=cells.get("section", ""),
        due=_due(cells.get("due", ""), where),
        accounts=tuple(cells.get("accounts", "").replace(";", " ").split()),
    )


def _due(text: str, where: str) -> datetime | None:
    if not text:
        return None
    example = "write it like 2026-12-05T23:59:00+01:00"
    try:
        due = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{where}: due is {printable(text)}, which is no date and time; {example}") from error
    if due.year not in YEARS:
        raise UsageError(f"{where}: due is {printable(text)}, in a year that cannot be meant; {example}")
    if due.utcoffset() is None:
        raise UsageError(f"{where}: due is {printable(text)}, without an offset from UTC it is no moment; {example}")
    return due


def _refuse_clashes(people: Sequence[tuple[int, Person]], shown: str) -> None:
    """Two students with one id, account or address: whose is a submission under that name?"""
    for kind in ("id", "account", "email"):
        seen: dict[str, tuple[int, Person]] = {}
        for line, person in people:
            for name in _names(person, kind):
                earlier = seen.setdefault(name.casefold(), (line, person))
                if earlier[1] is not person:
                    raise UsageError(
                        f"{shown}: lines {earlier[0]} and {line} both have the {kind} {printable(name)}, and a "
                        "submission under that name could be of either; take it out of one of them"
                    )


def _names(person: Person, kind: str) -> tuple[str, ...]:
    if kind == "id":
        return (person.id,)
    if kind == "account":
        return (person.id, *person.accounts)
    return (person.email,) if person.email else ()


def _by_name(people: Sequence[Person]) -> dict[str, Person]:
    """People by all that they may be called, in lower case; what is more certain wins."""
    found: dict[str, Person] = {}
    for name_of in (lambda p: (p.id,), lambda p: p.accounts, lambda p: (p.email,) if p.email else ()):
        for person in people:
            for name in name_of(person):
                found.setdefault(name.casefold(), person)
    local: dict[str, list[Person]] = {}
    for person in people:
        if "@" in person.email:
            local.setdefault(person.email.partition("@")[0].casefold(), []).append(person)
    for name, owners in local.items():
        if name and len(owners) == 1:
            found.setdefault(name, owners[0])
    return found


def _by_full_name(people: Sequence[Person]) -> dict[str, list[Person]]:
    """People by their names run together, whichever word comes first: Canvas writes `lovelaceada` for Ada Lovelace.

    The order of the words must stay a cycle: with all letters in any order, Lia Wang would be Ali Wang.
    """
    found: dict[str, list[Person]] = {}
    for person in people:
        words = person.name.split()
        for name in {_run_together("".join(words[first:] + words[:first])) for first in range(len(words))} - {""}:
            found.setdefault(name, []).append(person)
    return found
