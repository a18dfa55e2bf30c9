"""Hints on integrity: each kind has a submission that gets it, and what is honest gets none."""

import contextlib
import hashlib
import json
import time
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import batch, classroom, integrity, manifest, packaging, records
from grader.course import submission_seed
from grader.errors import SandboxError
from grader.grading import Judge
from grader.integrity import SameSubmission, StepCounter
from grader.model import ExerciseResult, Feedback, Outcome, SandboxMode, Submission, TestResult, Visibility
from grader.out_folder import prepare_out
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.session import hidden_session
from grader.submissions import find

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "autograde_tests").glob("*/assignment.toml"))
RIGHT_CODE = [*sorted((ROOT / "solutions").glob("*/*.py")), *sorted((ROOT / "tests/data/variants").glob("*/*.py"))]

ORIGINAL = '''\
"""Three functions."""
import numpy as np

def affine_forward(A, W, b):  # the linear part
    """Z."""
    Z = W @ A + b
    return Z, (A, W, b)

def affine_backward(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    dW = dZ @ A.T / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA = W.T @ dZ
    return dA, dW, db

def cost(AL, Y):
    eps = 1e-12
    logs = Y * np.log(AL + eps) + (1 - Y) * np.log(1 - AL + eps)
    total = -np.sum(logs)
    parts = {f"{name}": np.mean(part) for name, part in zip(("pos", "neg"), (Y, 1 - Y))}
    return total / Y.shape[1]

def update(parameters, grads, rate):
    result = {}
    for key in parameters:
        result[key] = parameters[key] - rate * grads["d" + key]
    return result
'''
DISGUISED = '''\
import numpy as num



def affine_forward( inputs,weights,bias ):
    # my own idea
    out = weights@inputs+bias
    return out, (inputs,weights,bias)
def affine_backward(grad, saved):
        """I wrote this myself."""
        inputs, weights, bias = saved
        n = inputs.shape[1]
        gw = grad @ inputs.T / n; gb = num.sum(grad, axis=1,
                                               keepdims=True) / n
        gi = weights.T @ grad
        return gi, gw, gb
def cost(out, labels):
    tiny = 1e-12
    l = labels * num.log(out + tiny) + (1 - labels) * num.log(1 - out + tiny)
    t = -num.sum(l)
    p = {f'{k}': num.mean(v) for k, v in zip(('pos', 'neg'), (labels, 1 - labels))}
    return t / labels.shape[1]
def update(old, g, alpha):
    new = {}
    for name in old:
        new[name] = old[name] - alpha * g['d' + name]
    return new
'''


def code(text):
    return integrity.statements(text if isinstance(text, bytes) else text.encode())


def digest(text):
    return integrity.normalized_digest(code(text))


def libraries(text):
    return [hint.rationale for hint in integrity.autograd_imports(code(text))]


# Reading text.


def test_statements_have_their_lines_columns_and_tokens():
    found = code('x = 1; y = """a\nb"""\n\nif x:\n    f(x,\n      y)  # why\n')

    assert [(s.line, s.column, [t.text for t in s.tokens]) for s in found] == [
        (1, 0, ["x", "=", "1"]),
        (1, 7, ["y", "=", "a\nb"]),
        (4, 0, ["if", "x", ":"]),
        (5, 4, ["f", "(", "x", ",", "y", ")"]),
    ]


@pytest.mark.parametrize("opened", ["x = (1,", "x = [", "s = 'abc", 's = "abc'])
def test_what_is_not_closed_does_not_swallow_the_definitions_below(opened):
    found = code(f"{opened}\ndef f():\n    return 1\n")

    assert [t.text for t in found[-2].tokens][:2] == ["def", "f"]
    assert found[-2].line == 2


@given(st.binary(max_size=300) | st.text(alphabet="'\"\\f{}()[]#\n; \tdeimport=.1", max_size=60).map(str.encode))
def test_no_text_is_an_error(data):
    found = integrity.statements(data)

    integrity.normalized_digest(found)
    list(integrity.autograd_imports(found))
    assert all(statement.tokens and statement.line >= 1 for statement in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_encoding_that_an_editor_chose_does_not_matter(encoding):
    assert len(libraries("x = 1\nimport torch\n".encode(encoding))) == 1


@pytest.mark.parametrize("piece", ["(", '"', "\\", "x ", ";", "import ", "f'{", "a,", "\n(", "1", "\\a'", "lambda:"])
def test_hostile_text_is_read_in_bounded_time(piece):
    start = time.process_time()

    found = code("import " + piece * (5_000_000 // len(piece)))
    digest_of = integrity.normalized_digest(found)
    list(integrity.autograd_imports(found))

    assert time.process_time() - start < 5  # 0.4 s where nothing else runs
    assert len(digest_of) in (0, 64)


# Libraries that differentiate.


@pytest.mark.parametrize(
    "statement",
    [
        "import torch",
        "import numpy as np, torch.nn as nn",
        "from torch.autograd import grad",
        "    from torch import (\n        nn,\n    )",
        "if True: import torch",
        "x = 1; import torch",
        "import importlib; t = importlib.import_module('torch')",
        't = __import__("torch")',
    ],
)
def test_an_import_of_a_library_that_differentiates_is_seen(statement):
    assert libraries(f"import numpy as np\n{statement}\nimport torch\n") == [
        "Line 2 imports torch, which differentiates by itself."
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "# import torch",
        "'import torch'",
        '"""\nimport torch\n"""',
        "import torchvision",
        "from mine import torch",
        "import mine.torch",
        "import numpy as torch",
        "torch = 1",
        "raise E from torch",
        "s = 'x' \\\n  'import torch'",
    ],
)
def test_what_only_looks_like_such_an_import_is_none(statement):
    assert libraries(statement) == []


# The same code.


def test_names_comments_docstrings_and_white_space_do_not_count():
    assert digest(ORIGINAL) == digest(DISGUISED) != ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("axis=1", "axis=0"),
        ("np.sum(logs)", "np.mean(logs)"),
        ("W @ A + b", "W @ A - b"),
        ("W @ A + b", "A @ W + b"),
        ('"d" + key', '"D" + key'),
        ("return total / Y.shape[1]", "return total"),
        ("for key in parameters", "for key in grads"),
    ],
)
def test_other_code_has_another_digest(before, after):
    assert before in ORIGINAL

    assert digest(ORIGINAL) != digest(ORIGINAL.replace(before, after))


def test_very_little_code_has_no_digest():
    stubs = "".join(f'def f{i}(a, b, c):\n    """What."""\n    raise NotImplementedError("f{i}")\n' for i in range(50))

    assert digest(stubs) == ""
    assert digest("def f(x):\n    return 2 * x\n") == ""


def test_students_are_named_together_once_in_each_way():
    files = [
        ("ada", "1", "n"),
        ("bob", "1", "n"),
        ("cy", "2", "n"),
        ("dan", "3", ""),
        ("eve", "4", ""),
        ("fay", "5", "m"),
    ]

    same = [(found.students, found.hint.key) for found in integrity.same_submissions(files)]

    assert same == [(("ada", "bob"), "same_file"), (("ada", "bob", "cy"), "same_code")]


def test_equal_bytes_alone_are_not_called_similar_too():
    hints = integrity.same_submissions([("ada", "1", "n"), ("bob", "1", "n"), ("cy", "2", "m")])

    assert [type(hint) for hint in hints] == [SameSubmission]


# Numerical differentiation.


def numerical(f, x, step, *, central):
    """What a numerical derivative of f at x calls."""
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up.flat[i] += step
        down.flat[i] -= step
        f(up, {"b": [1.0]})
        if central:
            f(down, {"b": [1.0]})


@pytest.mark.parametrize("step", [1e-3, 1e-5, 1e-7, 1e-10])
@pytest.mark.parametrize("central", [True, False])
def test_finite_differences_are_recognised(step, central):
    counter = StepCounter(lambda x, rest: x.sum())

    with contextlib.suppress(integrity.Enough):
        numerical(counter, np.random.default_rng(1).normal(size=(3, 4)), step, central=central)

    assert counter.is_differenced
    assert "calls cost at least 1" in integrity.difference_hint("backward", {"cost": counter}).rationale


def test_an_evaluation_ends_when_enough_was_seen():
    counter = StepCounter(lambda x, rest: x.sum())

    with pytest.raises(integrity.Enough):
        numerical(counter, np.zeros(1000), 1e-5, central=True)

    assert counter.calls < 20


def test_a_loop_over_entries_or_layers_is_no_difference():
    rng = np.random.default_rng(2)
    entries, layers, same = (StepCounter(lambda x: x) for _ in range(3))

    for number in rng.normal(size=60):
        entries(number)
    for size in (5, 4, 3, 2, 1, 6, 7):
        layers(rng.normal(size=(size, 3)))
    for _ in range(20):
        same(1.0)

    assert not any(counter.is_differenced for counter in (entries, layers, same))
    assert integrity.difference_hint("backward", {"a": entries, "b": layers, "c": same}) is None


def test_one_difference_for_all_entries_at_once_is_left_alone():
    counter = StepCounter(np.tanh)
    z = np.linspace(-1, 1, 7)

    counter(z + 1e-6)
    counter(z - 1e-6)

    assert not counter.is_differenced


@pytest.mark.parametrize(
    ("exercise", "is_backward"),
    [
        ("backward", True),
        ("affine_backward", True),
        ("backward_with_dropout", True),
        ("sigmoid_derivative", True),
        ("numerical_gradient", False),
        ("gradient_descent", False),
        ("l2_gradient", False),
        ("forward", False),
    ],
)
def test_which_exercises_are_derivatives(exercise, is_backward):
    assert integrity.is_backward(exercise) is is_backward


# Hard-coded shapes.


def result(name, outcome, *feedback):
    return TestResult(
        test=f"test_f.py::{name}",
        exercise="f",
        outcome=outcome,
        visibility=Visibility.HIDDEN,
        score=Fraction(0),
        max_score=Fraction(1),
        seconds=0.0,
        feedback=feedback,
    )


WRONG_SHAPE = Feedback("wrong_shape", "dW has shape (3, 4), but should be (5, 4).")
MISFIT = Feedback(
    "hint_shapes", "f raised ValueError: operands could not be broadcast together with shapes (3,4) (5,4)"
)
WRONG_SIGN = Feedback("pattern_sign", "The sign of dW, of shape (3, 4), is wrong; all else is right.")
PASSED = result("test_small", Outcome.PASSED)


def shape_hints(body, *tests):
    exercise = ExerciseResult(exercise="f", tests=tests)
    text = f"def f(x):\n    return 1\n\ndef f(x):\n    {body}\n\ndef g(x):\n    return np.zeros((3, 5))\n"
    return [hint.rationale for hint in integrity.shape_hints(code(text), [exercise])]


@pytest.mark.parametrize("finding", [WRONG_SHAPE, MISFIT])
def test_a_number_in_the_code_that_is_the_wrong_length_is_named(finding):
    outcome = Outcome.FAILED if finding is WRONG_SHAPE else Outcome.RAISED

    assert shape_hints("return np.zeros((3, 2))", PASSED, result("test_large", outcome, finding)) == [
        "f seems to be made for one shape: it passes test_small, fails test_large with a wrong shape, and has the "
        "number 3 in its code."
    ]


def test_a_shape_that_is_compared_with_a_number_is_named():
    lost = result("test_large", Outcome.FAILED, Feedback("nothing_returned", "f is None."))

    (hint,) = shape_hints("if x.shape == (3, 4):\n        return [[1]]", PASSED, lost)

    assert hint == (
        "f seems to be made for one shape: it passes test_small, fails test_large, and compares a shape with 3."
    )


@pytest.mark.parametrize(
    ("body", "tests"),
    [
        ("return np.zeros((3, 2))", (PASSED, PASSED)),  # nothing is lost
        ("return np.zeros((3, 2))", (result("test_large", Outcome.FAILED, WRONG_SHAPE),)),  # nothing is passed
        ("return x.sum(axis=1) / 2", (PASSED, result("test_large", Outcome.FAILED, WRONG_SHAPE))),  # no number
        ("return np.zeros((4, 2))", (PASSED, result("test_large", Outcome.FAILED, WRONG_SHAPE))),  # a right length
        ("return x ** 3", (PASSED, result("test_large", Outcome.FAILED, WRONG_SIGN))),
        ("assert x.shape == (n, 1)", (PASSED, result("test_large", Outcome.FAILED, WRONG_SHAPE))),
        ("return x.shape[0] + 3", (PASSED, result("test_large", Outcome.FAILED, WRONG_SIGN))),
    ],
)
def test_wrong_code_that_is_not_made_for_one_shape_gets_no_hint(body, tests):
    assert shape_hints(body, *tests) == []


# In a class.

NUMERICAL_BACKWARD = """

def backward(parameters, cache, X, Y):
    grads = {}
    for name, value in parameters.items():
        grads["d" + name] = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            costs = []
            for step in (1e-5, -1e-5):
                moved = {key: entry.copy() for key, entry in parameters.items()}
                moved[name][index] += step
                costs.append(cross_entropy_cost(forward(X, moved)[0], Y))
            grads["d" + name][index] = (costs[0] - costs[1]) / 2e-5
    return grads
"""
SECRET = b"a secret"


def graded(assignment_id, sources):
    """The results of `sources`, bytes by student, graded against all tests of an assignment of the course."""
    assignment = manifest.load(ROOT, assignment_id)
    with (
        Sandbox(SandboxMode.NONE, hide=()) as sandbox,
        hidden_session(assignment, spawn=sandbox.spawn, mode=SandboxMode.NONE) as session,
    ):
        return [
            session.grade(
                Submission(
                    student=student,
                    file_name=f"{assignment_id}.py",
                    source=source,
                    sha256=hashlib.sha256(source).hexdigest(),
                ),
                submission_seed(SECRET, student, assignment_id),
            )
            for student, source in sources.items()
        ]


@pytest.mark.parametrize("assignment_id", ASSIGNMENTS)
def test_no_reference_and_no_correct_variant_gets_a_hint(assignment_id):
    paths = [path for path in RIGHT_CODE if path.parent.name == assignment_id]

    results = graded(assignment_id, {path.stem: path.read_bytes() for path in paths})

    assert {result.student: result.integrity for result in results} == {path.stem: () for path in paths}
    files = [(result.student, result.sha256, result.normalized_sha256) for result in results]
    assert integrity.same_submissions(files) == []


def test_a_backward_that_differentiates_numerically_is_named_and_loses_no_point_by_it():
    reference = (ROOT / "solutions" / "shallow_network" / "shallow_network.py").read_bytes()

    (result,) = graded("shallow_network", {"ada": reference + NUMERICAL_BACKWARD.encode()})

    assert result.score == result.max_score
    assert [(hint.key, hint.rationale.partition(":")[0]) for hint in result.integrity] == [
        ("numerical_differentiation", "backward seems to differentiate numerically")
    ]


# One class: its records, its page, and what students get.

HINTED = """\
import torch


def double(x):
    if x.shape == (3,):
        return 2 * x
    return np.zeros(3)


def add(x, y):
    return x + y
"""


@pytest.fixture
def out(course, tmp_path):
    """OUT of a class: one hinted, two with equal files, one with equal code, one with the untouched stubs twice."""
    stubs = "def double(x):\n    raise NotImplementedError\n"
    texts = {
        "ada": HINTED,
        "bob": ORIGINAL + "def double(x):\n    return 2 * x\n",
        "cy": ORIGINAL + "def double(x):\n    return 2 * x\n",
        "dan": DISGUISED + "def double(y):\n    return 2*y\n",
        "eve": stubs,
        "fay": stubs,
    }
    for student, text in texts.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "small.py").write_text(text)
    plan = batch.Plan(manifest.load(course, "small"), SECRET, SandboxMode.FULL)
    out = tmp_path / "out"
    with prepare_out(out):
        batch.grade_class(plan, find(tmp_path / "class", "small"), out, jobs=1)
        classroom.write_overview(plan.assignment, out)
    return out


def test_hints_stand_in_the_record_and_on_the_page_of_the_class(out):
    hints = {record.student: [hint.key for hint in record.integrity] for record in records.iterate(out)}
    _, _, section = (out / "index.html").read_text().partition("<h2>Integrity hints</h2>")
    rows = section[: section.index("</table>")].split("<tr>")[2:]

    assert hints == {"ada": ["autograd_import", "shape_compared"], "bob": [], "cy": [], "dan": [], "eve": [], "fay": []}
    assert [[name for name in hints if f">{name}</a>" in row] for row in rows] == [
        ["ada"],
        ["ada"],
        ["bob", "cy"],
        ["bob", "cy", "dan"],
    ]
    for text, row in (("imports torch", rows[0]), ("byte by byte", rows[2]), ("but for names", rows[3])):
        assert text in row


def test_a_class_without_hints_has_no_such_section(out):
    for path in (out / "records").iterdir():
        if path.stem not in ("bob", "eve"):
            path.unlink()

    classroom.report(out, out.parent / "course")

    assert "Integrity" not in (out / "index.html").read_text()


def test_students_get_neither_hints_nor_the_digest(out, tmp_path):
    record = records.read(out / "records" / "ada.json")
    packed = packaging.package(out, tmp_path / "students", per_student=True)
    contents = [
        zipfile.ZipFile(path).read(name).decode() for path in packed for name in ("record.json", "feedback.html")
    ]
    pages = [path.read_text() for path in (out / "feedback").iterdir()]

    assert records.for_student(record).integrity == ()
    assert records.for_student(records.read(out / "records" / "bob.json")).submission.normalized_sha256 == ""
    for text in (*contents, *pages):
        assert "differentiates by itself" not in text
        assert "made for one shape" not in text


def test_hints_survive_a_round_trip_through_the_record(out):
    record = records.read(out / "records" / "ada.json")
    other = records.read(out / "records" / "dan.json")

    assert records.to_record(records.to_result(record)) == record
    assert records.to_record(records.to_result(other)) == other
    assert other.submission.normalized_sha256 != ""


def test_a_record_from_before_there_were_hints_is_read(out):
    path = out / "records" / "ada.json"
    data = json.loads(path.read_text())
    del data["integrity"], data["submission"]["normalized_sha256"]

    assert records.parse(json.dumps(data).encode(), "ada.json").integrity == ()


# The judge.


class Functions:
    """Right functions for `small`; double_sum differentiates numerically, as far as a counter can tell."""

    double = staticmethod(lambda x: 2 * x)
    add = staticmethod(lambda x, y: x + y)

    @classmethod
    def double_sum(cls, x, y):
        for number in range(20):
            cls.double(x + 1e-6 * number)
        return cls.double(cls.add(x, y))


class BreaksLater(FakeWorker):
    """A worker whose sandbox breaks when it is called for a hint."""

    def call(self, function, batch, *, wall_seconds, replacements, counts_lines=False):
        if any(isinstance(replacement, StepCounter) for replacement in replacements.values()):
            raise SandboxError("the zygote died")
        return super().call(
            function, batch, wall_seconds=wall_seconds, replacements=replacements, counts_lines=counts_lines
        )


def judged(course, worker):
    with hidden_session(manifest.load(course, "small"), spawn=lambda limits: worker, mode=SandboxMode.NONE) as session:
        return session.grade(Submission(student="ada", file_name="small.py", source=b"", sha256=""), "ab" * 32)


@pytest.fixture
def double_sum_is_backward(monkeypatch):
    monkeypatch.setattr(integrity, "is_backward", lambda exercise: exercise == "double_sum")


@pytest.mark.usefixtures("double_sum_is_backward")
def test_one_more_evaluation_tells_what_an_exercise_calls(course):
    result = judged(course, FakeWorker(Functions))

    assert [hint.key for hint in result.integrity] == ["numerical_differentiation"]
    assert "it calls double at least" in result.integrity[0].rationale


@pytest.mark.usefixtures("double_sum_is_backward")
def test_a_sandbox_that_breaks_over_a_hint_costs_the_hint_and_no_verdict(course, caplog):
    result = judged(course, BreaksLater(Functions))

    assert result.score == result.max_score
    assert result.integrity == ()
    assert "no hints on double_sum of ada: the zygote died" in caplog.text


@pytest.mark.parametrize("is_own_check", [True, False])
def test_in_a_check_of_ones_own_code_nothing_is_looked_for(course, is_own_check):
    judge = Judge(
        manifest.load(course, "small"),
        (),
        points={},
        reference=None,
        misconceptions=(),
        spawn=lambda limits: FakeWorker(Functions),
        mode=SandboxMode.NONE,
        may_replace=not is_own_check,
    )
    source = f"import torch\n{ORIGINAL}".encode()

    found = judge.grade(Submission(student="ada", file_name="small.py", source=source, sha256=""), "ab" * 32)

    assert (found.integrity == ()) is is_own_check
    assert (found.normalized_sha256 == "") is is_own_check
