"""results.json for Gradescope: one test an exercise, all of them visible.

Gradescope shows students no total as soon as one test is hidden. So an exercise is one visible test, whose text is what
the feedback page says of it: hidden inputs and expected values are in neither. A submission without verdict has
neither score nor tests; Gradescope then reports a failed autograder and gives no 0.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grader.model import Status
from grader.plugins import Reporter
from grader.records import ExerciseRecord, Record
from grader.reporters.feedback_markdown import closing_part, escape, exercise_part
from grader.reporters.view import ExerciseView, RecordView, view

LARGEST_BYTES = 500_000  # Gradescope shows all of it on one page


def render(record: Record, *, title: str) -> str:
    """The text of results.json. title: that of the assignment."""
    return to_json(results(record))


def results(record: Record, *, notices: tuple[str, ...] = ()) -> dict[str, Any]:
    """What results.json says of `record`. notices: sentences to stand at the top."""
    if record.status is not Status.GRADED:
        return failed(view(record).notices[-1])
    found = _results(record, notices, view(record))
    if len(to_json(found).encode()) <= LARGEST_BYTES:
        return found
    return _results(record, notices, view(record, is_brief=True))


def failed(text: str) -> dict[str, Any]:
    """What results.json says where nothing was judged: `text`, and no score at all."""
    return {"output": text, "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}


def to_json(found: dict[str, Any]) -> str:
    """`found` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


def _results(record: Record, notices: tuple[str, ...], shown: RecordView) -> dict[str, Any]:
    return {
        "score": record.score,
        "execution_time": round(sum(test.seconds for e in record.exercises for test in e.tests), 3),
        "output": _output(notices, shown),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(str(number), exercise, seen)
            for number, (exercise, seen) in enumerate(zip(record.exercises, shown.exercises, strict=True), start=1)
        ],
        "extra_data": {
            "sha256": record.submission.sha256,
            "suite_sha256": record.suite_sha256,
            "sandbox": record.sandbox.value,
            "environment": record.environment,
        },
    }


def _test(number: str, exercise: ExerciseRecord, shown: ExerciseView) -> dict[str, Any]:
    return {
        "name": exercise.exercise,
        "number": number,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "status": "passed" if shown.is_full else "failed",
        "output": "Correct." if shown.is_full else exercise_part(shown),
        "visibility": "visible",
    }


def _output(notices: tuple[str, ...], shown: RecordView) -> str:
    """What stands above the tests: notices, where to begin, what costs no points."""
    parts = [escape(notice) for notice in (*notices, *shown.notices)]
    if shown.next_step is not None:
        parts.append(f"**Next:** {escape(f'`{shown.next_step.name}`')}")
    elif shown.exercises:
        parts.append("**Full marks.** Every test passed.")
    parts.append(closing_part(shown))
    return "\n\n".join(part for part in parts if part)


REPORTER = Reporter("results.json for Gradescope.", ".gradescope.json", render)
