"""feedback/<student>.html: one self-contained page without script, readable in colour and without."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from grader import formulas
from grader.plugins import Reporter
from grader.records import Record
from grader.reporters import pictures
from grader.reporters.captions import caption
from grader.reporters.plain_text import printable
from grader.reporters.prose import blocks, spans
from grader.reporters.view import view

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from grader.model import Picture


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
    made.globals.update(blocks=blocks, spans=spans, caption=caption, drawings=_drawings, formula=_formula)
    return made


def _drawings(picture: Picture) -> list[tuple[str, Markup]]:
    """Title and drawing of every panel. Drawings are markup of ours, in which all texts are escaped."""
    from markupsafe import Markup

    return [(panel.title, Markup(panel.svg)) for panel in pictures.panels(picture)]


def _formula(text: str) -> Markup | str:
    """MathML; a formula that is none, in a record of unknown origin, stays text."""
    from markupsafe import Markup

    try:
        return Markup(formulas.mathml(printable(text)))
    except formulas.FormulaError:
        return text


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value


REPORTER = Reporter("The page of one student.", ".html", render)
