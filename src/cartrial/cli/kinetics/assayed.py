"""What `cartrial kinetics assay` was given, read and judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cartrial import schema as s
from cartrial.intake.flow import read_flow
from cartrial.intake.plate import read_plate
from cartrial.kinetics.agreement import Agreement, Measured, compare_assays
from cartrial.kinetics.assay.cells import SampleCells, derive_cells
from cartrial.kinetics.assay.copies import SampleCopies
from cartrial.kinetics.assay.plate import Plate, judge_plate
from cartrial.protocol.assay import Assay
from cartrial.protocol.study import Study

LEVEL = 0.95


@dataclass(frozen=True)
class Assayed:
    """The plate, the flow results, and how they agree: by the names of both analytes."""

    limits: Assay
    level: float
    plate: Plate | None
    cells: s.DataFrame[SampleCells] | None
    agreement: Mapping[tuple[str, str], Agreement]
    remarks: tuple[str, ...]


def assayed(
    plate: Path | None, samples: Path | None, flow: Path | None, study: Study | None
) -> Assayed:
    """Both files read and judged, by the limits of the study or the usual ones."""
    limits = study.assay if study else Assay()
    remarks: list[str] = []
    judged, cells = None, None
    if plate is not None:
        wells = read_plate(plate, samples)
        remarks += [f"{plate.name}: {one}" for one in wells.remarks]
        judged = judge_plate(wells.table, limits.qpcr)
        remarks += _of_study(study, "qPCR", judged.results)
    if flow is not None:
        tubes = read_flow(flow)
        remarks += [f"{flow.name}: {one}" for one in tubes.remarks]
        cells = derive_cells(tubes.table, limits.flow)
        remarks += _of_study(study, "flow", cells)
    agreement: dict[tuple[str, str], Agreement] = {}
    if judged is not None and cells is not None:
        agreement = dict(_compared(judged.results, cells))
    level = study.endpoints.level if study else LEVEL
    return Assayed(limits, level, judged, cells, agreement, tuple(remarks))


def _of_study(study: Study | None, method: str, results: pl.DataFrame) -> Iterator[str]:
    """What of the results is not as the study says: the analyte, the limit of quantification."""
    if study is None:
        return
    planned = {one.name: one.lloq for one in study.analytes if one.method == method}
    for (name,), mine in results.group_by("analyte", maintain_order=True):
        if name not in planned:
            known = ", ".join(planned) or "none"
            yield f"{name}: must be an analyte of the study by {method}, which are: {known}"
            continue
        lower = mine.filter(pl.col("status").is_in(["below quantification", "not detected"]))
        above = lower.filter(pl.col("lloq") > planned[str(name)] * (1 + 1e-9))[
            "sample_id"
        ].to_list()
        if above:
            limit = f"{planned[str(name)]:g}, the study's"
            yield f"{name}: no value, with an LLOQ above {limit}: {', '.join(above)}"


def _compared(
    copies: s.DataFrame[SampleCopies], cells: s.DataFrame[SampleCells]
) -> Iterator[tuple[tuple[str, str], Agreement]]:
    """Each analyte by qPCR with each by flow, in blood, where subjects have both."""
    for qpcr in copies["analyte"].unique().sort():
        for flow in cells["analyte"].unique().sort():
            one = _measured(copies.filter(pl.col("analyte") == qpcr), "copies")
            other = _measured(cells.filter(pl.col("analyte") == flow), "cells")
            if set(one["subject"]) & set(other["subject"]):
                yield (qpcr, flow), compare_assays(one, other)


def _measured(results: pl.DataFrame, value: str) -> s.DataFrame[Measured]:
    """The results in blood whose subject and day are known; of two on one day the first sample."""
    known = pl.col("subject").is_not_null() & pl.col("day").is_not_null()
    mine = results.filter(known, pl.col("specimen") == "blood").sort("subject", "day", "sample_id")
    once = mine.unique(["subject", "day"], keep="first", maintain_order=True)
    return Measured.validate(once.select("subject", "day", "status", value=value), cast=True)
