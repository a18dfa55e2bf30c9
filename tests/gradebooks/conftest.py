"""A folder OUT with the scores that a test asks for."""

from fractions import Fraction

import pytest

from grader import records
from grader.model import ExerciseResult, Outcome, SandboxMode, Status, SubmissionResult, TestResult, Visibility


def one_exercise(name, score, max_score):
    test = TestResult(
        test="test_it.py::test_it",
        exercise=name,
        outcome=Outcome.PASSED,
        visibility=Visibility.HIDDEN,
        score=Fraction(score),
        max_score=Fraction(max_score),
        seconds=0.1,
    )
    return ExerciseResult(exercise=name, tests=(test,))


@pytest.fixture
def graded(tmp_path):
    """Writes records and pages for scores of deep_network out of 50; None is a score that we failed to give."""

    def write(scores):
        out = tmp_path / "out"
        (out / "records").mkdir(parents=True)
        (out / "feedback").mkdir()
        for student, score in scores.items():
            half = 0 if score is None else Fraction(score) / 2
            result = SubmissionResult(
                assignment="deep_network",
                student=student,
                status=Status.GRADER_ERROR if score is None else Status.GRADED,
                exercises=(one_exercise("cost", half, 25), one_exercise("fit", half, 25)),
                max_score=Fraction(50),
                file_name="deep_network.py",
                sha256="ab12",
                submitted_at=None,
                suite_sha256="",
                seed="",
                sandbox=SandboxMode.FULL,
                environment={},
            )
            path = records.write(out, result)
            (out / "feedback" / f"{path.stem}.html").write_text(f"<p>{student}</p>", encoding="utf-8")
        return out

    return write
