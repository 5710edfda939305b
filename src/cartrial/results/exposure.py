"""Exposure: the CAR-T dose given against the planned one, and the lymphodepletion."""

import polars as pl

from cartrial.adam.subject.adex import Adex
from cartrial.results.population import Trial
from cartrial.results.statistic import as_percent
from cartrial.results.table import Filled, Table, nothing

LEAST, MOST = 0.8, 1.2  # of the planned dose, where the study file says nothing
LYMPHODEPLETION = "LYMPHODEPLETION"


def exposure(trial: Trial) -> tuple[Filled, ...]:
    """The dose of the product, and the drugs of the lymphodepletion."""
    return _product(trial), _lymphodepletion(trial)


def dose_limits(trial: Trial) -> tuple[float, float]:
    """Between which fractions of the planned dose a dose counts as given as planned."""
    dlt = trial.study.dlt
    return (LEAST, MOST) if dlt is None else (dlt.least, dlt.most)


def _product(trial: Trial) -> Filled:
    title = f"{trial.study.product.name}: dose given against planned dose"
    rows = trial.adsl.filter(pl.col("SAFFL") == "Y")
    if rows["CARDOSA"].null_count() == rows.height:
        why = "Not collected: the dose given."
        return nothing("exposure", "exposure", title, trial.infused.label, why)
    table = Table("exposure", trial.infused, source="ADSL where SAFFL = Y")
    units = rows["CARDOSU"].drop_nulls().unique().sort().to_list()
    unit = units[0] if len(units) == 1 else trial.study.doses.unit
    for label, column in (("Planned dose", "CARDOSP"), ("Dose given", "CARDOSA")):
        values = _pairs(rows, column)
        if values:
            table.summary(f"{label} ({unit})", values, unit=unit, digits=2)
    low, high = dose_limits(trial)
    ratio = _pairs(rows, "CARDOSR")
    if ratio:
        percents = [(subject, 100 * value) for subject, value in ratio]
        table.summary("Given, percent of planned", percents, unit="%")
        for label, wanted in (
            (f"Less than {as_percent(low)} of planned", [s for s, r in ratio if round(r, 9) < low]),
            (
                f"More than {as_percent(high)} of planned",
                [s for s, r in ratio if round(r, 9) > high],
            ),
        ):
            table.count(label, wanted, of=[s for s, _ in ratio], cell="n/N (%)")
    else:
        table.missing("Given, percent of planned", "no planned dose to compare with")
    unknown = rows.filter(pl.col("CARDOSA").is_null())["subject"].to_list()
    if unknown:
        table.count("Dose given not known", unknown, cell="n")
    return table.fill(
        "exposure",
        title,
        shown="The first infusion of each subject.",
        footnotes=(
            "A dose outside the stated limits makes a subject without DLT not evaluable "
            "at its level.",
        )
        if trial.study.dlt
        else (),
    )


def _lymphodepletion(trial: Trial) -> Filled:
    title, people = "Lymphodepletion", trial.infused
    drugs = trial.frame(Adex).filter(pl.col("EXCAT").str.to_uppercase() == LYMPHODEPLETION)
    if drugs.is_empty():
        why = "Not collected: lymphodepletion."
        return nothing("lymphodepletion", "exposure", title, people.label, why)
    table = Table("lymphodepletion", people, source="ADEX where EXCAT = LYMPHODEPLETION")
    given = set(drugs["subject"])
    table.count("Any lymphodepletion", given, cell="n/N (%)")
    for (drug,), rows in drugs.group_by("EXTRT", maintain_order=True):
        _drug(trial, table, str(drug), rows)
    return table.fill("exposure", title, shown="Doses before the infusion, all days together.")


def _drug(trial: Trial, table: Table, drug: str, rows: pl.DataFrame) -> None:
    units = rows["DOSEU"].drop_nulls().unique().sort().to_list()
    unit = units[0] if units else ""
    table.heading(drug)
    table.count("Given", rows["subject"], indent=1, cell="n/N (%)", variable=drug)
    known = rows.group_by("subject").agg(
        pl.col("DOSEA").sum(), whole=pl.col("DOSEA").count() == pl.len()
    )
    if len(units) > 1:
        table.missing("Total dose", f"doses in {' and '.join(units)}", indent=1)
        return
    total = _pairs(known.filter("whole").sort("subject"), "DOSEA")
    table.summary(f"Total dose ({unit})", total, unit=unit, indent=1, variable=drug)
    planned = _planned(trial, drug, unit)
    if planned:
        share = [(subject, 100 * given / planned) for subject, given in total]
        table.summary("Percent of planned", share, unit="%", indent=1, variable=drug)


def _planned(trial: Trial, drug: str, unit: str) -> float:
    """The total dose of a drug that the study plans; 0 where it plans none in this unit."""
    return sum(
        plan.dose * len(plan.days)
        for plan in trial.study.lymphodepletion
        if plan.drug.lower() == drug.lower() and plan.unit == unit
    )


def _pairs(frame: pl.DataFrame, column: str) -> list[tuple[str, float]]:
    known = frame.filter(pl.col(column).is_not_null())
    return [
        (subject, float(value)) for subject, value in known.select("subject", column).iter_rows()
    ]
