"""Demographics and disease at baseline, of the infused subjects."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.results.population import Trial, plain_case
from cartrial.results.result import Cell
from cartrial.results.table import Filled, Table, nothing

YES_NO = {"Y": "Yes", "N": "No"}


@dataclass(frozen=True)
class Measured:
    """A number at baseline; its unit is in the label."""

    column: str
    label: str
    unit: str


@dataclass(frozen=True)
class Category:
    """A category at baseline; `words` are shown for its values, others as they are."""

    column: str
    label: str
    words: Mapping[str, str]


CHARACTERISTICS: tuple[Measured | Category, ...] = (
    Measured("AGE", "Age", "years"),
    Category("SEX", "Sex", {"F": "Female", "M": "Male"}),
    Category("RACE", "Race", {}),
    Category("ECOG", "ECOG performance status", {}),
    Measured("MDXDUR", "Time since diagnosis", "months"),
    Category("ISS", "ISS stage", {}),
    Category("RISS", "R-ISS stage", {}),
    Category("HVCHAIN", "Heavy chain", {"none": "None (light chain only)"}),
    Category("LTCHAIN", "Light chain", {"kappa": "Kappa", "lambda": "Lambda"}),
    Category("HIRISKFL", "High-risk cytogenetics", YES_NO),
    Category("EMDFL", "Extramedullary disease", YES_NO),
    Measured("PRIORLN", "Prior lines of therapy", "lines"),
    Category("TRIPRFL", "Triple-class refractory", YES_NO),
    Category("PRIORTFL", "Prior autologous transplant", YES_NO),
    Measured("BCMAPOS", "BCMA-positive plasma cells", "%"),
)
TITLE = "Demographics and disease at baseline"


def baseline(trial: Trial) -> tuple[Filled, ...]:
    """The characteristics that were collected; those that were not are named."""
    infused = trial.infused
    rows = trial.adsl.filter(pl.col("SAFFL") == "Y")
    absent = [c.label for c in CHARACTERISTICS if rows[c.column].null_count() == rows.height]
    if len(absent) == len(CHARACTERISTICS):
        why = "Not collected: characteristics of the subjects at baseline."
        if rows.is_empty():
            why = "Nobody was infused."
        return (nothing("baseline", "baseline", TITLE, infused.label, why),)
    table = Table("baseline", infused, source="ADSL where SAFFL = Y")
    for shown in CHARACTERISTICS:
        if shown.label in absent or (shown.column == "RACE" and rows["RACE"].n_unique() == 1):
            continue
        if isinstance(shown, Measured):
            _measured(table, rows, shown)
        else:
            _category(table, rows, shown)
    return (
        table.fill(
            "baseline",
            TITLE,
            shown="Who the infused subjects were, before the treatment.",
            footnotes=(
                "Percent of the infused subjects of the column, unknown included.",
                "Time since diagnosis: to the date of consent, where that is missing to the "
                "infusion. A diagnosis known to the month or the year counts from its first day."
                if not rows["MDXDUR"].is_null().all()
                else "",
                f"Not collected: {', '.join(absent)}." if absent else "",
            ),
        ),
    )


def _measured(table: Table, rows: pl.DataFrame, shown: Measured) -> None:
    known = rows.filter(pl.col(shown.column).is_not_null())
    values = [(s, float(v)) for s, v in known.select("subject", shown.column).iter_rows()]
    table.heading(f"{shown.label} ({shown.unit})")
    cells: tuple[tuple[str, Cell], ...] = (
        ("Mean (SD)", "mean (sd)"),
        ("Median (min, max)", "median (min, max)"),
    )
    for label, cell in cells:
        table.summary(label, values, unit=shown.unit, cell=cell, indent=1, variable=shown.label)
    _unknown(table, rows, shown.column, shown.label)


def _category(table: Table, rows: pl.DataFrame, shown: Category) -> None:
    table.heading(shown.label)
    found: dict[str, set[str]] = {}
    values = rows[shown.column]
    if shown.column == "RACE":
        values = pl.Series(plain_case(values), dtype=pl.String)
    for subject, value in zip(rows["subject"], values, strict=True):
        if value is not None:
            found.setdefault(str(value), set()).add(subject)
    listed = [value for value in shown.words if value in found]
    for value in [*listed, *sorted(set(found) - set(listed))]:
        label = shown.words.get(value, value)
        table.count(label, found[value], indent=1, variable=shown.label)
    _unknown(table, rows, shown.column, shown.label)


def _unknown(table: Table, rows: pl.DataFrame, column: str, variable: str) -> None:
    unknown = rows.filter(pl.col(column).is_null())["subject"].to_list()
    if unknown:
        table.count("Unknown", unknown, indent=1, variable=variable)
