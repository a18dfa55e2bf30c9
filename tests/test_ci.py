"""The action and the workflows for CI systems: valid YAML, commands and options that exist, scripts that run."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader import cli, manifest
from grader.release import starter

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / ".github" / "actions" / "check" / "action.yml"
EXAMPLES = ROOT / "examples" / "ci"
FILES = [ACTION, *sorted(EXAMPLES.glob("*.yml"))]
OUTPUTS = {"score", "max_score", "result"}
RIGHT = "import numpy as np\ndef double(x): return 2 * np.asarray(x)\ndef add(x, y): return np.asarray(x) + y\n"
WRONG = RIGHT.replace("+ y", "- y")


def name(path):
    return str(path.relative_to(ROOT))


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def walk(value):
    """All mappings in `value`, itself included."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def scripts(document):
    """The texts that a shell runs."""
    for mapping in walk(document):
        if isinstance(mapping.get("run"), str):
            yield mapping["run"]
        for key in ("script", "before_script"):
            yield from mapping.get(key, ())


def calls(text):
    """The calls of grader in a shell script, as words."""
    for line in text.splitlines():
        if line.strip().startswith("grader "):
            yield shlex.split(line)


def steps(document):
    return {mapping["id"]: mapping for mapping in walk(document) if "id" in mapping and "run" in mapping}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_commands_and_options_exist(path):
    found = [words for text in scripts(load(path)) for words in calls(text)]

    for words in found:
        command = cli.cli.commands[words[1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if re.match(r"--\w", word)} <= known
    assert found or "uses: YOUR-ORGANISATION" in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_expression_stands_in_a_script_where_its_value_would_be_run(path):
    assert [text for text in scripts(load(path)) if "${{" in text] == []


@pytest.mark.parametrize("path", [path for path in FILES if "github" in path.name], ids=name)
def test_workflows_ask_for_no_right_to_write_code_and_end_by_themselves(path):
    document = load(path)

    assert document["permissions"]["contents"] == "read"
    assert all(job["timeout-minutes"] <= 60 for job in document["jobs"].values())


@pytest.mark.parametrize("path", FILES, ids=name)
def test_outputs_that_are_used_are_those_that_are_written(path):
    text = path.read_text()

    used = re.findall(r"steps\.(\w+)\.outputs\.(\w+)", text)

    assert {step for step, _ in used} <= steps(load(path)).keys()
    assert {output for _, output in used} <= OUTPUTS


def test_the_action_declares_what_it_uses_and_uses_what_it_declares():
    document = load(ACTION)

    assert document["outputs"].keys() == OUTPUTS
    assert set(re.findall(r"inputs\.([\w-]+)", ACTION.read_text())) == document["inputs"].keys()
    assert document["runs"]["using"] == "composite"
    assert all("shell" in step for step in document["runs"]["steps"] if "run" in step)


def test_the_workflow_of_a_learner_gives_the_action_inputs_that_it_has():
    (step,) = [m for m in walk(load(EXAMPLES / "github-learner.yml")) if ".github/actions/" in m.get("uses", "")]

    place = re.fullmatch(r"YOUR-ORGANISATION/grader/(.*)@main", step["uses"])[1]
    assert (ROOT / place / "action.yml").is_file()
    assert step["with"].keys() <= load(ACTION)["inputs"].keys()


def test_the_reporter_of_classroom_finds_the_result():
    document = load(EXAMPLES / "github-classroom.yml")
    (report,) = [m for m in walk(document) if "autograding-grading-reporter" in str(m.get("uses"))]

    # These names are fixed by the reporter: <RUNNER>_RESULTS for each runner, and those of workflow and job.
    assert {f"{runner.upper()}_RESULTS" for runner in report["with"]["runners"].split(",")} == report["env"].keys()
    assert (document["name"], list(document["jobs"])) == ("Autograding Tests", ["run-autograding-tests"])
    assert steps(document)["check"]["continue-on-error"] is True


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--watch", "--github"], "--watch goes on for ever"),
        (["--watch", "--junit", "a.xml"], "--watch goes on for ever"),
        (["--json", "--github"], "--json and --github are two outputs"),
        (["--junit", ""], "Invalid value for '--junit': it is empty"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", *options])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.fixture
def repository(course, tmp_path):
    """A learner's repository with the hand-out of `small` where the workflows look for it."""
    assignment = manifest.load(course, "small")
    starter.build(assignment)
    assignment.starter_folder.rename(tmp_path / "deep_network")
    return tmp_path


@pytest.fixture
def run(repository):
    """Runs a script as a step does; gives exit code, stdout and the outputs of the step."""

    def run(script, **variables):
        output = repository / "output"
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=repository,
            env={
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_WORKSPACE": str(repository),
                "GITHUB_OUTPUT": str(output),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, dict(line.split("=", 1) for line in output.read_text().splitlines())

    return run


@pytest.mark.parametrize(("program", "code", "score"), [(RIGHT, 0, "1.5"), (WRONG, 1, "0.5")])
def test_the_step_of_the_classroom_gives_points_for_each_exercise(run, repository, program, code, score):
    (repository / "deep_network" / "small.py").write_text(program)

    found, _, outputs = run(steps(load(EXAMPLES / "github-classroom.yml"))["check"]["run"])

    result = json.loads(base64.b64decode(outputs["result"]))
    assert (found, outputs["score"]) == (code, score)
    assert sum(test["score"] for test in result["tests"]) == float(score)


def test_the_step_of_the_action_takes_its_inputs_whatever_is_in_them(run, repository):
    (repository / "deep_network" / "small.py").write_text(WRONG)
    (repository / "deep_network").rename(repository / "-a $(touch owned)")
    script = steps(load(ACTION))["check"]["run"]

    code, out, outputs = run(
        script, CHECK_PATH="-a $(touch owned)", CHECK_EXERCISE="double", CHECK_JUNIT="my report.xml"
    )

    assert (code, outputs["score"], outputs["max_score"]) == (0, "0.5", "0.5")
    assert "add" not in out
    assert (repository / "my report.xml").is_file()
    assert not (repository / "owned").exists()


def test_gitlab_gets_junit_whether_points_are_lost_or_not(run, repository):
    job = load(EXAMPLES / "gitlab-ci.yml")["check"]
    (repository / "deep_network" / "small.py").write_text(WRONG)

    code, _, _ = run("\n".join(job["script"]))

    assert code == 1
    assert job["artifacts"]["when"] == "always"
    assert 'failures="1"' in (repository / job["artifacts"]["reports"]["junit"]).read_text()


def test_the_steps_of_a_course_pass_on_a_course_that_is_built(run, course, repository):
    script = [text for text in scripts(load(EXAMPLES / "github-course.yml")) if text == "grader build --check"]
    manifest_file = course / "autograde_tests" / "small" / "assignment.toml"

    built, _, _ = run(f"cd course\ngrader build >/dev/null\n{script[0]}")
    manifest_file.write_text(manifest_file.read_text().replace("points = 2", "points = 4"))
    stale, _, _ = run(f"cd course\n{script[0]}")

    assert (built, stale) == (0, 1)
