"""results.json for PrairieLearn's external graders: one test an exercise, score from 0 to 1.

A plugin of grader: the entry points in pyproject.toml make it `grader report OUT --reporter prairielearn` and
`grader export prairielearn OUT --to DIR`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader import out_folder, records
from grader.model import Status
from grader.plugins import Exporter, Option, Reporter
from grader.records import ExerciseRecord, Record
from grader.reporters.feedback_markdown import exercise_part
from grader.reporters.view import ExerciseView, view


def render(record: Record, *, title: str) -> str:
    """The text of results.json. Where there is no verdict it is not gradable, and PrairieLearn counts no attempt."""
    if record.status is not Status.GRADED:
        return json.dumps({"gradable": False, "format_errors": [view(record).notices[-1]]})
    assert record.score is not None
    shown = view(record)
    results = {
        "gradable": True,
        "score": record.score / record.max_score,
        "message": f"{title}: {shown.score} of {shown.max_score} points",
        "tests": [_test(e, seen) for e, seen in zip(record.exercises, shown.exercises, strict=True)],
    }
    return json.dumps(results, ensure_ascii=False, indent=1)


def _test(exercise: ExerciseRecord, shown: ExerciseView) -> dict[str, Any]:
    """One exercise. Without points in every test PrairieLearn would show none at all."""
    return {
        "name": exercise.exercise,
        "points": exercise.score,
        "max_points": exercise.max_score,
        "message": shown.verdict,
        "output": "" if shown.is_full else exercise_part(shown),
    }


def _export(out: Path, options: Mapping[str, Any]) -> list[str]:
    """Write DIR/<student>.json for every record in OUT, and say how many there are."""
    target = options["to"]
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for record in records.iterate(out):
        text = render(record, title=record.assignment)
        out_folder.write_atomically(target / f"{record.file_stem}.json", text.encode())
        count += 1
    return [f"{target}: {count} files"]


REPORTER = Reporter("results.json for PrairieLearn.", ".prairielearn.json", render)
EXPORTER = Exporter(
    "One results.json a student, for PrairieLearn.",
    _export,
    (Option("to", "The folder to write into.", metavar="DIR", is_path=True, is_required=True),),
)
