"""The floor: the hidden tests of an assignment, called as plain functions on submissions loaded into this very process.

    python benchmarks/bare_calls.py COURSE ASSIGNMENT SUBMISSIONS

No pytest, no isolation, no feedback, no record. Nothing here is safe for a hostile submission.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grader import manifest
from grader.course import load_reference


class Plain:
    """A submission's module with the few extras that the `student` fixture has."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module
        self.last_warnings = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def map(self, name: str, arguments: list[tuple[Any, ...]]) -> list[Any]:
        """The results for all arguments."""
        return [getattr(self._module, name)(*args) for args in arguments]

    def defines(self, name: str) -> bool:
        """Whether there is such a function."""
        return hasattr(self._module, name)


def collect(folder: Path) -> list[Callable[..., None]]:
    """The test functions of all files in `folder`."""
    tests = []
    for path in sorted(folder.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        tests += [f for name, f in vars(module).items() if name.startswith("test_")]
    return tests


def load(path: Path) -> types.ModuleType:
    """The submission as a module; statements after the first that fails are lost."""
    module = types.ModuleType(path.stem)
    try:
        exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    except Exception as error:
        print(f"{path}: {error}", file=sys.stderr)
    return module


def main() -> None:
    """Run all tests on all submissions and print how many passed."""
    course, assignment_id, submissions = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    assignment = manifest.load(course, assignment_id)
    reference = load_reference(assignment)
    tests = collect(assignment.tests_folder)
    needed = [inspect.signature(test).parameters for test in tests]
    fixed = {"reference": reference, "data_folder": assignment.solution_file.parent / "data"}
    warnings.simplefilter("ignore")
    passed = 0
    for path in sorted(submissions.glob(f"*/{assignment_id}.py")):
        student = Plain(load(path))
        for number, (test, names) in enumerate(zip(tests, needed, strict=True)):
            given = {**fixed, "student": student, "rng": np.random.default_rng(number)}
            try:
                test(**{name: given[name] for name in names})
            except Exception:
                continue
            passed += 1
    print(json.dumps({"passed": passed}))


if __name__ == "__main__":
    main()
