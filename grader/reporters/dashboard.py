"""Interactive charts for the page of the class: Altair's description of them, and the scripts that draw it.

Vega, which draws, is put into the page as it is, so nothing is loaded; it interprets expressions without `eval`, which
the page's Content-Security-Policy forbids. The data are not written twice: the script reads the table of students.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from grader.errors import UsageError

_WIDTH = 890
_HALF_WIDTH = 365
_ROW_HEIGHT = 20
_CURVE_PERCENT = 20  # of a class of a hundred, each fifth still has students enough for a mean
_BIN_PERCENT = 5
_PERCENT = {"domain": [0, 100]}
_STYLE = {
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--soft)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "gridColor": "var(--line)",
        "titleFontWeight": "normal",
        "labelLimit": 180,
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "title": {"color": "var(--ink)", "anchor": "start", "fontSize": 14, "subtitleColor": "var(--soft)"},
    "font": "system-ui, sans-serif",
}


@dataclass(frozen=True)
class Charts:
    """What the page needs to draw. spec: Vega-Lite as JSON. script: Vega, and what calls it."""

    spec: str
    script: str


def charts(exercises: Sequence[str]) -> Charts:
    """The charts for an assignment with these exercises. Raises UsageError where the extra is not installed."""
    try:
        import altair
        import vl_convert
    except ImportError as error:
        raise UsageError(
            f"interactive charts need {error.name}, which is not installed; install it with "
            "`pip install 'grader[dashboard]'`, or leave out --dashboard"
        ) from error
    own = (resources.files("grader.reporters") / "templates" / "class_charts.js").read_text(encoding="utf-8")
    return Charts(
        spec=str(_description(altair, exercises).to_json(indent=None)), script=vl_convert.javascript_bundle(own)
    )


def _description(alt: Any, exercises: Sequence[str]) -> Any:
    """Three charts: a brush over the scores selects students in all of them, a click on an exercise its curve.

    Their data are counts by score and exercise, so that a large class is drawn as fast as a small one:
    `scores` has middle and students, `cells` has middle, exercise, total (of shares) and students.
    """
    brush = alt.selection_interval(encodings=["x"], name="brush")
    chosen = alt.selection_point(fields=["exercise"], name="chosen", on="click", empty=False)
    return alt.vconcat(
        _scores(alt, brush),
        alt.hconcat(_exercises(alt, exercises, brush, chosen), _curves(alt, exercises, chosen)),
    ).configure(**_STYLE)


def _scores(alt: Any, brush: Any) -> Any:
    every = (
        alt.Chart(alt.NamedData("scores"))
        .mark_bar(size=_WIDTH * _BIN_PERCENT / 100 - 2, color="var(--line)")
        .encode(
            x=alt.X("middle:Q", title="Share of all points (%)", scale=_PERCENT),
            y=alt.Y("students:Q", title="Students"),
            tooltip=["range:N", "students:Q"],
        )
    )
    selected = every.mark_bar(size=_WIDTH * _BIN_PERCENT / 100 - 2, color="var(--accent)").transform_filter(brush)
    return alt.layer(every.add_params(brush), selected).properties(
        width=_WIDTH, height=150, title=alt.Title("Drag over the scores", subtitle="to see only these students")
    )


def _exercises(alt: Any, exercises: Sequence[str], brush: Any, chosen: Any) -> Any:
    cells = alt.Chart(alt.NamedData("cells"))
    place = {
        "x": alt.X("mean:Q", title="Mean share of the points (%)", scale=_PERCENT),
        "y": alt.Y("exercise:N", sort=list(exercises), title=None),
    }
    bars = _averaged(cells.transform_filter(brush).mark_bar(cursor="pointer", color="var(--accent)"), "exercise")
    marks = _averaged(cells.mark_tick(color="var(--ink)", thickness=2), "exercise")
    bars = bars.encode(
        **place,
        opacity=alt.condition(chosen, alt.value(1), alt.value(0.65)),
        tooltip=["exercise:N", alt.Tooltip("mean:Q", format=".0f", title="mean (%)"), "students:Q"],
    )
    return alt.layer(bars.add_params(chosen), marks.encode(**place)).properties(
        width=_HALF_WIDTH,
        height=alt.Step(_ROW_HEIGHT),
        title=alt.Title("Exercises", subtitle="bars: the selected students; marks: all; click one to see its curve"),
    )


def _curves(alt: Any, exercises: Sequence[str], chosen: Any) -> Any:
    point = alt.OverlayMarkDef(color="var(--accent)")
    lines = alt.Chart(alt.NamedData("cells")).mark_line(interpolate="monotone", point=point, color="var(--accent)")
    lines = lines.transform_calculate(score=f"{_CURVE_PERCENT} * (floor(datum.middle / {_CURVE_PERCENT}) + 0.5)")
    return (
        _averaged(lines, "exercise", "score")
        .encode(
            x=alt.X("score:Q", title="Share of all points (%)", scale=_PERCENT),
            y=alt.Y("mean:Q", title="Mean share in the exercise (%)", scale=_PERCENT),
            detail="exercise:N",
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.2)),
            strokeWidth=alt.condition(chosen, alt.value(3), alt.value(1)),
            tooltip=["exercise:N", alt.Tooltip("mean:Q", format=".0f", title="mean (%)"), "students:Q"],
        )
        .properties(
            width=_HALF_WIDTH,
            height=_ROW_HEIGHT * max(8, len(exercises)),
            title=alt.Title("Discrimination", subtitle="the steeper, the better an exercise tells students apart"),
        )
    )


def _averaged(chart: Any, *by: str) -> Any:
    sums = {"total": "sum(total)", "students": "sum(students)"}
    return chart.transform_aggregate(**sums, groupby=list(by)).transform_calculate(mean="datum.total / datum.students")
