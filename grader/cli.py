"""The command line: each command parses, makes one call, prints, and chooses the exit code.

Everything that a command needs is imported inside it, so that `grader --help` costs no NumPy and no pytest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader import __version__

if TYPE_CHECKING:
    from grader.model import Assignment
    from grader.records import Record

_Function = TypeVar("_Function", bound=Callable[..., Any])

_INTERRUPTED = 130
_LOST_POINTS = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="grader")
@click.option("--debug", is_flag=True, help="Show the traceback of an error, too.")
def cli(debug: bool) -> None:
    """Grade deep learning written in NumPy: safely, fast, and with feedback that names the mistake."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(arguments, prog_name="grader", standalone_mode=False)
    except click.exceptions.Abort:
        _end("interrupted", _INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _end("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        sys.exit(0)  # `grader … | head`: the reader has seen enough
    except Exception as error:
        if debug:
            raise
        _explain(error)
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> None:
    """End with one sentence for an error of ours; let anything unforeseen keep its traceback."""
    from grader.errors import GraderError

    if isinstance(error, GraderError):
        _end(str(error), error.exit_code)
    if isinstance(error, OSError) and error.filename is not None:
        _end(f"{error.filename}: {error.strerror}", 2)
    raise error


def _end(message: str, code: int) -> None:
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)


def course_option(function: _Function) -> _Function:
    return click.option(
        "--course",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The course folder (holds autograde_tests/ and solutions/). Default: found upwards from here.",
    )(function)


def json_option(function: _Function) -> _Function:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(function)


def sandbox_option(function: _Function) -> _Function:
    return click.option(
        "--allow-reduced-sandbox",
        is_flag=True,
        help="Go on without user namespaces where this machine has none; every record says so.",
    )(function)


def jobs_option(function: _Function) -> _Function:
    return click.option(
        "--jobs", type=click.IntRange(min=1), help="Processes that grade side by side. Default: one for each core."
    )(function)


@cli.command()
@click.argument("path", metavar="SUBMISSIONS", type=click.Path(path_type=Path))
@click.option(
    "--assignment", "assignment_id", metavar="ID", required=True, help="What was handed in, e.g. deep_network."
)
@click.option("--out", metavar="OUT", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@jobs_option
@course_option
@sandbox_option
@json_option
def grade(
    path: Path,
    assignment_id: str,
    out: Path,
    jobs: int | None,
    course: Path | None,
    allow_reduced_sandbox: bool,
    as_json: bool,
) -> int:
    """Grade SUBMISSIONS against the hidden tests and write gradebook, records and feedback into OUT.

    SUBMISSIONS holds a folder for every student with <ID>.py or <ID>.ipynb in it; one file or a zip will do, too.
    What has not changed since the last run into OUT is not graded again.

    \b
        grader grade submissions/ --assignment deep_network --out results/
    """
    return _grade(
        path, _assignment(course, assignment_id), out, jobs=jobs, allow_reduced=allow_reduced_sandbox, as_json=as_json
    )


def _grade(
    path: Path,
    assignment: Assignment,
    out: Path,
    *,
    jobs: int | None,
    allow_reduced: bool,
    as_json: bool,
    secret: bytes | None = None,
) -> int:
    from grader import batch, classroom, submissions
    from grader.course import course_secret
    from grader.out_folder import prepare_out
    from grader.reporters import terminal
    from grader.sandbox.doctor import choose_mode

    references = submissions.find(path, assignment.id)
    mode = choose_mode(allow_reduced)
    plan = batch.Plan(assignment, secret or course_secret(assignment.root), mode)
    with prepare_out(out, submissions=path):
        with terminal.Progress(len(references), show=not as_json) as progress:
            graded = batch.grade_class(
                plan, references, out, jobs=jobs or batch.available_cores(), on_record=progress.advance
            )
        classroom.write_overview(assignment, out)
    _print_class(graded, out, as_json)
    return 3 if any(record.status != "graded" for record in graded) else 0


@cli.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--exercise", "exercises", metavar="NAME", multiple=True, help="Only this exercise; may be repeated.")
@click.option("--watch", is_flag=True, help="Check again after every save, until Ctrl-C.")
@json_option
def check(path: Path, exercises: tuple[str, ...], watch: bool, as_json: bool) -> int:
    """Check your own code with the visible tests.

    PATH is your file, or the folder that it lies in. The hidden tests of the instructor check more.

    \b
        grader check deep_network.py --exercise affine_backward
    """
    from grader import checking
    from grader.reporters import terminal

    if watch:
        return _watch(path, exercises, as_json)
    record = checking.check(path, only=exercises)
    if as_json:
        _echo_json(record)
    else:
        terminal.print_check(record)
    return 0 if record.score == record.max_score else _LOST_POINTS


def _watch(path: Path, exercises: tuple[str, ...], as_json: bool) -> int:
    """Print a verdict after every save; returns never, and Ctrl-C is the way to end."""
    from grader import watching
    from grader.errors import GraderError
    from grader.reporters import terminal

    for verdict in watching.watch(path, only=exercises):
        if isinstance(verdict, GraderError):
            click.echo(f"grader: {verdict}", err=True)
        elif as_json:
            _echo_json_line(verdict)
        else:
            click.clear()  # on a terminal only
            terminal.print_check(verdict)
            click.echo("Watching; Ctrl-C ends.")
    return 0


@cli.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@course_option
@json_option
def report(out: Path, course: Path | None, as_json: bool) -> int:
    """Write feedback pages, gradebook and index of OUT anew from its records."""
    from grader import classroom

    graded = classroom.report(out, _find_course(course))
    _print_class(graded, out, as_json)
    return 0


@cli.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to", "target", metavar="FILE.zip", type=click.Path(path_type=Path), help="Default: OUT.zip beside OUT."
)
@click.option(
    "--per-student", is_flag=True, help="Write one zip for every student, to hand back, into the folder OUT-students."
)
@click.option("--key", envvar="GRADER_KEY", help="Sign with this key (HMAC-SHA256). Also read from GRADER_KEY.")
def package(out: Path, target: Path | None, per_student: bool, key: str | None) -> int:
    """Put the results in OUT into one zip that tells later whether anything was changed.

    \b
        grader package results/
        grader verify results.zip
    """
    from grader import packaging

    for path in packaging.package(out, target, per_student=per_student, key=key):
        click.echo(path)
    return 0


@cli.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", envvar="GRADER_KEY", help="The key that it was signed with.")
@json_option
def verify(file: Path, key: str | None, as_json: bool) -> int:
    """Say whether anything in a package was changed since it was made. Exit code 1 when something was."""
    from grader import packaging

    verification = packaging.verify(file, key=key)
    if as_json:
        _echo_json(verification)
    else:
        click.echo(verification.describe())
    return 0 if verification.is_intact else _LOST_POINTS


@cli.command()
@click.argument("assignments", metavar="[ID]...", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit code 1 when something is out of date.")
@course_option
def build(assignments: tuple[str, ...], only_check: bool, course: Path | None) -> int:
    """Generate assignments/ID/ (starter code, visible tests) from solutions/ID/. Default: all assignments."""
    from grader.course import assignment_ids
    from grader.release import starter

    root = _find_course(course)
    findings = []
    for assignment_id in assignments or assignment_ids(root):
        assignment = _assignment(root, assignment_id)
        if only_check:
            findings += starter.stale_files(assignment)
        else:
            starter.build(assignment)
            click.echo(assignment.starter_folder)
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        click.echo("grader: run `grader build` and commit what it writes", err=True)
    return _LOST_POINTS if findings else 0


@cli.command()
@json_option
def doctor(as_json: bool) -> int:
    """Try out what keeps submissions in on this machine, and say what to do where something is missing."""
    from grader.reporters import terminal
    from grader.sandbox.doctor import probe

    found = probe()
    if as_json:
        _echo_json(found)
    else:
        terminal.print_doctor(found)
    return found.exit_code


@cli.command()
@click.option("--out", default="demo-results", type=click.Path(path_type=Path), help="Default: ./demo-results.")
@jobs_option
@course_option
@sandbox_option
def demo(out: Path, jobs: int | None, course: Path | None, allow_reduced_sandbox: bool) -> int:
    """Grade the small class in examples/ and say what to look at."""
    root = _find_course(course)
    # The demo is the same for everybody, so its test inputs are, too.
    code = _grade(
        root / "examples" / "class",
        _assignment(root, "deep_network"),
        out,
        jobs=jobs,
        allow_reduced=allow_reduced_sandbox,
        as_json=False,
        secret=b"demo",
    )
    click.echo(f"\nOpen {out / 'index.html'} for the class, or the feedback of one student:")
    for student in ("blaise", "ada"):
        page = out / "feedback" / f"{student}.html"
        if page.is_file():
            click.echo(f"    {page}")
    return code


def _find_course(course: Path | None) -> Path:
    from grader.course import find_course

    return find_course(course or Path.cwd())


def _assignment(course: Path | None, assignment_id: str) -> Assignment:
    from grader import manifest

    return manifest.load(_find_course(course), assignment_id)


def _print_class(graded: Sequence[Record], out: Path, as_json: bool) -> None:
    from grader.reporters import terminal

    if as_json:
        _echo_json(list(graded))
    else:
        terminal.print_class(graded)
        click.echo(f"Results: {out}")


def _echo_json_line(value: object) -> None:
    """One line for each value, for whoever reads a stream of them."""
    import msgspec

    click.echo(msgspec.json.encode(value))


def _echo_json(value: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=1))
