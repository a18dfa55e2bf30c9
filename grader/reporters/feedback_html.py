"""feedback/<student>.html: one self-contained page without script, readable in colour and without."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from grader.records import Record
from grader.reporters.plain_text import printable
from grader.reporters.view import view

if TYPE_CHECKING:
    from jinja2 import Environment


def render(record: Record, *, title: str) -> str:
    """The page of one student. title: that of the assignment."""
    return environment().get_template("feedback.html.j2").render(record=view(record), title=title)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja2 with everything escaped that comes in through a variable; made once, since loading costs 50 ms."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("grader.reporters"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value
