"""Deadlines: whether a submission is late, by how many periods, and how many points that costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import msgspec

from grader.model import Deadline, Period
from grader.records import Late, as_number

YEARS = range(1970, 3000)  # of due times; others are slips of the pen, and adding to them may overflow
_PERIODS = {Period.HOUR: timedelta(hours=1), Period.DAY: timedelta(days=1)}


def for_student(deadline: Deadline, student: str, own_due: datetime | None = None) -> Deadline:
    """`deadline` as it holds for `student`: with their own due time, and cut_off moved by as much.

    own_due: an extension from elsewhere, which goes before that of the deadline. No extension takes time away.
    """
    due = max(deadline.due, own_due or deadline.extensions.get(student, deadline.due))
    moved = None if deadline.cut_off is None else deadline.cut_off + (due - deadline.due)
    return msgspec.structs.replace(deadline, due=due, cut_off=moved, extensions={})


def lateness(deadline: Deadline, submitted_at: str, *, earned: Fraction, max_score: Fraction) -> Late | None:
    """How late a submission is, or None where it is not. deadline: as it holds for this student.

    submitted_at: ISO 8601, in UTC where it has no offset. earned: what the penalty is taken from; it takes no more.
    """
    moment = _moment(submitted_at)
    if moment - deadline.due <= timedelta(minutes=float(deadline.grace_minutes)):
        return None
    over = moment - deadline.due
    periods = -(-over // _PERIODS[deadline.per])
    is_cut_off = deadline.cut_off is not None and moment > deadline.cut_off
    percent = min(periods * deadline.penalty_percent, deadline.most_penalty_percent)
    penalty = earned if is_cut_off else min(earned, percent * max_score / 100)
    return Late(
        due=deadline.due.isoformat(),
        seconds=over // timedelta(seconds=1),
        periods=periods,
        per=deadline.per,
        percent=as_number(percent),
        penalty=as_number(penalty),
        cut_off=is_cut_off,
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)


def duration(seconds: int) -> str:
    """`seconds` in words, the two largest units: `2 days 3 hours`."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (left, "second")]
    first = next((index for index, (count, _) in enumerate(parts) if count), 3)
    counted = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts[first : first + 2] if count]
    return " ".join(counted) or "0 seconds"
