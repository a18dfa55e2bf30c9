import pytest

from grader.errors import BadReturn, CallRaised, CallTimedOut, NotImplementedYet, OutOfMemory, WorkerCrashed
from grader.model import Limits, Outcome
from grader.sandbox import explanations
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.worker import wire


def raised(exception, message, *, frames=((12, "dW = dZ @ A_prev"),), show_text=False):
    reply = wire.Raised(1, 0, exception, message, [wire.Frame(line, "f", source) for line, source in frames])
    return explanations.raised("affine_backward", reply, show_text=show_text, memory_bytes=1 << 30)


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
        ("ValueError", "shapes (3,4) and (3,4) not aligned: 4 (dim 1) != 3 (dim 0)"),
        ("ValueError", "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"),
        ("TypeError", "only 0-dimensional arrays can be converted to Python scalars"),
        ("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'float'"),
        ("NameError", "name 'layers' is not defined"),
        ("UnboundLocalError", "cannot access local variable 'cost' where it is not associated with a value"),
        ("KeyError", "'dW1'"),
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
    ],
)
def test_a_value_does_not_slip_through_in_a_harmless_looking_message(message):
    assert "0.53" not in str(raised("ValueError", message).feedback)


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


def test_a_memory_error_is_about_memory():
    assert isinstance(raised("MemoryError", "Unable to allocate 80 GiB"), OutOfMemory)


def test_a_refused_value_is_named_with_its_place():
    error = explanations.refused("f", wire.Refused(1, 0, "[1]['dW']", "function"))

    assert isinstance(error, BadReturn)
    assert error.outcome is Outcome.FAILED
    assert "function" in error.feedback[0].rationale
    assert "dW" in error.feedback[0].rationale


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
