import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporters.plain_text import printable
from grader.reporters.prose import Block, Span, blocks, shortened, spans


@given(st.text())
def test_only_printable_characters_and_line_breaks_are_left(text):
    assert all(c.isprintable() or c == "\n" for c in printable(text))


@given(st.text())
def test_no_character_is_dropped(text):
    assert len(printable(text)) == len(text)


@pytest.mark.parametrize(
    "character", ["\x1b", "\x00", "\r", "\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\u200b", "\ud800"]
)
def test_what_acts_on_a_terminal_or_on_the_direction_is_replaced(character):
    assert not character.isprintable()
    assert printable(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("text", ["", "plain", "Zoë Müller", "李雷", "× − λ ≤", "line\nbreak", "e\u0301"])
def test_letters_of_any_script_stay(text):
    assert unicodedata.normalize("NFC", printable(text)) == unicodedata.normalize("NFC", text)


def test_an_array_below_a_sentence_is_a_block_of_its_own():
    assert blocks("dW should be\n[[1., 2.],\n [3., 4.]]\nand is\n[[0., 0.],\n [0., 0.]]") == [
        Block("dW should be", False),
        Block("[[1., 2.],\n [3., 4.]]", True),
        Block("and is", False),
        Block("[[0., 0.],\n [0., 0.]]", True),
    ]


def test_a_long_row_of_an_array_goes_on_in_its_block():
    assert blocks("b is\n[1., 2.,\n  3., 4.]") == [Block("b is", False), Block("[1., 2.,\n  3., 4.]", True)]


def test_lines_of_a_sentence_are_one_paragraph():
    assert blocks("first\n  second") == [Block("first second", False)]


def test_a_text_that_begins_with_a_bracket_is_a_sentence():
    assert blocks("[0, 1) is the interval") == [Block("[0, 1) is the interval", False)]


def test_what_is_between_backticks_is_code():
    assert spans("write `a @ b`, not `a * b`") == [
        Span("write ", False),
        Span("a @ b", True),
        Span(", not ", False),
        Span("a * b", True),
    ]


@pytest.mark.parametrize("text", ["", "a ` b", "``", "` a\nb `"])
def test_a_lone_backtick_begins_no_code(text):
    assert not any(span.is_code for span in spans(text))


def test_a_long_text_is_cut_and_shows_it():
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"
