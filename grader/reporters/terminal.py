"""What the command line prints: tables, feedback blocks, progress. Plain text where there is no terminal."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from grader.model import Feedback, Status
from grader.records import Record
from grader.reporters.plain_text import printable
from grader.reporters.view import ExerciseView, number, view

if TYPE_CHECKING:
    from rich.console import Console

    from grader.sandbox.doctor import Report
    from grader.validation.validating import Validation

_PLAIN_WIDTH = 80
_STYLES = {"✓": "green", "◐": "yellow", "✗": "red"}
_LINE_EVERY_SECONDS = 5.0


def print_class(records: Sequence[Record]) -> None:
    """A line a student, and what the class reached."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("lost points in", overflow="fold")
    for record in records:
        shown = view(record)
        lost = ", ".join(exercise.name for exercise in shown.lost)
        what = f"no score: {record.error}" if record.status is not Status.GRADED else lost or "–"
        table.add_row(_text(shown.student), f"{shown.score} / {shown.max_score}", _text(what))
    _console().print(table)
    judged = [float(record.score) for record in records if record.score is not None]
    if judged:
        noun = "submission" if len(records) == 1 else "submissions"
        _console().print(f"{len(records)} {noun}, mean {number(sum(judged) / len(judged))}", highlight=False)


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


def print_check(record: Record, console: Console | None = None) -> None:
    """The verdict on a learner's own code, ending with the one thing to do next."""
    console = console or _console()
    shown = view(record)
    width = max((len(exercise.name) for exercise in shown.exercises), default=0)
    for exercise in shown.exercises:
        line = _text(f" {exercise.mark} {exercise.name.ljust(width)}  {exercise.verdict}")
        line.stylize(_STYLES[exercise.mark], 1, 2)
        console.print(line)
    for exercise in shown.lost:
        _print_lost(console, exercise)
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


def _print_lost(console: Console, exercise: ExerciseView) -> None:
    console.print()
    console.print(_text(exercise.name, "bold"))
    for remark in exercise.remarks:
        times = f" ({remark.count} tests)" if remark.count > 1 else ""
        _print_finding(console, remark.feedback, times=times, indent=2)
        for detail in remark.details:
            _print_finding(console, detail, indent=4)


def _print_finding(console: Console, feedback: Feedback, *, times: str = "", indent: int) -> None:
    from rich.padding import Padding

    console.print(Padding(_text(feedback.rationale + times), (0, 0, 0, indent), expand=False))
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

    console = _console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("assignment", overflow="fold")
    for column in ("right, failed", "ideas caught", "named", "mutants killed", "explained", "ms"):
        table.add_column(column, justify="right")
    for found in validations:
        explained = sum(survivor.reason is not None for survivor in found.survivors)
        table.add_row(
            _text(found.assignment, "green" if found.is_proven else "red"),
            f"{found.false_failures} of {(1 + found.variants) * found.seeds}",
            f"{found.caught} of {found.misconceptions}",
            f"{found.named}",
            f"{found.killed} of {found.mutants}",
            f"{explained} of {len(found.survivors)}",
            f"{1000 * sum(test.seconds for test in found.tests):.0f}",
        )
    console.print(table)
    for found in validations:
        for problem in found.problems:
            console.print(_text(f"{found.assignment}: {problem}"))
    proven = all(found.is_proven for found in validations)
    console.print(_text("The tests are proven." if proven else "The tests fall short of the above.", "bold"))


class Progress:
    """How far a class is: a bar with rate and remaining time on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, *, show: bool = True) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._total = total
        self._done = 0
        self._begin = self._last_line = time.monotonic()
        self._show = show
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=_console(stderr=True),
            transient=True,
            disable=not show or not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("grading", total=total, rate="")

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
        now = time.monotonic()
        rate = f"{self._done / max(now - self._begin, 1e-3):.1f}/s"
        if not self._bar.disable:
            self._bar.update(self._task, completed=self._done, rate=rate)
        elif self._show and (now - self._last_line > _LINE_EVERY_SECONDS):
            self._last_line = now
            left = (self._total - self._done) * (now - self._begin) / self._done
            print(f"graded {self._done} of {self._total}, {rate}, {left:.0f} s left", file=sys.stderr)


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
