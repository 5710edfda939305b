"""What is written as a transport file or as Dataset-JSON comes back, whatever it is."""

import datetime as dt
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.dataset_json.read import read_dataset_json
from cartrial.cdisc.dataset_json.write import write_dataset_json
from cartrial.cdisc.xpt import ibm
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.cdisc.xpt.write import write_xpt
from cartrial.errors import OutputError

LEAST, MOST = float(ibm.LEAST), float(ibm.MOST)
SCHEMA = {
    "KEY": pl.Int64(),
    "TEXT": pl.String(),
    "NUMBER": pl.Float64(),
    "DAY": pl.Date(),
    "MOMENT": pl.Datetime("us"),
}
some = settings(max_examples=60, deadline=None)

in_range = st.just(0.0) | st.floats(LEAST, MOST) | st.floats(-MOST, -LEAST)
ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
days = st.dates(dt.date(1582, 1, 2), dt.date(9999, 12, 30))
moments = st.datetimes(dt.datetime(1600, 1, 1), dt.datetime(9999, 12, 30)).map(
    lambda moment: moment.replace(microsecond=0)
)


def records(text: st.SearchStrategy[Any], number: st.SearchStrategy[float]) -> Any:
    """Records with a number of their own, and text, number, date and moment, which may be null."""
    kinds = (text, number, days, moments)
    return st.lists(st.tuples(*(st.none() | kind for kind in kinds)), max_size=12).map(framed)


def framed(rows: list[tuple[Any, ...]]) -> Dataset:
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    frame = pl.DataFrame(numbered, schema=SCHEMA, orient="row")
    return Dataset("ANY", "Anything", tuple(Variable(name, name) for name in SCHEMA), frame)


@some
@given(records(ascii_text.map(lambda text: text.rstrip(" ") or None), in_range))
def test_a_transport_file_gives_back_what_was_written(dataset: Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.xpt"
        write_xpt(dataset, path)
        back, _ = read_xpt(path)
    assert_frame_equal(back.frame, dataset.frame.with_columns(pl.col("KEY").cast(pl.Float64)))


@some
@given(
    records(
        any_text.map(lambda text: text or None), st.floats(allow_nan=False, allow_infinity=False)
    ),
    st.sampled_from(("any.json", "any.ndjson")),
)
def test_dataset_json_gives_back_what_was_written(dataset: Dataset, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_dataset_json(dataset, Path(folder) / name)
        back, remark = read_dataset_json(Path(folder) / name)
    assert_frame_equal(back.frame, dataset.frame)
    assert remark is None


def valued(word: int) -> Fraction:
    """An IBM double as a fraction, by its definition."""
    sign, power, digits = word >> 63, (word >> 56) & 0x7F, word & (2**56 - 1)
    return (-1) ** sign * Fraction(digits, 2**56) * Fraction(16) ** (power - 64)


@settings(max_examples=400)
@given(in_range)
@example(LEAST)
@example(MOST)
@example(-1.0)
def test_every_number_in_the_range_is_exact_as_an_ibm_double(number: float) -> None:
    words = ibm.to_ibm(np.array([number]))
    assert valued(int(words[0])) == Fraction(number)
    assert number == 0 or int(words[0]) >> 52 & 0xF, "the first hexadecimal digit is not 0"
    assert ibm.from_ibm(words)[0] == number


@some
@given(
    st.floats(MOST, exclude_min=True, allow_infinity=True)
    | st.floats(0, LEAST, exclude_min=True, exclude_max=True),
    st.sampled_from((1, -1)),
)
def test_every_number_out_of_the_range_is_refused(size: float, sign: int) -> None:
    dataset = framed([(None, 1.0, None, None), (None, sign * size, None, None)])
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.raises(
            OutputError, match=r"ANY: row 2: NUMBER: must be 0 or a number from 5\.4e-79"
        ),
    ):
        write_xpt(dataset, Path(folder) / "any.xpt")


@pytest.mark.parametrize("letter", "._ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_every_kind_of_missing_number_is_missing(letter: str) -> None:
    assert np.isnan(ibm.from_ibm(np.array([ord(letter) << 56], dtype=">u8")))[0]
