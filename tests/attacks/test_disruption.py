"""Every function of `disruptive` comes to the end that it must, in time; the next worker answers as if nothing was.

The end is also the proof that the attack is real: a time-out says that it hung, a signal that it crashed, a breach of
the protocol that its bytes arrived, "returned" that what it laid is there.
"""

import ast
import time
from pathlib import Path

import numpy as np
import pytest

from grader.model import Limits
from grader.sandbox.client import (
    WorkerBrokeProtocol,
    WorkerDied,
    WorkerFlooded,
    WorkerLost,
    WorkerRaised,
    WorkerRefused,
    WorkerTimedOut,
)
from grader.worker import wire

HUNG, BROKE, FLOODED, REFUSED, RETURNED = "timed out", "broke the protocol", "flooded", "refused", "returned"
ENDS = {
    **dict.fromkeys(("spin", "spin_in_blas", "spin_in_regex", "sleep_forever"), HUNG),
    **dict.fromkeys(("ignore_all_signals", "catch_everything", "send_nothing_in_pieces"), HUNG),
    **dict.fromkeys(("ask_without_end", "ask_for_work"), HUNG),
    "send_without_end": (HUNG, BROKE),  # whichever is noticed first: the deadline, or noise where a frame should begin
    "stop_itself": "PermissionError",
    "segfault": "SIGSEGV",
    "abort": ("SIGSEGV", "SIGABRT", "SIGILL"),  # the C library may not send itself a signal, and crashes
    "exit_at_once": "exited 0",
    "exit_as_if_locked_out": "exited 97",
    "exit_politely": "SystemExit",
    "interrupt": "KeyboardInterrupt",
    "recurse_without_limit": ("SIGSEGV", "RecursionError"),  # Python 3.12 counts what is nested in C
    "recurse": "RecursionError",
    "close_connection": "SIGKILL",
    "exhaust_memory": "MemoryError",
    "raise_unprintable": "Unprintable",
    "raise_named_by_input": "Seen_0.00000000000000000e+00_5.00000000000000000e-01_1.00000000000000000e+00\x1b[2J",
    **dict.fromkeys(("raise_endless_text", "raise_control_characters", "raise_many_causes"), "ValueError"),
    **dict.fromkeys(("return_object_array", "return_function", "return_deep_list", "return_itself"), REFUSED),
    **dict.fromkeys(("return_huge_array", "return_many_items", "return_long_empty_axis"), REFUSED),
    **dict.fromkeys(("return_huge_integer", "return_half_character", "return_liar"), REFUSED),
    **dict.fromkeys(("return_always_equal", "return_text_subclass", "warn_often"), RETURNED),
    "return_closed_memory": ("exited 1", "SIGSEGV"),
    **dict.fromkeys(("trace_what_comes", "replace_wire", "poison_numpy"), (BROKE, RETURNED)),
    **dict.fromkeys(("listen_to_everything", "die_when_collected", "replace_imports", "catch_signals"), RETURNED),
    **dict.fromkeys(("send_long_header", "send_long_body", "send_noise", "send_progress"), BROKE),
    **dict.fromkeys(("send_array_bomb", "send_map_bomb", "send_nest_bomb"), BROKE),
    **dict.fromkeys(("answer_next_call", "answer_too_much", "answer_as_loaded"), BROKE),
    **dict.fromkeys(("answer_twice", "answer_for_itself"), RETURNED),
    **dict.fromkeys(("ask_for_unknown_function", "ask_for_answer_by_name", "claim_changed_arguments"), BROKE),
    "claim_to_have_raised": "\x1b]0;owned\x07",
    **dict.fromkeys(("ask_for_memory", "ask_with_large_arguments"), "MemoryError"),
    **dict.fromkeys(("flood_print", "flood_raw"), FLOODED),
    **dict.fromkeys(("print_verdict", "poison_exit", "poison_argument"), RETURNED),
}
ALONE = {"right", "hunt_objects", "hunt_frames", "keep_stand_in", "use_kept_stand_in", "describe_stand_in"}
HANG_SECONDS, LONG_SECONDS = 0.3, 20.0
LIMITS = Limits(memory_bytes=1 << 29, output_bytes=10_000)
X = np.linspace(0, 1, 3)


def work_for(rounds):
    """A function of the trusted side that takes as long as it is told to."""
    return sum(1 for _ in range(rounds))


def loaded(zygote, source):
    worker = zygote.spawn(LIMITS)
    worker.load("disruptive.py", source, ("right",), skip=(), deadline_seconds=10)
    return worker


def call(worker, function, *args, seconds=LONG_SECONDS, replacements=None):
    arguments = [wire.Arguments(list(args))]
    return worker.call(function, arguments, wall_seconds=seconds, replacements=replacements or {})[0].value


def end_of(worker, attack, *, seconds):
    """How a call of `attack` ends, in a word or two."""
    stand_ins = {"work_for": work_for, "space_for": np.ones, "right": lambda x: x}
    try:
        call(worker, attack, X, seconds=seconds, replacements={} if attack in NOTHING_TO_ASK else stand_ins)
    except WorkerRaised as error:
        return error.reply.exception
    except WorkerDied as error:
        return error.exit_status.signal or f"exited {error.exit_status.code}"
    except WorkerTimedOut:
        return HUNG
    except WorkerBrokeProtocol:
        return BROKE
    except WorkerFlooded:
        return FLOODED
    except WorkerRefused:
        return REFUSED
    return RETURNED


NOTHING_TO_ASK = {attack for attack in ENDS if not attack.startswith(("ask_w", "ask_for_work", "ask_for_memory"))}


def test_every_attack_has_an_end():
    functions = [
        node.name
        for node in ast.parse(Path(__file__).with_name("disruptive.py").read_text()).body
        if isinstance(node, ast.FunctionDef) and [argument.arg for argument in node.args.args] == ["x"]
    ]

    assert set(ENDS) | ALONE == set(functions)


# Without Landlock nothing is different here.
@pytest.mark.parametrize("walled", ["full", "reduced, without namespaces"], indirect=True)
@pytest.mark.parametrize("attack", ENDS)
@pytest.mark.usefixtures("still_healthy", "nothing_is_left")
def test_an_attack_ends_in_time_and_alone(walled, disruptive, only, attack):
    expected = ENDS[attack] if isinstance(ENDS[attack], tuple) else (ENDS[attack],)
    begin = time.monotonic()
    honest, source = only(disruptive, "right"), only(disruptive, "right", "work_for", "space_for", attack)
    with loaded(walled, honest) as bystander, loaded(walled, source) as worker:
        assert np.array_equal(call(worker, "right", X), X + 1)

        assert end_of(worker, attack, seconds=HANG_SECONDS if HUNG in expected else LONG_SECONDS) in expected

        assert np.array_equal(call(bystander, "right", X), X + 1)
    assert time.monotonic() - begin < LONG_SECONDS / 2


@pytest.mark.parametrize("attack", ["send_progress", "send_noise"])
def test_a_flood_while_loading_meets_its_deadline(full, disruptive, attack):
    source = disruptive.replace(b'== "Call"', b'== "Load"') + f"\n{attack}(0)\n".encode()
    begin = time.monotonic()

    with full.spawn(LIMITS) as worker, pytest.raises((WorkerTimedOut, WorkerBrokeProtocol)):
        worker.load("disruptive.py", source, (), skip=(), deadline_seconds=HANG_SECONDS)

    assert time.monotonic() - begin < LONG_SECONDS / 2


@pytest.mark.parametrize("statement", ["import os\nos._exit(97)", "import os\ndef f(x: os._exit(97)): pass"])
def test_an_exit_while_loading_is_the_submissions(full, statement):
    with full.spawn(LIMITS) as worker, pytest.raises(WorkerDied) as caught:
        worker.load("small.py", statement.encode(), ("f",), skip=(), deadline_seconds=10)

    assert caught.value.exit_status.code == 97
    assert caught.value.line == 2


def test_a_forged_answer_for_the_next_call_is_none(full, disruptive):
    with loaded(full, disruptive) as worker:
        assert np.array_equal(call(worker, "answer_twice", X), X + 1)

        with pytest.raises(WorkerBrokeProtocol):
            call(worker, "right", X)


def test_arrays_of_a_class_of_its_own_arrive_as_plain_ones(full, disruptive):
    with loaded(full, disruptive) as worker:
        assert type(call(worker, "return_always_equal", X)) is np.ndarray
        assert type(call(worker, "return_text_subclass", X)) is str


def test_an_argument_that_is_overwritten_is_not_ours(full, disruptive):
    with loaded(full, disruptive) as worker:
        before = X.copy()

        assert (call(worker, "poison_argument", X) == 1e9).all()

    assert np.array_equal(X, before)


def test_nothing_of_the_trusted_side_lies_in_memory(full, disruptive):
    with loaded(full, disruptive) as worker:
        found = call(worker, "hunt_objects", X, replacements={"right": lambda x: "the expected value"})
        names = call(worker, "hunt_frames", X, replacements={"right": lambda x: "the expected value"})

    assert [name for name in found if not name.startswith("numpy.")] == []
    assert not [name for name in names if "expected" in name or "reference" in name or "test" in name]


def test_a_stand_in_knows_its_name_and_nothing_else(full, disruptive):
    def right(x):
        """The secret of the reference."""
        return expected * x

    expected = 42.0
    with loaded(full, disruptive) as worker:
        assert call(worker, "describe_stand_in", X, replacements={"right": right}) == [
            "right",
            "A function of the trusted side, as a submission sees it: it can be called, and knows nothing.",
            "_handle",
            "_link",
        ]


def test_a_stand_in_that_was_kept_answers_no_more(full, disruptive):
    with loaded(full, disruptive) as worker:
        assert call(worker, "keep_stand_in", 5, replacements={"right": lambda x: "from the trusted side"}) == (
            "from the trusted side"
        )

        with pytest.raises(WorkerRaised, match="can be called only until"):
            call(worker, "use_kept_stand_in", 5)


def test_functions_that_are_called_back_share_one_time_limit(full, disruptive):
    begin = time.monotonic()

    with loaded(full, disruptive) as worker, pytest.raises(WorkerTimedOut):
        call(worker, "ask_without_end", 10**5, seconds=0.2, replacements={"right": work_for})

    assert time.monotonic() - begin < LONG_SECONDS / 2


def test_an_allowance_for_called_back_functions_ends_with_the_call(full, disruptive):
    """A function that was interrupted leaves nothing behind that would interrupt others, or slow them down."""
    with loaded(full, disruptive) as worker, pytest.raises(WorkerLost):
        call(worker, "ask_for_work", X, seconds=0.05, replacements={"work_for": work_for})

    with loaded(full, disruptive) as worker:
        for _ in range(50):
            assert call(worker, "keep_stand_in", 3, replacements={"right": work_for}) == 3
    assert work_for(10**5) == 10**5
