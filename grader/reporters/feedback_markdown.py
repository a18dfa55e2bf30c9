"""feedback/<student>.md: the same page in Markdown, for terminals, mails and pull requests.

It is read as text at least as often as it is rendered. So only what would begin markup is escaped, and an address
or a mention becomes inline code: a backslash does not keep every renderer from making a link of it.
"""

from __future__ import annotations

import re

from grader import formulas
from grader.model import Feedback, Picture
from grader.plugins import Reporter
from grader.records import Record
from grader.reporters import text_pictures
from grader.reporters.captions import caption, is_drawn_by
from grader.reporters.plain_text import printable
from grader.reporters.prose import blocks, spans
from grader.reporters.view import ExerciseView, Grouped, RecordView, view

# A word with one of these becomes a link or a mention somewhere.
_ADDRESS = re.compile(r"(?i)@\w|://|www\.|mailto:|xmpp:")
# Inside a line of CommonMark or GitHub's dialect: escapes, code, strike-through, mathematics, emphasis, HTML,
# entities. A star between spaces is none, nor an underscore within a word.
_SPECIAL = re.compile(r"([\\`~$]|(?<!\s)\*|\*(?!\s)|<(?=[a-zA-Z/!?])|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_]))")
# At the beginning: headings, quotes, lists, rules, images, definitions of links and footnotes, tasks.
_AT_START = re.compile(r"^(\d*)([#>+=|!\[.)-])")
_DETAILS_TITLE = "What it does to the values:"


def render(record: Record, *, title: str) -> str:
    """The page of one student. title: that of the assignment."""
    shown = view(record)
    lines = [f"# {escape(title)}", "", f"{escape(shown.student)}: **{shown.score} of {shown.max_score} points**", ""]
    for notice in shown.notices:
        lines += [f"> {escape(notice)}", ""]
    if shown.account:
        lines += [*(f"- {escape(sentence)}" for sentence in shown.account), ""]
    if shown.next_step is not None:
        first = [f" – {escape(blocks(r.feedback.rationale)[0].text)}" for r in shown.next_step.remarks[:1]]
        lines += [f"**Next:** {code(shown.next_step.name)}{''.join(first)}", ""]
    elif shown.is_judged:
        lines += [f"{'**Full marks.** ' if shown.has_full_score else ''}Every test passed.", ""]
    if shown.exercises:
        lines += ["| exercise | points | verdict |", "|---|---:|---|"]
        lines += [
            f"| {code(e.name)} | {e.score} / {e.max_score} | {e.mark} {escape(e.verdict)} |" for e in shown.exercises
        ]
        lines.append("")
    for exercise in shown.lost:
        lines += _lost(exercise)
    lines.append(closing_part(shown))
    return "\n".join(lines).rstrip() + "\n"


def exercise_part(exercise: ExerciseView) -> str:
    """What the page says of one exercise that lost points, without its heading."""
    return "\n".join(_lost(exercise)[2:]).rstrip()


def closing_part(shown: RecordView) -> str:
    """What the page says below the exercises: faults elsewhere, advice, notes; empty where there is nothing."""
    lines = _list("Fault elsewhere", shown.elsewhere)
    lines += _list("Advice (costs no points)", shown.advice)
    return "\n".join(lines + _list("Notes from reading the file", shown.remarks_on_file)).rstrip()


def _lost(exercise: ExerciseView) -> list[str]:
    lines = [f"## {code(exercise.name)}: {exercise.score} / {exercise.max_score}", ""]
    said = [feedback for remark in exercise.remarks for feedback in (remark.feedback, *remark.details)]
    for remark in exercise.remarks:
        times = f" ({remark.count} tests)" if remark.count > 1 else ""
        lines += _finding(remark.feedback, times=times)
        if remark.details:
            lines += [f"  {_DETAILS_TITLE}", ""]
            for detail in remark.details:
                lines += [f"  {line}".rstrip() for line in _finding(detail)]
    for picture in exercise.pictures:
        lines += _picture(picture, is_listed=any(is_drawn_by(feedback, picture) for feedback in said))
    if exercise.formula:
        lines += [f"Formula: {code(_plain_formula(exercise.formula))}", ""]
    if exercise.code:
        lines += [f"Your lines, from line {exercise.code[0].number}:", "", *_own_lines(exercise), ""]
    for test in exercise.failed:
        if test.reproduce:
            lines += [f"Repeat {code(test.name)}:", "", *fenced(test.reproduce, language="python"), ""]
    tests = [
        f"{test.lost} in {code(test.name)} ({'visible' if test.is_visible else 'hidden'})" for test in exercise.failed
    ]
    return [*lines, f"Points lost: {', '.join(tests)}", ""]


def _finding(feedback: Feedback, *, times: str = "") -> list[str]:
    """A list item: what is wrong, with arrays as code blocks, and what to try."""
    paragraphs: list[list[str]] = []
    for block in blocks(feedback.rationale):
        paragraphs.append(fenced(block.text) if block.is_array else [escape(block.text)])
    if times and len(paragraphs[-1]) == 1:
        paragraphs[-1][0] += times
    elif times:
        paragraphs.append([times.strip()])
    if feedback.help:
        paragraphs.append([f"**Try:** {escape(feedback.help)}"])
    lines = [line for paragraph in paragraphs for line in (*paragraph, "")]
    return [f"- {lines[0]}", *(f"  {line}".rstrip() for line in lines[1:])]


def _picture(picture: Picture, *, is_listed: bool) -> list[str]:
    """What a picture shows, in words and characters. is_listed: the numbers stand in a finding above."""
    drawn = [] if is_listed else text_pictures.plain_lines(picture)
    return [escape(caption(picture)), "", *(fenced("\n".join(drawn)) if drawn else []), ""]


def _plain_formula(formula: str) -> str:
    try:
        return formulas.plain(printable(formula))
    except formulas.FormulaError:
        return formula


def _own_lines(exercise: ExerciseView) -> list[str]:
    texts = [f"    …\n{line.text}" if line.is_gap else line.text for line in exercise.code]
    return fenced("\n".join(texts), language="python")


def _list(title: str, groups: Grouped) -> list[str]:
    if not groups:
        return []
    lines = [f"## {title}", ""]
    for help_text, sentences in groups:
        lines += [f"- {escape(sentence)}" for sentence in sentences]
        lines += ["", f"  **Try:** {escape(help_text)}", ""] if help_text else [""]
    return lines


def escape(text: str) -> str:
    """`text` as Markdown that shows just these characters, on one line; what is between backticks becomes code."""
    parts = [code(span.text) if span.is_code else _escape_prose(span.text) for span in spans(_one_line(text))]
    return _AT_START.sub(r"\1\\\2", "".join(parts))


def _one_line(text: str) -> str:
    return printable(text).replace("\n", " ").strip()


def _escape_prose(text: str) -> str:
    written, plain = "", ""
    for word in re.split(r"(\s+)", text):
        if _ADDRESS.search(word):
            written += _escape_signs(plain) + code(word)
            plain = ""
        else:
            plain += word
    return written + _escape_signs(plain)


def _escape_signs(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    # Brackets alone link nothing, since no definition of a link can be written.
    return text.replace("[", r"\[") if "](" in text or "[[" in text else text


def code(text: str) -> str:
    """`text` as inline code."""
    clean = _one_line(text)
    ticks = "`" * (_longest_run(clean) + 1)
    return f"{ticks}{clean}{ticks}" if "`" not in clean else f"{ticks} {clean} {ticks}"


def fenced(text: str, *, language: str = "text") -> list[str]:
    """`text` as a code block whose fence is longer than any run of backticks inside."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}{language}", *printable(text).rstrip("\n").split("\n"), fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


REPORTER = Reporter("The feedback of one student as Markdown.", ".md", render)
