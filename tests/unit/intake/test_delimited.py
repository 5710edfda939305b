"""CSV files of whatever separator, encoding and header."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.delimited import read_delimited


def read(folder, content):
    place = folder / "data.csv"
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_delimited(place)


def table(folder, content):
    (found,) = read(folder, content).tables
    return [column.name for column in found.columns], found.cells.rows()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_separator(tmp_path, mark):
    content = f"Patient{mark}Hb{mark}Note\n1{mark}9{mark}x\n2{mark}8{mark}\n"
    expected = (["Patient", "Hb", "Note"], [(2, "1", "9", "x"), (3, "2", "8", None)])
    assert table(tmp_path, content) == expected


def test_decimal_commas_are_no_separators(tmp_path):
    assert table(tmp_path, "P;x;y\n1;2,5;3,5\n")[1] == [(2, "1", "2,5", "3,5")]


def test_a_separator_that_the_file_states(tmp_path):
    assert table(tmp_path, "sep=;\nP;x\n1;2,5\n") == (["P", "x"], [(3, "1", "2,5")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding(tmp_path, encoding):
    content = "Größe;Prüfer\n180;Jäger\n".encode(encoding)
    assert table(tmp_path, content) == (["Größe", "Prüfer"], [(2, "180", "Jäger")])


def test_chinese_is_known_by_its_bytes(tmp_path):
    content = "编号,白细胞(×10⁹/L),尿蛋白\n1,2.1,阴性\n".encode("gb18030")
    assert table(tmp_path, content) == (
        ["编号", "白细胞(×10⁹/L)", "尿蛋白"],
        [(2, "1", "2.1", "阴性")],
    )
    assert read(tmp_path, content).remarks == ("data.csv: read as gb18030",)


@pytest.mark.parametrize("words", ["Größe;µg/l;25 °C", "Öläufwärmgerät;ÄÖÜ", "créée à;naïve"])
def test_western_letters_are_not_taken_for_chinese(tmp_path, words):
    assert table(tmp_path, f"P;Note\n1;{words.split(';')[0]}\n".encode("cp1252"))[1] == [
        (2, "1", words.split(";")[0])
    ]


def test_lines_are_those_of_the_file(tmp_path):
    content = 'Ward 3,,\n\nP,Note,Hb\n1,"two\nlines",9\n\n2,,8\n'
    names, rows = table(tmp_path, content)
    assert names == ["P", "Note", "Hb"]
    assert [row[0] for row in rows] == [4, 7]
    assert read(tmp_path, content).remarks == ("data.csv: 1 line above the table passed over",)


def test_units_below_the_header(tmp_path):
    (found,) = read(tmp_path, "P,ANC,Hb\n,10^9/L,g/dL\n1,2,9\n").tables
    assert [column.unit for column in found.columns] == ["", "10^9/L", "g/dL"]
    assert found.cells.height == 1


def test_a_name_that_stands_twice_is_numbered(tmp_path):
    found = read(tmp_path, "P,Date,Date\n1,2,3\n")
    assert [column.name for column in found.tables[0].columns] == ["P", "Date", "Date (2)"]
    assert found.remarks == (
        "data.csv: the column Date stands twice: the second is read as Date (2)",
    )


def test_a_column_without_a_name_is_kept_where_it_has_cells(tmp_path):
    assert table(tmp_path, "P,Q,,\n1,2,x,\n") == (["P", "Q", "column 3"], [(2, "1", "2", "x")])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "must hold a table, got an empty sheet"),
        ("\n\n", "must hold a table, got an empty sheet"),
        ("a,b\n1,2,3\n", "line 2: must have 2 cells as the header has, got 3"),
        ('a,b\n"1,2\n', "line 2: must be CSV, got unexpected end of data"),
        (b"a\x00b", "must be a text file, got binary data"),
    ],
)
def test_a_file_that_is_no_table_is_one_clear_line(tmp_path, content, said):
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)
    assert str(caught.value) == f"data.csv: {said}"
