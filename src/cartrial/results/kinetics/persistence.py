"""Persistence: how long the CAR is found, and when it is lost.

    at a month       of the subjects measured, those in whom it was still quantified, or detectable
    until the loss   Kaplan-Meier estimate of persisting; lost is the first of two consecutive
                     samples below quantification (kinetics.nca)

A loss happened at some time after the last quantifiable sample and is seen at the first sample
without: it is interval-censored. The curve is drawn with each loss at either end of its interval;
the true curve lies between the two.

Reading: who has not lost it is censored at the last quantifiable sample. A subject in whom nothing
was ever quantifiable has nothing to lose, and is not at risk. Death censors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.adam.kinetics.adpc import BELOW, NOT_DONE, QUANTIFIED
from cartrial.estimate import survival as km
from cartrial.protocol.study import landmark_day
from cartrial.results.kaplan_meier import curve_tables
from cartrial.results.kaplan_meier_rows import NO_INTERVAL, NO_LIMIT
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.kinetics.parameters import parameters
from cartrial.results.kinetics.visits import sample_of_month
from cartrial.results.population import Column, Trial
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent
from cartrial.results.table import PERCENT, Drawn, Filled, Part, Table, nothing

MONTHS = (1, 3, 6, 12, 24)
SEEN, EARLIEST = "Loss when seen", "Loss at its earliest"
NOT_ESTIMABLE = "not estimable: nobody at risk"


def persistence(trial: Trial, analyte: Analyte) -> Iterator[Part]:
    """The share that persists at each month; the time to loss with its curve."""
    yield _at_months(trial, analyte)
    lost = _losses(trial, analyte)
    if lost is None:
        title = _title(analyte)
        why = f"Not computed: loss of {analyte.name} (no ADPP data)."
        yield nothing(f"{analyte.id}_loss", "car", title, trial.infused.label, why)
        return
    yield _until_loss(trial, analyte, lost)
    yield _figure(trial, analyte, lost)


def _title(analyte: Analyte) -> str:
    return f"{analyte.name} by {analyte.method}: loss of persistence"


def _at_months(trial: Trial, analyte: Analyte) -> Filled:
    table = Table(f"{analyte.id}_persistence", trial.infused, source=f"ADPC, {analyte.code}")
    level = trial.study.endpoints.level
    for month in MONTHS:
        rows = sample_of_month(trial, analyte, month)
        measured = rows.filter(pl.col("status") != NOT_DONE)
        for label, statuses in (
            (f"Month {month}: quantified", (QUANTIFIED,)),
            (f"Month {month}: detectable", (QUANTIFIED, BELOW)),
        ):
            found = measured.filter(pl.col("status").is_in(statuses))["subject"]
            table.count(
                label,
                found,
                of=measured["subject"].to_list(),
                cell="n/N (%) [interval]",
                level=level,
            )
    return table.fill(
        "car",
        f"{analyte.name} by {analyte.method}: persistence",
        shown="Of the subjects measured at each time, those in whom it was still found.",
        method=("Exact interval (Clopper-Pearson).",),
        footnotes=(
            "Detectable: quantified, or reported as below the lower limit of quantification and "
            "not as undetected.",
            "Subjects without a sample at a time are not in its denominator.",
        ),
    )


# ---------------------------------------------------------------- time to loss
@dataclass(frozen=True)
class Losses:
    """Time to loss: (subject, day, status), each loss at the end and at the start of its interval;
    and why a subject has none."""

    seen: pl.DataFrame
    earliest: pl.DataFrame
    unknown: Mapping[str, str]


def _losses(trial: Trial, analyte: Analyte) -> Losses | None:
    found = parameters(trial, analyte)
    if "PERSLAST" not in found["PARAMCD"]:
        return None
    known = found.filter(pl.col("PARAMCD") == "PERSLAST").select(
        "subject", last="AVAL", why="WHYMISS"
    )
    by = found.filter(pl.col("PARAMCD") == "PERSLOSS").select("subject", loss="AVAL")
    both = known.join(by, on="subject", how="left").sort("subject")
    at_risk = both.filter(pl.col("last").is_not_null())
    missing = both.filter(pl.col("last").is_null())
    status = pl.col("loss").is_not_null().cast(pl.Int64)
    described = pl.when(status == 0).then(pl.lit("not lost at the last quantifiable sample"))

    def dated(day: pl.Expr) -> pl.DataFrame:
        rows = at_risk.select("subject", day=day, status=status, description=described)
        return rows.sort("day", "subject")

    return Losses(
        dated(pl.coalesce("loss", "last")),
        dated(pl.col("last")),
        dict(missing.select("subject", pl.col("why").fill_null("no value")).iter_rows()),
    )


def _until_loss(trial: Trial, analyte: Analyte, lost: Losses) -> Filled:
    table = Table(f"{analyte.id}_loss", trial.infused, source="ADPP where PARAMCD = PERSLOSS")
    status = lost.seen["status"]
    table.count("Ever quantifiable", lost.seen["subject"], cell="n/N (%)")
    for label, value in (("Lost", 1), ("Not lost so far", 0)):
        table.count(label, lost.seen.filter(status == value)["subject"], cell="n", indent=1)
    for label, rows in ((SEEN, lost.seen), (EARLIEST, lost.earliest)):
        table.heading(label)
        _estimates(trial, table, rows, label)
    reasons = "; ".join(f"{subject} ({why})" for subject, why in lost.unknown.items())
    return table.fill(
        "car",
        _title(analyte),
        shown="Time from the infusion to the first of two consecutive samples below "
        "quantification.",
        method=("Kaplan-Meier; log-log interval.",),
        footnotes=(
            "A loss is interval-censored: it happened after the last quantifiable sample and is "
            "seen at the first below quantification. Dated at either end of that interval, the two "
            "estimates enclose the one that continuous sampling would give.",
            "Censored at the last quantifiable sample: who has not lost it, the dead among them.",
            f"Nothing to lose, and not at risk: {reasons}." if reasons else "",
        ),
    )


def _estimates(trial: Trial, table: Table, rows: pl.DataFrame, variable: str) -> None:
    level = trial.study.endpoints.level
    median = table.row("Median (days)", "value [interval]", indent=1, digits=0)
    landmarks = {
        month: table.row(f"Persisting at month {month}", "percent [interval]", indent=1)
        for month in MONTHS
    }
    for column in trial.infused.columns:
        mine = rows.filter(pl.col("subject").is_in(list(column.subjects)))
        curve = km.estimate_survival(mine["day"].to_numpy(), mine["status"].to_numpy(), level=level)
        who = mine["subject"].to_list()
        found = km.quantile(curve)
        for name, days in (("value", found.time), ("lower", found.lower), ("upper", found.upper)):
            at = (median, column.name, name, f"{variable}, median")
            reached = "not reached" if found.time is None else NO_LIMIT
            why = reached if who else NOT_ESTIMABLE
            table.put(*at, value=days, unit="day", subjects=who, why=why)
        for month, number in landmarks.items():
            _landmark(table, column, number, curve, mine, month, variable)


def _landmark(
    table: Table,
    column: Column,
    number: int,
    curve: km.Survival,
    rows: pl.DataFrame,
    month: int,
    variable: str,
) -> None:
    day = landmark_day(month)
    [point] = km.at(curve, [day])
    who = rows.filter(pl.col("day") >= day)["subject"].to_list()
    why = NOT_ESTIMABLE if point.surv is None else NO_INTERVAL
    shares = (("percent", point.surv), ("lower", point.lower), ("upper", point.upper))
    for name, share in shares:
        value = None if share is None else 100 * share
        at = (number, column.name, name, f"{variable}, month {month}")
        table.put(*at, value=value, unit=PERCENT, subjects=who, why=why)


def _figure(trial: Trial, analyte: Analyte, lost: Losses) -> Drawn:
    key, level = f"{analyte.id}_loss", trial.study.endpoints.level
    data = curve_tables(key, {SEEN: lost.seen, EARLIEST: lost.earliest}, level)
    some = not lost.seen.is_empty()
    figure = Figure(
        key,
        "car",
        "kaplan_meier",
        f"{analyte.name} by {analyte.method}: Kaplan-Meier estimate of persistence",
        trial.infused.label,
        x="Months since the infusion",
        y="Persisting (%)",
        data=tuple(data) if some else (),
        footnotes=(
            f"Bands: {as_percent(level)} log-log intervals. Marks: censored. Below: numbers at "
            "risk. The loss lies between two samples; the curves date it at either end.",
        ),
        empty="" if some else "Nothing was ever quantifiable.",
    )
    return Drawn(figure, data if some else {})
