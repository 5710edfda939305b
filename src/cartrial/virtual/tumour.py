"""The myeloma of one subject after the infusion, from day 0 on, with baseline as 1.

Most cells are killed at a rate that saturates with the number of CAR cells and grow back once these
are gone; a small share is out of the product's reach and grows all the time. M-protein follows the
cells with the half-life of its class, free light chains at once, plasmacytomas slowly.

Source: the structure of Singh 2021, CPT Pharmacometrics Syst Pharmacol 10:362-376.
doi:10.1002/psp4.12598 (kill by CAR cells, elimination of M-protein)
Reading: rates are chosen for about 90 % responses, 60 % complete, and half without progression at
two years.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.virtual.expansion import Expansion
from cartrial.virtual.person import Person
from cartrial.virtual.scenario import Scenario
from cartrial.virtual.stream import spread, stream

Days = NDArray[np.float64]

KILL = 0.5  # per day, most
HALF_KILL = 6000.0  # copies/ug DNA
REGROWTH = 0.005  # per day
CELLS = 1e12  # at baseline; below one cell the killable part is gone
CROWDED = 8.0  # times baseline
HALF_LIFE = {"IgG": 12.0, "IgA": 6.0, "IgD": 3.0, "IgM": 6.0, "none": 3.0}  # days
LESION_HALF_LIFE = 18.0  # days


@dataclass(frozen=True)
class Tumour:
    """Myeloma of each day from 0 on, relative to baseline."""

    cells: Days
    m_protein: Days
    lesions: Days
    resistant: float

    def day(self, day: int) -> int:
        """The place of a day in the courses; days before the infusion are baseline."""
        return min(max(day, 0), len(self.cells) - 1)


def draw_tumour(
    scenario: Scenario, seed: int, candidate: int, *, person: Person, cells: Expansion, days: int
) -> Tumour:
    """The course of a person's myeloma under these CAR cells."""
    chance = stream(seed, candidate, "tumour")
    resistant = spread(
        chance, scenario.resistant_share, float(np.log(10)) * scenario.resistant_spread
    )
    growth = spread(chance, scenario.growth, 0.3) * (1.2 if person.high_risk else 1.0)
    sensitive = person.bcma / 86 * spread(chance, 1.0, 0.5)
    time = np.arange(days + 1, dtype=np.float64)
    copies = cells.at(time)
    change = REGROWTH - KILL * sensitive * copies / (copies + HALF_KILL)
    killable = np.exp(np.cumsum(change) - change[0])
    gone = np.minimum.accumulate(killable) < 1 / CELLS
    reach = min(resistant, 0.6)
    whole = np.where(gone, 0.0, killable) * (1 - reach) + reach * np.exp(growth * time)
    crowded = whole / (1 + whole / CROWDED)
    return Tumour(
        cells=crowded,
        m_protein=_lagging(crowded, HALF_LIFE[person.myeloma.heavy_chain]),
        lesions=_lagging(crowded, LESION_HALF_LIFE),
        resistant=reach,
    )


def _lagging(course: Days, half_life: float) -> Days:
    """What follows a course with this half-life."""
    pace = 1 - 0.5 ** (1 / half_life)
    level, found = float(course[0]), np.empty_like(course)
    for i, goal in enumerate(course.tolist()):
        level += pace * (goal - level)
        found[i] = level
    return found
