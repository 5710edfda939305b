"""The Kaplan-Meier rows of a table: events, landmarks, median, and median follow-up.

A landmark and a median carry their log-log interval; the median follow-up is that of the reverse
curve.

Source: Kaplan & Meier 1958 and Brookmeyer & Crowley 1982 (estimate.survival)
"""

import polars as pl

from cartrial.estimate import survival as km
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.population import Column, Trial
from cartrial.results.table import PERCENT, Table
from cartrial.results.time_to_event import Followed, curve

ESTIMABLE = "not estimable"
METHOD = (
    "Kaplan-Meier with log-log interval and median as R survival (Kaplan & Meier 1958, "
    "Brookmeyer & Crowley 1982); median follow-up by reverse Kaplan-Meier (Schemper & Smith "
    "1996)."
)


def estimates(trial: Trial, table: Table, found: Followed) -> None:
    """Events, censored, each landmark with its interval, the median, and the median follow-up."""
    events = found.rows.filter(pl.col("status") == 1)["subject"]
    table.count("Events", events, cell="n", indent=1)
    censored = found.rows.filter(pl.col("status") == 0)["subject"]
    table.count("Censored", censored, cell="n", indent=1)
    level = trial.study.endpoints.level
    for month in trial.study.endpoints.landmarks:
        label = f"{found.words.free} at {month} months"
        number = table.row(label, "percent [interval]", indent=1)
        risk = table.row(f"At risk at {month} months", "n", indent=2)
        for column in found.people.columns:
            _landmark(table, found, column, (number, risk), landmark_day(month), level, label)
    for label, flip in (("Median (months)", False), ("Median follow-up (months)", True)):
        number = table.row(label, "value [interval]", indent=1)
        for column in found.people.columns:
            _median(table, found, column, number, level, label, flip=flip)


def _landmark(
    table: Table,
    found: Followed,
    column: Column,
    rows: tuple[int, int],
    day: int,
    level: float,
    label: str,
) -> None:
    mine = found.of(column)
    who = mine.filter(pl.col("day") >= day)["subject"].to_list()
    [point] = km.at(curve(mine, level), [day])
    why = ESTIMABLE if point.surv is None else "no interval"
    for statistic, value in (
        ("percent", point.surv),
        ("lower", point.lower),
        ("upper", point.upper),
    ):
        share = None if value is None else 100 * value
        table.put(
            rows[0], column.name, statistic, label, value=share, unit=PERCENT, subjects=who, why=why
        )
    at = f"{label}, at risk"
    table.put(rows[1], column.name, "n", at, value=len(who), unit="subjects", subjects=who)


def _median(
    table: Table,
    found: Followed,
    column: Column,
    number: int,
    level: float,
    label: str,
    *,
    flip: bool,
) -> None:
    mine = found.of(column)
    median = km.quantile(curve(mine, level, flip=flip))
    who = mine["subject"].to_list()
    why = "not reached" if who else ESTIMABLE
    for statistic, value in (
        ("value", median.time),
        ("lower", median.lower),
        ("upper", median.upper),
    ):
        months = None if value is None else value / DAYS_PER_MONTH
        at = (number, column.name, statistic, label)
        table.put(*at, value=months, unit="months", subjects=who, why=why)
