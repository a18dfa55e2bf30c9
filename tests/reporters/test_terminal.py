"""What the command line prints: plain text of 80 columns where no terminal is, and nothing that a terminal obeys."""

import importlib.util
import io
import re
from pathlib import Path

import msgspec
import pytest

from grader import records
from grader.model import ExerciseResult, Feedback, Outcome, SandboxMode, Status
from grader.reporters import terminal
from grader.reporters.plain_text import printable
from grader.sandbox.doctor import Finding, Report


def test_nothing_unprintable_reaches_the_terminal(make_record, hostile, capsys):
    terminal.print_check(make_record(hostile))
    terminal.print_class([make_record(hostile), make_record(hostile, status=Status.GRADER_ERROR)])

    printed = capsys.readouterr().out

    assert all(c.isprintable() or c == "\n" for c in printed)


def test_texts_are_printed_as_they_stand(make_record, hostile, capsys):
    terminal.print_check(make_record(hostile))

    assert "".join(printable(hostile).split()) in "".join(capsys.readouterr().out.split())


def test_lines_fit_into_eighty_columns(make_record, capsys):
    terminal.print_check(make_record("word " * 100))
    terminal.print_class([make_record("word " * 100)])

    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("printed", [terminal.print_check, lambda record: terminal.print_class([record])])
def test_no_colour_where_there_is_no_terminal(make_record, capsys, monkeypatch, printed):
    monkeypatch.delenv("NO_COLOR", raising=False)

    printed(make_record("words"))

    assert "\x1b" not in capsys.readouterr().out


def test_a_check_ends_with_the_next_thing_to_do(make_record, capsys):
    terminal.print_check(make_record("words"))

    assert capsys.readouterr().out.rstrip().endswith("Next: f")


def test_a_check_that_passes_says_that_more_is_hidden(make_record, make_test, capsys):
    right = ExerciseResult(exercise="f", tests=(make_test("", test="t", outcome=Outcome.PASSED, feedback=()),))

    terminal.print_check(make_record(student="ada", exercises=(right,)))

    assert "The hidden tests check more" in capsys.readouterr().out


def test_a_message_of_several_tests_is_printed_once(make_record, make_test, capsys):
    said = Feedback("k", "The mean is missing.", "Divide by m.")
    tests = tuple(make_test("", test=f"test_{i}", feedback=(said,)) for i in range(3))

    terminal.print_check(make_record(student="ada", exercises=(ExerciseResult(exercise="f", tests=tests),)))

    printed = capsys.readouterr().out
    assert printed.count("  The mean is missing. (3 tests)") == 1
    assert printed.count("  Try: Divide by m.") == 1


def test_rows_of_an_array_stay_below_each_other(make_record, make_test, capsys):
    said = Feedback("k", "dW should be\n[[1., 2.],\n [3., 4.]]")
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(said,)),))

    terminal.print_check(make_record(student="ada", exercises=(lost,)))

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    first = lines.index("  [[1., 2.],")
    assert lines[first + 1] == "   [3., 4.]]"


def test_a_class_is_a_line_a_student(make_record, capsys):
    broken = make_record("the zygote died", student="bert", status=Status.GRADER_ERROR)

    terminal.print_class([make_record("words", student="ada"), broken])

    printed = capsys.readouterr().out
    assert "ada" in printed
    assert "2 / 5" in printed
    assert "f, h" in printed
    assert "no score: the zygote died" in printed
    assert "2 submissions, mean 2" in printed


def test_the_doctor_prints_the_remedy_of_what_fails(capsys):
    report = Report(
        findings=(
            Finding(name="namespaces", ok=False, detail="not permitted", remedy="Allow them by sysctl."),
            Finding(name="seccomp", ok=True, detail="works", remedy="never shown"),
        ),
        mode=SandboxMode.REDUCED,
    )

    terminal.print_doctor(report)

    printed = capsys.readouterr().out
    assert "namespaces: Allow them by sysctl." in printed
    assert "never shown" not in printed
    assert "sandbox: reduced" in printed


def terminal_text(record, tmp_path, *, is_terminal):
    from rich.console import Console

    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=is_terminal, highlight=False)
    terminal.print_check(record, console, file=tmp_path / "my f.py")
    return text.getvalue()


def test_a_terminal_gets_a_link_to_the_function_and_a_file_its_place(make_result, tmp_path):
    record = records.to_record(msgspec.structs.replace(make_result("words"), file_name="f.py"))

    on_terminal, in_file = (terminal_text(record, tmp_path, is_terminal=one) for one in (True, False))

    assert f"{(tmp_path / 'my%20f.py').as_uri().replace('%25', '%')}\x1b\\" in on_terminal
    assert "f  f.py:7\n" in in_file
    assert "\x1b" not in in_file


def test_a_formula_is_one_line_of_text(make_record, capsys):
    terminal.print_check(make_record("words"))

    assert "  Formula: Z = W A_prev + b\n" in capsys.readouterr().out


def test_the_recording_in_the_documentation_is_what_a_check_prints():
    images = Path(__file__).resolve().parents[2] / "docs" / "images"
    spec = importlib.util.spec_from_file_location("record_check", images / "record_check.py")
    record_check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(record_check)

    expected, actual = record_check.recording(), (images / "check.svg").read_text(encoding="utf-8")

    # Versions of rich place the words a little differently.
    assert re.findall(r">([^<>\s][^<>]*)</text>", expected) == re.findall(r">([^<>\s][^<>]*)</text>", actual)
    assert "affine_backward" in actual
