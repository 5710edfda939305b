"""Kaplan-Meier figure: the curve of all subjects, the censored ones, and the numbers at risk."""

from collections.abc import Mapping

import polars as pl

from cartrial.estimate import survival as km
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.figures import (
    AT_RISK_EVERY,
    KaplanMeierCensor,
    KaplanMeierCurve,
    KaplanMeierRisk,
)
from cartrial.results.population import ALL, listed
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent
from cartrial.results.table import Drawn, tidy
from cartrial.results.time_to_event import Followed, curve

Row = dict[str, object]


def draw(found: Followed, level: float) -> Drawn:
    """The curve of all subjects, its censored subjects, and the numbers at risk."""
    rows = found.of(found.people.column(ALL))
    tables = curve_tables(f"km_{found.endpoint}", {ALL: rows}, level)
    figure = Figure(
        f"km_{found.endpoint}",
        found.endpoint,
        "kaplan_meier",
        f"{found.words.name}: Kaplan-Meier estimate",
        found.people.label,
        x=f"Months since {found.words.start}",
        y=f"{found.words.free} (%)",
        data=tuple(tables) if rows.height else (),
        footnotes=(
            f"Band: {as_percent(level)} log-log interval. Marks: censored. Below: numbers at risk.",
        ),
        empty="" if rows.height else "Nobody to follow.",
    )
    return Drawn(figure, tables if rows.height else {})


def curve_tables(
    key: str, groups: Mapping[str, pl.DataFrame], level: float
) -> dict[str, pl.DataFrame]:
    """The tables of the figure, named after `key`: curves, censored subjects, numbers at risk.

    A group has a row for each subject: subject, day, status (1 event), description.
    """
    last = max((max(rows["day"], default=0.0) for rows in groups.values()), default=0.0)
    curves: list[Row] = []
    censored: list[Row] = []
    at_risk: list[Row] = []
    for name, rows in groups.items():
        fitted = curve(rows, level)
        curves += _curve(name, fitted, rows.height)
        censored += _censored(name, fitted, rows)
        at_risk += _risk(name, rows, last)
    return {
        f"{key}_curve": tidy(KaplanMeierCurve, curves),
        f"{key}_censored": tidy(KaplanMeierCensor, censored),
        f"{key}_at_risk": tidy(KaplanMeierRisk, at_risk),
    }


def _curve(group: str, fitted: km.Survival, n: int) -> list[Row]:
    start: Row = {
        "group": group,
        "month": 0.0,
        "survival": 100.0,
        "lower": None,
        "upper": None,
        "n_risk": n,
        "n_event": 0,
    }
    points: list[Row] = [
        {
            "group": group,
            "month": float(fitted.times[i]) / DAYS_PER_MONTH,
            "survival": 100 * float(fitted.surv[i]),
            "lower": _share(fitted.lower[i]),
            "upper": _share(fitted.upper[i]),
            "n_risk": int(fitted.n_risk[i]),
            "n_event": int(fitted.n_event[i]),
        }
        for i in range(fitted.times.size)
    ]
    return points if points and points[0]["month"] == 0 else [start, *points]


def _share(limit: float) -> float | None:
    return None if limit != limit else 100 * float(limit)


def _censored(group: str, fitted: km.Survival, rows: pl.DataFrame) -> list[Row]:
    out = rows.filter(pl.col("status") == 0)
    points = km.at(fitted, out["day"])
    return [
        {
            "group": group,
            "month": row["day"] / DAYS_PER_MONTH,
            "survival": 100 * (point.surv or 0.0),
            "subject": row["subject"],
            "description": row["description"],
        }
        for row, point in zip(out.iter_rows(named=True), points, strict=True)
    ]


def _risk(group: str, rows: pl.DataFrame, end: float) -> list[Row]:
    last = end / DAYS_PER_MONTH
    found: list[Row] = []
    for month in range(0, int(last) + AT_RISK_EVERY, AT_RISK_EVERY):
        here = rows.filter(pl.col("day") >= landmark_day(month))["subject"].to_list()
        found.append(
            {"group": group, "month": float(month), "n_risk": len(here), "subjects": listed(here)}
        )
    return found
