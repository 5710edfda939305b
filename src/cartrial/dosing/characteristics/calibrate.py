"""Calibration: a design with many values of its parameters, over the same scenarios.

A candidate is a design with its number of subjects. It is enumerated where that is possible, else
simulated, and judged over all scenarios: by the mean probability of the correct selection among the
candidates that keep to the limit on over-dosing, and then by fewer subjects.

Reading: scenarios weigh the same. The limit is on the share of patients above the target, in the
scenario where it is highest; one in which even the lowest level is above the target has no say.
Where the rules of a study would change the course of a trial, every candidate is simulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from cartrial import schema as s
from cartrial.dosing.characteristics.compare import Constraints, simulation_of, too_high
from cartrial.dosing.characteristics.operating import SAME, OperatingCharacteristics
from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.simulation.simulate import Simulated, simulate_each
from cartrial.errors import RuleError
from cartrial.protocol.breach import breach
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.workers import Progress

NO_TIME = "enumerated: no error, and no course of time"


class Calibration(s.Table):
    """How a candidate does over all scenarios, the best first.  Key: rank."""

    rank = s.count("Rank", "rank", min=1, primary_key=True)
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

    parameters: str
    design: Design
    subjects: int


@dataclass(frozen=True)
class Judged:
    """What a candidate does in a scenario; the error and the duration where it is simulated."""

    mean: OperatingCharacteristics
    mcse: OperatingCharacteristics | None = None
    duration: float | None = None


def candidates_of(
    design: Design, values: Mapping[str, Sequence[Any]], *, subjects: Sequence[int]
) -> tuple[Candidate, ...]:
    """The design with every combination of the values of its parameters, and of the subjects."""
    given = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    return tuple(
        Candidate(
            ", ".join(f"{name} {value}" for name, value in some.items()) or "as given",
            _changed(design, some),
            number,
        )
        for some in given
        for number in subjects
    )


def calibrate(
    candidates: Sequence[Candidate],
    scenarios: Sequence[Scenario],
    constraints: Constraints,
    *,
    limit: float = 1.0,
    trials: int = 10_000,
    seed: int = 1,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> s.DataFrame[Calibration]:
    """The candidates, the best first; `limit` is on the share of patients above the target.

    The subjects are those of each candidate, not of the constraints.
    """
    if not candidates or not scenarios:
        raise RuleError(
            "calibration: must have a candidate and a scenario, "
            f"got {len(candidates)} candidates and {len(scenarios)} scenarios"
        )
    timed = [one for one in candidates if not _is_exact(one, constraints)]
    simulations = [
        simulation_of(one.design, scenario, replace(constraints, subjects=one.subjects), seed=seed)
        for one in timed
        for scenario in scenarios
    ]
    found = iter(
        simulate_each(
            simulations,
            trials=trials,
            workers=workers,
            cluster=cluster,
            kept=kept,
            progress=progress,
        )
    )
    judged = [
        [_simulated(next(found)) for _ in scenarios]
        if one in timed
        else _exact(one, scenarios, constraints.target)
        for one in candidates
    ]
    return _ranked(candidates, judged, scenarios, constraints.target, limit)


def _changed(design: Design, values: Mapping[str, Any]) -> Design:
    """The design with some parameters given otherwise, checked again."""
    try:
        return type(design)(**(design.model_dump() | dict(values)))
    except ValidationError as fault:
        raise RuleError(f"calibration: {breach(fault).removeprefix('study: ')}") from None


def _is_exact(one: Candidate, constraints: Constraints) -> bool:
    """Whether the enumeration has all that would change the course of a trial."""
    rules, usual, setting = constraints.rules, Rules(), constraints.setting
    acting = ("no_skipping", "too_toxic", "most_at_dose")
    plain = all(getattr(rules, name) == getattr(usual, name) for name in acting)
    counts = not DESIGNS[one.design.kind].late and one.design.kind != "bf-boin"
    return counts and plain and not (setting.lost or setting.escalate_complete)


def _exact(one: Candidate, scenarios: Sequence[Scenario], target: float) -> list[Judged]:
    policy = policy_of(one.design, subjects=one.subjects)
    ends = enumerate_ends(policy, levels=len(scenarios[0].truth), subjects=one.subjects)
    return [Judged(evaluate(ends, scenario.truth, target=target)) for scenario in scenarios]


def _simulated(found: Simulated) -> Judged:
    mean, mcse = found.mean, found.mcse
    return Judged(mean.characteristics, mcse.characteristics, mean.duration_days)


def _ranked(
    candidates: Sequence[Candidate],
    judged: Sequence[Sequence[Judged]],
    scenarios: Sequence[Scenario],
    target: float,
    limit: float,
) -> s.DataFrame[Calibration]:
    rows = [
        _row(one, scenarios, found, target, limit)
        for one, found in zip(candidates, judged, strict=True)
    ]
    rows.sort(key=lambda row: (not row["keeps"], -row["correct"], row["subjects"]))
    ranked = [{"rank": rank, **row} for rank, row in enumerate(rows, start=1)]
    return Calibration.validate(pl.DataFrame(ranked, infer_schema_length=None), cast=True)


def _row(
    one: Candidate,
    scenarios: Sequence[Scenario],
    judged: Sequence[Judged],
    target: float,
    limit: float,
) -> dict[str, Any]:
    pairs = list(zip(scenarios, judged, strict=True))
    correct = [float(found.mean.selection[scenario.correct]) for scenario, found in pairs]
    errors = [
        float(found.mcse.selection[scenario.correct])
        for scenario, found in pairs
        if found.mcse is not None
    ]
    days = [found.duration for found in judged if found.duration is not None]
    over = [
        float(found.mean.over_target)
        for scenario, found in pairs
        if min(scenario.truth) <= target + SAME
    ]
    high = [too_high(found.mean.selection, scenario.truth, target) for scenario, found in pairs]
    return {
        "parameters": one.parameters,
        "subjects": one.subjects,
        "keeps": max(over, default=0.0) <= limit,
        "correct": float(np.mean(correct)),
        "lowest": min(correct),
        "too_high": float(np.mean(high)),
        "over_target": max(over, default=0.0),
        "patients": float(np.mean([found.mean.subjects for found in judged])),
        "method": "simulated" if errors else "exact",
        "correct_mcse": float(np.mean(errors)) if errors else None,
        "duration": float(np.mean(days)) if days else None,
        "why_missing": None if errors else NO_TIME,
    }
