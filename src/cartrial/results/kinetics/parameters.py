"""The non-compartmental parameters by dose level, and why one could not be computed.

Every parameter has its median and range. One that is skewed, a peak, an area, a half-life, has its
geometric mean too, with the geometric coefficient of variation: 100 sqrt(exp(v) - 1) %, with v the
variance of the logarithms.
"""

import re

import polars as pl

from cartrial.adam.kinetics.adpp import Adpp
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.kinetics.visits import decimals, pairs
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Table, counted, nothing

SHOWN = (
    "CMAX",
    "TMAX",
    "AUC028",
    "AUC090",
    "AUCLST",
    "DOUBLT",
    "CTRHL",
    "LAMZHL",
    "CLST",
    "TLST",
    "TBLQ",
)
MEDIAN_ALONE = ("TMAX", "CLST", "TLST", "TBLQ")  # times, and what is near the limit
LABELS = {one.code: one.label for one in PARAMETERS}
METHOD = (
    "Linear up, logarithmic down; actual sampling times, the infusion at 0.",
    "CV: geometric coefficient of variation.",
)


def parameter_table(trial: Trial, analyte: Analyte) -> Filled:
    """The parameters of an analyte, summed up for each dose level."""
    title = f"{analyte.name} by {analyte.method}: parameters"
    mine = parameters(trial, analyte)
    key = f"{analyte.id}_parameters"
    if mine.is_empty():
        why = f"Not computed: no parameters of {analyte.name} (no ADPP data)."
        return nothing(key, "car", title, trial.infused.label, why)
    table = Table(key, trial.infused, source="ADPP")
    notes = []
    for code in SHOWN:
        rows = mine.filter(pl.col("PARAMCD") == code).sort("subject")
        if rows.height:
            _parameter(table, code, rows)
            notes.append(_not_computed(LABELS[code], rows))
    return table.fill(
        "car",
        title,
        shown="The non-compartmental parameters of each subject, summed up.",
        method=METHOD,
        footnotes=notes,
    )


def parameters(trial: Trial, analyte: Analyte) -> pl.DataFrame:
    """The parameters of an analyte in infused subjects."""
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    by_method = pl.col("METHOD").is_in(analyte.rows["METHOD"].unique().to_list())
    return trial.frame(Adpp).filter(infused & by_method & (pl.col("PPCAT") == analyte.name))


def _parameter(table: Table, code: str, rows: pl.DataFrame) -> None:
    label = LABELS[code]
    values, units = pairs(rows), rows["AVALU"].drop_nulls().unique().sort().to_list()
    unit, digits = (units[0] if units else ""), decimals(values)
    table.heading(f"{label} ({unit})" if unit else label)
    who = [subject for subject, _ in values]
    table.count("Computed", who, cell="n", indent=1, variable=label)
    if code not in MEDIAN_ALONE:
        name = "Geometric mean (CV)"
        table.summary(
            name, values, unit=unit, cell="value (cv)", digits=digits, indent=1, variable=label
        )
    table.summary("Median (min, max)", values, unit=unit, digits=digits, indent=1, variable=label)


def _not_computed(label: str, rows: pl.DataFrame) -> str:
    """For how many subjects a parameter could not be computed, and for each of them why."""
    missing = rows.filter(pl.col("AVAL").is_null()).sort("subject")
    if missing.is_empty():
        return ""
    why = missing["WHYMISS"].fill_null("no reason given").to_list()
    found: dict[str, list[str]] = {}
    for subject, reason in zip(missing["subject"], why, strict=True):
        found.setdefault(_without_day(reason), []).append(subject)
    said = "; ".join(f"{', '.join(who)} ({reason})" for reason, who in found.items())
    return f"{label}: not computed in {counted(missing.height, 'subject')}: {said}."


def _without_day(reason: str) -> str:
    """A reason without the day that ends it, so that subjects of one reason stand together."""
    return re.sub(r"(,| until) day [\d.]+$", "", reason)
