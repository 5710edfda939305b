"""Results of the laboratory as rows of the study's forms.

A result becomes a row where its subject and the date of its sample are known; what is held is
`not done`, with the reason `pending`. What cannot become a row is a finding, never left out in
silence.

Reading: a form holds six figures of a number, more than any assay has.
"""

from dataclasses import replace
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms.laboratory import CarFlow, CarTransgene
from cartrial.kinetics.assay.cells import SampleCells
from cartrial.kinetics.assay.copies import SampleCopies

FIGURES = 6  # significant

T = TypeVar("T", bound=s.Table)


def transgene_rows(
    results: s.DataFrame[SampleCopies], *, place: str
) -> tuple[s.DataFrame[CarTransgene], list[s.Finding]]:
    """The rows of the form of CAR copies; `place` is named in findings."""
    return _rows(CarTransgene, results, place)


def flow_rows(
    results: s.DataFrame[SampleCells], *, place: str
) -> tuple[s.DataFrame[CarFlow], list[s.Finding]]:
    """The rows of the form of CAR+ cells; `place` is named in findings."""
    return _rows(CarFlow, results, place)


def _rows(
    form: type[T], results: pl.DataFrame, place: str
) -> tuple[s.DataFrame[T], list[s.Finding]]:
    findings = [
        s.Finding(place, f"sample {row['sample_id']}", name, "be given to fill the form", "nothing")
        for row in results.iter_rows(named=True)
        for name in ("subject", "at")
        if row[name] is None
    ]
    told = results.filter(pl.col("subject").is_not_null() & pl.col("at").is_not_null())
    rounded = told.with_columns(pl.col(pl.Float64).round_sig_figs(FIGURES))
    ordered = rounded.sort("subject", "at", "analyte", "specimen")
    checked = s.check(form, ordered, place=place)
    return checked.frame, findings + [replace(one, line=None) for one in checked.findings]
