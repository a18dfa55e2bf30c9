"""What is written is read back by the rules of Moodle (mod/assign/feedback, offline/importgradeslib.php for the
worksheet and file/importziplib.php for the zip)."""

import csv
import io
import zipfile

import pytest

from grader.errors import UsageError
from grader.gradebooks.moodle import EXPORTER

WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,Group,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"
"Participant 123","Ada Lovelace",ada@uni.example,"Submitted for grading - ","Group A",,50.00,Yes,\
"Monday, 2 March 2026, 3:58 PM",=1+1,-,
"Participant 124","Bob O'Neill",bob@uni.example,"No submission","Group A",12.00,50.00,Yes,-,,\
"Tuesday, 3 March 2026, 3:58 PM","- see me"
"Participant 125","Grace Hopper",grace@uni.example,"No submission","Default group",,50.00,Yes,-,,-,
"""
ANONYMOUS = """\
Identifier,Status,Grade,"Maximum grade","Last modified (grade)"
"Participant 123","Submitted for grading",,"50,00",-
"Participant 124","Submitted for grading",,"50,00",-
"""


class MoodleImporter:
    """The part of Moodle that reads an uploaded worksheet: grade, date and comment by participant."""

    def __init__(self, data, *, decimal_sign="."):
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        indexes = [header.index(title) for title in ("Identifier", "Grade", "Last modified (grade)")]
        comment = header.index("Feedback comments") if "Feedback comments" in header else None
        self.grades, self.comments, self.modified = {}, {}, {}
        for row in rows:
            identifier, grade, modified = (row[index] for index in indexes)
            participant = int(identifier[len("Participant ") :])
            self.modified[participant] = modified
            self.comments[participant] = "" if comment is None else row[comment]
            value = grade.replace(decimal_sign, ".")
            if value and 0 <= float(value) <= 50:
                self.grades[participant] = float(value)


def imported_files(path, participants):
    """What Moodle's zip importer makes of a zip: (participant, plugin, file name) and content."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            assert not parts[-1].startswith((".", "~"))
            while parts:
                info = parts.pop(0).split("_", 4)
                if len(info) < 4 or not info[1].isdigit() or int(info[1]) not in participants:
                    continue
                assert info[2:4] == ["assignfeedback", "file"]
                rest = "/".join([*info[4:], *parts]).lstrip("/")
                found[int(info[1]), rest] = archive.read(name).decode()
                break
    return found


@pytest.fixture
def export(tmp_path):
    """Exports; gives the worksheet and the printed lines. The zip is feedback.zip."""

    def run(out, text=WORKSHEET, *, column=None, comments=None):
        source, target = tmp_path / "worksheet.csv", tmp_path / "filled.csv"
        source.write_text(text, encoding="utf-8", newline="")
        options = {"from": source, "to": target, "column": column, "comments": comments}
        lines = EXPORTER.write(out, {**options, "feedback_zip": tmp_path / "feedback.zip"})
        assert lines[0] == str(target)
        return target.read_bytes(), lines[1:]

    return run


def test_moodle_reads_the_grades_and_finds_its_dates_and_comments_again(graded, export, tmp_path):
    data, lines = export(graded({"Ada Lovelace_123": "41.5", "Bob O'Neill_124": 0}))

    importer = MoodleImporter(data)
    assert importer.grades == {123: 41.5, 124: 0}
    assert importer.modified == {123: "-", 124: "Tuesday, 3 March 2026, 3:58 PM", 125: "-"}
    assert importer.comments == {123: "", 124: "- see me", 125: ""}
    assert data.startswith(b"\xef\xbb\xbf")
    assert lines == [f"{tmp_path / 'feedback.zip'}: 2 pages", "2 of 3 rows have a grade"]


def test_comments_are_written_where_they_are_asked_for(graded, export):
    data, _ = export(graded({"Ada Lovelace_123": 41, "Grace Hopper_125": 50}), comments="Feedback comments")

    assert MoodleImporter(data).comments == {
        123: "41 of 50 points. cost: 20.5 of 25; fit: 20.5 of 25",
        124: "- see me",
        125: "50 of 50 points.",
    }


@pytest.mark.parametrize("student", ["Ada Lovelace_123", "ada@uni.example", "Ada Lovelace", "Participant_123"])
def test_a_student_is_found_by_participant_address_or_name(graded, export, student):
    data, _ = export(graded({student: 7}))

    assert MoodleImporter(data).grades == {123: 7, 124: 12}


def test_a_student_is_found_by_the_roster(graded, export):
    out = graded({"s-01": 7})
    (out / "roster.csv").write_text("id,name,email\ns-01,Ada L.,ada@uni.example\n")

    data, _ = export(out)

    assert MoodleImporter(data).grades == {123: 7, 124: 12}


def test_the_number_of_a_group_is_no_participants_and_all_its_members_get_the_score_and_the_page(
    graded, export, tmp_path
):
    data, _ = export(graded({"Group A_125": 7, "Default group": 8}))

    assert MoodleImporter(data).grades == {123: 7, 124: 7, 125: 8}
    assert imported_files(tmp_path / "feedback.zip", {123, 124, 125}) == {
        (123, "deep_network.html"): "<p>Group A_125</p>",
        (124, "deep_network.html"): "<p>Group A_125</p>",
        (125, "deep_network.html"): "<p>Default group</p>",
    }


def test_an_anonymous_worksheet_with_decimal_commas_stays_one(graded, export, tmp_path):
    data, _ = export(graded({"Participant_123": "41.5"}), ANONYMOUS)

    assert MoodleImporter(data, decimal_sign=",").grades == {123: 41.5}
    assert imported_files(tmp_path / "feedback.zip", {123, 124}) == {
        (123, "deep_network.html"): "<p>Participant_123</p>"
    }
    names = zipfile.ZipFile(tmp_path / "feedback.zip").namelist()
    assert names == ["Participant_123_assignfeedback_file_/deep_network.html"]


def test_a_worksheet_in_another_language_is_understood_when_its_column_is_named(graded, export):
    text = ANONYMOUS.replace("Participant", "Teilnehmer/in").replace("Grade", "Bewertung")
    out = graded({"Teilnehmer in_123": 3})

    with pytest.raises(
        UsageError, match="has no column called Grade; choose one by --column: there are Identifier, St"
    ):
        export(out, text)
    assert export(out, text, column="Bewertung")[0].decode().splitlines()[1].split(",")[2] == "3"


def test_whoever_is_in_no_row_is_listed_and_namesakes_are_not_guessed(graded, export):
    text = WORKSHEET.replace("Bob O'Neill", "Ada Lovelace")

    data, lines = export(graded({"Ada Lovelace": 1, "Nobody_124": 2}), text)

    assert lines[2] == "in no row of the worksheet, so not in this file: Ada Lovelace, Nobody_124"
    assert MoodleImporter(data).grades == {124: 12}


def test_two_records_of_one_row_are_refused_and_nothing_is_written(graded, export, tmp_path):
    with pytest.raises(UsageError, match=r"Ada Lovelace_123 and ada@uni\.example are both Participant 123"):
        export(graded({"Ada Lovelace_123": 1, "ada@uni.example": 2}))

    assert not (tmp_path / "filled.csv").exists()
    assert not (tmp_path / "feedback.zip").exists()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"to": "nowhere/filled.csv"}, r"cannot write .*nowhere/filled\.csv"),
        ({"feedback_zip": "nowhere/feedback.zip"}, r"cannot write .*nowhere/feedback\.zip"),
        ({"feedback_zip": "worksheet.csv"}, r"is what --from names; give another file to --feedback-zip"),
        ({"feedback_zip": "filled.csv"}, r"is given to --to and --feedback-zip; give each its own file"),
    ],
)
def test_where_one_file_cannot_be_written_neither_is(graded, tmp_path, names, message):
    out = graded({"Ada Lovelace_123": 1})
    (tmp_path / "worksheet.csv").write_text(WORKSHEET, encoding="utf-8")
    names = {"from": "worksheet.csv", "to": "filled.csv", "feedback_zip": "feedback.zip", **names}

    with pytest.raises(UsageError, match=message):
        EXPORTER.write(
            out, {**dict.fromkeys(("column", "comments")), **{key: tmp_path / name for key, name in names.items()}}
        )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "worksheet.csv"]
    assert (tmp_path / "worksheet.csv").read_text(encoding="utf-8") == WORKSHEET


def test_what_we_failed_to_judge_keeps_its_cell_and_gets_no_page(graded, export, tmp_path):
    data, lines = export(graded({"Bob O'Neill_124": None}))

    assert MoodleImporter(data).grades == {124: 12}
    assert lines[2] == "without a score, so the cell is as it was: Bob O'Neill_124"
    assert imported_files(tmp_path / "feedback.zip", {124}) == {}


def test_another_maximum_in_moodle_is_said_and_grades_above_it_are_listed(graded, export):
    _, lines = export(graded({"Ada Lovelace_123": 41, "Grace Hopper_125": 4}), WORKSHEET.replace("50.00", "10.00"))

    assert lines[2].startswith("Moodle has a maximum grade of 10 and the scores are out of 50; they are not scaled")
    assert lines[3] == "above Moodle's maximum, so Moodle will skip them: Ada Lovelace_123"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            WORKSHEET.replace("50.00", "poor\ngood").replace("poor\ngood", '"poor\ngood"'),
            "grades this assignment by a scale",
        ),
        (
            WORKSHEET.replace("Participant 123", "Ada"),
            "is no grading worksheet of Moodle: its first column should hold",
        ),
        (WORKSHEET.replace("Participant 124", "Participant 123"), "has two rows of Participant 123; download it again"),
    ],
)
def test_what_is_no_worksheet_for_scores_is_refused(graded, export, text, problem):
    with pytest.raises(UsageError, match=problem):
        export(graded({"Ada Lovelace_123": 1}), text)


def test_a_column_of_comments_that_is_not_there_is_refused(graded, export):
    with pytest.raises(
        UsageError, match="has no column called Remarks; choose one by --comments: there are Identifier"
    ):
        export(graded({"Ada Lovelace_123": 1}), comments="Remarks")


def test_formulas_are_guarded_where_moodle_does_not_read(graded, export):
    text = WORKSHEET.replace('"Bob O\'Neill"', "@SUM(A1)")

    rows = list(csv.reader(export(graded({"Ada Lovelace_123": 1}), text)[0].decode("utf-8-sig").splitlines()))

    assert rows[1][9] == "'=1+1"
    assert rows[2][1] == "'@SUM(A1)"
    assert rows[2][11] == "- see me"


def test_the_zip_depends_on_the_pages_alone(graded, export, tmp_path):
    out = graded({"Ada Lovelace_123": 1, "Grace Hopper_125": 2})
    export(out)
    first = (tmp_path / "feedback.zip").read_bytes()

    export(out)

    assert (tmp_path / "feedback.zip").read_bytes() == first
    assert zipfile.ZipFile(tmp_path / "feedback.zip").namelist() == [
        "Ada Lovelace_123_assignfeedback_file_/deep_network.html",
        "Grace Hopper_125_assignfeedback_file_/deep_network.html",
    ]


def test_a_page_that_is_missing_is_named_before_anything_is_written(graded, export, tmp_path):
    out = graded({"Ada Lovelace_123": 1})
    (out / "feedback" / "Ada Lovelace_123.html").unlink()

    with pytest.raises(UsageError, match="write the pages by `grader report OUT`"):
        export(out)

    assert not (tmp_path / "filled.csv").exists()


# --- the grade import of a course


def import_table(out, target, **options):
    nothing = dict.fromkeys(("from", "column", "comments", "feedback_zip"))
    return EXPORTER.write(out, {**nothing, "to": target, **options})


def test_without_a_worksheet_the_roster_gives_a_table_with_grade_and_feedback(graded, tmp_path):
    out = graded({"Ada Lovelace_s-01": "41.5", "bob": 50, "grace": None, "nobody": 3})
    people = "s-01,Ada Lovelace,Ada@uni.example\ns-02,Bob,bob@uni.example\ns-03,Grace,grace@uni.example\n"
    (out / "roster.csv").write_text(f"id,name,email\n{people}")

    lines = import_table(out, tmp_path / "grades.csv")

    assert list(csv.DictReader((tmp_path / "grades.csv").read_text("utf-8-sig").splitlines())) == [
        {
            "ID number": "s-01",
            "Email address": "Ada@uni.example",
            "Grade": "41.5",
            "Feedback": "41.5 of 50 points. cost: 20.75 of 25; fit: 20.75 of 25",
        },
        {"ID number": "s-02", "Email address": "bob@uni.example", "Grade": "50", "Feedback": "50 of 50 points."},
    ]
    assert lines[1:] == ["2 students have a grade", "not on the roster or without a score: grace, nobody"]


def test_neither_worksheet_nor_roster_is_refused_and_so_are_options_for_a_worksheet(graded, tmp_path):
    out = graded({"ada": 1})

    with pytest.raises(UsageError, match="has no roster, which tells the addresses of students; give the worksheet"):
        import_table(out, tmp_path / "grades.csv")
    with pytest.raises(UsageError, match="only a worksheet takes --feedback-zip and --comments; give it by --from"):
        import_table(out, tmp_path / "grades.csv", comments="x", feedback_zip=tmp_path / "x.zip")
