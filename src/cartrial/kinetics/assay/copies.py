"""CAR copies in each sample of a plate, from its wells and the standard curve.

    copies in a reaction   the mean of the replicates
    copies/ug DNA          copies x 1000 / ng DNA in the reaction
    copies/mL blood        copies/ug x ug DNA from 1 mL of blood
    LLOQ, LOD              theirs in a reaction, made into copies/ug with the same DNA: a sample
                           with little DNA has a high limit

    value                  the mean reaches the LLOQ
    below quantification   it reaches the LOD
    not detected           it does not, or no replicate crossed the threshold
    not done               no replicate was read, its DNA is not known, or the result is held

Source: protocol.assay; 6.6 pg DNA in a diploid cell, and at most 5 copies in a cell of the product,
    as FDA asks for.
Reading: copies are averaged, not cycles: the mean of copies is the expected content of a reaction.
    An undetermined replicate counts as 0 copies in it, but only to tell that a result is low: where
    the mean still reaches the LLOQ the replicates contradict each other, and the result is
    held. The LLOQ is never below the lowest standard; above the highest one a result is held until
    the sample was diluted. Replicates with different DNA count with the mean of their DNA. A result
    is held where its run is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from statistics import fmean, stdev
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.forms.laboratory import STATUS
from cartrial.kinetics.assay.run import Run, readings
from cartrial.kinetics.assay.well import SPECIMENS, Well
from cartrial.protocol.assay import Qpcr

PER_UG = 1000  # ng in a microgram
CELLS_PER_UG = 151_500  # of 6.6 pg DNA each
MOST_IN_CELL = 5  # copies: what a product may have at most
HELD = "pending"  # the reason of a form for a result that is held


class SampleCopies(s.Table):
    """CAR copies in a sample: a value, below quantification, not detected, or not done."""

    sample_id = s.text("Sample", primary_key=True, private=False, most=40)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    subject = s.text("Subject", private=False, most=20, nullable=True)
    at = s.partial_date("Sampled at", nullable=True)
    day = s.number("Days since the infusion", "days", nullable=True)
    specimen = s.code("Specimen", SPECIMENS)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    status = s.code("Result", STATUS)
    copies = s.number("CAR copies", "copies/ug DNA", min=0, nullable=True)
    copies_per_ml = s.number("CAR copies in blood", "copies/mL", min=0, nullable=True)
    lloq = s.number("Lower limit of quantification", "copies/ug DNA", min=0, nullable=True)
    lod = s.number("Limit of detection", "copies/ug DNA", min=0, nullable=True)
    dna = s.number("DNA in the reaction", "ng", min=0, nullable=True)
    in_reaction = s.number("Copies in a reaction", "copies", min=0, nullable=True)
    cv = s.number("Coefficient of variation of the replicates", "ratio", min=0, nullable=True)
    replicates = s.count("Replicates that were read", "wells")
    undetermined = s.count("Replicates that did not cross the threshold", "wells")
    flag = s.text("What is to be looked at", private=False, nullable=True)
    why = s.text("Why there is no value", private=False, nullable=True)
    why_not_done = s.why_missing("Why it was not done", of=["status"])


@dataclass(frozen=True)
class Replicates:
    """The replicates of one sample as they were read; `dna` is what was in a reaction."""

    copies: list[float]  # by the curve; 0 of an undetermined one
    undetermined: int
    dna: float | None  # ng

    @property
    def mean(self) -> float:
        """The mean copies in a reaction."""
        return fmean(self.copies)

    @property
    def cv(self) -> float | None:
        """Their coefficient of variation; none of one replicate, or of nothing."""
        return stdev(self.copies) / self.mean if len(self.copies) > 1 and self.mean else None


def derive_copies(
    wells: s.DataFrame[Well], runs: Mapping[str, Run], limits: Qpcr
) -> s.DataFrame[SampleCopies]:
    """The result of each sample and analyte, in the order of subject and time."""
    mine = wells.filter(pl.col("role") == "sample").sort("well")
    rows = [
        _result(name, part, runs[str(name[1])], limits)
        for name, part in mine.group_by("sample_id", "analyte", maintain_order=True)
    ]
    frame = pl.DataFrame(rows, schema=s.empty(SampleCopies).schema)
    ordered = frame.sort("analyte", "subject", "at", "day", "sample_id", nulls_last=True)
    return SampleCopies.validate(ordered, cast=True)


def _result(
    name: tuple[Any, ...], wells: pl.DataFrame, run: Run, limits: Qpcr
) -> dict[str, object]:
    first = wells.row(0, named=True)
    read = wells.filter(pl.col("ct").is_not_null() | pl.col("undetermined"))
    row: dict[str, object] = {
        "sample_id": name[0],
        "analyte": name[1],
        **{key: first[key] for key in ("subject", "at", "day", "visit")},
        "specimen": first["specimen"] or "blood",
        "replicates": read.height,
        "undetermined": int(read["undetermined"].sum()),
    }
    if not read.height:
        reason = first["why_not_done"] or "unknown"
        return row | _not_done(f"no replicate was read: {reason}", reason)
    dna = _dna(read)
    row |= {"dna": dna, **_limits(dna, run, limits)}
    refused = _not_done(f"held: its run is refused; {run.refusal}", HELD)
    if run.curve is None:
        return row | refused
    found = Replicates(readings(read, run.curve), int(read["undetermined"].sum()), dna)
    row |= {"in_reaction": found.mean or None, "cv": found.cv}
    if not run.accepted:
        return row | refused
    if dna is None:
        return row | _not_done("DNA in the reaction is not given", "unknown")
    told = _judged(found, run, limits)
    if told["status"] == "value":
        copies = found.mean * PER_UG / dna
        per_ml = first["dna_per_ml"]
        told |= {"copies": copies, "copies_per_ml": copies * per_ml if per_ml else None}
    return row | told


def _not_done(why: str, reason: str) -> dict[str, object]:
    return {"status": "not done", "why": why, "why_not_done": reason}


def _dna(read: pl.DataFrame) -> float | None:
    """The mean DNA in a reaction, after any dilution; none where a replicate's is not given."""
    in_reaction = read.select(pl.col("dna") / pl.col("dilution").fill_null(1)).to_series()
    return None if in_reaction.null_count() else float(str(in_reaction.mean()))


def quantified_from(run: Run, limits: Qpcr) -> float:
    """The LLOQ in copies in a reaction: never below the lowest standard."""
    return max(limits.lloq, run.curve.lowest if run.curve else 0.0)


def _limits(dna: float | None, run: Run, limits: Qpcr) -> dict[str, object]:
    if dna is None:
        return {}
    return {"lloq": quantified_from(run, limits) * PER_UG / dna, "lod": limits.lod * PER_UG / dna}


def _judged(found: Replicates, run: Run, limits: Qpcr) -> dict[str, object]:
    """The status of a result that was read, and what is to be looked at."""
    least, n = quantified_from(run, limits), len(found.copies)
    if found.undetermined == n:
        return {"status": "not detected", "why": f"{n} of {n} replicates undetermined"}
    said = f"{found.mean:.3g} copies in a reaction"
    if found.mean < limits.lod:
        return {"status": "not detected", "why": f"{said}, LOD {limits.lod:g}"}
    if found.mean < least:
        return {"status": "below quantification", "why": f"{said}, LLOQ {least:g}"}
    if found.undetermined:
        why = f"{found.undetermined} of {n} replicates undetermined beside {said}"
        return _not_done(f"held: {why}; repeat the sample", HELD)
    if run.curve is not None and found.mean > run.curve.highest:
        why = f"{said}, highest standard {run.curve.highest:g}"
        return _not_done(f"held: {why}; dilute and repeat", HELD)
    return {"status": "value", "flag": "; ".join(_flags(found, limits)) or None}


def _flags(found: Replicates, limits: Qpcr) -> Iterator[str]:
    if len(found.copies) < limits.least_replicates:
        yield f"{len(found.copies)} replicate, not {limits.least_replicates}"
    if found.cv is not None and found.cv > limits.most_cv:
        yield f"CV {100 * found.cv:.0f} %, above {100 * limits.most_cv:g} %"
    in_cell = found.mean * PER_UG / (found.dna or inf) / CELLS_PER_UG
    if in_cell > MOST_IN_CELL:
        yield f"{in_cell:.3g} copies in every cell of the blood: check the DNA"
