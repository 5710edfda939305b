"""A date as far as it is known, as the interval of moments that it can mean.

    2024         2024-01-01 00:00:00  to  2024-12-31 23:59:59.999999
    2024-02      2024-02-01 00:00:00  to  2024-02-29 23:59:59.999999
    2024-02-05   2024-02-05 00:00:00  to  2024-02-05 23:59:59.999999

Two dates are out of order only where no two moments of them are in order: unknown is not a breach.
"""

import polars as pl

FIRST = "0000-01-01T00:00:00"
LENGTH = {4: "1y", 7: "1mo", 10: "1d", 16: "1m", 19: "1s"}  # of the interval, by characters


def earliest(date: pl.Expr) -> pl.Expr:
    """The first moment that a date as text can mean; null of null."""
    rest = pl.lit(FIRST).str.slice(date.str.len_chars())
    return pl.concat_str(date, rest).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us")


def latest(date: pl.Expr) -> pl.Expr:
    """The last moment that a date as text can mean; null of null."""
    length = date.str.len_chars().replace_strict(LENGTH, return_dtype=pl.String)
    return earliest(date).dt.offset_by(length) - pl.duration(microseconds=1)
