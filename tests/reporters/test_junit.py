"""JUnit XML follows the schema of its dialect, whatever a submission says, and holds what feedback holds."""

from pathlib import Path

import pytest
from lxml import etree

from grader.model import ExerciseResult, Outcome, Status, Visibility
from grader.reporters import junit
from grader.reporters.plain_text import printable

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data" / "junit_xunit2.xsd"))
# Every code point that XML 1.0 forbids or that something of ours may mistake for an end.
ILLEGAL = "".join(map(chr, (*range(32), 0x7F, 0x85, 0x2028, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1FFFE)))


def parsed(record):
    """The root of the report of `record`, which must follow the schema."""
    root = etree.fromstring(junit.render(record, title="Three small functions").encode())
    SCHEMA.assertValid(root)
    return root


def properties(element):
    return {p.get("name"): p.get("value") for p in element.findall("properties/property")}


def test_the_schema_refuses_what_the_dialect_does_not_have(make_record):
    root = parsed(make_record(student="ada"))
    root.find(".//testcase").set("file", "f.py")

    assert not SCHEMA.validate(root)


def test_hostile_text_stays_text(make_record, hostile):
    root = parsed(make_record(hostile))

    failure = root.find(".//failure")
    shown = printable(hostile)
    assert shown.partition("\n")[0][:100] in failure.get("message")
    assert shown.strip() in failure.text
    assert {e.tag for e in root.iter()} <= {
        *("testsuites", "testsuite", "properties", "property", "testcase", "failure", "system-out")
    }


def test_characters_that_xml_forbids_are_replaced(make_record):
    root = parsed(make_record(f"before{ILLEGAL}after"))

    text = root.find(".//failure").text
    assert "before" in text
    assert "after" in text
    assert not set(text) & set(ILLEGAL) - {"\n"}


def test_suites_are_exercises_and_their_counts_are_those_of_their_cases(make_record):
    root = parsed(make_record(student="ada"))

    f, g, h = root.findall("testsuite")
    assert [s.get("name") for s in (f, g, h)] == ["small.f", "small.g", "small.h"]
    assert [(s.get("tests"), s.get("failures"), s.get("errors")) for s in (f, g, h)] == [
        ("3", "2", "0"),
        ("1", "0", "0"),
        ("1", "1", "0"),
    ]
    for suite in (f, g, h):
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))


def test_points_stand_in_properties(make_record):
    record = make_record(student="ada")

    f = parsed(record).find("testsuite")

    suite, cases = properties(f), [properties(case) for case in f.findall("testcase")]
    assert (suite["points"], suite["max_points"], suite["student"]) == ("1", "3", "ada")
    assert (suite["submission_score"], suite["submission_max_score"]) == (str(record.score), str(record.max_score))
    assert [(c["points"], c["max_points"], c["visibility"]) for c in cases] == [
        ("0", "1", "visible"),
        ("0", "1", "hidden"),
        ("1", "1", "hidden"),
    ]


def test_the_call_of_a_hidden_test_is_not_shown(make_record, make_test):
    lost = ExerciseResult(
        exercise="f",
        tests=(
            make_test("", test="test_a", visibility=Visibility.VISIBLE, reproduce="print(f(1))\n"),
            make_test("words", test="test_b", reproduce="print(f(2))\n"),
        ),
    )

    seen, hidden = parsed(make_record(student="ada", exercises=(lost,))).findall(".//failure")

    assert "print(f(1))" in seen.text
    assert "f(2)" not in hidden.text


def test_what_did_not_run_is_no_skip_that_would_count_as_fine(make_record, make_test):
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", outcome=Outcome.NOT_RUN),))

    root = parsed(make_record(student="ada", exercises=(lost,)))

    assert root.find(".//skipped") is None
    assert root.find(".//failure").get("type") == "not_run"


@pytest.mark.parametrize("exercises", [None, ()])
def test_a_submission_without_verdict_is_an_error_and_our_reason_stays_ours(make_record, exercises):
    record = make_record("a path of the instructor", student="ada", status=Status.GRADER_ERROR, exercises=exercises)

    root = parsed(record)

    error = root.findall("testsuite")[-1].find("testcase/error")
    assert error.get("message").startswith("Grading failed on our side")
    if exercises == ():
        assert "a path of the instructor" not in etree.tostring(root, encoding="unicode")


def test_notes_on_the_file_stand_with_the_exercises_that_lost_points(make_record):
    f, g, _ = parsed(make_record("line 4 is not valid", student="ada")).findall("testsuite")

    assert "line 4 is not valid" in f.find("system-out").text
    assert g.find("system-out") is None
