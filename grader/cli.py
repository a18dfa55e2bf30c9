"""The command line: each command parses, makes one call, prints, and chooses the exit code.

Everything that a command needs is imported inside it, so that `grader --help` costs no NumPy and no pytest.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from grader import __version__

if TYPE_CHECKING:
    from grader.model import Assignment
    from grader.records import Record

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LOST_POINTS = 1
_USED_WRONGLY = 2
_OUR_FAULT = 3
_INTERRUPTED = 130
_SIGNAL = 128  # a shell's exit code of a program that ended by signal 15 is 128 + 15


class _Ended(BaseException):
    """SIGTERM or SIGHUP has come."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Filled(click.Path):
    """A path that is not the empty text, which a shell makes of a variable that is not set: it would mean `.`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("it is empty.", param, ctx)
        return super().convert(value, param, ctx)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="grader")
@click.option("--debug", is_flag=True, help="Show the traceback of an error, too: grader --debug COMMAND.")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Grade deep learning written in NumPy: safely, fast, and with feedback that names the mistake."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        return
    try:
        os.getcwd()
    except OSError as error:
        raise click.UsageError("The current folder does not exist any more; go to one that does.") from error


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)
    _accept_any_output()
    try:
        with _orderly_end():
            code = cli.main(arguments, prog_name="grader", standalone_mode=False)
    except (KeyboardInterrupt, click.exceptions.Abort):
        _end("interrupted", _INTERRUPTED)
    except _Ended as ended:
        _end(f"ended by {signal.Signals(ended.number).name}", _SIGNAL + ended.number)
    except click.ClickException as error:
        _end(_one_line(error), error.exit_code)
    except Exception as error:
        if debug:
            raise
        _explain(error)
    sys.exit(code if isinstance(code, int) else 0)


def _accept_any_output() -> None:
    """Print whatever the terminal, pipe or file is: closed, or with an encoding that lacks our signs."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 — for as long as we run
            # Else 1 and 2 would be free in the processes of a pool, and the next file there would get their output.
            os.set_inheritable(getattr(sys, name).fileno(), True)
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, by an exception: finished records stay, processes go."""
    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        # What our caller chose to ignore (nohup, a shell's background) stays ignored.
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            before[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # a second Ctrl-C must not break off the cleaning up
    raise KeyboardInterrupt if number == signal.SIGINT else _Ended(number)


def _one_line(error: click.ClickException) -> str:
    message = error.format_message().removesuffix(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return message if context is None else f"{message} (see `{context.command_path} --help`)"


def _explain(error: Exception) -> NoReturn:
    """End with one sentence."""
    import traceback

    from grader.errors import GraderError

    if isinstance(error, GraderError):
        _end(str(error), error.exit_code)
    if isinstance(error, OSError) and error.filename is not None:
        _end(f"{os.fsdecode(error.filename)}: {error.strerror}", _USED_WRONGLY)
    place = traceback.extract_tb(error.__traceback__)[-1]
    _end(
        f"a fault of grader itself, please report it: {type(error).__name__}: {error} "
        f"({Path(place.filename).name}, line {place.lineno}; `grader --debug COMMAND` shows more)",
        _OUR_FAULT,
    )


def _end(message: str, code: int) -> NoReturn:
    click.echo(f"grader: {message}", err=True)
    sys.exit(code)


@contextmanager
def _printing() -> Iterator[None]:
    """Around whatever prints. A reader that has gone (`grader … | head`) changes nothing, the exit code included."""
    from grader.errors import UsageError

    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"cannot print: {error.strerror}; what was written to files is complete") from error


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


def roster_option(function: _Function) -> _Function:
    return click.option(
        "--roster",
        metavar="FILE.csv",
        type=_Filled(exists=True, dir_okay=False, path_type=Path),
        help="Who is in the class: id, name, email, section, due, accounts. Kept in OUT, so needed once only.",
    )(function)


def jobs_option(function: _Function) -> _Function:
    return click.option(
        "--jobs", type=click.IntRange(min=1), help="Processes that grade side by side. Default: one for each core."
    )(function)


def _dask_address(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The scheduler's address in `dask:ADDRESS`."""
    if value is None:
        return None
    kind, _, address = value.partition(":")
    if kind != "dask" or not all(address.partition("://")):
        raise click.BadParameter(f"{value!r} is not dask:ADDRESS, for example dask:tcp://127.0.0.1:8786")
    return address


@cli.command()
@click.argument("path", metavar="SUBMISSIONS", type=_Filled(path_type=Path))
@click.option(
    "--assignment", "assignment_id", metavar="ID", required=True, help="What was handed in, e.g. deep_network."
)
@click.option("--out", metavar="OUT", required=True, type=_Filled(path_type=Path), help="Folder for the results.")
@jobs_option
@click.option(
    "--executor",
    metavar="dask:ADDRESS",
    callback=_dask_address,
    help="Grade on the workers of a Dask cluster, e.g. dask:tcp://HOST:8786, in place of --jobs.",
)
@click.option("--keep-best", is_flag=True, help="Leave an earlier result in OUT alone where the new score is lower.")
@roster_option
@course_option
@sandbox_option
@json_option
def grade(
    path: Path,
    assignment_id: str,
    out: Path,
    jobs: int | None,
    executor: str | None,
    keep_best: bool,
    roster: Path | None,
    course: Path | None,
    allow_reduced_sandbox: bool,
    as_json: bool,
) -> int:
    """Grade SUBMISSIONS against the hidden tests and write gradebook, records and feedback into OUT.

    SUBMISSIONS holds a folder for every student with <ID>.py or <ID>.ipynb in it; one file, a zip, and what Canvas,
    Moodle and Gradescope give as the download of all submissions will do, too.
    What has not changed since the last run into OUT is not graded again.

    \b
        grader grade submissions/ --assignment deep_network --out results/
    """
    if executor is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine and --executor for a cluster; give one of them.")
    return _grade(
        path,
        _assignment(course, assignment_id),
        out,
        jobs=jobs,
        executor=executor,
        keep_best=keep_best,
        roster_file=roster,
        allow_reduced=allow_reduced_sandbox,
        as_json=as_json,
    )


def _grade(
    path: Path,
    assignment: Assignment,
    out: Path,
    *,
    jobs: int | None,
    allow_reduced: bool,
    as_json: bool,
    executor: str | None = None,
    keep_best: bool = False,
    roster_file: Path | None = None,
    secret: bytes | None = None,
) -> int:
    from grader import batch, classroom, roster, submissions
    from grader.course import course_secret
    from grader.out_folder import prepare_out
    from grader.reporters import terminal

    references = submissions.find(path, assignment.id)
    if roster_file is not None:
        roster.read(roster_file)  # before anything is made in OUT
    with batch.open_place(
        assignment, jobs=jobs or batch.available_cores(), dask=executor, allow_reduced=allow_reduced
    ) as place:
        plan = batch.Plan(assignment, secret or course_secret(assignment.root), place.mode, keep_best=keep_best)
        with prepare_out(out, submissions=path):
            if roster_file is not None:
                classroom.store_roster(assignment, out, roster_file)
            with terminal.Progress(len(references), show=not as_json) as progress:
                graded = batch.grade_class(
                    plan, references, out, jobs=place.jobs, cluster=place.cluster, on_record=progress.advance
                )
            classroom.write_overview(assignment, out)
    _print_class(graded, out, as_json)
    _echo_notes(classroom.notes(assignment, out), as_json)
    return _OUR_FAULT if progress.failed else 0


@cli.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--exercise", "exercises", metavar="NAME", multiple=True, help="Only this exercise; may be repeated.")
@click.option("--watch", is_flag=True, help="Check again after every save, until Ctrl-C.")
@click.option("--junit", metavar="FILE", type=_Filled(path_type=Path), help="Write JUnit XML, for CI systems, too.")
@click.option(
    "--github", is_flag=True, help="In a workflow of GitHub: annotations, a job summary, outputs of the step."
)
@json_option
def check(path: Path, exercises: tuple[str, ...], watch: bool, junit: Path | None, github: bool, as_json: bool) -> int:
    """Check your own code with the visible tests.

    PATH is your file, or the folder that it lies in. The hidden tests of the instructor check more.

    \b
        grader check deep_network.py --exercise affine_backward
    """
    from grader import checking
    from grader.reporters import terminal

    if watch and (github or junit is not None):
        raise click.UsageError("--watch goes on for ever, and --github and --junit are for one check.")
    if as_json and github:
        raise click.UsageError("--json and --github are two outputs; give one of them.")
    if watch:
        return _watch(path, exercises, as_json)
    record = checking.check(path, only=exercises)
    if junit is not None:
        _write_junit(record, path, junit)
    if as_json:
        _echo_json(record)
    elif github:
        _show_on_github(record, path)
    else:
        with _printing():
            terminal.print_check(record, file=_checked_file(path, record))
    return 0 if record.score == record.max_score else _LOST_POINTS


def _write_junit(record: Record, path: Path, target: Path) -> None:
    from grader import checking, out_folder
    from grader.reporters import junit

    text = junit.render(record, title=checking.title_of(_checked_file(path, record)))
    out_folder.write_atomically(target, text.encode())


def _show_on_github(record: Record, path: Path) -> None:
    """What a submission can influence is printed where no command is obeyed, or escaped."""
    from grader import checking
    from grader.reporters import github, terminal

    file = _checked_file(path, record)
    before, after = github.fence()
    _echo(before)
    with _printing():
        terminal.print_check(record, file=file)
    _echo(f"\n{after}")
    place = github.place_of(file, Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()))
    for line in github.annotate(record, place):
        _echo(line)
    github.append_to_files(record, title=checking.title_of(file), environment=os.environ)


def _checked_file(path: Path, record: Record) -> Path:
    """The file that `record` is about, where `path` is that file or its folder."""
    return path / record.submission.file if path.is_dir() else path


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
            terminal.print_check(verdict, file=_checked_file(path, verdict))
            click.echo("Watching; Ctrl-C ends.")
    return 0


@cli.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--reporter",
    "reporters",
    metavar="NAME",
    multiple=True,
    help="Write what this reporter makes of every record, for example junit, into OUT/feedback/; may be repeated.",
)
@click.option(
    "--dashboard", is_flag=True, help="Put interactive charts into index.html, too; needs the extra grader[dashboard]."
)
@roster_option
@course_option
@json_option
def report(
    out: Path,
    reporters: tuple[str, ...],
    dashboard: bool,
    roster: Path | None,
    course: Path | None,
    as_json: bool,
) -> int:
    """Write feedback pages, gradebook and index of OUT anew from its records.

    \b
        grader report results/
        grader report results/ --reporter junit
    """
    from grader import classroom

    if reporters:
        if dashboard:
            raise click.UsageError("--dashboard is for index.html, and --reporter leaves that alone; give one of them.")
        if as_json:
            raise click.UsageError("--json prints the records, and --reporter writes files; give one of them.")
        for path in classroom.report_with(reporters, out, _find_course(course), roster_file=roster):
            _echo(path)
        return 0
    root = _find_course(course)
    graded = classroom.report(out, root, roster_file=roster, is_interactive=dashboard)
    _print_class(graded, out, as_json)
    _echo_notes(classroom.notes(_assignment(root, graded[0].assignment), out), as_json)
    return 0


@cli.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("student")
@click.argument("exercise")
@click.option("--score", metavar="POINTS", help="The points that count for this exercise, at most all of its points.")
@click.option("--comment", metavar="TEXT", help="Why; the student reads it.")
@click.option("--by", metavar="NAME", help="Who decides. Default: $GRADER_USER, else the name of this user.")
@click.option("--remove", is_flag=True, help="Take the adjustment back, so that the tests' score counts again.")
@course_option
def adjust(
    out: Path,
    student: str,
    exercise: str,
    score: str | None,
    comment: str | None,
    by: str | None,
    remove: bool,
    course: Path | None,
) -> int:
    """Set the score of an EXERCISE of one STUDENT by hand, kept through every later run into OUT.

    \b
        grader adjust results/ ada affine_backward --score 4 --comment "the idea is right"
        grader adjust results/ ada affine_backward --remove
    """
    from grader import adjustments, classroom

    if remove == (score is not None):
        raise click.UsageError("Give either --score POINTS with --comment TEXT, or --remove.")
    record = classroom.adjust(
        out,
        _find_course(course),
        student,
        exercise,
        score=score,
        comment=adjustments.comment_from(comment, is_required=not remove),
        by=adjustments.who(by),
    )
    _echo(f"{record.student}: {'no score yet' if record.score is None else record.score} of {record.max_score} points")
    return 0


class _Exports(click.Group):
    """The formats that are installed, each a command; one is imported only when it is used."""

    def list_commands(self, context: click.Context) -> list[str]:
        from grader.plugins import EXPORTERS

        return EXPORTERS.names()

    def get_command(self, context: click.Context, name: str) -> click.Command:
        from grader.errors import GraderError, UsageError
        from grader.plugins import EXPORTERS, blaming

        try:
            exporter = EXPORTERS.load(name)
        except UsageError:
            raise
        except GraderError as error:
            return _unusable(name, error)

        def write(out: Path, **values: Any) -> int:
            with blaming(f"the exporter {name}"):
                lines = exporter.write(out, values)
            for line in lines:
                _echo(line)
            return 0

        argument = click.Argument(
            ["out"], metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
        )
        options = [
            click.Option(
                [f"--{option.name}", option.name.replace("-", "_")],
                metavar=option.metavar,
                help=option.help,
                required=option.is_required,
                type=_Filled(path_type=Path) if option.is_path else str,
            )
            for option in exporter.options
        ]
        return click.Command(
            name, params=[argument, *options], callback=write, help=exporter.summary, short_help=exporter.summary
        )


def _unusable(name: str, error: Exception) -> click.Command:
    """A format that is listed, since it is installed, and says why it does not work."""

    def explain(**values: Any) -> NoReturn:
        raise error

    return click.Command(
        name,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        callback=explain,
        context_settings={"ignore_unknown_options": True},
        help=f"Cannot be used: {error}.",
        short_help=f"Cannot be used: {error}.",
    )


@cli.group(cls=_Exports, subcommand_metavar="FORMAT OUT [OPTIONS]")
def export() -> None:
    """Write the results in OUT for another system.

    \b
        grader export canvas results/ --from canvas-export.csv --to import.csv
    """


@cli.command()
@click.argument("out_a", metavar="OUT_A", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out_b", metavar="OUT_B", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@json_option
def diff(out_a: Path, out_b: Path, as_csv: bool, as_json: bool) -> int:
    """Say who gained or lost from OUT_A to OUT_B, in which exercise and why. Exit code 1 when anything differs.

    \b
        grader diff results-before/ results-after/
    """
    from grader import comparing
    from grader.reporters import terminal

    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two formats; give one of them.")
    found = comparing.compare(out_a, out_b)
    if as_json:
        _echo_json(found)
    elif as_csv:
        with _printing():
            click.echo(comparing.to_csv(found), nl=False)
    else:
        with _printing():
            terminal.print_diff(found)
    return 0 if found.is_equal else _LOST_POINTS


@cli.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "target", metavar="FILE.zip", type=_Filled(path_type=Path), help="Default: OUT.zip beside OUT.")
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
        _echo(path)
    return 0


@cli.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", envvar="GRADER_KEY", help="The key that it was signed with.")
@json_option
def verify(file: Path, key: str | None, as_json: bool) -> int:
    """Say whether anything in a package was changed since it was made. Exit code 1 when something was.

    \b
        grader verify results.zip
    """
    from grader import packaging

    verification = packaging.verify(file, key=key)
    if as_json:
        _echo_json(verification)
    else:
        _echo(verification.describe())
    return 0 if verification.is_intact else _LOST_POINTS


@cli.command()
@click.argument("assignments", metavar="[ID]...", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit code 1 when something is out of date.")
@course_option
def build(assignments: tuple[str, ...], only_check: bool, course: Path | None) -> int:
    """Generate assignments/ID/ (starter code, visible tests) from solutions/ID/. Default: all assignments.

    \b
        grader build deep_network
        grader build --check
    """
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
            _echo(assignment.starter_folder)
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        click.echo("grader: run `grader build` and commit what it writes", err=True)
    return _LOST_POINTS if findings else 0


@cli.command()
@click.argument("assignments", metavar="ID...", nargs=-1, required=True)
@click.option("--out", metavar="DIR", type=_Filled(path_type=Path), help="Folder for the hand-outs.")
@click.option(
    "--gradescope",
    metavar="FILE.zip",
    type=_Filled(path_type=Path),
    help="Write an autograder for Gradescope, with the hidden tests: yours alone.",
)
@click.option(
    "--nbgrader",
    metavar="DIR",
    type=_Filled(path_type=Path),
    help="Add to an nbgrader course: source/ID/ with the solution, and release/ID/.",
)
@course_option
def release(
    assignments: tuple[str, ...], out: Path | None, gradescope: Path | None, nbgrader: Path | None, course: Path | None
) -> int:
    """Write what learners get into DIR/ID/ and DIR/ID.zip, and prove that it holds no solution and no hidden test.

    \b
        grader release deep_network --out hand-out/
        grader release deep_network --gradescope autograder.zip
        grader release deep_network --nbgrader nbgrader-course/
    """
    from grader.release import gradescope as autograder
    from grader.release import hand_out, nbgrader_course

    if out is None and gradescope is None and nbgrader is None:
        raise click.UsageError("Missing option '--out' (or '--gradescope', '--nbgrader').")
    if gradescope is not None and len(assignments) != 1:
        raise click.UsageError("--gradescope writes the autograder of one assignment; give one ID.")
    for assignment in [_assignment(course, assignment_id) for assignment_id in assignments]:
        for path in hand_out.release(assignment, out) if out is not None else ():
            _echo(path)
        if gradescope is not None:
            _echo(autograder.release(assignment, gradescope))
        for path in nbgrader_course.release(assignment, nbgrader) if nbgrader is not None else ():
            _echo(path)
    return 0


@cli.command()
@click.argument("assignments", metavar="[ID]...", nargs=-1)
@click.option("--seeds", default=200, type=click.IntRange(min=1), help="Sets of inputs for right code. Default: 200.")
@click.option(
    "--perturbations", default=40, type=click.IntRange(min=0), help="Perturbed answers an exercise. Default: 40."
)
@jobs_option
@course_option
@json_option
@click.option("--markdown", "as_markdown", is_flag=True, help="Print tables in Markdown, with what was confused.")
def validate(
    assignments: tuple[str, ...],
    seeds: int,
    perturbations: int,
    jobs: int | None,
    course: Path | None,
    as_json: bool,
    as_markdown: bool,
) -> int:
    """Prove the tests: right code passes, the starter gets nothing, known mistakes are named, mutants are killed.

    Right are the reference and the files in tests/data/variants/ID/. Answers that are perturbed at random must not get
    the name of a known mistake. Exit code 1 when something falls short.

    \b
        grader validate deep_network --seeds 20
    """
    from grader.batch import available_cores
    from grader.course import assignment_ids, require_assignment
    from grader.reporters import terminal
    from grader.reporters.validation_markdown import validation_markdown
    from grader.validation import validating

    if as_json and as_markdown:
        raise click.UsageError("--json and --markdown cannot be combined; give one of them.")
    root = _find_course(course)
    for assignment_id in assignments:
        require_assignment(root, assignment_id)
    with terminal.Steps("proving", show=not as_json and not as_markdown) as steps:
        found = validating.validate(
            root,
            assignments or assignment_ids(root),
            seeds=seeds,
            perturbations=perturbations,
            jobs=jobs or available_cores(),
            on_done=steps.advance,
        )
    if as_json:
        _echo_json(found)
    elif as_markdown:
        _echo(validation_markdown(found))
    else:
        terminal.print_validation(found)
    return 0 if all(one.is_proven for one in found) else _LOST_POINTS


@cli.command()
@click.argument("assignment_id", metavar="ID")
@click.option(
    "--course",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The course folder, or an empty one that is to become one. Default: found upwards from here.",
)
def new(assignment_id: str, course: Path | None) -> int:
    """Write the files of a new assignment, with one small exercise to be replaced by your own.

    \b
        grader new week_3
        grader build week_3
    """
    from grader.release import scaffold

    for path in scaffold.scaffold(course or _find_course(None), assignment_id):
        _echo(path)
    return 0


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
        with _printing():
            terminal.print_doctor(found)
    return found.exit_code


@cli.command()
@click.option("--out", default="demo-results", type=_Filled(path_type=Path), help="Default: ./demo-results.")
@jobs_option
@course_option
@sandbox_option
def demo(out: Path, jobs: int | None, course: Path | None, allow_reduced_sandbox: bool) -> int:
    """Grade the small class in examples/ of a clone of grader, and say what to look at."""
    from grader.errors import UsageError

    where = "the demo runs in a clone of the repository of grader"
    try:
        root = _find_course(course)
    except UsageError as error:
        raise UsageError(f"{error}; {where}") from error
    if not (root / "examples" / "class").is_dir():
        raise UsageError(f"{root} has no examples/class/; {where}")
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
    _echo(f"\nOpen {out / 'index.html'} for the class, or the feedback of one student:")
    for student in ("blaise", "ada"):
        page = out / "feedback" / f"{student}.html"
        if page.is_file():
            _echo(f"    {page}")
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
        with _printing():
            terminal.print_class(graded)
        _echo(f"Results: {out}")


def _echo_notes(notes: Sequence[str], as_json: bool) -> None:
    """Lines below the table, or beside the JSON."""
    for note in notes:
        with _printing():
            click.echo(note, err=as_json)


def _echo(value: object) -> None:
    with _printing():
        click.echo(value)


def _echo_json_line(value: object) -> None:
    """One line for each value, for whoever reads a stream of them."""
    import msgspec

    click.echo(msgspec.json.encode(value))


def _echo_json(value: object) -> None:
    import msgspec

    _echo(msgspec.json.format(msgspec.json.encode(value), indent=1))
