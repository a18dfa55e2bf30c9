"""The catalogue has every text, and the page in docs/ is that of today."""

import ast
import re
from pathlib import Path

import pytest

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.course import assignment_ids
from grader.errors import UsageError
from grader.messages import MESSAGES
from grader.reporters.feedback_markdown import code, escape
from grader.validation import catalogue
from grader.validation.catalogue import SAMPLES, SPECIAL, Text, texts_of_tests

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = assignment_ids(ROOT)
TEST_WITH_TEXTS = """
from grader.checks import advise, check_std, fail
from grader.model import Feedback

CALL = "double(x)"


def test_a(student):
    what = "odd"
    fail("plain", rationale="It is wrong.", help="Make it right.")
    fail("made", rationale=f"{CALL} has {len(student)} entries, and is {what}.", help=None)
    for key, number, text in (("first", 1, "One."), ("second", 2, f"Two {student}.")):
        fail(key, rationale=f"Row: {text}", help="Same for all.")
    advise(Feedback("noted", "It is odd." if student else "It is even."))
    mistakes = {"it is 1, so the factor is missing": 1.0}
    check_std(student, 0.1, name="W", alternatives=mistakes)


def elsewhere(what):
    fail("blank", rationale=what)
"""


@pytest.fixture(scope="module")
def page():
    return catalogue.render(ROOT)


def test_the_page_in_docs_is_that_of_today():
    assert catalogue.is_current(ROOT), f"{catalogue.PAGE} is stale; run `{catalogue.COMMAND}`"


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_every_message_has_an_example_without_blanks(key, page):
    example = catalogue.example(key)

    assert "{" not in example.rationale.replace("{l}", "")
    assert f"- {code(key)}  \n  {escape(example.rationale.splitlines()[0])}" in page
    assert example.help is None or f"*Try:* {escape(example.help)}" in page


def test_no_sample_is_left_over():
    blanks = {key: set(re.findall(r"\{(\w+)\}", "".join(filter(None, MESSAGES[key])))) for key in MESSAGES}

    assert set(SAMPLES) == set().union(*blanks.values())
    assert [key for key, values in SPECIAL.items() if not set(values) <= blanks.get(key, set())] == []


@pytest.mark.parametrize("assignment_id", ASSIGNMENTS)
def test_every_misconception_stands_under_its_exercise(assignment_id, page):
    section = page[page.index(f"\n## Assignment {assignment_id}\n") :]
    for known in load_misconceptions(ROOT / "autograde_tests" / assignment_id / "misconceptions.py"):
        exercise = section[section.index(f"\n### {code(known.exercise)} ({assignment_id})\n") + 1 :].partition(
            "\n### "
        )[0]

        assert f"- {code(known.key)}  \n  {escape(known.rationale)}" in exercise
        assert known.help is None or f"*Try:* {escape(known.help)}" in exercise


@pytest.mark.parametrize("assignment_id", ASSIGNMENTS)
def test_every_key_that_a_test_fails_with_is_in_the_catalogue(assignment_id):
    folder = manifest.load(ROOT, assignment_id).tests_folder
    found = {text.feedback.key for text in texts_of_tests(folder)}
    for path in folder.glob("test_*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "fail":
                key = call.args[0]
                assert not isinstance(key, ast.Constant) or key.value in found
                assert not isinstance(key, ast.Name) or f"{{{key.id}}}" not in found, (
                    f"{path}:{call.lineno}: write the key"
                )


def test_texts_are_found_with_what_loops_and_constants_put_into_them(tmp_path):
    (tmp_path / "test_double.py").write_text(TEST_WITH_TEXTS)

    texts = texts_of_tests(tmp_path)

    assert {text.exercise for text in texts} == {"double"}
    assert [(t.feedback.key, t.feedback.rationale, t.feedback.help) for t in texts] == [
        ("plain", "It is wrong.", "Make it right."),
        ("made", "double(x) has {len(student)} entries, and is odd.", None),
        ("first", "Row: One.", "Same for all."),
        ("second", "Row: Two {student}.", "Same for all."),
        ("noted", "It is odd. / It is even.", None),
        (
            "std_of_mistake",
            "W1 should have standard deviation …, and has …: it is 1, so the factor is missing.",
            "Check the factor behind the draw.",
        ),
        ("blank", "{what}", None),
    ]


def test_the_same_text_in_two_tests_stands_once(tmp_path):
    (tmp_path / "test_f.py").write_text('def test_a():\n    fail("k", rationale="R.")\n' * 2)

    assert len(texts_of_tests(tmp_path)) == 1
    assert isinstance(texts_of_tests(tmp_path)[0], Text)


def test_links_of_the_contents_lead_to_headings(page):
    links = re.findall(r"^- \[.*\]\(#(.*)\)$", page, re.MULTILINE)
    headings = [catalogue.slug(title) for title in re.findall(r"^#+ (.*)$", page, re.MULTILINE)]

    assert len(links) == len(set(links)) >= len(ASSIGNMENTS) + 10
    assert [link for link in links if headings.count(link) != 1] == []


def test_a_stale_page_is_found_and_written_anew(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    (course / "docs").mkdir()

    assert catalogue.main(["--check"]) == 1
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 0
    page = course / catalogue.PAGE
    assert "x is squared, not doubled." in page.read_text(encoding="utf-8")

    page.write_text(page.read_text(encoding="utf-8").replace("squared", "cubed"), encoding="utf-8")

    assert catalogue.main(["--check"]) == 1
    assert "is stale; run python -m grader.validation.catalogue" in capsys.readouterr().out


def test_another_option_is_refused(course, monkeypatch, capsys):
    monkeypatch.chdir(course)

    assert catalogue.main(["--chekc"]) == 2
    assert "usage" in capsys.readouterr().err


def test_without_a_course_there_is_no_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="no course at"):
        catalogue.main([])
