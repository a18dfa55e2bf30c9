import re
import tomllib
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from grader import manifest
from grader.errors import ManifestError, UsageError
from grader.model import Deadline, Limits, Period

MINIMAL = """
title = "Activations"
[exercises.sigmoid]
points = 2
"""


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "course"
    (folder / "autograde_tests" / "activations").mkdir(parents=True)
    (folder / "solutions" / "activations").mkdir(parents=True)
    return folder


def write(root, text):
    path = root / "autograde_tests" / "activations" / "assignment.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(root, text):
    write(root, text)
    return manifest.load(root, "activations")


def error_of(root, text):
    with pytest.raises(ManifestError) as caught:
        load(root, text)
    message = str(caught.value)
    assert message.startswith("autograde_tests/activations/assignment.toml: ")
    assert message.isprintable()
    return message.removeprefix("autograde_tests/activations/assignment.toml: ")


def test_a_full_manifest_is_read_with_its_order_and_exact_points(root):
    assignment = load(
        root,
        """
        title = "Activations"
        [limits]
        call_wall_seconds = 2
        memory_bytes = 1_073_741_824
        [exercises.tanh]
        points = 0.1
        [exercises.sigmoid]
        points = 2
        """,
    )

    assert assignment.id == "activations"
    assert assignment.title == "Activations"
    assert [(e.name, e.points) for e in assignment.exercises] == [("tanh", Fraction(1, 10)), ("sigmoid", Fraction(2))]
    assert assignment.limits == Limits(call_wall_seconds=2.0, memory_bytes=1 << 30)
    assert assignment.max_score == Fraction(21, 10)
    assert assignment.root == root
    assert len(assignment.suite_sha256) == 64


def test_limits_are_optional(root):
    assert load(root, MINIMAL).limits == Limits()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(root):
    assert load(root, b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode()).title == "Activations"


def test_every_limit_of_the_model_has_a_range_that_holds_its_default():
    assert list(Limits.__struct_fields__) == list(manifest.LIMITS)
    for name, allowed in manifest.LIMITS.items():
        assert allowed.least <= getattr(Limits(), name) <= allowed.most


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        ('"2 pts"', '"2 pts"'),
        ("0", "0"),
        ("-1", "-1"),
        ("true", "true"),
        ("nan", "NaN"),
        ("inf", "Infinity"),
        ("1e999999999", "1E+999999999"),
        ("[2]", "a list"),
        ("{ a = 1 }", "a table"),
        ("1979-05-27", "a date"),
        ("1" * 200, "1" * 79 + "…"),
    ],
)
def test_points_that_are_no_number_above_zero_are_shown(root, points, shown):
    message = error_of(root, f'title = "x"\n[exercises.softmax]\npoints = {points}\n')

    assert message == f"[exercises.softmax] points must be a number above 0 and at most 1000000, not {shown}"


@pytest.mark.parametrize("points", ["0.0001", "1.00000000000000000000000000000000001", "1e-999999999"])
def test_points_with_many_decimals_are_refused(root, points):
    assert "may have at most three decimals" in error_of(root, f'title = "x"\n[exercises.f]\npoints = {points}\n')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[exercises.f]\npoints = 1", 'title is missing; add a line such as title = "A deep network, layer by layer"'),
        ("title = 1\n[exercises.f]\npoints = 1", "title must be one line of text, at most 200 characters, not 1"),
        ('title = " "\n[exercises.f]\npoints = 1', 'title must be one line of text, at most 200 characters, not " "'),
        ('title = "x"', "at least one exercise is needed: a table [exercises.NAME] with points"),
        ('title = "x"\nexercises = 1', "at least one exercise is needed: a table [exercises.NAME] with points"),
        ('titel = "x"', "unknown key titel; did you mean title?"),
        ('title = "x"\nzzz = 1', "unknown key zzz; allowed are title, limits, deadline, exercises"),
        ('title = "x"\nexercises.f = 1', "[exercises.f] must be a table with points, not 1"),
        ('title = "x"\n[exercises.f]', "[exercises.f] points is missing; add a line such as points = 2"),
        ('title = "x"\n[exercises.f]\npoint = 1', "[exercises.f] unknown key point; did you mean points?"),
        ('title = "x"\n[exercises.f]\nq = 1', "[exercises.f] unknown key q; allowed are points, formula"),
        (
            'title = "x"\n[exercises."a b"]\npoints = 1',
            "[exercises.a b] must be named like the function to write, a Python name",
        ),
        (
            'title = "x"\n[exercises.lambda]\npoints = 1',
            "[exercises.lambda] must be named like the function to write, a Python name",
        ),
        (
            'title = "x"\nlimits = 3\n[exercises.f]\npoints = 1',
            "limits must be a table, [limits], not 3",
        ),
    ],
)
def test_what_does_not_follow_the_schema_is_one_sentence(root, text, message):
    assert message == error_of(root, text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cal_wall_seconds = 1", "[limits] unknown key cal_wall_seconds; did you mean call_wall_seconds?"),
        (
            'call_wall_seconds = "5"',
            '[limits] call_wall_seconds must be a number of seconds from 0.01 to 3600, not "5"',
        ),
        ("call_wall_seconds = 0", "[limits] call_wall_seconds must be a number of seconds from 0.01 to 3600, not 0"),
        (
            "call_wall_seconds = nan",
            "[limits] call_wall_seconds must be a number of seconds from 0.01 to 3600, not NaN",
        ),
        (
            "call_wall_seconds = 61",
            "[limits] call_wall_seconds is 61, which must not be above submission_wall_seconds, 60",
        ),
        ("cpu_seconds = 1.5", "[limits] cpu_seconds must be a whole number of seconds from 1 to 86400, not 1.5"),
        ("cpu_seconds = true", "[limits] cpu_seconds must be a whole number of seconds from 1 to 86400, not true"),
        (
            "memory_bytes = 512",
            "[limits] memory_bytes must be a whole number of bytes from 67108864 to 1099511627776, not 512",
        ),
    ],
)
def test_a_wrong_limit_says_what_is_allowed(root, line, message):
    assert message == error_of(root, f'title = "x"\n[limits]\n{line}\n[exercises.f]\npoints = 1\n')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = "x"\npoints = = 2\n', "not valid TOML at line 2, column 10: Invalid value"),
        ('title = "x', "not valid TOML at end of document: Unterminated string"),
        ("a = " + "[" * 5000, "not usable as TOML: maximum recursion depth exceeded"),
        ("a = " + "1" * 5000, "not usable as TOML: Exceeds the limit"),
        (b'title = "x"\n# \xff\n', "line 2 is not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(root, text, message):
    assert error_of(root, text).startswith(message)


def test_an_unknown_assignment_is_a_usage_error(root):
    write(root, MINIMAL)

    with pytest.raises(UsageError, match=r"unknown assignment activation; did you mean activations?"):
        manifest.load(root, "activation")


def test_an_assignment_without_manifest_says_which_file_it_needs(root):
    with pytest.raises(ManifestError, match=r"autograde_tests/activations/assignment\.toml: there is no such file"):
        manifest.load(root, "activations")


def test_an_id_that_is_a_path_is_unknown(root):
    write(root, MINIMAL)

    with pytest.raises(UsageError, match=r"unknown assignment \.\./solutions"):
        manifest.load(root, "../solutions")


def test_the_public_part_is_toml_in_fixed_bytes(root):
    assignment = load(
        root,
        """
        title = 'Say "σ"'
        [limits]
        call_wall_seconds = 2.5
        reply_bytes = 4096
        [exercises.tanh]
        points = 0.125
        [exercises."σ"]
        points = 2
        """,
    )

    text = manifest.public_part(assignment)

    assert tomllib.loads(text) == {
        "id": "activations",
        "title": 'Say "σ"',
        "limits": {"call_wall_seconds": 2.5},
        "exercises": {"tanh": {"points": 0.125}, "σ": {"points": 2}},
    }
    assert text == manifest.public_part(manifest.load(root, "activations"))


def test_the_public_part_is_read_back_in_any_folder(root, tmp_path):
    assignment = load(root, 'title = "x"\n[limits]\ncall_wall_seconds = 2\n[exercises.f]\npoints = 1.5\n')
    for folder in (tmp_path / "hand-out" / "assignments" / "activations", tmp_path / "Downloads" / "my work"):
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text(manifest.public_part(assignment))

        public = manifest.load_public(folder)

        assert public.id == "activations"
        assert public.exercises == assignment.exercises
        assert public.limits == assignment.limits
        assert public.suite_sha256 == ""
    assert public.root == tmp_path / "Downloads"
    assert manifest.load_public(tmp_path / "hand-out" / "assignments" / "activations").starter_folder == (
        tmp_path / "hand-out" / "assignments" / "activations"
    )


def test_a_public_part_without_id_is_named_like_its_folder(tmp_path):
    (tmp_path / "assignment.toml").write_text(MINIMAL)

    assert manifest.load_public(tmp_path).id == tmp_path.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "../x"\n' + MINIMAL, 'id must be a folder name of letters, digits, _ . and -, not "../x"'),
        (MINIMAL + "[limits]\nreply_bytes = 2000\n", "[limits] unknown key reply_bytes; "),
    ],
)
def test_a_wrong_public_part_is_one_sentence(tmp_path, text, message):
    (tmp_path / "assignment.toml").write_text(text)

    with pytest.raises(ManifestError) as caught:
        manifest.load_public(tmp_path)

    assert f"{tmp_path.name}/assignment.toml: {message}" in str(caught.value)


def test_a_hand_out_without_manifest_is_named(tmp_path):
    with pytest.raises(ManifestError, match=r"assignment\.toml: cannot be read: No such file"):
        manifest.load_public(tmp_path)


def test_a_formula_is_read_and_handed_out(root):
    assignment = load(root, MINIMAL + r"formula = '\sigma(z) = \frac{1}{1 + e^{-z}}'")

    assert assignment.exercises[0].formula == r"\sigma(z) = \frac{1}{1 + e^{-z}}"
    assert tomllib.loads(manifest.public_part(assignment))["exercises"]["sigmoid"]["formula"].startswith("\\sigma")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("1", "formula must be one line of text, not 1"),
        (r'"a\nb"', r'formula must be one line of text, not "a\nb"'),
        ("'{x'", "formula has no } where one belongs"),
        ("'_x'", "formula has _ behind nothing"),
    ],
)
def test_a_formula_that_cannot_be_shown_is_refused(root, formula, message):
    assert error_of(root, MINIMAL + f"formula = {formula}") == f"[exercises.sigmoid] {message}"


DUE = datetime.fromisoformat("2026-12-01T23:59:00+01:00")
WITH_DUE = f"{MINIMAL}[deadline]\ndue = 2026-12-01T23:59:00+01:00\n"


def test_the_deadline_of_the_documentation_is_read_with_all_its_keys(root):
    page = Path(__file__).resolve().parents[1] / "docs" / "deadlines.md"
    example = re.search(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)[1]

    deadline = load(root, MINIMAL + example).deadline

    assert deadline == Deadline(
        due=DUE,
        grace_minutes=Fraction(15),
        penalty_percent=Fraction(10),
        per=Period.DAY,
        most_penalty_percent=Fraction(50),
        cut_off=DUE.replace(day=8),
        extensions={"ada": DUE.replace(day=5)},
    )


def test_a_deadline_needs_its_due_time_only(root):
    assert load(root, MINIMAL).deadline is None
    assert load(root, WITH_DUE).deadline == Deadline(due=DUE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deadline = 3", "deadline must be a table, [deadline], not 3"),
        ("[deadline]", "[deadline] due is missing; add a line such as due = 2026-12-01T23:59:00+01:00"),
        ("[deadline]\ndue = 2026-12-01T23:59:00", "[deadline] due must be a date and time with its offset from UTC"),
        ("[deadline]\ndue = 2026-12-01", "without quotes, not 2026-12-01"),
        ('[deadline]\ndue = "2026-12-01T23:59:00Z"', 'without quotes, not "2026-12-01T23:59:00Z"'),
        ("[deadline]\ndue = 9999-12-31T23:59:00Z", "[deadline] due must be"),
        ("[deadline]\ndeu = 1", "[deadline] unknown key deu; did you mean due?"),
        ("grace_minutes = -1", "[deadline] grace_minutes must be a number from 0 to 525600, not -1"),
        ("penalty_percent = 101", "[deadline] penalty_percent must be a number from 0 to 100, not 101"),
        ("penalty_percent = 1e-999999999", "[deadline] penalty_percent may have at most three decimals"),
        ('per = "week"', '[deadline] per must be "hour" or "day", not "week"'),
        ("most_penalty_percent = true", "[deadline] most_penalty_percent must be a number from 0 to 100, not true"),
        (
            "cut_off = 2026-12-01T23:58:59+01:00",
            "[deadline] cut_off is 2026-12-01T23:58:59+01:00, before the grace after due, 2026-12-01T23:59:00",
        ),
        ("extensions = 1", "[deadline] extensions must be a table of due times by student, not 1"),
        (
            "[deadline.extensions]\nada = 2026-11-30T00:00:00Z",
            "[deadline.extensions] ada is 2026-11-30T00:00:00+00:00, before due, 2026-12-01T23:59:00+01:00;",
        ),
        ("[deadline.extensions]\nada = 3", "[deadline.extensions] ada must be a date and time"),
    ],
)
def test_a_deadline_that_cannot_be_meant_is_refused(root, text, message):
    if text.startswith("deadline ="):
        whole = f"{text}\n{MINIMAL}"
    else:
        whole = (MINIMAL if text.startswith("[deadline]") else WITH_DUE) + text

    assert message in error_of(root, whole)


def test_learners_are_told_when_the_work_is_due_and_nothing_else(root):
    assignment = load(root, f"{WITH_DUE}penalty_percent = 10\n[deadline.extensions]\nada = 2026-12-05T23:59:00Z\n")
    folder = root / "assignments" / "activations"
    folder.mkdir(parents=True)

    text = manifest.public_part(assignment)
    (folder / "assignment.toml").write_text(text)

    assert "due = 2026-12-01T23:59:00+01:00" in text
    assert "ada" not in text
    assert manifest.load_public(folder).deadline == Deadline(due=DUE)
