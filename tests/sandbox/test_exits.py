import pytest

from grader.sandbox.exits import ExitKind, classify
from grader.worker.control import LOCKDOWN_FAILED, Exited


def kind(code, *, was_killed=False, cpu_seconds=0.1):
    exited = Exited(1, code, cpu_seconds, 1 << 20)
    return classify(exited, was_killed=was_killed, cpu_limit_seconds=10).kind


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        (-9, {"was_killed": True}, ExitKind.KILLED),
        (-9, {"was_killed": True, "cpu_seconds": 11.0}, ExitKind.KILLED),
        (-9, {"cpu_seconds": 10.2}, ExitKind.CPU_LIMIT),
        (-24, {"cpu_seconds": 10.2}, ExitKind.CPU_LIMIT),
        (-9, {}, ExitKind.OUT_OF_MEMORY),
        (-11, {}, ExitKind.SIGNALED),
        (-11, {"was_killed": True}, ExitKind.SIGNALED),
        (0, {}, ExitKind.EXITED),
        (3, {}, ExitKind.EXITED),
        (LOCKDOWN_FAILED, {}, ExitKind.LOCKDOWN_FAILED),
    ],
)
def test_the_most_important_reason_wins(code, facts, expected):
    assert kind(code, **facts) is expected


def test_signals_have_names_and_codes_numbers():
    by_signal = classify(Exited(1, -11, 0.0, 0), was_killed=False, cpu_limit_seconds=10)
    by_exit = classify(Exited(1, 3, 0.0, 0), was_killed=False, cpu_limit_seconds=10)

    assert (by_signal.signal, by_signal.code) == ("SIGSEGV", -1)
    assert (by_exit.signal, by_exit.code) == ("", 3)
