"""Relapse or progression, and death without it: competing risks, told apart (Aalen-Johansen).

Who died without progression can no longer progress: the share who have progressed by a month is
read with that, where one minus Kaplan-Meier would take the dead for people still at risk of it.

Source: Aalen & Johansen 1978, Scand J Stat 5:141-150 (estimate.competing)
Reading: the events and censorings are those of progression-free survival as registered; of both on
one day the progression counts.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from cartrial.adam.survival.adtte import Adtte
from cartrial.estimate.competing import Incidence, estimate_incidence, incidence_at
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.figures import CAUSES, IncidencePoint
from cartrial.results.kaplan_meier_rows import NO_INTERVAL
from cartrial.results.population import ALL, Column, Population, Trial
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent
from cartrial.results.table import PERCENT, Drawn, Filled, Part, Table, tidy

ID, TITLE = "competing_risks", "Progression, and death without it, as competing risks"
EVENTS: Mapping[str, str] = {
    CAUSES[0]: "Relapse or progression",
    CAUSES[1]: "Death without progression (non-relapse mortality)",
}
METHOD = (
    "Cumulative incidence (Aalen & Johansen 1978) with delta-method variance and log-log interval. "
    "At every time the two incidences and progression-free survival add up to 100%."
)


def competing(trial: Trial) -> tuple[Part, ...]:
    """The table and the curves; nothing where progression was not followed."""
    infused = list(trial.infused.everyone)
    records = trial.frame(Adtte).filter(
        (pl.col("PARAMCD") == "CRISK") & pl.col("subject").is_in(infused)
    )
    timed = records.filter(pl.col("AVAL").is_not_null() & pl.col("EVTYPE").is_not_null())
    rows = timed.select("subject", day="AVAL", cause="EVTYPE").sort("day", "subject")
    if rows.is_empty():
        return ()
    lacking = records.join(rows, on="subject", how="anti").sort("subject")
    unknown = [
        f"{subject} ({why or 'no record'})"
        for subject, why in lacking.select("subject", "WHYMISS").iter_rows()
    ]
    return _table(trial, trial.infused, rows, unknown), _figure(trial, rows)


def _table(trial: Trial, people: Population, rows: pl.DataFrame, unknown: list[str]) -> Filled:
    table = Table(ID, people, source="ADTTE where PARAMCD = CRISK")
    curves = {column.name: _curve(trial, column, rows) for column in people.columns}
    for cause, name in enumerate(EVENTS.values(), start=1):
        table.heading(name)
        had = rows.filter(pl.col("cause") == cause)["subject"]
        table.count("Subjects with it", had, cell="n/N (%)", indent=1, variable=name)
        for month in trial.study.endpoints.landmarks:
            label = f"Cumulative incidence at {month} months"
            number = table.row(label, "percent [interval]", indent=1)
            for column in people.columns:
                _landmark(table, number, column, curves[column.name], cause, month, name)
    at_risk = "At risk of both"
    table.heading(at_risk)
    for month in trial.study.endpoints.landmarks:
        here = rows.filter(pl.col("day") >= landmark_day(month))["subject"]
        table.count(f"At {month} months", here, cell="n", indent=1, variable=at_risk)
    return table.fill(
        "pfs",
        TITLE,
        shown="Time from the infusion to progression, or to death without it, whichever is first.",
        method=(METHOD,),
        footnotes=(
            "Events count whatever therapy was given meanwhile. Censored at the last adequate "
            "response assessment. Not estimable where nobody is at risk.",
            f"Time not known: {', '.join(unknown)}." if unknown else "",
        ),
    )


def _curve(trial: Trial, column: Column, rows: pl.DataFrame) -> Incidence:
    mine = rows.filter(pl.col("subject").is_in(list(column.subjects)))
    level = trial.study.endpoints.level
    return estimate_incidence(mine["day"].to_numpy(), mine["cause"].to_numpy(), level=level)


def _landmark(
    table: Table,
    number: int,
    column: Column,
    curve: Incidence,
    cause: int,
    month: int,
    name: str,
) -> None:
    [found] = incidence_at(curve, cause, [landmark_day(month)])
    why = "not estimable" if found.incidence is None else NO_INTERVAL
    for statistic, value in (
        ("percent", found.incidence),
        ("lower", found.lower),
        ("upper", found.upper),
    ):
        share = None if value is None else 100 * value
        table.put(number, column.name, statistic, name, value=share, unit=PERCENT, why=why)


# ---------------------------------------------------------------- figure
def _figure(trial: Trial, rows: pl.DataFrame) -> Drawn:
    curve = _curve(trial, trial.infused.column(ALL), rows)
    figure = Figure(
        "incidence",
        "pfs",
        "incidence",
        "Progression, and death without it: cumulative incidence",
        trial.infused.label,
        x="Months since the infusion",
        y="Cumulative incidence (%)",
        data=("incidence",),
        footnotes=(
            f"Aalen-Johansen. Band: {as_percent(curve.level)} log-log interval. Each curve is read "
            "with the other event competing.",
        ),
    )
    points = [point for name in EVENTS for point in _points(curve, name)]
    return Drawn(figure, {"incidence": tidy(IncidencePoint, points)})


def _points(curve: Incidence, cause: str) -> Iterator[dict[str, object]]:
    """The points of one curve, from month 0."""
    row = CAUSES.index(cause)
    if not curve.times.size or curve.times[0] > 0:
        yield _point(cause, 0.0, 0.0, float("nan"), float("nan"))
    columns = (curve.times, curve.incidence[row], curve.lower[row], curve.upper[row])
    for day, share, lower, upper in zip(*columns, strict=True):
        yield _point(cause, float(day), float(share), float(lower), float(upper))


def _point(cause: str, day: float, share: float, lower: float, upper: float) -> dict[str, object]:
    return {
        "group": ALL,
        "month": day / DAYS_PER_MONTH,
        "cause": cause,
        "incidence": min(100 * share, 100.0),
        "lower": None if lower != lower else 100 * lower,
        "upper": None if upper != upper else 100 * upper,
    }
