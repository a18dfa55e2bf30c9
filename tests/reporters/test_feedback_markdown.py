"""The page in Markdown: it says the same whether read as text or rendered, and nothing in it becomes markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.model import ExerciseResult, Feedback, Visibility
from grader.reporters import feedback_markdown
from grader.reporters.feedback_markdown import code, escape, fenced
from grader.reporters.plain_text import printable

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LINKED = re.compile(r"(?i)\w@\w|@\w|://|www\.|mailto:|xmpp:")
SIGNS = st.text(st.sampled_from("ab1 \\`*_{}[]()<>#!|~@&$^-+=.:/\"'\n\t\x1b"), max_size=30)


def tokens(source):
    """All tokens, those inside of paragraphs included."""
    return [inner for token in PARSER.parse(source) for inner in (token, *(token.children or ()))]


def squeezed(text):
    return "".join(printable(text).replace("`", "").split())


def shown(source):
    """What a reader of the rendered page sees, without spaces and backticks."""
    return squeezed("".join(t.content for t in tokens(source) if t.type in {"text", "code_inline", "fence"}))


def render(record):
    return feedback_markdown.render(record, title="Three small functions")


def test_no_text_of_a_submission_becomes_markup(make_record, hostile):
    harmless, found = tokens(render(make_record("words"))), tokens(render(make_record(hostile)))

    assert {t.type for t in found} <= {t.type for t in harmless}
    for kind in ("heading_open", "tr_open", "bullet_list_open", "ordered_list_open", "table_open", "strong_open"):
        assert sum(t.type == kind for t in found) == sum(t.type == kind for t in harmless)


def test_addresses_and_mentions_are_code(make_record, hostile):
    for token in tokens(render(make_record(hostile))):
        assert token.type != "text" or not LINKED.search(token.content)


def test_every_text_is_shown_with_all_its_printable_characters(make_record, hostile):
    assert squeezed(hostile) in shown(render(make_record(hostile)))


def test_nothing_unprintable_is_left(make_record, hostile):
    assert all(c.isprintable() or c == "\n" for c in render(make_record(hostile)))


@pytest.mark.parametrize("frame", ["- {}", "# {}", "{}: **3 of 4 points**", "**Try:** {}"])
@given(SIGNS)
def test_escaped_text_is_one_piece_of_text_and_code(frame, text):
    harmless, found = tokens(frame.format("words")), tokens(frame.format(escape(f"a{text}z")))
    bare = tokens(frame.format(escape(text)))

    for parsed in (found, bare):
        assert {t.type for t in parsed} <= {t.type for t in harmless} | {"code_inline", "text", "inline"}
    assert squeezed(f"a{text}z") in shown(frame.format(escape(f"a{text}z")))


@given(SIGNS)
def test_inline_code_is_one_piece_of_code(text):
    (paragraph,) = [t for t in tokens(f"a {code(f'x{text}x')} b") if t.type == "inline"]

    assert [t.type for t in paragraph.children] == ["text", "code_inline", "text"]


@given(SIGNS)
def test_a_block_of_code_ends_where_it_should(text):
    (block,) = tokens("\n".join(fenced(text, language="python")))

    assert block.type == "fence"


@pytest.mark.parametrize(
    "text",
    [
        "dW and db are m times too large: the mean over the examples (1/m) is missing.",
        "affine_backward needs A_prev.shape[1], W @ A_prev and dA * s * (1 - s).",
        "dW is wrong in 15 of 15 entries, the first at [0, 0] (relative error up to 0.9).",
        "It should be < 1 & > 0, so a_1 <= 3!",
    ],
)
def test_ordinary_feedback_reads_as_it_was_written(text):
    assert escape(text) == text


def test_code_between_backticks_stays_code():
    assert escape("Use `np.where(a, b, c)` here") == "Use `np.where(a, b, c)` here"


def test_arrays_are_code_blocks_inside_their_item(make_record, make_test):
    said = Feedback("wrong_array_shown", "dW should be\n[[1., 2.],\n [3., 4.]]\nand is\n[[5., 6.],\n [7., 8.]]", "Add.")
    lost = ExerciseResult(exercise="f", tests=(make_test("", test="test_a", feedback=(said,)),))

    source = render(make_record(student="ada", exercises=(lost,)))

    assert [t.content for t in tokens(source) if t.type == "fence"] == [
        "[[1., 2.],\n [3., 4.]]\n",
        "[[5., 6.],\n [7., 8.]]\n",
    ]
    item = source[source.index("- dW should be") :]
    assert "\n  ```text\n  [[1., 2.],\n   [3., 4.]]\n  ```\n" in item
    assert "\n  **Try:** Add.\n" in item


def test_a_message_of_several_tests_is_written_once(make_record, make_test):
    said = Feedback("k", "The mean is missing.", "Divide by m.")
    tests = tuple(make_test("", test=f"test_{i}", feedback=(said,)) for i in range(3))

    source = render(make_record(student="ada", exercises=(ExerciseResult(exercise="f", tests=tests),)))

    assert source.count("- The mean is missing. (3 tests)\n") == 1
    assert source.count("Divide by m.") == 1


def test_the_call_is_repeated_for_visible_tests_only(make_record, make_test):
    lost = ExerciseResult(
        exercise="f",
        tests=(
            make_test("", test="test_a", visibility=Visibility.VISIBLE, reproduce="print(f(1))\n"),
            make_test("", test="test_b", reproduce="print(f(2))\n"),
        ),
    )

    source = render(make_record(student="ada", exercises=(lost,)))

    assert "```python\nprint(f(1))\n```\n" in source
    assert "print(f(2))" not in source


def test_score_next_step_and_points_come_first(make_record):
    lines = render(make_record("words", student="ada")).splitlines()

    assert lines[0] == "# Three small functions"
    assert lines[2] == "ada: **2 of 5 points**"
    assert lines[4] == "**Next:** `f` – words"
    assert "| `f` | 1 / 3 | ◐ wrong result, raised an exception |" in lines
