"""What grading costs, beside the bare calls of the same tests and beside a fresh pytest process a submission.

    python benchmarks/bench_grade.py [--submissions 200] [--rounds 5]

Prints milliseconds a submission (median of the rounds) and the ratios within a round: quote the ratios, since
machines differ. The
submissions are those of examples/class that end by themselves (no endless loop, no crash), under many names.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from costs import cost_of

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "deep_network"
_ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "GRADER_SECRET": "benchmark"}


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fresh", type=int, default=10, help="submissions for the slow peer, a pytest process each")
    options = parser.parse_args()
    sources = _peaceful_submissions()
    print(
        f"{len(sources)} different submissions of {ASSIGNMENT}, {options.submissions} in all, {options.rounds} rounds"
    )
    rounds = [_round(sources, options.submissions, options.fresh) for _ in range(options.rounds)]
    _print_table(rounds)


def _round(sources: list[Path], count: int, fresh: int) -> dict[str, tuple[float, float]]:
    """CPU and wall milliseconds a submission of each way, measured one after the other."""
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as name:
        folder = Path(name)
        _copy(sources, folder / "submissions", count)
        _copy(sources, folder / "few", len(sources))
        ours = _measure(["-m", "grader", "grade", "submissions", "--out", "out", *_ours()], folder)
        start = _measure(["-m", "grader", "grade", "few", "--out", "out-few", *_ours()], folder)
        bare = _measure([str(ROOT / "benchmarks" / "bare_calls.py"), str(ROOT), ASSIGNMENT, "submissions"], folder)
        bare_start = _measure([str(ROOT / "benchmarks" / "bare_calls.py"), str(ROOT), ASSIGNMENT, "few"], folder)
        pytest = [
            _measure([str(ROOT / "benchmarks" / "pytest_alone.py"), str(ROOT), ASSIGNMENT, str(source)], folder)
            for source in (sources * fresh)[:fresh]
        ]
    # The difference of a long and a short run is the cost of a submission; what is left is the start.
    more = count - len(sources)
    return {
        "grader grade, all included": _scaled(ours, 1 / count),
        "grader grade, start taken off": _scaled(_minus(ours, start), 1 / more),
        "bare calls in one process": _scaled(_minus(bare, bare_start), 1 / more),
        "a pytest process each": _scaled((sum(c for c, _ in pytest), sum(w for _, w in pytest)), 1 / fresh),
    }


def _ours() -> list[str]:
    return ["--assignment", ASSIGNMENT, "--jobs", "1", "--course", str(ROOT), "--json"]


def _measure(arguments: list[str], folder: Path) -> tuple[float, float]:
    """CPU and wall seconds of a Python process and all that it starts."""
    cost = cost_of([sys.executable, *arguments], folder, _ENVIRONMENT)
    return cost.cpu_seconds, cost.wall_seconds


def _peaceful_submissions() -> list[Path]:
    files = sorted((ROOT / "examples" / "class").glob(f"*/{ASSIGNMENT}.py"))
    hostile = json.loads((ROOT / "benchmarks" / "not_for_peers.json").read_text())
    return [file for file in files if file.parent.name not in hostile]


def _copy(sources: list[Path], folder: Path, count: int) -> None:
    for i in range(count):
        source = sources[i % len(sources)]
        target = folder / f"{source.parent.name}-{i:05d}"
        target.mkdir(parents=True)
        shutil.copy(source, target / source.name)


def _minus(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] - other[0], one[1] - other[1]


def _scaled(seconds: tuple[float, float], factor: float) -> tuple[float, float]:
    return seconds[0] * 1000 * factor, seconds[1] * 1000 * factor


def _print_table(rounds: list[dict[str, tuple[float, float]]]) -> None:
    bare = "bare calls in one process"
    print(f"{'milliseconds a submission':34}{'CPU':>9}{'wall':>9}{'CPU / bare':>12}")
    for way in rounds[0]:
        cpu = statistics.median(r[way][0] for r in rounds)
        wall = statistics.median(r[way][1] for r in rounds)
        ratio = statistics.median(r[way][0] / r[bare][0] for r in rounds)
        print(f"{way:34}{cpu:9.2f}{wall:9.2f}{ratio:12.2f}")
    ours = "grader grade, start taken off"
    excess = statistics.median(r[ours][0] - 2 * r[bare][0] for r in rounds)
    faster = statistics.median(r["a pytest process each"][0] / r[ours][0] for r in rounds)
    print(
        f"above 2 × bare: {excess:+.2f} ms (aim: at most 15); "
        f"faster than a pytest process each: {faster:.1f} × (aim: at least 15)"
    )


if __name__ == "__main__":
    main()
