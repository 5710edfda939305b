"""The CAR cells of one subject after the infusion: copies per microgram of blood DNA over time.

    up to the lag         near nothing
    lag to peak           exponential growth by a factor (fold)
    after the peak        two exponential declines, fast (contraction) and slow (persistence)

Seldom the cells do not expand, or expand a second time months later.

Source: Stein 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295. doi:10.1002/psp4.12388
Reading: medians and spreads are chosen so that many subjects have the mean peak, AUC of 28 days and
time to loss that are published for ciltacabtagene (48,692 copies/ug, 504,496, 100 days).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.virtual.scenario import Scenario
from cartrial.virtual.stream import happens, spread, stream

LAG = 3.0  # days
PEAK = 42500.0  # copies/ug DNA, median at the middle dose level


@dataclass(frozen=True)
class Expansion:
    """The course of the CAR cells; `copies` are those of each day from 0 on."""

    peak: float  # copies/ug DNA
    peak_day: float
    fold: float
    fast: float  # per day
    slow: float  # per day
    lasting: float  # share of the peak that declines slowly
    again: float | None  # day of a second expansion
    copies_per_cell: float

    def at(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The true copies per microgram DNA on these days."""
        growth = np.log(self.fold) / (self.peak_day - LAG)
        rise = (
            self.peak / self.fold * np.exp(growth * np.clip(days - LAG, -LAG, self.peak_day - LAG))
        )
        since = np.clip(days - self.peak_day, 0, None)
        fall = self.peak * (
            (1 - self.lasting) * np.exp(-self.fast * since)
            + self.lasting * np.exp(-self.slow * since)
        )
        course = np.where(days < self.peak_day, rise, fall)
        if self.again is not None:
            course = course + 0.2 * self.peak * np.exp(-(((days - self.again) / 14) ** 2))
        return np.where(days <= 0, 0.0, course)


def draw_expansion(
    scenario: Scenario, seed: int, candidate: int, *, relative_dose: float, burden: float
) -> Expansion:
    """The course after a dose relative to the middle level, with this much disease."""
    chance = stream(seed, candidate, "kinetics")
    peak = spread(chance, PEAK, 0.52) * relative_dose**scenario.expansion_by_dose
    fails = happens(chance, scenario.no_expansion)
    again = happens(chance, scenario.second_expansion)
    return Expansion(
        peak=peak * float(np.exp(0.12 * burden)) * (0.01 if fails else 1.0),
        peak_day=max(spread(chance, 12.2, 0.15), LAG + 4),
        fold=max(spread(chance, 3900, 0.8), 50.0),
        fast=spread(chance, 0.085, 0.55),
        slow=spread(chance, 0.012, 0.6),
        lasting=min(spread(chance, 0.0015, 0.8), 0.05),
        again=float(chance.uniform(120, 330)) if again else None,
        copies_per_cell=spread(chance, 1.8, 0.3),
    )
