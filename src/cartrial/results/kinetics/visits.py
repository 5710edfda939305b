"""CAR by visit: how many were measured and quantified, and the quantified results.

A result below the lower limit of quantification (LLOQ) is counted as such, never replaced by a
number; medians and geometric means are of quantified results, and say of how many.

Reading: a month's sample is that of the planned visit nearest to the month; without a schedule, the
sample nearest to the month, at most 14 days from it.
"""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.kinetics.adpc import ABSENT, BELOW, NOT_DONE, QUANTIFIED
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Table, counted

NEAR = 14  # days
LARGE = 1000


def visits(trial: Trial, analyte: Analyte) -> Filled:
    """The results of each visit, in its order."""
    table = Table(f"{analyte.id}_visits", trial.infused, source=f"ADPC, {analyte.code}")
    after = analyte.rows.filter(pl.col("VISIT").is_not_null())
    for visit in in_order(trial, after):
        rows = after.filter(pl.col("VISIT") == visit).unique("subject", keep="first")
        _visit(table, visit, rows.sort("subject"), analyte.unit)
    unplanned = analyte.rows.height - after.height
    return table.fill(
        "car",
        f"{analyte.name} by {analyte.method}: results by visit",
        shown=f"In {analyte.unit}. Of the measured samples, how many were quantified, and these.",
        footnotes=(
            "Median and geometric mean are of quantified results alone; a result below the lower "
            "limit of quantification (LLOQ) or not detected is counted, never made a number.",
            "Lines with nobody are left out: below LLOQ, not detected, not done.",
            analyte.retreated,
            f"Without a planned visit, in the figure only: {counted(unplanned, 'result')}."
            if unplanned
            else "",
        ),
    )


def in_order(trial: Trial, rows: pl.DataFrame) -> Sequence[str]:
    """The visits that have a result, planned ones first as planned, then by their day."""
    planned = [visit.name for visit in trial.study.schedule.visits] if trial.study.schedule else []
    seen = rows.group_by("VISIT").agg(pl.col("ADAY").median()).sort("ADAY", "VISIT")["VISIT"]
    order = {name: n for n, name in enumerate(planned)}
    return sorted(seen, key=lambda name: order.get(name, len(order)))


def _visit(table: Table, visit: str, rows: pl.DataFrame, unit: str) -> None:
    def who(*statuses: str) -> list[str]:
        return rows.filter(pl.col("status").is_in(statuses))["subject"].to_list()

    measured = who(QUANTIFIED, BELOW, ABSENT)
    values = pairs(rows)
    table.heading(visit)
    table.count(
        "Quantified, of measured",
        who(QUANTIFIED),
        of=measured,
        cell="n/N (%)",
        indent=1,
        variable=visit,
    )
    if values:
        digits = decimals(values)
        table.summary(
            "Median (min, max)", values, unit=unit, digits=digits, indent=1, variable=visit
        )
        table.geometric_mean("Geometric mean", values, unit=unit, digits=digits, indent=1)
    due = [*measured, *who(NOT_DONE)]
    for label, status, of in (
        ("Below LLOQ", BELOW, measured),
        ("Not detected", ABSENT, measured),
        ("Not done", NOT_DONE, due),
    ):
        if who(status):
            name = f"{visit}, {status}"
            table.count(label, who(status), of=of, cell="n", indent=1, variable=name)


def decimals(values: Sequence[tuple[str, float]]) -> int:
    """How many decimals are worth showing: none where the values are large."""
    return 0 if max((value for _, value in values), default=0) >= LARGE else 1


def pairs(rows: pl.DataFrame) -> list[tuple[str, float]]:
    """(subject, value) of the rows that have a value."""
    return list(rows.filter(pl.col("AVAL").is_not_null()).select("subject", "AVAL").iter_rows())


def sample_of_month(trial: Trial, analyte: Analyte, month: int) -> pl.DataFrame:
    """The sample of each subject that stands for a month, one row for each subject measured."""
    day = month * DAYS_PER_MONTH
    schedule = trial.study.schedule
    rows = analyte.rows.filter(pl.col("ADAY").is_not_null())
    if schedule is not None and schedule.car_samples:
        planned = min(schedule.car_samples, key=lambda d: abs(d - day))
        visit = next((v for v in schedule.visits if v.day == planned), None)
        if visit is not None and abs(planned - day) <= NEAR:
            mine = analyte.rows.filter(pl.col("VISIT") == visit.name)
            return mine.unique("subject", keep="first").sort("subject")
    away = (pl.col("ADAY") - day).abs()
    near = rows.filter(away <= NEAR).sort("subject", away)
    return near.unique("subject", keep="first", maintain_order=True)
