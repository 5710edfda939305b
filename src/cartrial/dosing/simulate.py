"""Operating characteristics by simulation, where time matters: what enumeration cannot tell.

Candidates come one after the other, the first on day 0. Who comes while the trial is suspended
waits for it to be asked again, one at a time, and the others are turned away; where the design
wakes on arrival, all are turned away until one comes to an open trial. The level is settled at
enrolment; until the infusion, `lag` days later, a patient counts as pending with no follow-up. Who
has no product is found out before the next candidate comes. A patient is lost where the setting
says so, and another takes the place; whether those count toward the subjects is a rule of the
study. The duration is from the first enrolment to the end of the last window.

Each trial draws from streams of its own (toxicity, arrival, manufacture, loss, lag), each number by
its place in the stream: the same seed gives the same trials, whoever simulates them, and the same
patients to two designs. What comes back carries its Monte Carlo standard error.

Reading: a design that decides on counts fills its cohorts and waits until each has completed the
window. Committee, maturing events and product outside the planned dose are not simulated.
Oracle: simFastBOIN 2.x, R packages TITEgBOIN 0.4.0, dfcrm 0.2-2.1 and BOIN 2.7.2
(tests/oracle/simfastboin, titegboin, dfcrm)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from cartrial import workers
from cartrial.dosing.operating import Floats, OperatingCharacteristics, true_rates
from cartrial.dosing.setting import Setting
from cartrial.errors import RuleError
from cartrial.protocol.design import BfBoin, Design, RollingSix, TiteBoin, TiteCrm
from cartrial.protocol.rules import Rules

SHARE = 10_000  # trials that are summed together, whoever simulates them

# After the selection of none and of each level, patients and DLTs by level.
OTHERS = (
    "patients",
    "over",
    "patients and over",
    "stopped",
    "duration",
    "suspensions",
    "suspended",
    "lost",
    "unmade",
)


@dataclass(frozen=True)
class Timed:
    """Operating characteristics with what depends on time; `Simulated` has their errors alike.

    `suspensions` and `suspended_days`, in which nobody was enrolled though a candidate was there;
    `not_evaluable` patients, and `not_infused` candidates for whom no product was made.
    """

    characteristics: OperatingCharacteristics
    duration_days: float
    suspensions: float
    suspended_days: float
    not_evaluable: float
    not_infused: float


@dataclass(frozen=True)
class Simulated:
    """The means over so many trials, and their Monte Carlo standard errors."""

    trials: int
    mean: Timed
    mcse: Timed


@dataclass(frozen=True)
class Scenario:
    """What is simulated: everything on which the numbers depend, but for the number of trials."""

    design: Design
    truth: tuple[float, ...]
    setting: Setting
    subjects: int
    target: float
    rules: Rules = Rules()
    seed: int = 1


def simulate(
    scenario: Scenario,
    *,
    trials: int,
    team: workers.Team = workers.ALONE,
    kept: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Simulated:
    """The operating characteristics; what `kept` holds of the same scenario is not done again."""
    (found,) = simulate_each([scenario], trials=trials, team=team, kept=kept, progress=progress)
    return found


def simulate_each(
    scenarios: Sequence[Scenario],
    *,
    trials: int,
    team: workers.Team = workers.ALONE,
    kept: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Simulated]:
    """The operating characteristics of each scenario."""
    for scenario in scenarios:
        _check(scenario, trials)
    shares = [
        Share(scenario, first, min(SHARE, trials - first))
        for scenario in scenarios
        for first in range(0, trials, SHARE)
    ]
    sums = workers.spread(sums_of, shares, team=team, kept=kept, progress=progress)
    each = len(shares) // len(scenarios)
    return [
        _simulated(scenario, trials, np.sum(sums[i * each : (i + 1) * each], axis=0))
        for i, scenario in enumerate(scenarios)
    ]


@dataclass(frozen=True)
class Share:
    """Some trials of a scenario."""

    scenario: Scenario
    first: int
    trials: int


def sums_of(share: Share) -> Floats:
    """The sums of what each trial came to, and of the squares, (2, K)."""
    if isinstance(share.scenario.design, TiteBoin | RollingSix | TiteCrm):
        from cartrial.dosing.compiled import late_sums

        return late_sums(share)
    return staggered_sums(share)


def _simulated(scenario: Scenario, trials: int, sums: Floats) -> Simulated:
    mean = sums[0] / trials
    variance = np.maximum(sums[1] / trials - mean**2, 0.0)
    error = np.sqrt(variance / max(trials - 1, 1))
    levels = len(scenario.truth)
    n, over = (float(mean[3 * levels + 1 + OTHERS.index(name)]) for name in ("patients", "over"))
    share = over / n
    a, b, both = (float(variance[3 * levels + 1 + OTHERS.index(name)]) for name in OTHERS[:3])
    spread = b - share * (both - a - b) + share**2 * a
    ratio_error = np.sqrt(max(spread, 0.0) / max(trials - 1, 1)) / n
    return Simulated(
        trials, _timed(mean, levels, share), _timed(error, levels, float(ratio_error))
    )


def _timed(values: Floats, levels: int, over_target: float) -> Timed:
    rest = dict(zip(OTHERS, values[3 * levels + 1 :].tolist(), strict=True))
    return Timed(
        OperatingCharacteristics(
            selection=values[: levels + 1],
            patients=values[levels + 1 : 2 * levels + 1],
            dlts=values[2 * levels + 1 : 3 * levels + 1],
            over_target=np.asarray(over_target),
            stopped=np.asarray(rest["stopped"]),
        ),
        duration_days=rest["duration"],
        suspensions=rest["suspensions"],
        suspended_days=rest["suspended"],
        not_evaluable=rest["lost"],
        not_infused=rest["unmade"],
    )
