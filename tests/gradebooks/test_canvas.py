"""What is written is read back by the rules of Canvas' importer (canvas-lms, lib/gradebook_importer.rb)."""

import csv
import io
import re

import pytest

from grader.errors import UsageError
from grader.gradebooks.canvas import EXPORTER

# As Canvas exports it with SIS ids: a row of what is hidden, read-only totals, a custom column, a test student.
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Deep Network (123),Activations (124),Final Score,Unposted Final Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,50.00,28.00,(read only),(read only)
"Lovelace, Ada",4711,s-01,ada,"L1 and L2",likes =,,27.50,90.1,90.1
"O'Neill, Bob",4712,s-02,bob,L1,,12.00,-,80,80
"Hopper, Grace",4713,s-03,grace@uni.example,L2,,EX,,,
"Student, Test",9999,,c0ffee,L1,,,,,
"""
RESERVED = re.compile(r"Current Score|Final Score|Override")


class CanvasImporter:
    """The part of Canvas that reads an uploaded gradebook; `students` are those of the course."""

    def __init__(self, data, students):
        text = data.decode("utf-8-sig")
        counts = {d: {len(next(csv.reader([line], delimiter=d))) for line in text.splitlines()[:3]} for d in ";,"}
        widths = {d: next(iter(found)) if len(found) == 1 else 0 for d, found in counts.items()}
        delimiter = ";" if widths[";"] > widths[","] else ","
        lines = [line for line in text.splitlines(keepends=True) if not re.fullmatch(r"[;, ]+", line.strip("\r\n"))]
        header, *rows = csv.reader(lines, delimiter=delimiter)
        assert len(header) > 3
        assert "Student" in header[0]
        assert "ID" in header[1]
        first = 3
        if "SIS Login ID" in header[2]:
            first = 4
        elif "SIS User ID" in header[2] and "SIS Login ID" in header[3]:
            first = 5
        assert "Section" in header[first - 1]
        self.columns = [title for title in header[first:] if not RESERVED.search(title)]
        self.points, self.grades = {}, {}
        for row in rows:
            if "Points Possible" in row[0]:
                self.points = dict(zip(header[first:], row[first:], strict=True))
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                student = students.get(row[1]) or row[0]
                self.grades[student] = {t: self._number(row[header.index(t)]) for t in self.columns}

    @staticmethod
    def _number(cell):
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *whole, last = re.split("[.,]", cell)
        return f"{''.join(whole)}.{last}" if whole else last


STUDENTS = {"4711": "Ada", "4712": "Bob", "4713": "Grace", "9999": "Test"}


@pytest.fixture
def export(tmp_path):
    """Exports; gives the file and the printed lines."""

    def run(out, text=EXPORT, *, column=None, encoding="utf-8"):
        source, target = tmp_path / "canvas.csv", tmp_path / "import.csv"
        source.write_bytes(text.encode(encoding))
        lines = EXPORTER.write(out, {"from": source, "to": target, "column": column})
        assert lines[0] == str(target)
        return target.read_bytes(), lines[1:]

    return run


def test_canvas_reads_the_scores_and_nothing_else(graded, export):
    data, lines = export(graded({"lovelaceada_4711": "41.5", "oneillbob_4712": "1/3"}))

    importer = CanvasImporter(data, STUDENTS)
    assert importer.columns == ["Deep Network (123)"]
    assert importer.points == {"Deep Network (123)": "50.00"}
    assert importer.grades == {
        "Ada": {"Deep Network (123)": "41.5"},
        "Bob": {"Deep Network (123)": "0.333333"},
        "Grace": {"Deep Network (123)": "EX"},
        "Test": {"Deep Network (123)": ""},
    }
    assert lines == ["2 of 4 students have a score in Deep Network (123)"]


def test_all_other_cells_and_the_order_of_rows_stay(graded, export):
    data, _ = export(graded({"4713": 3, "4712": 5}))

    before = list(csv.reader(EXPORT.splitlines()))
    after = list(csv.reader(data.decode().splitlines()))
    assert [row[:5] for row in after] == [row[:5] for row in before]
    assert [row[5] for row in after] == [row[6] if row[1] != "4712" else "5" for row in before]


@pytest.mark.parametrize(
    "student",
    [
        "4711",
        "s-01",
        "ada",
        "Ada Lovelace",
        "Lovelace, Ada",
        "Ada Lovelace_s-01",
        "lovelaceada_4711",
        "ada_lovelace_4711",
    ],
)
def test_a_student_is_found_by_each_id_by_the_name_and_by_both(graded, export, student):
    data, lines = export(graded({student: 7}))

    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": "7"}
    assert len(lines) == 1


def test_a_student_is_found_by_the_roster(graded, export):
    out = graded({"ghopper": 7, "lovelace_x1": 8})
    roster = "id,name,email,accounts\ns-02,Bob O'Neill,bob@uni.example,ghopper\nx1,Lovelace,ada,\n"
    (out / "roster.csv").write_text(roster)

    data, _ = export(out)

    grades = CanvasImporter(data, STUDENTS).grades
    assert grades["Bob"] == {"Deep Network (123)": "7"}
    assert grades["Ada"] == {"Deep Network (123)": "8"}


def test_whoever_is_in_no_row_is_listed(graded, export):
    data, lines = export(graded({"anon_a1B2c": 1, "nobody_1": 2, "Lovelace": 3}))

    assert lines[1] == "in no row of the gradebook, so not in this file: Lovelace, anon_a1B2c, nobody_1"
    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": ""}


def test_the_work_of_a_group_is_found_by_the_id_alone_and_said_so(graded, export):
    data, lines = export(graded({"group1_4711": 9}))

    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": "9"}
    assert lines[1] == "found by the id alone, so check the names: group1_4711 in the row of Lovelace, Ada"


def test_the_id_of_another_system_is_no_id_of_canvas(graded, export):
    data, lines = export(graded({"Charles Babbage_4711": 9, "Bob_4711": 8}))

    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": ""}
    assert lines[1] == "in no row of the gradebook, so not in this file: Bob_4711, Charles Babbage_4711"


def test_two_namesakes_are_not_told_apart_by_the_name(graded, export):
    text = EXPORT.replace("O'Neill, Bob", "Lovelace, Ada")

    _, lines = export(graded({"Ada Lovelace": 9}), text)

    assert lines[1] == "in no row of the gradebook, so not in this file: Ada Lovelace"


def test_two_records_of_one_row_are_refused_and_nothing_is_written(graded, export, tmp_path):
    with pytest.raises(UsageError, match="ada and lovelaceada_4711 are both Lovelace, Ada in the gradebook; remove"):
        export(graded({"ada": 1, "lovelaceada_4711": 2}))

    assert not (tmp_path / "import.csv").exists()


def test_what_we_failed_to_judge_and_who_is_excused_keep_their_cells(graded, export):
    data, lines = export(graded({"4712": None, "4713": 50}))

    grades = CanvasImporter(data, STUDENTS).grades
    assert grades["Bob"] == {"Deep Network (123)": "12.00"}
    assert grades["Grace"] == {"Deep Network (123)": "EX"}
    assert lines == [
        "0 of 4 students have a score in Deep Network (123)",
        "excused or not assigned in Canvas, so the cell is as it was: 4713",
        "without a score, so the cell is as it was: 4712",
    ]


def test_other_points_in_canvas_are_said_and_nothing_is_scaled(graded, export):
    data, lines = export(graded({"4711": 25}), EXPORT.replace("50.00", "100.00"))

    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": "25"}
    assert lines[1].startswith(
        "Canvas has 100.00 points for this assignment and the scores are out of 50; they are not"
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_semicolons_decimal_commas_line_ends_and_the_byte_order_mark_stay(graded, export, line_end, encoding):
    rows = [[re.sub(r"(\d)\.(\d\d)$", r"\1,\2", cell) for cell in row] for row in csv.reader(EXPORT.splitlines())]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=line_end).writerows(rows)

    data, _ = export(graded({"4711": "41.5"}), text.getvalue(), encoding=encoding)

    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": "41.5"}
    assert b";41,5" in data
    assert data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert data.count(b"\r\n") == (len(rows) if line_end == "\r\n" else 0)


@pytest.mark.parametrize("column", ["Activations", "Activations (124)", "124"])
def test_another_column_can_be_named_by_title_or_id(graded, export, column):
    data, _ = export(graded({"4711": 5}), column=column)

    assert CanvasImporter(data, STUDENTS).columns == ["Activations (124)"]


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        (EXPORT.replace("Deep Network", "Week 3"), None, r"no column is called deep_network; .* Week 3 \(123\), Act"),
        (EXPORT, "Final Score", r"no column is called Final Score; choose one by --column"),
        (EXPORT.replace("Final Score", "Final Score (2)"), "Final Score (2)", r"no column is called Final Score \(2\)"),
        (EXPORT, "Notes", r"no column is called Notes; choose one"),
        (EXPORT.replace("Activations", "Deep network"), None, r"several columns are called deep_network"),
        (
            EXPORT.replace("50.00", "(read only)"),
            None,
            r"Canvas says that the column Deep Network \(123\) is read only",
        ),
    ],
)
def test_a_column_that_is_not_clear_is_refused_with_those_there_are(graded, export, text, column, problem):
    with pytest.raises(UsageError, match=problem):
        export(graded({"4711": 5}), text, column=column)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty; export it again"),
        ("Name,Grade\nAda,1\n", "is no gradebook of Canvas: .* begins with Name,Grade"),
        (EXPORT + "Ada,1\n", "the row of 'Ada' has 2 cells and the header has 10"),
        (EXPORT + '"Ada', "is no CSV file"),
        (EXPORT.replace("Ada", "Zoë").encode("latin-1"), "is not in UTF-8"),
    ],
)
def test_what_is_no_gradebook_is_refused(graded, export, text, problem):
    with pytest.raises(UsageError, match=problem):
        export(graded({"4711": 5}), text.decode("latin-1") if isinstance(text, bytes) else text, encoding="latin-1")


def test_the_file_that_was_exported_is_never_overwritten(graded, tmp_path):
    source = tmp_path / "canvas.csv"
    source.write_text(EXPORT)

    with pytest.raises(UsageError, match="is what --from names; give another file to --to"):
        EXPORTER.write(graded({"4711": 5}), {"from": source, "to": source, "column": None})


def test_a_name_that_is_a_formula_is_guarded_where_canvas_has_the_id(graded, export):
    text = EXPORT.replace('"Lovelace, Ada"', '"=HYPERLINK(""x"")"').replace('"O\'Neill, Bob",4712', "+a,")

    data, _ = export(graded({"4711": 5}), text)

    names = [row[0] for row in csv.reader(data.decode().splitlines())][3:5]
    assert names == ['\'=HYPERLINK("x")', "+a"]
    assert CanvasImporter(data, STUDENTS).grades["Ada"] == {"Deep Network (123)": "5"}


def test_first_and_last_names_in_columns_of_their_own_are_understood(graded, export):
    text = "LastName,FirstName,ID,SIS Login ID,Section,Deep Network (123)\nLovelace,Ada,4711,ada,L1,\n"

    data, _ = export(graded({"lovelaceada_4711": 5}), text)

    assert data.decode().splitlines()[1] == "Lovelace,Ada,4711,ada,L1,5"
