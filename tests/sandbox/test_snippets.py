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


A, B = np.array([[1.5, 2.0], [-3.0, 4.0]]), np.array([0.5, 0.25])


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (
            (A, B, "relu"),
            """
    (np.array([[ 1.5,  2. ],
               [-3. ,  4. ]]),
     np.array([0.5 , 0.25]),
     'relu'),
""",
        ),
        (
            ([A],),
            """
    ([np.array([[ 1.5,  2. ],
                [-3. ,  4. ]])],),
""",
        ),
        (
            {"W1": A, "b1": B},
            """
    {'W1': np.array([[ 1.5,  2. ],
                     [-3. ,  4. ]]),
     'b1': np.array([0.5 , 0.25])},
""",
        ),
        (
            [{"W1": A}, (B,)],
            """
    [{'W1': np.array([[ 1.5,  2. ],
                      [-3. ,  4. ]])},
     (np.array([0.5 , 0.25]),)],
""",
        ),
    ],
)
def test_arrays_of_several_lines_stand_below_each_other(value, lines):
    text = snippet("course", ObservedCall("f", (value,), {}, None))

    assert text is not None
    assert f"print(f({lines}))\n" in text
    assert repr(replayed(text, "f")[0][0]) == repr(value)


def test_the_lines_of_a_keyword_argument_are_aligned_behind_its_name():
    text = snippet("course", ObservedCall("f", (), {"weights": A}, None))

    assert text is not None
    assert "    weights=np.array([[ 1.5,  2. ],\n                      [-3. ,  4. ]]),\n" in text


def test_short_containers_stay_in_one_line():
    text = snippet("course", ObservedCall("f", ((B, [1, 2]),), {}, None))

    assert text is not None
    assert text.endswith("print(f((np.array([0.5 , 0.25]), [1, 2])))\n")
