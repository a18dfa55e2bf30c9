"""Verdicts, with submissions that are plain classes: the scripted worker stands for the sandbox."""

import hashlib
from fractions import Fraction

import numpy as np
import pytest

from grader import manifest
from grader.errors import ManifestError, SandboxError, UsageError
from grader.messages import feedback
from grader.model import Outcome, SandboxMode, Status, Submission
from grader.sandbox.fake import FakeWorker
from grader.session import hidden_session

SEED = hashlib.sha256(b"a seed").hexdigest()
SUBMISSION = Submission(student="ada", file_name="small.py", source=b"", sha256="0" * 64)


class Right:
    """Calls its own functions by class attribute, as a module calls its globals."""

    @staticmethod
    def double(x):
        return x + x

    @staticmethod
    def add(x, y):
        return x + y

    @classmethod
    def double_sum(cls, x, y):
        return cls.double(cls.add(x, y))


def grade(course, functions, *, spawn=None, submission=SUBMISSION, only=None, seed=SEED):
    assignment = manifest.load(course, "small")
    spawn = spawn or (lambda limits: FakeWorker(functions))
    with hidden_session(assignment, spawn=spawn, mode=SandboxMode.FULL) as session:
        return session.grade(submission, seed, only=only)


def by_test(result):
    return {test.test: test for exercise in result.exercises for test in exercise.tests}


def test_right_functions_get_full_marks(course):
    result = grade(course, Right)

    assert result.status is Status.GRADED
    assert result.score == result.max_score == 10
    assert {test.outcome for test in by_test(result).values()} == {Outcome.PASSED}


def test_exercises_stand_in_the_order_of_the_manifest(course):
    assert [e.exercise for e in grade(course, Right).exercises] == ["double", "add", "double_sum"]


def test_a_wrong_function_costs_its_own_exercise_only(course):
    class Wrong(Right):
        @staticmethod
        def add(x, y):
            return x + y + 1

    result = grade(course, Wrong)

    assert {e.exercise: e.score for e in result.exercises} == {"double": 2, "add": 0, "double_sum": 5}


def test_the_exercise_at_fault_is_named(course):
    class Wrong(Right):
        @staticmethod
        def add(x, y):
            return x + y + 1

    test = by_test(grade(course, Wrong))["test_double_sum.py::test_together"]

    assert test.outcome is Outcome.PASSED
    assert test.feedback == (feedback("fault_elsewhere", exercise="double_sum", faulty="add"),)


def test_a_function_that_is_wrong_itself_loses_even_with_help(course):
    class Wrong(Right):
        @classmethod
        def double_sum(cls, x, y):
            return cls.add(x, y)

    result = grade(course, Wrong)

    assert {e.exercise: e.score for e in result.exercises} == {"double": 2, "add": 3, "double_sum": 0}


def test_two_functions_that_only_call_each_other_do_not_pass(course):
    class Circle(Right):
        @classmethod
        def add(cls, x, y):
            return cls.double_sum(x, y) / 2

        @classmethod
        def double_sum(cls, x, y):
            return 2 * cls.add(x, y)

    result = grade(course, Circle)

    assert result.exercises[1].score == 0


def test_a_known_mistake_is_named_first(course):
    class Wrong(Right):
        @staticmethod
        def add(x, y):
            return x - y

    test = by_test(grade(course, Wrong))["test_add.py::test_small_example"]

    assert test.feedback[0].key == "subtracted"
    assert test.feedback[0].help == "Use +."


def test_partial_credit_comes_from_single_tests(course):
    class Wrong(Right):
        @staticmethod
        def double(x):
            return x + x if x.ndim == 1 else x

    result = grade(course, Wrong)

    assert result.exercises[0].score == Fraction(1, 2)
    assert result.exercises[0].max_score == 2


def test_a_visible_test_carries_a_snippet_and_a_hidden_one_does_not(course):
    class Wrong(Right):
        @staticmethod
        def double(x):
            return x

    tests = by_test(grade(course, Wrong))

    assert "from small import double" in tests["test_double.py::test_small_example"].reproduce
    assert tests["test_double.py::test_matrix"].reproduce is None


def test_hidden_inputs_and_expected_values_are_not_in_the_feedback(course):
    class Leaks(Right):
        @staticmethod
        def double(x):
            raise ValueError(repr(x.tolist()))

    result = grade(course, Leaks)
    hidden = by_test(result)["test_double.py::test_matrix"]

    assert hidden.outcome is Outcome.RAISED
    assert not any(character.isdigit() for character in hidden.feedback[0].rationale)


def test_missing_functions_are_not_implemented(course):
    class Missing:
        double = staticmethod(Right.double)

    result = grade(course, Missing)

    assert result.score == 2
    assert by_test(result)["test_add.py::test_small_example"].outcome is Outcome.NOT_IMPLEMENTED


def test_the_same_seed_gives_the_same_inputs_and_another_seed_others(course):
    assignment = manifest.load(course, "small")
    seen = []

    class Watch(Right):
        @staticmethod
        def add(x, y):
            seen.append(np.concatenate([x, y]))
            return x + y

    with hidden_session(assignment, spawn=lambda limits: FakeWorker(Watch), mode=SandboxMode.FULL) as session:
        for seed in (SEED, SEED, "ab" * 32):
            session.grade(SUBMISSION, seed, only=["add"])

    first, again, other = seen
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_only_the_chosen_exercises_run(course):
    result = grade(course, Right, only=["add"])

    assert [e.exercise for e in result.exercises] == ["add"]
    assert result.max_score == 3


def test_a_submission_that_could_not_be_read_is_not_run_and_says_why(course):
    problem = feedback("nothing_to_run")
    submission = Submission(student="ada", file_name="small.py", source=b"", sha256="", problem=problem)

    result = grade(course, Right, submission=submission)

    assert result.status is Status.GRADED
    assert result.score == 0
    assert {test.outcome for test in by_test(result).values()} == {Outcome.NOT_RUN}
    assert result.notes == (problem,)


def test_an_error_in_a_test_of_ours_is_no_score_of_zero(course):
    path = course / "autograde_tests" / "small" / "test_add.py"
    path.write_text(path.read_text().replace("x, y = rng.normal(size=(2, 3))", "x, y = rng.normal(size=(3, 3))"))

    result = grade(course, Right)

    assert result.status is Status.GRADER_ERROR
    assert result.score is None
    assert "test_add.py::test_small_example: ValueError" in result.error


def test_a_broken_sandbox_is_tried_once_more(course):
    attempts = []

    def spawn(limits):
        attempts.append(limits)
        if len(attempts) == 1:
            raise SandboxError("the zygote died")
        return FakeWorker(Right)

    result = grade(course, Right, spawn=spawn)

    assert result.status is Status.GRADED
    assert result.score == 10


def test_a_sandbox_that_stays_broken_is_our_fault(course):
    def spawn(limits):
        raise SandboxError("the zygote died")

    result = grade(course, Right, spawn=spawn)

    assert result.status is Status.GRADER_ERROR
    assert result.error == "the zygote died"


def test_a_bare_assert_in_a_hidden_test_does_not_show_its_values(course):
    path = course / "autograde_tests" / "small" / "test_add.py"
    path.write_text(
        path.read_text()
        .replace(
            'check_close(reference.add(x, y), student.add(x, y), name="add(x, y)")',
            "assert student.add(x, y)[0] == 0.1234",
        )
        .replace('@pytest.mark.visibility("visible")', "")
    )

    test = by_test(grade(course, Right))["test_add.py::test_small_example"]

    assert test.outcome is Outcome.FAILED
    assert "0.1234" not in str(test.feedback)


def test_a_test_without_its_exercise_is_refused(course):
    path = course / "autograde_tests" / "small" / "test_add.py"
    path.write_text(path.read_text().replace('pytest.mark.exercise("add")', "pytest.mark.points(1)"))

    with pytest.raises(ManifestError, match=r"test_add\.py::test_small_example.*exercise"):
        grade(course, Right)


def test_a_test_file_that_cannot_be_collected_is_named(course):
    (course / "autograde_tests" / "small" / "test_add.py").write_text("import nothing_of_this_name\n")

    with pytest.raises(Exception, match="nothing_of_this_name"):
        grade(course, Right)


def test_an_assignment_without_tests_is_refused(course):
    for path in (course / "autograde_tests" / "small").glob("test_*.py"):
        path.unlink()

    with pytest.raises(UsageError, match="test_<exercise>"):
        grade(course, Right)


def test_nothing_of_one_submission_stays_for_the_next(course):
    class Changes(Right):
        @staticmethod
        def double(x):
            x *= 2
            return x

    assignment = manifest.load(course, "small")
    workers = iter([FakeWorker(Changes), FakeWorker(Right), FakeWorker(Changes)])
    with hidden_session(assignment, spawn=lambda limits: next(workers), mode=SandboxMode.FULL) as session:
        results = [session.grade(SUBMISSION, SEED) for _ in range(3)]

    assert [result.score for result in results] == [10, 10, 10]


def test_visible_tests_run_before_hidden_ones_and_stand_in_the_order_of_the_file(course):
    """What a function sees in a hidden test it could keep for one that shows everything."""
    path = course / "autograde_tests/small/test_double.py"
    text = path.read_text()
    head, visible, hidden = text.partition("@pytest.mark.points(0.5)")[0], *text.split("@pytest.mark.points")[1:]
    path.write_text(head + "@pytest.mark.points" + hidden + "\n\n@pytest.mark.points" + visible)
    seen = []

    class Watching(Right):
        @staticmethod
        def double(x):
            seen.append(("double", np.ndim(x)))
            return 2 * x

        @staticmethod
        def add(x, y):
            seen.append(("add", np.ndim(x)))
            return x + y

    result = grade(course, Watching)

    assert [function for function, _ in seen[:2]] == ["double", "add"]
    assert seen[:3] == [("double", 1), ("add", 1), ("double", 2)]
    assert [test.test for test in result.exercises[0].tests] == [
        "test_double.py::test_matrix",
        "test_double.py::test_small_example",
    ]


def digests(result):
    return {exercise.exercise: exercise.answer_digest for exercise in result.exercises}


class Shifted(Right):
    @staticmethod
    def add(x, y):
        return x + y + 1


def test_equal_wrong_answers_have_equal_digests_although_the_inputs_differ(course):
    class InOtherWords(Right):
        @staticmethod
        def add(x, y):
            return 1 - (-x - y)

    ada = digests(grade(course, Shifted))
    bob = digests(grade(course, InOtherWords, seed=hashlib.sha256(b"another").hexdigest()))

    assert ada == bob
    assert ada["add"]
    assert ada["double"] == ada["double_sum"] == ""


def test_different_wrong_answers_have_different_digests(course):
    class ShiftedFurther(Right):
        @staticmethod
        def add(x, y):
            return x + y + 2

    assert digests(grade(course, Shifted))["add"] != digests(grade(course, ShiftedFurther))["add"]


def test_a_digest_tells_of_the_own_function_only(course):
    class Wrong(Shifted):
        @classmethod
        def double_sum(cls, x, y):
            return 3 * cls.add(x, y)

    class WrongAlone(Right):
        @classmethod
        def double_sum(cls, x, y):
            return 3 * cls.add(x, y)

    assert digests(grade(course, Wrong))["double_sum"] == digests(grade(course, WrongAlone))["double_sum"] != ""


def test_a_mistake_with_a_name_and_an_exception_have_no_digest(course):
    class Wrong(Right):
        @staticmethod
        def double(x):
            return x**2

        @staticmethod
        def add(x, y):
            raise ValueError

    assert set(digests(grade(course, Wrong)).values()) == {""}
