"""index.html: what the class has understood and what not, with a link to every student's page.

The page is whole without its script, which sorts, filters and shows a hundred students at a time. Nothing is loaded:
the Content-Security-Policy forbids every request, and names the scripts that may run by their digests. Tables behind
the charts are in the page, too, as CSV in `data:` links.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.names import guarded
from grader.records import Record
from grader.reporters.class_statistics import (
    FEWEST_FOR_DISCRIMINATION,
    ClassStatistics,
    Cluster,
    ExerciseFigures,
    Mistake,
    Student,
    collect,
    distribution,
)
from grader.reporters.feedback_html import environment
from grader.reporters.plain_text import printable
from grader.reporters.prose import shortened
from grader.reporters.view import number

if TYPE_CHECKING:
    from markupsafe import Markup

    from grader.reporters.dashboard import Charts

_MOST_MISTAKES = 40
_MOST_CLUSTERS = 30
_MOST_RUNS = 40
_MOST_HINTS = 100
_MOST_NAMES = 30  # beside one mistake; the table of students shows them all
_MOST_LOST = 4
_MOST_CODE = 3000  # characters of a sample
_OPTION_LENGTH = 60
_STATES = {"full": "all points", "part": "some points", "none": "no points", "unwritten": "not written"}


@dataclass(frozen=True)
class Link:
    """A student's name, and the relative address of the page."""

    name: str
    link: str


@dataclass(frozen=True)
class Listed:
    """Students of something: the first ones, and how many more there are."""

    students: tuple[Link, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.students)


@dataclass(frozen=True)
class Bar:
    """A column of the distribution. height: in [0, 1]."""

    label: str
    count: int
    height: float


@dataclass(frozen=True)
class Part:
    """Students who did equally well in an exercise."""

    state: str
    count: int
    words: str


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise over the whole class, in words."""

    figures: ExerciseFigures
    mean: str
    parts: tuple[Part, ...]
    discrimination: str
    discrimination_key: float

    @property
    def words(self) -> str:
        return ", ".join(part.words for part in self.parts)


@dataclass(frozen=True)
class MistakeRow:
    """One mistake. filter: what shows its students in the table of all."""

    exercise: str
    key: str
    rationale: str
    is_named: bool
    listed: Listed
    filter: str


@dataclass(frozen=True)
class ClusterCard:
    """One wrong answer without a name, and the sample to read. code: of the sample, "" where it is not known."""

    exercise: str
    rationale: str
    listed: Listed
    filter: str
    sample: Link
    code: str


@dataclass(frozen=True)
class Run:
    """One run that failed, was ended, or was slow."""

    student: Link
    words: str
    time: str


@dataclass(frozen=True)
class HintRow:
    """One hint on integrity."""

    listed: Listed
    rationale: str
    help: str | None


@dataclass(frozen=True)
class StudentRow:
    """One student. data: attributes of the row, for the script. words: where points were lost, or why there is none."""

    name: str
    link: str
    score: str
    share: str
    words: str
    data: Markup


@dataclass(frozen=True)
class Option:
    """An entry of the filter for mistakes."""

    value: str
    words: str


def render(records: Iterable[Record], *, title: str, charts: Charts | None = None) -> str:
    """The page of the class. title: that of the assignment. charts: interactive ones, see `dashboard`."""
    figures = collect(records)
    mistakes, clusters = figures.mistakes[:_MOST_MISTAKES], figures.clusters[:_MOST_CLUSTERS]
    values = _findings(mistakes, clusters)
    shares = figures.shares
    runs = figures.runs
    script = _script()
    return (
        environment()
        .get_template("class.html.j2")
        .render(
            title=title,
            max_score=number(figures.max_score),
            count=len(figures.students),
            failed=sum(student.error is not None for student in figures.students),
            mean=_percent(statistics.fmean(shares)) if shares else "–",
            median=_percent(statistics.median(shares)) if shares else "–",
            bars=_bars(shares),
            exercises=[_exercise(exercise) for exercise in figures.exercises],
            fewest=FEWEST_FOR_DISCRIMINATION,
            has_single_losses=figures.has_single_losses
            and any(e.discrimination is not None for e in figures.exercises),
            mistakes=[_mistake(figures, i, mistake) for i, mistake in enumerate(mistakes)],
            more_mistakes=len(figures.mistakes) - len(mistakes),
            clusters=[_cluster(figures, i, cluster) for i, cluster in enumerate(clusters)],
            more_clusters=len(figures.clusters) - len(clusters),
            singles=figures.singles,
            runs=[_run(figures.students[i]) for i in runs[:_MOST_RUNS]],
            more_runs=max(0, len(runs) - _MOST_RUNS),
            hints=[
                HintRow(_listed(figures, h.students), h.hint.rationale, h.hint.help)
                for h in figures.hints[:_MOST_HINTS]
            ],
            more_hints=max(0, len(figures.hints) - _MOST_HINTS),
            findings=_options(mistakes, clusters),
            students=_students(figures, values),
            tables={name: _data_link(rows) for name, rows in _tables(figures).items()},
            spec=_safe(charts.spec.replace("<", "\\u003c")) if charts else None,
            charts_script=_safe(charts.script) if charts else None,
            script=_safe(script),
            script_sources=_safe(" ".join(_source(text) for text in (script, *([charts.script] if charts else [])))),
        )
    )


@lru_cache(maxsize=1)
def _script() -> str:
    return (resources.files("grader.reporters") / "templates" / "class.js").read_text(encoding="utf-8")


def _safe(markup: str) -> Markup:
    """`markup` as it is: of our own text only."""
    from markupsafe import Markup

    return Markup(markup)


def _source(script: str) -> str:
    """What the Content-Security-Policy calls a script: nothing else may run, whatever stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _floor(share: float) -> int:
    """Whole percents; what is not all is below 100, and what is not nothing above 0."""
    return 100 if share >= 1 else max(1, int(100 * share + 1e-9)) if share > 0 else 0


def _bars(shares: Sequence[float]) -> list[Bar]:
    bins = distribution(shares)
    highest = max(count for _, count in bins) or 1
    return [Bar(label, count, count / highest) for label, count in bins]


def _exercise(figures: ExerciseFigures) -> ExerciseRow:
    parts = []
    for state, words in _STATES.items():
        count = getattr(figures, state)
        if count:
            parts.append(Part(state, count, f"{count} {words}"))
    discrimination = figures.discrimination
    return ExerciseRow(
        figures=figures,
        mean=_percent(figures.mean),
        parts=tuple(parts),
        discrimination="–" if discrimination is None else f"{discrimination:.2f}".replace("-", "−"),
        discrimination_key=-2.0 if discrimination is None else round(discrimination, 6),
    )


def _mistake(figures: ClassStatistics, index: int, mistake: Mistake) -> MistakeRow:
    return MistakeRow(
        exercise=mistake.exercise,
        key=mistake.said.key,
        rationale=mistake.said.rationale,
        is_named=mistake.is_named,
        listed=_listed(figures, mistake.students),
        filter=f"finding=m{index}",
    )


def _cluster(figures: ClassStatistics, index: int, cluster: Cluster) -> ClusterCard:
    return ClusterCard(
        exercise=cluster.exercise,
        rationale=cluster.said.rationale if cluster.said is not None else "",
        listed=_listed(figures, cluster.students),
        filter=f"finding=a{index}",
        sample=_link(figures.students[cluster.sample]),
        code=shortened("\n\n".join(piece.text.strip("\n") for piece in cluster.code), _MOST_CODE),
    )


def _run(student: Student) -> Run:
    happened = [f"no score: {student.error}"] if student.error is not None else []
    happened += [f"{what} in {', '.join(exercises)}" for what, exercises in student.ended]
    return Run(
        student=_link(student),
        words="; ".join(happened) or "slow",
        time=f"≥ {student.slow_seconds} s" if student.slow_seconds else "",
    )


def _listed(figures: ClassStatistics, positions: Sequence[int]) -> Listed:
    return Listed(tuple(_link(figures.students[i]) for i in positions[:_MOST_NAMES]), len(positions))


def _link(student: Student) -> Link:
    return Link(student.name, f"feedback/{quote(student.stem)}.html")


def _findings(mistakes: Sequence[Mistake], clusters: Sequence[Cluster]) -> Mapping[int, list[str]]:
    """By position of a student, the mistakes and clusters that are his or hers, as values of the filter."""
    values: dict[int, list[str]] = defaultdict(list)
    for letter, groups in (("m", [m.students for m in mistakes]), ("a", [c.students for c in clusters])):
        for index, positions in enumerate(groups):
            for position in positions:
                values[position].append(f"{letter}{index}")
    return values


def _options(mistakes: Sequence[Mistake], clusters: Sequence[Cluster]) -> list[Option]:
    return [
        *(
            Option(f"m{i}", shortened(f"{m.exercise}: {m.said.rationale}".replace("\n", " "), _OPTION_LENGTH))
            for i, m in enumerate(mistakes)
        ),
        *(
            Option(f"a{i}", f"{cluster.exercise}: the same wrong answer from {len(cluster.students)} students")
            for i, cluster in enumerate(clusters)
        ),
    ]


def _students(figures: ClassStatistics, values: Mapping[int, list[str]]) -> Iterator[StudentRow]:
    names = [exercise.name for exercise in figures.exercises]
    for position, student in enumerate(figures.students):
        share = student.share
        yield StudentRow(
            name=student.name,
            link=_link(student).link,
            score=number(student.score),
            share="" if share is None else f"{_floor(share)} %",
            words=f"no score: {student.error}" if student.error is not None else _lost(student, len(names)),
            data=_row_data(student, names, values.get(position, ())),
        )


def _lost(student: Student, exercises: int) -> str:
    lost = student.lost
    if len(lost) == exercises > 1:
        return "all exercises"
    shown = ", ".join(lost[:_MOST_LOST]) or "–"
    return shown if len(lost) <= _MOST_LOST else f"{shown} and {len(lost) - _MOST_LOST} more"


def _row_data(student: Student, exercises: Sequence[str], values: Sequence[str]) -> Markup:
    """Numbers of ours for the script: t, share of all points; s, of each exercise; f, findings; r, a run of note."""
    data = ""
    if (total := student.share) is not None:
        shares = dict(student.shares)
        each = " ".join("-" if (share := shares.get(name)) is None else str(_floor(share)) for name in exercises)
        data += f' data-t="{_floor(total)}" data-s="{each}"'
    if values:
        data += f' data-f="{" ".join(values)}"'
    return _safe(data + (" data-r" if student.is_run_of_note else ""))


def _tables(figures: ClassStatistics) -> dict[str, list[tuple[object, ...]]]:
    """The tables behind the charts and lists, by name; the first row of each is its head."""
    return {
        "scores": [("share", "students"), *distribution(figures.shares)],
        "exercises": [
            ("exercise", "mean_share", "all_points", "some_points", "no_points", "not_written", "discrimination"),
            *(
                (e.name, round(e.mean, 6), e.full, e.part, e.none, e.unwritten, _rounded(e.discrimination))
                for e in figures.exercises
            ),
        ],
        "mistakes": [
            ("students", "exercise", "key", "is_misconception", "rationale", "first_students"),
            *(
                (len(m.students), m.exercise, m.said.key, m.is_named, m.said.rationale, _first(figures, m.students))
                for m in figures.mistakes
            ),
        ],
        "answers": [
            ("students", "exercise", "sample", "said", "first_students"),
            *(
                (
                    len(c.students),
                    c.exercise,
                    figures.students[c.sample].name,
                    c.said.rationale if c.said is not None else "",
                    _first(figures, c.students),
                )
                for c in figures.clusters
            ),
        ],
        "runs": [
            ("student", "what_happened", "time_in_tests"),
            *((run.student.name, run.words, run.time) for run in (_run(figures.students[i]) for i in figures.runs)),
        ],
        "hints": [
            ("students", "key", "hint", "first_students"),
            *((len(h.students), h.hint.key, h.hint.rationale, _first(figures, h.students)) for h in figures.hints),
        ],
    }


def _rounded(value: float | None) -> float | str:
    return "" if value is None else round(value, 6)


def _first(figures: ClassStatistics, positions: Sequence[int]) -> str:
    return " ".join(figures.students[i].name for i in positions[:_MOST_NAMES])


def _data_link(rows: Iterable[Sequence[object]]) -> str:
    """A `data:` address of the table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([guarded(printable(cell)) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(text.getvalue().encode()).decode()}"
