"""Which tests are called without pytest's hooks, and that it makes no difference to those."""

import pytest

from grader.model import Outcome
from grader.pytest_plugin import GradingPlugin, run_session
from grader.sandbox.student import Student

HEAD = 'import pytest\n\npytestmark = pytest.mark.exercise("f")\n\n'


class Reference:
    """Stands for a solution module."""


@pytest.fixture
def collect(tmp_path):
    """What was collected from a source text, and from a conftest.py beside it, after `function` has seen it."""

    def collect_source(source, function=lambda tests: tests, conftest=""):
        path = tmp_path / "test_f.py"
        path.write_text(HEAD + source)
        (tmp_path / "conftest.py").write_text(conftest)
        answers = []
        plugin = GradingPlugin(
            reference=Reference, data_folder=tmp_path / "data", play=lambda tests: answers.append(function(tests))
        )
        run_session([path], plugin, root=tmp_path)
        return answers[0]

    return collect_source


@pytest.mark.parametrize(
    "source",
    [
        "def test_a():\n    pass\n",
        "def test_a(student, reference, rng, data_folder):\n    pass\n",
        '@pytest.mark.points(2)\n@pytest.mark.visibility("visible")\ndef test_a(rng):\n    pass\n',
        '@pytest.mark.parametrize("n", [1])\ndef test_a(rng, n):\n    pass\n',
    ],
)
def test_functions_with_our_fixtures_and_marks_are_called(collect, source):
    (test,) = collect(source)

    assert test.call is not None


@pytest.mark.parametrize(
    "source",
    [
        "def test_a(tmp_path):\n    pass\n",
        "def test_a(request):\n    pass\n",
        "class TestF:\n    def test_a(self):\n        pass\n",
        "async def test_a():\n    pass\n",
        "@pytest.mark.skip\ndef test_a():\n    pass\n",
        "@pytest.mark.xfail\ndef test_a():\n    pass\n",
        '@pytest.mark.usefixtures("tmp_path")\ndef test_a():\n    pass\n',
        "def setup_module():\n    pass\n\n\ndef test_a():\n    pass\n",
        "@pytest.fixture(autouse=True)\ndef made():\n    pass\n\n\ndef test_a():\n    pass\n",
        "@pytest.fixture\ndef rng():\n    return 1\n\n\ndef test_a(rng):\n    pass\n",
        "@pytest.fixture\ndef rng(rng):\n    return rng\n\n\ndef test_a(rng):\n    pass\n",
        "@pytest.fixture\ndef n(request):\n    return request.param\n\n\n"
        '@pytest.mark.parametrize("n", [1], indirect=True)\ndef test_a(n):\n    pass\n',
    ],
)
def test_whatever_else_an_author_uses_is_left_to_pytest(collect, source):
    (test,) = collect(source)

    assert test.call is None


def test_hooks_of_a_conftest_take_part(collect):
    (test,) = collect("def test_a():\n    pass\n", conftest="def pytest_runtest_setup(item):\n    pass\n")

    assert test.call is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("assert reference is not None and n == 3", Outcome.PASSED),
        ("assert n == 4", Outcome.FAILED),
        ("raise KeyError(n)", Outcome.GRADER_ERROR),
        ("raise SystemExit", Outcome.GRADER_ERROR),
        ("raise KeyboardInterrupt", Outcome.GRADER_ERROR),
        ("pytest.exit('no more')", Outcome.GRADER_ERROR),
        ("pytest.skip('not today')", Outcome.GRADER_ERROR),
    ],
)
def test_a_call_ends_as_the_same_test_in_a_class_does(collect, body, outcome):
    mark = '@pytest.mark.parametrize("n", [3])\n'
    source = f"{mark}def test_a(reference, n):\n    {body}\n\n\n"
    source += f"class TestF:\n    {mark}    def test_a(self, reference, n):\n        {body}\n"

    student = Student(None, replacements={}, show_text=True)  # nobody calls it

    called, played = collect(source, lambda tests: [(test.call, test.run(student, seed=1)) for test in tests])

    assert called[0] is not None
    assert played[0] is None
    assert called[1].outcome is played[1].outcome is outcome
    assert called[1].feedback == played[1].feedback
    assert type(called[1].error) is type(played[1].error)
