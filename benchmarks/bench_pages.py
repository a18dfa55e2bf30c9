"""Rendering a learner's page: milliseconds and bytes for the demo class, as HTML, Markdown and text of the terminal.

python benchmarks/bench_pages.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader import records
from grader.records import Record
from grader.reporters import feedback_html, feedback_markdown, terminal

COURSE = Path(__file__).resolve().parents[1]
ROUNDS = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        command = [sys.executable, "-m", "grader", "grade", "examples/class", "--assignment", "deep_network"]
        subprocess.run([*command, "--out", str(out)], cwd=COURSE, check=True, stdout=subprocess.DEVNULL)
        pages = list(records.iterate(out))
    renderers: dict[str, Callable[[Record], str]] = {
        "HTML": lambda record: feedback_html.render(record, title="A deep network"),
        "Markdown": lambda record: feedback_markdown.render(record, title="A deep network"),
        "terminal": terminal.check_text,
    }
    for kind, render in renderers.items():
        render(pages[0])  # templates and rich are loaded once
        times = [_fastest(render, record) for record in pages]
        sizes = [len(render(record).encode()) for record in pages]
        print(
            f"{kind:9} {len(pages)} pages: median {statistics.median(times):.2f} ms, slowest {max(times):.2f} ms, "
            f"largest {max(sizes) / 1000:.0f} kB"
        )


def _fastest(render: Callable[[Record], str], record: Record) -> float:
    """Milliseconds, the best of ROUNDS: others use the machine, too."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        render(record)
        times.append(time.perf_counter() - begin)
    return 1000 * min(times)


if __name__ == "__main__":
    main()
