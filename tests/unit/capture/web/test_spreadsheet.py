"""A text is never a formula in a spreadsheet; a number stays a number."""

import csv
import datetime as dt
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.capture.web.spreadsheet import spreadsheet_csv


def cell(value: object) -> str:
    text = spreadsheet_csv(pl.DataFrame({"x": [value], "y": [1]})).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1][0]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ("  =1", "'  =1"),
        ("a=1", "a=1"),
        ("<1", "<1"),
        ("", ""),
        (-1.5, "-1.5"),
        (-7, "-7"),
        (dt.date(2026, 5, 3), "2026-05-03"),
        (None, ""),
        (True, "true"),
    ],
)
def test_by_type_of_column(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_no_text_begins_a_formula(text: str) -> None:
    written = cell(text)
    assert not written.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert written in (text, "'" + text)


def test_a_code_is_a_text() -> None:
    frame = pl.DataFrame({"x": pl.Series(["=1", "b"], dtype=pl.Enum(["=1", "b"]))})
    assert b"'=1" in spreadsheet_csv(frame)
