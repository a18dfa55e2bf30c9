"""Whether work in Python grows with the number of examples: lines that run are counted at two sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from grader.checks.advice import advise
from grader.checks.structure import shown_count
from grader.errors import CheckFailed
from grader.messages import feedback
from grader.model import Feedback

# A loop over the examples adds at least one line for each of them. Half of that leaves room for work that is fixed or
# grows by blocks (mini-batches, a progress message), and for nothing that touches every example.
_SHARE_OF_EXAMPLES = 0.5


class CountsLines(Protocol):
    """What is needed of the student here."""

    def count_lines(self, name: str, *args: Any) -> Mapping[int, int]: ...


def check_vectorized(
    student: CountsLines, name: str, small: Sequence[Any], large: Sequence[Any], *, examples: tuple[int, int]
) -> None:
    """Fail when the work in Python of `name` grows with the number of examples, and name the line that does it.

    small, large: arguments with few and with many examples, alike otherwise. examples: how many these are.
    Loops over features, layers and iterations are fine. Raises CheckFailed.
    """
    finding = _find_loop(student, name, small, large, examples)
    if finding is not None:
        raise CheckFailed(finding)


def advise_vectorized(
    student: CountsLines, name: str, small: Sequence[Any], large: Sequence[Any], *, examples: tuple[int, int]
) -> None:
    """Like `check_vectorized`, but as advice, which costs nothing."""
    finding = _find_loop(student, name, small, large, examples)
    if finding is not None:
        advise(finding)


def _find_loop(
    student: CountsLines, name: str, small: Sequence[Any], large: Sequence[Any], examples: tuple[int, int]
) -> Feedback | None:
    most = _SHARE_OF_EXAMPLES * (examples[1] - examples[0])
    many = student.count_lines(name, *large)
    if sum(many.values()) <= most:
        return None  # as it is most often, however few lines the small arguments take
    few = student.count_lines(name, *small)
    if sum(many.values()) - sum(few.values()) <= most:
        return None
    line = max(many, key=lambda line: many[line] - few.get(line, 0))
    return feedback(
        "not_vectorized",
        function=name,
        line=line,
        times=shown_count(many[line], examples[1]),
        times_before=shown_count(few.get(line, 0), examples[0]),
        examples=examples[1],
        examples_before=examples[0],
    )
