"""An nbgrader course: assignments as `nbgrader` itself would hold them, before and after `generate_assignment`.

    nbgrader_config.py      the settings of the course; written once, then the instructor's
    source/<id>/            the notebook with the solution, for instructors
    release/<id>/           the same without it, proven to hold nothing that learners must not get

Beside each notebook lie the visible tests, the data and the README, which learners need and nbgrader copies along.
docs/nbgrader.md tells how it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from grader import out_folder
from grader.errors import GraderError, UsageError
from grader.model import Assignment
from grader.names import printable_path
from grader.release import hand_out, starter
from grader.release.nbgrader_notebook import release_notebook, source_notebook

SOURCE, RELEASE, CONFIG = "source", "release", "nbgrader_config.py"
_NOT_IN_COURSE_IDS = re.compile(r"[^A-Za-z0-9_-]+")
_CONFIG = """\
# Settings of this course for nbgrader. They are yours: `grader release --nbgrader` writes this file only once.

c = get_config()  # noqa: F821: nbgrader defines it

c.CourseDirectory.course_id = "{course_id}"
# Seconds for a cell. Checks have time limits of their own, so this one is for what learners try out between them.
c.Execute.timeout = 120
"""


def release(assignment: Assignment, course: Path) -> list[Path]:
    """Write the assignment into COURSE/source/<id>/ and COURSE/release/<id>/, and return what was made.

    Raises UsageError when one of these holds anything already, and GraderError when the release holds something that
    learners must not get; nothing is written then.
    """
    source, released = _contents(assignment)
    if leaks := hand_out.find_leaks(assignment, released):
        raise GraderError(f"{assignment.id} is not released: " + "; ".join(leaks))
    folders = [course / step / assignment.id for step in (SOURCE, RELEASE)]
    config = course / CONFIG
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise UsageError(f"{printable_path(folder)} is not empty; name another course, or remove the folder")
        for folder, contents in zip(folders, (source, released), strict=True):
            starter.write(contents, folder)
        if config.exists():
            return folders
        out_folder.write_atomically(config, _CONFIG.format(course_id=_course_id(course)).encode())
    except OSError as error:
        raise out_folder.not_writable(course, error) from error
    return [*folders, config]


def _contents(assignment: Assignment) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """The files of source/<id>/ and of release/<id>/."""
    generated = starter.generate(assignment)
    notebook = f"{assignment.id}.ipynb"
    shared = {name: content for name, content in generated.items() if name not in (notebook, f"{assignment.id}.py")}
    origin = assignment.solution_file
    source = source_notebook(origin.read_text(encoding="utf-8"), assignment.exercises, origin=str(origin))
    return (
        {**shared, notebook: source.encode()},
        {**shared, notebook: release_notebook(source).encode()},
    )


def _course_id(course: Path) -> str:
    """The name of the folder, as nbgrader has it by custom."""
    return _NOT_IN_COURSE_IDS.sub("-", course.resolve().name).strip("-") or "course"
