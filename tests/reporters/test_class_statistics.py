"""Figures of a class: difficulty, discrimination, clusters of wrong answers."""

import numpy as np
import pytest

from grader.model import CodePiece, ExerciseResult, Feedback, Outcome
from grader.reporters.class_statistics import FEWEST_FOR_DISCRIMINATION, collect, distribution, item_rest_correlation


@pytest.fixture
def scores():
    """Points of 200 students in three exercises; the third has nothing to do with the others."""
    rng = np.random.default_rng(1)
    ability = rng.normal(size=200)
    return np.stack([ability + 0.5 * rng.normal(size=200), ability, rng.normal(size=200)], axis=1)


def test_the_discrimination_is_the_correlation_with_the_rest(scores):
    expected = [np.corrcoef(scores[:, i], scores.sum(axis=1) - scores[:, i])[0, 1] for i in range(3)]

    np.testing.assert_allclose(item_rest_correlation(scores, np.ones(3)), expected)
    assert expected[0] > 0.5
    assert abs(expected[2]) < 0.2


def test_an_exercise_that_all_do_equally_well_has_no_discrimination(scores):
    scores[:, 1] = 0.1 + 0.2

    assert item_rest_correlation(scores, np.ones(3))[1] is None


def test_a_small_class_has_no_discrimination(scores):
    few = scores[: FEWEST_FOR_DISCRIMINATION - 1]

    assert item_rest_correlation(few, np.ones(3)) == [None, None, None]
    assert None not in item_rest_correlation(scores[:FEWEST_FOR_DISCRIMINATION], np.ones(3))


def test_students_without_some_score_do_not_count(scores):
    expected = item_rest_correlation(scores[1:], np.ones(3))
    scores[0, 1] = np.nan

    assert item_rest_correlation(scores, np.ones(3)) == expected


@pytest.mark.parametrize(("lost", "is_negative"), [(("f",), True), (("f", "g"), False), (("f", "g", "h"), False)])
def test_who_has_one_mistake_makes_each_discrimination_negative(make_record, make_test, lost, is_negative):
    outcomes = {name: Outcome.FAILED if name in lost else Outcome.PASSED for name in ("f", "g", "h")}
    exercises = tuple(exercise(make_test, outcome, name=name) for name, outcome in outcomes.items())

    assert collect([make_record(student="a", exercises=exercises)]).has_single_losses is is_negative


def test_full_marks_have_a_bin_of_their_own():
    counts = dict(distribution([0.0, 0.0999, 0.1, 0.3, 0.999, 1.0, 1.1]))

    assert counts["0–10 %"] == 2
    assert counts["10–20 %"] == counts["30–40 %"] == counts["90–100 %"] == 1
    assert counts["100 %"] == 2


def exercise(make_test, *outcomes, name="f", digest="", said="said"):
    tests = tuple(
        make_test("", test=f"test_{i}", outcome=outcome, feedback=(Feedback(said, said),))
        for i, outcome in enumerate(outcomes)
    )
    return ExerciseResult(
        exercise=name, tests=tests, answer_digest=digest, code=(CodePiece(1, f"def {name}(): {said}"),)
    )


def test_an_exercise_is_right_in_part_wrong_or_not_written(make_record, make_test):
    passed, failed, stub = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_IMPLEMENTED
    each = [(passed, passed), (passed, failed), (failed, failed), (stub, stub), (stub, failed)]

    figures = collect(
        make_record(student=str(i), exercises=(exercise(make_test, *outcomes),)) for i, outcomes in enumerate(each)
    )

    (found,) = figures.exercises
    assert (found.full, found.part, found.none, found.unwritten) == (1, 1, 2, 1)
    assert found.mean == pytest.approx(0.3)


def test_the_sample_is_of_the_cluster_and_has_its_own_words(make_record, make_test):
    answers = [("a", "1"), ("b", "2"), ("c", "1"), ("d", "1")]

    figures = collect(
        make_record(student=student, exercises=(exercise(make_test, Outcome.FAILED, digest=digest, said=student),))
        for student, digest in answers
    )

    (cluster,) = figures.clusters
    assert [figures.students[i].name for i in cluster.students] == ["a", "c", "d"]
    assert (figures.students[cluster.sample].name, cluster.said.rationale) == ("c", "c")
    assert cluster.code[0].text == "def f(): c"
    assert figures.singles == 1


def test_equal_digests_in_two_exercises_are_two_answers(make_record, make_test):
    both = tuple(exercise(make_test, Outcome.FAILED, name=name, digest="1") for name in ("f", "g"))

    figures = collect([make_record(student=student, exercises=both) for student in "ab"])

    assert sorted(cluster.exercise for cluster in figures.clusters) == ["f", "g"]


def test_a_misconception_of_the_course_is_told_apart_from_words_of_the_grader(make_record, make_test):
    graded = [
        make_record(student=said, exercises=(exercise(make_test, Outcome.FAILED, said=said),))
        for said in ("missing_mean", "wrong_shape", "wrong_entries")
    ]

    named = {mistake.said.key: mistake.is_named for mistake in collect(graded).mistakes}

    assert named == {"missing_mean": True, "wrong_shape": False, "wrong_values": False}
