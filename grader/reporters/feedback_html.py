"""feedback/<student>.html: one self-contained page without script, readable in colour and without."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from grader.plugins import Reporter
from grader.records import Record
from grader.reporters.plain_text import printable
from grader.reporters.prose import blocks, spans
from grader.reporters.view import view

if TYPE_CHECKING:
    from jinja2 import Environment


LARGEST_PAGE_BYTES = 150_000  # a browser on a phone opens it at once, and a mail takes it


def render(record: Record, *, title: str) -> str:
    """The page of one student. title: that of the assignment.

    A page that would be larger than LARGEST_PAGE_BYTES has its texts cut: only a submission that means to gets there.
    """
    template = environment().get_template("feedback.html.j2")
    page = template.render(record=view(record), title=title)
    if len(page.encode()) <= LARGEST_PAGE_BYTES:
        return page
    return template.render(record=view(record, is_brief=True), title=title)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja2 with everything escaped that comes in through a variable; made once, since loading costs 50 ms."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.reporters"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals.update(blocks=blocks, spans=spans)
    return made


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value


REPORTER = Reporter("The page of one student.", ".html", render)
