"""Memory of the trusted process while one session grades a class: from submission 100 on it should stay where it is.

    python benchmarks/bench_memory.py [--submissions 2000]

Prints the resident memory, without what runs behind the wall, after 100 submissions and after every tenth of the class.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from class_of import ASSIGNMENT, ROOT, make_class

from grader import batch, manifest, records, submissions
from grader.model import SandboxMode
from grader.reporters import feedback_html, feedback_markdown

_FIRST = 100  # until then caches fill


def main() -> None:
    """Grade, and print a line for each look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=2000)
    count = parser.parse_args().submissions
    assignment = manifest.load(ROOT, ASSIGNMENT)
    plan = batch.Plan(assignment, b"benchmark", SandboxMode.FULL)
    looks: list[float] = []
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as name:
        make_class(Path(name), count, peaceful=True)
        references = submissions.find(Path(name), ASSIGNMENT)
        with batch.open_session(assignment, plan.mode) as session:
            for number, reference in enumerate(references, start=1):
                submission = submissions.read(reference, assignment.limits)
                record = records.to_record(session.grade(submission, plan.seed_of(submission.student)))
                for page in (feedback_html, feedback_markdown):
                    page.render(record, title=assignment.title)
                if number == _FIRST or (number > _FIRST and number % (count // 10) == 0):
                    looks.append(_resident_megabytes())
                    print(f"{number:7} {looks[-1]:8.1f} MB", flush=True)
    if looks:
        print(f"most above submission {_FIRST}: {max(looks) - looks[0]:+.1f} MB (aim: at most 20)")


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
