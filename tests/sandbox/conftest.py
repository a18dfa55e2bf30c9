"""Sandboxes for tests: real ones, in the strongest mode and in the weakest."""

import pytest

from grader.model import SandboxMode
from grader.sandbox.client import Sandbox


@pytest.fixture(params=[SandboxMode.FULL, SandboxMode.REDUCED, SandboxMode.NONE], scope="session")
def sandbox(request):
    with Sandbox(request.param, hide=()) as started:
        yield started


@pytest.fixture(scope="session")
def full_sandbox():
    with Sandbox(SandboxMode.FULL, hide=()) as started:
        yield started
