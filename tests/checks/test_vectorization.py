"""A loop over examples is named with its line, in a real worker and in a fake one; array code passes."""

from types import ModuleType

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_vectorized
from grader.checks.advice import collect_advice
from grader.errors import CheckFailed
from grader.model import Limits, SandboxMode, Submission
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.sandbox.running import SubmissionRun
from grader.sandbox.student import Student

SOURCE = """\
import numpy as np

def looped(X):
    total = 0.0
    for i in range(X.shape[1]):
        total += X[:, i].sum()
    return total

def vectorized(X):
    return X.sum()

def over_features(X):
    return sum(float(row.sum()) for row in X)
"""
NAMES = ("looped", "vectorized", "over_features")
SMALL, LARGE = np.ones((3, 10)), np.ones((3, 400))


@pytest.fixture(params=["walled", "fake"])
def student(request):
    submission = Submission(student="ada", file_name="small.py", source=SOURCE.encode(), sha256="")
    with Sandbox(SandboxMode.FULL, hide=()) as sandbox:
        if request.param == "walled":
            spawn = sandbox.spawn
        else:
            module = ModuleType("small")
            exec(compile(SOURCE, "small.py", "exec"), module.__dict__)

            def spawn(limits):
                return FakeWorker(module)

        with SubmissionRun(submission, NAMES, spawn=spawn, limits=Limits()) as run:
            run.load()
            yield Student(run, replacements={}, show_text=False)


def check(check_or_advise, student, name):
    check_or_advise(student, name, (SMALL,), (LARGE,), examples=(10, 400))


def test_a_loop_over_the_examples_is_named_with_its_line(student):
    with pytest.raises(CheckFailed, match=r"line [56] runs 1[01] times for 10 examples, and 40[01] times for 400"):
        check(check_vectorized, student, "looped")


@pytest.mark.parametrize("name", ["vectorized", "over_features"])
def test_array_expressions_and_loops_over_features_pass(student, name):
    check(check_vectorized, student, name)


def test_advice_costs_nothing(student):
    with collect_advice(show_values=False) as advice:
        check(advise_vectorized, student, "looped")
        check(advise_vectorized, student, "vectorized")

    assert [feedback.key for feedback in advice] == ["not_vectorized"]
