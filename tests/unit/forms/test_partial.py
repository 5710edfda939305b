import datetime as dt

import polars as pl
import pytest

from cartrial.forms.partial import earliest, latest

CASES = [
    ("2024", "2024-01-01T00:00:00", "2024-12-31T23:59:59.999999"),
    ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59.999999"),
    ("2023-02", "2023-02-01T00:00:00", "2023-02-28T23:59:59.999999"),
    ("2024-02-05", "2024-02-05T00:00:00", "2024-02-05T23:59:59.999999"),
    ("2024-02-05T14:20", "2024-02-05T14:20:00", "2024-02-05T14:20:59.999999"),
    ("2024-02-05T14:20:07", "2024-02-05T14:20:07", "2024-02-05T14:20:07.999999"),
]


@pytest.mark.parametrize(("date", "first", "last"), CASES)
def test_the_interval_of_a_partial_date(date: str, first: str, last: str) -> None:
    frame = pl.DataFrame({"at": [date]}).select(a=earliest(pl.col("at")), b=latest(pl.col("at")))
    assert frame.row(0) == (dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last))


def test_an_unknown_date_has_no_interval() -> None:
    frame = pl.DataFrame({"at": pl.Series([None, "2024"], dtype=pl.String)})
    bounds = frame.select(a=earliest(pl.col("at")), b=latest(pl.col("at")))
    assert bounds.row(0) == (None, None)
