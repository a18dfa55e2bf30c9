"""The hand-out of an assignment: what learners get, as a folder and a zip, proven to hold nothing else.

The proof does not trust what made the files. It looks into the finished hand-out for the solution and the hidden tests
themselves: every statement that learners are to write, and every statement of a hidden test or of a misconception, must
not stand in any of its files unless the visible part has the very same statement for a reason of its own.
"""

from __future__ import annotations

import ast
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader import archives, out_folder
from grader.checks.misconceptions import load_misconceptions
from grader.errors import GraderError, UsageError
from grader.model import Assignment
from grader.names import printable_path
from grader.release import starter
from grader.release.visible_tests import visible_part

_SHORTEST = 25  # characters of a statement that tells something; `return A, Z` stands in many an honest text


def release(assignment: Assignment, out: Path) -> tuple[Path, Path]:
    """Write the hand-out into OUT/<id>/ and OUT/<id>.zip, and return both.

    What is released is generated anew, so that it cannot be stale. Raises UsageError when OUT/<id> holds anything
    already, and GraderError when the proof finds something that learners must not get; nothing is written then.
    """
    contents = starter.generate(assignment)
    if leaks := find_leaks(assignment, contents):
        raise GraderError(f"{assignment.id} is not released: " + "; ".join(leaks))
    folder, archive = out / assignment.id, out / f"{assignment.id}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{printable_path(folder)} is not empty; name another folder with --out, or remove it")
        starter.write(contents, folder)
        with out_folder.open_atomically(archive) as file, zipfile.ZipFile(file, "w") as zipped:
            for name in sorted(contents):
                archives.add(zipped, f"{assignment.id}/{name}", contents[name])
    except OSError as error:
        raise out_folder.not_writable(out, error) from error
    return folder, archive


def find_leaks(assignment: Assignment, contents: Mapping[str, bytes]) -> list[str]:
    """What of the solution, the hidden tests and the misconceptions stands in the files `contents`, as sentences."""
    texts = {name: _plain(_text(name, content)) for name, content in contents.items()}
    allowed = _plain("\n".join(_visible_sources(assignment)))
    findings = []
    for origin, statement in _secrets(assignment):
        needle = _plain(statement)
        if len(needle) < _SHORTEST or needle in allowed:
            continue
        findings += [
            f"{name} holds {origin}: {statement.strip().splitlines()[0]}" for name in texts if needle in texts[name]
        ]
    return findings


def _secrets(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """Statements that learners must not get, with where each is from."""
    solution = assignment.solution_file.read_text(encoding="utf-8")
    yield from (("a line of the solution", region) for region in _solution_statements(solution))
    for path in sorted(assignment.tests_folder.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            for inner in getattr(node, "body", []) if isinstance(node, ast.FunctionDef | ast.ClassDef) else []:
                if not _is_docstring(inner):
                    yield f"a line of {path.name}", _lines(source, inner)


def _solution_statements(solution: str) -> Iterator[str]:
    """The statements inside the solution regions."""
    lines = solution.splitlines()
    inside = False
    regions = set()
    for number, line in enumerate(lines, start=1):
        if line.strip() in (starter.BEGIN, starter.END):
            inside = line.strip() == starter.BEGIN
        elif inside:
            regions.add(number)
    for node in ast.walk(ast.parse(solution)):
        if isinstance(node, ast.stmt) and node.lineno in regions:
            yield _lines(solution, node)


def _visible_sources(assignment: Assignment) -> Iterator[str]:
    """The texts that learners do get: what may stand there although it stands in a hidden place, too."""
    solution = assignment.solution_file.read_text(encoding="utf-8")
    names = [exercise.name for exercise in assignment.exercises]
    yield starter.starter_source(solution, names, origin=str(assignment.solution_file))
    for path in sorted(assignment.tests_folder.glob("test_*.py")):
        yield visible_part(path.read_text(encoding="utf-8"), origin=str(path)) or ""
    for misconception in load_misconceptions(assignment.tests_folder / "misconceptions.py"):
        yield f"{misconception.rationale}\n{misconception.help}"  # these are for learners, and may show code
    readme = assignment.solution_file.parent / "README.md"
    if readme.is_file():
        yield readme.read_text(encoding="utf-8")


def _text(name: str, content: bytes) -> str:
    """A file as text; of JSON the strings in it, which are lines of one text in a notebook's cell."""
    text = content.decode("utf-8", "replace")
    return "".join(_strings(json.loads(text))) if name.endswith((".ipynb", ".json")) else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)


def _plain(text: str) -> str:
    """`text` without white space, so that another indentation hides nothing."""
    return "".join(text.split())


def _lines(source: str, node: ast.stmt) -> str:
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
