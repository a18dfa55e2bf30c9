"""The starter notebook has the cells of the starter code, and a check below every exercise."""

import nbformat
import pytest

from grader.release.starter_notebook import starter_notebook

SOURCE = '''\
# %% [markdown]
# # Two functions
#
# $$y = 2x$$

# %%
import numpy as np


# %%
def helper(x):
    return x


# %%
def double(x):
    """Twice x."""
    raise NotImplementedError("double")
'''


@pytest.fixture
def notebook():
    return nbformat.reads(starter_notebook(SOURCE, ["double"], assignment_id="small"), as_version=4)


def test_cells_are_those_of_the_source(notebook):
    assert [(cell.cell_type, cell.source.splitlines()[0]) for cell in notebook.cells] == [
        ("markdown", "# Two functions"),
        ("code", "import numpy as np"),
        ("code", "def helper(x):"),
        ("code", "def double(x):"),
        ("code", 'check("double")'),
    ]


def test_the_first_code_cell_imports_check(notebook):
    assert notebook.cells[1].source == "import numpy as np\n\nfrom grader import check"


def test_formulas_stay_as_they_are(notebook):
    assert "$$y = 2x$$" in notebook.cells[0].source


def test_the_same_source_gives_the_same_bytes():
    first, second = (starter_notebook(SOURCE, ["double"], assignment_id="small") for _ in range(2))

    assert first == second


def test_the_notebook_is_valid_and_names_a_kernel(notebook):
    nbformat.validate(notebook)

    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
