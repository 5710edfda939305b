"""Blood counts and chemistry of one subject, day by day from before lymphodepletion on.

Neutrophils and platelets come from a marrow with maturation and feedback; lymphodepletion and the
inflammation of the expanding CAR cells slow it down. C-reactive protein, ferritin, interleukin-6
and liver enzymes follow the intensity of CRS. B cells are gone as long as CAR cells are not.

Source: the structure of Friberg 2002, J Clin Oncol 20:4713-4721. doi:10.1200/JCO.2002.02.140
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.virtual.expansion import Expansion
from cartrial.virtual.stream import Chance, spread
from cartrial.virtual.toxicity import Reaction

Days = NDArray[np.float64]

FIRST = -7  # day
STEP = 0.5  # days
DNA_PER_CELL = 6.6e-6  # ug
FEEDBACK = 0.17
RECOVERS_FROM = 15  # day
NEUTROPHILS_BACK, PLATELETS_BACK = 0.56, 28.0  # 10^9/L, just above grade 4


@dataclass(frozen=True)
class Blood:
    """True values of each day from `FIRST` on, in standard units, by analyte code."""

    values: Mapping[str, Days]
    car_cells: Days  # cells/uL
    b_cells: Days  # cells/uL
    igg: Days  # g/L, without M-protein

    def at(self, analyte: str, day: int) -> float:
        """The true value of an analyte on a day."""
        course = self.values[analyte]
        return float(course[min(day - FIRST, len(course) - 1)])

    def immune(self, day: int) -> float:
        """B cells on a day relative to before, at most 1."""
        now = float(self.b_cells[min(day - FIRST, len(self.b_cells) - 1)])
        return min(now / max(float(self.b_cells[0]), 1e-9), 1.0)


@dataclass(frozen=True)
class Marrow:
    """One line of cells: its baseline, maturation time in days, and how hard it is hit."""

    base: float
    maturation: float
    chemo: float
    inflamed: float
    lasting: float  # days over which inflammation fades


def draw_blood(chance: Chance, *, reaction: Reaction, cells: Expansion, days: int) -> Blood:
    """The blood of a subject with this reaction and these CAR cells."""
    time = np.arange(FIRST, days + 1, dtype=np.float64)
    copies = cells.at(time)
    crs = _intensity(reaction, time)
    severe = reaction.dlt == "cytopenia"
    hit = spread(chance, 1.0, 0.3)
    lasting = 50.0 if severe else spread(chance, 10, 0.5)
    neutrophils = _line(
        time,
        copies,
        Marrow(spread(chance, 3.1, 0.25), 5.5, 1.35, 2.4 if severe else 0.5 * hit, lasting),
    )
    if severe:
        neutrophils[(time > 2) & (time < 48)] = np.minimum(neutrophils, 0.3)[
            (time > 2) & (time < 48)
        ]
    else:
        neutrophils = _recovering(time, neutrophils, to=NEUTROPHILS_BACK)
    platelets = _line(
        time,
        copies,
        Marrow(spread(chance, 150, 0.3), 7.0, 0.6, 1.5 if severe else 0.45 * hit, lasting),
    )
    if not severe:
        platelets = _recovering(time, platelets, to=PLATELETS_BACK)
    hgb = _haemoglobin(time, copies, base=spread(chance, 104, 0.1), lasting=lasting)
    own = spread(chance, 0.9, 0.3) * _lymphocytes(time)
    share = np.minimum(copies * DNA_PER_CELL / cells.copies_per_cell, 0.6)
    white = (neutrophils + own + 0.3 * neutrophils**0.5) / (1 - share)
    car = white * share * 1000
    values = {"NEUT": neutrophils, "PLAT": platelets, "HGB": hgb, "WBC": white}
    values["LYM"] = own + car / 1000
    values |= _chemistry(chance, time, crs, reaction)
    b_cells = _b_cells(chance, time, copies)
    return Blood(values, car, b_cells, _igg(b_cells, spread(chance, 5.0, 0.3)))


def _intensity(reaction: Reaction, time: Days) -> Days:
    """CRS of each day, as the mean grade, and some of it on the day after."""
    level = np.zeros_like(time)
    if reaction.crs is not None:
        for at, grade in reaction.crs.grades.items():
            level[int(at) - FIRST] += grade / 2
    return level


def _line(time: Days, copies: Days, line: Marrow) -> Days:
    """A line of blood cells: five compartments from stem cell to blood."""
    pace = 4 / line.maturation * STEP
    chemo = line.chemo * np.where(time < -5, 0, np.exp(-np.clip(time + 3, 0, None) / 2.4))
    inflamed = line.inflamed * _fading(time, copies, line.lasting)
    slowed = np.clip(chemo + 0.9 * inflamed, 0, 12)
    stem = one = two = three = blood = line.base
    found = np.empty_like(time)
    for i, drug in enumerate(slowed.tolist()):
        for _ in range(int(1 / STEP)):
            stem += pace * stem * ((1 - drug) * (line.base / max(blood, 1e-3)) ** FEEDBACK - 1)
            stem = max(stem, line.base * 2e-3)
            one += pace * (stem - one)
            two += pace * (one - two)
            three += pace * (two - three)
            blood += pace * (three - blood)
        found[i] = blood
    return found


def _recovering(time: Days, cells: Days, *, to: float) -> Days:
    """The cells of a marrow that recovers, with support, by the fourth week: above a level."""
    back = np.clip((time - RECOVERS_FROM) / 7, 0, 1)
    return np.asarray(np.maximum(cells, back * (to + 0.2 * cells)))


def _fading(time: Days, copies: Days, lasting: float) -> Days:
    """Inflammation: up with the CAR cells, then fading over `lasting` days."""
    driven = copies / (copies + 20000)
    keep = float(np.exp(-1 / lasting))
    level, found = 0.0, np.empty_like(time)
    for i, now in enumerate(driven.tolist()):
        level = max(now, level * keep)
        found[i] = level
    return found


def _haemoglobin(time: Days, copies: Days, *, base: float, lasting: float) -> Days:
    """Haemoglobin in g/L: red cells live long, so it sinks slowly and comes back slowly."""
    halted = np.clip(_fading(time, copies, lasting) + (time >= -5) * (time < 8) * 0.8, 0, 1)
    level, found = base, np.empty_like(time)
    for i, stop in enumerate(halted.tolist()):
        level += 0.035 * (
            base * (1 + 0.1 * min(max(time[i], 0) / 200, 1)) * (1 - 0.55 * stop) - level
        )
        found[i] = level
    return found


def _lymphocytes(time: Days) -> Days:
    """The subject's own lymphocytes relative to before: gone by lymphodepletion, back in months."""
    before = np.where(time < -5, 1.0, np.exp(-np.clip(time + 5, 0, 5) * 0.8))
    back = 0.85 * (1 - np.exp(-np.clip(time, 0, None) / 45))
    return np.asarray(np.maximum(before, back))


def _b_cells(chance: Chance, time: Days, copies: Days) -> Days:
    """B cells per microlitre: absent while CAR cells circulate, then slowly back."""
    base, pace = spread(chance, 60, 0.6), 0.02
    level, found = base, np.empty_like(time)
    for i, now in enumerate(copies.tolist()):
        goal = 0.0 if now > 150 or -5 <= time[i] <= 20 else 1.6 * base
        level += (0.5 if goal < level else pace) * (goal - level)
        found[i] = level
    return found


def _igg(b_cells: Days, base: float) -> Days:
    """Normal IgG in g/L: made by what comes of B cells, lost with a half-life of three weeks."""
    level, found = base, np.empty_like(b_cells)
    for i, share in enumerate((b_cells / max(float(b_cells[0]), 1e-9)).tolist()):
        level += 0.03 * (0.2 * base + 0.8 * base * min(share, 1.4) - level)
        found[i] = level
    return found


def _chemistry(chance: Chance, time: Days, crs: Days, reaction: Reaction) -> dict[str, Days]:
    """Chemistry and inflammation in standard units."""
    quick, slow = _echo(crs, 2.0), _echo(crs, 7.0)
    liver = np.zeros_like(time)
    if reaction.dlt == "hepatic":
        liver = 14 * np.exp(-(((time - 22) / 6) ** 2))
    elif reaction.tolerance < 0.5:
        liver = float(chance.uniform(0, 1.6)) * np.exp(-(((time - 15) / 7) ** 2))
    flat = np.ones_like(time)
    return {
        "CRP": 4 * spread(chance, 1, 0.6) + 38 * quick,
        "FERRITIN": 320 * spread(chance, 1, 0.7) + 900 * slow**1.5,
        "INTLK6": 5 * spread(chance, 1, 0.5) + 160 * quick**2,
        "ALT": spread(chance, 21, 0.3) * (1 + 0.5 * slow) + 40 * liver,
        "AST": spread(chance, 22, 0.3) * (1 + 0.6 * slow) + 34 * liver,
        "BILI": spread(chance, 10, 0.25) * (1 + 0.1 * slow) + 2.2 * liver,
        "CREAT": spread(chance, 76, 0.22) * (1 + 0.09 * quick),
        "ALB": spread(chance, 39, 0.08) - 2.6 * slow * flat,
        "CA": spread(chance, 2.28, 0.03) - 0.06 * slow,
        "K": spread(chance, 4.1, 0.06) - 0.25 * quick,
        "SODIUM": spread(chance, 140, 0.01) - 1.4 * quick,
        "LDH": spread(chance, 185, 0.2) * (1 + 0.25 * slow),
    }


def _echo(signal: Days, half_life: float) -> Days:
    """A signal that builds up and fades with this half-life in days."""
    keep = 0.5 ** (1 / half_life)
    level, found = 0.0, np.empty_like(signal)
    for i, now in enumerate(signal.tolist()):
        level = max(now, level * keep + 0.3 * now)
        found[i] = level
    return found
