"""Where the time of one submission goes: worker start and loading, calls and pytest, rendering, writing.

    python benchmarks/bench_parts.py [--submissions 100]

Milliseconds a submission: CPU of this process alone, and wall, which also has what runs behind the wall. One job,
submissions that end by themselves, each part over the whole class. Set OPENBLAS_NUM_THREADS=1, as a job does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from class_of import ASSIGNMENT, ROOT, make_class

from grader import batch, manifest, out_folder, records, submissions
from grader.model import SandboxMode
from grader.reporters import feedback_html, feedback_markdown
from grader.sandbox.client import Sandbox
from grader.sandbox.running import SubmissionRun
from grader.session import hidden_session


def main() -> None:
    """Print a line for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100)
    count = parser.parse_args().submissions
    assignment = manifest.load(ROOT, ASSIGNMENT)
    plan = batch.Plan(assignment, b"benchmark", SandboxMode.FULL)
    names = [exercise.name for exercise in assignment.exercises]
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as name:
        folder = Path(name)
        make_class(folder / "class", count, peaceful=True)
        out_folder.prepare_out(folder / "out").release()
        references = submissions.find(folder / "class", ASSIGNMENT)
        with (
            Sandbox(plan.mode, hide=(ROOT,)) as sandbox,
            hidden_session(assignment, spawn=sandbox.spawn, mode=plan.mode) as session,
        ):

            def load(submission) -> None:
                with SubmissionRun(submission, names, spawn=sandbox.spawn, limits=assignment.limits) as run:
                    run.load()

            read = [submissions.read(reference, assignment.limits) for reference in references]
            session.grade(read[0], plan.seed_of(read[0].student))
            print(f"{'CPU ms a submission':40}{'here':>8}{'wall':>8}")
            _timed("read", references, lambda reference: submissions.read(reference, assignment.limits))
            _timed("start a worker and load", read, load)
            graded = _timed(
                "all of grading, loading included", read, lambda s: session.grade(s, plan.seed_of(s.student))
            )
        shown = [records.to_record(result) for result in graded]
        _timed("record as JSON", graded, lambda result: records.to_json(records.to_record(result)))
        _timed("HTML page", shown, lambda record: feedback_html.render(record, title=assignment.title))
        _timed("Markdown page", shown, lambda record: feedback_markdown.render(record, title=assignment.title))
        _timed("write three files", shown, lambda record: _write(folder / "out", record))


def _write(out: Path, record) -> None:
    for place in ("records/{}.json", "feedback/{}.html", "feedback/{}.md"):
        path = out / place.format(record.file_stem)
        out_folder.write_atomically(path, b"x" * 10_000)


def _timed(what: str, items: Sequence[Any], part: Callable[[Any], Any]) -> list[Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    results = [part(item) for item in items]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:40}{1000 * cpu / len(items):8.2f}{1000 * wall / len(items):8.2f}", flush=True)
    return results


if __name__ == "__main__":
    main()
