"""Run of one analyte on a plate: its standard curve, its controls, and whether it is accepted.

    curve         enough standards; efficiency and r2 within their limits; the replicates of each
                  standard close together
    no template   reads fewer copies than the limit of detection
    control       its mean lies near its known copies; one of 0 copies reads as no template

A run that fails one of them gives no result: they are held, each with the reason, until the plate
is repeated or somebody decides.

Source: protocol.assay
Reading: the SD of replicates is judged for standards of more copies than the LLOQ: at 10 copies
    chance alone (Poisson) makes an SD of half a cycle. A plate without a no-template control is not
    accepted, as nothing says that it is clean. A control without known copies is read, not judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.kinetics.assay.curve import Curve, Standard, fit_curve, standards
from cartrial.kinetics.assay.well import Well
from cartrial.protocol.assay import Qpcr


@dataclass(frozen=True)
class Check:
    """One thing that a run must keep to; `got` and `limit` are in words."""

    name: str
    got: str
    limit: str
    passed: bool

    def __str__(self) -> str:
        return f"{self.name} must be {self.limit}, got {self.got}"


@dataclass(frozen=True)
class Run:
    """One analyte of a plate; without a curve, `why` says why there is none."""

    analyte: str
    curve: Curve | None
    why: str | None
    standards: tuple[Standard, ...]
    checks: tuple[Check, ...]

    @property
    def accepted(self) -> bool:
        """Whether every check was passed."""
        return all(check.passed for check in self.checks)

    @property
    def refusal(self) -> str | None:
        """Why the run gives no result; None where it is accepted."""
        return "; ".join(str(check) for check in self.checks if not check.passed) or None


def judge_run(wells: s.DataFrame[Well], analyte: str, limits: Qpcr) -> Run:
    """The run of an analyte, from all its wells."""
    read = wells.filter(
        pl.col("analyte") == analyte, pl.col("ct").is_not_null() | pl.col("undetermined")
    ).sort("well")
    known = read.filter(pl.col("role") == "standard")
    crossed = known.filter(pl.col("ct").is_not_null())
    fitted = fit_curve(crossed["copies"].to_list(), crossed["ct"].to_list())
    curve, why = (None, fitted) if isinstance(fitted, str) else (fitted, None)
    told = standards(known["copies"].to_list(), known["ct"].to_list(), curve)
    if not known.height:
        why = "no standard on the plate"
    checks = (
        *_of_curve(curve, why, told, limits),
        *_of_no_template(read, curve, limits),
        *_of_controls(read, curve, limits),
    )
    return Run(analyte, curve, why, told, checks)


def _of_curve(
    curve: Curve | None, why: str | None, told: tuple[Standard, ...], limits: Qpcr
) -> Iterator[Check]:
    points = sum(one.mean is not None for one in told)
    enough = points >= limits.least_standards
    yield Check("number of standards", f"{points}", f"at least {limits.least_standards}", enough)
    if curve is None:
        yield Check("standard curve", why or "", "a line", passed=False)
        return
    low, high = limits.least_efficiency, limits.most_efficiency
    yield Check(
        "efficiency",
        f"{100 * curve.efficiency:.1f} %",
        f"{100 * low:g} to {100 * high:g} %",
        low <= curve.efficiency <= high,
    )
    yield Check(
        "r2", f"{curve.r2:.4f}", f"at least {limits.least_r2:g}", curve.r2 >= limits.least_r2
    )
    judged = [one for one in told if one.sd is not None and one.copies > limits.lloq]
    if judged:
        widest = max(judged, key=lambda one: one.sd or 0.0)
        yield Check(
            "SD of a standard",
            f"{widest.sd:.2f} cycles at {widest.copies:g} copies",
            f"at most {limits.most_sd:g} cycles",
            (widest.sd or 0.0) <= limits.most_sd,
        )
    lost = [one for one in told if one.undetermined and one.copies > limits.lloq]
    if lost:
        got = ", ".join(f"{one.undetermined} of {one.wells} at {one.copies:g}" for one in lost)
        yield Check("undetermined wells above the LLOQ", got, "none", passed=False)


def _of_no_template(read: pl.DataFrame, curve: Curve | None, limits: Qpcr) -> Iterator[Check]:
    wells = read.filter(pl.col("role") == "ntc")
    if not wells.height:
        yield Check("no-template control", "none", "on the plate", passed=False)
        return
    yield _negative("no-template control", wells, curve, limits)


def _of_controls(read: pl.DataFrame, curve: Curve | None, limits: Qpcr) -> Iterator[Check]:
    wells = read.filter(pl.col("role") == "control", pl.col("copies").is_not_null())
    for (name, copies), mine in wells.group_by("sample_id", "copies", maintain_order=True):
        place = f"control {name}"
        if copies == 0:
            yield _negative(place, mine, curve, limits)
            continue
        if curve is None:
            continue
        mean = sum(readings(mine, curve)) / mine.height
        share = mean / float(str(copies))
        yield Check(
            place,
            f"{100 * share:.0f} % of {copies:g} copies",
            f"{100 * (1 - limits.recovery):g} to {100 * (1 + limits.recovery):g} %",
            abs(share - 1) <= limits.recovery,
        )


def _negative(name: str, wells: pl.DataFrame, curve: Curve | None, limits: Qpcr) -> Check:
    """Whether wells that should hold nothing read as nothing."""
    crossed = wells.filter(pl.col("ct").is_not_null())
    limit = f"below {limits.lod:g} copies"
    if not crossed.height:
        return Check(name, f"{wells.height} undetermined", limit, passed=True)
    first: dict[str, Any] = crossed.sort("ct", "well").row(0, named=True)
    got = f"Ct {first['ct']:.2f} in {first['well']}"
    if curve is None:
        return Check(name, got, limit, passed=False)
    most = curve.copies(first["ct"])
    return Check(name, f"{most:.3g} copies ({got})", limit, most < limits.lod)


def readings(wells: pl.DataFrame, curve: Curve) -> list[float]:
    """The copies in each well, in order; one that did not cross counts as 0."""
    return [0.0 if ct is None else curve.copies(ct) for ct in wells["ct"].to_list()]
