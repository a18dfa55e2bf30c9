import numpy as np
import pytest

from grader.checks.advice import collect_advice
from grader.errors import CallRaised
from grader.model import Limits, Submission
from grader.sandbox.fake import FakeWorker
from grader.sandbox.running import SubmissionRun
from grader.sandbox.student import Student
from grader.worker import wire


class Functions:
    @staticmethod
    def double(x):
        return 2 * x

    @staticmethod
    def fails(x):
        raise ValueError("no")


class NoticingWorker(FakeWorker):
    """A worker that reports a changed argument and a warning for every call."""

    def call(self, function, batch, **options):
        warning = wire.CaughtWarning("RuntimeWarning", "overflow encountered in exp", 3)
        return [wire.Evaluation(e.value, [0], [warning]) for e in super().call(function, batch, **options)]


def student(*, worker=FakeWorker, replacements=None, source=b""):
    submission = Submission(student="ada", file_name="small.py", source=source, sha256="")
    run = SubmissionRun(
        submission, ("double", "fails", "missing"), spawn=lambda limits: worker(Functions), limits=Limits()
    )
    run.load()
    return Student(run, replacements=replacements or {}, show_text=False)


def test_functions_are_called_by_attribute():
    assert student().double(4) == 8


def test_many_calls_cross_together():
    assert student().map("double", [(1,), (2,), (3,)]) == [2, 4, 6]


def test_no_calls_give_no_results():
    assert student().map("double", []) == []


def test_calls_are_observed_with_what_was_given_and_returned():
    stub = student()
    x = np.ones(3)

    stub.double(x)

    (call,) = stub.observed
    assert (call.function, call.kwargs) == ("double", {})
    assert np.array_equal(call.args[0], x)
    assert np.array_equal(call.value, 2 * x)


def test_a_call_that_raised_is_observed_with_its_exception():
    stub = student()

    with pytest.raises(CallRaised):
        stub.fails(1)

    assert [call.exception for call in stub.observed] == ["ValueError"]


def test_a_replaced_exercise_is_answered_by_the_replacement():
    assert student(replacements={"double": lambda x: -x}).double(3) == -3


def test_a_name_that_is_no_exercise_is_an_error_of_the_test():
    with pytest.raises(AttributeError, match="triple is no exercise"):
        student().triple(1)


def test_defines_tells_what_the_submission_has():
    assert student().defines("double")
    assert not student().defines("missing")


def test_a_changed_argument_becomes_advice():
    with collect_advice(show_values=False) as advice:
        student(worker=NoticingWorker).double(1)

    assert [a.key for a in advice] == ["argument_changed", "warning_raised"]
    assert "argument number 1" in advice[0].rationale


@pytest.mark.parametrize(
    ("category", "line", "words"),
    [
        ("RuntimeWarning", 2, "double causes a warning in line 2: RuntimeWarning: …"),
        ("DoubtWarning", 1, "double causes a warning in line 1: DoubtWarning: …"),
        ("W7193", 2, "double causes a warning in line 2: a warning: …"),
        ("RuntimeWarning", 7193, "double causes a warning: RuntimeWarning: …"),
    ],
)
def test_a_warning_is_told_by_what_was_known(category, line, words):
    class Warning(FakeWorker):
        def call(self, function, batch, **options):
            caught = wire.CaughtWarning(category, "7193.25", line)
            return [wire.Evaluation(e.value, [], [caught]) for e in super().call(function, batch, **options)]

    with collect_advice(show_values=False) as advice:
        student(worker=Warning, source=b"class DoubtWarning(UserWarning):\n    pass\n").double(1)

    assert [a.rationale for a in advice] == [words]


def test_a_hidden_test_knows_the_sizes_of_the_latest_arguments():
    stub = student(source=b"def double(x): ...")
    assert sorted(stub.known().sizes) == [0, 1, 2]

    stub.double(np.ones((3, 4)))

    assert sorted(stub.known().sizes) == [0, 1, 2, 3, 4, 12]
    assert "double" in stub.known().words
    assert "triple" not in stub.known().words


def test_warnings_of_the_last_call_are_there_for_the_test():
    stub = student(worker=NoticingWorker)

    stub.double(1)

    assert [w.message for w in stub.last_warnings] == ["overflow encountered in exp"]


def test_arguments_that_the_last_call_changed_are_known_to_the_test():
    stub = student(worker=NoticingWorker)

    stub.double(1)

    assert stub.last_changed == {0}
