"""A submission's run, with workers that follow a script."""

import msgspec
import numpy as np
import pytest

from grader.errors import BudgetSpent, CallRaised, CallTimedOut, NotImplementedYet, WorkerCrashed
from grader.model import Limits, Submission
from grader.sandbox.client import WorkerBrokeProtocol, WorkerDied, WorkerFlooded, WorkerTimedOut
from grader.sandbox.exits import ExitKind, ExitStatus
from grader.sandbox.losses import WorkerRaised
from grader.sandbox.running import SubmissionRun
from grader.worker import wire

SUBMISSION = Submission(student="ada", file_name="small.py", source=b"x = 1", sha256="0" * 64)
LIMITS = Limits(call_wall_seconds=2.0, load_wall_seconds=3.0, submission_wall_seconds=10.0)
ARGUMENTS = [wire.Arguments([1])]


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class ScriptedWorker:
    """Loads after raising what `load` says, and answers calls with what `calls` yields."""

    def __init__(self, *, load=None, calls=(), functions=("f", "g"), findings=()):
        self.load_error = load
        self.calls = iter(calls)
        self.functions = functions
        self.findings = list(findings)
        self.skipped = None
        self.wall_seconds = []
        self.is_closed = False

    def load(self, file_name, source, exercises, *, skip, deadline_seconds):
        self.skipped = tuple(skip)
        if self.load_error is not None:
            raise self.load_error
        return wire.Loaded(0, {name: wire.FunctionInfo("defined") for name in self.functions}, self.findings)

    def call(self, function, batch, *, wall_seconds, replacements, counts_lines=False):
        self.wall_seconds.append(wall_seconds)
        answer = next(self.calls)
        if isinstance(answer, Exception):
            raise answer
        return [wire.Evaluation(answer) for _ in batch]

    def close(self):
        self.is_closed = True


def run_with(*workers, clock=None, exercises=("f", "g")):
    remaining = iter(workers)
    run = SubmissionRun(
        SUBMISSION, exercises, spawn=lambda limits: next(remaining), limits=LIMITS, clock=clock or Clock()
    )
    run.load()
    return run


def call(run, function="f", replacements=None):
    return run.call(function, ARGUMENTS, replacements=replacements or {}, show_text=False)[0].value


def died(**facts):
    return WorkerDied(ExitStatus(kind=ExitKind.EXITED, code=0), **facts)


def killed(**facts):
    return WorkerDied(ExitStatus(kind=ExitKind.OUT_OF_MEMORY, signal="SIGKILL"), **facts)


def test_calls_go_to_the_worker_that_loaded_the_file():
    worker = ScriptedWorker(calls=[7, 8])

    run = run_with(worker)

    assert (call(run), call(run, "g")) == (7, 8)


def test_a_missing_function_is_never_called():
    run = run_with(ScriptedWorker(functions=("g",)))

    with pytest.raises(NotImplementedYet, match="no function f"):
        call(run)


def test_a_definition_that_could_not_be_read_is_named_with_its_line():
    run = run_with(ScriptedWorker())
    run.functions["f"] = wire.FunctionInfo("missing", 7)

    with pytest.raises(NotImplementedYet, match="line 7 could not be read"):
        call(run)


@pytest.mark.parametrize(("state", "text"), [("stub", "still the stub"), ("not_callable", "line 3")])
def test_a_stub_or_another_thing_of_that_name_is_not_called(state, text):
    run = run_with(ScriptedWorker())
    run.functions["f"] = wire.FunctionInfo(state, 3)

    with pytest.raises(NotImplementedYet, match=text):
        call(run)


def test_the_next_call_after_a_crash_goes_to_a_new_worker():
    first, second = ScriptedWorker(calls=[died()]), ScriptedWorker(calls=[8])
    run = run_with(first, second)

    with pytest.raises(WorkerCrashed):
        call(run)

    assert first.is_closed
    assert call(run, "g") == 8


def test_a_function_that_hangs_is_called_twice_and_then_no_more():
    run = run_with(*(ScriptedWorker(calls=[WorkerTimedOut()]) for _ in range(2)))
    for _ in range(2):
        with pytest.raises(CallTimedOut, match="2 seconds"):
            call(run)

    with pytest.raises(CallTimedOut, match="not called again"):
        call(run)

    assert run.has_timed_out("f")
    assert not run.has_timed_out("g")


def test_a_function_that_hangs_may_still_be_called_with_help():
    run = run_with(*(ScriptedWorker(calls=[WorkerTimedOut()]) for _ in range(2)), ScriptedWorker(calls=[9]))
    for _ in range(2):
        with pytest.raises(CallTimedOut):
            call(run)

    assert call(run, replacements={"g": len}) == 9


def test_a_flood_of_output_is_named():
    run = run_with(ScriptedWorker(calls=[WorkerFlooded()]))

    with pytest.raises(WorkerCrashed, match="printed far too much"):
        call(run)


def test_bytes_that_are_no_answer_are_the_submissions_fault():
    worker = ScriptedWorker(calls=[WorkerBrokeProtocol("bad magic")])
    run = run_with(worker)

    with pytest.raises(WorkerCrashed, match="disturbed the connection"):
        call(run)

    assert worker.is_closed


def test_a_call_gets_no_more_time_than_is_left_for_the_submission():
    clock = Clock()
    worker = ScriptedWorker(calls=[1, 2])
    run = run_with(worker, clock=clock)
    call(run)
    clock.now += 9.5

    call(run)

    assert worker.wall_seconds == [2.0, 0.5]


def test_nothing_runs_after_the_submissions_time_is_used_up():
    clock = Clock()
    run = run_with(ScriptedWorker(calls=[1]), clock=clock)
    clock.now += 10.0

    with pytest.raises(BudgetSpent, match="10 seconds"):
        call(run)


def test_a_statement_that_hangs_while_loading_is_skipped_the_next_time():
    second = ScriptedWorker(calls=[7])
    run = run_with(ScriptedWorker(load=WorkerTimedOut(statement=4, line=17)), second)

    assert second.skipped == (4,)
    assert call(run) == 7
    assert run.findings[0].rationale.startswith("The statement in line 17 did not end within 3 seconds")


def test_a_file_that_hangs_before_any_statement_is_named_as_a_whole():
    run = run_with(ScriptedWorker(load=WorkerTimedOut()))

    assert run.findings[0].rationale.startswith("The file did not end within 3 seconds")


def test_statements_that_end_the_process_are_skipped_one_by_one():
    third = ScriptedWorker()
    run_with(ScriptedWorker(load=died(statement=1, line=1)), ScriptedWorker(load=died(statement=5, line=9)), third)

    assert third.skipped == (1, 5)


def test_a_file_that_keeps_killing_its_process_is_given_up():
    run = run_with(*(ScriptedWorker(load=died(statement=n, line=n)) for n in range(4)))

    assert run.findings[-1].key == "load_gave_up"
    with pytest.raises(NotImplementedYet):
        call(run)


def test_a_worker_that_the_kernel_kills_before_any_statement_is_replaced_once():
    second = ScriptedWorker(calls=[7])
    run = run_with(ScriptedWorker(load=killed()), second)

    assert run.findings == []
    assert call(run) == 7


def test_a_file_under_which_two_workers_are_killed_is_named_as_a_whole():
    run = run_with(ScriptedWorker(load=killed()), ScriptedWorker(load=killed()))

    assert [finding.key for finding in run.findings] == ["load_statement_crashed", "load_gave_up"]


def test_a_statement_under_which_the_kernel_kills_the_worker_is_skipped():
    second = ScriptedWorker()
    run_with(ScriptedWorker(load=killed(statement=3, line=8)), second)

    assert second.skipped == (3,)


def test_a_worker_that_the_kernel_kills_while_it_replaces_a_lost_one_is_replaced_too():
    run = run_with(ScriptedWorker(calls=[died()]), ScriptedWorker(load=killed()), ScriptedWorker(calls=[7]))
    with pytest.raises(WorkerCrashed):
        call(run)

    assert call(run) == 7


def test_a_worker_that_replaces_a_lost_one_skips_the_same_statements():
    third = ScriptedWorker(calls=[1])
    run = run_with(ScriptedWorker(load=died(statement=2, line=3)), ScriptedWorker(calls=[died()]), third)
    with pytest.raises(WorkerCrashed):
        call(run)

    call(run)

    assert third.skipped == (2,)


def test_what_loading_found_is_told_in_words():
    run = run_with(ScriptedWorker(findings=[wire.Finding("stand_in_module", 2, "matplotlib")]))

    assert "matplotlib" in run.findings[0].rationale


def test_closing_ends_the_worker():
    worker = ScriptedWorker()

    with run_with(worker):
        pass

    assert worker.is_closed


SOURCE = b"def f(x):\n    # nothing yet\n\n    return x\n"


@pytest.mark.parametrize(
    ("lines", "shown"), [((1, 4), 4), ((1, 7193), 1), ((4, 2), 4), ((4, 3), 4), ((4, 0), 4), ((7193,), None)]
)
def test_a_frame_in_a_line_without_code_is_no_line_of_the_submission(lines, shown):
    frames = [wire.Frame(line, "f", "7193.25") for line in lines]
    worker = ScriptedWorker(calls=[WorkerRaised(wire.Raised(0, 0, "ValueError", "", frames))])
    submission = msgspec.structs.replace(SUBMISSION, source=SOURCE)
    run = SubmissionRun(submission, ["f"], spawn=lambda limits: worker, limits=LIMITS, clock=Clock())
    run.load()

    with pytest.raises(CallRaised) as caught:
        call(run)

    assert caught.value.line == shown
    assert "7193" not in str(caught.value)


def test_a_hidden_test_repeats_words_of_the_file_and_sizes_of_the_arguments():
    texts = [
        "name 'xs' is not defined",
        "name 'x' is not defined",
        "cannot reshape array of size 12 into shape (71,93)",
    ]
    worker = ScriptedWorker(calls=[WorkerRaised(wire.Raised(0, 0, "E", text)) for text in texts])
    submission = msgspec.structs.replace(SUBMISSION, source=SOURCE)
    run = SubmissionRun(submission, ["f"], spawn=lambda limits: worker, limits=LIMITS, clock=Clock())
    run.load()
    shown = []
    for _ in texts:
        with pytest.raises(CallRaised) as caught:
            run.call("f", [wire.Arguments([np.ones((3, 4))])], replacements={}, show_text=False)
        shown.append(str(caught.value).partition(": ")[2])

    assert shown == [
        "an exception: name '…' is not defined",
        "an exception: name 'x' is not defined",
        "an exception: cannot reshape array of size 12 into shape (…,…)",
    ]
