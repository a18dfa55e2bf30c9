"""The doctor on this machine, and on machines that lack something: a filter on system calls makes them."""

import json
import os
import subprocess
import sys

import msgspec
import pytest

from grader.errors import SandboxUnavailable
from grader.model import Limits, SandboxMode
from grader.sandbox import doctor
from grader.sandbox.client import Sandbox
from grader.sandbox.probes import PROBES, breaches

# Runs `program` where the system calls in `denied` fail, as under a container's seccomp profile.
WITHOUT = """
import errno, os, sys
import pyseccomp
import grader.sandbox.policy as policy
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in sys.argv[1].split(","):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.load()
code = sys.argv[2]
exec(code)
"""
NAMESPACES = "unshare,mount,setns,pivot_root,umount2"
LANDLOCK = "landlock_create_ruleset"


def on_a_machine_without(denied, program):
    done = subprocess.run([sys.executable, "-c", WITHOUT, denied, program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PROBE = "import msgspec\nfrom grader.sandbox import doctor\nprint(msgspec.json.encode(doctor.probe()).decode())"
CHOOSE = """
from grader.errors import SandboxUnavailable
from grader.sandbox import doctor
import json
found = []
for allow_reduced in (False, True):
    try:
        found.append(doctor.choose_mode(allow_reduced))
    except SandboxUnavailable as error:
        found.append(str(error))
print(json.dumps(found))
"""


def test_this_machine_has_the_full_sandbox():
    report = doctor.probe()

    assert report.mode is SandboxMode.FULL
    assert report.exit_code == 0
    assert {finding.name for finding in report.findings if finding.ok} >= {
        "bubblewrap",
        "user namespaces",
        "Landlock",
        "seccomp",
        "memory limit",
        "sandbox full",
        "BLAS threads",
    }


def test_the_report_is_plain_data():
    report = doctor.probe()

    assert msgspec.json.decode(msgspec.json.encode(report), type=doctor.Report) == report


def test_every_probe_succeeds_without_a_wall():
    with Sandbox(SandboxMode.NONE, hide=()) as sandbox:
        assert breaches(sandbox.spawn) == list(PROBES)


@pytest.mark.parametrize("mode", [SandboxMode.FULL, SandboxMode.REDUCED])
def test_no_probe_succeeds_behind_a_wall(mode):
    with Sandbox(mode, hide=()) as sandbox:
        assert breaches(sandbox.spawn) == []


def test_without_namespaces_grading_is_refused_with_the_remedy_and_possible_when_reduced_is_allowed():
    refused, chosen = on_a_machine_without(NAMESPACES, CHOOSE)

    assert "no safe sandbox" in refused
    assert "user namespaces" in refused
    assert "--allow-reduced-sandbox" in refused
    assert chosen == "reduced"


def test_without_namespaces_the_doctor_says_what_is_missing():
    report = on_a_machine_without(NAMESPACES, PROBE)

    findings = {finding["name"]: finding for finding in report["findings"]}
    assert report["mode"] == "reduced"
    assert findings["user namespaces"]["ok"] is False
    assert findings["user namespaces"]["remedy"]
    assert findings["Landlock"]["ok"] is True


def test_without_landlock_the_sandbox_is_reduced():
    refused, chosen = on_a_machine_without(LANDLOCK, CHOOSE)

    assert "Landlock" in refused
    assert chosen == "reduced"


def test_without_namespaces_and_landlock_nothing_is_safe():
    refused, still_refused = on_a_machine_without(f"{NAMESPACES},{LANDLOCK}", CHOOSE)

    assert "no safe sandbox" in refused
    assert "not even a reduced sandbox" in still_refused


def test_a_breach_refuses(monkeypatch):
    monkeypatch.setattr("grader.sandbox.probes.breaches", lambda spawn: ["open_a_socket"])

    with pytest.raises(SandboxUnavailable, match="could open a socket"):
        doctor.choose_mode(allow_reduced=True)


def test_other_systems_are_told_where_to_go(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(SandboxUnavailable, match="WSL2"):
        doctor.choose_mode(allow_reduced=True)
    assert doctor.probe().exit_code == 4


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
        ("user/max_user_namespaces", "0", "max_user_namespaces"),
        ("kernel/unprivileged_userns_clone", "0", "unprivileged_userns_clone"),
    ],
)
def test_the_remedy_fits_the_setting_that_forbids_namespaces(monkeypatch, setting, value, word):
    monkeypatch.setattr(doctor, "_setting", lambda name: value if name == setting else "")

    assert word in doctor._namespace_remedy()


def test_the_doctor_leaves_no_process_behind():
    before = set(os.listdir("/proc"))

    with Sandbox(SandboxMode.FULL, hide=()) as sandbox, sandbox.spawn(Limits()):
        pass
    doctor.probe()

    mine = [p for p in set(os.listdir("/proc")) - before if p.isdigit() and parent_of(p) == os.getpid()]
    assert mine == []


def parent_of(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except FileNotFoundError:
        return 0
