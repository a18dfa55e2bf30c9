"""From a save to the printed verdict of `grader check --watch`: milliseconds, median and maximum of 20 saves.

python benchmarks/bench_watch.py
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
SAVES = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "deep_network"
        shutil.copytree(COURSE / "assignments" / "deep_network", folder)
        file = folder / "deep_network.py"
        source = (COURSE / "solutions" / "deep_network" / "deep_network.py").read_text()
        command = [sys.executable, "-m", "grader", "check", "--watch", "--json", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.5)  # until the folder is watched
            times = [_save_and_wait(file, f"{source}\n# {i}\n", process.stdout) for i in range(SAVES)]
            process.terminate()
    print(f"save to verdict: median {statistics.median(times):.0f} ms, maximum {max(times):.0f} ms")


def _save_and_wait(file: Path, text: str, output) -> float:
    time.sleep(0.3)
    begin = time.perf_counter()
    file.write_text(text)
    record = json.loads(output.readline())
    assert record["score"] == record["max_score"]
    return 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
