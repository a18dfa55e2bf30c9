"""The verdict on one's own functions as a fragment of HTML below a notebook's cell."""

from __future__ import annotations

from grader.records import Record
from grader.reporters.feedback_html import environment
from grader.reporters.view import view


def render(record: Record) -> str:
    """A fragment without script and without styles that reach beyond it."""
    return environment().get_template("notebook.html.j2").render(record=view(record))
