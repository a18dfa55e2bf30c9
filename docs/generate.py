"""Writes what pages of the documentation take from the code: docs/cli.md and docs/errors.md.

python docs/generate.py            writes both
python docs/generate.py --check    changes nothing; exit code 1 when one is out of date
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from grader import cli, errors

ROOT = Path(__file__).resolve().parents[1]
_WIDTH = 100
_HAS_WORDS = re.compile(r"[a-z]{2} [a-z]{2}")
_EXIT_CODES = {
    2: "Used wrongly (exit code 2)",
    3: "Our fault, or the course's (exit code 3)",
    4: "No safe sandbox (exit code 4)",
}


def cli_page() -> str:
    """docs/cli.md: the help of every command as the terminal shows it."""
    parts = [
        "# Command line",
        "What `grader COMMAND --help` prints. The README has a table of the exit codes.",
        *(f"## grader {name}\n\n```text\n{text}\n```" for name, text in _helps(cli.cli, "grader")),
    ]
    return "\n\n".join(parts) + "\n"


def _helps(group: click.Group, path: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and help of the commands in `group`, those of groups in it included."""
    outer = click.Context(group, info_name=path)
    for name in sorted(group.list_commands(outer)):
        command = group.get_command(outer, name)
        assert command is not None
        context = click.Context(
            command, info_name=name, parent=outer, terminal_width=_WIDTH, max_content_width=_WIDTH,
            help_option_names=["-h", "--help"],
        )  # fmt: skip
        yield f"{prefix}{name}", command.get_help(context)
        if isinstance(command, click.Group):
            yield from _helps(command, f"{path} {name}", f"{prefix}{name} ")


class _Text(NamedTuple):
    """One error text: its template, what ends with it, and the module that raises it."""

    template: str
    exit_code: int
    module: str


def errors_page() -> str:
    """docs/errors.md: every error text that the code holds, by exit code and module."""
    texts = sorted({text for path in sorted((ROOT / "grader").rglob("*.py")) for text in _texts(path)})
    parts = [
        "# Every error text",
        "What `grader` may print behind `grader: ` when it ends with an error, by exit code and by the module that\n"
        "knows. `…` stands for names, paths and numbers. Each says what to do;\n"
        "[troubleshooting.md](troubleshooting.md) has more on the frequent ones.",
    ]
    for exit_code, heading in _EXIT_CODES.items():
        parts.append(f"## {heading}")
        chosen = [text for text in texts if text.exit_code == exit_code]
        for module in sorted({text.module for text in chosen}):
            items = "\n".join(f"- {_code(text.template)}" for text in chosen if text.module == module)
            parts += [f"### {module}", items]
    return "\n\n".join(parts) + "\n"


def _texts(path: Path) -> Iterator[_Text]:
    """The texts of errors that are made in the module at `path`."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            exit_code = _exit_code(node.func, own)
            if exit_code is not None:
                for template in filter(_HAS_WORDS.search, _templates(node.args[0])):
                    yield _Text(template, exit_code, module)


def _exit_code(function: ast.expr, own: dict[str, ast.ClassDef]) -> int | None:
    """That of the error which calling `function` makes; None where it makes none that ends the program."""
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    if name == "error" and isinstance(function, ast.Attribute):
        return 2  # of a document that is being read: ManifestError and its like
    if name in ("UsageError", "BadParameter") and isinstance(function, ast.Attribute):
        return 2  # click's
    found = getattr(errors, name, None)
    if isinstance(found, type) and issubclass(found, errors.GraderError):
        return found.exit_code
    if name in own:
        codes = (_exit_code(base, own) for base in own[name].bases)
        return next((code for code in codes if code is not None), None)
    return None


def _templates(text: ast.expr) -> list[str]:
    """What `text` may become, with … in place of what is known only when it happens; empty for what is no text."""
    if isinstance(text, ast.Constant):
        return [text.value] if isinstance(text.value, str) and " " in text.value else []
    if isinstance(text, ast.JoinedStr):
        return [_squeezed("".join(v.value if isinstance(v, ast.Constant) else "…" for v in text.values))]
    if isinstance(text, ast.IfExp):
        return _templates(text.body) + _templates(text.orelse)
    if isinstance(text, ast.BinOp) and isinstance(text.op, ast.Add):
        before, behind = _templates(text.left) or ["…"], _templates(text.right) or ["…"]
        return [_squeezed(a + b) for a in before for b in behind]
    return []


def _squeezed(template: str) -> str:
    return re.sub(r"…(?:…)+", "…", template)


def _code(template: str) -> str:
    """`template` as inline code of one line."""
    line = " ".join(template.split())
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in line else ""
    return f"{ticks}{space}{line}{space}{ticks}"


PAGES = {"cli.md": cli_page, "errors.md": errors_page}


def main() -> int:
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / name, make()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    for name in stale:
        print(f"docs/{name} is out of date; run `python docs/generate.py` and commit what it writes", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
