import datetime as dt
import gzip
import os
from pathlib import Path

import polars as pl
import pytest

from cartrial import files
from cartrial.errors import DataError, OutputError

FRAME = pl.DataFrame({"subject": ["001-001", "001-002"], "value": [1.5, None]})


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"plain", ("plain", "utf-8", 0, None)),
        ("38 °C".encode(), ("38 °C", "utf-8", 0, None)),
        ("38 °C".encode("utf-8-sig"), ("38 °C", "utf-8-sig", 0, None)),
        ("38 °C".encode("utf-16"), ("38 °C", "utf-16", 0, "read as utf-16")),
        (b"38 \xb0C", ("38 °C", "cp1252", 1, "1 byte was not UTF-8, read as cp1252")),
        (
            "µ and ".encode() + b"\xb5 and \x92",
            ("µ and µ and ’", "cp1252", 2, "2 bytes were not UTF-8, read as cp1252"),
        ),
        (b"\x81", ("�", "cp1252", 1, "1 byte was not UTF-8, read as cp1252")),
        (b"", ("", "utf-8", 0, None)),
    ],
)
def test_text_is_read_in_its_encoding_and_says_so(tmp_path, raw, expected):
    path = tmp_path / "note.txt"
    path.write_bytes(raw)
    text = files.read_text(path)
    assert (text.content, text.encoding, text.odd_bytes, text.remark) == expected


def test_every_cell_of_a_csv_stays_the_text_that_stands_there(tmp_path):
    path = tmp_path / "lb.csv"
    path.write_text('a,b,c\r\n007,"x, ""y""\nz", 1 \n,"",NA\n\n1e5,TRUE,2024-02-30\n')
    frame = files.read_csv(path)
    assert frame.schema == {"a": pl.String, "b": pl.String, "c": pl.String}
    assert frame.rows() == [
        ("007", 'x, "y"\nz', " 1 "),
        (None, None, "NA"),
        ("1e5", "TRUE", "2024-02-30"),
    ]


def test_a_packed_csv_reads_like_a_plain_one(tmp_path):
    (tmp_path / "ae.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert files.read_csv(tmp_path / "ae.csv.gz").rows() == [("1", "2")]


def test_a_header_alone_is_an_empty_table(tmp_path):
    (tmp_path / "ae.csv").write_text("a,b\n")
    frame = files.read_csv(tmp_path / "ae.csv")
    assert frame.shape == (0, 2)
    assert frame.schema == {"a": pl.String, "b": pl.String}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", "ae.csv: must begin with a line of column names, got an empty one"),
        ("\na,b\n", "ae.csv: must begin with a line of column names, got an empty one"),
        ("a,,c\n", "ae.csv: line 1: column 2 must have a name, got an empty one"),
        ("a,b,a\n", "ae.csv: line 1: a column name must stand once, got a twice"),
        ("a,b\n1,2\n1\n", "ae.csv: line 3: must have 2 cells as the header has, got 1"),
        ('a,b\n"1\n2",2\n1,2,3\n', "ae.csv: line 4: must have 2 cells as the header has, got 3"),
        ('a,b\n"1,2\n', "ae.csv: line 2: must be CSV with commas, got unexpected end of data"),
    ],
)
def test_a_csv_that_is_not_whole_is_named_with_its_line(tmp_path, raw, expected):
    (tmp_path / "ae.csv").write_text(raw)
    with pytest.raises(DataError) as caught:
        files.read_csv(tmp_path / "ae.csv")
    assert str(caught.value) == expected


def test_a_file_that_is_not_there_or_not_what_its_name_says_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no\.csv: must exist, got no such file"):
        files.read_csv(tmp_path / "no.csv")
    with pytest.raises(DataError, match="must be readable, got Is a directory"):
        files.read_csv(tmp_path)
    for name, raw in (("a.csv.gz", b"a,b\n"), ("b.csv.gz", gzip.compress(b"a,b\n" * 99)[:-9])):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(DataError, match="must be a whole gzip file, got a broken one"):
            files.read_csv(tmp_path / name)
    (tmp_path / "a.parquet").write_bytes(b"a,b\n")
    with pytest.raises(DataError, match=r"^a\.parquet: must be a Parquet file"):
        files.read_parquet(tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_csv_comes_back_as_it_was_written(tmp_path, name):
    frame = pl.DataFrame({"a": ["x, y", None, 'say "no"', "two\nlines"], "b": ["µ", "1", None, ""]})
    files.write_csv(tmp_path / name, frame)
    assert files.read_csv(tmp_path / name).rows() == [
        ("x, y", "µ"),
        (None, "1"),
        ('say "no"', None),
        ("two\nlines", None),
    ]


def test_a_csv_of_one_column_keeps_its_empty_rows(tmp_path):
    frame = pl.DataFrame({"a": [None, "x", None]})
    files.write_csv(tmp_path / "t.csv", frame)
    assert files.read_csv(tmp_path / "t.csv").equals(frame)


def test_dates_and_times_are_written_as_iso_8601_to_the_second(tmp_path):
    day, at = dt.date(2024, 3, 1), dt.datetime(2024, 3, 1, 8, 30)
    files.write_csv(tmp_path / "t.csv", pl.DataFrame({"day": [day], "at": [at]}))
    assert (tmp_path / "t.csv").read_text() == "day,at\n2024-03-01,2024-03-01T08:30:00\n"


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.parquet"])
def test_the_same_rows_give_the_same_bytes(tmp_path, name):
    write = files.write_parquet if name.endswith("parquet") else files.write_csv
    write(tmp_path / "one" / name, FRAME)
    write(tmp_path / "two" / name, pl.concat([FRAME[:1], FRAME[1:]], rechunk=False))
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_parquet_comes_back_with_its_types(tmp_path):
    files.write_parquet(tmp_path / "t.parquet", FRAME)
    assert files.read_parquet(tmp_path / "t.parquet").equals(FRAME)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    files.write_text(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"report\.html: must be writable, got No space left"):
        files.write_text(path, "new")
    assert content(tmp_path) == {"report.html": b"old"}


def test_a_written_file_has_the_rights_of_any_other_new_file(tmp_path):
    files.write_text(tmp_path / "a.txt", "x")
    (tmp_path / "b.txt").write_text("x")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_a_folder_gets_its_files_at_the_end_and_keeps_the_others(tmp_path):
    target = tmp_path / "out" / "demo"
    files.write_text(target / "report.html", "old")
    files.write_text(target / "mine.txt", "mine")
    with files.writing_folder(target) as folder:
        files.write_text(folder / "report.html", "new")
        files.write_text(folder / "sdtm" / "dm.csv", "a\n")
        assert content(target) == {"mine.txt": b"mine", "report.html": b"old"}
    assert content(tmp_path) == {
        "out/demo/mine.txt": b"mine",
        "out/demo/report.html": b"new",
        "out/demo/sdtm/dm.csv": b"a\n",
    }


def test_a_new_folder_is_made_with_those_above_it(tmp_path):
    with files.writing_folder(tmp_path / "a" / "b") as folder:
        files.write_text(folder / "x.txt", "x")
    assert content(tmp_path) == {"a/b/x.txt": b"x"}


def write_half(target: Path) -> None:
    with files.writing_folder(target) as folder:
        files.write_text(folder / "report.html", "new")
        raise DataError("dm.csv: must exist")


def test_a_folder_whose_writing_fails_is_as_it_was(tmp_path):
    files.write_text(tmp_path / "demo" / "report.html", "old")
    with pytest.raises(DataError):
        write_half(tmp_path / "demo")
    assert content(tmp_path) == {"demo/report.html": b"old"}
    with pytest.raises(DataError):
        write_half(tmp_path / "other" / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_whose_last_move_fails_is_as_it_was(tmp_path):
    target = tmp_path / "demo"
    files.write_text(target / "a.txt", "old")
    files.write_text(target / "z.txt" / "in the way", "old")

    def write() -> None:
        with files.writing_folder(target) as folder:
            files.write_text(folder / "a.txt", "new")
            files.write_text(folder / "b" / "c.txt", "new")
            files.write_text(folder / "z.txt", "new")

    with pytest.raises(OutputError, match=r"z\.txt: must be free for a file, got a folder"):
        write()
    assert content(tmp_path) == {"demo/a.txt": b"old", "demo/z.txt/in the way": b"old"}
    assert sorted(path.name for path in target.iterdir()) == ["a.txt", "z.txt"]


def test_a_file_in_place_of_the_folder_is_refused_before_any_work(tmp_path):
    files.write_text(tmp_path / "demo", "a file")
    with (
        pytest.raises(OutputError, match="demo: must be a folder, got a file"),
        files.writing_folder(tmp_path / "demo"),
    ):
        pytest.fail("the work must not begin")
    assert content(tmp_path) == {"demo": b"a file"}


@pytest.mark.parametrize("content", ["a;b\n1;2\n", "a\tb\n1\t2\n"])
def test_another_separator_is_named_with_its_remedy(content):
    with pytest.raises(DataError) as fault:
        files.parse_csv(content, place="ae.csv")
    assert str(fault.value) == (
        "ae.csv: must be separated by commas, got another separator. Save it as CSV with commas"
    )


def test_empty_rows_at_the_end_are_no_rows():
    assert files.parse_csv("a,b\n1,2\n,\n,\n", place="ae.csv").height == 1
