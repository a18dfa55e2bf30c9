"""index.html: figures of the class, what was not understood, and a link to every page."""

from html.parser import HTMLParser
from urllib.parse import unquote

from grader.model import ExerciseResult, Feedback, Outcome, Status
from grader.names import file_stem
from grader.reporters import class_page

MISTAKE = Feedback("missing_mean", "dW is m times too large.", "Divide by m.")
FOUND = Feedback("wrong_entries", "dW is wrong in 15 of 15 entries.")


class Page(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.elements, self.links, self.text = [], [], ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def render(*graded):
    return class_page.render(graded, title="Three small functions")


def row(source, label):
    """The text of the row of the table that begins with `label`."""
    _, _, rest = source.partition(f'<th scope="row">{label}</th>')
    return Page(rest[: rest.index("</tr>")]).text


def test_no_text_of_a_submission_adds_an_element_or_an_attribute(make_record, hostile):
    harmless = Page(render(make_record("words"), make_record("words", status=Status.GRADER_ERROR)))
    page = Page(render(make_record(hostile), make_record(hostile, status=Status.GRADER_ERROR)))

    assert set(page.elements) <= set(harmless.elements) | {("code", ()), ("pre", ())}
    assert all(c.isprintable() or c == "\n" for c in page.text)


def test_links_lead_to_the_feedback_folder_and_nowhere_else(make_record, hostile):
    for status in (Status.GRADED, Status.GRADER_ERROR):
        record = make_record("words", student=hostile, status=status)

        (link,) = Page(render(record)).links

        assert link.startswith("feedback/")
        assert unquote(link) == f"feedback/{file_stem(record.student)}.html"
        assert link.count("/") == 1
        assert ":" not in link


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

    source = render(record("a"), record("b"))

    assert source.count(MISTAKE.rationale) == 1
    assert f'<td class="number">2</td><td><code class="soft">f</code><p>{MISTAKE.rationale}</p>' in source


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

    source = render(record("a", FOUND), record("b", MISTAKE), record("c", MISTAKE))

    assert source.index(MISTAKE.rationale) < source.index(FOUND.rationale)


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

    text = Page(render(make_record(student="ada", exercises=lost))).text

    assert "ada0all exercises" in "".join(text.split("\n"))
