"""A new assignment with one small exercise that passes `build`, `check` and `grade` as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from grader import out_folder
from grader.course import SOLUTIONS, TESTS
from grader.errors import UsageError
from grader.names import printable, printable_path

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_FILES = {
    "solutions/{id}/{id}.py": '''\
# %% [markdown]
# # {title}
#
# What this assignment is for, in a few sentences. Formulas are written as $y = 2x$.

# %%
import numpy as np


# %%
def double(x):
    """Twice x.

    x: an array of any shape.

    Returns an array of that shape.

    >>> double(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION
''',
    "solutions/{id}/README.md": """\
# {title}

Open `{id}.py` or `{id}.ipynb`, replace `raise NotImplementedError(...)` by your code, and run
`grader check` in this folder.
""",
    "autograde_tests/{id}/assignment.toml": """\
title = "{title}"

# In dependency order: a function may call those above it.
[exercises.double]
points = 2
""",
    "autograde_tests/{id}/test_double.py": '''\
"""double: twice its argument."""

import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("double")


@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """A vector of three numbers."""
    x = rng.normal(size=3)

    check_close(reference.double(x), student.double(x), name="double(x)")


def test_all_shapes(student, reference, rng):
    """Matrices, wide, tall and square."""
    for shape in [(2, 5), (4, 3), (3, 3)]:
        x = rng.normal(size=shape)
        check_close(reference.double(x), student.double(x), name="double(x)")
''',
    "autograde_tests/{id}/misconceptions.py": '''\
"""Known wrong ideas, each with what to tell somebody who has it."""

from grader.checks import misconception


@misconception("double", rationale="x is squared, not doubled.", help="Multiply by 2.")
def squared(x):
    return x**2
''',
}


def scaffold(course: Path, assignment_id: str) -> list[Path]:
    """Write the files of a new assignment into `course`, a course folder or one that is to become it, and return them.

    Raises UsageError when the id is no name for a Python file, or when there is such an assignment already.
    """
    if not _ID.fullmatch(assignment_id):
        raise UsageError(
            f"{printable(assignment_id) or 'an empty id'} cannot be the id of an assignment: it names a Python file, "
            "so it has small letters, digits and _ only, and begins with a letter"
        )
    for folder in (course / SOLUTIONS / assignment_id, course / TESTS / assignment_id):
        if folder.exists():
            raise UsageError(f"{printable_path(folder)} exists already; choose another id")
    title = assignment_id.replace("_", " ").capitalize()
    written = []
    try:
        for name, text in _FILES.items():
            path = course / name.format(id=assignment_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{id}", assignment_id).replace("{title}", title), encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise out_folder.not_writable(course, error) from error
    return written
