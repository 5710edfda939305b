"""Analysis results metadata: what each table and listing of the report shows, from what, and why.

Outputs that are of no dataset (a decision table, findings) have no place here.

Source: CDISC Analysis Results Metadata 1.0 for Define-XML
Reading: words of a selection that are no condition stand in the documentation alone.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import polars as pl

from cartrial.adam.dataset import DATASETS
from cartrial.cdisc.define.model import (
    AnalysisDataset,
    AnalysisResult,
    Condition,
    ResultDisplay,
)
from cartrial.results.ars.selection import where
from cartrial.results.purpose import DESCRIPTION, IN_PROTOCOL, IN_REPORT, PURPOSES, roles
from cartrial.results.result import Output, Results

DATASET = re.compile(r"\bAD[A-Z]{2,6}\b")
COMMAND = "cartrial report STUDY --out DIR"
ANALYSED: Mapping[str, tuple[str, ...]] = {  # what is analysed of the records of a dataset
    "ADAE": ("AEDECOD", "ATOXGRN"),
    "ADCE": ("ATOXGRN", "ADURN"),
    "ADDL": ("DLTSTAT",),
    "ADDLEV": ("VERDICT",),
    "ADEX": ("DOSEA",),
    "ADLB": ("AVAL", "ATOXGRLN", "ATOXGRHN"),
    "ADPC": ("AVAL", "ASTATUS"),
    "ADPP": ("AVAL",),
    "ADRS": ("AVALC",),
    "ADSCORE": ("AVAL",),
    "ADSL": ("TRT01A",),
    "ADTOX": ("ATOXGRN", "DTOXGRL", "DTOXGRH"),
    "ADTTE": ("AVAL", "CNSR"),
}


def displays(results: Results) -> tuple[ResultDisplay, ...]:
    """The tables and listings that are of a dataset, in the order of the report."""
    told = results.values.select("output", "source").drop_nulls().unique(maintain_order=True)
    sources = dict(told.group_by("output").agg(pl.col("source")).iter_rows())
    by_section = roles(results.study)
    return tuple(
        display
        for output in results.outputs
        for display in _display(output, sources.get(output.id, []), by_section.get(output.section))
    )


def _display(output: Output, sources: list[str], role: str | None) -> Iterator[ResultDisplay]:
    datasets = tuple(dict.fromkeys(one for source in sources for one in _datasets(source)))
    if not datasets:
        return
    result = AnalysisResult(
        description=output.shown or output.title,
        reason=IN_PROTOCOL if role else IN_REPORT,
        purpose=PURPOSES[role] if role else DESCRIPTION,
        datasets=datasets,
        documentation=" ".join(_how(output, sources)),
        code=COMMAND,
        context=f"cartrial {version('cartrial')}",
    )
    yield ResultDisplay(output.id, output.title, (result,))


def _datasets(source: str) -> Iterator[AnalysisDataset]:
    """The datasets that a source names; its conditions are those of the first."""
    conditions = tuple(_conditions(where(source)))
    named = (name for name in DATASET.findall(source) if name in DATASETS)
    for number, name in enumerate(dict.fromkeys(named)):
        mine = () if number else conditions
        chosen = [one.variable for one in mine]
        yield AnalysisDataset(name, mine, tuple(dict.fromkeys((*chosen, *ANALYSED.get(name, ())))))


def _conditions(said: Mapping[str, Any]) -> Iterator[Condition]:
    """The conditions of a where clause, all of which must hold."""
    clauses = said.get("compoundExpression", {}).get("whereClauses", [said] if said else [])
    for clause in clauses:
        one = clause["condition"]
        excluded = one["comparator"] == "NOTIN"
        yield Condition(one["variable"], tuple(one["value"]), excluded)


def _how(output: Output, sources: list[str]) -> Iterator[str]:
    """In words: of whom, of which records, by which method."""
    if output.population:
        yield f"{output.population}."
    yield f"From {'; '.join(sources)}."
    yield from output.method
