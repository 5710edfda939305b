"""Kaplan-Meier figure: the curve of all subjects, the censored ones, and the numbers at risk."""

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


def draw(found: Followed, level: float) -> Drawn:
    """The curve of all subjects, its censored subjects, and the numbers at risk."""
    whole = found.people.column(ALL)
    rows = found.of(whole)
    fitted = curve(rows, level)
    names = tuple(f"km_{found.endpoint}_{part}" for part in ("curve", "censored", "at_risk"))
    tables = (
        tidy(KaplanMeierCurve, _curve(fitted, rows.height)),
        tidy(KaplanMeierCensor, _censored(fitted, rows)),
        tidy(KaplanMeierRisk, _risk(rows)),
    )
    figure = Figure(
        f"km_{found.endpoint}",
        found.endpoint,
        "kaplan_meier",
        f"{found.words.name}: Kaplan-Meier estimate",
        found.people.label,
        x=f"Months since {found.words.start}",
        y=f"{found.words.free} (%)",
        data=names if rows.height else (),
        footnotes=(
            f"Band: {as_percent(level)} log-log interval. Marks: censored. Below: numbers at risk.",
        ),
        empty="" if rows.height else "Nobody to follow.",
    )
    return Drawn(figure, dict(zip(names, tables, strict=True)) if rows.height else {})


def _curve(fitted: km.Survival, n: int) -> list[dict[str, object]]:
    start: dict[str, object] = {
        "group": ALL,
        "month": 0.0,
        "survival": 100.0,
        "lower": None,
        "upper": None,
        "n_risk": n,
        "n_event": 0,
    }
    points: list[dict[str, object]] = [
        {
            "group": ALL,
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


def _censored(fitted: km.Survival, rows: pl.DataFrame) -> list[dict[str, object]]:
    out = rows.filter(pl.col("status") == 0)
    points = km.at(fitted, out["day"])
    return [
        {
            "group": ALL,
            "month": row["day"] / DAYS_PER_MONTH,
            "survival": 100 * (point.surv or 0.0),
            "subject": row["subject"],
            "description": row["description"],
        }
        for row, point in zip(out.iter_rows(named=True), points, strict=True)
    ]


def _risk(rows: pl.DataFrame) -> list[dict[str, object]]:
    last = max(rows["day"].to_list(), default=0.0) / DAYS_PER_MONTH
    found: list[dict[str, object]] = []
    for month in range(0, int(last) + AT_RISK_EVERY, AT_RISK_EVERY):
        here = rows.filter(pl.col("day") >= landmark_day(month))["subject"].to_list()
        found.append(
            {"group": ALL, "month": float(month), "n_risk": len(here), "subjects": listed(here)}
        )
    return found
