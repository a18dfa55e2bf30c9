"""The starter code as a notebook: the same cells, and below each exercise a cell that checks it."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell

_IMPORT = "from grader import check"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def starter_notebook(source: str, exercises: Collection[str], *, assignment_id: str) -> str:
    """The notebook of `source`, starter code in percent format, as deterministic JSON.

    Below the cell that defines an exercise stands `check("<exercise>")`; the first code cell imports check.
    """
    notebook: Any = jupytext.reads(source, fmt="py:percent")
    cells: list[Any] = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and not _has_code(cells):
            cell.source = f"{cell.source}\n\n{_IMPORT}"
        cells.append(cell)
        if cell.cell_type == "code":
            cells += [new_code_cell(f'check("{name}")') for name in _defined(cell.source) if name in exercises]
    for number, cell in enumerate(cells):
        cell["id"] = f"{assignment_id}-{number}"  # nbformat would draw them at random
        cell["metadata"] = {}
    notebook.cells = cells
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text + "\n"


def _has_code(cells: Collection[Any]) -> bool:
    return any(cell.cell_type == "code" for cell in cells)


def _defined(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
