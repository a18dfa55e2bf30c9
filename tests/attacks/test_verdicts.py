"""No attack gains a point, and none makes its submission anything but graded: "our fault" would be a way out of a 0.

Whole submissions go through real sessions with hidden tests, behind the full wall.
"""

import hashlib
import os
import select
import signal
from pathlib import Path

import pytest

from grader import manifest
from grader.model import Limits, Outcome, SandboxMode, Status, Submission
from grader.sandbox.client import Sandbox
from grader.session import hidden_session

SEED = hashlib.sha256(b"a seed").hexdigest()
CALL_SECONDS = 0.3
REPOSITORY = Path(__file__).parents[2]
RIGHT = b"def double(x):\n    return x + x\ndef twice(x):\n    return double(double(x))\n"
# Values that a careless comparison takes for right, or stumbles over. They are made of nothing but themselves.
GARBAGE = {
    "nothing": "None",
    "true": "True",
    "zero": "0",
    "not a number": "float('nan')",
    "infinite": "np.float64('-inf')",
    "array of nan": "np.full((3, 4), np.nan)",
    "shape of the argument, nan": "np.full(np.shape(x), np.nan)",
    "shape of the argument, infinite": "np.full(np.shape(x), np.inf)",
    "shape of the argument, complex nan": "np.full(np.shape(x), complex('nan+nanj'))",
    "shape of the argument, huge": "np.full(np.shape(x), 1e308)",
    "shape of the argument, unsigned": "np.full(np.shape(x), 2**64 - 1, np.uint64)",
    "0-d": "np.array(np.nan)",
    "8-d": "np.full((1,) * 8, np.nan)",
    "empty": "np.empty(0)",
    "empty rows": "np.empty((0, 1))",
    "long empty axis": "np.empty((0, 1 << 20))",
    "large": "np.zeros((512, 512), np.int8)",
    "text": "'right'",
    "control characters": "'\\x1b[2J\\x07<script>' * 1000",
    "bytes": "b'x' * 5000",
    "ragged": "[[1], [1, 2]]",
    "pair of nan": "(np.nan, np.nan)",
    "three empty": "(np.empty((0, 1)),) * 3",
    "gradients of nan": "{f'{a}{b}{i}': np.full((3, 4), np.nan) for a in ('', 'd') for b in 'WbAZ' for i in range(5)}",
    "gradients of nothing": "{f'{a}{b}{i}': np.empty((0, 1)) for a in ('', 'd') for b in 'WbAZ' for i in range(5)}",
    "gradients of text": "{f'{a}{b}{i}': 'x' for a in ('', 'd') for b in 'WbAZ' for i in range(5)}",
    "odd keys": "{1: 1, 'a': 2, None: 3, (1, 2): 4, b'x': 6, float('nan'): 7}",
    "odd set": "{float('nan'), 1, 'a', None, (1, 2)}",
    "largest integer": "2**64 - 1",
}
FORGERIES = (
    *("answer_next_call", "answer_twice", "answer_too_much", "answer_as_loaded", "answer_for_itself"),
    *("claim_changed_arguments", "claim_to_have_raised", "send_progress", "send_noise", "send_nest_bomb"),
    *("ask_for_unknown_function", "ask_for_answer_by_name", "ask_for_work", "ask_for_memory", "ask_without_end"),
    *("return_always_equal", "return_text_subclass", "return_liar", "return_closed_memory", "return_object_array"),
    *("return_long_empty_axis", "return_huge_array", "return_many_items", "return_deep_list", "return_itself"),
    *("return_function", "return_huge_integer", "return_half_character"),
    *("poison_numpy", "poison_exit", "poison_argument", "replace_imports", "replace_wire", "trace_what_comes"),
    *("listen_to_everything", "die_when_collected", "catch_signals", "keep_stand_in", "describe_stand_in"),
    *("exit_at_once", "exit_as_if_locked_out", "exit_politely", "interrupt", "segfault", "abort", "close_connection"),
    *("raise_unprintable", "raise_endless_text", "raise_control_characters", "raise_named_by_input", "recurse"),
    *("raise_many_causes", "recurse_without_limit", "stop_itself", "print_verdict", "flood_raw", "hunt_objects"),
    *("spin", "catch_everything", "warn_often"),
)


ATTACK_IN_TURN = """
TARGETS = {told!r}
ATTACKS = [f for n, f in list(globals().items()) if n.partition("_")[0] in
           ("file", "secret", "process", "spawn", "net", "memory", "kernel") and n != "kernel_32_bit_call"]

def attack(*args, **kwargs):
    for _ in range(9):
        ATTACKS.append(ATTACKS.pop(0))
        try:
            ATTACKS[0](TARGETS)
        except BaseException:
            pass
    return "garbage"

"""


@pytest.fixture(scope="module")
def small_course(tmp_path_factory):
    """A course of two exercises; `twice` needs `double`, so that the reference is asked to help."""
    root = tmp_path_factory.mktemp("course")
    tests = root / "autograde_tests" / "small"
    tests.mkdir(parents=True)
    (root / "solutions" / "small").mkdir(parents=True)
    (root / "solutions" / "small" / "small.py").write_text(
        "def double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n\n\n"
        "def twice(x):\n    # BEGIN SOLUTION\n    return double(double(x))\n    # END SOLUTION\n"
    )
    (tests / "assignment.toml").write_text(
        f'title = "Small"\n[limits]\ncall_wall_seconds = {CALL_SECONDS}\nload_wall_seconds = 1.0\n'
        "output_bytes = 10000\n"
        "[exercises.double]\npoints = 4\n[exercises.twice]\npoints = 4\n"
    )
    for name in ("double", "twice"):
        (tests / f"test_{name}.py").write_text(
            "import pytest\n"
            "from grader.checks import check_close\n"
            f'pytestmark = pytest.mark.exercise("{name}")\n'
            "def test_it(student, reference, rng):\n"
            "    x = rng.normal(size=(2, 3)) + 5\n"
            f'    check_close(reference.{name}(x), student.{name}(x), name="{name}(x)")\n'
        )
    return root


@pytest.fixture(scope="module")
def sandbox(small_course):
    with Sandbox(SandboxMode.FULL, hide=(small_course,)) as started:
        yield started


@pytest.fixture(scope="module")
def session(small_course, sandbox):
    assignment = manifest.load(small_course, "small")
    with hidden_session(assignment, spawn=sandbox.spawn, mode=SandboxMode.FULL) as opened:
        yield opened


def graded(session, source, name="small"):
    submission = Submission(student="mallory", file_name=f"{name}.py", source=source, sha256="0" * 64)
    return session.grade(submission, SEED)


def score_by_exercise(result):
    return {exercise.exercise: exercise.score for exercise in result.exercises}


@pytest.mark.parametrize(("one", "other"), [*zip(FORGERIES[::2], FORGERIES[1::2], strict=True)])
def test_attacks_gain_no_point_and_stay_the_submissions_fault(session, disruptive, only, one, other):
    needed = only(disruptive, "right", "work_for", "space_for", one, other)
    source = needed + f"\ndouble = {one}\ndef twice(x):\n    {other}(x)\n    return x\n".encode()

    result = graded(session, source)

    assert (result.status, result.score) == (Status.GRADED, 0)


def test_a_stand_in_that_is_kept_helps_nobody_but_the_exercise_it_stands_before(session, disruptive):
    """The reference answers for `double` while `twice` is judged, and never for the function that it stands for."""
    source = disruptive + (
        b"\ndef double(x):\n    return _kept[-1](x) if _kept else x\n"
        b"def twice(x):\n    _kept.append(double)\n    return double(double(x))\n"
    )

    result = graded(session, source)

    assert score_by_exercise(result) == {"double": 0, "twice": 4}


def test_an_attack_while_loading_costs_no_honest_function(session, disruptive):
    source = disruptive + b"\nexit_as_if_locked_out(0)\nspin(0)\nflood_raw(0)\n" + RIGHT

    result = graded(session, source)

    assert (result.status, result.score) == (Status.GRADED, 8)
    assert len(result.notes) >= 3


def test_a_forged_report_of_loading_cannot_fill_the_record(session, disruptive):
    source = (
        disruptive.replace(b'== "Call"', b'== "Load"')
        + b"""
wire = next(m for n, m in sys.modules.items() if n.endswith("worker.wire"))
findings = [wire.Finding("syntax_error", 1, "spam")] * 20_000
os.write(3, _frame("Loaded", id=_call_id(), functions={"double": wire.FunctionInfo("defined")}, findings=findings))
"""
    )

    result = graded(session, source)

    assert (result.status, result.score) == (Status.GRADED, 0)
    assert len(result.notes) < 100


@pytest.mark.parametrize("attack", ["exit_as_if_locked_out", "poison_numpy", "replace_imports", "trace_what_comes"])
def test_the_next_submission_gets_all_of_its_points(session, disruptive, attack):
    graded(session, disruptive + f"\ndouble = twice = {attack}\n".encode())

    assert graded(session, RIGHT).score == 8


@pytest.mark.parametrize("member", range(4), ids=["monitor", "bubblewrap", "waiter", "zygote"])
def test_a_process_of_ours_that_is_killed_costs_no_points(small_course, descendants, member):
    """It is noticed, and the submission is graded once more."""
    assignment = manifest.load(small_course, "small")
    spawned = []

    def spawn(limits: Limits):
        spawned.append(sandbox.spawn(limits))
        if len(spawned) == 1:
            outermost = sandbox._zygote.process
            os.kill([outermost, *descendants(outermost)][member], signal.SIGKILL)
            select.select([spawned[0].handle], [], [], 10)  # until the worker has ended, too
        return spawned[-1]

    with (
        Sandbox(SandboxMode.FULL, hide=()) as sandbox,
        hidden_session(assignment, spawn=spawn, mode=SandboxMode.FULL) as opened,
    ):
        result = graded(opened, RIGHT)

    assert len(spawned) >= 2
    assert (result.status, result.score) == (Status.GRADED, 8)


def test_a_sandbox_that_ends_when_all_is_judged_changes_no_verdict(small_course, descendants):
    assignment = manifest.load(small_course, "small")

    def spawn(limits: Limits):
        worker = sandbox.spawn(limits)
        close = worker.close

        def close_without_zygote():
            os.kill(descendants(sandbox._zygote.process)[-2], signal.SIGKILL)
            sandbox._zygote._process.wait()
            return close()

        worker.close = close_without_zygote
        return worker

    with (
        Sandbox(SandboxMode.FULL, hide=()) as sandbox,
        hidden_session(assignment, spawn=spawn, mode=SandboxMode.FULL) as opened,
    ):
        result = graded(opened, RIGHT)

    assert (result.status, result.score) == (Status.GRADED, 8)


@pytest.fixture(scope="module", params=["activations", "deep_network"])
def real(request, sandbox):
    """An assignment of this course, with a session of all its tests."""
    assignment = manifest.load(REPOSITORY, request.param)
    with hidden_session(assignment, spawn=sandbox.spawn, mode=SandboxMode.FULL) as opened:
        yield assignment, opened


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
def test_garbage_gains_no_point_and_disturbs_no_test(real, value):
    assignment, opened = real
    source = "import numpy as np\n" + "".join(
        f"def {exercise.name}(x=None, *rest, **others):\n    return {value}\n" for exercise in assignment.exercises
    )

    result = graded(opened, source.encode(), assignment.id)

    assert (result.status, result.score) == (Status.GRADED, 0)
    assert Outcome.GRADER_ERROR not in {test.outcome for exercise in result.exercises for test in exercise.tests}


def test_a_submission_that_attacks_in_every_function_scores_nothing(real, hostile, told):
    """Every function of an assignment runs attacks, all of them in turn, and then returns garbage."""
    assignment, opened = real
    attacks = ATTACK_IN_TURN.format(told=told) + "".join(f"{e.name} = attack\n" for e in assignment.exercises)

    result = graded(opened, hostile + attacks.encode(), assignment.id)

    assert (result.status, result.score) == (Status.GRADED, 0)
