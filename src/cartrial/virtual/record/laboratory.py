"""Laboratory values as the laboratory prints them, CAR copies and cells, B cells."""

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from cartrial.protocol.study import Analyte, Schedule
from cartrial.virtual.blood import DNA_PER_CELL, FIRST
from cartrial.virtual.life import BEFORE, Life
from cartrial.virtual.record.sheet import Chart
from cartrial.virtual.scenario import Scenario
from cartrial.virtual.stream import Chance, happens, one_of, spread

DRAWN_AT = "T07:30"
LOST = (("sample lost", 0.5), ("sample unsuitable", 0.3), ("not done", 0.2))
USUAL_DNA = 200.0  # ng in a reaction
B_CELLS_FROM = 28  # day


@dataclass(frozen=True)
class Printed:
    """An analyte as it is printed: specimen, unit, limits of normal, decimals, noise, how often."""

    analyte: str
    specimen: str
    unit: str
    low: float
    high: float
    decimals: int
    noise: float
    often: bool


PANEL = (
    Printed("NEUT", "blood", "10^9/L", 1.8, 6.3, 2, 0.03, True),
    Printed("PLAT", "blood", "10^9/L", 125, 350, 0, 0.03, True),
    Printed("HGB", "blood", "g/L", 115, 150, 0, 0.015, True),
    Printed("WBC", "blood", "10^9/L", 3.5, 9.5, 2, 0.03, True),
    Printed("LYM", "blood", "10^9/L", 1.1, 3.2, 2, 0.03, True),
    Printed("CRP", "serum", "mg/L", 0, 10, 1, 0.05, True),
    Printed("FERRITIN", "serum", "ng/mL", 15, 300, 0, 0.05, True),
    Printed("INTLK6", "serum", "pg/mL", 0, 7, 1, 0.1, True),
    Printed("CREAT", "serum", "umol/L", 45, 104, 0, 0.03, False),
    Printed("ALT", "serum", "U/L", 7, 50, 0, 0.05, False),
    Printed("AST", "serum", "U/L", 13, 40, 0, 0.05, False),
    Printed("BILI", "serum", "umol/L", 3, 21, 1, 0.05, False),
    Printed("ALB", "serum", "g/L", 35, 55, 1, 0.015, False),
    Printed("CA", "serum", "mmol/L", 2.11, 2.52, 2, 0.01, False),
    Printed("LDH", "serum", "U/L", 120, 250, 0, 0.04, False),
    Printed("SODIUM", "serum", "mmol/L", 137, 147, 0, 0.004, False),
    Printed("K", "serum", "mmol/L", 3.5, 5.3, 2, 0.02, False),
)
SELDOM = (BEFORE, 0, 1, 3, 5, 7, 10, 14, 21, 28)  # and at every later visit
INFLAMED_UNTIL = 35  # day; ferritin, CRP and IL-6 are not asked for afterwards
INFLAMMATION = ("CRP", "FERRITIN", "INTLK6")
FIBRINOGEN = Printed("FIBRINO", "plasma", "g/L", 2.0, 4.0, 2, 0.04, True)


def record_laboratory(
    chart: Chart,
    life: Life,
    chance: Chance,
    *,
    clotting: Chance,
    schedule: Schedule,
    analytes: tuple[Analyte, ...],
    scenario: Scenario,
) -> None:
    """Everything that the laboratories report of an infused subject."""
    _panel(chart, life, chance, scenario.missing_sample)
    _fibrinogen(chart, life, clotting, scenario.missing_sample)
    for analyte in analytes:
        for planned in schedule.car_samples:
            record = _copies if analyte.method == "qPCR" else _cells
            record(chart, life, chance, analyte, planned, scenario.missing_sample)
    _b_cells(chart, life, chance, scenario.missing_sample)


def _panel(chart: Chart, life: Life, chance: Chance, missing: float) -> None:
    held = {v.day for v in life.visits if v.day is not None}
    for day in life.sampled:
        lost, why = happens(chance, missing), one_of(chance, LOST)
        for test in PANEL:
            if not _asked(test, day, held):
                continue
            noise = exp(test.noise * float(chance.standard_normal()))
            value = round(life.blood.at(test.analyte, day) * noise, test.decimals)
            gone = lost and test.specimen == "serum"
            _result(chart, test, day, None if gone else max(value, 0.0), why)


def _fibrinogen(chart: Chart, life: Life, chance: Chance, missing: float) -> None:
    """Fibrinogen: up with inflammation, and used up where ferritin is very high."""
    base = spread(chance, 3.2, 0.15)
    for day in life.sampled:
        lost, why = happens(chance, missing), one_of(chance, LOST)
        noise = exp(FIBRINOGEN.noise * float(chance.standard_normal()))
        inflamed, used = life.blood.at("CRP", day), life.blood.at("FERRITIN", day)
        true = max(base + 0.01 * min(inflamed, 100) - 1.5e-4 * used, 0.4)
        if day <= INFLAMED_UNTIL:
            value = None if lost else round(true * noise, FIBRINOGEN.decimals)
            _result(chart, FIBRINOGEN, day, value, why)


def _result(chart: Chart, test: Printed, day: int, value: float | None, why: str) -> None:
    chart.add(
        "laboratory",
        day,
        at=chart.text(day) + DRAWN_AT,
        analyte=test.analyte,
        specimen=test.specimen,
        value=value,
        unit=None if value is None else test.unit,
        low=test.low,
        high=test.high,
        why_missing=why if value is None else None,
    )


def _asked(test: Printed, day: int, held: set[int]) -> bool:
    if test.analyte in INFLAMMATION:
        return day <= INFLAMED_UNTIL
    return test.often or day in SELDOM or (day > SELDOM[-1] and day in held)


def _sampled(life: Life, planned: int) -> tuple[int | None, str | None, str | None]:
    """The day of a CAR sample, its visit, and why there is none."""
    visit = next((v for v in life.visits if v.planned == planned), None)
    last = life.end if life.new_therapy is None else life.new_therapy
    if visit is None:
        return (planned, None, None) if planned <= last else (None, None, None)
    if visit.day is None:
        return None, visit.name, "visit missed"
    return visit.day, visit.name, None


def _copies(
    chart: Chart, life: Life, chance: Chance, analyte: Analyte, planned: int, missing: float
) -> None:
    """A qPCR result; little DNA in a reaction raises its limit of quantification."""
    lost, why, draw = happens(chance, missing), one_of(chance, LOST), float(chance.random())
    noise, amount = spread(chance, 1.0, 0.35), spread(chance, USUAL_DNA, 0.1)
    day, visit, absent = _sampled(life, planned)
    if visit is None and day is None:
        return
    at = planned if day is None else day
    white = life.blood.at("WBC", at)
    dna = round(min(amount, USUAL_DNA * max(white / 1.2, 0.3)), 0)
    lloq = round(analyte.lloq * max(USUAL_DNA / dna, 1.0), 1)
    true = float(life.cells.at(_days(at))[0])
    value = float(f"{true * noise:.4g}")
    faint = value < lloq / 5 or (value < lloq / 2 and draw < 0.5)
    status = _status(value, lloq, faint=faint, done=not lost and day is not None)
    measured, done = status == "value", status != "not done"
    chart.add(
        "car_transgene",
        at,
        at=_drawn(chart, at),
        analyte=analyte.name,
        specimen="blood",
        visit=visit,
        status=status,
        copies=value if measured else None,
        copies_per_ml=float(f"{value * white * 1e6 * DNA_PER_CELL:.4g}") if measured else None,
        lloq=lloq if done else None,
        lod=round(lloq / 5, 1) if done else None,
        dna=dna if done else None,
        why_not_done=None if done else absent or why,
    )


def _cells(
    chart: Chart, life: Life, chance: Chance, analyte: Analyte, planned: int, missing: float
) -> None:
    """A flow result: CAR+ cells per microlitre and among T cells."""
    lost, why = happens(chance, missing), one_of(chance, LOST)
    noise = spread(chance, 1.0, 0.25)
    day, visit, absent = _sampled(life, planned)
    if visit is None and day is None:
        return
    at = planned if day is None else day
    cells = float(life.blood.car_cells[min(at - FIRST, len(life.blood.car_cells) - 1)]) * noise
    others = 700 * max(life.blood.at("LYM", at) - cells / 1000, 0.02)
    value = float(f"{cells:.3g}")
    faint = value < analyte.lloq / 10
    status = _status(value, analyte.lloq, faint=faint, done=not lost and day is not None)
    measured, done = status == "value", status != "not done"
    chart.add(
        "car_flow",
        at,
        at=_drawn(chart, at),
        analyte=analyte.name,
        specimen="blood",
        visit=visit,
        status=status,
        cells=value if measured else None,
        percent=round(100 * cells / (cells + others), 1) if measured else None,
        lloq=analyte.lloq if done else None,
        why_not_done=None if done else absent or why,
    )


def _status(value: float, lloq: float, *, faint: bool, done: bool) -> str:
    """What the laboratory says of a CAR measurement."""
    if not done:
        return "not done"
    if value >= lloq:
        return "value"
    return "not detected" if faint else "below quantification"


def _b_cells(chart: Chart, life: Life, chance: Chance, missing: float) -> None:
    """B cells and IgG before lymphodepletion and at the visits from the fourth week on."""
    days = [v.day for v in life.visits if v.day is not None]
    for day in (BEFORE, *(d for d in days if d >= B_CELLS_FROM - 3)):
        lost, why = happens(chance, missing), one_of(chance, LOST)
        noise = spread(chance, 1.0, 0.1)
        place = min(day - FIRST, len(life.blood.igg) - 1)
        protein = life.tumour.m_protein[life.tumour.day(day)]
        own = life.person.myeloma.serum_m if life.person.myeloma.heavy_chain == "IgG" else 0.0
        igg = float(life.blood.igg[place]) + own * float(protein)
        chart.add(
            "b_cell",
            day,
            on=chart.date(day),
            b_cells=None if lost else round(float(life.blood.b_cells[place]) * noise, 0),
            igg=None if lost else round(igg * noise, 2),
            why_missing=why if lost else None,
        )


def _drawn(chart: Chart, day: int) -> str:
    return chart.text(day) + DRAWN_AT


def _days(day: int) -> NDArray[np.float64]:
    return np.array([day], dtype=np.float64)
