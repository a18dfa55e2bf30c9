"""Rosters: what is read, what is refused, and who a submission is of."""

import csv
from datetime import datetime

import pytest

from grader import roster
from grader.errors import UsageError

CLASS = """\
id,name,email,section,due,accounts,photo
ada,"Lovelace, Ada",Ada.L@example.org,A,2026-12-05T23:59:00+01:00,al-1815 4711,ada.png
bob,Bob,bob@example.org,B,,,

zoe,Zoë,zoe@example.com,B,,;zz;,
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "class.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return roster.read(path)

    return read


def test_people_are_read_with_all_that_is_said_of_them(read):
    ada, bob, zoe = read(CLASS).people

    assert ada == roster.Person(
        id="ada",
        name="Lovelace, Ada",
        email="Ada.L@example.org",
        section="A",
        due=datetime.fromisoformat("2026-12-05T23:59:00+01:00"),
        accounts=("al-1815", "4711"),
    )
    assert bob == roster.Person(id="bob", name="Bob", email="bob@example.org", section="B")
    assert zoe.accounts == ("zz",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read_alike(read, delimiter):
    text = delimiter.join(("ID", " Name", "Section")) + "\r\n" + delimiter.join(("ada", "Ada", "A")) + "\r\n"

    found = read(b"\xef\xbb\xbf" + text.encode())

    assert found.people == (roster.Person(id="ada", name="Ada", section="A"),)


@pytest.mark.parametrize(
    ("student", "person"),
    [
        ("ada", "ada"),
        ("ADA", "ada"),
        ("4711", "ada"),
        ("AL-1815", "ada"),
        ("ada.l@EXAMPLE.org", "ada"),
        ("ada.l", "ada"),
        ("zz", "zoe"),
        ("eve", None),
        ("example.org", None),
        ("", None),
    ],
)
def test_a_submission_is_matched_by_id_account_or_address(read, student, person):
    found = read(CLASS).by_student.get(student)

    assert person == (None if found is None else found.id)


def test_an_id_goes_before_what_is_less_certain(read):
    people = read("id,email\nbob,ada@example.org\nada,bob@example.org\n").by_student

    assert (people["ada"].id, people["bob"].id) == ("ada", "bob")


def test_the_part_before_the_at_sign_counts_only_where_it_is_of_one_person(read):
    people = read("id,email\n1,sam@example.org\n2,sam@example.com\n3,kim@example.com\n").by_student

    assert "sam" not in people
    assert people["kim"].id == "3"


def test_nobody_is_dropped(read):
    found = read(CLASS)

    assert [person.id for person in found.missing(["4711", "eve"])] == ["bob", "zoe"]
    assert found.unmatched(["4711", "eve"]) == ["eve"]
    assert found.several(["4711", "eve", "ada"]) == [["4711", "ada"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\nada\nbob\nADA\n", "lines 2 and 4 both have the id ADA, .*; take it out of one of them"),
        ("id,accounts\nada,\nbob,x ada\n", "lines 2 and 3 both have the account ada"),
        ("id,email\nada,a@x.org\nbob,A@x.org\n", "lines 2 and 3 both have the email A@x.org"),
        ("id,name\nada,Ada\n,Bob\n", "line 3 has no id"),
        ("name\nAda\n", "has no column id, but name; its first line must name the columns"),
        ("id,emial\nada,a@x.org\n", r"unknown column emial; did you mean email\?"),
        ("id,ID\nada,bob\n", "two columns are called id; keep one"),
        ("id,name\nada,Ada,A\n", "line 2 has 3 cells, and the header names 2 columns"),
        (
            "id,due\nada,tomorrow\n",
            "line 2: due is tomorrow, which is no date and time; write it like 2026-12-05T23:59",
        ),
        ("id,due\nada,2026-12-05T23:59:00\n", "line 2: due is 2026-12-05T23:59:00, without an offset from UTC"),
        ("id,due\nada,9999-12-05T23:59:00Z\n", "in a year that cannot be meant"),
        ("id\n", "lists no student"),
        ("", "lists no student"),
        ('id,name\nada,"Ada\n', "line 2 is not CSV"),
        (b"id,name\nada,Ada\nzoe,Zo\xeb\n", "line 3 is not UTF-8 text"),
        ("id,name\nada,Ada\n".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("id,name\nada,Ada\n".encode("utf-16-le"), "line 1 is not UTF-8 text"),
    ],
)
def test_what_is_no_roster_is_refused_with_its_lines(read, text, message):
    with pytest.raises(UsageError, match=rf"class\.csv.*{message}"):
        read(text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the roster .*none\.csv: No such file"):
        roster.read(tmp_path / "none.csv")


def test_out_keeps_the_file_as_it_was_and_a_broken_one_changes_nothing(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(b"\xef\xbb\xbfid;name\r\nada;Ada\r\n")
    bad.write_text("id\nada\nada\n")
    assert roster.load(tmp_path) is None

    roster.store(tmp_path, good)
    with pytest.raises(UsageError, match="both have the id"):
        roster.store(tmp_path, bad)

    assert (tmp_path / "roster.csv").read_bytes() == good.read_bytes()
    assert roster.load(tmp_path).by_student["ada"].name == "Ada"


def test_the_status_has_a_line_for_everybody(read, tmp_path):
    people = read("id,name,section\nada,=Ada,A\nbob,Bob,B\n")

    roster.write_status(tmp_path, people, {"eve": "grader_error", "ada": "graded"})

    rows = list(csv.reader((tmp_path / "roster_status.csv").read_text().splitlines()))
    assert rows == [
        ["id", "name", "email", "section", "student", "status"],
        ["ada", "'=Ada", "", "A", "ada", "graded"],
        ["bob", "Bob", "", "B", "", "missing"],
        ["", "", "", "", "eve", "grader_error"],
    ]


@pytest.mark.parametrize("student", ["lovelaceada_4711", "Ada Lovelace_4711", "lovelace_ada_4711"])
def test_a_student_of_a_download_is_found_by_name_and_id(read, student):
    assert read(CLASS).by_student[student].id == "ada"


@pytest.mark.parametrize("student", ["bobsmith_4711", "lovelaceada_4712", "_4711"])
def test_an_id_that_stands_beside_another_name_is_nobodys(read, student):
    assert student not in read(CLASS).by_student


@pytest.mark.parametrize(
    ("student", "person"),
    [
        ("Lia Wang_123", "lia"),
        ("wanglia_4711", "lia"),
        ("Müller Groß_5", "mg"),
        ("vonneumannjohann_6", "jvn"),
        ("John Smith_7", None),  # two have this name
        ("Wang_8", None),
        ("Lia Wang", None),  # of no download
        ("Lia Wang_123_assignsubmission_file", None),
        ("_9", None),
    ],
)
def test_a_student_of_a_download_is_found_by_a_name_that_one_person_has(read, student, person):
    people = read(
        "id,name\nlia,Lia Wang\nali,Ali Wang\nmg,Müller Groß\njvn,Johann von Neumann\n"
        'js,John Smith\n1701,"Smith, John"\nx,\n'
    )

    assert people.by_student.get(student) is next((p for p in people.people if p.id == person), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lovelaceada", "Lovelace, Ada"),
        ("Ada Lovelace", "Lovelace, Ada"),
        ("José O'Neill", "oneill josé"),
        ("Jose ONeill", "José O'Neill"),
        ("李明", "明, 李"),
    ],
)
def test_one_name_is_recognised_as_systems_write_it(one, other):
    assert roster.same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada Lovelace", "Ada Lovelac"), ("Group 1", "Group 2"), ("", ""), ("-", ".")]
)
def test_other_names_and_no_names_are_not_one(one, other):
    assert not roster.same_name(one, other)
