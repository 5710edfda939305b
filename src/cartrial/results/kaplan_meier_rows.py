"""The Kaplan-Meier rows of a table: events, landmarks, median, and median follow-up.

A landmark and a median carry their log-log interval; the median follow-up is that of the reverse
curve.

Source: Kaplan & Meier 1958 and Brookmeyer & Crowley 1982 (estimate.survival)
"""

from collections.abc import Sequence

import polars as pl

from cartrial.estimate import survival as km
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.population import Trial
from cartrial.results.table import PERCENT, Table
from cartrial.results.time_to_event import curve

ESTIMABLE = "not estimable"
NO_INTERVAL = "No interval: the log-log interval does not exist at 0% and 100%."
NO_LIMIT = "This limit of the interval is not reached."
METHOD = (
    "Kaplan-Meier with log-log interval and median as R survival (Kaplan & Meier 1958, "
    "Brookmeyer & Crowley 1982); median follow-up by reverse Kaplan-Meier (Schemper & Smith "
    "1996)."
)


def estimates(
    trial: Trial,
    table: Table,
    free: str,
    columns: Sequence[tuple[str, pl.DataFrame]],
    *,
    indent: int = 0,
) -> None:
    """Events, censored, each landmark with its interval, the median, and the median follow-up.

    `free` says what a subject without the event is; a column is its name and its records.
    """
    for label, status in (("Events", 1), ("Censored", 0)):
        number = table.row(label, "n", indent=indent)
        for name, mine in columns:
            who = mine.filter(pl.col("status") == status)["subject"]
            table.put(number, name, "n", label, value=len(who), unit="subjects", subjects=who)
    level = trial.study.endpoints.level
    for month in trial.study.endpoints.landmarks:
        label = f"{free} at {month} months"
        number = table.row(label, "percent [interval]", indent=indent)
        risk = table.row(f"At risk at {month} months", "n", indent=indent + 1)
        for column in columns:
            _landmark(table, column, (number, risk), landmark_day(month), level, label)
    for label, flip in (("Median (months)", False), ("Median follow-up (months)", True)):
        number = table.row(label, "value [interval]", indent=indent)
        for column in columns:
            _median(table, column, number, level, label, flip=flip)


def _landmark(
    table: Table,
    column: tuple[str, pl.DataFrame],
    rows: tuple[int, int],
    day: int,
    level: float,
    label: str,
) -> None:
    name, mine = column
    who = mine.filter(pl.col("day") >= day)["subject"].to_list()
    [point] = km.at(curve(mine, level), [day])
    why = ESTIMABLE if point.surv is None else NO_INTERVAL
    for statistic, value in (
        ("percent", point.surv),
        ("lower", point.lower),
        ("upper", point.upper),
    ):
        share = None if value is None else 100 * value
        at = (rows[0], name, statistic, label)
        table.put(*at, value=share, unit=PERCENT, subjects=who, why=why)
    at = (rows[1], name, "n", f"{label}, at risk")
    table.put(*at, value=len(who), unit="subjects", subjects=who)


def _median(
    table: Table,
    column: tuple[str, pl.DataFrame],
    number: int,
    level: float,
    label: str,
    *,
    flip: bool,
) -> None:
    name, mine = column
    median = km.quantile(curve(mine, level, flip=flip))
    who = mine["subject"].to_list()
    why = ("not reached" if median.time is None else NO_LIMIT) if who else ESTIMABLE
    for statistic, value in (
        ("value", median.time),
        ("lower", median.lower),
        ("upper", median.upper),
    ):
        months = None if value is None else value / DAYS_PER_MONTH
        at = (number, name, statistic, label)
        table.put(*at, value=months, unit="months", subjects=who, why=why)
