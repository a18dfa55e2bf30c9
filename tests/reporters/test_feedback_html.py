"""The page of one student: self-contained, the same elements whatever a submission says, small."""

from html.parser import HTMLParser

import pytest

from grader.model import ExerciseResult, Feedback, Outcome, Visibility
from grader.reporters import feedback_html
from grader.reporters.plain_text import printable

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Elements with their attributes, and the text between them, of a page that must be well-formed."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = []
        self.style = ""
        self._open = []
        self.feed(source)
        self.close()
        assert self._open == []

    @property
    def text(self):
        return "".join(self.texts)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")


def render(record):
    return feedback_html.render(record, title="Three small functions")


def kinds(page):
    return {(tag, tuple(name for name, _ in attributes)) for tag, attributes in page.elements}


def test_no_text_of_a_submission_adds_an_element_or_an_attribute(make_record, hostile):
    harmless, page = Page(render(make_record("words"))), Page(render(make_record(hostile)))

    assert kinds(page) <= kinds(harmless)
    if "`" not in hostile and "\n" not in hostile:  # neither code nor arrays: the very same elements
        assert page.elements == harmless.elements
    assert page.style == harmless.style


def test_every_text_is_shown_with_all_its_printable_characters(make_record, hostile):
    page = Page(render(make_record(hostile)))

    squeezed = "".join(page.text.split())
    wanted = "".join(printable(hostile).replace("`", "").split())
    assert wanted in squeezed.replace("`", "")


def test_nothing_unprintable_is_left(make_record, hostile):
    assert all(c.isprintable() or c == "\n" for c in render(make_record(hostile)))


def test_the_page_asks_for_nothing_from_outside(make_record):
    source = render(make_record("words"))
    page = Page(source)

    outside = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use", "foreignobject"}
    assert not outside & {tag for tag, _ in page.elements}
    assert "url(" not in page.style
    assert "@import" not in page.style
    assert "//" not in source.replace("</", "")
    attributes = [(name, value) for _, attrs in page.elements for name, value in attrs]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert not any(name.startswith("on") or name == "src" for name, _ in attributes)
    policy = dict(next(attrs for tag, attrs in page.elements if ("http-equiv", "Content-Security-Policy") in attrs))
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_link_within_the_page_leads_somewhere(make_record):
    page = Page(render(make_record("words")))

    targets = {f"#{value}" for _, attrs in page.elements for name, value in attrs if name == "id"}
    links = {value for _, attrs in page.elements for name, value in attrs if name == "href"}
    assert links
    assert links <= targets


def test_score_next_step_and_verdicts_are_there_without_colour(make_record):
    text = Page(render(make_record("words", student="ada"))).text

    before, _, after = text.partition("Score\n")
    assert "ada" in before
    assert "2 of 5 points" in " ".join(before.split())
    assert "Next: f" in before
    for row in (
        "f\n1 / 3\n\n◐ wrong result, raised an exception",
        "g\n1 / 1\n\n✓ correct",
        "h\n0 / 1\n\n✗ not written yet",
    ):
        assert row in after


def test_the_next_step_says_what_is_wrong_and_what_to_try(make_record, make_test):
    said = Feedback("k", "dW is m times too large.", "Divide by m.")
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(said,)),))

    before, _, _ = Page(render(make_record(student="ada", exercises=(lost,)))).text.partition("Score\n")

    assert "dW is m times too large." in before
    assert "Try: Divide by m." in before


def test_arrays_are_set_with_equal_widths_and_their_line_breaks(make_record, make_test):
    shown = Feedback("wrong_array_shown", "dW should be\n[[1., 2.],\n [3., 4.]]\nand is\n[[5., 6.],\n [7., 8.]]")
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(shown,)),))

    source = render(make_record(student="ada", exercises=(lost,)))

    assert (
        '<p>dW should be</p><pre tabindex="0">[[1., 2.],\n [3., 4.]]</pre>'
        '<p>and is</p><pre tabindex="0">[[5., 6.],\n [7., 8.]]</pre>' in source
    )


def test_what_repeats_a_named_mistake_is_folded(make_record, make_test):
    named, found = Feedback("named", "The mean is missing."), Feedback("found", "dW is wrong in 15 of 15 entries.")
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(named, found)),))

    source = render(make_record(student="ada", exercises=(lost,)))

    folded = source[source.index("<details>") : source.index("</details>")]
    assert found.rationale in folded
    assert source.count(found.rationale) == 1
    assert named.rationale not in folded


def test_the_call_is_repeated_for_visible_tests_only(make_record, make_test):
    lost = ExerciseResult(
        exercise="f",
        tests=(
            make_test("", test="test_a", visibility=Visibility.VISIBLE, reproduce="print(f(1))"),
            make_test("", test="test_b", reproduce="print(f(2))"),
        ),
    )

    source = render(make_record(student="ada", exercises=(lost,)))

    assert "print(f(1))" in source
    assert "print(f(2))" not in source


def test_seed_error_and_digests_are_not_on_the_page(make_record):
    record = make_record("words", student="ada")

    source = render(record)

    for secret in (record.seed, record.suite_sha256, record.submission.sha256):
        assert secret not in source


@pytest.mark.parametrize("sign", ["<", "'", "a", "\x00", "𝔸", "`a`", "\n["])
def test_the_page_stays_small_whatever_is_said(make_record, make_test, sign):
    def said(i):
        text = f"{i}{sign * 1200}"
        return (Feedback(f"k{i}", text, text), Feedback(f"d{i}", f"d{text}", text))

    exercises = tuple(
        ExerciseResult(
            exercise=f"exercise_{e}",
            tests=tuple(
                make_test("", test=f"test_{t}", visibility=Visibility.VISIBLE, feedback=said(t), reproduce=sign * 4000)
                for t in range(5)
            ),
            advice=tuple(said(t)[0] for t in range(6)),
        )
        for e in range(14)
    )

    source = render(make_record(student=sign * 60, exercises=exercises))

    assert len(source.encode()) <= feedback_html.LARGEST_PAGE_BYTES
    assert Page(source).text.count("wrong result") >= 14


def test_full_marks_are_said(make_record, make_test):
    right = ExerciseResult(exercise="f", tests=(make_test("", test="t", outcome=Outcome.PASSED, feedback=()),))

    text = Page(render(make_record(student="ada", exercises=(right,)))).text

    assert "Full marks." in text
    assert "What to correct" not in text
