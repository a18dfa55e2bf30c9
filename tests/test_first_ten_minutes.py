"""The first ten minutes of the README, replayed: every command gives the output that stands below it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"<!-- replay -->\n```console\n(.*?)```", re.DOTALL)
SEPARATOR = "=== next command ==="


def commands_and_outputs():
    """Pairs of a command and the lines that stand below it."""
    pairs = []
    for block in BLOCK.findall((COURSE / "README.md").read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                pairs.append((line[2:], []))
            else:
                pairs[-1][1].append(line)
    return pairs


def stripped(lines):
    """Lines without white space at their ends, and without empty lines around them."""
    return [line.rstrip() for line in "\n".join(line.rstrip() for line in lines).strip("\n").split("\n")]


def matches(expected, actual):
    """Whether the lines are the same; `...` stands for any lines."""
    pattern = "\n".join(".*?" if line == "..." else re.escape(line) for line in stripped(expected))
    return re.fullmatch(pattern, "\n".join(stripped(actual)), re.DOTALL) is not None


def test_every_command_prints_what_the_readme_says(tmp_path):
    for folder in ("assignments", "solutions", "autograde_tests"):
        shutil.copytree(COURSE / folder, tmp_path / folder)
    pairs = commands_and_outputs()
    script = "\n".join(f"{command}\necho '{SEPARATOR}'" for command, _ in pairs)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )

    outputs = done.stdout.split(f"{SEPARATOR}\n")[:-1]
    assert len(outputs) == len(pairs) > 12
    assert done.stderr == ""
    for (command, expected), actual in zip(pairs, outputs, strict=True):
        assert matches(expected, actual.splitlines()), f"$ {command}\n{actual}"


def test_the_comparison_can_fail():
    assert matches(["a", "...", "c"], ["a", "b", "b", "c"])
    assert not matches(["a", "...", "c"], ["a", "b", "d"])
    assert not matches(["a"], ["a b"])
