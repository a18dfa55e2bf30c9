"""A course folder: where it is, its assignments and reference solutions, its secret and the seeds made from it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import sys
import tomllib
import traceback
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

from grader.errors import GraderError, UsageError
from grader.model import Assignment
from grader.names import did_you_mean, printable, printable_path

logger = logging.getLogger(__name__)

TESTS = "autograde_tests"
SOLUTIONS = "solutions"
MANIFEST = "assignment.toml"
SECRET_VARIABLE = "GRADER_SECRET"
SECRET_FILE = ".grader-secret"


def find_course(start: Path) -> Path:
    """The nearest course folder at `start` or above it: one that has autograde_tests/ and solutions/."""
    if not os.path.exists(start):
        raise UsageError(f"no such folder: {printable_path(start)}")
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / TESTS).is_dir() and (folder / SOLUTIONS).is_dir():
            return folder
    raise UsageError(
        f"no course at {printable_path(start)} or above it: a course folder has {TESTS}/ and {SOLUTIONS}/; "
        "name one with --course PATH (from Python: course=PATH)"
    )


def assignment_ids(root: Path) -> tuple[str, ...]:
    """The ids of the course's assignments, sorted: the folders in autograde_tests/ that hold an assignment.toml."""
    try:
        folders = sorted(path for path in (root / TESTS).iterdir() if not path.name.startswith((".", "_")))
    except OSError as error:
        raise UsageError(f"cannot read {printable_path(root / TESTS)}: {error.strerror}") from error
    return tuple(folder.name for folder in folders if (folder / MANIFEST).is_file())


def require_assignment(root: Path, assignment_id: str) -> None:
    """Raise UsageError, with the nearest id or all ids, unless `assignment_id` is one of the course's."""
    known = assignment_ids(root)
    if assignment_id in known:
        return
    hint = did_you_mean(assignment_id, known)
    if not hint:
        hint = f"; this course has {', '.join(known)}" if known else f"; {printable_path(root)} has no assignments"
    raise UsageError(f"unknown assignment {printable(assignment_id) or 'of an empty name'}{hint}")


def load_reference(assignment: Assignment) -> ModuleType:
    """The reference solution, executed anew, as a module that no import statement can reach.

    Raises GraderError, naming file and line, when it does not run or lacks an exercise's function.
    """
    path = assignment.solution_file
    shown = f"{SOLUTIONS}/{assignment.id}/{path.name}"
    try:
        source = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {shown} in {printable_path(assignment.root)}: {error.strerror}") from error
    module = ModuleType(f"_grader_reference_{assignment.id}")
    module.__file__ = str(path)
    # While it runs it must be registered: dataclasses and typing look up the module of a class by name.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        raise GraderError(_reference_failed(shown, str(path), error)) from error
    finally:
        del sys.modules[module.__name__]
    missing = [e.name for e in assignment.exercises if not callable(getattr(module, e.name, None))]
    if missing:
        raise GraderError(f"{shown} defines no function {', '.join(missing)}, which {MANIFEST} lists as an exercise")
    return module


def suite_sha256(root: Path, assignment_id: str) -> str:
    """Digest of all that decides a score of this assignment: tests, misconceptions, manifest, reference and their data.

    Covers names and contents of all files in autograde_tests/<id>/ and solutions/<id>/ and the conftest.py that all
    tests share. Hidden files, caches and editors' backups do not count. Of the manifest counts what it says, without
    [deadline]: when work is due changes no verdict, and one more extension must not have a class graded again.
    """
    files = [
        root / TESTS / "conftest.py",
        *_files(root / TESTS / assignment_id),
        *_files(root / SOLUTIONS / assignment_id),
    ]
    named = sorted(
        (path.relative_to(root).as_posix().encode("utf-8", "surrogateescape"), path) for path in files if path.is_file()
    )
    manifest = root / TESTS / assignment_id / MANIFEST
    digest = hashlib.sha256()
    for name, path in named:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read {printable_path(path)}: {error.strerror}") from error
        if path == manifest:
            content = _without_deadline(content)
        digest.update(b"%d %d\n" % (len(name), len(content)))
        digest.update(name)
        digest.update(content)
    return digest.hexdigest()


def _without_deadline(manifest: bytes) -> bytes:
    """What a manifest says beside its deadline, in one form; as it stands where it is no TOML."""
    try:
        document = tomllib.loads(manifest.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return manifest
    document.pop("deadline", None)
    return json.dumps(document, default=repr).encode()


def course_secret(root: Path) -> bytes:
    """What keeps seeds from being guessed: $GRADER_SECRET, else the content of <course>/.grader-secret.

    That file is made, with 32 random bytes, when it does not exist. Raises UsageError when neither can be had.
    """
    from_environment = os.environ.get(SECRET_VARIABLE)
    if from_environment is not None:
        if not from_environment.strip():
            # CI systems pass an unset secret as an empty text; a fresh one a run would change every seed unnoticed.
            raise UsageError(f"{SECRET_VARIABLE} is set but empty; give it a value, or unset it to use {SECRET_FILE}")
        return from_environment.strip().encode("utf-8", "surrogateescape")
    path = root / SECRET_FILE
    try:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            _create_secret(path)
            content = path.read_bytes()
        readable_by_others = os.name == "posix" and path.stat().st_mode & 0o077
    except OSError as error:
        raise UsageError(
            f"cannot read or create {printable_path(path)} ({error.strerror}); "
            f"make it accessible, or set {SECRET_VARIABLE} to a secret text"
        ) from error
    if not content.strip():
        raise UsageError(f"{printable_path(path)} is empty; delete it to get a new secret (seeds will change)")
    if readable_by_others:
        logger.warning("%s can be read by other users of this machine; chmod 600 it", path)
    return content.strip()


def submission_seed(secret: bytes, student: str, assignment: str) -> str:
    """The seed of one submission, 64 hexadecimal digits: HMAC-SHA256 of student and assignment under `secret`."""
    name = student.encode("utf-8", "surrogatepass")
    # The length in front keeps ("ab", "c") apart from ("a", "bc").
    message = b"%d:%s%s" % (len(name), name, assignment.encode())
    return hmac.digest(secret, message, "sha256").hex()


def test_seed(submission_seed: str, test_id: str) -> int:
    """The seed of one test for one submission: 128 bits, for `numpy.random.default_rng`."""
    digest = hmac.digest(submission_seed.encode(), test_id.encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(digest[:16], "big")


def _reference_failed(shown: str, file_name: str, error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    line: int | None
    if isinstance(error, SyntaxError) and error.filename == file_name:
        text, line = f"{type(error).__name__}: {error.msg}", error.lineno
    else:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename == file_name), None)
    place = shown if line is None else f"{shown}, line {line}"
    return f"the reference solution does not run: {place}: {printable(text)}"


def _files(folder: Path) -> Iterator[Path]:
    """All files below `folder` that count, through links too (a course is trusted), each real folder once."""
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if _counts(name))
        yield from (Path(parent, name) for name in names if _counts(name))


def _counts(name: str) -> bool:
    return not name.startswith((".", "__pycache__")) and not name.endswith((".pyc", "~"))


def _create_secret(path: Path) -> None:
    """Make the file with a new secret; when another process is first, its secret stays."""
    temporary = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(temporary, path)  # unlike rename, never replaces what is there
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            os.replace(temporary, path)
            return
    finally:
        temporary.unlink(missing_ok=True)
