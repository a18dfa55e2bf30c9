"""A hidden test's inputs reach nobody through what a submission chooses: names, texts, numbers, shapes, times.

The input is 7193.25 throughout, so that any trace of it can be read in the record and on the pages. Honest mistakes are
told as if nobody had ever tried.
"""

import hashlib
import re
import struct
import warnings

import pytest

from grader import manifest, records
from grader.model import Outcome, SandboxMode, Submission
from grader.reporters import feedback_html, feedback_markdown
from grader.sandbox.client import Sandbox
from grader.sandbox.fake import FakeWorker
from grader.sandbox.losses import WorkerRefused
from grader.session import hidden_session
from grader.worker import wire

SEED = "5e" * 32
SECRET = 7193.25

# The checks that repeat something of what was returned; each is given everything that a submission below returns.
HIDDEN_TESTS = f'''\
"""double: what a submission answers to 7193.25."""

import numpy as np
import pytest

from grader.checks import check_array, check_close, check_dict, check_raises, check_scalar, unpack

pytestmark = pytest.mark.exercise("double")
X = np.full((3, 4), {SECRET})


def test_array(student, reference):
    check_close(reference.double(X), student.double(X), name="A")


def test_dict(student):
    check_dict(student.double(X), {{"W1": (3, 4), "b1": (3, 1)}}, name="parameters")


def test_column(student):
    check_array(student.double(X), name="b1", shape=(3, 1))


def test_values(student):
    unpack(student.double(X), ("Z", "cache"), call="double(x)")


def test_number(student):
    check_scalar(student.double(X), name="cost")


def test_sizes(student):
    check_close([1.0, 2.0, 3.0], student.double(X), name="sizes")


def test_words(student):
    check_close({{"high bias"}}, student.double(X), name="words")


def test_text(student):
    check_close("relu", student.double(X), name="word")


def test_error(student):
    check_raises(lambda: student.double(X), "ValueError", name="double(x)")


@pytest.mark.visibility("visible")
def test_shown(student, reference):
    check_close(reference.double(np.ones(3)), student.double(np.ones(3)), name="A")
'''

SOURCE = """\
import os
import numpy as np
import warnings

class NoDoubling(Exception):
    pass

hidden = 64
kept = []

def double(x):
    v = float(np.ravel(x)[0])
    name = str(v).replace(".", "_").replace("-", "m")
    digits = [int(d) for d in str(abs(v)) if d != "."]
{body}

def add(x, y):
    return x + y

def double_sum(x, y):
    return 2 * (x + y)
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(SandboxMode.FULL, hide=()) as started:
        yield started


class PlainWorker(FakeWorker):
    """A worker of this process that says what a sandboxed one says of values that are no data, and of warnings."""

    def call(self, function, batch, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            evaluations = super().call(function, batch, **options)
        notes = [wire.CaughtWarning(w.category.__name__, str(w.message), w.lineno) for w in caught]
        for number, evaluation in enumerate(evaluations):
            try:
                wire.Writer().write(evaluation.value)
            except wire.Unsupported as error:
                raise WorkerRefused(wire.Refused(0, number, error.path, error.kind)) from None
        return [wire.Evaluation(e.value, e.changed, notes, e.lines) for e in evaluations]


def functions_of(source):
    """A class with the functions of `source`."""
    names = {"__name__": "small"}
    exec(compile(source, "small.py", "exec"), names)
    return type("Functions", (), {n: staticmethod(f) for n, f in names.items() if n in ("double", "add", "double_sum")})


def submission(source):
    content = source.encode()
    return Submission(student="ada", file_name="small.py", source=content, sha256=hashlib.sha256(content).hexdigest())


def graded(course, source, sandbox=None):
    """The result of `source`, by hidden tests; in this process unless there is a sandbox."""
    (course / "autograde_tests/small/test_double.py").write_text(HIDDEN_TESTS)
    spawn = sandbox.spawn if sandbox else lambda limits: PlainWorker(functions_of(source))
    with hidden_session(manifest.load(course, "small"), spawn=spawn, mode=SandboxMode.FULL) as session:
        return session.grade(submission(source), SEED)


def body(text):
    return SOURCE.format(body="".join(f"    {line}\n" for line in text.splitlines()))


def by_test(result):
    return {test.test.rpartition("::test_")[2]: test for exercise in result.exercises for test in exercise.tests}


def rationales(result, test):
    return " ".join(f.rationale for f in by_test(result)[test].feedback)


def outputs(result):
    """Record and pages, without the digests and seeds in them."""
    record = records.to_record(result)
    texts = {
        "json": records.to_json(record).decode(),
        "html": feedback_html.render(record, title="Small"),
        "markdown": feedback_markdown.render(record, title="Small"),
    }
    for digest in (SEED, record.suite_sha256, record.submission.sha256):
        texts = {name: text.replace(digest, "").replace(digest[:12], "") for name, text in texts.items()}
    return texts


READABLE = {
    "decimal": r"7[,_. ]?193",
    "as a floating point number": r"7\.193",
    "hexadecimal": r"(?i)c194|1c19",
    "the bytes of the number": "(?i)" + struct.pack(">d", SECRET).hex().rstrip("0"),
    "octal": f"{int(SECRET):o}",
    "binary": f"{int(SECRET):b}",
    "digit by digit": r"7[^\d\n]{1,6}1[^\d\n]{1,6}9[^\d\n]{1,6}3",
    "in pairs": r"71[^\d\n]{1,6}93",
    "backwards": r"52[._]?3917",
    "as the remainder of an exit code": rf"exit code {int(SECRET) % 256}",
}


def readings(text):
    return [name for name, pattern in READABLE.items() if re.search(pattern, text)]


WRITTEN = """
7193.25; x7193_25; 7,193; 7.193e+03; 0x1.c194p+12; 0x1c19; 40bc194000000000; 16031; 0b1110000011001; (7, 1, 9, 3);
d7, d1, d9, d3; (71, 93); 52.3917; exit code 25
"""


@pytest.mark.parametrize("text", WRITTEN.strip().replace("\n", " ").split("; "))
def test_the_number_would_be_read_in(text):
    assert readings(f"double raised {text} in line 5")


ENCODINGS = {
    "decimal": "name",
    "hexadecimal": "'x' + float(v).hex().replace('.', '_').replace('+', '').replace('-', 'm')",
    "letters": "'x' + ''.join('abcdefghij'[d] for d in digits)",
}
NAMES = {
    "the class of an exception": "raise type({name}, (Exception,), {{}})()",
    "the class of a warning": "warnings.warn('w', type({name}, (UserWarning,), {{}}))\nreturn x",
    "a key": "return {{{name}: 1.0}}",
    "the key of what is no data": "return {{{name}: object()}}",
    "a key near a right one": "return {{'W1_' + {name}: 1.0}}",
    "a type": "return type({name}, (), {{}})()",
    "an undefined name": "return eval('v' + {name})",
    "an attribute": "return getattr(np, 'v' + {name})",
    "an attribute of an own type": "return type({name}, (), {{}})().attribute",
    "a missing key": "return {{}}['v' + {name}]",
    "a missing argument": "exec('def f(' + {name} + '): pass')\nreturn locals()['f']()",
    "an unexpected argument": "return double(x, **{{{name}: 1}})",
    "a name in a stub": "raise NotImplementedError({name})",
    "a text": "return {name}",
    "a set": "return {{{name}}}",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("channel", NAMES)
def test_a_name_that_a_submission_makes_up_shows_no_hidden_input(course, channel, encoding):
    source = body(NAMES[channel].format(name=ENCODINGS[encoding]))

    result = graded(course, source)

    for output, text in outputs(result).items():
        own = text.replace("'abcdefghij'", "")
        assert readings(own) == [], output
        assert "hbjd" not in own, output  # 7193 in letters
        assert "c194" not in own, output


NUMBERS = {
    "a length": "return [0.0] * int(v)",
    "many keys": "return {f'k{i}': 0 for i in range(int(v))}",
    "a key that is a number": "return {int(v): 1.0}",
    "keys that are digits": "return {d: 1.0 for d in digits}",
    "keys that are names with digits": "return {f'W{d}': 1.0 for d in digits}",
    "a shape": "return np.zeros((int(v), 1))",
    "a shape of one dimension": "return np.zeros(int(v))",
    "a shape of digits": "return np.zeros(digits)",
    "a shape of pairs of digits": "return np.zeros(divmod(int(v), 100))",
    "the length of a text": "return ['a' * int(v)]",
    "the length of bytes": "return b'a' * int(v)",
    "rows of different lengths": "return [[1.0] * int(v), [1.0]]",
    "a place in a list": "return [0] * int(v) + [object()]",
    "places in lists": "r = object()\nfor d in digits[::-1]:\n    r = [0] * d + [r]\nreturn r",
    "a shape in a text": "raise ValueError(f'could not broadcast input array from shape ({int(v)},) into shape (3,)')",
    "digits in a text": "a, b, c, d = digits[:4]\n"
    "raise ValueError(f'operands could not be broadcast together with shapes ({a},{b}) ({c},{d})')",
    "a size in a text": "raise ValueError(f'cannot reshape array of size {int(v)} into shape (3,4)')",
    "a count in a text": "raise ValueError(f'too many values to unpack (expected {int(v)})')",
    "an operator in a text": "raise TypeError(f\"unsupported operand type(s) for {int(v)}: 'int' and 'int'\")",
    "a text": "raise ValueError(str(v))",
    "a key in a text": "raise KeyError(v)",
    "a line": "exec(compile('\\n' * (int(v) - 1) + 'raise ValueError()', double.__code__.co_filename, 'exec'))",
    "the line of a warning": "warnings.warn_explicit('w', UserWarning, double.__code__.co_filename, int(v))\nreturn x",
    "an exit code": "os._exit(int(v) % 256)",
}


@pytest.mark.parametrize("channel", NUMBERS)
def test_a_number_that_a_submission_chooses_shows_no_hidden_input(course, sandbox, channel):
    needs_process = channel in ("a line", "the line of a warning", "an exit code")

    result = graded(course, body(NUMBERS[channel]), sandbox if needs_process else None)

    for output, text in outputs(result).items():
        assert readings(text) == [], output


REAL = [
    "the class of an exception",
    "the class of a warning",
    "the key of what is no data",
    "a key",
    "an undefined name",
]


@pytest.mark.parametrize("channel", REAL)
def test_a_walled_worker_shows_no_hidden_input_either(course, sandbox, channel):
    result = graded(course, body(NAMES[channel].format(name="name")), sandbox)

    assert by_test(result)["array"].outcome is not Outcome.PASSED
    for output, text in outputs(result).items():
        assert readings(text) == [], output


def test_a_hidden_input_cannot_be_kept_for_a_test_that_shows_everything(course, sandbox):
    """The visible test stands last in its file, and shows texts and values whole."""
    source = body(
        "kept.append(v)\nif len(kept) > 1:\n    raise ValueError(str(kept))\nreturn np.full(x.shape, kept[0])"
    )

    result = graded(course, source, sandbox)

    assert by_test(result)["array"].outcome is Outcome.RAISED
    assert "should be" in rationales(result, "shown")
    assert result.exercises[0].tests[-1].test.endswith("test_shown")
    for output, text in outputs(result).items():
        assert readings(text) == [], output


def test_how_long_a_function_sleeps_is_told_in_two_digits(course):
    result = graded(course, body("import time\ntime.sleep(0.0719325 if v > 1 else 0)\nreturn x"))

    for test in records.to_record(result).exercises[0].tests:
        assert test.seconds == float(f"{test.seconds:.2g}")


# what stays: a choice among few things that are known


def test_of_own_keys_few_are_shown(course):
    words = "zero one two three four five six seven eight nine".split()
    source = body(f"words = {words}\nreturn {{words[d]: 1.0 for d in digits}}")

    result = graded(course, source)

    assert "Its keys are" in str(by_test(result)["dict"].feedback)
    assert "seven, one, nine, …" in str(by_test(result)["dict"].feedback)


# honest mistakes


HONEST = {
    "a missing key": (
        "return {'W1': x}[f'd{\"W\"}1']",
        "array",
        "raised KeyError: 'dW1' in line 15: `return {'W1': x}[f'd{\"W\"}1']`",
    ),
    "a misspelt variable": ("return 2 * nmae", "array", "raised NameError: name 'nmae' is not defined in line 15"),
    "a misspelt attribute": ("return np.zeross(3)", "array", "module 'numpy' has no attribute 'zeross'"),
    "an own class of exception": ("raise NoDoubling()", "array", "raised NoDoubling in line 15"),
    "an own class where another is asked for": ("raise NoDoubling()", "error", "ValueError, and raises NoDoubling."),
    "shapes that do not fit": (
        "return x @ x",
        "array",
        "core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size 3 is different from 4)",
    ),
    "a shape that does not fit a constant": (
        "return x + np.ones((hidden, 4))",
        "array",
        "shapes (3,4) (64,4)",
    ),
    "a lost dimension": ("return np.ones(3)", "column", "b1 has shape (3,), but should be (3, 1): a dimension of size"),
    "a wrong shape": ("return np.ones((hidden, 1))", "column", "b1 has shape (64, 1), but should be (3, 1)."),
    "another size of the arguments": (
        "return np.ones((4, 12))",
        "column",
        "b1 has shape (4, 12), but should be (3, 1).",
    ),
    "a dict with other keys": (
        "return {'w1': x, 'biases': x}",
        "dict",
        "parameters has no key W1; it has w1.",
    ),
    "a dict for a tuple": ("return {'Z1': x, 'A1': x}", "values", "Yours returned a dict with the keys Z1, A1."),
    "one value for two": ("return x", "values", "Yours returned an array of shape (3, 4)."),
    "two values for three": ("return [1.0, 2.0]", "sizes", "sizes should have 3 entries, and has 2."),
    "a function": ("return double", "array", "double returned a function, which is no number"),
    "an own type": ("return NoDoubling()", "array", "double returned an object of type NoDoubling, which"),
    "a function in a dict": ("return {'W1': len}", "array", "double returned a function at ['W1'], which"),
}


@pytest.mark.parametrize(("text", "test", "words"), HONEST.values(), ids=HONEST)
def test_an_honest_mistake_is_told_as_before(course, sandbox, text, test, words):
    result = graded(course, body(text), sandbox)

    assert words in rationales(result, test)
    if test == "dict":
        assert by_test(result)["dict"].feedback[0].help.startswith("Its keys are w1, biases;")


def test_a_warning_is_told_with_its_line(course, sandbox):
    result = graded(course, body("np.log(np.zeros(3))\nreturn x"), sandbox)

    assert "double causes a warning in line 15: RuntimeWarning: …" in [
        remark.rationale for remark in result.exercises[0].advice
    ]
