import datetime as dt

import polars as pl
import pytest

from cartrial.adam.time.imputation import end_date, imputed, known_or_infusion, moment

INFUSED = dt.date(2024, 1, 10)
CUT = dt.date(2024, 5, 20)


@pytest.mark.parametrize(
    ("start", "end", "date", "flag"),
    [
        ("2024-01-05", None, "2024-01-05", None),
        ("2024-01-05T08:30", None, "2024-01-05", None),
        ("2024-01", None, "2024-01-10", "D"),
        ("2024", None, "2024-01-10", "M"),
        ("2024-02", None, "2024-02-01", "D"),
        ("2023-12", None, "2023-12-01", "D"),
        ("2023", None, "2023-01-01", "M"),
        ("2024-01", "2024-01-09", "2024-01-01", "D"),
        ("2024-01", "2024-01-10", "2024-01-10", "D"),
        ("2024-01", "2024-01", "2024-01-10", "D"),
        (None, "2024-01-09", None, None),
    ],
)
def test_a_start_known_in_part_is_the_infusion_where_it_may_be(start, end, date, flag):
    frame = pl.DataFrame({"start": [start], "end": [end], "infused": [INFUSED]}, strict=False)
    frame = frame.with_columns(pl.col("start", "end").cast(pl.String))
    found = frame.select(
        known_or_infusion(pl.col("start"), pl.col("infused"), pl.col("end")).alias("date"),
        imputed(pl.col("start")).alias("flag"),
    ).row(0)
    assert found == (dt.date.fromisoformat(date) if date else None, flag)


@pytest.mark.parametrize(
    ("end", "date"),
    [
        ("2024-02-03", "2024-02-03"),
        ("2024-02", "2024-02-29"),
        ("2024-05", "2024-05-20"),
        ("2024", "2024-05-20"),
        (None, None),
    ],
)
def test_an_end_known_in_part_is_the_last_day_but_not_after_the_cut(end, date):
    frame = pl.DataFrame({"end": [end], "cut": [CUT]}, schema_overrides={"end": pl.String})
    found = frame.select(end_date(pl.col("end"), pl.col("cut"))).item()
    assert found == (dt.date.fromisoformat(date) if date else None)


def test_a_clock_time_is_read_to_the_minute():
    times = pl.DataFrame({"at": ["2024-01-10T08:30:15", "2024-01-10T08:30", "2024-01-10"]})
    half_past = dt.datetime(2024, 1, 10, 8, 30)
    assert times.select(moment(pl.col("at"))).to_series().to_list() == [half_past, half_past, None]
