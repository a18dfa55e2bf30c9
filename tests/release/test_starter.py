"""The hand-out: stubs in place of solutions, nothing that gives one away, the same bytes every time."""

import ast
import json
import re

import pytest

from grader import manifest
from grader.errors import GraderError, ManifestError
from grader.recordings import Recordings
from grader.release import starter
from grader.release.starter import starter_source

SOURCE = '''\
"""A module."""
import numpy as np

HALF = 0.5


def helper(x):
    """Given to learners."""
    return x


def f(x):
    """x, doubled."""
    y = helper(x)
    # BEGIN SOLUTION
    secret = 2
    return secret * y
    # END SOLUTION


def g(x):
    # BEGIN SOLUTION
    def inner():
        return x - 1

    return inner()
    # END SOLUTION
'''


def source(*changes):
    text = SOURCE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def stub(text):
    return starter_source(text, ["f", "g"], origin="solutions/small/small.py")


def test_a_region_becomes_a_stub_that_names_its_function():
    functions = {
        node.name: ast.unparse(node) for node in ast.parse(stub(SOURCE)).body if isinstance(node, ast.FunctionDef)
    }

    assert functions["f"].endswith("y = helper(x)\n    raise NotImplementedError('f')")
    assert functions["g"] == "def g(x):\n    raise NotImplementedError('g')"


def test_everything_outside_of_regions_stays():
    text = stub(SOURCE)

    for line in SOURCE.splitlines()[:13]:
        assert line in text.splitlines()


def test_nothing_of_a_region_stays():
    text = stub(SOURCE)

    for word in ("secret", "inner", "SOLUTION", "x - 1"):
        assert word not in text


def test_a_region_in_a_method_names_the_method():
    text = starter_source(
        "class A:\n    def f(self):\n        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n",
        ["f"],
        origin="x",
    )

    assert text == 'class A:\n    def f(self):\n        raise NotImplementedError("f")\n'


def test_a_region_in_an_inner_function_names_the_exercise_around_it():
    text = starter_source(
        "def f():\n    def g():\n        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n\n    return g\n",
        ["f"],
        origin="x",
    )

    assert '        raise NotImplementedError("f")\n' in text


def test_form_feeds_and_odd_line_ends_in_texts_do_not_shift_the_lines():
    text = source(('"""A module."""', '"""A\x0cmodule\u2028with\x1c."""'))

    assert 'raise NotImplementedError("f")' in stub(text)
    assert "secret" not in stub(text)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            [("    # END SOLUTION\n\n\ndef g", "\n\ndef g")],
            r"line 20: the region that begins in line 15 reaches beyond f",
        ),
        ([("    return inner()\n    # END SOLUTION\n", "    return inner()\n")], r"line 22: # BEGIN SOLUTION without"),
        ([("    # BEGIN SOLUTION\n    secret", "    secret")], r"line 17: # END SOLUTION without # BEGIN"),
        ([("    secret = 2\n", "    # BEGIN SOLUTION\n")], r"line 16: # BEGIN SOLUTION inside .* line 15"),
        ([("HALF = 0.5", "# BEGIN SOLUTION\nHALF = 0.5\n# END SOLUTION")], r"line 4: # BEGIN SOLUTION stands outside"),
        (
            [("    # END SOLUTION\n\n\ndef g", "\n\nX = 1\n    # END SOLUTION\n\n\ndef g")],
            r"line 20: the region .* reaches beyond f",
        ),
        ([("def f(x):", "def f(x:")], r"line 12: does not parse"),
    ],
    ids=["open_region", "open_at_the_end", "no_begin", "nested", "outside", "beyond", "syntax"],
)
def test_a_wrong_region_is_named_with_file_and_line(changes, message):
    with pytest.raises(ManifestError, match=rf"^solutions/small/small\.py: {message}"):
        stub(source(*changes))


@pytest.mark.parametrize(
    "marker",
    [
        "#BEGIN SOLUTION",
        "# BEGIN SOLUTION:",
        "# Begin Solution",
        "# BEGIN  SOLUTION",
        "## BEGIN SOLUTION",
        "# BEGIN_SOLUTION",
    ],
)
def test_a_misspelt_marker_is_refused_and_gives_no_solution_away(marker):
    extra = f"\n\ndef helper_of_f(x):\n    {marker}\n    return 42\n    # END SOLUTION\n"

    with pytest.raises(ManifestError, match=r"line 3\d: .* should be exactly # BEGIN SOLUTION"):
        stub(SOURCE + extra)


def test_an_exercise_without_a_region_is_named():
    with pytest.raises(ManifestError, match=r"small\.py: no solution region in h, k"):
        starter_source(SOURCE, ["f", "h", "k"], origin="solutions/small/small.py")


# a whole hand-out


@pytest.fixture
def assignment(course):
    (course / "solutions/small/data/faces").mkdir(parents=True)
    (course / "solutions/small/data/a.csv").write_text("1,2\n")
    (course / "solutions/small/data/faces/b.csv").write_text("3,4\n")
    (course / "solutions/small/data/.DS_Store").write_text("x")
    return manifest.load(course, "small")


def test_generating_twice_gives_the_same_bytes(assignment):
    assert starter.generate(assignment) == starter.generate(assignment)


def test_the_hand_out_holds_what_learners_need(assignment):
    contents = starter.generate(assignment)

    assert {"small.py", "assignment.toml", "README.md", "checks/recorded.json"} <= contents.keys()
    assert {"checks/test_double.py", "checks/test_add.py"} <= contents.keys()
    assert {name for name in contents if name.startswith("data/")} == {"data/a.csv", "data/faces/b.csv"}


def test_the_hand_out_holds_no_solution_no_hidden_test_and_no_misconception(assignment):
    contents = starter.generate(assignment)
    text = "\n".join(content.decode() for content in contents.values())

    assert "checks/test_double_sum.py" not in contents  # it has hidden tests only
    for secret in ("2 * np.asarray(x)", "double(add(x, y))", "test_matrix", "return x**2", "misconception("):
        assert secret not in text


def test_a_build_is_up_to_date(assignment):
    starter.build(assignment)

    assert starter.stale_files(assignment) == []


def test_a_second_build_changes_nothing(assignment):
    def files():
        return {path: path.read_bytes() for path in assignment.starter_folder.rglob("*") if path.is_file()}

    starter.build(assignment)
    first = files()

    starter.build(assignment)

    assert files() == first


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda folder: (folder / "small.py").write_text("x = 1\n"), r"small\.py: differs"),
        (lambda folder: (folder / "checks/test_add.py").unlink(), r"test_add\.py: is missing"),
        (lambda folder: (folder / "checks/test_old.py").write_text(""), r"test_old\.py: does not belong there"),
        (lambda folder: (folder / "checks/recorded.json").write_text("{"), r"recorded\.json: differs"),
        (lambda folder: (folder / "checks/recorded.json").write_bytes(b"\xff"), r"recorded\.json: differs"),
        (lambda folder: (folder / "data/a.csv").write_text("1,3\n"), r"a\.csv: differs"),
    ],
    ids=["changed", "missing", "left_over", "broken_recording", "binary_recording", "data"],
)
def test_a_stale_file_is_found_and_a_build_puts_it_right(assignment, change, finding):
    starter.build(assignment)
    change(assignment.starter_folder)

    (found,) = starter.stale_files(assignment)
    starter.build(assignment)

    assert re.search(finding, found)
    assert starter.stale_files(assignment) == []


def test_a_changed_solution_makes_the_recording_stale(assignment):
    starter.build(assignment)
    path = assignment.solution_file
    path.write_text(path.read_text().replace("return 2 * np.asarray(x)", "return 2.5 * np.asarray(x)"))

    assert any("recorded.json: differs" in finding for finding in starter.stale_files(assignment))


def test_answers_that_differ_in_the_last_bits_are_not_stale(assignment):
    starter.build(assignment)
    path = assignment.starter_folder / "checks" / "recorded.json"
    content = json.loads(path.read_text())
    changed = [answer for answer in content["answers"].values() if answer.keys() >= {"array", "data"}]
    for answer in changed:
        answer["data"] = [value * (1 + 1e-15) for value in answer["data"]]
    path.write_text(json.dumps(content))

    assert changed
    assert starter.stale_files(assignment) == []


def test_caches_are_not_stale(assignment):
    starter.build(assignment)
    cache = assignment.starter_folder / "__pycache__"
    cache.mkdir()
    (cache / "small.cpython-311.pyc").write_bytes(b"")

    assert starter.stale_files(assignment) == []


def test_a_reference_that_fails_its_own_visible_test_is_refused(assignment):
    path = assignment.tests_folder / "test_add.py"
    path.write_text(path.read_text().replace("reference.add(x, y)", "reference.add(x, y) + 1"))

    with pytest.raises(GraderError, match=r"does not pass its own visible tests: test_add\.py::test_small_example"):
        starter.generate(assignment)


def test_recorded_answers_are_those_of_reference_and_misconceptions(assignment):
    contents = starter.generate(assignment)

    recordings = Recordings.from_json(contents["checks/recorded.json"].decode(), origin=assignment.root)

    assert {m.key: m.rationale for m in recordings.misconceptions()} == {
        "squared": "x is squared, not doubled.",
        "subtracted": "y is subtracted.",
    }
