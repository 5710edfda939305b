"""Dates that are known in part, and what is taken for them.

A date that was filled in carries a flag beside it: D where the day, M where month and day were.

    start of an event    the day of the infusion where it lies in the period that is known, so that
                         no event is kept out of the analysis by a missing day; else the first day
                         of the period
    end of an event      the last day of the period, never after the data cut or death
    anything else        the first day of the period

Source: ADaM Implementation Guide 1.3, section 3.1.3 (date imputation flags).
Reading: a start is not moved to the infusion where the event had ended before it.
"""

import polars as pl

from cartrial.sdtm.study_day import calendar_day

MONTH, YEAR = 7, 4  # characters of a date known to the month, to the year


def first_day(dtc: pl.Expr) -> pl.Expr:
    """The first day that a date, as far as it is known, can mean."""
    length = dtc.str.len_chars()
    whole = (
        pl.when(length == YEAR)
        .then(dtc + "-01-01")
        .when(length == MONTH)
        .then(dtc + "-01")
        .otherwise(dtc)
    )
    return calendar_day(whole)


def last_day(dtc: pl.Expr) -> pl.Expr:
    """The last day that a date, as far as it is known, can mean."""
    december = calendar_day(dtc.str.slice(0, YEAR) + "-12-31")
    return (
        pl.when(dtc.str.len_chars() == YEAR)
        .then(december)
        .when(dtc.str.len_chars() == MONTH)
        .then(first_day(dtc).dt.month_end())
        .otherwise(calendar_day(dtc))
    )


def start_date(dtc: pl.Expr, infusion: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The start of an event that ended, as far as it is known, at `end` (text)."""
    within = infusion.is_between(first_day(dtc), last_day(dtc))
    ended_before = (last_day(end) < infusion).fill_null(False)
    return pl.when(within & ~ended_before).then(infusion).otherwise(first_day(dtc))


def known_or_infusion(dtc: pl.Expr, infusion: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The calendar day where it is known, else the start that is taken for it."""
    return pl.coalesce(calendar_day(dtc), start_date(dtc, infusion, end))


def end_date(dtc: pl.Expr, latest: pl.Expr) -> pl.Expr:
    """The end of an event; `latest` is the data cut or death, whichever came first."""
    filled = pl.min_horizontal(last_day(dtc), latest)
    return pl.when(dtc.is_not_null()).then(pl.coalesce(calendar_day(dtc), filled))


def imputed(dtc: pl.Expr) -> pl.Expr:
    """D where the day, M where month and day had to be filled in; null for a complete date."""
    length = dtc.str.len_chars()
    return pl.when(length == MONTH).then(pl.lit("D")).when(length == YEAR).then(pl.lit("M"))


def moment(dtc: pl.Expr) -> pl.Expr:
    """The date with its clock time; null where the time is not known."""
    minutes = dtc.str.slice(0, 16)
    return minutes.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us")
