"""Which row of another system's table is a student's: by ids, by names, and by the roster in OUT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader import records
from grader.errors import UsageError
from grader.names import printable, printable_path
from grader.records import Record
from grader.roster import Roster, name_and_id

_LISTED = 200


@dataclass(frozen=True)
class Keys:
    """What a student may be called elsewhere.

    ids: whole texts that stand for an account: the student, and what the roster knows. split: the parts before and
    after an underscore, for students named by a download, `lovelaceada_4711`. names: full names.
    """

    student: str
    ids: tuple[str, ...]
    split: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


@dataclass
class Joined:
    """Which rows have which record, and the records that have none."""

    rows: dict[int, Record] = field(default_factory=dict)
    by_id_alone: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)

    def give(self, row: int, record: Record, shown_row: str) -> None:
        """Note that `row` is that of `record`. Raises UsageError when it is another student's already."""
        other = self.rows.setdefault(row, record)
        if other is not record:
            raise UsageError(
                f"{printable(other.student)} and {printable(record.student)} are both {shown_row} in the gradebook; "
                "remove the record of one of them, so that it is clear whose score counts"
            )


def keys(record: Record, roster: Roster | None) -> Keys:
    """What the student of `record` may be called elsewhere. roster: None where there is none."""
    student, split = record.student, name_and_id(record.student)
    known = None if roster is None else roster.by_student.get(student)
    ids = () if known is None else (known.id, *known.accounts, known.email)
    names = (student, "" if known is None else known.name, *(name for name, _ in split))
    return Keys(student, tuple(filter(None, (student, *ids))), split, tuple(filter(None, names)))


def in_order(out: Path) -> list[Record]:
    """The records in OUT sorted by student. Raises UsageError when there are none."""
    found = sorted(records.iterate(out), key=lambda record: record.student)
    if not found:
        raise UsageError(f"{printable_path(out)} holds no records; grade into it first")
    return found


def listed(students: Iterable[str]) -> str:
    """The students in one line."""
    names = [printable(student) for student in students]
    return ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")


def without_score(joined: Joined) -> Iterator[str]:
    """The line on students whom we failed to judge, if there are any."""
    failed = sorted({record.student for record in joined.rows.values() if record.score is None})
    if failed:
        yield f"without a score, so the cell is as it was: {listed(failed)}"
