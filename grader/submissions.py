"""Submissions: whose there are in a folder, a zip or a single file, and what each of them says.

`find` looks at names only; `read` takes the snapshot of one submission, once, and is what a worker process calls.
Layouts: <student>/<id>.py or .ipynb, nbgrader's <student>/<id>/<id>.ipynb with timestamp.txt, the bulk downloads of
Canvas, Moodle and Gradescope, all of them also in a zip or one folder further down; the folder, zip or file of one
student alone. Every folder of the class gives a student, with or without a submission; files beside them and hidden
files are ignored.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from grader import downloads, notebooks
from grader.errors import UsageError
from grader.messages import feedback
from grader.model import Feedback, Limits, Submission
from grader.names import did_you_mean, printable, printable_path
from grader.snapshots import Refused, too_large
from grader.snapshots import UnreadableSubmission as UnreadableSubmission
from grader.submission_trees import FolderTree, Kind, Parts, Place, Tree, ZipTree

_TIMESTAMP = "timestamp.txt"
_TIMESTAMP_BYTES = 200
_LEVELS = 2  # how far down the students may begin, each level the only folder in its parent
_NOT_STUDENTS = frozenset({"__MACOSX", "__pycache__"})
_COPY = r"(?:[ _-]*\(\d+\)|[ -]+\d+|[ _-]*copy\d*)*"  # what browsers and file managers add
_SUFFIX = re.compile(r"\.(py|ipynb)(?:\.txt|\.json)?$", re.IGNORECASE)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip file or an Office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a compiled program"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
)
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\b\x1b") + b"\x7f"
_SAMPLE_BYTES = 8192
_CONTROL_SHARE = 0.05  # random bytes have 0.10, and Python in any encoding but UTF-16 next to none


class SubmissionRef(msgspec.Struct, frozen=True, kw_only=True):
    """Whose submission it is and where; small, and can be sent to another process.

    place: None when there is no file, and then `problem` says why. submitted_at: as the download tells it.
    """

    student: str
    file_name: str
    place: Place | None
    timestamp: Place | None = None
    submitted_at: str | None = None
    notes: tuple[Feedback, ...] = ()
    problem: Feedback | None = None


def find(path: Path, assignment_id: str) -> list[SubmissionRef]:
    """The submissions of the assignment at `path`, a folder, a zip or one file; sorted by student.

    Raises UsageError, one sentence, when there is nothing there or nothing of this assignment.
    """
    path = Path(os.path.abspath(path))
    try:
        mode = os.lstat(path).st_mode
        target_mode = os.stat(path).st_mode if stat.S_ISLNK(mode) and not _SUFFIX.search(path.name) else mode
    except FileNotFoundError as error:
        raise UsageError(f"no such file or folder: {printable_path(path)}") from error
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(path)}: {error.strerror}") from error
    if stat.S_ISDIR(target_mode):
        return _find_in(FolderTree(path), path.name, assignment_id)
    if _SUFFIX.search(path.name):
        return [single(path, assignment_id)]
    if stat.S_ISREG(target_mode) and (path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)):
        return _find_in(ZipTree(path), path.stem, assignment_id)
    raise UsageError(f"{printable_path(path)} is neither a folder nor a .py, .ipynb or .zip file")


def single(path: Path, assignment_id: str) -> SubmissionRef:
    """The file `path`, whatever its name: that of the student, or <id>.py in a folder named like the student."""
    path = Path(os.path.abspath(path))
    is_assignment = _copies(assignment_id).fullmatch(path.name) is not None
    stem = _SUFFIX.sub("", path.name)
    student = path.parent.name if is_assignment and path.parent.name else stem
    return SubmissionRef(
        student=_identity(student), file_name=path.name, place=FolderTree(path.parent).place((path.name,))
    )


def in_folder(folder: Path, assignment_id: str, student: str) -> SubmissionRef:
    """The submission of `student` in `folder`, in which nobody else's files lie, whatever folders it holds."""
    tree = FolderTree(Path(os.path.abspath(folder)))
    found = _located(tree, (), Kind.FOLDER, assignment_id) or _missing(tree, (), assignment_id)
    return msgspec.structs.replace(found, student=_identity(student))


def of_bytes(data: bytes, limits: Limits, *, student: str, file_name: str, submitted_at: str | None) -> Submission:
    """The submission whose file `file_name` holds `data`; what is wrong with it becomes `problem`, as in `read`."""
    source, problem = b"", None
    try:
        if len(data) > limits.submission_bytes:
            raise too_large(file_name, len(data), limits.submission_bytes)
        source = _source(data, file_name)
    except Refused as refused:
        problem = refused.problem
    return Submission(
        student=_identity(student),
        file_name=file_name,
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        submitted_at=submitted_at,
        problem=problem,
    )


def read(ref: SubmissionRef, limits: Limits) -> Submission:
    """The submission as it is now.

    What the student did wrong (nothing handed in, a link, an empty file …) becomes `problem`, with an empty source;
    where nothing was read the digest is empty too. Raises UnreadableSubmission where the fault is ours.
    """
    submitted_at, late_notes = _submitted_at(ref.timestamp)
    notes = ref.notes + late_notes
    source, digest, problem = b"", "", ref.problem
    if ref.place is not None:
        try:
            data = ref.place.read(max_bytes=limits.submission_bytes)
            digest = hashlib.sha256(data).hexdigest()
            source = _source(data, ref.file_name)
        except Refused as refused:
            problem = refused.problem
    return Submission(
        student=ref.student,
        file_name=ref.file_name,
        source=source,
        sha256=digest,
        submitted_at=submitted_at or ref.submitted_at,
        notes=notes,
        problem=problem,
    )


def _find_in(tree: Tree, name: str, assignment_id: str) -> list[SubmissionRef]:
    """The submissions in `tree`, whose root is called `name`."""
    base: Parts = ()
    for _ in range(_LEVELS + 1):
        entries = _entries(tree, base)
        download = downloads.recognised(tree, base, entries, assignment_id)
        if download is not None:
            return _find_in_download(download, assignment_id)
        students = [entry for entry, kind in entries.items() if kind in {Kind.FOLDER, Kind.FOLDER_LINK}]
        refs = {student: _located(tree, (*base, student), entries[student], assignment_id) for student in students}
        if any(ref is not None for student, ref in refs.items() if student != assignment_id):
            return _named(tree, base, refs, assignment_id)
        alone = _located(tree, base, Kind.FOLDER, assignment_id)
        if alone is not None:
            return [msgspec.structs.replace(alone, student=_identity(base[-1] if base else name))]
        if len(students) != 1:
            break
        base = (*base, students[0])
    raise _nothing_found(tree, assignment_id)


def _find_in_download(download: downloads.DownloadTree, assignment_id: str) -> list[SubmissionRef]:
    """The submissions in a bulk download, with what it says of each."""
    refs = {
        student: _located(download, (student,), kind, assignment_id) for student, kind in download.entries(()).items()
    }
    if not any(refs.values()):
        raise _nothing_found(download, assignment_id)
    for student, hand_in in download.hand_ins.items():
        ref = refs[student] or _missing(download, (student,), assignment_id)
        refs[student] = msgspec.structs.replace(ref, notes=hand_in.notes + ref.notes, submitted_at=hand_in.submitted_at)
    return _named(download, (), refs, assignment_id)


def _entries(tree: Tree, base: Parts) -> dict[str, Kind]:
    """What counts in the folder `base`."""
    try:
        entries = tree.entries(base)
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(tree.root.joinpath(*base))}: {error.strerror}") from error
    return {name: kind for name, kind in entries.items() if not name.startswith(".") and name not in _NOT_STUDENTS}


def _named(tree: Tree, base: Parts, refs: dict[str, SubmissionRef | None], assignment_id: str) -> list[SubmissionRef]:
    """One reference per folder of the class, with the student's name in it.

    Two names that differ only in normalization stay two: both are used as they are.
    """
    identities = Counter(_identity(name) for name in refs)
    found = []
    for name, ref in refs.items():
        student = _identity(name) if identities[_identity(name)] == 1 else printable(name)
        given = ref if ref is not None else _missing(tree, (*base, name), assignment_id)
        found.append(msgspec.structs.replace(given, student=student))
    return sorted(found, key=lambda ref: ref.student)


def _located(tree: Tree, folder: Parts, kind: Kind, assignment_id: str) -> SubmissionRef | None:
    """The submission in one student's folder, still without a name; None when there is none."""
    if kind is Kind.FOLDER_LINK:
        return _problem(assignment_id, feedback("submission_folder_link", folder=folder[-1]))
    for place in (folder, (*folder, assignment_id)):
        try:
            entries = tree.entries(place)
        except FileNotFoundError:
            return None
        except OSError:
            # Not to be listed. The file may still be readable; if not, reading it says why.
            expected = f"{assignment_id}.py"
            return SubmissionRef(student="", file_name=expected, place=tree.place((*place, expected)))
        chosen = _choose(tree, place, entries, assignment_id)
        if chosen is not None:
            return chosen
        if entries.get(assignment_id) is Kind.FOLDER_LINK:
            return _problem(assignment_id, feedback("submission_folder_link", folder=assignment_id))
        if entries.get(assignment_id) is not Kind.FOLDER:
            return None
    return None


def _choose(tree: Tree, folder: Parts, entries: dict[str, Kind], assignment_id: str) -> SubmissionRef | None:
    """The file that counts among `entries`: the exact name before a copy's, .py before .ipynb."""
    pattern = _copies(assignment_id)
    exact = [name for name in (f"{assignment_id}.py", f"{assignment_id}.ipynb") if name in entries]
    copies = [name for name in entries if name not in exact and pattern.fullmatch(name)]
    pool = exact or [name for name in copies if not _is_notebook(name)] or copies
    if not pool:
        return None
    if not exact and len(pool) > 1:
        return _problem(
            assignment_id, feedback("submission_ambiguous", files=", ".join(pool), file=f"{assignment_id}.py")
        )
    name = pool[0]
    notes = []
    if len(exact) == 2:
        notes.append(feedback("submission_two_formats", file=name, other=exact[1]))
    others = [copy for copy in copies if copy != name]
    if others:
        notes.append(feedback("submission_copies", file=name, others=", ".join(others)))
    if not exact:
        notes.append(feedback("submission_renamed", file=name, expected=_expected(assignment_id, name)))
    return SubmissionRef(
        student="",
        file_name=name,
        place=_place(tree, (*folder, name), entries[name]),
        timestamp=tree.place((*folder, _TIMESTAMP)) if entries.get(_TIMESTAMP) is Kind.FILE else None,
        notes=tuple(notes),
        problem=feedback("submission_folder", file=name) if entries[name] is Kind.FOLDER else None,
    )


def _place(tree: Tree, parts: Parts, kind: Kind) -> Place | None:
    """The place of what will be read; folders have none, in a zip at least."""
    return None if kind is Kind.FOLDER else tree.place(parts)


def _missing(tree: Tree, folder: Parts, assignment_id: str) -> SubmissionRef:
    """A student of whom there is a folder, and no submission in it."""
    try:
        others = [name for name in tree.entries(folder) if not name.startswith(".")]
    except OSError:
        others = []
    if not others:
        return _problem(assignment_id, feedback("submission_missing", file=f"{assignment_id}.py"))
    shown = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
    return _problem(assignment_id, feedback("submission_misnamed", file=f"{assignment_id}.py", files=shown))


def _problem(assignment_id: str, problem: Feedback) -> SubmissionRef:
    return SubmissionRef(student="", file_name=f"{assignment_id}.py", place=None, problem=problem)


def _nothing_found(tree: Tree, assignment_id: str) -> UsageError:
    """The sentence for a folder or zip without a single submission of this assignment."""
    shown = printable_path(tree.root)
    expected = f"{shown}/<student>/{assignment_id}.py or .ipynb"
    entries = _entries(tree, ())
    if not entries:
        return UsageError(f"{shown} is empty; expected {expected}")
    counted: Counter[str] = Counter()
    for student, kind in entries.items():
        if kind is Kind.FOLDER:
            counted.update(_hand_ins(tree, (student,)))
    if not counted:
        return UsageError(f"no submission of {assignment_id} in {shown}; expected {expected}")
    name, folders = min(counted.items(), key=lambda item: (-item[1], item[0]))
    where = "1 folder" if folders == 1 else f"{folders} folders"
    other = _SUFFIX.sub("", name)
    hint = f"did you mean --assignment {printable(other)}?"
    if did_you_mean(other, [assignment_id]):
        hint = f"a submission must be named {assignment_id}.py or .ipynb"
    return UsageError(f"no submission of {assignment_id} in {shown}: found {printable(name)} in {where}; {hint}")


def _hand_ins(tree: Tree, folder: Parts) -> Iterable[str]:
    """Python files and notebooks in a student's folder, those in nbgrader's folders per assignment included."""
    try:
        entries = tree.entries(folder)
        found = {name for name, kind in entries.items() if kind is Kind.FILE and _SUFFIX.search(name)}
        for name, kind in entries.items():
            if kind is Kind.FOLDER:
                found |= {inner for inner in tree.entries((*folder, name)) if _SUFFIX.sub("", inner) == name}
    except OSError:
        return set()
    return found


def _copies(assignment_id: str) -> re.Pattern[str]:
    """Names under which a file <id>.py or <id>.ipynb arrives after a download or two."""
    return re.compile(re.escape(assignment_id) + _COPY + _SUFFIX.pattern, re.IGNORECASE)


def _expected(assignment_id: str, name: str) -> str:
    return f"{assignment_id}.ipynb" if _is_notebook(name) else f"{assignment_id}.py"


def _is_notebook(name: str) -> bool:
    return ".ipynb" in name.lower()


def _identity(name: str) -> str:
    """The student whose folder is called `name`: printable, and the same whether macOS or Linux made the folder."""
    return printable(unicodedata.normalize("NFC", name))


def _source(data: bytes, file_name: str) -> bytes:
    """The Python source in `data`. Raises Refused when there is none."""
    if not data.strip(b" \t\r\n\f\v\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused(feedback("submission_empty", file=file_name))
    kind = _binary_kind(data)
    if kind is not None:
        raise Refused(feedback("submission_binary", file=file_name, kind=kind))
    if not _is_notebook(file_name):
        return data
    try:
        source = notebooks.to_source(data)
    except notebooks.BrokenNotebook as error:
        raise Refused(feedback("submission_broken_notebook", file=file_name, reason=error)) from error
    if source is None:
        raise Refused(feedback("submission_without_code", file=file_name))
    return source


def _binary_kind(data: bytes) -> str | None:
    """What `data` is if it is no text, else None. UTF-16 is text, and so is a file with a stray null byte."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(_WIDE_BOMS):
        return None
    sample = data[:_SAMPLE_BYTES]
    zeros = sorted((sample[0::2].count(0), sample[1::2].count(0)))
    is_utf16 = zeros[1] > 0.3 * len(sample) and zeros[0] < 0.02 * len(sample)
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return "binary data" if control > _CONTROL_SHARE * len(sample) and not is_utf16 else None


def _submitted_at(timestamp: Place | None) -> tuple[str | None, tuple[Feedback, ...]]:
    """The time in nbgrader's timestamp.txt as ISO 8601 in UTC, and a note when it cannot be understood."""
    if timestamp is None:
        return None, ()
    try:
        text = timestamp.read(max_bytes=_TIMESTAMP_BYTES).decode("utf-8-sig").strip()
        return _parsed_time(text).astimezone(UTC).isoformat(), ()
    except (Refused, UnreadableSubmission, ValueError, KeyError, OverflowError, OSError):
        return None, (feedback("submission_time_unknown", file=_TIMESTAMP),)


def _parsed_time(text: str) -> datetime:
    """`2026-02-02 15:58:23.948203 UTC`: the zone as an offset, an IANA name, or absent for UTC, as in nbgrader."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        moment, _, zone = text.rpartition(" ")
        time = datetime.fromisoformat(moment)
        return time.replace(tzinfo=UTC if zone in {"UTC", "GMT"} else ZoneInfo(zone))
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
