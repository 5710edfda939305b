"""Dates, days, treatment-emergent events and times to event."""

from collections.abc import Iterator

import polars as pl

from cartrial.adam.conformance.analysis import AnalysisData
from cartrial.adam.time.day import study_day
from cartrial.cdisc.rule import Breach

FILLED = ("D", "M", "Y")
CLOCK = ("S", "M", "H")
DAYS = {"ADY": "ADT", "ASTDY": "ASTDT", "AENDY": "AENDT"}
IN_DAYS = ("DAY", "DAYS")


def imputation_flags(data: AnalysisData) -> Iterator[Breach]:
    """Flags of dates and times that say something else than what was filled in."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            allowed = FILLED if column.endswith("DTF") else CLOCK if column.endswith("TMF") else ()
            if allowed:
                yield Breach(name, column, frame.filter(~pl.col(column).is_in(allowed)))


def flagged_dates(data: AnalysisData) -> Iterator[Breach]:
    """Flags of dates that are not there."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            if column.endswith("DTF") and column[:-1] in frame.columns:
                lone = pl.col(column).is_not_null() & pl.col(column[:-1]).is_null()
                yield Breach(name, column, frame.filter(lone))


def order_of_dates(data: AnalysisData) -> Iterator[Breach]:
    """Ends before their starts."""
    for first, last in (("ASTDT", "AENDT"), ("ASTDTM", "AENDTM"), ("TRTSDT", "TRTEDT")):
        for name, frame in data.having(first, last):
            yield Breach(name, last, frame.filter(pl.col(last) < pl.col(first)))


def clock_times(data: AnalysisData) -> Iterator[Breach]:
    """Dates with a clock time that are of another day than the date beside them."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            moment = f"{column}M"
            if column.endswith("DT") and moment in frame.columns:
                if frame[moment].dtype != pl.Datetime or frame[column].dtype != pl.Date:
                    continue
                day = pl.col(moment).dt.date()
                yield Breach(name, moment, frame.filter(day != pl.col(column)))


def relative_days(data: AnalysisData) -> Iterator[Breach]:
    """Relative days that do not come from their date and the first treatment."""
    for name, frame in data.beside_subjects("TRTSDT"):
        for day, date in DAYS.items():
            if {day, date} <= set(frame.columns) and frame[date].dtype == pl.Date:
                told = study_day(pl.col(date), pl.col("TRTSDT")).cast(pl.Float64)
                rows = frame.filter(pl.col(day).cast(pl.Float64).ne_missing(told))
                yield Breach(name, day, rows)


def no_day_zero(data: AnalysisData) -> Iterator[Breach]:
    """Relative days that are 0."""
    for name, frame in data.tables.items():
        for day in DAYS:
            if day in frame.columns:
                yield Breach(name, day, frame.filter(pl.col(day) == 0))


def emergent_events(data: AnalysisData) -> Iterator[Breach]:
    """Events from after the start of treatment without the flag, and such from before with it."""
    for name, frame in data.beside_subjects("TRTSDT"):
        if {"TRTEMFL", "ASTDT"} <= set(frame.columns):
            flagged = (pl.col("TRTEMFL") == "Y").fill_null(False)
            after = (pl.col("ASTDT") > pl.col("TRTSDT")).fill_null(False)
            end = pl.col("AENDT") if "AENDT" in frame.columns else pl.lit(None, dtype=pl.Date)
            over = (end < pl.col("TRTSDT")).fill_null(False)
            yield Breach(name, "TRTEMFL", frame.filter((after & ~flagged) | (over & flagged)))


def whole_censors(data: AnalysisData) -> Iterator[Breach]:
    """Censors that are no whole number from 0 on, or not said of a time."""
    for name, frame in data.having("CNSR"):
        value = pl.col("CNSR").cast(pl.Float64, strict=False)
        odd = (value < 0) | (value != value.round(0))
        timed = pl.col("AVAL").is_not_null() if "AVAL" in frame.columns else pl.lit(True)
        yield Breach(name, "CNSR", frame.filter(odd.fill_null(False) | (value.is_null() & timed)))


def described_events(data: AnalysisData) -> Iterator[Breach]:
    """Events and censorings that are not described."""
    for name, frame in data.having("CNSR"):
        if "EVNTDESC" not in frame.columns:
            yield Breach(name, "EVNTDESC", got="no such variable")
            continue
        undescribed = pl.col("CNSR").is_not_null() & pl.col("EVNTDESC").is_null()
        yield Breach(name, "EVNTDESC", frame.filter(undescribed))


def events_or_censors(data: AnalysisData) -> Iterator[Breach]:
    """Descriptions that stand for an event in one record and for a censoring in another."""
    for name, frame in data.having("PARAMCD", "CNSR", "EVNTDESC"):
        event = pl.col("CNSR") == 0
        both = (event.any() & (~event).any()).over("PARAMCD", "EVNTDESC")
        yield Breach(name, "CNSR", frame.filter(both, pl.col("EVNTDESC").is_not_null()))


def times_to_event(data: AnalysisData) -> Iterator[Breach]:
    """Times that are not the days from the start to the date, counted alike in a parameter."""
    for name, frame in data.having("PARAMCD", "CNSR", "AVAL", "STARTDT", "ADT"):
        unit = (
            pl.col("AVALU").str.to_uppercase().is_in(IN_DAYS)
            if "AVALU" in frame.columns
            else pl.lit(True)
        )
        timed = frame.filter(pl.col("AVAL").is_not_null(), unit.fill_null(False))
        days = (pl.col("ADT") - pl.col("STARTDT")).dt.total_days()
        off = (pl.col("AVAL") - days).alias("\x00off")
        counted = timed.with_columns(off)
        usual = pl.col("\x00off").drop_nulls().mode().min().over("PARAMCD")
        wrong = ~usual.is_in((0.0, 1.0)) | pl.col("\x00off").ne_missing(usual)
        yield Breach(name, "AVAL", counted.filter(wrong).drop("\x00off"))
