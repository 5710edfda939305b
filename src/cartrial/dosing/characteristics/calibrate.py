"""Calibration: a design with many values of its parameters, over the same scenarios.

A candidate is a design with its number of subjects. It is enumerated where that is possible, else
simulated, and judged over all scenarios: by the mean probability of the correct selection among the
candidates that keep to the limit on over-dosing. Of equal ones that with fewer subjects is better,
and then that which was given first.

Reading: scenarios weigh the same. The limit is on the share of patients above the target, in the
scenario where it is highest; one in which even the lowest level is above the target has no say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from cartrial import schema as s
from cartrial.dosing.characteristics.judge import AS_USUAL, Asked, Constraints, Judged, Runs, judge
from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.dosing.operating import SAME
from cartrial.errors import RuleError
from cartrial.protocol.breach import breach
from cartrial.protocol.design import Design

DECIMALS = 9  # of probabilities that are told apart
NO_TIME = "enumerated: no error, and no course of time"


class Calibration(s.Table):
    """How a candidate does over all scenarios, the best first.  Key: rank."""

    rank = s.count("Rank", "rank", min=1, primary_key=True)
    candidate = s.count("Number of the candidate, as given", "number", min=1)
    parameters = s.text("Parameters of the design", private=False)
    subjects = s.count("Subjects", "subjects", min=1)
    keeps = s.flag("Keeps to the limit on over-dosing")
    correct = s.number("Probability of the correct selection, mean", "1", min=0, max=1)
    lowest = s.number("Probability of the correct selection, lowest", "1", min=0, max=1)
    too_high = s.number("Probability of a selection above the target, mean", "1", min=0, max=1)
    over_target = s.number("Share of patients above the target, highest", "1", min=0, max=1)
    patients = s.number("Patients, mean", "patients", min=0)
    method = s.code("Method", ("exact", "simulated"))
    correct_mcse = s.number("Error of the mean, at most", "1", min=0, nullable=True)
    duration = s.number("Duration, mean", "days", min=0, nullable=True)
    why_missing = s.text("Why there is no error and no duration", private=False, nullable=True)


@dataclass(frozen=True)
class Candidate:
    """A design with some of its parameters given, and with so many subjects."""

    values: Mapping[str, Any]
    design: Design
    subjects: int

    @property
    def parameters(self) -> str:
        """The parameters that are given, in words."""
        return ", ".join(f"{name} {value}" for name, value in self.values.items()) or "as given"


def candidates_of(
    design: Design, values: Mapping[str, Sequence[Any]], *, subjects: Sequence[int]
) -> tuple[Candidate, ...]:
    """The design with every combination of the values of its parameters, and of the subjects."""
    given = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    return tuple(
        Candidate(some, _changed(design, some), number) for some in given for number in subjects
    )


def calibrate(
    candidates: Sequence[Candidate],
    scenarios: Sequence[Scenario],
    constraints: Constraints,
    runs: Runs = AS_USUAL,
    *,
    limit: float = 1.0,
) -> s.DataFrame[Calibration]:
    """The candidates, the best first; `limit` is on the share of patients above the target.

    The subjects are those of each candidate, not of the constraints.
    """
    asked = [Asked(one.design, replace(constraints, subjects=one.subjects)) for one in candidates]
    return _ranked(candidates, judge(asked, scenarios, runs), limit)


def _changed(design: Design, values: Mapping[str, Any]) -> Design:
    """The design with some parameters given otherwise, checked again."""
    try:
        return type(design)(**(design.model_dump() | dict(values)))
    except ValidationError as fault:
        raise RuleError(f"calibration: {breach(fault).removeprefix('study: ')}") from None


def _ranked(
    candidates: Sequence[Candidate], judged: Sequence[Sequence[Judged]], limit: float
) -> s.DataFrame[Calibration]:
    pairs = enumerate(zip(candidates, judged, strict=True), start=1)
    rows = [{"candidate": n, **_row(one, found, limit)} for n, (one, found) in pairs]
    rows.sort(key=lambda row: (not row["keeps"], -round(row["correct"], DECIMALS), row["subjects"]))
    ranked = [{"rank": rank, **row} for rank, row in enumerate(rows, start=1)]
    return Calibration.validate(pl.DataFrame(ranked, infer_schema_length=None), cast=True)


def _row(one: Candidate, judged: Sequence[Judged], limit: float) -> dict[str, Any]:
    correct = [found.correct for found in judged]
    errors = [
        float(found.error.selection[found.scenario.correct])
        for found in judged
        if found.error is not None
    ]
    days = [found.time.duration_days for found in judged if found.time is not None]
    over = [
        float(found.mean.over_target)
        for found in judged
        if min(found.scenario.truth) <= found.target + SAME
    ]
    return {
        "parameters": one.parameters,
        "subjects": one.subjects,
        "keeps": max(over, default=0.0) <= limit,
        "correct": float(np.mean(correct)),
        "lowest": min(correct),
        "too_high": float(np.mean([found.too_high for found in judged])),
        "over_target": max(over, default=0.0),
        "patients": float(np.mean([found.mean.subjects for found in judged])),
        "method": "simulated" if errors else "exact",
        "correct_mcse": float(np.mean(errors)) if errors else None,
        "duration": float(np.mean(days)) if days else None,
        "why_missing": None if errors else NO_TIME,
    }
