"""The command line: what it says when it is used well, used carelessly, or cut off."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

import grader
from grader import cli, manifest
from grader.cli import main
from grader.errors import SandboxUnavailable
from grader.records import Record
from grader.release import starter
from grader.sandbox import doctor

RIGHT = """\
import numpy as np


def double(x):
    return 2 * np.asarray(x)


def add(x, y):
    return np.asarray(x) + y


def double_sum(x, y):
    return double(add(x, y))
"""
COMMANDS = sorted(cli.cli.commands)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "record.md"


def documented_keys():
    """The keys of the tables in docs/record.md: those of a record, those of a test."""
    tables = re.findall(r"\|---\|---\|---\|\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"))
    return [re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines())) for table in tables]


@pytest.fixture
def run(capsys):
    """Runs the command line in this process; gives exit code, stdout and stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def place(course, monkeypatch):
    """The course as the current folder, with one student's right submission in class/."""
    (course / "class" / "ada").mkdir(parents=True)
    (course / "class" / "ada" / "small.py").write_text(RIGHT)
    monkeypatch.chdir(course)
    return course


def one_line(err):
    """The only line of `err`, which must be ours."""
    (line,) = err.splitlines()
    assert line.startswith("grader: ")
    return line.removeprefix("grader: ")


def in_a_process(*arguments, code=None, **options):
    program = ["-m", "grader"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options
    )


GRADE = ("grade", "class", "--assignment", "small", "--out", "out", "--jobs", "1")


# what is asked for is not there


IN_SUBMISSIONS = "lies in the folder of submissions; give a folder outside of it for the results"
NO_HAND_OUT = "go to the folder of the hand-out (it holds assignment.toml and checks/), or give its path"
NO_EXAMPLES = "has no examples/class/; the demo runs in a clone of the repository of grader"


def grade_command(submissions="class", assignment="small", out="out", *more):
    return ("grade", submissions, "--assignment", assignment, "--out", out, *more)


def help_of(name):
    return f"(see `grader {name} --help`)"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (grade_command("nowhere"), "no such file or folder: {here}/nowhere"),
        (grade_command("empty"), "{here}/empty is empty; expected {here}/empty/<student>/small.py or .ipynb"),
        (grade_command("pipe"), "{here}/pipe is neither a folder nor a .py, .ipynb or .zip file"),
        (grade_command("/dev/null"), "/dev/null is neither a folder nor a .py, .ipynb or .zip file"),
        (
            grade_command("bad.zip"),
            "{here}/bad.zip is no zip file, or a damaged one: File is not a zip file; get it again",
        ),
        (grade_command(""), f"Invalid value for 'SUBMISSIONS': it is empty {help_of('grade')}"),
        (grade_command("class", "smal"), "unknown assignment smal; did you mean small?"),
        (grade_command("class", "xyz"), "unknown assignment xyz; this course has small"),
        (grade_command("class", ""), "unknown assignment of an empty name; this course has small"),
        (grade_command("class", "../small"), "unknown assignment ../small; did you mean small?"),
        (grade_command(out="class"), f"class {IN_SUBMISSIONS}"),
        (grade_command(out="class/ada/x"), f"class/ada/x {IN_SUBMISSIONS}"),
        (grade_command(out="empty/../class/x"), f"empty/../class/x {IN_SUBMISSIONS}"),
        (grade_command(out="a_file"), "a_file is a file; give a folder for the results"),
        (grade_command(out="/dev/null"), "/dev/null is a file; give a folder for the results"),
        (grade_command(out="a_file/out"), "cannot write a_file/out: Not a directory"),
        (grade_command(out=""), f"Invalid value for '--out': it is empty {help_of('grade')}"),
        (
            grade_command("class", "small", "out", "--course", "nowhere"),
            f"Invalid value for '--course': Directory 'nowhere' does not exist {help_of('grade')}",
        ),
        (
            grade_command("class", "small", "out", "--jobs", "0"),
            f"Invalid value for '--jobs': 0 is not in the range x>=1 {help_of('grade')}",
        ),
        (grade_command()[:-2], f"Missing option '--out' {help_of('grade')}"),
        ((*GRADE, "another"), f"Got unexpected extra argument (another) {help_of('grade')}"),
        (("report", "class"), "class holds no records; grade into it first"),
        (("package", "class"), "{here}/class holds no records; grade into it first"),
        (("package", "nowhere"), f"Invalid value for 'OUT': Directory 'nowhere' does not exist {help_of('package')}"),
        (("verify", "no.zip"), f"Invalid value for 'FILE.zip': File 'no.zip' does not exist {help_of('verify')}"),
        (("check", "class"), f"class: no assignment found here or above; {NO_HAND_OUT}"),
        (("build", "smal"), "unknown assignment smal; did you mean small?"),
        (("demo",), f"{{here}} {NO_EXAMPLES}"),
        (("grad",), "No such command 'grad'. Did you mean 'grade'? (see `grader --help`)"),
    ],
    ids=lambda value: " ".join(value)[-50:] if isinstance(value, tuple) else "",
)
def test_a_mistake_of_the_caller_gets_one_sentence_exit_code_2_and_leaves_no_trace(run, place, arguments, sentence):
    (place / "empty").mkdir()
    (place / "a_file").write_text("")
    (place / "bad.zip").write_bytes(b"PK")
    os.mkfifo(place / "pipe")
    before = set(place.rglob("*"))

    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert one_line(err) == sentence.format(here=place)
    assert set(place.rglob("*")) - before <= {place / ".grader-secret"}


def test_a_course_that_is_not_there_says_what_a_course_is(run, place, tmp_path):
    (tmp_path / "elsewhere").mkdir()

    code, _, err = run(*GRADE, "--course", tmp_path / "elsewhere")

    assert code == 2
    assert one_line(err).startswith(
        f"no course at {tmp_path}/elsewhere or above it: a course folder has autograde_tests/"
    )


def test_the_demo_outside_a_clone_says_where_it_runs(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, _, err = run("demo")

    assert code == 2
    assert one_line(err).startswith(f"no course at {tmp_path} or above it: ")
    assert err.endswith("; the demo runs in a clone of the repository of grader\n")


def test_a_current_folder_that_was_removed_is_told(place):
    code = "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); from grader.cli import main; main()"

    done = in_a_process("demo", code=code)

    assert done.returncode == 2
    assert one_line(done.stderr).startswith("The current folder does not exist any more; go to one that does")


def test_a_folder_that_may_not_be_written_to_is_named_with_the_way_out(place):
    (place / "locked").mkdir(mode=0o500)
    drop = (
        "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)\n"  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
        "os.execv(sys.executable, [sys.executable, '-m', 'grader', *sys.argv[1:]])"
    )

    done = in_a_process(*GRADE, "--out", "locked/out", code=drop)

    assert done.returncode == 2
    assert one_line(done.stderr) == (
        "cannot write locked/out: Permission denied; change that, or give another folder for the results"
    )


# faults of the course


TOML = "autograde_tests/small/assignment.toml: "
TESTS = "autograde_tests/small"
SOLUTION = "solutions/small/small.py"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (f"{TESTS}/assignment.toml", "points = 2", "points =", 2, f"{TOML}not valid TOML at line 7"),
        (
            *(f"{TESTS}/assignment.toml", "points = 2", 'points = "2 pts"', 2),
            f'{TOML}[exercises.double] points must be a number above 0 and at most 1000000, not "2 pts"',
        ),
        (
            *(f"{TESTS}/assignment.toml", "points = 2", "pionts = 2", 2),
            f"{TOML}[exercises.double] unknown key pionts; did you mean points?",
        ),
        (f"{TESTS}/assignment.toml", "title =", "titel =", 2, f"{TOML}unknown key titel; did you mean title?"),
        (
            *(f"{TESTS}/test_add.py", 'exercise("add")', 'exercise("ad")', 2),
            "its exercise ad is not in assignment.toml; did you mean add?",
        ),
        (f"{TESTS}/test_add.py", "import pytest", "import no_such", 3, "No module named 'no_such'"),
        (f"{TESTS}/test_add.py", "import pytest", "import pytest pytest", 3, "SyntaxError: invalid syntax"),
        (f"{TESTS}/test_add.py", "import pytest", "1 / 0", 3, "ZeroDivisionError: division by zero"),
        (f"{TESTS}/misconceptions.py", "return x - y", "return x -", 3, "misconceptions.py: SyntaxError"),
        (
            SOLUTION,
            "import numpy",
            "import nump",
            3,
            f"{SOLUTION}, line 4: ModuleNotFoundError: No module named 'nump'",
        ),
        (".grader-secret", None, "", 2, ".grader-secret is empty; delete it to get a new secret"),
    ],
)
def test_a_fault_of_the_course_is_named_with_its_place(run, place, file, old, new, code, words):
    path = place / file
    text = path.read_text() if old is not None else ""
    assert old is None or old in text
    path.write_text(new if old is None else text.replace(old, new))

    exit_code, out, err = run(*GRADE)

    assert (exit_code, out) == (code, "")
    assert err.startswith("grader: ")
    assert words in err
    assert "Traceback (most recent call last)" not in err
    assert Path(file).name in err


def test_a_fault_of_the_course_in_a_process_of_a_pool_is_told_alike(run, place):
    (place / "class" / "blaise").mkdir()
    test = place / "autograde_tests" / "small" / "test_add.py"
    test.write_text(f"import no_such\n{test.read_text()}")

    code, out, err = run(*GRADE[:-1], "2")

    assert (code, out) == (3, "")
    assert err.startswith("grader: ")
    assert "No module named 'no_such'" in err
    assert "multiprocessing" not in err


# exit codes


def test_a_class_that_was_judged_gives_0_also_when_points_were_lost(run, place):
    (place / "class" / "ada" / "small.py").write_text(RIGHT.replace("+ y", "- y"))

    code, out, err = run(*GRADE)

    assert (code, err) == (0, "")
    assert "ada       7 / 10   add" in out
    assert "1 submission, mean 7\nResults: out\n" in out


def test_a_submission_that_we_could_not_judge_gives_3_and_the_reason(run, place):
    test = place / "autograde_tests" / "small" / "test_add.py"
    test.write_text(test.read_text().replace("reference.add(x, y)", "1 / 0"))

    code, out, _ = run(*GRADE)

    assert code == 3
    assert "no score: test_add.py::test_small_example:" in out


def test_no_safe_sandbox_gives_4_and_grades_nothing(run, place, monkeypatch):
    monkeypatch.setattr("grader.sandbox.launch.find_bubblewrap", lambda: "/bin/false")

    code, out, err = run(*GRADE)

    assert (code, out) == (4, "")
    assert one_line(err).startswith("no safe sandbox on this machine: ")
    assert "--allow-reduced-sandbox" in err
    assert not (place / "out").exists()


def test_no_sandbox_at_all_gives_4_even_when_a_reduced_one_is_allowed(run, place, monkeypatch):
    def refuse(allow_reduced):
        raise SandboxUnavailable("not even a reduced sandbox works on this machine: no Landlock")

    monkeypatch.setattr(doctor, "choose_mode", refuse)

    code, _, err = run(*GRADE, "--allow-reduced-sandbox")

    assert code == 4
    assert one_line(err) == "not even a reduced sandbox works on this machine: no Landlock"


def test_a_fault_of_grader_is_one_line_with_its_place_and_exit_code_3(run, place, monkeypatch):
    monkeypatch.setattr(manifest, "load", lambda *_: {}["course"])

    code, _, err = run(*GRADE)

    assert code == 3
    assert one_line(err).startswith(
        "a fault of grader itself, please report it: KeyError: 'course' (test_cli.py, line "
    )


def test_debug_shows_the_traceback_of_a_fault_of_grader(place, monkeypatch):
    monkeypatch.setattr(manifest, "load", lambda *_: {}["course"])

    with pytest.raises(KeyError):
        main(["--debug", *GRADE])


# help and output


def test_grader_alone_shows_the_commands(run):
    code, out, err = run()

    assert (code, err) == (0, "")
    assert all(f"\n  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run, name):
    code, out, err = run(name, "--help")

    command = cli.cli.commands[name]
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: grader {name} ")
    if any(isinstance(parameter, click.Argument) for parameter in command.params):
        assert f"    grader {name} " in out  # an example
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in out
            assert parameter.help, f"{parameter.name} says nothing"


def test_help_imports_neither_numpy_nor_pytest():
    code = (
        "import sys; from grader.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'numpy', 'pytest', 'rich', 'jinja2', 'nbformat'} & set(sys.modules)), file=sys.stderr)"
    )

    done = in_a_process(code=code)

    assert done.returncode == 0
    assert done.stderr == "[]\n"


def test_version_is_that_of_the_package(run):
    assert run("--version")[:2] == (0, f"grader, version {grader.__version__}\n")


def assert_is_a_record(value):
    record_keys, test_keys, *_ = documented_keys()
    assert list(value) == record_keys
    assert json.loads(msgspec.json.encode(msgspec.convert(value, Record))) == value
    assert {tuple(exercise) for exercise in value["exercises"]} == {
        ("exercise", "score", "max_score", "raw_score", "tests", "advice")
    }
    always = tuple(key for key in test_keys if key != "pictures")  # which are there where a visible test failed
    assert {tuple(test) for exercise in value["exercises"] for test in exercise["tests"]} <= {always, tuple(test_keys)}


def test_json_of_every_command_that_has_it(run, place, tmp_path):
    assignment = manifest.load(place, "small")
    starter.build(assignment)
    with_json = {name for name, command in cli.cli.commands.items() if any(p.name == "as_json" for p in command.params)}
    found = {}

    found["grade"] = run(*GRADE, "--json")
    found["report"] = run("report", "out", "--json")
    assert run("package", "out")[:2] == (0, f"{place}/out.zip\n")
    found["verify"] = run("verify", "out.zip", "--json")
    found["diff"] = run("diff", "out", "out", "--json")
    found["doctor"] = run("doctor", "--json")
    found["check"] = run("check", "assignments/small", "--json")
    found["validate"] = run("validate", "small", "--seeds", "1", "--jobs", "1", "--json")

    assert found.keys() == with_json
    assert {err for _, _, err in found.values()} == {""}
    parsed = {name: json.loads(out) for name, (_, out, _) in found.items()}
    assert {name: code for name, (code, _, _) in found.items()} == {**dict.fromkeys(found, 0), "check": 1}
    assert parsed["grade"] == parsed["report"] == [json.loads((place / "out" / "records" / "ada.json").read_bytes())]
    assert_is_a_record(parsed["grade"][0])
    assert_is_a_record(parsed["check"])
    assert (parsed["check"]["score"], parsed["check"]["sandbox"]) == (0, "none")
    assert parsed["verify"]["is_intact"] is True
    assert parsed["doctor"]["mode"] == "full"
    assert (parsed["diff"]["is_equal"], parsed["diff"]["students"]) == (True, 1)
    other = PAGE.read_text(encoding="utf-8").partition("## Other JSON")[2]
    assert all(
        f"`{key}`" in other
        for key in (
            *(*parsed["verify"], *parsed["diff"], *parsed["doctor"], *parsed["doctor"]["findings"][0]),
            *(*parsed["validate"][0], *parsed["validate"][0]["tests"][0]),
        )
    )


def test_a_package_that_was_changed_gives_1(run, place):
    run(*GRADE)
    run("package", "out")
    shutil.copy("out.zip", "changed.zip")
    with open("changed.zip", "r+b") as file:
        file.truncate(1000)

    code, out, _ = run("verify", "changed.zip")

    assert code == 1
    assert out.startswith("changed.zip is NOT as it was packed")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_has_gone_changes_nothing(place, options):
    for i in range(30):  # more than a pipe holds
        (place / "class" / f"s{i}").mkdir()
    command = f"{sys.executable} -m grader {' '.join([*GRADE, *options])}"

    done = subprocess.run(
        ["sh", "-c", f"{{ {command}; echo code $? >&2; }} | true"], capture_output=True, text=True, timeout=60
    )

    assert done.stderr == "code 0\n"
    assert len((place / "out" / "gradebook.csv").read_text().splitlines()) == 32


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_behind_stdout_is_told(place, options):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *GRADE, *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )

    assert done.returncode == 2
    assert one_line(done.stderr) == "cannot print: No space left on device; what was written to files is complete"
    assert (place / "out" / "index.html").is_file()


def test_without_stdout_and_stderr_the_results_are_written_all_the_same(place):
    done = subprocess.run(["sh", "-c", f"exec {sys.executable} -m grader {' '.join(GRADE)} >&- 2>&-"], timeout=60)

    assert done.returncode == 0
    assert (place / "out" / "records" / "ada.json").is_file()


def test_a_terminal_without_our_signs_gets_escapes(place):
    (place / "class" / "Zoë").mkdir()

    done = in_a_process(*GRADE, env={**os.environ, "PYTHONIOENCODING": "ascii"})

    assert (done.returncode, done.stderr) == (0, "")
    assert "Zo\\xeb" in done.stdout


def test_nohup_stays_in_force(place):
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from grader import batch; from grader.cli import main\n"
        "kept = lambda: print(repr(signal.getsignal(signal.SIGHUP)), signal.getsignal(signal.SIGTERM)) or 1\n"
        "batch.available_cores = kept\n"
        "main()"
    )

    done = in_a_process(*GRADE[:-2], code=code)

    assert done.returncode == 0
    assert done.stdout.startswith("<Handlers.SIG_IGN: 1> <function _stop ")


def test_an_adjustment_is_told_with_the_new_score_and_taken_back(run, place, monkeypatch):
    monkeypatch.setenv("GRADER_USER", "prof")  # who runs the tests may have no name
    run(*GRADE)

    adjusted = run("adjust", "out", "ada", "add", "--score", "1.5", "--comment", "no docstring", "--by", "prof")
    removed = run("adjust", "out", "ada", "add", "--remove")

    assert adjusted == (0, "ada: 8.5 of 10 points\n", "")
    assert removed == (0, "ada: 10 of 10 points\n", "")


@pytest.mark.parametrize("options", [(), ("--score", "1", "--remove"), ("--comment", "x")])
def test_an_adjustment_either_sets_a_score_or_takes_one_back(run, place, options):
    code, _, err = run("adjust", "class", "ada", "add", *options)

    assert code == 2
    assert one_line(err).startswith("Give either --score POINTS with --comment TEXT, or --remove")


def test_a_roster_is_kept_and_whom_it_does_not_fit_is_told(run, place):
    (place / "roster.csv").write_text("id,name\nbob,Bob\n")

    _, with_roster, _ = run(*GRADE, "--roster", "roster.csv")
    code, _, err = run("report", "out", "--json")

    assert with_roster.endswith("Not on the roster: ada\nOn the roster and without a submission: bob\n")
    assert (code, err.splitlines()) == (0, with_roster.splitlines()[-2:])
