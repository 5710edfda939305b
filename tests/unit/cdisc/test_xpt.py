"""SAS transport files: what is written comes back; what does not fit is refused in one line."""

import dataclasses
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.xpt.fit import fitted
from cartrial.cdisc.xpt.layout import MEMBER
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.cdisc.xpt.write import write_xpt
from cartrial.errors import DataError, OutputError
from tests.unit.cdisc.datasets import EVERY_KIND, dataset, with_column

RANGE = "0 or a number from 5.4e-79 to 7.2e75 in size, a whole one of at most 2**53"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lb.xpt"


def refused(made: Dataset, path: Path) -> str:
    with pytest.raises(OutputError) as error:
        write_xpt(made, path)
    assert not path.exists()
    return str(error.value)


def unread(path: Path) -> str:
    with pytest.raises(DataError) as error:
        read_xpt(path)
    return str(error.value)


# ---------------------------------------------------------------- there and back
def test_every_kind_of_variable_comes_back(path: Path):
    write_xpt(dataset(), path)
    back, remark = read_xpt(path)
    assert_frame_equal(back.frame, EVERY_KIND.with_columns(pl.col("LBSEQ").cast(pl.Float64)))
    assert (back.name, back.label, remark) == ("LB", "Laboratory Test Results", None)
    said = [(v.name, v.label, v.length, v.format) for v in back.variables]
    assert said == [
        ("USUBJID", "Unique Subject Identifier", 3, ""),
        ("LBSEQ", "Sequence Number", None, ""),
        ("LBORRES", "Result or Finding in Original Units", 4, ""),
        ("LBSTRESN", "Numeric Result/Finding in Standard Units", None, ""),
        ("ADT", "Analysis Date", None, "DATE9."),
        ("ADTM", "Analysis Datetime", None, "DATETIME20."),
    ]


def test_a_dataset_without_records_comes_back(path: Path):
    write_xpt(dataset(EVERY_KIND.clear()), path)
    back, _ = read_xpt(path)
    assert back.frame.height == 0
    assert back.frame.columns == EVERY_KIND.columns


def test_two_runs_give_the_same_bytes(path: Path, tmp_path: Path):
    write_xpt(dataset(), path)
    write_xpt(dataset(), tmp_path / "again.xpt")
    assert path.read_bytes() == (tmp_path / "again.xpt").read_bytes()
    assert len(path.read_bytes()) % 80 == 0
    assert b"01JAN60:00:00:00" in path.read_bytes()


def test_the_time_it_was_made_is_given(path: Path):
    write_xpt(dataset(), path, created=dt.datetime(2026, 5, 4, 3, 2, 1))
    assert path.read_bytes().count(b"04MAY26:03:02:01") == 4


def test_a_declared_length_is_kept(path: Path):
    write_xpt(dataset(USUBJID=20), path)
    back, _ = read_xpt(path)
    assert back.variables[0].length == 20
    assert back.frame["USUBJID"].to_list() == ["X-1", "X-1", "X-2"]


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_short_records_are_not_mistaken_for_what_fills_the_file_up(blank: str | None, path: Path):
    frame = pl.DataFrame({"A": ["x", None, "y"]})
    made = Dataset("A", "", (Variable("A", ""),), frame)
    write_xpt(made, path)
    assert read_xpt(path)[0].frame["A"].to_list() == ["x", None, "y"]
    last = dataclasses.replace(made, frame=pl.DataFrame({"A": ["x", blank]}))
    assert refused(last, path.with_name("last.xpt")) == (
        "A: row 2: the last record must hold a value, got none"
    )


def test_many_blocks_are_one_dataset(path: Path):
    frame = pl.DataFrame({"USUBJID": [f"{n:0200}" for n in range(50_000)]})
    write_xpt(dataset(frame), path)
    assert_frame_equal(read_xpt(path)[0].frame, frame)


# ---------------------------------------------------------------- what cannot be written
@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            with_column("LBORRES", ["a", "b" * 300, "c" * 201]),
            "LB: USUBJID X-1, LBSEQ 2: LBORRES: must be at most 200 bytes of text, "
            "got 300; 2 values in all",
        ),
        (
            with_column("LBORRES", ["secret", "a", "sécret"]),
            "LB: USUBJID X-2, LBSEQ 1: LBORRES: must be printable ASCII, "
            "got another character, not shown here. "
            "Spell it in ASCII, or take json, ndjson, parquet or csv",
        ),
        (
            with_column("LBORRES", ["a", "two\nlines", None]),
            "LB: USUBJID X-1, LBSEQ 2: LBORRES: must be printable ASCII, "
            "got another character, not shown here. "
            "Spell it in ASCII, or take json, ndjson, parquet or csv",
        ),
        (
            with_column("LBSTRESN", [1.0, None, 1e76]),
            f"LB: USUBJID X-2, LBSEQ 1: LBSTRESN: must be {RANGE}, got 1e+76",
        ),
        (
            with_column("LBSTRESN", [1.0, float("nan"), 1e-79]),
            f"LB: USUBJID X-1, LBSEQ 2: LBSTRESN: must be {RANGE}, got nan; 2 values in all",
        ),
        (
            with_column("VISITNUM", [1, 2, 2**53 + 1]),
            f"LB: USUBJID X-2, LBSEQ 1: VISITNUM: must be {RANGE}, got 9007199254740993",
        ),
        (
            with_column("LBTESTCODE", ["a", "b", "c"]),
            "LB: LBTESTCODE: must have a name of at most 8 letters, digits and _, "
            "the first no digit, got LBTESTCODE",
        ),
        (
            dataset(LBORRES=3),
            "LB: USUBJID X-1, LBSEQ 1: LBORRES: must be at most 3 bytes of text, got 4",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(made: Dataset, message: str, path: Path):
    assert refused(made, path) == message


def test_a_label_over_40_is_refused(path: Path):
    long = dataclasses.replace(dataset().variables[0], label="L" * 41)
    made = dataclasses.replace(dataset(), variables=(long, *dataset().variables[1:]))
    assert refused(made, path) == (
        "LB: USUBJID: must have a label of at most 40 characters of printable ASCII, got 41 in "
        + "L" * 41
    )


def test_text_is_made_to_fit_where_that_is_asked_for(path: Path):
    words = "M-protein ≤ 1 × 10⁶ " * 12
    write_xpt(fitted(with_column("EXPLAIN", ["ok", None, words])), path)
    frame = read_xpt(path)[0].frame
    assert frame.columns == ["USUBJID", "LBSEQ", "EXPLAIN", "EXPLAIN1"]
    assert frame["EXPLAIN1"].to_list()[:2] == [None, None]
    carried_on = f"{frame['EXPLAIN'][2]} {frame['EXPLAIN1'][2]}"
    assert carried_on == "M-protein <= 1 x 10^6 " * 11 + "M-protein <= 1 x 10^6"


# ---------------------------------------------------------------- what cannot be read
@pytest.mark.parametrize("content", [b"PK\x03\x04" * 100, b"USUBJID,AGE\n"])
def test_what_is_no_transport_file_is_said_in_one_line(content: bytes, path: Path):
    path.write_bytes(content)
    assert unread(path) == "lb.xpt: must be a SAS transport file, got something else"


@pytest.mark.parametrize("size", [0, 50, 300, 700, 1500, 1680, 1760, -80, -1])
def test_a_truncated_file_is_said_in_one_line(size: int, path: Path):
    write_xpt(dataset(USUBJID=200), path)
    path.write_bytes(path.read_bytes()[:size])
    assert unread(path) == "lb.xpt: must be a whole SAS transport file, got a truncated one"


@pytest.mark.parametrize(("start", "end"), [(240, 320), (320, 400), (560, 640), (614, 618)])
def test_a_broken_header_is_said_in_one_line(start: int, end: int, path: Path):
    write_xpt(dataset(), path)
    raw = path.read_bytes()
    path.write_bytes(raw[:start] + b"x" * (end - start) + raw[end:])
    must = "have the headers of a SAS transport file in their order"
    assert unread(path) == f"lb.xpt: must {must}, got a broken one"


def test_of_two_datasets_in_a_file_neither_is_read(path: Path):
    write_xpt(dataset(), path)
    raw = path.read_bytes()
    path.write_bytes(raw + raw[raw.index(MEMBER) :])
    assert unread(path) == "lb.xpt: must hold one dataset, got more. Give each its own file"


def test_a_missing_file_is_said_in_one_line(path: Path):
    assert unread(path) == f"{path}: must exist, got no such file"


def test_bytes_of_another_encoding_are_read_and_told(path: Path):
    write_xpt(with_column("LBORRES", ["Alzheimer's", "plain", None]), path)
    path.write_bytes(path.read_bytes().replace(b"r's", b"r\x92s"))
    back, remark = read_xpt(path)
    assert back.frame["LBORRES"].to_list() == ["Alzheimer’s", "plain", None]
    assert remark == "1 byte was not UTF-8, read as cp1252"


def test_utf_8_is_read_as_it_is(path: Path):
    write_xpt(with_column("LBORRES", ["uug", "plain", None]), path)
    path.write_bytes(path.read_bytes().replace(b"uug", "µg".encode()))
    back, remark = read_xpt(path)
    assert (back.frame["LBORRES"][0], remark) == ("µg", None)


def test_a_date_format_over_what_is_no_date_leaves_the_number(path: Path):
    variables = (Variable("ADT", "", format="DATE9."), Variable("BDT", "", format="YYMMDD10."))
    frame = pl.DataFrame({"ADT": [1.5, None], "BDT": [0.0, None]})
    write_xpt(Dataset("A", "", variables, frame), path)
    assert read_xpt(path)[0].frame.rows() == [(1.5, dt.date(1960, 1, 1)), (None, None)]
