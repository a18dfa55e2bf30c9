import numpy as np
import pytest

from grader.checks.diagnosis import ObservedCall
from grader.sandbox.snippets import snippet


def replayed(text, function):
    """What the snippet calls `function` with."""
    seen = []
    code = text.replace("from course import f\n", "").replace("print(", "(")
    exec(code, {"f": lambda *args, **kwargs: seen.append((args, kwargs))})
    return seen[0]


@pytest.mark.parametrize(
    "value",
    [
        np.array([[0.1, -1e-300], [np.pi, 1e300]]),
        np.array([1, 2, 3]),
        np.array([True, False]),
        np.array([1.5], dtype=np.float32),
        np.zeros((0, 3)),
        (1, 2.5, "relu"),
        ({"W1": np.ones((2, 3))}, [None, True]),
        (np.float64(0.25),),
    ],
)
def test_a_snippet_repeats_the_call_with_the_same_bits(value):
    text = snippet("course", ObservedCall("f", (value,), {}, None))

    assert text is not None
    (args, _) = replayed(text, "f")
    assert repr(args[0]) == repr(value) or np.array_equal(args[0], value)


def test_keyword_arguments_are_kept():
    text = snippet("course", ObservedCall("f", (1,), {"slope": 0.2}, None))

    assert text is not None
    assert replayed(text, "f") == ((1,), {"slope": 0.2})


def test_a_fresh_generator_is_written_with_its_seed():
    text = snippet("course", ObservedCall("f", (np.random.default_rng(17),), {}, None))

    assert text is not None
    assert "np.random.default_rng(17)" in text


def test_what_has_no_short_literal_gives_no_snippet():
    used = np.random.default_rng(17)
    used.normal()

    for value in (np.zeros(1000), used, lambda x: x):
        assert snippet("course", ObservedCall("f", (value,), {}, None)) is None
