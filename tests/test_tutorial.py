"""The tutorial for exercise authors, followed to the letter in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "exercise-authors.md"
STEP = re.compile(
    r"<!-- (?:file: (?P<file>\S+)|run(?:: exit code (?P<code>\d), says \"(?P<says>[^\"]+)\")?) -->\n"
    r"```\w+\n(?P<text>.*?)```",
    re.DOTALL,
)
LINES = 33


def steps():
    return list(STEP.finditer(PAGE.read_text(encoding="utf-8")))


def test_following_the_tutorial_gives_what_it_says(tmp_path):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for step in steps():
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["text"]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == int(step["code"] or 0), done.stdout + done.stderr
        assert (step["says"] or "") in " ".join(done.stdout.split())


def test_the_exercise_has_as_many_lines_as_the_page_promises():
    parts = [step["text"] for step in steps() if step["file"] and not step["file"].startswith("hand-out/")]
    lines = [line for part in parts for line in part.splitlines() if line.strip()]

    assert len(parts) == 4
    assert len(lines) == LINES
    assert f"in {LINES} lines" in PAGE.read_text(encoding="utf-8")
