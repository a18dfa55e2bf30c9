"""results.json has the fields of Gradescope with their types, shows the total, and gives no 0 where we failed."""

import json
import re

import pytest

from grader.model import ExerciseResult, Feedback, Outcome, Status, Visibility
from grader.reporters import feedback_markdown, gradescope_results

# What Gradescope documents, with the types that it shows in its example.
TOP = {
    "score": (int, float), "execution_time": (int, float), "output": str, "output_format": str,
    "test_output_format": str, "test_name_format": str, "visibility": str, "stdout_visibility": str, "extra_data": dict,
    "tests": list, "leaderboard": list,
}  # fmt: skip
TEST = {
    "score": (int, float), "max_score": (int, float), "status": str, "name": str, "name_format": str, "number": str,
    "output": str, "output_format": str, "tags": list, "visibility": str, "extra_data": dict,
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def rendered(record):
    """The results of `record`, which must follow the documented format field by field."""
    text = gradescope_results.render(record, title="Three small functions")
    found = json.loads(text, parse_constant=refuse_constant)
    for fields, known in ((found, TOP), *((test, TEST) for test in found.get("tests", ()))):
        assert fields.keys() <= known.keys()
        for name, value in fields.items():
            assert isinstance(value, known[name]), name
            assert not isinstance(value, bool)
            assert not name.endswith("_format") or value in FORMATS
            assert not name.endswith("visibility") or value in VISIBILITIES
        assert fields.get("status", "passed") in {"passed", "failed"}
    return found


def test_an_exercise_is_a_test_with_its_points(make_record):
    found = rendered(make_record(student="ada"))

    assert [(t["number"], t["name"], t["score"], t["max_score"], t["status"]) for t in found["tests"]] == [
        ("1", "f", 1, 3, "failed"),
        ("2", "g", 1, 1, "passed"),
        ("3", "h", 0, 1, "failed"),
    ]
    assert found["score"] == 2


def test_students_see_the_total_since_no_test_is_hidden(make_record):
    found = rendered(make_record(student="ada"))

    assert {found["visibility"], *(test["visibility"] for test in found["tests"])} == {"visible"}
    assert found["stdout_visibility"] == "hidden"


def test_the_text_of_an_exercise_is_that_of_the_feedback_page(make_record):
    record = make_record("y is subtracted", student="ada")
    page = feedback_markdown.render(record, title="Three small functions")

    texts = [test["output"] for test in rendered(record)["tests"]]

    assert texts[1] == "Correct."
    assert "y is subtracted" in texts[0]
    assert texts[0] in page
    assert texts[2] in page


def test_hostile_text_is_escaped_as_on_the_feedback_page(make_record, hostile):
    record = make_record(hostile)
    page = feedback_markdown.render(record, title="Three small functions")

    found = rendered(record)

    assert found["tests"][0]["output"] in page
    assert found["output"].partition("\n\n## ")[2] in page


def test_a_hidden_test_shows_no_call(make_record, make_test):
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_b", reproduce="print(f(0.123))\n"),))

    found = rendered(make_record(student="ada", exercises=(lost,)))

    assert "0.123" not in json.dumps(found)


@pytest.mark.parametrize("exercises", [None, ()])
def test_where_we_failed_there_is_no_score_and_our_reason_stays_ours(make_record, exercises):
    record = make_record("a path of the instructor", student="ada", status=Status.GRADER_ERROR, exercises=exercises)

    found = rendered(record)

    assert found.keys() == {"output", "output_format", "visibility", "stdout_visibility"}
    assert "failed on our side" in found["output"]
    assert "a path of the instructor" not in found["output"]


def test_seed_and_hints_for_the_instructor_are_left_out(make_record):
    record = make_record(student="ada")

    text = json.dumps(rendered(record))

    assert record.seed not in text
    assert record.submission.sha256 in text
    assert record.suite_sha256 in text


def test_a_flood_of_feedback_is_cut_and_the_scores_stay(make_record, make_test):
    flood = tuple(Feedback(f"k{i}", f"{i} " + "x" * 5000, "y" * 5000) for i in range(40))
    tests = tuple(
        make_test("", test=f"test_{i}", outcome=Outcome.FAILED, visibility=Visibility.VISIBLE, feedback=flood[i:])
        for i in range(20)
    )
    record = make_record(student="ada", exercises=(ExerciseResult(exercise="f", tests=tests),))

    text = gradescope_results.render(record, title="Three small functions")

    assert len(text.encode()) <= gradescope_results.LARGEST_BYTES
    assert rendered(record)["tests"][0]["max_score"] == 20
    assert re.search(r"x{100}…", text)
