"""A submission's bytes become text, whatever editor saved them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.worker.decoding import decode_source

TEXT = "# mathématique\nx = 'é'\n"


def kinds(findings):
    return [finding.kind for finding in findings]


@pytest.mark.parametrize(
    "source",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        b"\f" + TEXT.encode(),
    ],
    ids=["utf-8", "with a mark", "CRLF", "CR", "form feed"],
)
def test_what_python_reads_needs_no_finding(source):
    assert decode_source(source) == (TEXT, [])


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15"])
@pytest.mark.parametrize("before", ["", "#!/usr/bin/python\n"])
def test_a_declared_encoding_is_used(encoding, before):
    text = f"{before}# -*- coding: {encoding} -*-\n{TEXT}"

    assert decode_source(text.encode(encoding)) == (text, [])


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_an_undeclared_encoding_is_found_out_and_reported(encoding, name):
    text, findings = decode_source(TEXT.encode(encoding))

    assert text == TEXT
    assert [("encoding", name)] == [(finding.kind, finding.detail) for finding in findings]


@pytest.mark.parametrize("declared", ["utf-8", "no-such-codec", "rot13", "hex", "ascii"])
def test_a_declaration_that_does_not_fit_is_no_obstacle(declared):
    text, findings = decode_source(f"# coding: {declared}\n".encode() + "x = 'é'\n".encode("latin-1"))

    assert text.endswith("x = 'é'\n")
    assert kinds(findings) == ["encoding"]


def test_a_declaration_counts_in_the_first_two_lines_only():
    source = b"x = 1\ry = 2\r# coding: latin-1\r" + "# é\r".encode()

    assert decode_source(source)[0].endswith("# é\n")


def test_null_bytes_are_removed_and_counted():
    text, findings = decode_source(b"a = 1\nb\0 = 2\n\0")

    assert text == "a = 1\nb = 2\n"
    assert [(finding.kind, finding.line, finding.detail) for finding in findings] == [("null_bytes", 2, "2")]


@given(st.binary(max_size=300))
def test_any_bytes_give_text_without_null_bytes_and_carriage_returns(source):
    text, _ = decode_source(source)

    assert not set("\0\r") & set(text)
