"""A class of any size for benchmarks: submissions of deep_network in a realistic mix, each file different.

    python benchmarks/class_of.py 1000 FOLDER [--seed 1] [--peaceful]

Of a hundred: 35 right in many styles (reference, tests/data/variants), 40 with one mistake of the demo class, 15 with
a small fault in the reference (the mutants of `grader validate`), 5 untouched starters, 3 notebooks, and 2 that are
hostile: an endless loop, a crash, an attack on the grader, memory without end, floods of output. --peaceful leaves out
those that only a sandbox survives, for peers that have none.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from grader.validation.mutants import mutants

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "deep_network"
HOSTILE_ENDINGS = (
    "\n\ndef predict(X, parameters):\n    hoard = []\n    while True:\n        hoard.append(np.ones(1 << 24))\n",
    "\n\ndef predict(X, parameters):\n    while True:\n        print('x' * 10000)\n",
    "\n\ndef predict(X, parameters):\n    import os\n    while True:\n        os.fork()\n",
    "\n\ndef predict(X, parameters):\n    import os\n    os.kill(os.getppid(), 9)\n    os._exit(0)\n",
    "\n\nwhile True:\n    pass\n",
)

Source = tuple[str, str]  # name of the file, text


def kinds(*, peaceful: bool = False) -> list[tuple[int, list[Source]]]:
    """What there is, with how many of a hundred it makes up."""
    course = ROOT / "examples" / "class"
    demo = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(course.glob(f"*/{ASSIGNMENT}.py"))}
    reference = (ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py").read_text(encoding="utf-8")
    styles = sorted((ROOT / "tests" / "data" / "variants" / ASSIGNMENT).glob("*.py"))
    variants = [path.read_text(encoding="utf-8") for path in styles]
    starter = ROOT / "assignments" / ASSIGNMENT
    faults = [mutant.source for mutant in mutants(reference, "# BEGIN SOLUTION", "# END SOLUTION")]
    file = f"{ASSIGNMENT}.py"
    hostile_students = json.loads((ROOT / "benchmarks" / "not_for_peers.json").read_text(encoding="utf-8"))
    right = [reference, demo["ada"], demo["grace"], *variants]
    wrong = [text for name, text in demo.items() if name not in ("ada", "grace", "untouched", *hostile_students)]
    hostile = [demo[name] for name in hostile_students] + [reference + ending for ending in HOSTILE_ENDINGS]
    notebook = (starter / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    found = [
        (35, [(file, text) for text in right]),
        (40, [(file, text) for text in wrong]),
        (15, [(file, text) for text in faults if _ends(text)]),
        (5, [(file, demo["untouched"])]),
        (3, [(f"{ASSIGNMENT}.ipynb", notebook)]),
    ]
    return found if peaceful else [*found, (2, [(file, text) for text in hostile])]


def make_class(folder: Path, count: int, *, seed: int = 1, peaceful: bool = False) -> None:
    """Write `count` submissions into `folder`; equal arguments give equal files."""
    rng = random.Random(seed)
    parts = kinds(peaceful=peaceful)
    weights = [share for share, _ in parts]
    for number in range(count):
        sources = rng.choices(parts, weights)[0][1]
        name, text = rng.choice(sources)
        student = folder / f"student-{number:05d}"
        student.mkdir(parents=True)
        (student / name).write_text(_own(text, name, number), encoding="utf-8")


def _own(text: str, name: str, number: int) -> str:
    """`text` as no other student has it."""
    if name.endswith(".ipynb"):
        return text.replace('"nbformat_minor"', f'"student": {number},\n "nbformat_minor"', 1)
    return f"{text}\n# {number}\n"


def _ends(text: str) -> bool:
    """Whether a mutant has no loop that its fault could make endless."""
    return "while" not in text


def main() -> None:
    """Write the class."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peaceful", action="store_true")
    options = parser.parse_args()
    make_class(options.folder, options.count, seed=options.seed, peaceful=options.peaceful)


if __name__ == "__main__":
    main()
