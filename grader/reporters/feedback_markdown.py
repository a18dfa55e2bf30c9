"""feedback/<student>.md: the same page in Markdown, for terminals, mails and pull requests."""

from __future__ import annotations

import re

from grader.model import Feedback
from grader.records import Record
from grader.reporters.plain_text import printable
from grader.reporters.view import ExerciseView, view

# What can begin markup inside a line in CommonMark or GitHub's dialect, a mention included …
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~@&$^])")
# … what can begin a list, a heading or a rule at the start of one, and what makes a bare address a link.
_AT_START = re.compile(r"^(\s*)(\d*)([-+=.])")
_ADDRESS = re.compile(r"(?i)(www)\.|:(//)")


def render(record: Record, *, title: str) -> str:
    """The page of one student. title: that of the assignment."""
    shown = view(record)
    lines = [f"# {escape(title)}", "", f"{escape(shown.student)}: **{shown.score} of {shown.max_score} points**", ""]
    for notice in shown.notices:
        lines += [f"> {escape(notice)}", ""]
    if shown.next_step is not None:
        lines += [f"**Next:** {code(shown.next_step.name)}, the first exercise that lost points.", ""]
    elif shown.is_judged:
        lines += ["**Full marks.** Every test passed.", ""]
    if shown.exercises:
        lines += ["| exercise | points | verdict |", "|---|---:|---|"]
        lines += [
            f"| {code(e.name)} | {e.score} / {e.max_score} | {e.mark} {escape(e.verdict)} |" for e in shown.exercises
        ]
        lines.append("")
    for exercise in shown.lost:
        lines += _lost(exercise)
    lines += _list("Fault elsewhere", [r.feedback for e in shown.exercises for r in e.elsewhere])
    lines += _list("Advice (costs no points)", [feedback for e in shown.exercises for feedback in e.advice])
    lines += _list("Notes from reading the file", list(shown.notes))
    return "\n".join(lines).rstrip() + "\n"


def _lost(exercise: ExerciseView) -> list[str]:
    lines = [f"## {code(exercise.name)}: {exercise.score} / {exercise.max_score}", ""]
    for remark in exercise.remarks:
        times = f" ({remark.count} tests)" if remark.count > 1 else ""
        lines.append(f"- {escape(remark.feedback.rationale)}{times}")
        if remark.feedback.help:
            lines.append(f"  **Try:** {escape(remark.feedback.help)}")
    lines.append("")
    for test in exercise.failed:
        if test.reproduce:
            lines += [f"Repeat {code(test.name)}:", "", *fenced(test.reproduce), ""]
    return lines


def _list(title: str, feedback: list[Feedback]) -> list[str]:
    if not feedback:
        return []
    texts = [f.rationale if f.help is None else f"{f.rationale} {f.help}" for f in feedback]
    return [f"## {title}", "", *(f"- {escape(text)}" for text in texts), ""]


def escape(text: str) -> str:
    """`text` as Markdown that shows just these characters, on one line."""
    line = _SPECIAL.sub(r"\\\1", printable(text).replace("\n", " "))
    line = _ADDRESS.sub(lambda m: f"{m[1]}\\." if m[1] else f"\\:{m[2]}", line)
    return _AT_START.sub(r"\1\2\\\3", line)


def code(text: str) -> str:
    """`text` as inline code."""
    clean = printable(text).replace("\n", " ").replace("|", "¦")
    ticks = "`" * (_longest_run(clean) + 1)
    return f"{ticks}{clean}{ticks}" if "`" not in clean else f"{ticks} {clean} {ticks}"


def fenced(text: str) -> list[str]:
    """`text` as a code block whose fence is longer than any run of backticks inside."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}python", *printable(text).rstrip("\n").split("\n"), fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
