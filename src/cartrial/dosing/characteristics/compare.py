"""Designs side by side: the same scenarios, the same constraints, the same simulated patients.

Every design is simulated, so that each has a duration. Two designs meet the same candidates with
the same toxicity, so that a difference between them is surer than the two errors say.

Reading: a scenario is met where its correct level is selected, or none where none is correct. The
selection is too high where the level selected has a rate above the target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.dosing.characteristics.operating import SAME
from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.dosing.simulation.setting import NO_RULES, Setting, Simulation
from cartrial.dosing.simulation.simulate import Simulated, simulate_each
from cartrial.errors import RuleError
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.workers import Progress


class Comparison(s.Table):
    """What a design does in a scenario; errors are Monte Carlo.  Key: design, scenario."""

    design = s.text("Design", primary_key=True, private=False)
    scenario = s.text("Scenario", primary_key=True, private=False)
    correct = s.number("Probability of the correct selection", "1", min=0, max=1)
    correct_mcse = s.number("Error of the correct selection", "1", min=0)
    too_high = s.number("Probability of a selection above the target", "1", min=0, max=1)
    none = s.number("Probability that no level is selected", "1", min=0, max=1)
    over_target = s.number("Share of patients above the target", "1", min=0, max=1)
    over_target_mcse = s.number("Error of the share above the target", "1", min=0)
    patients = s.number("Patients, mean", "patients", min=0)
    dlts = s.number("Patients with DLT, mean", "patients", min=0)
    duration = s.number("Duration, mean", "days", min=0)
    duration_mcse = s.number("Error of the duration", "days", min=0)
    suspensions = s.number("Suspensions, mean", "suspensions", min=0)
    suspended = s.number("Days of suspension, mean", "days", min=0)
    trials = s.count("Trials simulated", "trials", min=2)


@dataclass(frozen=True)
class Constraints:
    """What every design has to do with: subjects, the target, the setting, the rules around it."""

    subjects: int
    target: float
    setting: Setting
    rules: Rules = NO_RULES


def compare(
    designs: Mapping[str, Design],
    scenarios: Sequence[Scenario],
    constraints: Constraints,
    *,
    trials: int,
    seed: int = 1,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> s.DataFrame[Comparison]:
    """The designs, by name and in their order, in each scenario."""
    if not designs or not scenarios:
        raise RuleError(
            "comparison: must have a design and a scenario, "
            f"got {len(designs)} designs and {len(scenarios)} scenarios"
        )
    pairs = [(name, scenario) for name in designs for scenario in scenarios]
    simulations = [
        simulation_of(designs[name], scenario, constraints, seed=seed) for name, scenario in pairs
    ]
    found = simulate_each(
        simulations, trials=trials, workers=workers, cluster=cluster, kept=kept, progress=progress
    )
    rows = [
        {"design": name, "scenario": scenario.name, **_row(scenario, one, constraints.target)}
        for (name, scenario), one in zip(pairs, found, strict=True)
    ]
    return Comparison.validate(pl.DataFrame(rows), cast=True)


def simulation_of(
    design: Design, scenario: Scenario, constraints: Constraints, *, seed: int
) -> Simulation:
    """A design in a scenario, as it is simulated."""
    return Simulation(
        design,
        scenario.truth,
        constraints.setting,
        constraints.subjects,
        constraints.target,
        constraints.rules,
        seed,
    )


def _row(scenario: Scenario, found: Simulated, target: float) -> dict[str, float]:
    mean, error = found.mean, found.mcse
    selection = mean.characteristics.selection
    return {
        "correct": selection[scenario.correct],
        "correct_mcse": error.characteristics.selection[scenario.correct],
        "too_high": too_high(selection, scenario.truth, target),
        "none": selection[0],
        "over_target": float(mean.characteristics.over_target),
        "over_target_mcse": float(error.characteristics.over_target),
        "patients": float(mean.characteristics.subjects),
        "dlts": float(mean.characteristics.dlts.sum()),
        "duration": mean.duration_days,
        "duration_mcse": error.duration_days,
        "suspensions": mean.suspensions,
        "suspended": mean.suspended_days,
        "trials": found.trials,
    }


def too_high(selection: np.ndarray, truth: Sequence[float], target: float) -> float:
    """The probability that the level selected has a rate above the target."""
    above = np.array(truth) > target + SAME
    return float(min(selection[1:][above].sum(), 1.0))
