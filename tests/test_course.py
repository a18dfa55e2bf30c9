import logging
import stat
import sys

import pytest

from grader import course
from grader.errors import GraderError, UsageError
from grader.model import Assignment, Exercise, Limits


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "course"
    for name in ("activations", "deep_network"):
        (folder / "autograde_tests" / name).mkdir(parents=True)
        (folder / "autograde_tests" / name / "assignment.toml").write_text("")
        (folder / "solutions" / name).mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def _no_secret_in_the_environment(monkeypatch):
    monkeypatch.delenv("GRADER_SECRET", raising=False)


def assignment(root, *names):
    exercises = tuple(Exercise(name=name, points=1) for name in names)
    return Assignment(id="activations", title="", exercises=exercises, limits=Limits(), root=root)


def write_solution(root, text):
    path = root / "solutions" / "activations" / "activations.py"
    path.write_text(text)
    return path


def test_a_course_is_found_from_itself_from_below_and_from_a_file(root):
    below = root / "solutions" / "activations"

    assert course.find_course(root) == root
    assert course.find_course(below) == root
    assert course.find_course(root / "autograde_tests" / "activations" / "assignment.toml") == root


def test_a_relative_start_is_found_from_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root / "solutions")

    assert course.find_course(course.Path()) == root


def test_no_course_above_is_a_usage_error_that_names_the_option(tmp_path):
    with pytest.raises(UsageError, match=r"no course at .*autograde_tests/ and solutions/.*--course PATH"):
        course.find_course(tmp_path)


def test_a_start_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no such folder: .*/nowhere"):
        course.find_course(tmp_path / "nowhere")


def test_assignments_are_the_folders_with_a_manifest(root):
    (root / "autograde_tests" / "data").mkdir()
    (root / "autograde_tests" / "__pycache__").mkdir()
    (root / "autograde_tests" / "conftest.py").write_text("")

    assert course.assignment_ids(root) == ("activations", "deep_network")


def test_assignments_of_no_course_is_an_error(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read .*autograde_tests"):
        course.assignment_ids(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("deep_netwrok", "unknown assignment deep_netwrok; did you mean deep_network?"),
        ("x", "unknown assignment x; this course has activations, deep_network"),
        ("../solutions", "unknown assignment ../solutions; this course has activations, deep_network"),
    ],
)
def test_an_unknown_assignment_is_answered_with_known_ones(root, name, message):
    with pytest.raises(UsageError) as caught:
        course.require_assignment(root, name)

    assert message == str(caught.value)


def test_a_course_without_assignments_says_so(tmp_path):
    (tmp_path / "autograde_tests").mkdir()

    with pytest.raises(UsageError, match="has no assignments"):
        course.require_assignment(tmp_path, "x")


def test_the_reference_is_a_fresh_module_each_time_and_cannot_be_imported(root):
    write_solution(
        root, "import dataclasses\n@dataclasses.dataclass\nclass C:\n    x: 'int' = 1\ndef f(): return C().x\n"
    )

    first, second = (course.load_reference(assignment(root, "f")) for _ in range(2))

    assert first is not second
    assert first.f() == 1
    assert first.__name__ not in sys.modules
    assert not list((root / "solutions").rglob("__pycache__"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\ny = (\n", r"solutions/activations/activations.py, line 2: SyntaxError: '\(' was never closed"),
        ("def f():\n    return 1 / 0\nf()\n", "activations.py, line 2: ZeroDivisionError: division by zero"),
        ("import no_such_module\n", "activations.py, line 1: ModuleNotFoundError"),
        ("raise SystemExit\n", "activations.py, line 1: SystemExit"),
        ("x = '\0'\n", "activations.py.*null bytes"),
        ("g = 1\n", "activations.py defines no function f, which assignment.toml lists"),
    ],
)
def test_a_broken_reference_is_our_fault_and_names_its_line(root, text, message):
    write_solution(root, text)

    with pytest.raises(GraderError, match=message) as caught:
        course.load_reference(assignment(root, "f"))

    assert not isinstance(caught.value, UsageError)


def test_a_missing_reference_is_named(root):
    with pytest.raises(UsageError, match=r"cannot read solutions/activations/activations.py"):
        course.load_reference(assignment(root))


def test_the_digest_changes_with_content_name_and_place_of_every_file(root):
    tests, solutions = root / "autograde_tests" / "activations", root / "solutions" / "activations"
    digests = [course.suite_sha256(root, "activations")]

    for path, text in [
        (tests / "test_relu.py", "a"),
        (tests / "test_relu.py", "b"),
        (tests / "data" / "images.csv", "a"),
        (solutions / "activations.py", "a"),
        (root / "autograde_tests" / "conftest.py", "a"),
    ]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        digests.append(course.suite_sha256(root, "activations"))
    (tests / "test_relu.py").rename(tests / "test_tanh.py")
    digests.append(course.suite_sha256(root, "activations"))

    assert len(digests) == len(set(digests))


def test_the_digest_ignores_caches_hidden_files_and_other_assignments(root):
    before = course.suite_sha256(root, "activations")
    tests = root / "autograde_tests" / "activations"

    for path in (
        tests / "__pycache__" / "x.pyc",
        tests / ".pytest_cache" / "x",
        tests / ".DS_Store",
        tests / "test_relu.py~",
        root / "autograde_tests" / "deep_network" / "test_x.py",
    ):
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")

    assert before == course.suite_sha256(root, "activations")


def test_the_digest_follows_links_to_shared_data_once(root, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "digits.csv").write_text("1")
    tests = root / "autograde_tests" / "activations"
    (tests / "data").symlink_to(shared)
    (tests / "loop").symlink_to(tests)
    before = course.suite_sha256(root, "activations")

    (shared / "digits.csv").write_text("2")

    assert before != course.suite_sha256(root, "activations")


def test_the_digest_does_not_depend_on_the_deadline_and_does_on_all_else_in_the_manifest(root):
    path = root / "autograde_tests" / "activations" / "assignment.toml"
    plain = 'title = "x"\n[exercises.relu]\npoints = 2\n'
    deadline = "[deadline]\ndue = 2026-12-01T23:59:00Z\n[deadline.extensions]\nada = 2026-12-02T23:59:00Z\n"

    def digest(text):
        path.write_text(text)
        return course.suite_sha256(root, "activations")

    assert digest(plain) == digest(plain + deadline) == digest(plain + deadline.replace("23:59", "12:00"))
    assert len({digest(plain), digest(plain.replace("2", "3")), digest(plain.replace("x", "y")), digest("x =")}) == 4


def test_the_digest_is_the_same_in_a_copy_of_the_course(root, tmp_path):
    (root / "solutions" / "activations" / "b.py").write_text("1")
    (root / "solutions" / "activations" / "a.py").write_text("2")
    before = course.suite_sha256(root, "activations")

    root.rename(tmp_path / "moved")

    assert before == course.suite_sha256(tmp_path / "moved", "activations")


def test_a_secret_is_made_once_for_the_owner_only(root):
    secret = course.course_secret(root)

    assert len(bytes.fromhex(secret.decode())) == 32
    assert secret == course.course_secret(root)
    assert stat.S_IMODE((root / ".grader-secret").stat().st_mode) == 0o600
    assert [path.name for path in root.iterdir() if "secret" in path.name] == [".grader-secret"]


def test_two_courses_have_different_secrets(root, tmp_path):
    assert course.course_secret(root) != course.course_secret(tmp_path)


def test_the_environment_goes_before_the_file(root, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "from CI\n")

    assert course.course_secret(root) == b"from CI"
    assert not (root / ".grader-secret").exists()


def test_an_empty_secret_in_the_environment_is_refused(root, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "")

    with pytest.raises(UsageError, match="GRADER_SECRET is set but empty"):
        course.course_secret(root)


def test_an_empty_secret_file_is_refused(root):
    (root / ".grader-secret").write_text("\n")

    with pytest.raises(UsageError, match=r"\.grader-secret is empty"):
        course.course_secret(root)


def test_a_secret_that_can_neither_be_read_nor_made_is_a_clear_error(root):
    (root / ".grader-secret").mkdir()

    with pytest.raises(UsageError, match=r"cannot read or create .*\.grader-secret .*set GRADER_SECRET"):
        course.course_secret(root)


def test_a_secret_that_others_can_read_is_warned_about(root, caplog):
    course.course_secret(root)
    (root / ".grader-secret").chmod(0o644)

    with caplog.at_level(logging.WARNING):
        course.course_secret(root)

    assert "can be read by other users" in caplog.text


def test_the_loser_of_a_race_for_the_secret_takes_the_winners(root, monkeypatch):
    def another_process_is_first(temporary, path):
        path.write_text("winner\n")
        raise FileExistsError

    monkeypatch.setattr(course.os, "link", another_process_is_first)

    assert course.course_secret(root) == b"winner"


def test_a_secret_is_made_where_there_are_no_hard_links(root, monkeypatch):
    def no_links(temporary, path):
        raise PermissionError

    monkeypatch.setattr(course.os, "link", no_links)

    assert course.course_secret(root) == course.course_secret(root)


def test_seeds_differ_by_secret_student_assignment_and_test():
    seeds = [
        course.submission_seed(*names)
        for names in [(b"s", "ab", "c"), (b"s", "a", "bc"), (b"t", "ab", "c"), (b"s", "ab", "d"), (b"s", "\udcff", "c")]
    ]
    tests = [course.test_seed(seed, test) for seed in seeds for test in ("test_a.py::test_x", "test_a.py::test_y")]

    assert len(set(seeds)) == 5
    assert len(set(tests)) == 10


def test_seeds_stay_as_they_are():
    seed = course.submission_seed(b"secret", "ada", "deep_network")

    # Computed with hmac.new by hand: records of earlier runs name seeds, and regrading must draw the same inputs.
    assert seed == "e8baa82e3ef124b3cf825b5ce8d54425ddfde5230ce5cf71316edf3abf1d5e39"
    assert course.test_seed(seed, "test_relu.py::test_x") == 126068962983356576669235421233323953280
