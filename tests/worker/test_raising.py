"""Exceptions of a submission become bounded text, whatever their classes do."""

import linecache

import pytest

from grader.worker.raising import frames_of, name_of, plain_text, text_of


class Evil(Exception):
    def __str__(self):
        raise SystemExit


class Lying(Exception):
    def __str__(self):
        class Text(str):
            __slots__ = ()

            def __getitem__(self, key):
                return "x" * 10**6

        return Text("truth")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("no"), "no"),
        (KeyError("W1"), "'W1'"),
        (Evil(), "(its text could not be made)"),
        (Lying(), "truth"),
        (ValueError("x" * 10**6), "x" * 2000),
        (ValueError("\ud800"), "?"),
    ],
)
def test_the_text_of_an_exception(error, expected):
    text = text_of(error)

    assert expected == text
    assert type(text) is str


def test_the_name_of_an_exception_is_bounded():
    assert name_of(type("E" * 1000, (Exception,), {})()) == "E" * 200


def test_what_is_no_text_is_a_question_mark():
    assert plain_text(3) == "?"


def test_frames_are_the_last_ones_of_the_file():
    source = "def f(n):\n    if n: f(n - 1)\n    1 / 0\n"
    linecache.cache["student.py"] = (len(source), None, source.splitlines(True), "student.py")
    namespace = {}
    exec(compile(source, "student.py", "exec"), namespace)

    with pytest.raises(ZeroDivisionError) as caught:
        namespace["f"](20)

    frames = frames_of(caught.value.__traceback__, "student.py")
    assert [frame.line for frame in frames] == [2] * 9 + [3]
    assert {frame.function for frame in frames} == {"f"}
    assert frames[-1].source == "1 / 0"
    assert frames_of(caught.value.__traceback__, "other.py") == []
    del linecache.cache["student.py"]
