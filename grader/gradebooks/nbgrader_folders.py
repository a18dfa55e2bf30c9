"""What an nbgrader course holds of a graded class: the notebooks that formgrader shows, the pages that are released.

    autograded/<student>/<id>/      the submission, with the cells that carry points as they were released
    feedback/<student>/<id>/        the feedback page, and what `nbgrader release_feedback` knows the student by

Needs nbgrader, so it is imported where it is used.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import Config, PyFileConfigLoader

from grader import notebooks, out_folder, submissions
from grader.errors import UsageError
from grader.names import file_stem, printable, printable_path
from grader.records import Record
from grader.snapshots import Refused
from grader.submission_trees import FolderTree, Kind
from grader.submissions import SubmissionRef, UnreadableSubmission

_CONFIG = "nbgrader_config.py"
_TIMESTAMP, _SECRET = "timestamp.txt", "submission_secret.txt"
_SECRET_BYTES = 1000
_MOST_BYTES = 100 << 20  # of a submission; what was graded is smaller, whatever the assignment allows
_MISSING = "# This cell was missing from the submission."
_NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


@dataclass
class Placed:
    """How many files there are of each kind, and the students for whom there is none."""

    pages: int = 0
    notebooks: int = 0
    without_folder: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


class Course:
    """One assignment in the nbgrader course at `root`, with the settings of its nbgrader_config.py.

    refs: what lies in submitted/, by student. released: the cells that nbgrader knows, by their ids; none where the
    course does not have the assignment. Raises UsageError where there is no such folder, or where it cannot be read.
    """

    def __init__(self, folder: Path, assignment_id: str) -> None:
        if not folder.is_dir():
            raise UsageError(f"no such folder: {printable_path(folder)}; --course-dir names an nbgrader course")
        self.root = folder.resolve()
        self._assignment_id = assignment_id
        self._directory = CourseDirectory(config=_config(self.root), root=str(self.root))
        self.course_id: str = self._directory.course_id
        self.db_url: str = self._directory.db_url
        self.refs = self._refs()
        self.released = self._released()

    def folder(self, step: str, student: str) -> Path:
        """The folder of the assignment in `source`, `autograded` or `feedback`."""
        name = getattr(self._directory, f"{step}_directory")
        return Path(self._directory.format_path(name, student, self._assignment_id))

    def names_of_folders(self) -> dict[str, str]:
        """The name of each student's folder in submitted/, which is what nbgrader calls the student."""
        names = {}
        for student, ref in self.refs.items():
            *above, last = (ref.place.parts[:-1] if ref.place is not None else ()) or ("",)
            name = above[-1] if above and last == self._assignment_id else last
            if name and name.isprintable():
                names[student] = name
        return names

    def _refs(self) -> dict[str, SubmissionRef]:
        try:
            found = submissions.find(self.root / self._directory.submitted_directory, self._assignment_id)
        except UsageError:
            return {}  # graded elsewhere, from a download of another system: formgrader then has nothing to show
        return {ref.student: ref for ref in found}

    def _released(self) -> dict[str, Any]:
        path = self.folder("source", ".") / f"{self._assignment_id}.ipynb"
        try:
            cells = nbformat.read(path, as_version=4).cells
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, nbformat.ValidationError) as error:
            raise UsageError(f"cannot read {printable_path(path)}: {printable(str(error))}") from error
        return {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}


def write(course: Course, out: Path, records: Sequence[Record], ids: Mapping[str, str]) -> Placed:
    """Place page and notebook of every record. ids: what nbgrader calls its student.

    Raises UsageError where a page is not in OUT, before anything is written, and where a file cannot be written.
    """
    pages = {record.student: _page(out, record) for record in records}
    placed = Placed()
    for record in records:
        student, ref = ids[record.student], course.refs.get(record.student)
        if ref is None and file_stem(student) != student:
            placed.without_folder.append(student)
            continue
        place = course.folder("feedback", student)
        _write_files(place, _feedback_files(record, pages[record.student].read_bytes(), ref, place))
        placed.pages += 1
        if ref is not None and course.released:
            _place_notebook(course, record, student, ref, placed)
    return placed


def _place_notebook(course: Course, record: Record, student: str, ref: SubmissionRef, placed: Placed) -> None:
    data = _data(ref) if record.submission.sha256 else b""  # without a digest nothing was read when it was graded
    if record.submission.sha256 not in ("", hashlib.sha256(data).hexdigest()):
        placed.changed.append(student)
        return
    notebook = autograded_notebook(data, course.released, is_notebook=".ipynb" in ref.file_name.lower())
    files = {f"{record.assignment}.ipynb": notebook, **_identity_files(record, ref)}
    _write_files(course.folder("autograded", student), files)
    placed.notebooks += 1


def autograded_notebook(data: bytes, released: Mapping[str, Any], *, is_notebook: bool) -> bytes:
    """The submission `data` as nbgrader shows it: without outputs, with the cells of `released` once each.

    A cell that carries points is as it was released, whatever the student made of it. A cell that the student copied or
    invented keeps its text and loses what nbgrader would know it by. What is missing comes last.
    """
    left = dict(released)
    cells = []
    for kind, text, grade_id in _submitted_cells(data, is_notebook=is_notebook):
        cell = _new_cell(kind, text)
        master = left.get(grade_id)
        if master is not None and master.cell_type == kind:
            cell.metadata = master.metadata
            if master.metadata.nbgrader.locked:
                cell.source = master.source
            del left[grade_id]
        cells.append(cell)
    for master in left.values():
        text = master.source if master.metadata.nbgrader.locked else _MISSING
        cells.append(_new_cell(master.cell_type, text, metadata=master.metadata))
    notebook = new_notebook(cells=cells)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # nbformat would draw them at random
    json_text: str = nbformat.writes(notebook)
    return json_text.encode("utf-8", "backslashreplace")


def _submitted_cells(data: bytes, *, is_notebook: bool) -> Iterator[tuple[str, str, str]]:
    """Kind, text and id of every cell; a file of Python is one cell, and what is no notebook has none."""
    if not is_notebook:
        if data:
            yield "code", data.decode("utf-8", "replace"), ""
        return
    try:
        for cell, text in notebooks.cells(data):
            kind = cell.get("cell_type")
            metadata = cell.get("metadata")
            facts = metadata.get("nbgrader") if isinstance(metadata, dict) else None
            grade_id = facts.get("grade_id") if isinstance(facts, dict) else None
            if kind in _NEW_CELL:
                yield kind, text, grade_id if isinstance(grade_id, str) else ""
    except notebooks.BrokenNotebook:
        return


def _new_cell(kind: str, text: str, **facts: Any) -> Any:
    make: Any = _NEW_CELL[kind]  # nbformat has incomplete types
    return make(text, **facts)


def _config(root: Path) -> Config:
    path = root / _CONFIG
    if not path.is_file():
        return Config()
    try:
        return PyFileConfigLoader(_CONFIG, path=str(root)).load_config()
    except Exception as error:  # it is a program, which may fail in any way
        reason = f"{type(error).__name__}: {printable(str(error))}"
        raise UsageError(f"{printable_path(path)} cannot be read: {reason}") from error


def _page(out: Path, record: Record) -> Path:
    page = out / out_folder.FEEDBACK / f"{record.file_stem}.html"
    if not page.is_file():
        raise UsageError(f"{printable_path(page)} is missing; write it by grader report {printable_path(out)}")
    return page


def _data(ref: SubmissionRef) -> bytes:
    """What was handed in; empty where nothing is, or nothing that is read."""
    try:
        return b"" if ref.place is None else ref.place.read(max_bytes=_MOST_BYTES)
    except (Refused, UnreadableSubmission):
        return b""


def _feedback_files(record: Record, page: bytes, ref: SubmissionRef | None, place: Path) -> dict[str, bytes]:
    """The page, with what `release_feedback` fails without; by a new secret nobody looks for the page."""
    files = _identity_files(record, ref)
    if not (place / _SECRET).is_file():
        files.setdefault(_SECRET, secrets.token_hex(64).encode())
    return {f"{record.assignment}.html": page, _TIMESTAMP: b"", **files}


def _identity_files(record: Record, ref: SubmissionRef | None) -> dict[str, bytes]:
    """The time of the submission, and the secret by which `nbgrader submit` tells whose page is whose."""
    files = {}
    if record.submission.submitted_at is not None:
        time = datetime.fromisoformat(record.submission.submitted_at).astimezone(UTC)
        files[_TIMESTAMP] = f"{time:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
    secret = None if ref is None else _secret(ref)
    return files if secret is None else {**files, _SECRET: secret}


def _secret(ref: SubmissionRef) -> bytes | None:
    if ref.place is None or ref.place.member is not None:
        return None
    tree, folder = FolderTree(ref.place.root), ref.place.parts[:-1]
    try:
        if tree.entries(folder).get(_SECRET) is not Kind.FILE:
            return None
        return tree.place((*folder, _SECRET)).read(max_bytes=_SECRET_BYTES)
    except (OSError, Refused, UnreadableSubmission):
        return None


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise out_folder.not_writable(folder, error) from error
    for name, content in files.items():
        out_folder.write_atomically(folder / name, content)
