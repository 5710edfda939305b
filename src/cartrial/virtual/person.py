"""A candidate: who it is and the myeloma it brings.

Disease of every kind comes: with M-protein in serum, light chains alone in serum and urine, and
seldom without anything to measure but marrow and plasmacytomas.
"""

from dataclasses import dataclass
from math import exp

from cartrial.virtual.stream import Chance, happens, one_of, spread, stream, within

CHAINS = (("IgG", 0.54), ("IgA", 0.21), ("none", 0.19), ("IgD", 0.05), ("IgM", 0.01))
STAGES = (("I", 0.35), ("II", 0.4), ("III", 0.25))
SECRETED = {"IgG": 30.0, "IgA": 26.0, "IgD": 7.0, "IgM": 20.0, "none": 0.0}  # g/L, median
PLACES = ("chest wall", "paraspinal region", "liver", "lymph node", "muscle")


@dataclass(frozen=True)
class Lesion:
    """A plasmacytoma at baseline, its longest and perpendicular diameter in mm."""

    number: int
    place: str
    long: float
    short: float


@dataclass(frozen=True)
class Myeloma:
    """What a myeloma secretes and where it grows, at baseline."""

    heavy_chain: str
    light_chain: str
    serum_m: float  # g/L
    urine_m: float  # mg/24h
    involved: float  # involved free light chain, mg/L
    marrow: float  # plasma cells, %
    lesions: tuple[Lesion, ...]
    burden: float  # standard normal: much or little disease for its kind


@dataclass(frozen=True)
class Person:
    """One candidate, before anything is done to it."""

    age: int
    female: bool
    weight: float  # kg
    birthday: int  # day of the year
    myeloma: Myeloma
    years_ill: float
    iss: str
    r_iss: str
    high_risk: bool
    lines: int
    transplant: bool
    triple_refractory: bool
    ecog: int
    bcma: float  # %


def draw_person(seed: int, candidate: int) -> Person:
    """The candidate with this place in line."""
    chance = stream(seed, candidate, "person")
    female = happens(chance, 0.44)
    iss = one_of(chance, STAGES)
    return Person(
        age=int(min(max(chance.normal(60, 8), 36), 75)),
        female=female,
        weight=round(float(min(max(chance.normal(57 if female else 67, 9), 40), 110)), 1),
        birthday=within(chance, 1, 365),
        iss=iss,
        r_iss="II" if iss != "II" and happens(chance, 0.5) else iss,
        years_ill=spread(chance, 4.2, 0.5),
        high_risk=happens(chance, 0.35),
        lines=3 + int(chance.poisson(1.2)),
        transplant=happens(chance, 0.42),
        triple_refractory=happens(chance, 0.55),
        ecog=one_of(chance, ((0, 0.35), (1, 0.5), (2, 0.15))),
        bcma=round(float(min(max(chance.normal(86, 14), 25), 100)), 0),
        myeloma=_myeloma(stream(seed, candidate, "disease")),
    )


def _myeloma(chance: Chance) -> Myeloma:
    burden = float(chance.standard_normal())
    heavy = one_of(chance, CHAINS)
    more = exp(0.4 * burden)
    alone = heavy == "none"
    silent = happens(chance, 0.03)
    urine = happens(chance, 0.9 if alone else 0.25)
    return Myeloma(
        burden=burden,
        heavy_chain="none" if silent else heavy,
        light_chain="kappa" if happens(chance, 0.6) else "lambda",
        serum_m=0.0 if silent else round(more * spread(chance, SECRETED[heavy], 0.45), 1),
        involved=30.0 if silent else round(more * spread(chance, 1400 if alone else 160, 0.8)),
        urine_m=round(more * spread(chance, 700, 0.6)) if urine and not silent else 0.0,
        marrow=round(min(more * spread(chance, 28, 0.55), 92)),
        lesions=_lesions(chance, 0.7 if silent else 0.2),
    )


def _lesions(chance: Chance, rate: float) -> tuple[Lesion, ...]:
    if not happens(chance, rate):
        return ()
    found = []
    for number in range(1, within(chance, 1, 3) + 1):
        long = round(spread(chance, 34, 0.35))
        place = PLACES[within(chance, 0, len(PLACES) - 1)]
        found.append(
            Lesion(number, place, float(long), float(round(long * chance.uniform(0.6, 1))))
        )
    return tuple(found)
