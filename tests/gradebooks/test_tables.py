import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebooks import tables
from grader.gradebooks.tables import Table

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=3),
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    has_bom=st.booleans(),
)
def test_any_cells_in_any_dialect_are_read_back_as_they_were(tmp_path_factory, rows, delimiter, line_end, has_bom):
    cells = [["a" + first, *others] for first, *others in rows]  # blank rows are left out
    table = Table(["Student", "ID", "x"], cells, delimiter, line_end, has_bom)
    path = tmp_path_factory.mktemp("table") / "table.csv"
    path.write_bytes(table.to_bytes())

    assert tables.read(path) == table
    assert tables.read(path).to_bytes() == path.read_bytes()


def test_titles_may_hold_the_signs_that_separate_other_files(tmp_path):
    (tmp_path / "x.csv").write_text('Student,ID,"Week 1; a; b; c, d (1)"\nAda,1,2\n')

    assert tables.read(tmp_path / "x.csv").header == ["Student", "ID", "Week 1; a; b; c, d (1)"]


@pytest.mark.parametrize(
    ("cells", "sign"),
    [(["50,00", ""], ","), (["50.00", "1"], "."), (["1,5", "1.5"], "."), (["1", "-"], "."), ([], ".")],
)
def test_the_decimal_sign_is_a_comma_where_only_commas_are_found(cells, sign):
    assert Table(["x"], [[cell] for cell in cells]).decimal_sign([0]) == sign


@pytest.mark.parametrize("cell", ["=1+1", "@x", "+a", "-a", "-1+1", "\t=1", "--1", "+49 (0) 1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell):
    assert tables.guarded_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-", "-1.5", "+3", "-12,5%", "Ada", "1=1", "'=1"])
def test_numbers_lone_signs_and_other_text_stay(cell):
    assert tables.guarded_text(cell) == cell


@pytest.mark.parametrize(("cell", "value"), [("50.00", 50), (" 12,5 ", 12.5), ("-1", -1), ("EX", None), ("", None)])
def test_a_number_is_read_with_either_sign(cell, value):
    assert tables.number(cell) == value


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read .*x\.csv: No such file"):
        tables.read(tmp_path / "x.csv")
