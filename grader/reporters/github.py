"""What a run on GitHub shows: annotations at the learner's own lines, a job summary, and outputs for later steps.

The runner reads commands (`::error …`) in whatever a step prints. So all of ours are escaped, and what else is printed
while commands are read would have to be fenced off (`fence`): a submission can put a line of its own into a message.
Source of the formats: GitHub's documentation of workflow commands, and the reporter of GitHub Classroom.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from grader import notebooks
from grader.model import Feedback, Status
from grader.records import ExerciseRecord, Record
from grader.reporters import feedback_markdown
from grader.reporters.plain_text import printable
from grader.reporters.prose import shortened
from grader.reporters.view import ExerciseView, view

MOST_ANNOTATIONS = 10  # of each kind, a step; GitHub drops the others
LARGEST_SUMMARY_BYTES = 1 << 20  # GitHub drops one that is larger
_LONGEST_MESSAGE = 2000
_MORE = "\n\nThe rest is too long to be shown here; run `grader check` to read it.\n"
_LINE = re.compile(r"\bin line (\d{1,7})\b|^Line (\d{1,7})\b|\(line (\d{1,7})\)", re.MULTILINE)
_CELL = re.compile(r"^# %% code cell (\d+)$", re.MULTILINE)


class Place:
    """The file of a submission as GitHub names it, and where in it a line of the program stands.

    name: relative to the repository. source: the program, for a notebook its cells in percent format.
    raw: the file itself.
    """

    def __init__(self, name: str, source: str, raw: str) -> None:
        self.name = name
        self._lines = source.split("\n")
        self._raw = raw.split("\n")
        self._is_notebook = name.endswith(".ipynb")

    def of_function(self, function: str) -> int | None:
        """The line of the program in which `function` is defined; the last definition counts."""
        name = re.escape(function)
        definition = re.compile(rf"(?:async\s+)?def\s+{name}\b|{name}\s*(?::[^=]*)?=(?!=)")
        found = [number for number, line in enumerate(self._lines, start=1) if definition.match(line)]
        return found[-1] if found else None

    def within(self, feedback: Feedback) -> int | None:
        """The line of the program that `feedback` names last."""
        named = [int(next(filter(None, groups))) for groups in _LINE.findall(feedback.rationale)]
        return named[-1] if named and 1 <= named[-1] <= len(self._lines) else None

    def described(self, line: int) -> tuple[int, str]:
        """The line in the file, and for a notebook its cell in words; of a notebook the first line that reads alike."""
        if not self._is_notebook:
            return line, ""
        above = "\n".join(self._lines[:line])
        cells = list(_CELL.finditer(above))
        cell = f"code cell {cells[-1][1]}" if cells else ""
        text = json.dumps(self._lines[line - 1], ensure_ascii=False)[1:-1].strip()
        same = (number for number, raw in enumerate(self._raw, start=1) if text and text in raw)
        return next(same, 1), cell


def place_of(file: Path, workspace: Path) -> Place:
    """The place for the file that was checked. workspace: the folder of the repository."""
    data = file.read_bytes()
    source: bytes | None = data
    if file.suffix == ".ipynb":
        try:
            source = notebooks.to_source(data)
        except notebooks.BrokenNotebook:
            source = None  # its note says so, and there are no lines to point at
    real, root = file.resolve(), workspace.resolve()
    name = real.relative_to(root) if real.is_relative_to(root) else file
    return Place(name.as_posix(), (source or b"").decode("utf-8", "replace"), data.decode("utf-8", "replace"))


def annotate(record: Record, place: Place) -> list[str]:
    """Workflow commands: an error for each exercise that lost points, a warning for each note on the file.

    Where there are more than GitHub takes, the last one says how many more there are.
    """
    shown = view(record)
    errors = [_lost(exercise, place) for exercise in shown.lost]
    if not shown.is_judged:
        errors.insert(0, _command("error", place, None, "Not judged", shown.notices[-1]))
    warnings = [
        _command("warning", place, place.within(note), "Reading the file", _words(note)) for note in record.notes
    ]
    return [*_limited(errors, "error", place), *_limited(warnings, "warning", place)]


def summary(record: Record, *, title: str) -> str:
    """The job summary in Markdown: the feedback page, or its beginning where GitHub would refuse it."""
    page = feedback_markdown.render(record, title=title)
    if len(page.encode()) <= LARGEST_SUMMARY_BYTES:
        return page
    # Headings of the second level are ours alone: what a submission says is escaped.
    return page.partition("\n## ")[0] + _MORE


def outputs(record: Record) -> dict[str, str]:
    """Outputs of the step: score, max_score, and `result` as the reporter of GitHub Classroom reads it."""
    result = json.dumps(_classroom(record)).encode()
    return {
        "score": "" if record.score is None else str(record.score),
        "max_score": str(record.max_score),
        "result": base64.b64encode(result).decode(),
    }


def fence() -> tuple[str, str]:
    """The lines to print before and after text in which no command is to be obeyed; nobody can guess the second."""
    token = secrets.token_hex(16)
    return f"::stop-commands::{token}", f"::{token}::"


def append_to_files(record: Record, *, title: str, environment: Mapping[str, str]) -> None:
    """Append the summary and the outputs to the files that GitHub names in `environment`, where it does."""
    written = "".join(f"{name}={value}\n" for name, value in outputs(record).items())
    for variable, text in (("GITHUB_STEP_SUMMARY", summary(record, title=title)), ("GITHUB_OUTPUT", written)):
        if environment.get(variable):
            with open(environment[variable], "a", encoding="utf-8") as file:
                file.write(text)


def _lost(exercise: ExerciseView, place: Place) -> str:
    feedback = exercise.remarks[0].feedback if exercise.remarks else None
    line = (place.within(feedback) if feedback else None) or place.of_function(exercise.name)
    title = f"{exercise.name}: {exercise.score} of {exercise.max_score} points"
    return _command("error", place, line, title, _words(feedback) if feedback else exercise.verdict)


def _limited(commands: list[str], kind: str, place: Place) -> list[str]:
    if len(commands) <= MOST_ANNOTATIONS:
        return commands
    kept = commands[: MOST_ANNOTATIONS - 1]
    text = "The summary of the job has all of them."
    return [*kept, _command(kind, place, None, f"{len(commands) - len(kept)} more", text)]


def _command(kind: str, place: Place, line: int | None, title: str, message: str) -> str:
    properties = {"file": place.name}
    if line is not None:
        number, cell = place.described(line)
        properties["line"] = str(number)
        title = f"{title}, {cell}" if cell else title
    properties["title"] = title
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {written}::{_data(shortened(message, _LONGEST_MESSAGE))}"


def _words(feedback: Feedback) -> str:
    return f"{feedback.rationale}\nTry: {feedback.help}" if feedback.help else feedback.rationale


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _classroom(record: Record) -> dict[str, object]:
    """The result of a runner. Its reporter adds up the scores of the tests, so each exercise is one."""
    is_judged = record.status is Status.GRADED
    status = "error" if not is_judged else "pass" if record.score == record.max_score else "fail"
    return {
        "version": 1,
        "status": status,
        "max_score": record.max_score,
        "tests": [
            _classroom_test(exercise, seen)
            for exercise, seen in zip(record.exercises, view(record).exercises, strict=True)
        ],
    }


def _classroom_test(exercise: ExerciseRecord, shown: ExerciseView) -> dict[str, object]:
    words = _words(shown.remarks[0].feedback) if shown.remarks else shown.verdict
    return {
        "name": exercise.exercise,
        "status": "error" if exercise.score is None else "pass" if shown.is_full else "fail",
        "message": shortened(printable(words), _LONGEST_MESSAGE),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": round(sum(test.seconds for test in exercise.tests), 3),
        "score": exercise.score or 0,
    }
