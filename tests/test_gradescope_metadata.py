import pytest

from grader import gradescope_metadata
from grader.errors import UsageError
from grader.gradescope_metadata import Entry, Submitter

# As Gradescope writes it: two submitters, output of tests in between, an attempt in :history that is newer than the
# active one.
EXPORT = """\
---
submission_216975964:
  :submitters:
  - :name: Ada Lovelace
    :sid: '06758767'
    :email: ada@uni.example
  - :name: Charles Babbage
    :sid:\x20
    :email: charles@uni.example
  :created_at: 2023-12-02 02:52:07.938335000 Z
  :score: 0.0
  :status: processed
  :results:
    score: 0.0
    tests:
    - name: one
      output: |-
        :submitters:
        - :name: Mallory
    extra_data:\x20
  :history:
  - :submitters: []
    :created_at: 2023-12-04 07:30:05.262325000 Z
    :results:
      tests: []
    :id: 217383000
submission_216996427:
  :submitters: []
  :created_at: 2023-12-01 21:00:00.000000000 -07:00
  :history: []
"""


def parse(text):
    return gradescope_metadata.parse(text, "export.zip/submission_metadata.yml")


def refused(text):
    with pytest.raises(UsageError) as caught:
        parse(text)
    return str(caught.value)


def test_an_export_gives_submitters_the_active_time_and_the_number_of_attempts():
    assert parse(EXPORT) == {
        "submission_216975964": Entry(
            (
                Submitter("Ada Lovelace", "06758767", "ada@uni.example"),
                Submitter("Charles Babbage", "", "charles@uni.example"),
            ),
            "2023-12-02T02:52:07.938335+00:00",
            2,
        ),
        "submission_216996427": Entry((), "2023-12-02T04:00:00+00:00", 1),
    }


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("'Ada: the first'", "Ada: the first"),
        ("'O''Neill'", "O'Neill"),
        (r'"Ada \"the first\" \xE9\u00e9"', 'Ada "the first" éé'),
        ("李明", "李明"),
        ("'123'", "123"),
        ("~", ""),
        ("", ""),
    ],
)
def test_names_are_read_as_rubys_yaml_writes_them(written, name):
    assert parse(f"s:\n  :submitters:\n  - :name: {written}\n")["s"].submitters == (Submitter(name, "", ""),)


def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm():
    assert parse("\ufeff" + EXPORT.replace("\n", "\r\n")) == parse(EXPORT)


def test_a_time_that_cannot_be_understood_is_none():
    assert parse("s:\n  :submitters: []\n  :created_at: yesterday\n")["s"].created_at is None


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("just text\n", 1, "just text"),
        ("- s\n", 1, "- s"),
        ("  :submitters: []\n", 1, ":submitters: []"),
        ("s:\n  :submitters: Ada\n", 2, ":submitters: Ada"),
        ("s:\n  :submitters:\n    :name: Ada\n", 3, ":name: Ada"),
        ("s:\n  :submitters:\n  - Ada\n", 3, "- Ada"),
        ("s:\n  :submitters:\n  - :name: !ruby/object:Name {}\n", 3, "!ruby/object:Name {}"),
        ('s:\n  :submitters:\n  - :name: "Ada\n', 3, '"Ada'),
        ("s:\n  :submitters: []\ns:\n  :submitters: []\n", 3, "s:"),
    ],
)
def test_what_gradescope_does_not_write_is_named_with_its_line(text, line, what):
    assert refused(text).startswith(
        f"export.zip/submission_metadata.yml, line {line}: {what} is not what Gradescope writes; download"
    )


def test_an_entry_without_submitters_is_named():
    assert "s has no :submitters:" in refused("s:\n  :score: 1\n")
