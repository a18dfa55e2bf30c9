"""What a class costs as it grows: sizes, jobs and a Dask cluster on this machine, side by side in one run.

    python benchmarks/bench_scale.py [SIZES] [--jobs 1 2] [--dask 1 2] [--peaceful] [--unchanged N] [--plot FILE.svg]

SIZES is a list such as `100 1000 10000`. For each size and way: CPU and wall milliseconds a submission, peak memory of
the trusted main process, seconds of a second run in which nothing has changed, and the size of OUT. The bare calls of
the same tests in one process are the lower bound (on submissions that end by themselves).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import msgspec
from class_of import ASSIGNMENT, ROOT, make_class
from costs import Cost, cost_of

_ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "GRADER_SECRET": "benchmark"}


def measure(command: list[str], folder: Path) -> Cost:
    """The cost of `command` and its children; exits when it fails."""
    return cost_of(command, folder, _ENVIRONMENT)


def grading(out: str, *where: str) -> list[str]:
    """The command line that grades `submissions` into `out`."""
    return [
        *(sys.executable, "-m", "grader", "grade", "submissions", "--assignment", ASSIGNMENT, "--course", str(ROOT)),
        *("--out", out, *where),
    ]


@contextmanager
def dask_cluster(folder: Path, workers: int):
    """A scheduler and `workers` workers on the loopback interface; gives the address."""
    file = folder / "scheduler.json"
    start = [sys.executable, "-m"]
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    quiet = {"env": _ENVIRONMENT, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module = "distributed.cli.dask_scheduler"
    running = [subprocess.Popen([*start, module, *options, "--port", "0", "--scheduler-file", str(file)], **quiet)]
    try:
        while not (file.is_file() and file.read_text().endswith("}")):
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            module = "distributed.cli.dask_worker"
            running.append(
                subprocess.Popen([*start, module, address, *options, "--nthreads", "1", "--no-nanny"], **quiet)
            )
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in running:
            process.kill()
            process.wait()
        file.unlink(missing_ok=True)


def run_size(size: int, options: argparse.Namespace) -> list[dict[str, object]]:
    """A row for every way to grade `size` submissions."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as name:
        folder = Path(name)
        make_class(folder / "submissions", size, peaceful=options.peaceful)
        for jobs in options.jobs:
            shutil.rmtree(folder / "out", ignore_errors=True)
            cost = measure(grading("out", "--jobs", str(jobs)), folder)
            again = measure(grading("out", "--jobs", str(jobs)), folder)
            rows.append(_row(f"{jobs} jobs", size, cost, again, folder / "out"))
        for workers in options.dask:
            shutil.rmtree(folder / "out", ignore_errors=True)
            with dask_cluster(folder, workers) as address:
                cost = measure(grading("out", "--executor", f"dask:{address}"), folder)
                again = measure(grading("out", "--executor", f"dask:{address}"), folder)
            # The cluster's workers are not below the command that is measured, so their CPU is not known.
            rows.append(_row(f"Dask, {workers} workers", size, cost, again, folder / "out", knows_cpu=False))
        if options.peaceful:
            bare = [sys.executable, str(ROOT / "benchmarks" / "bare_calls.py"), str(ROOT), ASSIGNMENT, "submissions"]
            rows.append(_row("bare calls", size, measure(bare, folder), None, None))
    return rows


def run_unchanged(size: int) -> None:
    """Print what a run costs that has nothing to do: OUT is filled with results of few submissions under many names."""
    from grader import batch, manifest, records
    from grader.model import SandboxMode

    with tempfile.TemporaryDirectory(prefix="grader-bench-") as name:
        folder = Path(name)
        make_class(folder / "submissions", _SAMPLES, peaceful=True)
        measure(grading("out"), folder)
        plan = batch.Plan(manifest.load(ROOT, ASSIGNMENT), _ENVIRONMENT["GRADER_SECRET"].encode(), SandboxMode.FULL)
        samples = list(records.iterate(folder / "out"))
        for number in range(_SAMPLES, size):
            sample = samples[number % _SAMPLES]
            source = (folder / "submissions" / sample.student / sample.submission.file).read_bytes()
            content = source + b"\n#%d\n" % number
            student = f"copy-{number:05d}"
            (folder / "submissions" / student).mkdir()
            (folder / "submissions" / student / sample.submission.file).write_bytes(content)
            facts = msgspec.structs.replace(sample.submission, sha256=hashlib.sha256(content).hexdigest())
            record = msgspec.structs.replace(sample, student=student, seed=plan.seed_of(student), submission=facts)
            for ending in (".html", ".md"):
                page = folder / "out" / "feedback" / f"{sample.file_stem}{ending}"
                shutil.copy(page, page.with_name(student + ending))
            records.record_path(folder / "out", student).write_bytes(records.to_json(record))
        before = {path: path.stat().st_mtime_ns for path in (folder / "out" / "records").iterdir()}
        cost = measure(grading("out"), folder)
        if before != {path: path.stat().st_mtime_ns for path in (folder / "out" / "records").iterdir()}:
            raise SystemExit("something was graded although nothing had changed")
        index = (folder / "out" / "index.html").stat().st_size / 1e6
    print(
        f"{size} unchanged: {cost.wall_seconds:.1f} s, CPU {cost.cpu_seconds:.1f} s, "
        f"peak {cost.peak_megabytes:.0f} MB, index.html {index:.1f} MB"
    )


def _row(
    way: str, size: int, cost: Cost, again: Cost | None, out: Path | None, *, knows_cpu: bool = True
) -> dict[str, object]:
    row: dict[str, object] = {
        "way": way,
        "submissions": size,
        "cpu_ms": 1000 * cost.cpu_seconds / size if knows_cpu else None,
        "wall_ms": 1000 * cost.wall_seconds / size,
        "peak_mb": cost.peak_megabytes,
        "again_seconds": again.wall_seconds if again else None,
        "out_kb": sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1024 / size if out else None,
        "index_mb": (out / "index.html").stat().st_size / 1e6 if out else None,
    }
    shown = (f"{'–':>9}" if value is None else f"{value:9.2f}" for key, value in row.items() if key.endswith(_UNITS))
    print(f"{size:7}  {way:18}" + "".join(shown), flush=True)
    return row


_SAMPLES = 20
_UNITS = ("_ms", "_mb", "_seconds", "_kb")


def plot(rows: list[dict[str, object]], file: Path) -> None:
    """Wall milliseconds a submission against the size, a line for each way."""
    import altair

    data = altair.Data(values=rows)
    chart = altair.Chart(data, width=500, height=260).mark_line(point=True)
    chart.encode(
        x=altair.X("submissions:Q", scale=altair.Scale(type="log"), title="submissions"),
        y=altair.Y("wall_ms:Q", scale=altair.Scale(zero=True), title="wall ms a submission"),
        color=altair.Color("way:N", title=None),
    ).save(file)


def main() -> None:
    """Print a table, line by line as it comes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[])
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--dask", type=int, nargs="*", default=[])
    parser.add_argument("--peaceful", action="store_true", help="no hostile submissions, and the bare calls beside it")
    parser.add_argument("--unchanged", type=int, help="also a run over so many submissions of which none has changed")
    parser.add_argument("--plot", type=Path, help="an SVG file; needs the extra [dashboard]")
    options = parser.parse_args()
    if options.sizes:
        print(f"{'':7}  {'':18}{'CPU ms':>9}{'wall ms':>9}{'peak MB':>9}{'again s':>9}{'OUT KB':>9}{'index MB':>9}")
    rows = [row for size in options.sizes for row in run_size(size, options)]
    if options.unchanged:
        run_unchanged(options.unchanged)
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()
