"""Excel workbooks, made here sheet by sheet."""

import datetime as dt

import pytest
from openpyxl import Workbook

from cartrial.errors import DataError
from cartrial.intake.workbook import ENCRYPTED, OLE, read_workbook


def saved(folder, *sheets, hidden=()):
    """A workbook of sheets, each a name and its rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    place = folder / "book.xlsx"
    book.save(place)
    return place


def cells(place):
    (table,) = read_workbook(place).tables
    return table.cells.rows()


def test_a_cell_is_what_stands_in_it(tmp_path):
    day = dt.datetime(2024, 3, 1)
    row = [day, day.replace(hour=9, minute=30), dt.time(8, 15), 0.1 + 0.2, 5.0, True, " a  "]
    place = saved(tmp_path, ("s", [["d", "dt", "t", "x", "n", "b", "s"], row]))
    assert cells(place) == [(2, "2024-03-01", "2024-03-01T09:30", "08:15", "0.3", "5", "yes", "a")]
    (table,) = read_workbook(place).tables
    assert [column.kind for column in table.columns] == [
        *("date", "date", ""),
        *("number", "number", "", ""),
    ]


def test_real_numbers_keep_their_worth_among_text_with_a_decimal_comma(tmp_path):
    rows = [["Hb", "CRP", "LDH"], ["10,2", 0.5, 210], [9.8, 1.125, "n.d."], [1.125, "<0,1", 1.125]]
    (table,) = read_workbook(saved(tmp_path, ("s", rows))).tables
    assert table.cells.rows() == [
        (2, "10,2", "0,5", "210"),
        (3, "9,8", "1,1250", "n.d."),
        (4, "1,1250", "<0,1", "1.125"),
    ]
    assert [column.kind for column in table.columns] == ["", "", "number"]


def test_a_cell_that_shows_percent_says_so(tmp_path):
    book = Workbook()
    book.active.append(["viability"])
    book.active.append([0.915])
    book.active["A2"].number_format = "0.0%"
    book.save(tmp_path / "book.xlsx")
    assert cells(tmp_path / "book.xlsx") == [(2, "91.5%")]


def test_every_visible_sheet_is_read_and_the_others_are_named(tmp_path):
    rows = [["a"], ["1"]]
    place = saved(tmp_path, ("x", rows), ("y", rows), ("z", []), ("lists", rows), hidden=["lists"])
    found = read_workbook(place)
    assert [table.place for table in found.tables] == ["book.xlsx, sheet x", "book.xlsx, sheet y"]
    assert found.remarks == (
        "book.xlsx, sheet z: is empty: not read",
        "book.xlsx, sheet lists: is hidden: not read. Unhide it to have it read",
    )


def test_names_below_merged_cells(tmp_path):
    header = [["Patient", "Serum", None, "Urine", None], [None, "M", "Date", "M", "Date"]]
    place = saved(tmp_path, ("s", [*header, ["1", 2, 3, 4, 5]]))
    (table,) = read_workbook(place).tables
    assert [column.name for column in table.columns] == [
        "Patient",
        "Serum M",
        "Serum Date",
        "Urine M",
        "Urine Date",
    ]


def test_a_formula_without_a_value(tmp_path):
    place = saved(tmp_path, ("s", [["a", "b"], [1, "=A2*2"]]))
    with pytest.raises(DataError) as caught:
        read_workbook(place)
    assert str(caught.value) == (
        "book.xlsx, sheet s: cell B2: must have the value of its formula, got none. Open it in "
        "Excel and save it as .xlsx"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            OLE + b"...." + ENCRYPTED,
            "must be a workbook that can be opened, got one with a password. Save it without its "
            "password",
        ),
        (
            OLE + b"....",
            "must be .xlsx, got an old workbook (.xls). Open it in Excel and save it as .xlsx",
        ),
        (
            b"a,b",
            "must be an Excel workbook, got something else. Open it in Excel and save it as .xlsx",
        ),
        (
            b"PK\x03\x04 cut",
            "must be a whole Excel workbook, got a broken one. Open it in Excel and save it as "
            ".xlsx",
        ),
    ],
)
def test_what_is_no_workbook_is_one_clear_line(tmp_path, content, said):
    (tmp_path / "book.xlsx").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_workbook(tmp_path / "book.xlsx")
    assert str(caught.value) == f"book.xlsx: {said}"


def test_a_workbook_without_a_table(tmp_path):
    with pytest.raises(DataError, match=r"book.xlsx: must have a sheet with a table, got none"):
        read_workbook(saved(tmp_path, ("s", [])))
