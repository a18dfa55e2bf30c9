"""One fresh pytest process for one submission, as a course without a grader would do it.

python benchmarks/pytest_alone.py COURSE ASSIGNMENT FILE.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from bare_calls import Plain, load

from grader import manifest
from grader.course import load_reference


class Fixtures:
    """The fixtures of the hidden tests, without a wall."""

    def __init__(self, course: Path, assignment_id: str, file: Path) -> None:
        self._assignment = manifest.load(course, assignment_id)
        self._reference = load_reference(self._assignment)
        self._student = Plain(load(file))

    @pytest.fixture
    def student(self) -> Plain:
        """The submission."""
        return self._student

    @pytest.fixture
    def reference(self) -> object:
        """The reference."""
        return self._reference

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """Random numbers."""
        return np.random.default_rng(0)

    @pytest.fixture
    def data_folder(self) -> Path:
        """The data sets."""
        return self._assignment.solution_file.parent / "data"


def main() -> int:
    """Run pytest once."""
    course, assignment_id, file = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    tests = manifest.load(course, assignment_id).tests_folder
    arguments = [str(tests), "-q", "--tb=short", "--import-mode=importlib", "--config-file", os.devnull]
    arguments += [f"--rootdir={course}", "-pno:cacheprovider", "-Wignore"]
    return int(pytest.main(arguments, plugins=[Fixtures(course, assignment_id, file)]))


if __name__ == "__main__":
    sys.exit(main())
