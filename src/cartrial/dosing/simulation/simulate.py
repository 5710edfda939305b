"""Operating characteristics by simulation, where time matters: what enumeration cannot tell.

Candidates come one after the other, the first on day 0. Who comes while the trial is suspended
waits for it to be asked again, one at a time, and the others are turned away; where the design
wakes on arrival, all are turned away until one comes to an open trial. The level is settled at
enrolment; until the infusion, `lag` days later, a patient counts as pending with no follow-up. Who
has no product is found out before the next candidate comes. A patient is lost where the setting
says so, and another takes the place; whether those count toward the subjects is a rule of the
study. The duration is from the first enrolment to the end of the last window.

Each trial draws from streams of its own (toxicity, arrival, manufacture, loss, lag, range of the
product, settling of an event), each number by its place in the stream: the same seed gives the same
trials, whoever simulates them, and the same patients to two designs; what is switched off leaves
all else as it was. What comes back carries its Monte Carlo standard error.

Reading: a design that decides on counts fills its cohorts and waits until each has completed the
window. The time of a late DLT is even between the days by which each further 256th of them has
come. Every event that has to be settled turns out to be a DLT. A product below the range counts
at no other level. Where a DLT comes after its patient was replaced, in a 3+3 or a rolling six that
is full, it counts among the six.
Oracle: simFastBOIN 2.x, R packages TITEgBOIN 0.4.0, dfcrm 0.2-2.1 and bfboin
(tests/oracle/simfastboin, titegboin, dfcrm, bfboin)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cartrial.dosing.operating import Floats, OperatingCharacteristics, true_rates
from cartrial.dosing.simulation.setting import Simulation
from cartrial.errors import RuleError
from cartrial.protocol.design import BfBoin, RollingSix, TiteBoin
from cartrial.protocol.model_design import TiteCrm
from cartrial.workers import Progress, spread

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


def simulate(
    simulation: Simulation,
    *,
    trials: int,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """The operating characteristics; `workers` and the rest are as in `workers.spread`."""
    (found,) = simulate_each(
        [simulation], trials=trials, workers=workers, cluster=cluster, kept=kept, progress=progress
    )
    return found


def simulate_each(
    simulations: Sequence[Simulation],
    *,
    trials: int,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> list[Simulated]:
    """The operating characteristics of each simulation."""
    if trials < 2:
        raise RuleError(f"simulation: trials must be 2 or more, got {trials}")
    if not simulations:
        return []
    for simulation in simulations:
        _check(simulation)
    starts = range(0, trials, SHARE)
    shares = [Share(one, i, min(SHARE, trials - i)) for one in simulations for i in starts]
    sums = spread(sums_of, shares, workers=workers, cluster=cluster, kept=kept, progress=progress)
    each = [sums[i : i + len(starts)] for i in range(0, len(sums), len(starts))]
    return [
        _simulated(len(simulation.truth), trials, np.sum(found, axis=0))
        for simulation, found in zip(simulations, each, strict=True)
    ]


@dataclass(frozen=True)
class Share:
    """Some trials of a simulation, from number `first` on."""

    simulation: Simulation
    first: int
    trials: int


def sums_of(share: Share) -> Floats:
    """The sums of what each trial came to, and of the squares, (2, K)."""
    simulation = share.simulation
    # Imported here: who asks for what is exact waits for no compiler.
    if isinstance(simulation.design, TiteBoin | BfBoin | RollingSix | TiteCrm):
        from cartrial.dosing.simulation.compiled import late_sums

        return np.stack(late_sums(simulation, share.first, share.trials))
    from cartrial.dosing.simulation.staggered import staggered_rows

    rows = staggered_rows(simulation, share.first, share.trials)
    return np.stack([rows.sum(axis=0), (rows**2).sum(axis=0)])


def _check(simulation: Simulation) -> None:
    levels = len(simulation.truth)
    true_rates(simulation.truth, levels=levels)
    if not levels:
        raise RuleError("true rates: must be at least 1, got none")
    if simulation.subjects < 1:
        raise RuleError(f"simulation: subjects must be 1 or more, got {simulation.subjects}")
    design = simulation.design
    named = getattr(design, "skeleton", None) or getattr(design, "doses", None)
    if named is not None and len(named) != levels:
        raise RuleError(f"true rates: must be {len(named)}, one for each dose level, got {levels}")


def _simulated(levels: int, trials: int, sums: Floats) -> Simulated:
    mean = sums[0] / trials
    variance = np.maximum(sums[1] / trials - mean**2, 0.0) * trials / (trials - 1)
    place = 3 * levels + 1
    n, over, _ = mean[place : place + 3]
    a, b, both = variance[place : place + 3]
    share = over / n
    apart = max(b - share * (both - a - b) + share**2 * a, 0.0)  # delta method
    error = np.sqrt(variance / trials)
    return Simulated(
        trials,
        _timed(mean, levels, float(share)),
        _timed(error, levels, float(np.sqrt(apart / trials) / n)),
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
