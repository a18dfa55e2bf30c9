"""The plugin by itself: what is collected, what a test is given, how the end of a run is read."""

import sys
from fractions import Fraction

import numpy as np
import pytest

from grader.errors import GraderError
from grader.messages import feedback
from grader.model import Feedback, Limits, Outcome, Submission, Visibility
from grader.pytest_plugin import GradingPlugin, run_session
from grader.sandbox.fake import FakeWorker
from grader.sandbox.running import SubmissionRun
from grader.sandbox.student import Student

HEAD = 'import numpy as np\nimport pytest\n\npytestmark = pytest.mark.exercise("f")\n\n'


class Functions:
    @staticmethod
    def f(x):
        return x + 1


class Reference:
    """Stands for a solution module."""


@pytest.fixture
def student():
    submission = Submission(student="ada", file_name="small.py", source=b"", sha256="")
    run = SubmissionRun(submission, ["f"], spawn=lambda limits: FakeWorker(Functions), limits=Limits())
    run.load()
    with run:
        yield Student(run, replacements={}, show_text=True)


@pytest.fixture
def play(tmp_path):
    """Plays the tests in a source text: calls a function with what was collected, and gives what it returns."""

    def play_source(source, function):
        path = tmp_path / "test_f.py"
        path.write_text(HEAD + source)
        answers = []
        plugin = GradingPlugin(
            reference=Reference, data_folder=tmp_path / "data", play=lambda tests: answers.append(function(tests))
        )
        run_session([path], plugin, root=tmp_path)
        return answers[0]

    return play_source


@pytest.fixture
def run(play, student):
    """The result of the only test in a source text."""
    return lambda source, seed=1: play(source, lambda tests: tests[0].run(student, seed=seed))


def test_marks_become_facts(play):
    source = """
@pytest.mark.points(0.1)
@pytest.mark.visibility("visible")
def test_a():
    \"\"\"The first line.

    More.
    \"\"\"


def test_b():
    pass
"""
    a, b = play(source, lambda tests: [(test.facts, test.description) for test in tests])

    assert (a[0].test, a[0].exercise, a[0].points) == ("test_f.py::test_a", "f", Fraction(1, 10))
    assert a[0].visibility is Visibility.VISIBLE
    assert a[1] == "The first line."
    assert (b[0].points, b[0].visibility, b[1]) == (None, Visibility.HIDDEN, "")


def test_every_parameter_is_a_test_of_its_own(play):
    source = '@pytest.mark.parametrize("n", [1, 2])\ndef test_a(n):\n    pass\n'

    assert play(source, lambda tests: [t.facts.test for t in tests]) == ["test_f.py::test_a[1]", "test_f.py::test_a[2]"]


def test_a_test_is_given_student_reference_rng_and_data(run):
    source = """
def test_a(student, reference, rng, data_folder):
    assert student.f(1) == 2
    assert reference.__name__ == "Reference"
    assert isinstance(rng, np.random.Generator)
    assert data_folder.name == "data"
"""
    assert run(source).outcome is Outcome.PASSED


def test_rng_depends_on_the_seed_alone(play, student):
    source = "def test_a(rng, reference):\n    reference.drawn.append(rng.integers(2**60))\n"
    Reference.drawn = []

    play(source, lambda tests: [tests[0].run(student, seed=seed) for seed in (1, 2**127, 1, 2)])

    first, other, again, third = Reference.drawn
    assert first == again
    assert len({first, other, third}) == 3


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("pass", Outcome.PASSED),
        ("assert student.f(1) == 3", Outcome.FAILED),
        ("student.f(None)", Outcome.RAISED),
        ("student.g(1)", Outcome.GRADER_ERROR),
        ("1 / 0", Outcome.GRADER_ERROR),
        ("pytest.skip('x')", Outcome.GRADER_ERROR),
        ("pytest.fail('x')", Outcome.GRADER_ERROR),
        ("pytest.exit('x')", Outcome.GRADER_ERROR),
    ],
)
def test_the_end_of_a_test_gives_its_outcome(run, body, outcome):
    result = run(f"def test_a(student):\n    {body}\n")

    assert result.outcome is outcome
    assert (result.error is not None) == (outcome is Outcome.GRADER_ERROR)
    assert result.has_passed == (outcome is Outcome.PASSED)


@pytest.mark.parametrize("mark", ["skip", "xfail(run=False)"])
def test_a_test_that_pytest_leaves_out_is_our_fault(run, mark):
    assert run(f"@pytest.mark.{mark}\ndef test_a():\n    pass\n").outcome is Outcome.GRADER_ERROR


def test_a_test_that_failed_can_run_again(play, student):
    source = "def test_a(reference):\n    assert reference.answers.pop() == 1\n"
    Reference.answers = [1, 2, 1]

    results = play(source, lambda tests: [tests[0].run(student, seed=1).outcome for _ in range(3)])

    assert results == [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED]


@pytest.mark.parametrize("scope", ["function", "module", "package", "session"])
def test_fixtures_of_any_scope_are_made_anew_for_every_run(play, student, scope):
    source = f"""
@pytest.fixture(scope="{scope}")
def made():
    yield []


def test_a(made):
    made.append(1)
    assert made == [1]


def test_b(made, rng):
    made.append(2)
    assert made == [2]
"""

    results = play(source, lambda tests: [test.run(student, seed=1) for test in (*tests, *tests, tests[0])])

    assert [(result.outcome, result.error) for result in results] == [(Outcome.PASSED, None)] * 5


def test_a_bare_assert_of_a_visible_test_shows_its_line_and_of_a_hidden_test_nothing(run):
    body = "def test_a(student):\n    assert student.f(1) == 1234\n"

    (shown,) = run('@pytest.mark.visibility("visible")\n' + body).feedback
    (veiled,) = run(body).feedback

    assert "1234" in shown.rationale
    assert veiled == feedback("wrong_result", exercise="f")


def test_a_test_can_fail_in_its_own_words(run):
    source = 'from grader.checks import fail\n\n\ndef test_a():\n    fail("mine", rationale="So.", help="Do.")\n'

    assert run(source).feedback == (Feedback("mine", "So.", "Do."),)


def test_what_a_submission_raises_carries_its_feedback(run):
    (what,) = run("def test_a(student):\n    student.f(None)\n").feedback

    assert "f could not be called: TypeError" in what.rationale


def test_advice_of_one_run_is_not_that_of_the_next(play, student):
    source = """
from grader.checks import check_scalar


def test_a(reference):
    check_scalar(reference.values.pop(), name="the cost")
"""
    Reference.values = [1.0, np.ones((1, 1))]

    first, second = play(source, lambda tests: [tests[0].run(student, seed=1) for _ in range(2)])

    assert [advice.key for advice in first.advice] == ["size_one"]
    assert second.advice == ()


def test_the_time_of_a_run_is_measured(run):
    assert 0 < run("def test_a():\n    pass\n").seconds < 5


def test_fixtures_exist_only_while_a_test_runs(tmp_path):
    plugin = GradingPlugin(reference=Reference, data_folder=tmp_path, play=lambda tests: None)

    with pytest.raises(AssertionError, match="only while a test runs"):
        _ = plugin._current


def test_an_error_of_ours_while_playing_is_raised_to_the_caller(play):
    def refuse(tests):
        raise GraderError("no")

    with pytest.raises(GraderError, match=r"^no$"):
        play("def test_a():\n    pass\n", refuse)


def test_files_without_tests_are_named(play):
    with pytest.raises(GraderError, match=r"no tests were found in .*test_f\.py"):
        play("", lambda tests: None)


def test_modules_of_the_tests_are_forgotten(play, tmp_path):
    play("def test_a():\n    pass\n", lambda tests: None)

    inside = [name for name, m in sys.modules.items() if str(getattr(m, "__file__", "")).startswith(str(tmp_path))]
    assert inside == []


def test_settings_and_plugins_of_a_course_change_nothing(play, student, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--no-such-option"\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\npython_functions = nothing_*\n")

    assert play("def test_a():\n    pass\n", lambda tests: tests[0].run(student, seed=1)).has_passed


def test_a_conftest_of_the_course_is_used(play, student, tmp_path):
    (tmp_path / "conftest.py").write_text("import pytest\n\n\n@pytest.fixture\ndef three():\n    return 3\n")

    source = "def test_a(three):\n    assert three == 3\n"

    assert play(source, lambda tests: tests[0].run(student, seed=1)).has_passed


def test_an_exception_of_the_student_that_the_test_expects_is_no_failure(run):
    source = """
from grader.errors import CallRaised


def test_a(student):
    with pytest.raises(CallRaised):
        student.f(None)
"""
    assert run(source).has_passed
