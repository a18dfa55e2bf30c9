"""Bulk downloads of Canvas, Moodle and Gradescope, shown as the tree of a class: <student>/<file>.

Canvas: files side by side, `lovelaceada_LATE_4711_99123_deep_network-1.ipynb` (user 4711, attachment 99123).
Moodle: `Ada Lovelace_123_assignsubmission_file/deep_network.ipynb`, or the same without folders.
Gradescope: `submission_216975964/deep_network.ipynb` and a submission_metadata.yml that says whose it is.
A student is called `<name>_<id>`, with the id of that system, so that its gradebook finds the account again.
docs/lms.md has the details and where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from grader import gradescope_metadata
from grader.errors import UsageError
from grader.messages import feedback
from grader.model import Feedback
from grader.names import printable, printable_path
from grader.snapshots import Refused
from grader.submission_trees import Kind, Parts, Place, Tree

# The shortest name counts: Canvas takes numbers between underscores out of names, but not out of the names of files,
# which students choose.
_CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)??(?P<late>LATE_)?(?P<id>\d{1,30}|anon_[^\W_]+)_"
    r"(?:(?P<attachment>\d{1,30})_(?P<file>.+)|(?P<text>text|link)\.html)"
)
_MOODLE = re.compile(r"(?P<student>.+?)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?")
_RESUBMITTED = re.compile(r"-\d+(?=\.)")  # Canvas puts it before the first dot, not the last
_METADATA_BYTES = 256 << 20  # it holds the output of all tests of all attempts


class HandIn(NamedTuple):
    """What the download itself says about one student's submission."""

    notes: tuple[Feedback, ...] = ()
    submitted_at: str | None = None


class DownloadTree:
    """A download as a tree with a folder for each student. `hand_ins` has every student, in no order."""

    def __init__(self, tree: Tree) -> None:
        self.root: Path = tree.root
        self.hand_ins: dict[str, HandIn] = {}
        self._tree = tree
        self._folders: dict[str, list[Parts]] = {}
        self._kinds: dict[str, Kind] = {}
        self._files: dict[str, dict[str, tuple[Parts, Kind]]] = {}

    def add_student(self, student: str, hand_in: HandIn) -> None:
        """A student, who may have handed in nothing."""
        self.hand_ins[student] = hand_in
        self._files.setdefault(student, {})
        self._folders.setdefault(student, [])
        self._kinds.setdefault(student, Kind.FOLDER)

    def add_file(self, student: str, name: str, parts: Parts, kind: Kind) -> None:
        """One file of a student, by the name under which it was handed in."""
        self._files[student][name] = parts, kind

    def add_folder(self, student: str, parts: Parts, kind: Kind) -> None:
        """A folder that holds files of a student."""
        if kind is Kind.FOLDER:
            self._folders[student].append(parts)
        else:
            self._kinds[student] = kind

    def entries(self, parts: Parts) -> dict[str, Kind]:
        """Names in the folder `parts`, sorted, and what they are. Raises OSError."""
        if not parts:
            return dict(sorted(self._kinds.items()))
        student, *below = parts
        if below:
            return self._tree.entries((*self._source(student, below[0]), *below))
        found = {name: kind for name, (_, kind) in self._files[student].items()}
        for folder in self._folders[student]:
            found = self._tree.entries(folder) | found
        return dict(sorted(found.items()))

    def place(self, parts: Parts) -> Place:
        """The place of the file `parts`."""
        student, *below = parts
        if len(below) == 1 and below[0] in self._files[student]:
            return self._tree.place(self._files[student][below[0]][0])
        return self._tree.place((*self._source(student, below[0]), *below))

    def _source(self, student: str, name: str) -> Parts:
        """The folder of the download in which the entry `name` of a student lies."""
        folders = self._folders[student]
        return next((folder for folder in folders if name in self._tree.entries(folder)), folders[-1])


def recognised(tree: Tree, base: Parts, entries: Mapping[str, Kind], assignment_id: str) -> DownloadTree | None:
    """The download in the folder `base`, which has `entries`; None when it is none.

    Raises UsageError, one sentence, when it is one and two students in it cannot be told apart, or when Gradescope's
    submission_metadata.yml cannot be read.
    """
    if entries.get(gradescope_metadata.FILE_NAME) is Kind.FILE:
        return _gradescope(tree, base, entries)
    moodle = {name: match for name in entries if (match := _MOODLE.fullmatch(name))}
    if moodle:
        return _moodle(tree, base, entries, moodle)
    # A student's own folder may hold files such as run_1_2_loss.csv; but not that alone.
    own = re.compile(re.escape(assignment_id) + r"\W.*", re.IGNORECASE)
    canvas = {name: match for name in entries if (match := _CANVAS.fullmatch(name))}
    if canvas and Kind.FOLDER not in entries.values() and not any(map(own.fullmatch, entries)):
        return _canvas(tree, base, entries, canvas, assignment_id)
    return None


def _canvas(
    tree: Tree, base: Parts, entries: Mapping[str, Kind], matches: Mapping[str, re.Match[str]], assignment_id: str
) -> DownloadTree:
    by_student: dict[str, list[tuple[int, str, re.Match[str]]]] = {}
    for entry, match in matches.items():
        student = "_".join(filter(None, (match["name"], match["id"])))
        by_student.setdefault(student, []).append((int(match["attachment"] or 0), entry, match))
    _require_one_name_each(tree, {s: files[0][2]["id"] for s, files in by_student.items()}, "Canvas user")
    download = DownloadTree(tree)
    for student, files in by_student.items():
        files.sort()  # attachments are numbered as they come in: the last is from the last attempt
        counting: dict[str, str] = {}
        older: dict[str, list[str]] = {}
        for _, entry, match in files:
            name = _as_handed_in(match, assignment_id)
            if name in counting:
                older.setdefault(name, []).append(matches[counting[name]]["file"])
            counting[name] = entry
        notes = [feedback("submission_late", source="Canvas")] if files[-1][2]["late"] else []
        notes += [
            feedback("submission_last_attempt", file=matches[counting[name]]["file"], others=", ".join(others))
            for name, others in older.items()
            if name.lower().endswith((".py", ".ipynb"))
        ]
        download.add_student(student, HandIn(tuple(notes)))
        for name, entry in counting.items():
            download.add_file(student, name, (*base, entry), entries[entry])
    return download


def _as_handed_in(match: re.Match[str], assignment_id: str) -> str:
    """The file's own name, without the number that Canvas gives to a file that is handed in again."""
    name = match["file"] or f"{match['text']}.html"
    is_exact = name.split(".", 1)[0] == assignment_id
    return name if is_exact else _RESUBMITTED.sub("", name, count=1)


def _moodle(tree: Tree, base: Parts, entries: Mapping[str, Kind], matches: Mapping[str, re.Match[str]]) -> DownloadTree:
    ids = {}
    for match in matches.values():
        student, (_, underscore, number) = match["student"], match["student"].rpartition("_")
        if underscore and number.isdecimal():
            ids[student] = number
    _require_one_name_each(tree, ids, "Moodle participant")
    download = DownloadTree(tree)
    for entry, match in matches.items():
        student, kind = match["student"], entries[entry]
        download.add_student(student, HandIn())
        if kind in {Kind.FOLDER, Kind.FOLDER_LINK}:
            download.add_folder(student, (*base, entry), kind)
        elif match["file"]:
            download.add_file(student, match["file"], (*base, entry), kind)
    return download


def _gradescope(tree: Tree, base: Parts, entries: Mapping[str, Kind]) -> DownloadTree:
    place = tree.place((*base, gradescope_metadata.FILE_NAME))
    shown = printable_path(tree.root.joinpath(*place.parts))
    try:
        text = place.read(max_bytes=_METADATA_BYTES).decode()
    except Refused as refused:
        raise UsageError(f"cannot read {shown}: {refused}") from refused
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown} is not in UTF-8; download the submissions again") from error
    metadata = gradescope_metadata.parse(text, shown)
    download = DownloadTree(tree)
    folder_of: dict[str, str] = {}
    for folder, entry in metadata.items():
        for student in _students(folder, entry.submitters):
            if student in folder_of:
                raise UsageError(
                    f"{shown}: {printable(student)} is a submitter of {printable(folder_of[student])} and of "
                    f"{printable(folder)}; remove one of them, so that it is clear which counts"
                )
            folder_of[student] = folder
            download.add_student(student, _hand_in(entry))
    unlisted = [name for name, kind in entries.items() if kind is Kind.FOLDER and name not in metadata]
    for folder in unlisted:  # a stranger's work is graded under the folder's name rather than lost
        folder_of[folder] = folder
        download.add_student(folder, HandIn())
    for student, folder in folder_of.items():
        kind = entries.get(folder)
        if kind in {Kind.FOLDER, Kind.FOLDER_LINK}:
            download.add_folder(student, (*base, folder), kind)
    return download


def _students(folder: str, submitters: Iterable[gradescope_metadata.Submitter]) -> list[str]:
    """What the submitters are called here; the folder stands in for one of whom nothing is known."""
    known = ["_".join(filter(None, (s.name, s.sid or s.email))) for s in submitters]
    return [name for name in dict.fromkeys(known) if name] or [folder]


def _hand_in(entry: gradescope_metadata.Entry) -> HandIn:
    notes = []
    if entry.created_at is None:
        notes.append(feedback("submission_time_unknown", file=gradescope_metadata.FILE_NAME))
    elif entry.attempts > 1:
        notes.append(feedback("submission_active_attempt", count=entry.attempts, last=entry.created_at))
    return HandIn(tuple(notes), entry.created_at)


def _require_one_name_each(tree: Tree, ids: Mapping[str, str], account: str) -> None:
    """Raise UsageError when two students have the id of one account: their scores would go to one row."""
    owners: dict[str, str] = {}
    for student, number in sorted(ids.items()):
        if owners.setdefault(number, student) != student:
            raise UsageError(
                f"{printable_path(tree.root)}: {printable(owners[number])} and {printable(student)} are both "
                f"{account} {number}; remove the files of one of them, so that it is clear whose work counts"
            )
