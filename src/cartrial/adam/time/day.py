"""Analysis days: the one place where they are made.

A study day (ASTDY, ADY) counts from the infusion as day 1, the day before is day -1, there is no
day 0. A day of the trial (ASTDAY, ADAY) counts the infusion as day 0.

Source: ADaM Implementation Guide 1.3, section 3.2.3 (relative days).
"""

import datetime as dt

import polars as pl


def study_day(date: pl.Expr, start: pl.Expr) -> pl.Expr:
    """The study day of a date: the start is day 1, there is no day 0."""
    days = infusion_day(date, start)
    return pl.when(days >= 0).then(days + 1).otherwise(days)


def infusion_day(date: pl.Expr, start: pl.Expr) -> pl.Expr:
    """The day of a date when the start is day 0."""
    return (date - start).dt.total_days()


def day_of(date: dt.date | None, start: dt.date | None) -> int | None:
    """The day of a date when the start is day 0; nothing where one of them is not known."""
    return None if date is None or start is None else (date - start).days
