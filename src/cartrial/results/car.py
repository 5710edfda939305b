"""CAR in blood by qPCR and by flow cytometry: over time, its parameters, and its persistence.

One set of outputs for each analyte. A result below the lower limit of quantification (LLOQ) is
counted as such, never replaced by a number; medians and geometric means are of quantified results,
and say of how many.

Reading: an analyte is detectable where it was quantified, or detected below the LLOQ and reported
so. A month's sample is that of the planned visit nearest to the month; without a schedule, the
sample nearest to the month, at most 14 days from it.
"""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.adpc import ABSENT, BELOW, NOT_DONE, QUANTIFIED, Adpc
from cartrial.adam.adpp import Adpp
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.assay import METHODS, Analyte, analytes, file_key
from cartrial.results.car_curves import draw
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Part, Table, counted, nothing

MONTHS = (1, 3, 6, 12, 24)
NEAR = 14  # days
LARGE = 1000
PARAMETERS = (
    ("CMAX", "Peak (Cmax)"),
    ("TMAX", "Time of the peak (Tmax)"),
    ("TLAST", "Last time quantified (Tlast)"),
    ("AUC028", "Area under the curve, day 0 to 28 (AUC0-28)"),
)
TITLE = "CAR in peripheral blood"


def car(trial: Trial) -> tuple[Part, ...]:
    """For each analyte the figure, the parameters, the persistence and the results by visit."""
    if not trial.adam.has(Adpc):
        why = "Not collected: CAR copies and CAR+ cells (no PC or CP data)."
        return (nothing("car", "car", TITLE, trial.infused.label, why),)
    parts: list[Part] = []
    measured = analytes(trial)
    for source, name in METHODS.items():
        if not any(analyte.source == source for analyte in measured):
            title = f"{TITLE} by {name}"
            why = f"Not collected: CAR by {name} in infused subjects."
            key = file_key(source)
            parts.append(nothing(f"car_{key}", "car", title, trial.infused.label, why))
    for analyte in measured:
        parts += [_parameters(trial, analyte), draw(trial, analyte)]
        parts += [_persistence(trial, analyte), _visits(trial, analyte)]
    return tuple(parts)


# ---------------------------------------------------------------- over time
def _visits(trial: Trial, analyte: Analyte) -> Filled:
    table = Table(f"{analyte.id}_visits", trial.infused, source=f"ADPC, {analyte.code}")
    after = analyte.rows.filter(pl.col("VISIT").is_not_null())
    for visit in _visit_order(trial, after):
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


def _visit_order(trial: Trial, rows: pl.DataFrame) -> Sequence[str]:
    planned = [visit.name for visit in trial.study.schedule.visits] if trial.study.schedule else []
    seen = rows.group_by("VISIT").agg(pl.col("ADAY").median()).sort("ADAY", "VISIT")["VISIT"]
    order = {name: n for n, name in enumerate(planned)}
    return sorted(seen, key=lambda name: order.get(name, len(order)))


def _visit(table: Table, visit: str, rows: pl.DataFrame, unit: str) -> None:
    def who(*statuses: str) -> list[str]:
        return rows.filter(pl.col("status").is_in(statuses))["subject"].to_list()

    measured = who(QUANTIFIED, BELOW, ABSENT)
    values = _pairs(rows)
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
        _middle(table, values, unit, visit)
    due = [*measured, *who(NOT_DONE)]
    for label, status, of in (
        ("Below LLOQ", BELOW, measured),
        ("Not detected", ABSENT, measured),
        ("Not done", NOT_DONE, due),
    ):
        if who(status):
            name = f"{visit}, {status}"
            table.count(label, who(status), of=of, cell="n", indent=1, variable=name)


def _middle(
    table: Table,
    values: Sequence[tuple[str, float]],
    unit: str,
    variable: str,
    *,
    geometric: bool = True,
) -> None:
    """Median and geometric mean; without decimals where the values are large."""
    digits = 0 if max((value for _, value in values), default=0) >= LARGE else 1
    table.summary(
        "Median (min, max)", values, unit=unit, digits=digits, indent=1, variable=variable
    )
    if geometric:
        table.geometric_mean("Geometric mean", values, unit=unit, digits=digits, indent=1)


def _pairs(rows: pl.DataFrame) -> list[tuple[str, float]]:
    return list(rows.filter(pl.col("AVAL").is_not_null()).select("subject", "AVAL").iter_rows())


# ---------------------------------------------------------------- parameters and persistence
def _parameters(trial: Trial, analyte: Analyte) -> Filled:
    title = f"{analyte.name} by {analyte.method}: parameters"
    mine = parameters(trial, analyte)
    key = f"{analyte.id}_parameters"
    if mine.is_empty():
        why = f"Not computed: no parameters of {analyte.name} (no ADPP data)."
        return nothing(key, "car", title, trial.infused.label, why)
    table = Table(key, trial.infused, source="ADPP")
    notes: list[str] = []
    for code, label in PARAMETERS:
        rows = mine.filter(pl.col("PARAMCD") == code).sort("subject")
        values, units = _pairs(rows), rows["AVALU"].drop_nulls().unique().sort().to_list()
        unit = units[0] if units else ""
        table.heading(f"{label} ({unit})" if unit else label)
        who = [subject for subject, _ in values]
        table.count("Computed", who, cell="n", indent=1, variable=label)
        _middle(table, values, unit, label, geometric=not code.startswith("T"))
        notes.append(_not_computed(label, rows))
    return table.fill(
        "car",
        title,
        shown="The non-compartmental parameters of each subject, summed up.",
        method=("Linear up, logarithmic down; actual sampling times, the infusion at 0.",),
        footnotes=notes,
    )


def parameters(trial: Trial, analyte: Analyte) -> pl.DataFrame:
    """The parameters of an analyte in infused subjects."""
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    by_method = pl.col("METHOD").is_in(analyte.rows["METHOD"].unique().to_list())
    return trial.frame(Adpp).filter(infused & by_method & (pl.col("PPCAT") == analyte.name))


def _not_computed(label: str, rows: pl.DataFrame) -> str:
    """For how many subjects a parameter could not be computed, and for each of them why."""
    missing = rows.filter(pl.col("AVAL").is_null()).sort("subject")
    if missing.is_empty():
        return ""
    why = pl.col("WHYMISS").fill_null("no reason given")
    found = missing.group_by(why, maintain_order=True).agg("subject")
    said = "; ".join(f"{', '.join(who)} ({reason})" for reason, who in found.iter_rows())
    return f"{label}: not computed in {counted(missing.height, 'subject')}: {said}."


def _persistence(trial: Trial, analyte: Analyte) -> Filled:
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
