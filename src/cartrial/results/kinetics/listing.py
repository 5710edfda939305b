"""Listing of every CAR result in blood, by subject and time, what is no value in words.

Reading: results of several methods on one day of one visit stand on one line. The actual day is the
time from the infusion, in days; without a date there is none.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from cartrial.adam.kinetics.adpc import ABSENT, BELOW, Adpc
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.population import Trial
from cartrial.results.statistic import in_figures
from cartrial.results.table import Filled, listing

DIGITS = 4  # significant, of a result
Row = dict[str, object]


def car_listing(trial: Trial) -> tuple[Filled, ...]:
    """Every result of the infused subjects; nothing where CAR was not collected."""
    if not trial.adam.has(Adpc):
        return ()
    measured = analytes(trial)
    planned = _planned(trial)
    return (
        listing(
            "car_results",
            "listing",
            "CAR in blood by subject and visit",
            population=trial.infused.label,
            columns=(
                "Dose level",
                "Visit",
                "Planned day",
                "Actual day",
                *(f"{one.name}, {one.method} ({one.unit})" for one in measured),
            ),
            lines=list(_lines(trial, measured, planned)),
            none="No result of CAR.",
            footnotes=(
                "BLQ: below the lower limit of quantification, which stands beside it; ND: not "
                "detected. A line holds what was sampled on one day of a visit.",
                "Days count from the infusion, which is day 0.",
                *(one.retreated for one in measured),
            ),
            source="ADPC",
        ),
    )


def _planned(trial: Trial) -> Mapping[str, int]:
    schedule = trial.study.schedule
    return {visit.name: visit.day for visit in schedule.visits} if schedule else {}


def _lines(
    trial: Trial, measured: tuple[Analyte, ...], planned: Mapping[str, int]
) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    keys = ["subject", "ADT", "VISIT"]
    marked = [
        one.rows.with_columns(column=pl.lit(number), result=pl.Series(map(_result, _dicts(one))))
        for number, one in enumerate(measured)
    ]
    if not marked:
        return
    rows = pl.concat(marked).sort("subject", "ADT", "ARELTM", "VISIT", nulls_last=True)
    for (subject, _, visit), mine in rows.group_by(keys, maintain_order=True):
        found: dict[int, str] = {}
        for column, result in mine.select("column", "result").iter_rows():
            found[column] = f"{found[column]}; {result}" if column in found else result
        day = mine["ARELTM"].drop_nulls()
        yield (
            str(subject),
            (
                trial.group_of(str(subject)),
                str(visit) if visit else "unplanned",
                f"{planned[str(visit)]}" if visit in planned else "-",
                f"{day[0]:.1f}" if day.len() else None,
                *(found.get(number, "-") for number in range(len(measured))),
            ),
        )


def _dicts(analyte: Analyte) -> list[Row]:
    return analyte.rows.select("status", "AVAL", "ALLOQ", "WHYMISS").to_dicts()


def _result(row: Row) -> str:
    """A result in words: the value, what it is below, or why there is none."""
    value, limit = row["AVAL"], row["ALLOQ"]
    if isinstance(value, float):
        return f"{in_figures(value, DIGITS):,f}"
    below = f" (< {in_figures(limit, DIGITS):,f})" if isinstance(limit, float) else ""
    if row["status"] == BELOW:
        return f"BLQ{below}"
    return f"ND{below}" if row["status"] == ABSENT else str(row["WHYMISS"])
