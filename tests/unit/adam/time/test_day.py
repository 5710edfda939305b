import datetime as dt

import polars as pl
import pytest

from cartrial.adam.time.day import day_of, infusion_day, study_day

INFUSED = dt.date(2024, 1, 10)


@pytest.mark.parametrize(
    ("date", "study", "trial"),
    [
        (dt.date(2024, 1, 9), -1, -1),
        (dt.date(2024, 1, 10), 1, 0),
        (dt.date(2024, 1, 11), 2, 1),
        (None, None, None),
    ],
)
def test_the_infusion_is_study_day_1_and_day_0(date, study, trial):
    frame = pl.DataFrame({"date": [date], "start": [INFUSED]}, schema_overrides={"date": pl.Date})
    days = frame.select(
        study=study_day(pl.col("date"), pl.col("start")),
        trial=infusion_day(pl.col("date"), pl.col("start")),
    )
    assert days.row(0) == (study, trial)
    assert day_of(date, INFUSED) == trial
