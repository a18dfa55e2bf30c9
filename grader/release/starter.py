"""assignments/<id>/, generated from solutions/<id>/ and the visible tests of autograde_tests/<id>/."""

from __future__ import annotations

import ast
import copy
import hashlib
import logging
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import manifest
from grader.checks.misconceptions import Misconception, load_misconceptions
from grader.course import load_reference
from grader.errors import GraderError, ManifestError
from grader.model import Assignment, Limits, Submission
from grader.recordings import PUBLIC_SEED, RecordingReference, Recordings
from grader.release.starter_notebook import starter_notebook
from grader.release.visible_tests import visible_part
from grader.sandbox.fake import FakeWorker
from grader.session import visible_session

logger = logging.getLogger(__name__)

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_LIKE_A_MARKER = re.compile(r"^\s*#.*\b(begin|end)[\s_-]*solution", re.IGNORECASE)
RECORDED = "recorded.json"


def starter_source(solution: str, exercises: Sequence[str], *, origin: str) -> str:
    """`solution` with every solution region replaced by a stub that names its exercise.

    Raises ManifestError, naming `origin` and the line, when `solution` does not parse, a marker is misspelt, markers
    are unbalanced, a region lies outside a function or reaches into another one, or an exercise has none.
    """
    functions = _functions_by_line(solution, origin)
    written: list[str] = []
    begun: int | None = None
    seen: set[str] = set()
    for number, line in enumerate(solution.split("\n"), start=1):
        marker = line.strip()
        if marker == BEGIN:
            if begun is not None:
                raise ManifestError(f"{origin}: line {number}: {BEGIN} inside the region that begins in line {begun}")
            begun = number
            if number not in functions:
                raise ManifestError(f"{origin}: line {number}: {BEGIN} stands outside any function")
            name, _ = functions[number]
            seen.add(name)
            written.append(f'{line[: line.index("#")]}raise NotImplementedError("{name}")')
        elif marker == END:
            if begun is None:
                raise ManifestError(f"{origin}: line {number}: {END} without {BEGIN}")
            begun = None
        elif _LIKE_A_MARKER.search(line):
            # Taken for a comment, it would hand the solution out.
            raise ManifestError(f"{origin}: line {number}: {marker!r} should be exactly {BEGIN} or {END}")
        elif begun is None:
            written.append(line)
        elif marker and not marker.startswith("#") and functions.get(number) != functions[begun]:
            raise ManifestError(
                f"{origin}: line {number}: the region that begins in line {begun} reaches beyond "
                f"{functions[begun][0]}; close it with {END}"
            )
    if begun is not None:
        raise ManifestError(f"{origin}: line {begun}: {BEGIN} without {END}")
    if missing := [name for name in exercises if name not in seen]:
        raise ManifestError(f"{origin}: no solution region in {', '.join(missing)}; mark it with {BEGIN} … {END}")
    return "\n".join(written).rstrip("\n") + "\n"


def _functions_by_line(solution: str, origin: str) -> dict[int, tuple[str, int]]:
    """For every line of a top-level function or a method: the function's name and first line."""
    try:
        tree = ast.parse(solution)
    except SyntaxError as error:
        raise ManifestError(f"{origin}: line {error.lineno}: does not parse: {error.msg}") from None
    outer = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    methods = [
        node
        for owner in tree.body
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
    ]
    return {
        line: (node.name, node.lineno)
        for node in (*outer, *methods)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def generate(assignment: Assignment) -> dict[str, bytes]:
    """Every file of assignments/<id>/ by its path relative to that folder."""
    solution_file = assignment.solution_file
    names = [exercise.name for exercise in assignment.exercises]
    solution = solution_file.read_text(encoding="utf-8")
    starter = starter_source(solution, names, origin=str(solution_file))
    files: dict[str, str] = {
        f"{assignment.id}.py": starter,
        f"{assignment.id}.ipynb": starter_notebook(starter, names, assignment_id=assignment.id),
        "assignment.toml": manifest.public_part(assignment),
    }
    for path in sorted(assignment.tests_folder.glob("test_*.py")):
        part = visible_part(path.read_text(encoding="utf-8"), origin=str(path))
        if part is not None:
            files[f"checks/{path.name}"] = part
    contents = {name: text.encode() for name, text in files.items()}
    readme = solution_file.parent / "README.md"
    if readme.is_file():
        contents["README.md"] = readme.read_bytes()
    data = solution_file.parent / "data"
    for path in sorted(data.rglob("*")):
        inside = path.relative_to(data)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            contents[f"data/{inside.as_posix()}"] = path.read_bytes()
    contents[f"checks/{RECORDED}"] = record(assignment, contents).to_json().encode()
    return contents


def record(assignment: Assignment, contents: Mapping[str, bytes]) -> Recordings:
    """The answers that the visible tests in `contents` need, from reference and misconceptions.

    Raises GraderError when the reference does not pass its own visible tests.
    """
    recordings = Recordings()
    reference = load_reference(assignment)
    misconceptions = load_misconceptions(assignment.tests_folder / "misconceptions.py")
    for misconception in misconceptions:
        recordings.describe(misconception)

    def observe(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        recordings.add(function, args, kwargs, _answer(getattr(reference, function), args, kwargs))
        for misconception in misconceptions:
            if misconception.exercise == function:
                _record_misconception(recordings, misconception, reference, args, kwargs)

    def spawn(_: Limits) -> FakeWorker:
        return FakeWorker(reference, observe=observe)

    with tempfile.TemporaryDirectory(prefix="grader-build-") as name:
        folder = Path(name)
        write(contents, folder)
        recorder = RecordingReference(reference, recordings)
        with visible_session(assignment, folder, reference=recorder, misconceptions=(), spawn=spawn) as session:
            result = session.grade(_solution_as_submission(assignment), PUBLIC_SEED)
    lost = [test for exercise in result.exercises for test in exercise.tests if test.score < test.max_score]
    if result.error is not None or lost:
        what = result.error or "; ".join(f"{t.test}: {' '.join(f.rationale for f in t.feedback)}" for t in lost)
        raise GraderError(f"{assignment.id}: the reference does not pass its own visible tests: {what}")
    return recordings


def build(assignment: Assignment) -> None:
    """Write assignments/<id>/ anew; what no longer belongs there goes."""
    contents = generate(assignment)
    for stale in _others(assignment.starter_folder, contents):
        stale.unlink()
    write(contents, assignment.starter_folder)


def stale_files(assignment: Assignment) -> list[str]:
    """What `build` would change, as sentences; empty when assignments/<id>/ is up to date.

    Recorded answers are compared up to rounding, since another BLAS gives other last bits.
    """
    folder = assignment.starter_folder
    contents = generate(assignment)
    findings = []
    for name, content in contents.items():
        path = folder / name
        if not path.is_file():
            findings.append(f"{path}: is missing")
        elif not _is_same(path, content):
            findings.append(f"{path}: differs from what {assignment.solution_file} and the visible tests give")
    findings += [f"{path}: does not belong there" for path in _others(folder, contents)]
    return findings


def _is_same(path: Path, content: bytes) -> bool:
    if path.name != RECORDED:
        return path.read_bytes() == content
    try:
        theirs = Recordings.from_json(path.read_text(encoding="utf-8"), origin=path)
    except (GraderError, UnicodeDecodeError):
        return False
    return Recordings.from_json(content.decode(), origin=path).is_close_to(theirs)


def _others(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Files in `folder` that are not among `contents`; caches do not count."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(folder).as_posix() not in contents
    ]


def write(contents: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their paths relative to `folder`."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _answer(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    copied_args, copied_kwargs = copy.deepcopy((args, kwargs))
    return function(*copied_args, **copied_kwargs)


def _record_misconception(
    recordings: Recordings,
    misconception: Misconception,
    reference: object,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> None:
    """Record what a wrong idea answers; where it raises, there is no answer to recognise."""
    try:
        copied_args, copied_kwargs = copy.deepcopy((args, kwargs))
        answer = misconception.evaluate(reference, copied_args, copied_kwargs)
        recordings.add(misconception.exercise, args, kwargs, answer, source=misconception.key)
    except Exception as error:
        logger.debug("%s gives no answer: %s", misconception.key, error)


def _solution_as_submission(assignment: Assignment) -> Submission:
    source = assignment.solution_file.read_bytes()
    return Submission(
        student="reference",
        file_name=assignment.solution_file.name,
        source=source,
        sha256=hashlib.sha256(source).hexdigest(),
    )
