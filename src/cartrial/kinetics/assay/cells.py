"""CAR+ T cells in blood from the counted events of a flow cytometer.

    CAR+ of CD3+   CAR+ events / CD3+ events
    CAR+ cells/uL  that share x CD3+ cells/uL; these are measured, or
                   leucocytes x lymphocytes % x CD3+ of lymphocytes %
    LLOQ           the events that are needed / CD3+ events x CD3+ cells/uL: few T cells acquired,
                   a high limit

    value                  at least the events of the LLOQ
    below quantification   at least those of the LOD
    not detected           fewer
    not done               the CD3+ cells cannot be told or are 0, or none was acquired

Source: protocol.assay
Reading: where events are counted the percentage is theirs, and one that the laboratory writes
    beside them is compared. A percentage without events has no limit: above 0 it is a value, and 0
    is not detected, both flagged.
"""

from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.forms.laboratory import STATUS
from cartrial.kinetics.assay.well import SPECIMENS
from cartrial.protocol.assay import Flow

PER_NL = 1000  # cells/uL in 10^9/L
COUNTS = ("wbc", "lymphocyte_percent", "cd3_percent")  # that tell the CD3+ cells together
AGREES = 0.1  # percentage points between the events and the percentage written beside them


class FlowTube(s.Table):
    """One tube of a flow cytometer: the events, or the percentage, and the absolute counts."""

    sample_id = s.text("Sample", primary_key=True, private=False, most=40)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    subject = s.text("Subject", private=False, most=20, nullable=True)
    at = s.partial_date("Sampled at", nullable=True)
    day = s.number("Days since the infusion", "days", nullable=True)
    specimen = s.code("Specimen", SPECIMENS, nullable=True)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    car_events = s.count("CAR+ events", "events", nullable=True)
    cd3_events = s.count("CD3+ events", "events", nullable=True)
    percent = s.number("CAR+ of CD3+ cells", "%", min=0, max=100, nullable=True)
    cd3 = s.number("CD3+ cells", "cells/uL", min=0, nullable=True)
    wbc = s.number("Leucocytes", "10^9/L", min=0, nullable=True)
    lymphocyte_percent = s.number("Lymphocytes", "%", min=0, max=100, nullable=True)
    cd3_percent = s.number("CD3+ of lymphocytes", "%", min=0, max=100, nullable=True)
    why_not_done = s.why_missing("Why it was not done", of=["car_events", "percent"])

    @s.rule()
    def car_events_are_among_cd3_events(cls) -> pl.Expr:
        """A part is not more than the whole."""
        known = cls.car_events.col.is_not_null() & cls.cd3_events.col.is_not_null()
        return ~known | (cls.car_events.col <= cls.cd3_events.col)

    @s.rule()
    def both_events_are_given_or_neither(cls) -> pl.Expr:
        """A share needs both."""
        return cls.car_events.col.is_null() == cls.cd3_events.col.is_null()


class SampleCells(s.Table):
    """CAR+ cells in a sample: a value, below quantification, not detected, or not done."""

    sample_id = s.text("Sample", primary_key=True, private=False, most=40)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    subject = s.text("Subject", private=False, most=20, nullable=True)
    at = s.partial_date("Sampled at", nullable=True)
    day = s.number("Days since the infusion", "days", nullable=True)
    specimen = s.code("Specimen", SPECIMENS)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    status = s.code("Result", STATUS)
    cells = s.number("CAR+ cells", "cells/uL", min=0, nullable=True)
    percent = s.number("CAR+ of CD3+ cells", "%", min=0, max=100, nullable=True)
    lloq = s.number("Lower limit of quantification", "cells/uL", min=0, nullable=True)
    cd3 = s.number("CD3+ cells", "cells/uL", min=0, nullable=True)
    car_events = s.count("CAR+ events", "events", nullable=True)
    cd3_events = s.count("CD3+ events", "events", nullable=True)
    flag = s.text("What is to be looked at", private=False, nullable=True)
    why = s.text("Why there is no value", private=False, nullable=True)
    why_not_done = s.why_missing("Why it was not done", of=["status"])


def derive_cells(tubes: s.DataFrame[FlowTube], limits: Flow) -> s.DataFrame[SampleCells]:
    """The result of each tube, in the order of subject and time."""
    rows = [_result(tube, limits) for tube in tubes.iter_rows(named=True)]
    frame = pl.DataFrame(rows, schema=s.empty(SampleCells).schema)
    ordered = frame.sort("analyte", "subject", "at", "day", "sample_id", nulls_last=True)
    return SampleCells.validate(ordered, cast=True)


def _result(tube: dict[str, Any], limits: Flow) -> dict[str, object]:
    kept = ("sample_id", "analyte", "subject", "at", "day", "visit", "car_events", "cd3_events")
    row: dict[str, object] = {name: tube[name] for name in kept}
    row["specimen"] = tube["specimen"] or "blood"
    car, among, written = tube["car_events"], tube["cd3_events"], tube["percent"]
    if car is None and written is None:
        return row | _not_done("neither events nor a percentage", tube["why_not_done"] or "unknown")
    if among == 0:
        return row | _not_done("no CD3+ event was acquired", "sample unsuitable")
    t_cells = _t_cells(tube)
    percent = written if car is None else 100 * car / among
    row |= {"percent": percent or None, "cd3": t_cells}
    if t_cells is None:
        lacking = ", ".join(n for n in COUNTS if tube[n] is None)
        return row | _not_done(f"CD3+ cells cannot be told: neither cd3 nor {lacking}", "unknown")
    if t_cells == 0:
        return row | _not_done("the count of CD3+ cells is 0", "sample unsuitable")
    if car is None:
        return row | _without_events(percent, t_cells)
    row["lloq"] = limits.lloq / among * t_cells
    told = _judged(car, limits)
    if told["status"] == "value":
        told |= {"cells": percent / 100 * t_cells, "flag": _disagreement(percent, written)}
    return row | told


def _t_cells(tube: dict[str, Any]) -> float | None:
    """The CD3+ cells/uL: measured, else from the leucocytes."""
    if tube["cd3"] is not None:
        return float(tube["cd3"])
    if any(tube[name] is None for name in COUNTS):
        return None
    share = float(tube["lymphocyte_percent"]) / 100 * float(tube["cd3_percent"]) / 100
    return float(tube["wbc"]) * PER_NL * share


def _not_done(why: str, reason: str) -> dict[str, object]:
    return {"status": "not done", "why": why, "why_not_done": reason}


def _judged(events: int, limits: Flow) -> dict[str, object]:
    said = f"{events} CAR+ event{'' if events == 1 else 's'}"
    if events < limits.lod:
        return {"status": "not detected", "why": f"{said}, LOD {limits.lod}"}
    if events < limits.lloq:
        return {"status": "below quantification", "why": f"{said}, LLOQ {limits.lloq}"}
    return {"status": "value"}


def _without_events(percent: float, t_cells: float) -> dict[str, object]:
    flag = "no events given: its limit is not known"
    if percent == 0:
        return {"status": "not detected", "why": "0 % CAR+ of CD3+ cells", "flag": flag}
    return {"status": "value", "cells": percent / 100 * t_cells, "flag": flag}


def _disagreement(percent: float, written: float | None) -> str | None:
    if written is None or abs(percent - written) <= AGREES:
        return None
    return f"{written:g} % was written, the events make {percent:.3g} %"
