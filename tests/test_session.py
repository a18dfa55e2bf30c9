"""One session, many submissions: flat memory, nothing handed on, faults of ours named, one mistake that costs once."""

import gc
import hashlib
import json
import re
import resource
from pathlib import Path

import pytest

from grader import manifest, records
from grader.course import submission_seed
from grader.errors import GraderError, ManifestError
from grader.model import Outcome, SandboxMode, Status, Submission
from grader.reporters import feedback_html, feedback_markdown, terminal
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.session import hidden_session

SEED = "5e" * 32

RIGHT = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def add(x, y):
    return np.asarray(x) + y

def double_sum(x, y):
    return double(add(x, y))
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(SandboxMode.FULL, hide=()) as started:
        yield started


@pytest.fixture(params=["fake", "sandbox"])
def spawn_for(request):
    """Gives, for the source of a submission, the way to start its workers: without a wall, or behind it."""
    if request.param == "sandbox":
        sandbox = request.getfixturevalue("sandbox")
        return lambda source: sandbox.spawn
    return lambda source: lambda limits: FakeWorker(_module(source))


def _module(source):
    """A class whose methods are the functions of `source`, with one set of globals."""
    functions = type("Functions", (dict,), {})()
    exec(source, functions)

    class Module:
        def __getattribute__(self, name):
            if name in functions:
                return functions[name]
            return object.__getattribute__(self, name)

    module = Module()
    object.__setattr__(module, "__dict__", functions)
    return module


def submission(source="", student="ada"):
    content = source.encode()
    return Submission(student=student, file_name="small.py", source=content, sha256=hashlib.sha256(content).hexdigest())


def open_session(course, spawn):
    return hidden_session(manifest.load(course, "small"), spawn=spawn, mode=SandboxMode.FULL)


def grade(course, spawn_for, source):
    with open_session(course, spawn_for(source)) as session:
        return session.grade(submission(source), SEED)


def edit(course, name, *changes):
    path = course / "autograde_tests" / "small" / name
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def scores(result):
    return {exercise.exercise: exercise.score for exercise in result.exercises}


def by_test(result):
    return {test.test: test for exercise in result.exercises for test in exercise.tests}


def messages(result):
    return " ".join(
        f"{f.rationale} {f.help}"
        for test in by_test(result).values()
        if test.score < test.max_score
        for f in test.feedback
    )


# one mistake costs once


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        (("np.asarray(x) + y", "np.asarray(x) - y"), "add"),
        (("2 * np.asarray(x)", "3 * np.asarray(x)"), "double"),
        (("return np.asarray(x) + y", "raise ValueError('no')"), "add"),
        (("return np.asarray(x) + y", "return None"), "add"),
        (("return np.asarray(x) + y", "raise NotImplementedError('add')"), "add"),
    ],
    ids=["wrong_add", "wrong_double", "raises", "returns_none", "stub"],
)
def test_a_mistake_in_an_earlier_exercise_costs_only_that_one(course, spawn_for, changed, faulty):
    result = grade(course, spawn_for, RIGHT.replace(*changed))

    assert {name for name, score in scores(result).items() if score == 0} == {faulty}
    helped = by_test(result)["test_double_sum.py::test_together"]
    assert helped.outcome is Outcome.PASSED
    assert [f.key for f in helped.feedback] == ["fault_elsewhere"]
    assert faulty in helped.feedback[0].rationale


def test_a_mistake_in_a_later_exercise_is_never_repaired(course, spawn_for):
    source = RIGHT.replace("np.asarray(x) + y", "double_sum(x, y) / 2").replace(
        "double(add(x, y))", "2 * np.asarray(x) + 3 * np.asarray(y)"
    )

    result = grade(course, spawn_for, source)

    assert scores(result) == {"double": 2, "add": 0, "double_sum": 0}


def test_a_wrong_helper_of_the_students_own_is_not_replaced(course, spawn_for):
    source = (
        RIGHT.replace("return double(add(x, y))", "return twice(add(x, y))") + "\ndef twice(x):\n    return 3 * x\n"
    )

    assert scores(grade(course, spawn_for, source)) == {"double": 2, "add": 3, "double_sum": 0}


def test_two_mistakes_cost_two_exercises(course, spawn_for):
    source = RIGHT.replace("np.asarray(x) + y", "np.asarray(x) - y").replace("double(add(x, y))", "add(x, y)")

    assert scores(grade(course, spawn_for, source)) == {"double": 2, "add": 0, "double_sum": 0}


def test_a_function_under_another_name_is_not_replaced_and_still_works(course, spawn_for):
    source = RIGHT.replace("return double(add(x, y))", "return plus(x, y) + plus(x, y)") + "\nplus = add\n"

    assert scores(grade(course, spawn_for, source)) == {"double": 2, "add": 3, "double_sum": 5}


# hidden values


SECRET_INPUT = 7193.25
SECRET_RESULT = 4 * SECRET_INPUT  # 28773: the reference is made to return it


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "return 2.5 * x",
        "return -4 * x",
        "return 4 * x.T",
        "return np.where(x > 0, x, 4 * x)",
        "return 4 * x + np.nan",
        "return float(x.sum())",
        "return str(x.tolist())",
        "return [x.tolist(), 1]",
        "return None",
        "return 1 / 0",
        "raise ValueError(str(x.tolist()))",
        "raise KeyError(x[0, 0])",
        "assert x[0, 0] == 1, x",
        "print(x); import warnings; warnings.warn(str(x)); return x",
        "x += 1; return x",
        "return np.array([str(v) for v in x.ravel()])",
        "return object()",
    ],
)
def test_hidden_inputs_and_expected_values_are_in_no_output(course, sandbox, capsys, body):
    """The hidden test's input is 7193.25 and the right answer 28773, so any trace of them is found by its digits."""
    (course / "solutions/small/small.py").write_text(
        (course / "solutions/small/small.py").read_text().replace("2 * np.asarray(x)", "4 * np.asarray(x)")
    )
    edit(course, "test_double.py", ("x = rng.normal(size=(3, 4))", f"x = np.full((3, 4), {SECRET_INPUT})"))
    edit(course, "test_double.py", ("import pytest\n", "import numpy as np\nimport pytest\n"))
    source = RIGHT.replace("return 2 * np.asarray(x)", body)

    with open_session(course, sandbox.spawn) as session:
        result = session.grade(submission(source), SEED)
    record = records.to_record(result)
    terminal.print_check(record)
    terminal.print_class([record])
    hidden = by_test(result)["test_double.py::test_matrix"]
    outputs = {
        "record": records.to_json(record).decode(),
        "html": feedback_html.render(record, title="Small"),
        "markdown": feedback_markdown.render(record, title="Small"),
        "terminal": capsys.readouterr().out,
    }

    assert hidden.outcome is not Outcome.PASSED
    assert hidden.reproduce is None
    for name, output in outputs.items():
        digits = output.replace(SEED, "").replace(record.suite_sha256, "").replace(record.submission.sha256, "")
        for secret in (f"{SECRET_INPUT:g}", "7193", "28773", "2.8773e"):
            assert secret not in digits, name


def test_a_visible_test_shows_the_values_and_the_call(course, spawn_for):
    result = grade(course, spawn_for, RIGHT.replace("2 * np.asarray(x)", "np.asarray(x) + 0.5"))

    visible = by_test(result)["test_double.py::test_small_example"]
    assert "should be" in messages(result)
    assert "from small import double" in visible.reproduce


# streaming


def test_memory_stays_flat_over_submissions(course):
    """Over 300 submissions, measured: no object more, and less than 0.1 MB; keeping the results would take 3 MB."""

    class Wrong:
        double = staticmethod(lambda x: x**2)
        add = staticmethod(lambda x, y: x - y)

        @classmethod
        def double_sum(cls, x, y):
            return cls.double(cls.add(x, y))

    def held():
        gc.collect()
        resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
        return len(gc.get_objects()), resident_pages * resource.getpagesize()

    with open_session(course, lambda limits: FakeWorker(Wrong)) as session:
        for number in range(50):
            session.grade(submission(student=f"student {number}"), SEED)
        objects_before, bytes_before = held()
        for number in range(300):
            session.grade(submission(student=f"other {number}"), submission_seed(b"secret", str(number), "small"))
        objects_after, bytes_after = held()

    assert objects_after - objects_before < 300
    assert bytes_after - bytes_before < 1_500_000


def test_nothing_of_one_submission_reaches_the_next(course, sandbox):
    """The first submission changes everything in its reach: modules, arrays, NumPy's state, its own constants."""
    leaves_traces = (
        RIGHT
        + """
import sys, builtins, os
builtins.leftover = 1
sys.modules["leftover"] = np
np.leftover = 1
np.random.seed(0)
np.set_printoptions(precision=1)
np.seterr(all="raise")
os.environ["LEFTOVER"] = "1"
np.asarray = np.array
open("/tmp/leftover", "w").write("1") if os.access("/tmp", os.W_OK) else None
"""
    )
    looks_for_traces = RIGHT.replace(
        "    return 2 * np.asarray(x)",
        """    import builtins, os, sys
    found = [name for name, there in {
        "builtins": hasattr(builtins, "leftover"), "modules": "leftover" in sys.modules,
        "numpy": hasattr(np, "leftover") or np.asarray is np.array, "errors": np.geterr()["over"] == "raise",
        "environment": "LEFTOVER" in os.environ, "file": os.path.exists("/tmp/leftover"),
    }.items() if there]
    if found:
        raise RuntimeError(found)
    return 2 * np.asarray(x)""",
    )

    with open_session(course, sandbox.spawn) as session:
        alone = session.grade(submission(looks_for_traces), SEED)
        first = session.grade(submission(leaves_traces, student="mallory"), SEED)
        after = session.grade(submission(looks_for_traces), SEED)

    assert first.score == 10
    assert alone.score == after.score == 10, messages(after)


def test_verdicts_do_not_depend_on_who_came_before(course):
    class Right:
        double = staticmethod(lambda x: x + x)
        add = staticmethod(lambda x, y: x + y)

        @classmethod
        def double_sum(cls, x, y):
            return cls.double(cls.add(x, y))

    class Wrong(Right):
        add = staticmethod(lambda x, y: x - y)

    def normalized(result):
        return records.normalized(records.to_record(result))

    current = [Right]
    with open_session(course, lambda limits: FakeWorker(current[0])) as session:
        first = normalized(session.grade(submission(), SEED))
        current[0] = Wrong
        wrong = normalized(session.grade(submission(), SEED))
        current[0] = Right
        again = normalized(session.grade(submission(), SEED))

    assert first == again
    assert wrong.score == 7


def test_inputs_differ_from_student_to_student_and_are_equal_at_a_regrade(course):
    seen = []

    class Watch:
        double = staticmethod(lambda x: (seen.append(json.dumps(x.tolist())), 2 * x)[1])
        add = staticmethod(lambda x, y: x + y)
        double_sum = staticmethod(lambda x, y: 2 * (x + y))

    def inputs(session, student):
        seen.clear()
        session.grade(submission(student=student), submission_seed(b"secret", student, "small"), only=["double"])
        return list(seen)

    with open_session(course, lambda limits: FakeWorker(Watch)) as session:
        ada, bert, ada_again = (inputs(session, student) for student in ("ada", "bert", "ada"))
    with open_session(course, lambda limits: FakeWorker(Watch)) as session:
        ada_next_day = inputs(session, "ada")

    assert ada == ada_again == ada_next_day
    assert len(set(ada + bert)) == len(ada) + len(bert)


# faults of ours


def test_a_test_file_that_fails_at_import_is_named(course):
    edit(course, "test_add.py", ("import pytest\n", "import pytest\n\nlimit = 1 / 0\n"))

    with pytest.raises(GraderError, match=r"(?s)test_add\.py.*ZeroDivisionError"), open_session(course, None):
        pass


def test_a_test_file_that_does_not_parse_is_named(course):
    edit(course, "test_add.py", ("def test_small_example(", "def test_small_example(("))

    with pytest.raises(GraderError, match=r"test_add\.py"), open_session(course, None):
        pass


def test_a_test_file_that_skips_itself_is_refused(course):
    edit(course, "test_add.py", ("import pytest\n", 'import pytest\n\npytest.skip("x", allow_module_level=True)\n'))

    with pytest.raises(GraderError, match=r"test_add\.py: is skipped"), open_session(course, None):
        pass


FIXTURE = """

@pytest.fixture
def prepared({arguments}):
    {body}


@pytest.mark.visibility"""


@pytest.mark.parametrize(
    ("arguments", "body", "error"),
    [
        ("rng", "return rng.normal() / None", "TypeError"),
        ("rng", "yield 1\n    raise KeyError('teardown')", "KeyError"),
        ("nothing_of_this_name", "return 1", "FixtureLookupError"),
    ],
    ids=["setup", "teardown", "unknown"],
)
def test_an_error_in_a_fixture_is_no_score(course, spawn_for, arguments, body, error):
    edit(
        course,
        "test_add.py",
        (
            "\n\n@pytest.mark.visibility",
            FIXTURE.format(arguments=arguments, body=body),
        ),
        ("student, reference, rng", "student, reference, rng, prepared"),
    )

    result = grade(course, spawn_for, RIGHT)

    assert result.status is Status.GRADER_ERROR
    assert result.score is None
    assert f"test_add.py::test_small_example: {error}" in result.error


def test_a_submission_that_fails_in_a_fixture_is_the_students_fault(course, spawn_for):
    edit(
        course,
        "test_add.py",
        (
            "\n\n@pytest.mark.visibility",
            FIXTURE.format(arguments="student", body="return student.add(1.0, 2.0)"),
        ),
        ("student, reference, rng", "student, reference, rng, prepared"),
    )

    result = grade(course, spawn_for, RIGHT.replace("return np.asarray(x) + y", "return {}['x']"))

    assert result.status is Status.GRADED
    assert by_test(result)["test_add.py::test_small_example"].outcome is Outcome.RAISED


@pytest.mark.parametrize(
    "statement", ['pytest.skip("later")', "raise SystemExit(3)", "raise KeyError('x')", "raise KeyboardInterrupt"]
)
def test_a_test_that_ends_in_another_way_is_our_fault(course, spawn_for, statement):
    edit(course, "test_add.py", ("x, y = rng.normal(size=(2, 3))", statement))

    result = grade(course, spawn_for, RIGHT)

    assert result.status is Status.GRADER_ERROR
    assert "test_add.py::test_small_example" in result.error


def test_a_test_that_ends_pytest_does_not_end_the_session(course):
    edit(course, "test_add.py", ("x, y = rng.normal(size=(2, 3))", 'student.double(1.0)\n    pytest.exit("enough")'))

    class Right:
        double = staticmethod(lambda x: 2 * x)
        add = staticmethod(lambda x, y: x + y)
        double_sum = staticmethod(lambda x, y: 2 * (x + y))

    with open_session(course, lambda limits: FakeWorker(Right)) as session:
        results = [session.grade(submission(), SEED) for _ in range(2)]
        other = session.grade(submission(), SEED, only=["double", "double_sum"])

    assert [result.error for result in results] == ["test_add.py::test_small_example: Exit: enough"] * 2
    assert other.score == 7


def test_a_session_that_is_not_entered_or_was_left_says_so(course):
    session = open_session(course, None)
    with pytest.raises(GraderError, match="not open"):
        session.grade(submission(), SEED)
    with session:
        pass
    with pytest.raises(GraderError, match="not open"):
        session.grade(submission(), SEED)


def test_two_tests_of_one_name_are_refused(course):
    path = course / "autograde_tests" / "small" / "test_add.py"
    text = path.read_text()
    path.write_text(text + "\n\ndef test_small_example(student):\n    assert student.add(1, 2) == 3\n")

    with (
        pytest.raises(
            ManifestError, match=r"small/test_add\.py::test_small_example .* line 11 and again in line 1[0-9]"
        ),
        open_session(course, None),
    ):
        pass


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ('exercise("addd")', "exercise addd is not in assignment.toml; did you mean add"),
        ("exercise()", "takes one argument"),
        ('exercise("add", "double")', "takes one argument"),
        ("exercise(3)", "has no mark"),
        ('points("many")', "points must be a number of at least 0, not 'many'"),
        ("points(-1)", "points must be a number"),
        ("points()", "takes one argument: points"),
        ("points(1, 2)", "takes one argument"),
        ("points(value=1)", "takes one argument"),
        ("points(True)", "points must be a number"),
        ("points(4)", "points is 3, but the marks of its tests add up to 4"),
        ('visibility("secret")', "visibility must be one of visible, hidden, after_due_date.* not 'secret'"),
        ("visibility()", "takes one argument: visibility"),
    ],
)
def test_a_wrong_mark_is_a_manifest_error_that_names_its_test(course, mark, message):
    edit(course, "test_add.py", ('@pytest.mark.visibility("visible")', f"@pytest.mark.{mark}"))

    with pytest.raises(ManifestError, match=message) as caught, open_session(course, None):
        pass

    assert "test_add.py::test_small_example" in str(caught.value) or "[exercises.add]" in str(caught.value)


def test_an_unknown_mark_is_named(course):
    edit(course, "test_add.py", ('@pytest.mark.visibility("visible")', "@pytest.mark.pionts(1)"))

    with pytest.raises(GraderError, match=r"(?s)test_add\.py.*pionts"), open_session(course, None):
        pass


# names for labels


LABELS = """\
import numpy as np
import pytest

pytestmark = pytest.mark.exercise("double")


@pytest.mark.parametrize("x", [[1, -1, 2, -2], [3, -1, 2, -2, 4, -4, -5, 1]])
def test_labels(student, reference, x):
    assert np.array_equal(student.double(np.array(x)), reference.double(np.array(x)))
"""


@pytest.mark.parametrize(
    ("answer", "is_named"),
    [("np.ones_like(x)", True), ("np.where(len(x) > 4, x > 0, 1)", False), ("np.where(len(x) > 4, x < 0, 1)", False)],
    ids=["everywhere", "right_elsewhere", "another_mistake_elsewhere"],
)
def test_a_name_for_a_few_labels_is_given_only_if_it_fits_all_tests_of_the_exercise(course, answer, is_named):
    solution = course / "solutions" / "small" / "small.py"
    solution.write_text(solution.read_text().replace("2 * np.asarray(x)", "(np.asarray(x) > 0).astype(int)"))
    edit(course, "misconceptions.py", ("return x**2", "return 0 * x + 1"))
    (course / "autograde_tests" / "small" / "test_double.py").write_text(LABELS)
    source = RIGHT.replace("2 * np.asarray(x)", answer)

    with open_session(course, lambda limits: FakeWorker(_module(source))) as session:
        tests = by_test(session.grade(submission(source), SEED, only=["double"]))

    short = tests["test_double.py::test_labels[x0]"]
    assert [said.key for said in short.feedback] == ["squared"] * is_named + ["wrong_result"]


# what a test file of the course must not do


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("import nothing_of_this_name", r"test_add\.py, line 1: ModuleNotFoundError: No module named 'nothing_of_thi"),
        ("x = [", r"test_add\.py, line 1: SyntaxError: '\[' was never closed"),
        ("\n\nraise ValueError('no\\nmore')", r"test_add\.py, line 3: ValueError: no"),
        ("import os; os._exit(0)", r"[^:]*test_add\.py, line 1: os\._exit would end the grader; remove the call$"),
        ("def test_a(student)\n    pass", r"test_add\.py, line 1: SyntaxError: expected ':'"),
    ],
    ids=["import", "syntax", "raises", "exits", "colon"],
)
def test_a_test_file_that_does_not_run_is_one_sentence_with_its_line(course, header, message):
    path = course / "autograde_tests" / "small" / "test_add.py"
    path.write_text(f"{header}\n{path.read_text()}")

    with pytest.raises(GraderError, match=message) as caught, open_session(course, None):
        pass

    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).startswith("the tests could not be collected: ")


def test_of_several_test_files_that_do_not_run_the_first_is_named_and_the_others_are_counted(course):
    for name in ("test_add.py", "test_double.py", "test_double_sum.py"):
        (course / "autograde_tests" / "small" / name).write_text("import nothing_of_this_name\n")

    with (
        pytest.raises(GraderError, match=r"test_add\.py, line 1: .*\(and 2 more like this\)$"),
        open_session(course, None),
    ):
        pass


def test_a_test_that_ends_the_process_is_named_with_its_line_and_nobody_is_judged_by_it(course):
    """Otherwise the grader would be gone without a word, and its exit code 0."""
    edit(course, "test_add.py", ('    """Two vectors."""\n', "    import os\n\n    os._exit(0)\n"))

    with open_session(course, lambda limits: FakeWorker(_module(RIGHT))) as session:
        result = session.grade(submission(), SEED)

    assert result.status is Status.GRADER_ERROR
    assert "test_add.py::test_small_example" in result.error
    assert re.search(r"small/test_add\.py, line 14: os\._exit would end the grader; remove the call$", result.error)


def test_a_process_that_a_test_has_started_may_end_itself(course):
    start = "    import os, warnings\n\n    warnings.simplefilter('ignore')  # of Python 3.12, about threads\n"
    start += "    child = os.fork()\n    if not child:\n        os._exit(7)\n"
    then = "    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7\n"
    edit(course, "test_add.py", ('    """Two vectors."""\n', start + then))

    with open_session(course, lambda limits: FakeWorker(_module(RIGHT))) as session:
        assert session.grade(submission(), SEED).score == 10
