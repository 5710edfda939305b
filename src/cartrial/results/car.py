"""CAR in blood by qPCR and by flow cytometry: over time, its parameters, and its persistence.

One set of outputs for each analyte. A result below the lower limit of quantification (LLOQ) is
counted as such, never replaced by a number; medians and geometric means are of quantified results,
and say of how many.

Reading: an analyte is detectable where it was quantified, or detected below the LLOQ and reported
so. A month's sample is that of the planned visit nearest to the month; without a schedule, the
sample nearest to the month, at most 14 days from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cartrial.adam.adpc import Adpc
from cartrial.adam.adpp import Adpp
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.figures import BLQ_DRAWN_AT, CarLimit, CarPoint
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, Filled, Part, Table, nothing, tidy

QUANTIFIED, BELOW, NOT_DETECTED, NOT_DONE = (
    "quantified",
    "below quantification",
    "not detected",
    "not done",
)
MONTHS = (1, 3, 6, 12, 24)
NEAR = 14  # days
METHODS = {"PC": "qPCR", "CP": "flow cytometry"}
PARAMETERS = (
    ("CMAX", "Peak (Cmax)"),
    ("TMAX", "Time of the peak (Tmax)"),
    ("TLAST", "Last time quantified (Tlast)"),
    ("AUC028", "Area under the curve, day 0 to 28 (AUC0-28)"),
)
TITLE = "CAR in peripheral blood"


@dataclass(frozen=True)
class Analyte:
    """One thing measured in blood by one method, and its results in infused subjects."""

    id: str
    source: str
    code: str
    name: str
    unit: str
    rows: pl.DataFrame

    @property
    def method(self) -> str:
        """The method in words."""
        return METHODS.get(self.source, self.source)

    def who(self, *statuses: str) -> frozenset[str]:
        """The subjects with a result of such a status."""
        return frozenset(self.rows.filter(pl.col("status").is_in(statuses))["subject"])


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
            key = _key(source)
            parts.append(nothing(f"car_{key}", "car", title, trial.infused.label, why))
    for analyte in measured:
        parts += [_figure(trial, analyte), _parameters(trial, analyte)]
        parts += [_persistence(trial, analyte), _visits(trial, analyte)]
    return tuple(parts)


def analytes(trial: Trial) -> tuple[Analyte, ...]:
    """What was measured in the blood of infused subjects, qPCR first."""
    blood = pl.col("SPEC").is_null() | pl.col("SPEC").str.to_uppercase().str.contains("BLOOD")
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    rows = trial.frame(Adpc).filter(blood & infused).with_columns(status=_status())
    rows = rows.sort("subject", "ARELTM", "ADAY", "ASEQ", nulls_last=True)
    found: list[Analyte] = []
    keys = rows.select("SRCDOM", "PARAMCD", "AVALU").unique().sort("SRCDOM", "PARAMCD", "AVALU")
    for source, code, unit in sorted(keys.iter_rows(), key=lambda k: (k[0] != "PC", *map(str, k))):
        if unit is None:
            continue
        alike = [a for a in found if a.source == source]
        name = f"car_{_key(source)}" + (f"_{len(alike) + 1}" if alike else "")
        mine = rows.filter(
            (pl.col("SRCDOM") == source)
            & (pl.col("PARAMCD") == code)
            & ((pl.col("AVALU") == unit) | pl.col("AVALU").is_null())
        )
        found.append(Analyte(name, source, code, _name(mine, code), unit, mine))
    return tuple(found)


def _key(source: str) -> str:
    return {"PC": "qpcr", "CP": "flow"}.get(source, source.lower())


def _name(rows: pl.DataFrame, code: str) -> str:
    names = rows["PARAM"].drop_nulls().unique().sort().to_list()
    return str(names[0]) if names else code


def _status() -> pl.Expr:
    recorded = pl.col("ASTATUS").str.to_lowercase()
    return (
        pl.when(pl.col("AVAL").is_not_null())
        .then(pl.lit(QUANTIFIED))
        .when(recorded.str.contains("detect"))
        .then(pl.lit(NOT_DETECTED))
        .when(recorded.str.contains("below|quantif|blq"))
        .then(pl.lit(BELOW))
        .otherwise(pl.lit(NOT_DONE))
    )


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
            f"{unplanned} results without a planned visit are in the figure only."
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

    measured = who(QUANTIFIED, BELOW, NOT_DETECTED)
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
    table.summary("Median (min, max)", values, unit=unit, indent=1, variable=visit)
    table.geometric_mean("Geometric mean", values, unit=unit, indent=1)
    for label, status in (
        ("Below LLOQ", BELOW),
        ("Not detected", NOT_DETECTED),
        ("Not done", NOT_DONE),
    ):
        if who(status):
            table.count(label, who(status), cell="n", indent=1, variable=f"{visit}, {status}")


def _pairs(rows: pl.DataFrame) -> list[tuple[str, float]]:
    return list(rows.filter(pl.col("AVAL").is_not_null()).select("subject", "AVAL").iter_rows())


# ---------------------------------------------------------------- parameters and persistence
def _parameters(trial: Trial, analyte: Analyte) -> Filled:
    title = f"{analyte.name} by {analyte.method}: parameters"
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    by_method = pl.col("METHOD").is_in(analyte.rows["METHOD"].unique().to_list())
    mine = trial.frame(Adpp).filter(infused & by_method & (pl.col("PPCAT") == analyte.name))
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
        table.summary("Median (min, max)", values, unit=unit, indent=1, variable=label)
        if not code.startswith("T"):
            table.geometric_mean("Geometric mean", values, unit=unit, indent=1)
        notes += [f"{label}: {why}." for why in _reasons(rows)]
    return table.fill(
        "car",
        title,
        shown="The non-compartmental parameters of each subject, summed up.",
        method=("Linear up, logarithmic down; actual sampling times, the infusion at 0.",),
        footnotes=notes,
    )


def _reasons(rows: pl.DataFrame) -> list[str]:
    """Why a parameter could not be computed, and for how many subjects."""
    missing = rows.filter(pl.col("AVAL").is_null())
    found = missing.group_by(pl.col("WHYMISS").fill_null("no reason given")).len().sort("WHYMISS")
    return [f"not computed in {n} ({why})" for why, n in found.iter_rows()]


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


# ---------------------------------------------------------------- the figure
def _figure(trial: Trial, analyte: Analyte) -> Drawn:
    shown = analyte.rows.with_columns(day=pl.coalesce("ARELTM", "ADAY")).filter(
        (pl.col("status") != NOT_DONE) & pl.col("day").is_not_null() & (pl.col("day") >= 0)
    )
    drawn = pl.coalesce("AVAL", pl.col("ALLOQ") * BLQ_DRAWN_AT)
    shown = shown.with_columns(shown=drawn).filter(pl.col("shown").is_not_null())
    shown = shown.unique(["subject", "day"], keep="first", maintain_order=True)
    points = [
        {
            "subject": row["subject"],
            "group": trial.group_of(row["subject"]),
            "group_order": trial.group_order(row["subject"]),
            "day": row["day"],
            "value": row["AVAL"],
            "shown": row["shown"],
            "status": row["status"],
            "lloq": row["ALLOQ"],
            "unit": analyte.unit,
            "visit": row["VISIT"],
        }
        for row in shown.iter_rows(named=True)
    ]
    limits = [
        {"lloq": lloq, "unit": analyte.unit} for lloq in shown["ALLOQ"].drop_nulls().unique().sort()
    ]
    names = (f"{analyte.id}_points", f"{analyte.id}_limits")
    figure = Figure(
        analyte.id,
        "car",
        "car_curves",
        f"{analyte.name} by {analyte.method}: each subject",
        trial.infused.label,
        x="Days since the infusion",
        y=f"{analyte.name} ({analyte.unit})",
        data=names if points else (),
        footnotes=(
            "Open triangles: below the lower limit of quantification or not detected, drawn at "
            "half the limit. The line is the limit.",
        ),
        empty="" if points else "No result to draw.",
    )
    data = {names[0]: tidy(CarPoint, points), names[1]: tidy(CarLimit, limits)}
    return Drawn(figure, data if points else {})
