"""Scenarios: sets of true DLT rates under which a design is judged before the trial.

Those of the study file, where it has some. Else one for each dose level, in which that level has
exactly the rate that the design aims at, and one in which even the lowest is too toxic: the rates
rise by `STEP` in their log odds from level to level.

    target 0.30, three levels     level 1  0.30  0.46  0.63
                                  level 2  0.18  0.30  0.46
                                  level 3  0.10  0.18  0.30
                                  none     0.46  0.63  0.78

Reading: a design that names no target is judged at `USUAL`, and a BLRM at the middle of its target
interval. It is correct to select no level where all rates are above `TOO_TOXIC` times the target,
the upper alternative of BOIN (Liu & Yuan 2015, doi:10.1111/rssc.12089).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cartrial.dosing.characteristics.curves import correct_level, curves
from cartrial.dosing.designs import target_of
from cartrial.dosing.operating import true_rates
from cartrial.protocol.design import Design
from cartrial.protocol.model_design import Blrm

STEP = 0.7  # of the log odds, from one level to the next
USUAL = 0.30  # DLT rate
TOO_TOXIC = 1.4  # times the target


@dataclass(frozen=True)
class Scenario:
    """True DLT rates, lowest level first; `correct` is the level to select, 0 for none."""

    name: str
    truth: tuple[float, ...]
    correct: int


def aim(design: Design) -> float:
    """The DLT rate that a design aims at, or is judged at."""
    if isinstance(design, Blrm):
        return (design.low + design.high) / 2
    target = target_of(design)
    return USUAL if target is None else target


def limit_of(design: Design) -> float:
    """The DLT rate above which a level is over-dosing."""
    return design.high if isinstance(design, Blrm) else aim(design)


def scenarios_of(
    given: Mapping[str, tuple[float, ...]], target: float, *, levels: int
) -> tuple[Scenario, ...]:
    """The true rates that are given, by name, for the rate aimed at; without any, the standard."""
    named = given or _standard(target, levels)
    for truth in named.values():
        true_rates(truth, levels=levels)
    return tuple(
        Scenario(name, truth, int(correct_level(np.array(truth), target=target, highest=limit)))
        for limit in (TOO_TOXIC * target,)
        for name, truth in named.items()
    )


def _standard(target: float, levels: int) -> dict[str, tuple[float, ...]]:
    places = [*range(1, levels + 1), 0]
    found = curves(
        target=target,
        position=np.array(places, np.float64),
        slope=np.array([STEP]),
        levels=levels,
    )
    names = [f"Level {n} is the MTD" if n else "Every level is too toxic" for n in places]
    return {
        name: tuple(float(rate) for rate in rates)
        for name, rates in zip(names, found[:, 0, :].round(6), strict=True)
    }
