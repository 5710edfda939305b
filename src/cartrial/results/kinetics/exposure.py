"""The exposure of each subject to CAR: the peak, and the area to day 28.

Reading: a subject in whom nothing was quantifiable has no number, and ranks below all others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.kinetics.nca.course import NOTHING_QUANTIFIABLE
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.kinetics.parameters import parameters
from cartrial.results.population import Trial

EXPOSURES = {"CMAX": "Cmax", "AUC028": "AUC0-28"}


@dataclass(frozen=True)
class Exposure:
    """One exposure by one method: its value in each subject, or why there is none."""

    id: str
    label: str
    analyte: Analyte
    unit: str
    values: Mapping[str, float]
    lowest: frozenset[str]  # nothing quantifiable: below all values
    unknown: Mapping[str, str]

    @property
    def ranked(self) -> Mapping[str, float]:
        """The values, 0 standing for what ranks lowest."""
        return dict(self.values) | dict.fromkeys(self.lowest, 0.0)


def exposures(trial: Trial) -> Iterator[Exposure]:
    """Every exposure of each analyte in blood."""
    measured = analytes(trial)
    for analyte in measured:
        several = sum(one.source == analyte.source for one in measured) > 1
        whose = f"{analyte.name}, {analyte.method}" if several else analyte.method
        found = parameters(trial, analyte)
        for code, label in EXPOSURES.items():
            rows = found.filter(pl.col("PARAMCD") == code).sort("subject")
            if rows.is_empty():
                continue
            known = rows.filter(pl.col("AVAL") > 0)
            missing = rows.filter(~(pl.col("AVAL") > 0).fill_null(False))
            why = dict(missing.select("subject", pl.col("WHYMISS").fill_null("0")).iter_rows())
            units = known["AVALU"].drop_nulls().unique().sort().to_list()
            yield Exposure(
                f"{analyte.id}_{code.lower()}",
                f"{label}, {whose}",
                analyte,
                units[0] if units else "",
                dict(known.select("subject", "AVAL").iter_rows()),
                frozenset(s for s, reason in why.items() if reason == NOTHING_QUANTIFIABLE),
                {s: reason for s, reason in why.items() if reason != NOTHING_QUANTIFIABLE},
            )
