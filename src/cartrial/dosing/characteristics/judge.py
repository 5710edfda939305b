"""A design judged before the trial: its operating characteristics in each of some scenarios.

A design that decides on counts is enumerated, with the rules of the study around it, and has no
error; the time that its trials take is simulated. One that decides with patients in the window is
simulated, and so is any where patients are lost, or where there are too many states to enumerate.

Reading: the correct level has the rate nearest to the target, and no level is correct where all are
too toxic (`scenarios`). A selection is too high where its level has a rate above the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.dosing.exact.enumeration import Ends, enumerate_ends, evaluate
from cartrial.dosing.exact.guarded import guarded_policy
from cartrial.dosing.exact.policy import decides_on_counts
from cartrial.dosing.operating import SAME, OperatingCharacteristics
from cartrial.dosing.simulation.setting import NO_RULES, Setting, Simulation
from cartrial.dosing.simulation.simulate import Simulated, Timed, simulate_each
from cartrial.errors import RuleError, StudyError
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.workers import Progress

Means = Literal["exact where possible", "exact, and the time", "simulated"]
QUICK_STATES = 50_000  # enumerated within a second or two; more are simulated
TRIALS = 10_000


@dataclass(frozen=True)
class Constraints:
    """What a design has to do with: subjects, the target, the setting, the rules around it.

    Without a setting there is no window, and nothing that could be simulated.
    """

    subjects: int
    target: float
    setting: Setting | None
    rules: Rules = NO_RULES


@dataclass(frozen=True)
class Asked:
    """A design under its constraints."""

    design: Design
    constraints: Constraints


@dataclass(frozen=True)
class Runs:
    """How many trials are simulated, and who simulates them; as in `simulate` and `workers`."""

    trials: int = TRIALS
    seed: int = 1
    workers: int | None = 1
    cluster: str | None = None
    kept: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Judged:
    """What a design does in a scenario.

    `error` is None where `mean` is exact; `time` and `time_error` are those of simulated trials.
    """

    scenario: Scenario
    target: float
    mean: OperatingCharacteristics
    error: OperatingCharacteristics | None = None
    time: Timed | None = None
    time_error: Timed | None = None
    trials: int | None = None

    @property
    def method(self) -> Literal["exact", "simulated"]:
        """How the characteristics were found; the time is always simulated."""
        return "exact" if self.error is None else "simulated"

    @property
    def correct(self) -> float:
        """The probability that the correct level, or rightly none, is selected."""
        return float(self.mean.selection[self.scenario.correct])

    @property
    def too_high(self) -> float:
        """The probability that the level selected has a rate above the target."""
        above = np.array(self.scenario.truth) > self.target + SAME
        return float(min(self.mean.selection[1:][above].sum(), 1.0))


AS_USUAL = Runs()


def judge(
    asked: Sequence[Asked],
    scenarios: Sequence[Scenario],
    runs: Runs = AS_USUAL,
    *,
    means: Means = "exact where possible",
    most: int = QUICK_STATES,
) -> list[tuple[Judged, ...]]:
    """Each design in each scenario; with more than `most` states it is simulated."""
    if not asked or not scenarios:
        raise RuleError(
            "operating characteristics: must have a design and a scenario, "
            f"got {len(asked)} designs and {len(scenarios)} scenarios"
        )
    exact = [() if means == "simulated" else _enumerated(one, scenarios, most) for one in asked]
    timed = [means != "exact where possible" or not found for found in exact]
    to_simulate = [one for one, has_time in zip(asked, timed, strict=True) if has_time]
    simulated = iter(_simulated(to_simulate, scenarios, runs))
    return [
        _with_time(found, next(simulated)) if has_time else found
        for found, has_time in zip(exact, timed, strict=True)
    ]


def ends_of(one: Asked, *, levels: int, most: int = QUICK_STATES) -> Ends | None:
    """Every end of a trial; None where it has to be simulated, and can be."""
    limits, setting = one.constraints, one.constraints.setting
    if not (decides_on_counts(one.design) and (setting is None or setting.all_evaluable)):
        return None
    complete = setting.escalate_complete if setting else 0
    policy = guarded_policy(one.design, limits.rules, subjects=limits.subjects, complete=complete)
    try:
        return enumerate_ends(policy, levels=levels, subjects=limits.subjects, most=most)
    except RuleError:
        if setting is None:
            raise
        return None


def evaluated(ends: Ends, scenarios: Sequence[Scenario], target: float) -> tuple[Judged, ...]:
    """What the enumerated trials come to in each scenario."""
    return tuple(Judged(s, target, evaluate(ends, s.truth, target=target)) for s in scenarios)


def _enumerated(one: Asked, scenarios: Sequence[Scenario], most: int) -> tuple[Judged, ...]:
    """Each scenario exactly; nothing where that is not possible."""
    ends = ends_of(one, levels=len(scenarios[0].truth), most=most)
    return () if ends is None else evaluated(ends, scenarios, one.constraints.target)


def _simulated(
    asked: Sequence[Asked], scenarios: Sequence[Scenario], runs: Runs
) -> list[tuple[Judged, ...]]:
    simulations = [_simulation(one, scenario, runs.seed) for one in asked for scenario in scenarios]
    found = iter(
        simulate_each(
            simulations,
            trials=runs.trials,
            workers=runs.workers,
            cluster=runs.cluster,
            kept=runs.kept,
            progress=runs.progress,
        )
    )
    return [
        tuple(_judged(scenario, one.constraints.target, next(found)) for scenario in scenarios)
        for one in asked
    ]


def _simulation(one: Asked, scenario: Scenario, seed: int) -> Simulation:
    limits = one.constraints
    if limits.setting is None:
        raise StudyError(
            f"study.yaml: dlt: must be given to simulate trials ({one.design.kind}), got nothing. "
            "Give --window"
        )
    return Simulation(
        one.design,
        scenario.truth,
        limits.setting,
        limits.subjects,
        limits.target,
        limits.rules,
        seed,
    )


def _judged(scenario: Scenario, target: float, found: Simulated) -> Judged:
    mean, error = found.mean, found.mcse
    return Judged(
        scenario, target, mean.characteristics, error.characteristics, mean, error, found.trials
    )


def _with_time(exact: tuple[Judged, ...], simulated: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """The exact characteristics, where there are any, with the time that was simulated."""
    return (
        simulated
        if not exact
        else tuple(
            replace(timed, mean=one.mean, error=None)
            for one, timed in zip(exact, simulated, strict=True)
        )
    )
