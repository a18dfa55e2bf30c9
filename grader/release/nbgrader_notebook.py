"""The notebook of an nbgrader course, with the solution or without, from the solution in percent format."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from grader import nbgrader_cells
from grader.errors import ManifestError
from grader.model import Exercise
from grader.records import as_number
from grader.release.starter import BEGIN, END

# What nbgrader's preprocessors look for anywhere in a cell; solution regions are ours, too, and stay.
_DELIMITERS = (
    *("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    *("BEGIN MARK SCHEME", "END MARK SCHEME", "AUTOTEST"),
)
_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # ClearSolutions.code_stub, as it is by default
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def source_notebook(solution: str, exercises: Sequence[Exercise], *, origin: str) -> str:
    """The instructor's notebook of `solution`, which `starter_source` has accepted, as deterministic JSON.

    Raises ManifestError, naming `origin`, where nbgrader would not read it as it is meant.
    """
    cells = _cells(solution, {exercise.name: exercise for exercise in exercises})
    _refuse_delimiters(cells, origin)
    _refuse_twins(cells, origin)
    return _to_json(cells)


def release_notebook(source: str) -> str:
    """What `nbgrader generate_assignment` makes of the notebook `source`."""
    cells = nbformat.reads(source, as_version=4).cells
    for cell in cells:
        facts = cell.metadata.get("nbgrader", {})
        if facts.get("solution"):
            cell.source = _without_solutions(cell.source)
            cell.metadata = nbgrader_cells.answer_metadata(facts["grade_id"], cell.source)
    return _to_json(cells)


def check_source(exercise: str) -> str:
    """The cell that checks `exercise` by its visible tests.

    It imports what it needs, since a cell above may be deleted. It ends without a value, which nbgrader would take for
    points.
    """
    return f'from grader import check\n\nverdict = check("{exercise}")\nassert verdict.is_full, verdict'


def _cells(solution: str, exercises: dict[str, Exercise]) -> list[Any]:
    cells: list[Any] = []
    for cell in jupytext.reads(solution, fmt="py:percent").cells:
        cell.metadata = {}
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        if written := _functions_to_write(cell.source):
            cell.metadata = nbgrader_cells.answer_metadata(nbgrader_cells.answer_id(written), cell.source)
        cells += [_tests_cell(exercises[name]) for name in _defined(cell.source) if name in exercises]
    return cells


def _tests_cell(exercise: Exercise) -> Any:
    source = check_source(exercise.name)
    points = as_number(exercise.points)
    metadata = nbgrader_cells.tests_metadata(nbgrader_cells.tests_id(exercise.name), source, points)
    return new_code_cell(source, metadata=metadata)


def _defined(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def _functions_to_write(source: str) -> list[str]:
    """The functions and classes of a cell in which there is a solution region."""
    begun = [number for number, line in enumerate(source.split("\n"), start=1) if line.strip() == BEGIN]
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and any(node.lineno <= number <= (node.end_lineno or node.lineno) for number in begun)
    ]


def _without_solutions(source: str) -> str:
    written: list[str] = []
    is_inside = False
    for line in source.split("\n"):
        marker = line.strip()
        if marker == BEGIN:
            written += [line[: line.index("#")] + stub for stub in _STUB]
        if marker in (BEGIN, END):
            is_inside = marker == BEGIN
        elif not is_inside:
            written.append(line)
    return "\n".join(written)


def _refuse_delimiters(cells: Iterable[Any], origin: str) -> None:
    """A word of nbgrader's in a text or a comment would have it cut something out, or fail."""
    for line in (line for cell in cells for line in cell.source.split("\n")):
        found = [delimiter for delimiter in _DELIMITERS if delimiter in line]
        if found and line.strip() not in (BEGIN, END):
            raise ManifestError(f"{origin}: {line.strip()!r} holds {found[0]}, a mark of nbgrader; say it otherwise")


def _refuse_twins(cells: Iterable[Any], origin: str) -> None:
    ids = Counter(cell.metadata["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell.metadata)
    twins = [grade_id for grade_id, count in ids.items() if count > 1]
    if twins:
        name = twins[0].removesuffix("-tests")
        raise ManifestError(f"{origin}: two cells define {name}; for nbgrader it must stand in one")


def _to_json(cells: Sequence[Any]) -> str:
    notebook = new_notebook(cells=cells, metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # nbformat would draw them at random
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text + "\n"
