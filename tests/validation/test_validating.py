"""`grader validate` on a small course: what is right is proven, and every way to fall short is said."""

import json
import subprocess
import sys

import pytest

from grader import manifest
from grader.errors import ManifestError
from grader.validation import validating
from grader.validation.validating import validate

RIGHT = """\
def double(x):
    return x + x

def add(x, y):
    return y + x

def double_sum(x, y):
    return 2 * (x + y)
"""


@pytest.fixture
def course(course):
    """The small course, with a variant, and visible tests that the mutants of its reference do not survive."""
    folder = course / "tests/data/variants/small"
    folder.mkdir(parents=True)
    (folder / "plain.py").write_text(RIGHT)
    return course


def run(course, seeds=2):
    (found,) = validate(course, ["small"], seeds=seeds, jobs=1, on_done=lambda done, total: None)
    return found


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_good_assignment_is_proven(course):
    found = run(course)

    assert found.problems == ()
    assert (found.misconceptions, found.caught, found.named, found.confusion) == (2, 2, 2, {})
    assert (found.variants, found.seeds, found.false_failures) == (1, 2, 0)
    assert found.mutants == found.killed > 3
    assert {test.test for test in found.tests} >= {"test_double.py::test_matrix", "test_add.py::test_small_example"}


def test_margins_lie_on_both_sides_of_what_is_allowed(course):
    margins = {test.test: test for test in run(course).tests}["test_double.py::test_matrix"]

    assert margins.largest_right < 1 < 1e3 < margins.smallest_wrong
    assert margins.seconds > 0


def test_a_right_variant_that_fails_is_a_problem(course):
    change(course / "tests/data/variants/small/plain.py", "x + x", "2.001 * x")

    found = run(course)

    assert found.false_failures == 2
    assert "plain.py, which is right, fails test_double.py::test_matrix with 2 of its seeds" in " ".join(found.problems)


@pytest.mark.parametrize(("term", "failures"), [("0", 0), ("1", 5)], ids=["right", "wrong"])
def test_right_code_is_graded_in_this_process_as_in_workers_and_its_prints_go_nowhere(course, term, failures, capsys):
    path = course / "tests/data/variants/small/plain.py"
    noise = "import matplotlib.pyplot as plt\n\nprint('loading')\n"
    path.write_text(noise + path.read_text().replace("return x + x", f"print('called')\n    return x + x + {term}"))

    found = run(course, seeds=5)

    assert found.false_failures == failures
    assert found.seconds > 0
    assert capsys.readouterr() == ("", "")


def test_a_right_variant_that_passes_only_with_the_reference_in_place_of_another_exercise_is_a_problem(course):
    path = course / "tests/data/variants/small/plain.py"
    change(path, "return y + x", "return y + x if hasattr(x, 'shape') else [a + b + 0.01 for a, b in zip(x, y)]")
    change(path, "return 2 * (x + y)", "s = add(list(x), list(y))\n    return [2 * value for value in s]")

    found = run(course)

    (problem,) = found.problems
    assert problem.startswith(
        "plain.py, which is right, passes test_double_sum.py::test_together with 2 of its seeds only"
    )
    assert found.false_failures == 2


def test_a_mutant_that_survives_is_a_problem_with_its_line(course):
    change(
        course / "autograde_tests/small/test_add.py",
        "check_close(reference.add(x, y), student.add(x, y)",
        "check_close(0, 0 * student.add(x, y)[0]",
    )

    found = run(course)

    assert found.killed < found.mutants
    assert "no test fails when line 19 (add) is changed: np.asarray(x) + y → np.asarray(x) - y" in found.problems


def test_a_mutant_that_is_explained_is_none(course):
    test_a_mutant_that_survives_is_a_problem_with_its_line(course)
    survivors = run(course).survivors
    entries = "\n".join(
        f"[[equivalent]]\nexercise = '{s.exercise}'\nchange = '{s.change}'\nreason = 'so'\n" for s in survivors
    )
    (course / "autograde_tests/small/equivalent_mutants.toml").write_text(entries)

    found = run(course)

    assert all(survivor.reason == "so" for survivor in found.survivors)
    assert not any("no test fails" in problem for problem in found.problems)


def test_an_explanation_that_explains_nothing_is_a_problem(course):
    path = course / "autograde_tests/small/equivalent_mutants.toml"
    path.write_text("[[equivalent]]\nexercise = 'add'\nchange = 'x → y'\nreason = 'so'\n")

    assert any("explains x → y in add, which is no mutant that survives" in problem for problem in run(course).problems)


@pytest.mark.parametrize("text", ["equivalent = 3", "[[equivalent]]\nexercise = 'add'", "[[equivalent"])
def test_a_malformed_file_of_explanations_is_named(course, text):
    (course / "autograde_tests/small/equivalent_mutants.toml").write_text(text)

    with pytest.raises(ManifestError, match=r"equivalent_mutants\.toml: should hold tables \[\[equivalent\]\]"):
        run(course)


def test_misconceptions_that_are_right_or_reach_further_are_problems(course):
    change(course / "autograde_tests/small/misconceptions.py", "return x**2", "return 2 * x")
    found = run(course)

    assert "the misconception squared of double is not caught" in found.problems
    assert "1 of 2 misconceptions are not named: squared" in found.problems
    assert found.caught == 1


def test_a_starter_that_is_no_stub_is_a_problem(course):
    change(
        course / "solutions/small/small.py",
        "# BEGIN SOLUTION\n    return np.asarray(x) + y",
        "return x + y\n    # BEGIN SOLUTION\n    pass",
    )

    problems = " ".join(run(course).problems)

    assert "the starter code gets" in problems


def test_two_processes_find_the_same_as_one(course):
    (alone,) = validate(course, ["small"], seeds=2, jobs=1, on_done=lambda *_: None)
    done = []
    (shared,) = validate(course, ["small"], seeds=2, jobs=2, on_done=lambda *step: done.append(step))

    assert (shared.problems, shared.mutants, shared.killed) == (alone.problems, alone.mutants, alone.killed)
    assert done[-1][0] == done[-1][1] == len(done)


@pytest.mark.parametrize("is_good", [True, False])
def test_the_command_prints_json_and_exits_as_it_should(course, is_good):
    if not is_good:
        change(course / "tests/data/variants/small/plain.py", "x + x", "3 * x")

    done = subprocess.run(
        [sys.executable, "-m", "grader", "validate", "small", "--seeds", "1", "--jobs", "1", "--json"],
        cwd=course,
        capture_output=True,
        text=True,
        timeout=120,
    )

    (found,) = json.loads(done.stdout)
    assert done.returncode == (0 if is_good else 1)
    assert (found["problems"] == []) == is_good


def test_figures_of_pieces_cover_every_mutant_once(course):
    assignment = manifest.load(course, "small")

    numbers = [n for piece in validating._pieces(course, assignment, 3, 0) for n in piece.numbers]

    assert numbers == list(range(len(numbers)))
    assert len(numbers) == run(course).mutants


def test_perturbed_answers_get_no_name_and_are_counted(course):
    (found,) = validate(course, ["small"], seeds=1, perturbations=12, jobs=1, on_done=lambda *_: None)

    assert found.perturbed == 12 * len(manifest.load(course, "small").exercises)
    assert (found.falsely_named, found.problems) == ((), ())


def test_a_name_that_is_given_whatever_is_wrong_is_a_problem(course):
    change(
        course / "autograde_tests/small/test_double.py",
        "pytestmark =",
        "import numpy as np\n\nfrom grader.checks import fail\n\n\n"
        "def check_close(expected, actual, **_):\n"
        "    if not np.allclose(expected, actual, rtol=1e-9):\n"
        '        fail(key="squared", rationale="It is the square.")\n\n\n'
        "pytestmark =",
    )
    (found,) = validate(course, ["small"], seeds=1, perturbations=6, jobs=1, on_done=lambda *_: None)

    assert [(name.exercise, name.key, name.count) for name in found.falsely_named] == [("double", "squared", 6)]
    assert "the misconception squared is named for 6 perturbed answers of double" in found.problems


def test_pieces_cover_every_perturbation_of_an_exercise_once(course):
    assignment = manifest.load(course, "small")

    pieces = [p for p in validating._pieces(course, assignment, 1, 120) if p.kind == "perturbations"]

    for exercise in assignment.exercises:
        numbers = [number for piece in pieces if piece.name == exercise.name for number in piece.numbers]
        assert numbers == list(range(120))
