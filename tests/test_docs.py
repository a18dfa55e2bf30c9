"""README.md and docs/: what they tell to type works as it stands, what they point at is there."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from grader import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?:<!-- (?P<mark>.*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
ONE_OF_EACH_KIND = ("ada", "blaise", "untouched")  # the whole demo class is graded by test_examples.py
TUTORIAL = "exercise-authors.md"  # test_tutorial.py follows it


def blocks(page, language):
    return [block for block in BLOCK.finditer(page.read_text(encoding="utf-8")) if block["language"] == language]


def name(page):
    return str(page.relative_to(ROOT))


@pytest.fixture
def clone(tmp_path):
    """The course as after a clone, with a smaller demo class, a class in submissions/ and one finished assignment."""
    for folder in ("assignments", "autograde_tests", "solutions"):
        for assignment in ("activations", "deep_network"):
            shutil.copytree(ROOT / folder / assignment, tmp_path / folder / assignment)
    for student in ONE_OF_EACH_KIND:
        for place in ("examples/class", "submissions"):
            shutil.copytree(ROOT / "examples" / "class" / student, tmp_path / place / student)
    solution = ROOT / "solutions" / "deep_network" / "deep_network.py"
    shutil.copy(solution, tmp_path / "assignments" / "deep_network")
    return tmp_path


def without_pip(text):
    """`text` without installing: the package is there. What is to be installed must be what pyproject.toml has."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for command in re.findall(r"pip install (.*?)(?: &&|\n)", text):
        match = re.fullmatch(r"\.|'\.\[([a-z,]+)\]'", command.strip())
        assert match is not None, f"pip install {command}"
        assert set((match[1] or "test").split(",")) <= extras.keys()
    return re.sub(r"pip install .*?( &&|\n)", lambda match: "" if match[1] == " &&" else "\n", text)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != TUTORIAL], ids=name)
def test_commands_that_are_marked_run_as_they_stand(page, clone):
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GRADER_SECRET": "docs",
    }
    for block in blocks(page, "sh"):
        text = without_pip(block["text"])
        if block["mark"] != "run":
            continue
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", text], cwd=clone, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_readme_marks_all_its_commands():
    marks = {block["mark"] for block in blocks(ROOT / "README.md", "sh")}

    assert marks == {"run", "test command", "site"}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name)
def test_python_runs_from_the_top_of_a_page_to_its_end(page):
    texts = [b["text"] for b in blocks(page, "python") if not (b["mark"] or "").startswith("file:")]

    done = subprocess.run([sys.executable, "-c", "\n".join(texts)], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))

    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert missing == []


def test_every_page_is_linked_from_the_readme():
    links = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))

    assert {name(page) for page in PAGES[1:]} <= set(links)


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_is_documented(command):
    texts = [page.read_text(encoding="utf-8") for page in PAGES]

    assert any(re.search(rf"\bgrader {command}\b", text) for text in texts)


def test_what_the_pages_call_a_command_is_one():
    known = {"grader", *cli.cli.commands}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        called = set(re.findall(r"(?:`|^|&& )grader (\w+)", text, re.MULTILINE))
        assert called <= known - {"grader"} | {"COMMAND"}, name(page)


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_options_in_the_pages_exist(command):
    found = cli.cli.commands[command]
    context = click.Context(found)
    formats = found.list_commands(context) if isinstance(found, click.Group) else []
    options = {
        option
        for one in (found, *(found.get_command(context, name) for name in formats))
        for parameter in one.params
        for option in parameter.opts
    }
    for page in PAGES:
        for call in re.findall(rf"\bgrader {command}\b([^`\n#]*)", page.read_text(encoding="utf-8")):
            assert set(re.findall(r"--[a-z-]+", call)) <= options, f"{name(page)}: grader {command}{call}"


def test_the_readme_lists_the_assignments_that_exist():
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert rows
    for assignment in rows:
        assert (ROOT / "autograde_tests" / assignment / "assignment.toml").is_file()
        assert (ROOT / "solutions" / assignment / f"{assignment}.py").is_file()
        assert (ROOT / "assignments" / assignment / f"{assignment}.py").is_file()


@pytest.mark.parametrize("name_of_page", ["cli.md", "errors.md"])
def test_generated_pages_are_what_the_code_gives(name_of_page):
    make = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"][name_of_page]

    assert (ROOT / "docs" / name_of_page).read_text(encoding="utf-8") == make(), "run: python docs/generate.py"
