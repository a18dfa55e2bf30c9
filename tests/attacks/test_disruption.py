"""Every function of `disruptive` comes to the end that it must, in time; the next worker answers as if nothing was.

The end is also the proof that the attack is real: a time-out says that it hung, a signal that it crashed, a breach of
protocol that its bytes arrived, "returned" that the poison was laid.
"""

import ast
import time
from pathlib import Path

import numpy as np
import pytest

from grader import manifest
from grader.model import Limits, SandboxMode, Status, Submission
from grader.sandbox.client import (
    Sandbox,
    WorkerBrokeProtocol,
    WorkerDied,
    WorkerFlooded,
    WorkerRaised,
    WorkerRefused,
    WorkerTimedOut,
)
from grader.session import hidden_session
from grader.worker import wire

HUNG, BROKE, FLOODED, REFUSED, RETURNED = "timed out", "broke the protocol", "flooded", "refused", "returned"
ENDS = {
    # hanging
    "spin": HUNG,
    "spin_in_blas": HUNG,
    "spin_in_regex": HUNG,
    "sleep_forever": HUNG,
    "stop_itself": "PermissionError",
    "ignore_all_signals": HUNG,
    "catch_everything": HUNG,
    # ending
    "segfault": "SIGSEGV",
    "abort": ("SIGSEGV", "SIGABRT"),
    "exit_at_once": "exited 0",
    "exit_as_if_locked_out": "exited 97",
    "exit_politely": "SystemExit",
    "interrupt": "KeyboardInterrupt",
    "recurse_without_limit": "SIGSEGV",
    "recurse": "RecursionError",
    "raise_unprintable": "Unprintable",
    "raise_endless_text": "ValueError",
    "raise_control_characters": "ValueError",
    "raise_named_by_input": "Seen_3.00000000000000000e+00\x1b[2J",
    "raise_many_causes": "ValueError",
    "warn_without_end": (HUNG, RETURNED),  # it ends some day, and only its first warnings are kept
    "close_connection": "SIGKILL",
    "exhaust_memory": (HUNG, "MemoryError"),
    # answers that are no data
    "return_object_array": REFUSED,
    "return_always_equal": RETURNED,
    "return_function": REFUSED,
    "return_deep_list": REFUSED,
    "return_itself": REFUSED,
    "return_huge_array": REFUSED,
    "return_many_items": REFUSED,
    "return_long_empty_axis": REFUSED,
    "return_huge_integer": REFUSED,
    "return_text_subclass": RETURNED,
    "return_half_character": REFUSED,
    "return_liar": REFUSED,
    "return_closed_memory": ("exited 1", "SIGSEGV", "SIGBUS", BROKE),
    # time bombs and other changes to the process that answers
    "trace_what_comes": RETURNED,
    "listen_to_everything": (RETURNED, "exited 1"),
    "die_when_collected": RETURNED,
    "replace_imports": RETURNED,
    "replace_wire": BROKE,
    "catch_signals": RETURNED,
    # bytes on the connection
    "send_long_header": BROKE,
    "send_long_body": BROKE,
    "send_noise": BROKE,
    "send_array_bomb": BROKE,
    "send_map_bomb": BROKE,
    "send_nest_bomb": BROKE,
    "send_nothing_in_pieces": HUNG,
    "send_without_end": (HUNG, BROKE),
    "answer_next_call": BROKE,
    "answer_twice": RETURNED,
    "answer_too_much": BROKE,
    "answer_as_loaded": BROKE,
    "answer_for_itself": RETURNED,
    "ask_for_unknown_function": BROKE,
    "claim_changed_arguments": BROKE,
    "claim_to_have_raised": "\x1b]0;owned\x07",
    "send_progress": BROKE,
    "ask_without_end": HUNG,
    "ask_for_work": HUNG,
    "ask_for_memory": ("MemoryError", HUNG),
    "ask_with_large_arguments": (HUNG, "MemoryError"),
    "ask_for_answer_by_name": HUNG,
    # output
    "flood_print": FLOODED,
    "flood_raw": FLOODED,
    "print_verdict": RETURNED,
    # poison for what comes after
    "poison_numpy": (RETURNED, BROKE),
    "poison_exit": RETURNED,
    "poison_argument": RETURNED,
    "hunt_objects": RETURNED,
    "hunt_frames": RETURNED,
    "keep_stand_in": RETURNED,
    "use_kept_stand_in": "IndexError",
    "describe_stand_in": RETURNED,
}
SECONDS = 0.4
LIMITS = Limits(memory_bytes=1 << 29, output_bytes=10_000, cpu_seconds=30)


def busy(rounds):
    """A function of the trusted side that takes as long as it is told to."""
    return sum(1 for _ in range(rounds))


REPLACEMENTS = {"work_for": busy, "space_for": np.ones}


def loaded(zygote, source):
    worker = zygote.spawn(LIMITS)
    worker.load("disruptive.py", source, ("right",), skip=(), deadline_seconds=10)
    return worker


def call(worker, function, *args, seconds=10.0, replacements=None):
    arguments = [wire.Arguments(list(args))]
    return worker.call(function, arguments, wall_seconds=seconds, replacements=replacements or {})[0].value


def end_of(worker, attack, x):
    """How a call of `attack` ends, in a word."""
    replacements = REPLACEMENTS | ({"right": lambda x: x} if attack.startswith("ask_w") else {})
    try:
        call(worker, attack, x, seconds=SECONDS, replacements=replacements if attack.startswith("ask") else {})
    except WorkerRaised as error:
        return error.reply.exception  # chosen by the submission: bounded text, made harmless where it is shown
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


def test_every_function_has_an_end():
    source = Path(__file__).with_name("disruptive.py").read_text()
    functions = {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and [argument.arg for argument in node.args.args] == ["x"]
    }

    assert set(ENDS) == functions - {"right"}


@pytest.mark.parametrize("walled", ["full"], indirect=True)
@pytest.mark.parametrize("attack", ENDS)
@pytest.mark.usefixtures("still_healthy", "nothing_is_left")
def test_an_attack_ends_as_it_must_and_in_time(walled, disruptive, attack):
    ends = ENDS[attack] if isinstance(ENDS[attack], tuple) else (ENDS[attack],)
    x = np.full((2, 2), 3.0) if attack == "poison_argument" else 3.0
    with loaded(walled, disruptive) as worker:
        begin = time.monotonic()

        end = end_of(worker, attack, x)

        assert end in ends
        assert time.monotonic() - begin < SECONDS + 4  # calculations of ours are interrupted when their time is over


@pytest.mark.parametrize("attack", ["hunt_objects", "hunt_frames", "describe_stand_in"])
def test_nothing_worth_finding_is_in_the_worker(full, disruptive, attack):
    with loaded(full, disruptive) as worker:
        found = call(worker, attack, 3.0, replacements={"right": lambda x: x})

    words = ("test_", "secret", "expected", "misconception", "socket")
    assert not [name for name in found if any(word in name.lower() for word in words)]
    assert attack != "hunt_objects" or [name for name in found if not name.startswith("numpy.")] == []


def test_a_stand_in_that_was_kept_is_of_no_use_later(full, disruptive):
    with loaded(full, disruptive) as worker:
        assert call(worker, "keep_stand_in", 3.0, replacements={"right": lambda x: x * 10}) == 30.0

        with pytest.raises(WorkerRaised, match="can be called only until"):
            call(worker, "use_kept_stand_in", 3.0)


# no attack gains a point: what a submission could do to be taken for right, done in a function that is wrong

FORGERIES = sorted(
    attack
    for attack, end in ENDS.items()
    if attack.startswith(("answer_", "claim_", "return_", "poison_", "replace_", "send_", "print_"))
    or attack in ("trace_what_comes", "listen_to_everything", "catch_everything", "ask_for_answer_by_name")
)


@pytest.fixture(scope="module")
def small_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    tests = root / "autograde_tests" / "small"
    tests.mkdir(parents=True)
    (root / "solutions" / "small").mkdir(parents=True)
    (root / "solutions/small/small.py").write_text(
        "def double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n"
    )
    (tests / "assignment.toml").write_text(
        f'title = "Small"\n[limits]\ncall_wall_seconds = {SECONDS}\n[exercises.double]\npoints = 4\n'
    )
    (tests / "test_double.py").write_text(
        "import pytest\n"
        "from grader.checks import check_close\n"
        'pytestmark = pytest.mark.exercise("double")\n'
        "def test_it(student, reference, rng):\n"
        "    x = rng.normal(size=(2, 3)) + 5\n"
        '    check_close(reference.double(x), student.double(x), name="double(x)")\n'
    )
    return root


@pytest.fixture(scope="module")
def session(small_course):
    assignment = manifest.load(small_course, "small")
    with (
        Sandbox(SandboxMode.FULL, hide=(small_course,)) as sandbox,
        hidden_session(assignment, spawn=sandbox.spawn, mode=SandboxMode.FULL) as opened,
    ):
        yield opened


def graded(session, source):
    submission = Submission(student="mallory", file_name="small.py", source=source, sha256="")
    return session.grade(submission, "5e" * 32)


@pytest.mark.parametrize("attack", FORGERIES)
def test_a_forgery_gains_no_point_and_stays_the_submissions_fault(session, disruptive, attack):
    result = graded(session, disruptive + f"\n\ndouble = {attack}\n".encode())

    assert (result.status, result.score) == (Status.GRADED, 0)


def test_the_same_session_gives_full_marks_to_an_honest_submission(session):
    assert graded(session, b"def double(x):\n    return x + x\n").score == 4
