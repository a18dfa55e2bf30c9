import json
import os
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import records
from grader.errors import UsageError
from grader.model import (
    CodePiece,
    ExerciseResult,
    Feedback,
    Outcome,
    Picture,
    PictureKind,
    SandboxMode,
    Status,
    SubmissionResult,
    TestResult,
    Visibility,
)
from grader.records import BrokenRecord


def make_test(**changes):
    facts = {
        "test": "test_affine_backward.py::test_matches_reference",
        "exercise": "affine_backward",
        "outcome": Outcome.FAILED,
        "visibility": Visibility.HIDDEN,
        "score": Fraction(0),
        "max_score": Fraction(2),
        "seconds": 0.0041234567,
        "feedback": (Feedback("missing_mean", "dW2 is 7 times too large.", "Divide by m."),),
    }
    return TestResult(**(facts | changes))


def make_result(**changes):
    tests = (make_test(), make_test(test="t", outcome=Outcome.PASSED, score=Fraction(7, 2), max_score=Fraction(4)))
    facts = {
        "assignment": "deep_network",
        "student": "ada",
        "status": Status.GRADED,
        "exercises": (ExerciseResult(exercise="affine_backward", tests=tests, advice=(Feedback("slow", "Slow."),)),),
        "max_score": Fraction(6),
        "file_name": "deep_network.py",
        "sha256": "ab" * 32,
        "submitted_at": None,
        "suite_sha256": "cd" * 32,
        "seed": "ef" * 32,
        "sandbox": SandboxMode.FULL,
        "environment": {"python": "3.12.1", "numpy": "2.1.0", "grader": "0.1.0"},
        "notes": (Feedback("load_fault", "Line 3 does not parse."),),
    }
    return SubmissionResult(**(facts | changes))


def test_a_record_is_the_json_of_the_contract_with_its_keys_in_order():
    text = records.to_json(records.to_record(make_result())).decode()

    assert text.endswith("}\n")
    assert list(json.loads(text).items()) == [
        ("schema", 1),
        ("assignment", "deep_network"),
        ("student", "ada"),
        ("status", "graded"),
        ("score", 3.5),
        ("max_score", 6),
        ("raw_score", 3.5),
        ("late", None),
        ("adjustments", []),
        (
            "exercises",
            [
                {
                    "exercise": "affine_backward",
                    "score": 3.5,
                    "max_score": 6,
                    "raw_score": 3.5,
                    "tests": [
                        {
                            "test": "test_affine_backward.py::test_matches_reference",
                            "outcome": "failed",
                            "visibility": "hidden",
                            "score": 0,
                            "max_score": 2,
                            "seconds": 0.004123,
                            "feedback": [
                                {
                                    "key": "missing_mean",
                                    "rationale": "dW2 is 7 times too large.",
                                    "help": "Divide by m.",
                                }
                            ],
                            "reproduce": None,
                        },
                        {
                            "test": "t",
                            "outcome": "passed",
                            "visibility": "hidden",
                            "score": 3.5,
                            "max_score": 4,
                            "seconds": 0.004123,
                            "feedback": [
                                {
                                    "key": "missing_mean",
                                    "rationale": "dW2 is 7 times too large.",
                                    "help": "Divide by m.",
                                }
                            ],
                            "reproduce": None,
                        },
                    ],
                    "advice": [{"key": "slow", "rationale": "Slow.", "help": None}],
                }
            ],
        ),
        (
            "submission",
            {"file": "deep_network.py", "sha256": "ab" * 32, "submitted_at": None, "normalized_sha256": ""},
        ),
        ("suite_sha256", "cd" * 32),
        ("seed", "ef" * 32),
        ("sandbox", "full"),
        ("environment", {"python": "3.12.1", "numpy": "2.1.0", "grader": "0.1.0"}),
        ("notes", [{"key": "load_fault", "rationale": "Line 3 does not parse.", "help": None}]),
        ("integrity", []),
        ("error", None),
    ]
    assert list(json.loads(text)["exercises"][0]["tests"][0]) == [
        "test",
        "outcome",
        "visibility",
        "score",
        "max_score",
        "seconds",
        "feedback",
        "reproduce",
    ]


def test_a_record_is_written_and_read_back(tmp_path):
    (tmp_path / "records").mkdir()
    result = make_result(submitted_at="2026-02-02T15:58:23+00:00")

    path = records.write(tmp_path, result)

    assert path == tmp_path / "records" / "ada.json"
    assert records.to_record(result) == records.read(path)
    assert path.read_bytes() == records.to_json(records.to_record(result))


def test_the_record_of_a_student_lies_in_records_under_a_safe_name(tmp_path):
    assert records.record_path(tmp_path, "../a/b") == tmp_path / "records" / "%2E.%2Fa%2Fb.json"
    assert records.to_record(make_result(student="../a/b")).file_stem == "%2E.%2Fa%2Fb"


def test_a_result_survives_its_record_but_for_the_digits_of_its_times():
    result = make_result(exercises=(ExerciseResult(exercise="e", tests=(make_test(exercise="e", seconds=0.25),)),))

    assert result == records.to_result(records.to_record(result))


@given(st.fractions(0, 1000, max_denominator=700) | st.integers(0, 10**6).map(lambda n: Fraction(n, 1000)))
def test_a_score_survives_its_six_digits_exactly(score):
    tests = (make_test(score=score, max_score=score),)
    record = records.to_record(make_result(exercises=(ExerciseResult(exercise="affine_backward", tests=tests),)))

    assert score == records.to_result(record).exercises[0].tests[0].score


def test_thirds_are_shown_with_six_digits_and_add_up():
    tests = tuple(make_test(test=str(n), score=Fraction(1, 3), max_score=Fraction(1, 3)) for n in range(3))

    record = records.to_record(make_result(exercises=(ExerciseResult(exercise="e", tests=tests),)))

    assert record.exercises[0].tests[0].score == 0.333333
    assert record.score == 1
    assert isinstance(record.score, int)
    assert records.to_result(record).score == 1


def test_what_we_failed_to_judge_has_no_score():
    tests = (make_test(outcome=Outcome.GRADER_ERROR), make_test(test="t", outcome=Outcome.PASSED, score=Fraction(2)))
    result = make_result(
        status=Status.GRADER_ERROR,
        exercises=(ExerciseResult(exercise="affine_backward", tests=tests),),
        error="the sandbox died",
    )

    record = records.to_record(result)

    assert record.score is None
    assert record.exercises[0].score is None
    assert record.exercises[0].tests[0].score is None
    assert record.exercises[0].tests[1].score == 2
    assert record.error == "the sandbox died"


def test_no_text_can_make_a_record_impossible_to_write(tmp_path):
    broken = os.fsdecode(b"\xff")
    test = make_test(test=broken, feedback=(Feedback("k", broken, broken),), reproduce=broken)
    result = make_result(
        student=broken,
        file_name=broken,
        exercises=(ExerciseResult(exercise="e", tests=(test,)),),
        notes=(Feedback("k", broken),),
        integrity=(Feedback("k", broken),),
        error=broken,
        environment={"python": broken},
    )

    (tmp_path / "records").mkdir()
    record = records.read(records.write(tmp_path, result))

    assert record.student == "\\udcff"
    assert record.submission.file == "\\xFF"


def test_normalized_records_differ_in_everything_but_times():
    slow = make_result(exercises=(ExerciseResult(exercise="e", tests=(make_test(seconds=2.0),)),))
    fast = make_result(exercises=(ExerciseResult(exercise="e", tests=(make_test(seconds=1.0),)),))
    other = make_result(exercises=(ExerciseResult(exercise="e", tests=(make_test(score=Fraction(1)),)),))
    one, two, three = (records.normalized(records.to_record(result)) for result in (slow, fast, other))

    assert one == two
    assert one != three


def test_a_handed_back_record_has_no_seed_and_no_message_for_the_instructor():
    own = {"integrity": (Feedback("k", "torch is imported."),), "normalized_sha256": "01" * 32}
    record = records.to_record(make_result(error="see /srv/course", **own))

    handed_back = records.for_student(record)

    assert handed_back == records.to_record(make_result(seed=""))
    assert b"/srv" not in records.to_json(handed_back)
    assert b"torch" not in records.to_json(handed_back)
    assert b"0101" not in records.to_json(handed_back)
    assert b"efef" not in records.to_json(handed_back)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no record: Input data was truncated"),
        (b'{"schema": 1', "is no record: Input data was truncated"),
        (b'{"schema": 1}', "is no record: Object missing required field `assignment`"),
        (b'{"schema": 2, "new": {}}', "has schema 2, and this grader reads schema 1"),
        (b"[" * 100_000, "is no record"),
        (b'{"schema": 1, "assignment": "\xff"}', "is no record"),
        (b"null", "is no record: Expected `object`, got `null`"),
    ],
)
def test_a_broken_record_is_named_with_its_fault(tmp_path, data, message):
    (tmp_path / "ada.json").write_bytes(data)

    with pytest.raises(BrokenRecord, match=r"ada\.json .*delete it and grade again") as caught:
        records.read(tmp_path / "ada.json")

    assert message in str(caught.value)


def test_a_record_with_a_wrong_value_is_named_with_its_key(tmp_path):
    text = records.to_json(records.to_record(make_result())).replace(b'"failed"', b'"fine"')
    (tmp_path / "ada.json").write_bytes(text)

    with pytest.raises(BrokenRecord, match=r"'fine' - at `\$\.exercises.*\.tests.*\.outcome`"):
        records.read(tmp_path / "ada.json")


def test_keys_of_later_versions_are_ignored(tmp_path):
    text = records.to_json(records.to_record(make_result())).replace(b"{", b'{"later": [1],', 1)
    (tmp_path / "ada.json").write_bytes(text)

    assert records.read(tmp_path / "ada.json").student == "ada"


def test_a_folder_in_place_of_a_record_is_a_broken_record(tmp_path):
    (tmp_path / "ada.json").mkdir()

    with pytest.raises(BrokenRecord, match="Is a directory"):
        records.read(tmp_path / "ada.json")


def test_an_absent_record_is_not_a_broken_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        records.read(tmp_path / "ada.json")


def test_records_are_listed_by_name_without_half_written_ones(tmp_path):
    (tmp_path / "records").mkdir()
    for name in ("b", "a"):
        records.write(tmp_path, make_result(student=name))
    (tmp_path / "records" / ".grader-tmp-1").write_text("{")
    (tmp_path / "records" / "notes.txt").write_text("")

    assert [record.student for record in records.iterate(tmp_path)] == ["a", "b"]


def test_a_folder_without_records_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="holds no records; grade into it first"):
        records.paths(tmp_path)


def test_a_file_in_place_of_the_records_is_an_error(tmp_path):
    (tmp_path / "records").write_text("")

    with pytest.raises(UsageError, match=r"cannot read .*records: Not a directory"):
        records.paths(tmp_path)


def test_pictures_lines_and_formula_come_back_as_they_were():
    picture = Picture(
        kind=PictureKind.LEARNING_CURVE, name="costs", arrays={"costs": ((0.7, None),)}, numbers={"last": 1.0}
    )
    exercise = ExerciseResult(
        exercise="fit",
        tests=(make_test(exercise="fit", visibility=Visibility.VISIBLE, pictures=(picture,), seconds=0.5),),
        code=(CodePiece(3, "def fit():"), CodePiece(7, "    return 1")),
        formula="W - dW",
    )
    result = make_result(exercises=(exercise,), max_score=Fraction(2))

    record = records.parse(records.to_json(records.to_record(result)), "ada.json")

    assert records.to_result(record) == result


def test_where_there_is_nothing_to_show_there_are_no_such_keys():
    (exercise,) = json.loads(records.to_json(records.to_record(make_result())))["exercises"]

    assert not {"code", "formula"} & exercise.keys()
    assert "pictures" not in exercise["tests"][0]
