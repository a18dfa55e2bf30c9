"""A class whose files and names are full of injections, graded through the wall: all outputs show text as text."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree
from markdown_it import MarkdownIt

from grader import batch, classroom, manifest, names, records, submissions
from grader.model import SandboxMode
from grader.out_folder import prepare_out
from grader.reporters import github, junit, notebook_html, terminal
from grader.reporters.plain_text import printable

ROOT = Path(__file__).resolve().parents[2]
HARMLESS = "words"
SURROGATES = "\ud800 lone surrogates \udfff"
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def source(text):
    """A submission that says `text` wherever it can: docstring, comment, output, exceptions, keys, values, loading."""
    raw = "".join(c for c in text if c not in "\0\r\n\x0c" and not "\ud800" <= c <= "\udfff")
    return f"""\
def sigmoid(z):
    {text!a}
    print({text!a})
    raise ValueError({text!a})  # {raw}


def tanh(z):
    return {{{text!a}: {text!a}}}


def relu(z):
    raise type({text!a}, (Exception,), {{}})({text!a})


raise KeyError({text!a})
"""


def folder_name(text):
    """`text` as far as it can be the name of a folder that is not hidden."""
    return "".join(c for c in text if c not in "\0/" and not "\ud800" <= c <= "\udfff")[:60].lstrip(".")


@pytest.fixture(scope="module")
def out(tmp_path_factory, hostile_texts):
    """OUT of that class."""
    folder = tmp_path_factory.mktemp("injections")
    for text in (HARMLESS, SURROGATES, *hostile_texts):
        student = folder / "class" / folder_name(text)
        student.mkdir(parents=True)
        (student / "activations.py").write_text(source(text), encoding="utf-8")
    plan = batch.Plan(manifest.load(ROOT, "activations"), b"injections", SandboxMode.FULL)
    with prepare_out(folder / "out"):
        batch.grade_class(plan, submissions.find(folder / "class", "activations"), folder / "out")
        classroom.write_overview(plan.assignment, folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def graded(out):
    """Gives the record of who says a text."""
    by_name = {record.student: record for record in records.iterate(out)}
    return lambda text: by_name[names.printable(folder_name(text))]


def page(out, record, suffix):
    return (out / "feedback" / f"{record.file_stem}{suffix}").read_text(encoding="utf-8")


def elements(html):
    """Elements of a page with the names of their attributes; what it says, without white space and backticks."""
    found, texts = set(), []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.add((tag, *(name for name, _ in attributes)))

        def handle_data(self, data):
            texts.append(data)

        def handle_comment(self, data):
            raise AssertionError(f"a comment: {data}")

    reader = Reader()
    reader.feed(html)
    reader.close()
    return found, squeezed("".join(texts))


def squeezed(text):
    return "".join(printable(text).replace("`", "").split())


def is_printable(text):
    return all(c.isprintable() or c == "\n" for c in text)


def test_pages_have_no_element_more_and_show_what_was_said(out, graded, hostile):
    record = graded(hostile)
    harmless, _ = elements(page(out, graded(HARMLESS), ".html"))

    found, said = elements(page(out, record, ".html"))

    # An exception may bring backticks and arrays, and a key that is no known word other advice.
    assert found <= harmless | {("code",), ("pre", "tabindex"), ("mark",), ("i",), ("ul",), ("li",)}
    assert squeezed(hostile)[:60] in said
    assert is_printable(page(out, record, ".html"))


def test_lone_surrogates_are_named_and_break_no_page(out, graded):
    for suffix in (".html", ".md"):
        assert "tanh returned text with half a surrogate pair" in page(out, graded(SURROGATES), suffix)


def test_the_fragment_for_notebooks_has_no_element_more(graded, hostile):
    harmless, _ = elements(notebook_html.render(graded(HARMLESS)))

    found, said = elements(notebook_html.render(graded(hostile)))

    assert found <= harmless | {("code",), ("pre",), ("pre", "tabindex"), ("ul",), ("li",)}
    assert squeezed(hostile)[:60] in said


def test_markdown_gets_no_markup(out, graded, hostile):
    def kinds(text):
        tokens = MARKDOWN.parse(page(out, graded(text), ".md"))
        return {inner.type for token in tokens for inner in (token, *(token.children or ()))}

    assert kinds(hostile) <= kinds(HARMLESS) | {"code_inline", "fence"}
    assert is_printable(page(out, graded(hostile), ".md"))


def test_the_terminal_obeys_nothing(graded, hostile, capsys):
    terminal.print_check(graded(hostile))
    terminal.print_class([graded(hostile)])

    assert is_printable(capsys.readouterr().out)


def test_annotations_are_the_only_commands(graded, hostile):
    record = graded(hostile)
    place = github.Place("activations.py", source(HARMLESS), source(HARMLESS))

    lines = github.annotate(record, place)

    assert lines
    for line in lines:
        assert re.fullmatch(r"::(error|warning) file=activations\.py(,line=\d+)?,title=[^,:]*::[^\r\n]*", line)
        assert is_printable(line)
    assert all(re.fullmatch("[^\r\n]*", value) for value in github.outputs(record).values())


def test_junit_is_well_formed_and_has_no_element_more(graded, hostile):
    def tags(text):
        return {e.tag for e in etree.fromstring(junit.render(graded(text), title="Activations").encode()).iter()}

    assert tags(hostile) == tags(HARMLESS)


def test_no_cell_of_the_gradebook_is_a_formula(out, hostile_texts):
    rows = list(csv.reader(io.StringIO((out / "gradebook.csv").read_text(encoding="utf-8"))))

    assert len(rows) == len(hostile_texts) + 3
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS) or not cell.isprintable()]


def test_the_page_of_the_class_runs_its_own_script_only_and_names_all(out, hostile_texts):
    html = (out / "index.html").read_text(encoding="utf-8")

    found, said = elements(html)

    assert html.count("<script") == 1
    assert not {"img", "iframe", "object", "link", "base", "svg", "h4"} & {tag for tag, *_ in found}
    assert is_printable(html)
    assert all(squeezed(names.printable(folder_name(text))) in said for text in hostile_texts)
