"""index.html: figures of the class, what was not understood, and a link to every page."""

import base64
import csv
import hashlib
import io
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import msgspec
import pytest

from grader.model import CodePiece, ExerciseResult, Feedback, Outcome, Status
from grader.names import file_stem
from grader.reporters import class_page
from grader.reporters.dashboard import Charts

MISTAKE = Feedback("missing_mean", "dW is m times too large.", "Divide by m.")
FOUND = Feedback("wrong_entries", "dW is wrong in 15 of 15 entries.")


class Page(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.elements, self.links, self.text = [], [], ""
        self._is_raw = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self._is_raw = tag in {"script", "style"}

    def handle_endtag(self, tag):
        self._is_raw = False

    def handle_data(self, data):
        self.text += "" if self._is_raw else data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def render(*graded):
    return class_page.render(graded, title="Three small functions")


def section(source, name):
    """The part of the page with this id."""
    _, _, rest = source.partition(f'<section id="{name}">')
    return rest[: rest.index("</section>")]


def row(source, label):
    """The text of the row of the table that begins with `label`."""
    _, _, rest = source.partition(f'<th scope="row">{label}</th>')
    return Page(rest[: rest.index("</tr>")]).text


def table(source, name):
    """The rows of the CSV behind the part of the page."""
    (data,) = re.findall(rf'download="{name}\.csv" href="data:text/csv;charset=utf-8;base64,([^"]*)"', source)
    return list(csv.DictReader(io.StringIO(base64.b64decode(data).decode())))


def test_no_text_of_a_submission_adds_an_element_or_an_attribute(make_record, hostile):
    harmless = Page(render(make_record("words"), make_record("words", status=Status.GRADER_ERROR)))
    page = Page(render(make_record(hostile), make_record(hostile, status=Status.GRADER_ERROR)))

    assert set(page.elements) <= set(harmless.elements) | {("code", ()), ("pre", ("tabindex",))}
    assert all(c.isprintable() or c == "\n" for c in page.text)


def test_links_lead_to_the_feedback_folder_and_nowhere_else(make_record, hostile):
    for status in (Status.GRADED, Status.GRADER_ERROR):
        record = make_record("words", student=hostile, status=status)

        links = set(Page(render(record)).links)
        pages = {link for link in links if link.startswith("feedback/")}

        assert [unquote(link) for link in pages] == [f"feedback/{file_stem(record.student)}.html"]
        assert all(link.count("/") == 1 and ":" not in link for link in pages)
        assert all(
            re.fullmatch(r"#[a-z]+|gradebook\.csv|data:text/csv;charset=utf-8;base64,[\w+/=]*", link)
            for link in links - pages
        )


def test_mean_median_and_distribution(make_record, make_test):
    def record(student, passed):
        outcomes = [Outcome.PASSED] * passed + [Outcome.FAILED] * (10 - passed)
        tests = tuple(make_test("", test=f"test_{i}", outcome=o) for i, o in enumerate(outcomes))
        return make_record(student=student, exercises=(ExerciseResult(exercise="f", tests=tests),))

    source = render(record("a", 10), record("b", 10), record("c", 1))
    text = Page(source).text

    assert "70 % mean" in text
    assert "100 % median" in text
    assert row(source, "100 %").split() == ["2"]
    assert row(source, "10–20 %").split() == ["1"]
    assert row(source, "90–100 %").split() == ["0"]


def test_one_mistake_is_counted_once_a_student(make_record, make_test):
    def record(student):
        tests = tuple(make_test("", test=f"test_{i}", feedback=(MISTAKE, FOUND)) for i in range(3))
        return make_record(student=student, exercises=(ExerciseResult(exercise="f", tests=tests),))

    source = section(render(record("a"), record("b")), "mistakes")

    assert source.count(MISTAKE.rationale) == 1
    assert source.count(">missing_mean</span>") == 1
    assert table(source, "mistakes")[0]["students"] == "2"
    assert 'href="feedback/a.html"' in source
    assert 'href="feedback/b.html"' in source


def test_what_only_repeats_a_named_mistake_is_not_listed(make_record, make_test):
    tests = (make_test("", test="test_a", feedback=(MISTAKE, FOUND)),)

    source = render(make_record(student="a", exercises=(ExerciseResult(exercise="f", tests=tests),)))

    assert FOUND.rationale not in source


def test_what_is_not_written_is_no_mistake(make_record, make_test):
    said = Feedback("stub", "f is still the stub.")
    tests = (make_test("", test="test_a", outcome=Outcome.NOT_IMPLEMENTED, feedback=(said,)),)

    source = render(make_record(student="a", exercises=(ExerciseResult(exercise="f", tests=tests),)))

    assert said.rationale not in source


def test_the_most_frequent_mistake_comes_first(make_record, make_test):
    def record(student, said):
        tests = (make_test("", test="test_a", feedback=(said,)),)
        return make_record(student=student, exercises=(ExerciseResult(exercise="f", tests=tests),))

    rare = Feedback("rare", "Something rare.")
    source = section(render(record("a", rare), record("b", MISTAKE), record("c", MISTAKE)), "mistakes")

    assert source.index(MISTAKE.rationale) < source.index(rare.rationale)


def test_values_that_nothing_explains_are_one_entry_for_hidden_and_visible_tests(make_record, make_test):
    def record(student, *keys):
        tests = tuple(make_test("", test=f"test_{key}", feedback=(Feedback(key, key),)) for key in keys)
        return make_record(student=student, exercises=(ExerciseResult(exercise="f", tests=tests),))

    source = render(record("a", "wrong_array_shown", "wrong_entries"), record("b", "wrong_entries"))

    assert [(found["key"], found["students"]) for found in table(source, "mistakes")] == [("wrong_values", "2")]


@pytest.fixture
def make_wrong(make_record, make_test):
    """Makes a record with a wrong answer in f that has no name, and `lines` as the student's own."""

    def make(student, digest, lines="def f(x):\n    return x"):
        exercise = ExerciseResult(
            exercise="f",
            tests=(make_test("", test="t", feedback=(FOUND,)),),
            code=(CodePiece(3, lines),),
            answer_digest=digest,
        )
        return make_record(student=student, exercises=(exercise,))

    return make


def test_the_same_wrong_answer_is_shown_once_with_a_sample_to_start_from(make_wrong):
    graded = make_wrong("a", "1"), make_wrong("b", "1", "def f(y):\n    return y < 1"), make_wrong("c", "2")

    source = section(render(*graded), "answers")

    assert source.count('<article class="cluster">') == 1
    assert "the same answer from 2 students" in source
    assert '@misconception("f", rationale=' in source
    assert "def f(y):\n    return y &lt; 1" in source
    assert "1 wrong answer that only one student gave is not listed" in source
    assert [(found["students"], found["sample"]) for found in table(source, "answers")] == [("2", "b")]


def test_the_own_lines_of_a_sample_are_text(make_wrong, hostile):
    graded = make_wrong("a", "1", hostile), make_wrong("b", "1", hostile)

    page = Page(render(*graded))

    assert set(page.elements) == set(Page(render(make_wrong("a", "1"), make_wrong("b", "1"))).elements)


def test_the_row_of_a_student_has_what_the_filters_need(make_wrong, make_record, make_test):
    half = (make_test("", test="t"), make_test("", test="u", outcome=Outcome.PASSED))
    crash = make_test("", test="t", outcome=Outcome.CRASHED)
    other = make_record(
        student="c",
        exercises=(ExerciseResult(exercise="f", tests=half), ExerciseResult(exercise="g", tests=(crash,))),
    )

    rows = section(render(make_wrong("a", "1"), make_wrong("b", "1"), other), "students").split("<tr")[2:]

    assert ' data-t="0" data-s="0 -" data-f="m0 a0">' in rows[0]
    assert ' data-t="33" data-s="50 0" data-f="m1 m2" data-r>' in rows[2]


def test_hundred_percent_is_said_of_full_marks_only(make_record, make_test):
    tests = (
        make_test("", test="t", outcome=Outcome.PASSED, points=999),
        make_test("", test="u", points=1),
    )

    source = section(
        render(make_record(student="a", exercises=(ExerciseResult(exercise="f", tests=tests),))), "students"
    )

    assert "99 %" in source
    assert "100 %" not in source


def test_a_flood_of_hints_is_cut_and_whole_in_the_csv(make_record):
    graded = [
        msgspec.structs.replace(make_record("words", student=f"s{i}"), integrity=(Feedback(f"k{i}", f"Hint {i}."),))
        for i in range(class_page._MOST_HINTS + 5)
    ]

    source = render(*graded)

    assert section(source, "hints").count("<tr><td>") == class_page._MOST_HINTS
    assert "more are in the CSV" in section(source, "hints")
    assert {f"Hint {i}." for i in range(len(graded))} <= {found["hint"] for found in table(source, "hints")}


def test_runs_that_failed_were_ended_or_slow_are_listed_in_this_order(make_record, make_test):
    def record(student, seconds=0.0, **options):
        test = msgspec.structs.replace(make_test("", test="t", **options), seconds=seconds)
        return make_record(student=student, exercises=(ExerciseResult(exercise="f", tests=(test,)),))

    graded = [
        record("quick"),
        record("slow", 18.5),
        record("slower", 31.0),
        record("hangs", 5.01, outcome=Outcome.TIMED_OUT),
        make_record("the zygote died", student="failed", exercises=(), status=Status.GRADER_ERROR),
    ]

    runs = table(render(*graded), "runs")

    assert [tuple(run.values()) for run in runs] == [
        ("failed", "no score: the zygote died", ""),
        ("hangs", "ran out of time in f", "≥ 5 s"),
        ("slower", "slow", "≥ 30 s"),
        ("slow", "slow", "≥ 15 s"),
    ]


def test_cells_of_the_tables_are_no_formulas(make_record, make_test):
    tests = (make_test("", test="t", feedback=(Feedback("k", "=1+1"),), outcome=Outcome.CRASHED),)
    source = render(make_record(student="@SUM(A1)", exercises=(ExerciseResult(exercise="f", tests=tests),)))

    assert table(source, "mistakes")[0]["rationale"] == "'=1+1"
    assert table(source, "runs")[0]["student"] == "'@SUM(A1)"


def test_the_policy_names_exactly_the_scripts_of_the_page(make_record):
    charts = Charts(spec='{"title": "</script><b>"}', script="window.drawn = true;")
    source = class_page.render([make_record("words")], title="t", charts=charts)

    scripts = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}

    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', source)
    assert len(scripts) == 2
    assert set(re.findall(r"'sha256-([^']*)'", policy)) == digests
    assert "default-src 'none'" in policy
    assert "</script><b>" not in source


def test_a_submission_without_score_does_not_count_and_says_why(make_record, make_test):
    right = ExerciseResult(exercise="f", tests=(make_test("", test="t", outcome=Outcome.PASSED, feedback=()),))
    graded = make_record(student="a", exercises=(right,))
    broken = make_record("the zygote died", student="b", exercises=(), status=Status.GRADER_ERROR)

    source = render(graded, broken)

    assert "100 % mean" in Page(source).text
    assert "1 without a score (our fault)" in Page(source).text
    assert "no score: the zygote died" in source


def test_a_class_of_nobody_has_a_page():
    assert "0 submissions" in Page(render()).text


def test_a_student_who_lost_everywhere_gets_one_word(make_record, make_test):
    lost = tuple(ExerciseResult(exercise=name, tests=(make_test("", test="t"),)) for name in ("f", "g", "h"))

    text = Page(section(render(make_record(student="ada", exercises=lost)), "students")).text

    assert "ada00 %all exercises" in "".join(text.split("\n"))
