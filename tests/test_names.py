import os
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.names import LONGEST_STEM_BYTES, did_you_mean, file_stem, printable, printable_path

any_text = st.text(st.characters(exclude_categories=()), max_size=300)
file_names = st.binary(max_size=255).map(lambda name: name.decode("utf-8", "surrogateescape"))
students = any_text | file_names | st.text("ab.%~/\\ _\n\u0301é\udcff", max_size=8)


@pytest.mark.parametrize(
    "name", ["ada", "Ada Lovelace", "ada_12345", "a.b-c@uni-köln.de", "李明", "José", "O'Brien, Pat", "x+y", "हिन्दी"]
)
def test_ordinary_names_are_their_own_file_names(name):
    assert file_stem(name) == name
    assert printable(name) == name


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("..", "%2E%2E"),
        (".", "%2E"),
        (".hidden", "%2Ehidden"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a\nb", "a%0Ab"),
        ("a\0b", "a%00b"),
        ("100%", "100%25"),
        ("a~b", "a%7Eb"),
        (" a ", "%20a%20"),
        ("a.", "a%2E"),
        ("", "%"),
        ("con", "%63on"),
        ("NUL.txt", "%4EUL.txt"),
        ("a–b", "a%u2013b"),
        ("a\U0001f600", "a%U0001F600"),
        (os.fsdecode(b"ad\xff"), "ad%FF"),
        ("Jose\u0301", "Jose%u0301"),
        ("\udc00\ud800", "%uDC00%uD800"),
    ],
)
def test_what_a_file_name_cannot_hold_is_escaped(name, stem):
    assert file_stem(name) == stem


@given(students, students)
@example("é", "e\u0301")
@example("\udcc3\udca9", "é")
@example("%0A", "\n")
@example("a" * 300, "a" * 301)
def test_two_students_never_share_a_file_name(one, other):
    assert (file_stem(one) == file_stem(other)) == (one == other)


@given(students)
@example("a" * 300)
@example("é" * 300)
@example("/" * 300)
def test_a_file_stem_is_one_visible_part_of_a_path(name):
    stem = file_stem(name)

    assert stem
    assert not {"/", "\\", "\0", ":"} & set(stem)
    assert not stem.startswith((".", " "))
    assert not stem.endswith((".", " "))
    assert stem.isprintable()
    assert len(stem.encode()) <= LONGEST_STEM_BYTES


@given(students, students)
def test_printable_text_is_valid_and_tells_names_apart(one, other):
    printable(one).encode()

    assert printable(one).isprintable()
    assert (printable(one) == printable(other)) == (one == other)


def test_printable_shows_bytes_and_control_characters_as_escapes():
    assert printable("a\nb") == r"a\x0Ab"
    assert printable(os.fsdecode(b"\xff")) == r"\xFF"
    assert printable("a\u202eb") == r"a\u202Eb"
    assert printable("a\\b") == r"a\\b"


def test_printable_path_shows_a_hostile_name_on_one_line(tmp_path):
    assert printable_path(tmp_path / "a\nb") == f"{tmp_path}/a\\x0Ab"


def test_file_stem_keeps_normalized_names_normalized():
    assert unicodedata.is_normalized("NFC", file_stem("Jose\u0301"))


def test_did_you_mean_finds_the_nearest_name_whatever_its_case():
    assert did_you_mean("Sigmiod", ["relu", "sigmoid"]) == "; did you mean sigmoid?"
    assert did_you_mean("zzz", ["relu", "sigmoid"]) == ""
