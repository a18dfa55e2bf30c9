"""An autograder for Gradescope: one zip with the tests, the reference and this grader, to be uploaded by an instructor.

    setup.sh                installs grader, once
    run_autograder          grades one submission
    grader-….whl            this very grader
    course/                 what decides the scores of the assignment, and the secret that the test inputs follow from

docs/gradescope.md tells how it is used.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader import archives, course_bundles, out_folder
from grader.course import SECRET_FILE, course_secret
from grader.model import Assignment
from grader.release import wheel

SCRIPTS = ("setup.sh", "run_autograder")
_TEMPLATES = Path(__file__).parent / "autograder"


def release(assignment: Assignment, target: Path) -> Path:
    """Write the zip to `target`, atomically, and return it. Equal course, grader and secret give equal bytes.

    Raises UsageError where the course cannot be read or `target` not be written.
    """
    name, content = wheel.build()
    with out_folder.open_atomically(target) as file, zipfile.ZipFile(file, "w") as archive:
        for script in SCRIPTS:
            archives.add(archive, script, (_TEMPLATES / script).read_bytes(), mode=archives.PROGRAM_MODE)
        archives.add(archive, name, content)
        for place, data in _course_files(assignment):
            archives.add(archive, f"course/{place}", data)
        secret = course_secret(assignment.root) + b"\n"
        archives.add(archive, f"course/{SECRET_FILE}", secret, mode=archives.PRIVATE_MODE)
    return target


def _course_files(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """What decides the scores, by its place in the course."""
    with tarfile.open(fileobj=io.BytesIO(course_bundles.pack(assignment)), mode="r:gz") as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read()
