"""Imports inside grader/ point downwards."""

import ast
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
LAYERS = {
    "errors": 0,
    "model": 0,
    "messages": 0,
    "worker": 0,
    "sandbox": 2,
    "plain_tests": 3,
    "pytest_plugin": 3,
    "grading": 3,
    "session": 3,
    "batch": 4,
    "api": 4,
    "gradescope_grading": 4,
    "classroom": 4,
    "checking": 4,
    "comparing": 4,
    "watching": 4,
    "notebook_checking": 4,
    "__init__": 5,
    "release": 4,
    "validation": 4,
    "reporters": 4,
    "gradebooks": 4,
    "packaging": 4,
    "cli": 5,
    "__main__": 6,
}
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(module: str) -> int:
    return LAYERS.get(module, 1)


def imported(path: Path) -> set[str]:
    """The modules right below grader that `path` imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            first, *rest = node.module.split(".")
            if first == "grader":
                modules.update([rest[0]] if rest else [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            modules.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("grader."))
    return modules - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_own_layer_or_below(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    too_high = {module for module in imported(path) if layer(module) > layer(own)}

    assert too_high == set()


@pytest.mark.parametrize("path", sorted((PACKAGE / "worker").glob("*.py")), ids=lambda path: path.name)
def test_the_untrusted_side_imports_nothing_of_ours_but_itself(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    absolute = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level}

    assert not {module for module in absolute if module.startswith("grader")}
    assert imported(path) == set()
