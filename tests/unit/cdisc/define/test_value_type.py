import datetime as dt

import polars as pl
import pytest

from cartrial.cdisc.define.model import ValueType
from cartrial.cdisc.define.value_type import result_type, value_type


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(["CR", "sCR", None], ValueType("text", 3), id="the longest value"),
        pytest.param(["≥ 2"], ValueType("text", 5), id="in bytes"),
        pytest.param([None, None], ValueType("text", 1), id="at least 1"),
    ],
)
def test_text_is_as_long_as_its_longest_value(values, expected):
    assert value_type(pl.Series(values, dtype=pl.String)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 12.0, -340.0], ValueType("integer", 3)),
        ([1.5, 12.25], ValueType("float", 4, 2)),
        ([0.1 + 0.2], ValueType("float", 2, 1)),
        ([1e-7], ValueType("float", 8, 7)),
        ([2.5e7, 0.5], ValueType("float", 9, 1)),
        ([0.0], ValueType("integer", 1)),
    ],
)
def test_a_number_has_as_many_digits_as_any_value(values, expected):
    assert value_type(pl.Series(values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2024-05-03"], "date"),
        (["2024-05-03", "2024-05"], "partialDate"),
        (["2024-05-03T14:20:00"], "datetime"),
        (["2024-05-03T14:20"], "partialDatetime"),
        (["2024-05-03T14:20:00", "2024-05-03"], "partialDatetime"),
        (["P28D", "-P7D"], "durationDatetime"),
        ([None], "partialDatetime"),
    ],
)
def test_a_date_is_as_complete_as_all_of_them_are(values, expected):
    assert value_type(pl.Series(values, dtype=pl.String), dates=True) == ValueType(expected)


def test_results_as_text_are_numbers_where_every_one_is():
    assert result_type(pl.Series(["1.5", "20", None])) == ValueType("float", 3, 1)
    assert result_type(pl.Series(["1.5", "<0.5"])) == ValueType("text", 4)
    assert result_type(pl.Series([None], dtype=pl.String)) == ValueType("text", 1)


def test_dates_of_a_frame_are_dates():
    assert value_type(pl.Series([dt.date(2024, 5, 3)])) == ValueType("date")
    assert value_type(pl.Series([dt.datetime(2024, 5, 3, 14)])) == ValueType("datetime")
