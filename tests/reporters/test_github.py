"""Annotations point at the learner's lines, forge nothing and keep to limits; outputs are what Classroom reads.

`obeyed` follows the runner: a line that begins with `::` is a command, in force until `stop-commands`.
"""

import base64
import json
import re
import subprocess
import sys

import pytest

from grader import records
from grader.model import ExerciseResult, Feedback, Outcome, Status
from grader.reporters import feedback_markdown, github
from grader.reporters.github import Place

SOURCE = """\
import numpy as np

def f(x):
    raise NotImplementedError

def f(x):
    return x + 1

g = lambda x: 2 * x
h: object = None
fh = 3
"""
COMMAND = re.compile(r"\s*::(?P<name>[\w-]+)(?: (?P<properties>.*?))?::(?P<data>.*)")


def unescaped(text, pairs=(("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))):
    for escape, character in pairs:
        text = text.replace(escape, character)
    return text


def obeyed(text):
    """The commands in `text` that the runner carries out: name, properties, data."""
    found, token = [], None
    for line in re.split(r"\r\n|\n|\r", text):
        match = COMMAND.fullmatch(line)
        if token is not None:
            token = None if line.strip() == f"::{token}::" else token
        elif match and match["name"] == "stop-commands":
            token = match["data"]
        elif match:
            pairs = [pair.partition("=") for pair in (match["properties"] or "").split(",") if pair]
            found.append((match["name"], {k: unescaped(v) for k, _, v in pairs}, unescaped(match["data"])))
    assert token is None, "commands are stopped for ever"
    return found


@pytest.fixture
def place():
    return Place("week 1/small.py", SOURCE, SOURCE)


def lost(name, make_test, *feedback):
    return ExerciseResult(exercise=name, tests=(make_test("", test="test_a", feedback=feedback),))


def annotated(record, place):
    return obeyed("\n".join(github.annotate(record, place)))


@pytest.mark.parametrize(("name", "line"), [("f", 6), ("g", 9), ("h", 10), ("k", None), ("x", None)])
def test_an_error_points_at_the_last_definition_of_its_function(make_record, make_test, place, name, line):
    record = make_record(student="ada", exercises=(lost(name, make_test, Feedback("k", "It is wrong.", "Mend it.")),))

    ((kind, properties, text), *_) = annotated(record, place)

    assert (kind, text) == ("error", "It is wrong.\nTry: Mend it.")
    assert properties["file"] == "week 1/small.py"
    assert properties.get("line") == (None if line is None else str(line))
    assert properties["title"] == f"{name}: 0 of 1 points"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("f raised ValueError: x in line 7: `return x + 1`", "7"),
        ("f raised ValueError: in line 3 in line 7: `return x + 1`", "7"),
        ("f raised ValueError: x in line 700: `?`", "6"),
        ("f raised ValueError: x in line 0: `?`", "6"),
        ("f raised ValueError: x in line 99999999999999999999: `?`", "6"),
    ],
)
def test_an_error_points_at_the_line_that_its_exception_names(make_record, make_test, place, text, line):
    record = make_record(student="ada", exercises=(lost("f", make_test, Feedback("raised", text)),))

    assert annotated(record, place)[0][1]["line"] == line


def test_a_note_on_the_file_is_a_warning_at_its_line(make_record, place):
    record = make_record("Line 3 is not valid Python.", student="ada", exercises=())

    assert [(kind, p["line"], text.partition("\n")[0]) for kind, p, text in annotated(record, place)] == [
        ("warning", "3", "Line 3 is not valid Python.")
    ]


def test_in_a_notebook_the_cell_is_named_and_the_line_is_that_of_the_file(make_record, make_test, tmp_path):
    cells = [["# words"], ["import numpy as np"], ["y = 1\n", 'def f(x, name="a"):\n', "    return x"]]
    kinds = ["markdown", "code", "code"]
    content = [{"cell_type": kind, "source": source} for kind, source in zip(kinds, cells, strict=True)]
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": content}, indent=1))
    record = make_record(student="ada", exercises=(lost("f", make_test, Feedback("k", "It is wrong.")),))

    ((_, properties, _), *_) = annotated(record, github.place_of(path, tmp_path))

    assert properties["file"] == "small.ipynb"
    assert properties["title"] == "f: 0 of 1 points, code cell 2"
    assert "def f(x, name=" in path.read_text().splitlines()[int(properties["line"]) - 1]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"cells": []}'])
def test_a_notebook_without_program_is_pointed_at_as_a_whole(make_record, make_test, tmp_path, content):
    path = tmp_path / "small.ipynb"
    path.write_text(content)
    record = make_record(student="ada", exercises=(lost("f", make_test, Feedback("k", "in line 3")),))

    assert "line" not in annotated(record, github.place_of(path, tmp_path))[0][1]


FORGERIES = [
    "x\n::error file=a::forged",
    "x\r\n::set-output name=score::100",
    "x\r::add-mask::a",
    "%0A::error::forged",
    "::stop-commands::x\n::x::",
    "a,file=forged.py,line=1::forged",
    "\u2028::error::forged\x85::error::forged",
    "x\n##[error]forged",
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_no_text_of_a_submission_becomes_a_command(make_record, place, forgery):
    record = make_record(forgery)
    plain = make_record("words", student="ada")

    lines = github.annotate(record, place)

    assert [kind for kind, *_ in obeyed("\n".join(lines))] == [kind for kind, *_ in annotated(plain, place)]
    assert all(not re.search(r"[\r\n\x85\u2028]", line) for line in lines)
    assert {p["file"] for _, p, _ in obeyed("\n".join(lines))} == {"week 1/small.py"}


def test_hostile_text_is_shown_as_it_is(make_record, place, hostile):
    (_, _, text), *_ = annotated(make_record(hostile), place)

    assert text.partition("\n")[0].strip() == github.printable(hostile).partition("\n")[0].strip()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_printed_inside_of_the_fence_is_not_obeyed(forgery):
    before, after = github.fence()

    assert obeyed(f"{before}\n{forgery}\n{after}") == []


def test_every_fence_has_a_word_of_its_own():
    assert len({github.fence() for _ in range(20)}) == 20


def test_of_more_errors_than_github_takes_the_last_counts_the_others(make_record, make_test, place):
    exercises = tuple(lost(f"f{i}", make_test, Feedback("k", "It is wrong.")) for i in range(14))

    found = annotated(make_record(student="ada", exercises=exercises), place)

    errors = [properties["title"] for kind, properties, _ in found if kind == "error"]
    assert len(errors) == github.MOST_ANNOTATIONS
    assert errors[-1] == "5 more"


def test_a_summary_is_the_feedback_page(make_record, hostile):
    record = make_record(hostile)

    assert github.summary(record, title="Small") == feedback_markdown.render(record, title="Small")


def test_a_summary_that_github_would_drop_is_cut_to_its_table(make_record, make_test):
    flood = tuple(Feedback(f"k{i}", f"{i} " + "# x\n## y " * 5000) for i in range(40))
    record = make_record(student="ada", exercises=(lost("f", make_test, *flood), lost("g", make_test)))
    assert len(feedback_markdown.render(record, title="Small").encode()) > github.LARGEST_SUMMARY_BYTES

    text = github.summary(record, title="Small")

    assert len(text.encode()) <= github.LARGEST_SUMMARY_BYTES
    assert "| `g` | 0 / 1 |" in text
    assert "too long to be shown" in text


def classroom(record):
    return json.loads(base64.b64decode(github.outputs(record)["result"]))


def test_the_result_for_classroom_adds_up(make_record):
    record = make_record(student="ada")

    result = classroom(record)

    # The reporter adds the scores of the tests and takes max_score as it is.
    assert sum(test["score"] for test in result["tests"]) == record.score
    assert (result["version"], result["status"], result["max_score"]) == (1, "fail", record.max_score)
    assert [(t["name"], t["status"], t["score"]) for t in result["tests"]] == [
        ("f", "fail", 1),
        ("g", "pass", 1),
        ("h", "fail", 0),
    ]


def test_full_marks_pass_and_a_fault_of_ours_is_an_error(make_record, make_test):
    full = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", outcome=Outcome.PASSED, feedback=()),))
    unjudged = make_record(student="ada", status=Status.GRADER_ERROR, exercises=())

    assert classroom(make_record(student="ada", exercises=(full,)))["status"] == "pass"
    assert (classroom(unjudged)["status"], classroom(unjudged)["tests"]) == ("error", [])
    assert github.outputs(unjudged)["score"] == ""


def test_outputs_are_single_lines(make_record, hostile):
    assert all("\n" not in value for value in github.outputs(make_record(hostile)).values())


def test_the_command_prints_annotations_that_are_obeyed_and_writes_summary_and_outputs(course, tmp_path):
    from grader import manifest
    from grader.release import starter

    assignment = manifest.load(course, "small")
    starter.build(assignment)
    file = assignment.starter_folder / "small.py"
    file.write_text(
        "def double(x): raise ValueError('a\\n::error::forged')\n"
        "def add(x, y):\n    print('::error::forged')\n    return x - y\n"
    )
    summary, output = tmp_path / "summary.md", tmp_path / "output"
    summary.write_text("of another step\n")

    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", str(file), "--github", "--junit", str(tmp_path / "junit.xml")],
        env={
            "PATH": "/usr/bin:/bin",
            "GITHUB_WORKSPACE": str(course),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "::error::forged" in done.stdout
    found = [(kind, p["file"], p["line"]) for kind, p, _ in obeyed(done.stdout)]
    assert found == [("error", "assignments/small/small.py", "1"), ("error", "assignments/small/small.py", "2")]
    assert summary.read_text().startswith("of another step\n# Three small functions\n")
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert outputs["score"] == "0"
    assert [t["name"] for t in json.loads(base64.b64decode(outputs["result"]))["tests"]] == ["double", "add"]
    assert "<testsuites" in (tmp_path / "junit.xml").read_text()


def test_records_that_were_read_back_give_the_same_commands(make_record, place):
    record = make_record("words", student="ada")

    again = records.parse(records.to_json(record), "a record")

    assert github.annotate(again, place) == github.annotate(record, place)
