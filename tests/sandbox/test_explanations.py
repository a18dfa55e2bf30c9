import functools
import types

import numpy as np
import pytest

from grader.checks.vocabulary import Known, Vocabulary, sizes_in
from grader.errors import BadReturn, CallRaised, CallTimedOut, NotImplementedYet, OutOfMemory, WorkerCrashed
from grader.model import Limits, Outcome
from grader.sandbox import explanations
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.worker import wire

SOURCE = b"""
class NotYet(Exception):
    pass

def affine_backward(dZ, cache):
    layers = affine_forward(cache)
    cost = parameters["learning_rate"]
"""
KNOWN = Known(Vocabulary(SOURCE), sizes_in([np.ones((3, 4)), np.ones((4, 5))], {"W": [np.ones((7, 1))]}))


def raised(exception, message, *, frames=((12, "dW = dZ @ A_prev"),), show_text=False, known=KNOWN):
    reply = wire.Raised(1, 0, exception, message, [wire.Frame(line, "f", source) for line, source in frames])
    return explanations.raised("affine_backward", reply, show_text=show_text, memory_bytes=1 << 30, known=known)


def refused(path, kind, **options):
    reply = wire.Refused(1, 0, path, kind)
    return explanations.refused("f", reply, known=KNOWN, **options).feedback[0].rationale


def test_the_students_own_line_is_named():
    error = raised(
        "ValueError",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size 5 is different from 7)",
    )

    assert isinstance(error, CallRaised)
    assert error.outcome is Outcome.RAISED
    assert error.line == 12
    assert "line 12: `dW = dZ @ A_prev`" in error.feedback[0].rationale
    assert "transpose" in (error.feedback[0].help or "")


def test_a_hidden_test_does_not_show_text_that_the_submission_chose():
    error = raised("ValueError", "W was [[0.123 4.56]]")

    assert "0.123" not in str(error.feedback)
    assert "ValueError" in error.feedback[0].rationale


def test_a_visible_test_shows_the_text():
    error = raised("ValueError", "W was [[0.123 4.56]]", show_text=True)

    assert "0.123" in error.feedback[0].rationale


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        ("ValueError", "operands could not be broadcast together with shapes (3,4) (4,3) "),
        ("ValueError", "operands could not be broadcast together with shapes (3,4) (64,4) "),
        ("ValueError", "operands could not be broadcast together with shapes (3,4) (4,) (7,1,1) "),
        (
            "ValueError",
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
            "(3,4)->(3,newaxis,4) (3,4)->(4,3) ",
        ),
        (
            "ValueError",
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
            "(3,4)  and requested shape (5,)",
        ),
        ("ValueError", "non-broadcastable output operand with shape (3,1) doesn't match the broadcast shape (3,4)"),
        ("ValueError", "could not broadcast input array from shape (3,) into shape (4,)"),
        ("ValueError", "cannot reshape array of size 12 into shape (5,newaxis)"),
        (
            "ValueError",
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            "(n?,k),(k,m?)->(n?,m?) (size 5 is different from 7)",
        ),
        ("ValueError", "shapes (3,4) and (3,4) not aligned: 4 (dim 1) != 3 (dim 0)"),
        ("ValueError", "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"),
        ("TypeError", "only 0-dimensional arrays can be converted to Python scalars"),
        ("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'float'"),
        ("NameError", "name 'layers' is not defined"),
        ("UnboundLocalError", "cannot access local variable 'cost' where it is not associated with a value"),
        ("NameError", "cannot access free variable 'cost' where it is not associated with a value in enclosing scope"),
        ("KeyError", "'dW1'"),
        ("KeyError", "'learning_rate'"),
        ("TypeError", "'NoneType' object is not subscriptable"),
        ("TypeError", "cannot unpack non-iterable NoneType object"),
        ("TypeError", "unsupported operand type(s) for ** or pow(): 'function' and 'float'"),
        ("TypeError", "affine_backward() missing 2 required positional arguments: 'dZ' and 'cache'"),
        ("TypeError", "affine_backward() got an unexpected keyword argument 'cost'"),
        ("TypeError", "affine_backward.<locals>.<lambda>() takes 1 positional argument but 2 were given"),
        ("ValueError", "too many values to unpack (expected 2)"),
        ("ValueError", "not enough values to unpack (expected 3, got 2)"),
        ("AttributeError", "'numpy.ndarray' object has no attribute 'cost'"),
        ("IndexError", "list index out of range"),
        ("AttributeError", "'tuple' object has no attribute 'shape'"),
        ("AttributeError", "module 'numpy' has no attribute 'float'"),
        ("RecursionError", "maximum recursion depth exceeded"),
    ],
)
def test_messages_about_shapes_and_names_are_shown_even_by_hidden_tests(exception, message):
    assert message.strip() in raised(exception, message.strip()).feedback[0].rationale


@pytest.mark.parametrize(
    "message",
    [
        "operands could not be broadcast together with shapes (3,4) (4,3) and W[0] = 0.53",
        "operands could not be broadcast together with shapes 0.531 0.2",
        "name 'x = 0.53; y' is not defined",
        "'dW1 0.53'",
        "list index out of range\n0.53",
        "unsupported operand type(s) for 0.53: 'int' and 'int'",
        "f() takes 0.53 positional arguments but 1 was given",
        "maximum recursion depth exceeded 0.53",
    ],
)
def test_a_value_does_not_slip_through_in_a_harmless_looking_message(message):
    assert "0.53" not in str(raised("ValueError", message).feedback)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("name 'v7193' is not defined", "name '…' is not defined"),
        ("name 'cost7193' is not defined", "name '…' is not defined"),
        ("'v7193'", "'…'"),
        ("'W7193'", "'…'"),
        ("'v7193' object has no attribute 'cost'", "'…' object has no attribute 'cost'"),
        ("module 'v.7193' has no attribute 'x7193'", "module '….…' has no attribute '…'"),
        (
            "affine_backward() missing 2 required positional arguments: 'v7193' and 'cost'",
            "affine_backward() missing 2 required positional arguments: '…' and 'cost'",
        ),
        ("cannot unpack non-iterable 7193 object", "cannot unpack non-iterable … object"),
        (
            "operands could not be broadcast together with shapes (7193,4) (3,25)",
            "operands could not be broadcast together with shapes (…,4) (3,…)",
        ),
        (
            "operands could not be broadcast together with shapes (71,93) (3,4)",
            "operands could not be broadcast together with shapes (…,…) (3,4)",
        ),
        ("cannot reshape array of size 719325 into shape (3,4)", "cannot reshape array of size … into shape (3,4)"),
    ],
)
def test_of_names_and_numbers_a_hidden_test_shows_those_that_were_known(message, shown):
    rationale = raised("ValueError", message).feedback[0].rationale

    assert rationale.startswith(f"affine_backward raised ValueError: {shown} in line 12")
    assert message in raised("ValueError", message, show_text=True).feedback[0].rationale


@pytest.mark.parametrize("name", ["ValueError", "LinAlgError", "AxisError", "NotYet"])
def test_the_class_of_an_exception_is_shown_when_it_was_known(name):
    error = raised(name, "")

    assert f"raised {name} in line 12" in error.feedback[0].rationale
    assert error.exception == name


def test_the_class_of_an_exception_that_was_made_up_is_not_shown():
    error = raised("E7193_25", "")

    assert "raised an exception in line 12" in error.feedback[0].rationale
    assert error.exception == "an exception"
    assert "E7193_25" in raised("E7193_25", "", show_text=True).feedback[0].rationale


def test_numpy_refusing_float_of_a_size_one_array_is_explained():
    error = raised("TypeError", "only 0-dimensional arrays can be converted to Python scalars")

    assert "NumPy from 2.4" in error.feedback[0].rationale
    assert ".item()" in (error.feedback[0].help or "")


def test_a_call_that_never_reached_the_students_code_says_so():
    error = raised("TypeError", "affine_backward() takes 1 positional argument but 2 were given", frames=())

    assert error.feedback[0].key == "raised_at_call"
    assert "takes 1 positional argument" in error.feedback[0].rationale


def test_the_stub_of_another_exercise_is_named():
    error = raised("NotImplementedError", "affine_forward")

    assert isinstance(error, NotImplementedYet)
    assert "raised by affine_forward" in error.feedback[0].rationale
    assert "7193" not in str(raised("NotImplementedError", "v7193").feedback)


def test_a_stub_without_a_name_is_named_by_its_function():
    frame = wire.Frame(3, "affine_forward", "raise NotImplementedError()")
    reply = wire.Raised(1, 0, "NotImplementedError", "", [wire.Frame(9, "affine_backward", "affine_forward()"), frame])

    error = explanations.raised("affine_backward", reply, show_text=False, memory_bytes=1 << 30, known=KNOWN)

    assert "raised by affine_forward" in error.feedback[0].rationale


def test_an_exercise_that_is_a_stub_itself_is_not_written_yet():
    assert raised("NotImplementedError", "affine_backward").feedback[0].key == "not_implemented"


def test_a_memory_error_is_about_memory():
    assert isinstance(raised("MemoryError", "Unable to allocate 80 GiB"), OutOfMemory)


def test_a_refused_value_is_named_with_its_place():
    error = explanations.refused("f", wire.Refused(1, 0, "[1]['dW']", "function"))

    assert isinstance(error, BadReturn)
    assert error.outcome is Outcome.FAILED
    assert "function" in error.feedback[0].rationale
    assert "dW" in error.feedback[0].rationale


REFUSED = (
    len,
    (number for number in ()),
    types,
    int,
    np.random.default_rng(1),
    np.ma.array([1.0]),
    np.array([object()]),
    np.array(["a"]),
    np.array(["2020-01-01"], "M8[D]"),
    np.array([(1,)], dtype=[("a", int)]),
    np.datetime64("2020-01-01"),
    2**70,
    "\ud800",
    np.zeros((0, 1 << 30)),
    dict.fromkeys(range(5000)),
    functools.reduce(lambda inner, _: [inner], range(20), 0),
    [0] * 200_000,
    object(),
    slice(1),
)


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: type(value).__name__)
def test_every_kind_that_a_worker_names_is_shown_by_a_hidden_test(value):
    with pytest.raises(wire.Unsupported) as caught:
        wire.Writer().write(value)

    rationale = refused("", caught.value.kind, show_text=False)

    assert f"returned {caught.value.kind}, which" in rationale


@pytest.mark.parametrize(
    ("path", "kind", "shown"),
    [
        ("[1]['dW1']", "a function", "returned a function at [1]['dW1'], which"),
        ("[7193]", "a function", "returned a function at […], which"),
        ("['v7193'][2]", "a function", "returned a function at […][2], which"),
        ("[0][1][2][3]", "a function", "returned a function, which"),
        ("[0] = 7193", "a function", "returned a function, which"),
        ("", "an object of type T7193", "returned an object of type …, which"),
        ("", "an object of type NotYet", "returned an object of type NotYet, which"),
        ("", "an array or text of 719325000 bytes", "returned an array or text of … bytes, which"),
        ("", "7193 is the number", "returned something, which"),
    ],
)
def test_a_refused_value_is_named_by_what_was_known(path, kind, shown):
    assert shown in refused(path, kind, show_text=False)
    assert kind in refused(path, kind)


@pytest.mark.parametrize(("code", "shown"), [(0, "exit code 0"), (1, "exit code 1"), (193, "exit code above 2")])
def test_an_exit_code_that_could_be_a_message_is_not_shown(code, shown):
    status = ExitStatus(kind=ExitKind.EXITED, code=code)

    assert shown in str(explanations.died("f", status, Limits(), show_text=False))
    assert f"exit code {code})" in str(explanations.died("f", status, Limits()))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ExitKind.OUT_OF_MEMORY, OutOfMemory),
        (ExitKind.CPU_LIMIT, CallTimedOut),
        (ExitKind.SIGNALED, WorkerCrashed),
        (ExitKind.EXITED, WorkerCrashed),
    ],
)
def test_the_end_of_a_process_becomes_an_outcome(kind, expected):
    error = explanations.died("f", exit_status(kind), Limits())

    assert isinstance(error, expected)


def test_control_characters_of_a_submission_are_replaced():
    error = raised("ValueError", "\x1b[2J\u202egnihton", show_text=True)

    assert "\x1b" not in error.feedback[0].rationale
    assert "\u202e" not in error.feedback[0].rationale


def exit_status(kind: ExitKind) -> ExitStatus:
    return ExitStatus(kind=kind)
