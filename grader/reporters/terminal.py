"""What the command line prints: tables, feedback blocks, progress. Plain text where there is no terminal."""

from __future__ import annotations

import io
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from grader import formulas
from grader.model import Feedback, Picture, Status
from grader.records import Record
from grader.reporters import text_pictures
from grader.reporters.captions import caption, is_drawn_by
from grader.reporters.plain_text import printable
from grader.reporters.prose import shortened
from grader.reporters.view import ExerciseView, number, view

if TYPE_CHECKING:
    from rich.console import Console

    from grader.comparing import Comparison
    from grader.sandbox.doctor import Report
    from grader.validation.validating import Validation

_PLAIN_WIDTH = 80
_STYLES = {"✓": "green", "◐": "yellow", "✗": "red"}
_LINE_EVERY_SECONDS = 5.0
_RATE_SECONDS = 30.0
_LONGEST_NAME = 30


def print_class(records: Iterable[Record]) -> None:
    """A line a student, and what the class reached. Goes through `records` once: they may lie on the disk."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("lost points in", overflow="fold")
    count = 0
    judged = []
    for record in records:
        count += 1
        if record.score is not None:
            judged.append(float(record.score))
        shown = view(record)
        lost = ", ".join(exercise.name for exercise in shown.lost)
        if record.late is not None:
            lost = f"{lost}; late" if lost else "late"
        what = f"no score: {record.error}" if record.status is not Status.GRADED else lost or "–"
        table.add_row(_text(shown.student), f"{shown.score} / {shown.max_score}", _text(what))
    _console().print(table)
    if judged:
        noun = "submission" if count == 1 else "submissions"
        _console().print(f"{count} {noun}, mean {number(sum(judged) / len(judged))}", highlight=False)


def check_text(record: Record) -> str:
    """What `print_check` prints, without colours."""
    from rich.console import Console

    text = io.StringIO()
    # Kernels set FORCE_COLOR, and rich would show its own cells there.
    console = Console(
        file=text, width=_PLAIN_WIDTH, color_system=None, highlight=False, force_jupyter=False, force_terminal=False
    )
    print_check(record, console)
    return text.getvalue()


def print_check(record: Record, console: Console | None = None, *, file: Path | None = None) -> None:
    """The verdict on a learner's own code, ending with the one thing to do next.

    file: the one that was checked; a terminal makes links of lines in it.
    """
    console = console or _console()
    shown = view(record)
    width = max((len(exercise.name) for exercise in shown.exercises), default=0)
    for exercise in shown.exercises:
        line = _text(f" {exercise.mark} {exercise.name.ljust(width)}  {exercise.verdict}")
        line.stylize(_STYLES[exercise.mark], 1, 2)
        console.print(line)
    for exercise in shown.lost:
        _print_lost(console, exercise, record.submission.file, file)
    for help_text, sentences in (*shown.remarks_on_file, *shown.elsewhere, *shown.advice):
        console.print()
        for sentence in sentences:
            console.print(_text(f"note: {sentence}"))
        if help_text:
            console.print(_text(f"Try: {help_text}", "cyan"))
    console.print()
    if shown.next_step is not None:
        console.print(_text(f"Next: {shown.next_step.name}", "bold"))
    else:
        console.print(_text("All visible tests pass. The hidden tests check more of the same.", "bold"))


def _print_lost(console: Console, exercise: ExerciseView, file_name: str, file: Path | None) -> None:
    console.print()
    heading = _text(exercise.name, "bold")
    if exercise.code and file_name.endswith(".py"):  # lines of a notebook are counted in no editor
        link = f" link {file.resolve().as_uri()}" if file is not None and console.is_terminal else ""
        heading.append_text(_text("  ")).append_text(_text(f"{file_name}:{exercise.code[0].number}", f"dim{link}"))
    console.print(heading)
    left = list(exercise.pictures)
    for remark in exercise.remarks:
        times = f" ({remark.count} tests)" if remark.count > 1 else ""
        _print_found(console, remark.feedback, left, times=times, indent=2)
        for detail in remark.details:
            _print_found(console, detail, left, indent=4)
    for picture in left:
        _print_picture(console, picture, indent=4)
    if exercise.formula:
        _print_formula(console, exercise.formula)


def _print_found(
    console: Console, feedback: Feedback, pictures: list[Picture], *, times: str = "", indent: int
) -> None:
    """A finding; one that lists a whole array gives way to the picture of it, which is taken out of `pictures`."""
    picture = next((picture for picture in pictures if is_drawn_by(feedback, picture)), None)
    if picture is None:
        _print_finding(console, feedback, times=times, indent=indent)
        return
    pictures.remove(picture)
    _print_picture(console, picture, times=times, indent=indent)
    _print_help(console, feedback, indent=indent)


def _print_picture(console: Console, picture: Picture, *, times: str = "", indent: int) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(_text(caption(picture) + times), (0, 0, 0, indent), expand=False))
    for line in text_pictures.lines(picture):
        text = Text.assemble(" " * indent, *(_text(piece.text, "red" if piece.is_wrong else "") for piece in line))
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def _print_formula(console: Console, formula: str) -> None:
    from rich.padding import Padding

    try:
        text = formulas.plain(printable(formula))
    except formulas.FormulaError:
        text = formula
    console.print(Padding(_text(f"Formula: {text}"), (0, 0, 0, 2), expand=False))


def _print_finding(console: Console, feedback: Feedback, *, times: str = "", indent: int) -> None:
    from rich.padding import Padding

    console.print(Padding(_text(feedback.rationale + times), (0, 0, 0, indent), expand=False))
    _print_help(console, feedback, indent=indent)


def _print_help(console: Console, feedback: Feedback, *, indent: int) -> None:
    from rich.padding import Padding

    if feedback.help:
        console.print(Padding(_text(f"Try: {feedback.help}", "cyan"), (0, 0, 0, indent), expand=False))


def print_doctor(report: Report) -> None:
    """A line for each thing that was tried, and the remedies."""
    from rich import box
    from rich.table import Table

    console = _console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "what", "found"):
        table.add_column(column, overflow="fold")
    for finding in report.findings:
        mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "")}[finding.ok]
        table.add_row(_text(mark, style), finding.name, _text(finding.detail))
    console.print(table)
    for finding in report.findings:
        if finding.ok is False and finding.remedy:
            console.print(_text(f"{finding.name}: {finding.remedy}"))
    verdict = f"sandbox: {report.mode}" if report.mode else "no safe sandbox on this machine"
    console.print(_text(verdict, "bold"))


def print_validation(validations: Sequence[Validation]) -> None:
    """A line for each assignment, then what falls short."""
    from rich import box
    from rich.table import Table

    from grader.reporters.validation_markdown import COLUMNS, cells, milliseconds

    console = _console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("assignment", no_wrap=True)
    for column in (*COLUMNS, "tests\nms"):
        table.add_column(column, justify="right", no_wrap=True)
    for found in validations:
        name = _text(found.assignment, "green" if found.is_proven else "red")
        table.add_row(name, *cells(found), milliseconds(found))
    console.print(table)
    for found in validations:
        for problem in found.problems:
            console.print(_text(f"{found.assignment}: {problem}"))
    proven = all(found.is_proven for found in validations)
    console.print(_text("The tests are proven." if proven else "The tests fall short of the above.", "bold"))


def print_diff(comparison: Comparison) -> None:
    """A line for every student and exercise that differs, and who gained or lost how much."""
    from rich import box
    from rich.table import Table

    console = _console()
    if comparison.is_equal:
        console.print(_text(f"no difference: {comparison.students} students in both", "bold"))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", overflow="fold")
    table.add_column("exercise", overflow="fold")
    for column in ("A", "B", "change"):
        table.add_column(column, justify="right")
    table.add_column("why", overflow="fold")
    for row in comparison.differences:
        style = "" if not row.change else "green" if row.change > 0 else "red"
        change = "" if row.change is None else f"{'+' if row.change > 0 else ''}{number(row.change)}"
        cells = (row.student, row.exercise or "(all)", number(row.score_a), number(row.score_b))
        table.add_row(*map(_text, cells), _text(change, style), _text(row.why))
    console.print(table)
    console.print(
        f"{comparison.gained} gained, {comparison.lost} lost, {comparison.only_in_a} only in A, "
        f"{comparison.only_in_b} only in B; {comparison.students} students in both",
        highlight=False,
    )


class Progress:
    """How far a class is: a bar with rate and remaining time on a terminal, a line now and then elsewhere.

    The rate is that of the last half minute: what an earlier run has graded passes in no time and says nothing. Beside
    it stands the slowest submission so far, by the time of its tests. failed: how many have no score.
    """

    def __init__(self, total: int, *, show: bool = True) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._total = total
        self._done = 0
        self.failed = 0
        self._slowest = ("", 0.0)
        self._last_line = time.monotonic()
        self._recent = deque([(self._last_line, 0)])  # when, and how many were finished then
        self._show = show
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[slowest]}", markup=False),
            console=_console(stderr=True),
            transient=True,
            disable=not show or not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("grading", total=total, rate="", slowest="")

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()
        if kind is not None and not issubclass(kind, Exception) and self._show:  # Ctrl-C, SIGTERM
            # No number: the processes of a pool may have finished more than they have told.
            print("what is finished is kept; the same command goes on from there", file=sys.stderr)

    def advance(self, record: Record) -> None:
        """One more is finished."""
        self._done += 1
        self.failed += record.status is not Status.GRADED
        seconds = sum(test.seconds for exercise in record.exercises for test in exercise.tests)
        if seconds > self._slowest[1]:
            self._slowest = (shortened(printable(record.student), _LONGEST_NAME), seconds)
        now = time.monotonic()
        rate = self._rate(now)
        slowest = f"slowest: {self._slowest[0]}, {self._slowest[1]:.1f} s" if self._slowest[0] else ""
        if not self._bar.disable:
            self._bar.update(self._task, completed=self._done, rate=f"{rate:.1f}/s", slowest=slowest)
        elif self._show and (now - self._last_line > _LINE_EVERY_SECONDS):
            self._last_line = now
            left = (self._total - self._done) / rate
            parts = [f"graded {self._done} of {self._total}", f"{rate:.1f}/s", f"{left:.0f} s left"]
            print(", ".join([*parts, slowest] if slowest else parts), file=sys.stderr)

    def _rate(self, now: float) -> float:
        """Submissions a second, lately."""
        if now - self._recent[-1][0] > _RATE_SECONDS / 30:  # few points are enough
            self._recent.append((now, self._done))
        while len(self._recent) > 1 and now - self._recent[1][0] > _RATE_SECONDS:
            self._recent.popleft()
        since, done = self._recent[0]
        return max(self._done - done, 1) / max(now - since, 1e-3)


class Steps:
    """How far a long piece of work is, on a terminal only."""

    def __init__(self, what: str, *, show: bool) -> None:
        from rich.progress import Progress as Bar

        self._bar = Bar(console=_console(stderr=True), transient=True, disable=not show or not sys.stderr.isatty())
        self._task = self._bar.add_task(what, total=None)

    def __enter__(self) -> Steps:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._bar.update(self._task, completed=done, total=total)


def _console(*, stderr: bool = False) -> Console:
    """Colours only on a terminal and without NO_COLOR (rich looks at both); 80 columns elsewhere."""
    from rich.console import Console

    class PlainConsole(Console):
        def on_broken_pipe(self) -> None:
            raise

    stream = sys.stderr if stderr else sys.stdout
    return PlainConsole(stderr=stderr, highlight=False, width=None if stream.isatty() else _PLAIN_WIDTH)


def _text(text: str, style: str = ""):  # type: ignore[no-untyped-def]  # rich's Text, which is imported late
    """`text` as it stands: no markup of rich's, no control characters."""
    from rich.text import Text

    return Text(printable(text), style=style)
