"""A failure in the words of the test that finds it, for what no check of this package says."""

from __future__ import annotations

from typing import NoReturn

from grader.errors import CheckFailed
from grader.model import Feedback


def fail(key: str, *, rationale: str, help: str | None = None) -> NoReturn:
    """End the running test with this feedback.

    key: names the finding in records, in snake_case. rationale: what is wrong. help: what to try.
    In hidden tests neither text may hold inputs or expected values. Raises CheckFailed.
    """
    raise CheckFailed(Feedback(key, rationale, help))
