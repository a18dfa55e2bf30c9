"""Records what `grader check` prints as docs/images/check.svg: the same file from the same code.

python docs/images/record_check.py
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from grader import checking
from grader.reporters import terminal

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT, STUDENT = "deep_network", "blaise"
EXERCISES = ("cross_entropy_cost", "affine_backward", "activation_backward")
COLUMNS = 80


def main() -> None:
    """Write the picture beside this file."""
    Path(__file__).with_name("check.svg").write_text(recording(), encoding="utf-8")


def recording() -> str:
    """What a learner with one mistake sees."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / ASSIGNMENT
        shutil.copytree(COURSE / "assignments" / ASSIGNMENT, folder)
        shutil.copy(COURSE / "examples" / "class" / STUDENT / f"{ASSIGNMENT}.py", folder)
        record = checking.check(folder, only=EXERCISES)
    console = Console(
        file=io.StringIO(),
        width=COLUMNS,
        record=True,
        highlight=False,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print("[bold]$[/bold] grader check", highlight=False)
    terminal.print_check(record, console)
    # A fixed id: by default it is a checksum that differs between versions of rich.
    picture = console.export_svg(title=f"grader check: {ASSIGNMENT}", unique_id="check")
    # A picture that asks for fonts elsewhere looks different wherever it may not.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", picture.replace("Fira Code", "ui-monospace, Menlo, Consolas"), flags=re.DOTALL)


if __name__ == "__main__":
    sys.exit(main())
