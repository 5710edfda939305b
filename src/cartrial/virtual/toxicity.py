"""How severely a subject reacts: its dose-limiting toxicity, if any, and its CRS and ICANS.

Each subject has one tolerance, a uniform number. It has a DLT where the tolerance is below the true
DLT probability of its dose; a low tolerance also makes for worse CRS. Peak CRS rises with the
expansion of the CAR cells and with the burden of disease.
"""

from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import Literal

from cartrial.virtual.expansion import PEAK, Expansion
from cartrial.virtual.scenario import Scenario
from cartrial.virtual.stream import Chance, happens, one_of, spread, stream
from cartrial.virtual.syndrome import Course, Pattern, follow

DltKind = Literal["CRS", "ICANS", "cytopenia", "hepatic", "cardiac", "infection"]
KINDS: tuple[tuple[DltKind, float], ...] = (
    ("CRS", 0.42),
    ("ICANS", 0.1),
    ("cytopenia", 0.2),
    ("hepatic", 0.1),
    ("cardiac", 0.06),
    ("infection", 0.12),
)
SYNDROMES = 2  # the kinds that take expanding cells stand first
FEW = 4000.0  # copies/ug DNA at the peak; fewer cells bring no severe syndrome
CRS_LIMITS = ((-1.35, 0), (0.15, 1), (1.7, 2))  # of the score; above is grade 3


@dataclass(frozen=True)
class Reaction:
    """How a subject reacts to its dose."""

    tolerance: float
    dlt_probability: float
    dlt: DltKind | None
    crs: Course | None
    icans: Course | None
    by_pressure: bool  # whether CRS shows in blood pressure
    by_oxygen: bool  # whether CRS shows in oxygen need


def draw_reaction(
    scenario: Scenario, seed: int, candidate: int, *, level: int, burden: float, cells: Expansion
) -> Reaction:
    """The reaction to a dose level."""
    chance = stream(seed, candidate, "toxicity")
    tolerance = min(max(float(chance.random()), 1e-9), 1 - 1e-9)
    kind = one_of(chance, KINDS if cells.peak >= FEW else KINDS[SYNDROMES:])
    noise = float(chance.standard_normal())
    probability = scenario.dlt_probability[level - 1]
    dlt = kind if tolerance < probability else None
    score = (
        -0.5 * NormalDist().inv_cdf(tolerance)
        + 0.45 * log(cells.peak / PEAK) / 0.52
        + 0.35 * burden
        + 0.65 * noise
    )
    course = stream(seed, candidate, "course")
    crs = follow(course, _crs(course, score, dlt, cells))
    both = happens(chance, 0.35)
    pressure = both or happens(chance, 0.7)
    return Reaction(
        tolerance=tolerance,
        dlt_probability=probability,
        dlt=dlt,
        crs=crs,
        icans=_icans(chance, course, scenario, dlt, crs),
        by_pressure=pressure,
        by_oxygen=both or not pressure,
    )


def _crs(chance: Chance, score: float, dlt: DltKind | None, cells: Expansion) -> Pattern:
    """The CRS of a score; a DLT by CRS is grade 4, or grade 3 for more than three days."""
    grade = next((grade for limit, grade in CRS_LIMITS if score < limit), 3)
    peak = grade - 1 + float(chance.uniform(0.45, 0.9))
    onset = max(1.2, cells.peak_day - float(chance.normal(5.5, 1.4)))
    rise, halving = spread(chance, 1.4, 0.3), spread(chance, 1.8, 0.2)
    hold = 0.0
    if dlt == "CRS":
        severe = happens(chance, 0.6)
        peak, hold = (3.5, 0.5) if severe else (2.9, 3.5)
    elif grade == 0:
        peak = 0.01
    return Pattern(onset, peak, min(rise, 3.0), hold, min(halving, 2.4), 1.1, 1.0)


def _icans(
    chance: Chance, course: Chance, scenario: Scenario, dlt: DltKind | None, crs: Course | None
) -> Course | None:
    """ICANS, seldom, a day or two after the height of CRS."""
    mild = happens(chance, scenario.icans)
    worse = happens(chance, 0.25)
    severe = happens(chance, 0.4)
    height = crs.first(crs.worst) if crs is not None else None
    begin = (height if height is not None else 7.0) + float(course.uniform(0.6, 3))
    if dlt == "ICANS":
        peak, hold = (3.5, 0.5) if severe else (2.9, 3.5)
    elif mild:
        peak, hold = (1.7, 0.5) if worse else (0.8, 0.5)
    else:
        return None
    return follow(course, Pattern(begin, peak, 1.0, hold, 1.2, 0.8, 0.5))
