"""What the laboratory and the scanner report of a subject's myeloma at a visit.

From the true course with the noise of each assay. An M-protein that electrophoresis cannot measure
is reported as 0 and looked for by immunofixation, which sees less than a tenth of a gram.
"""

from dataclasses import dataclass, replace
from math import exp

from cartrial.virtual.person import Myeloma
from cartrial.virtual.stream import Chance, happens
from cartrial.virtual.tumour import Tumour

MEASURABLE = 0.8  # g/L, by electrophoresis
FIXED = 0.06  # g/L, by immunofixation
URINE_MEASURABLE, URINE_FIXED = 40.0, 8.0  # mg/24h
NORMAL = {"kappa": 11.0, "lambda": 13.0}  # mg/L
MARROW_DAYS = (28, 91, 183, 365, 548, 730)
MRD_LIMIT = 1e-5
GONE = 6.0  # mm; a smaller lesion is not seen


@dataclass(frozen=True)
class Scan:
    """A plasmacytoma at one assessment; the diameters are 0 where it is gone."""

    number: int
    place: str
    long: float
    short: float
    new: bool


@dataclass(frozen=True)
class Assessed:
    """One assessment of the myeloma; what was not done or was lost is None."""

    day: int
    serum_m: float | None = None
    serum_fixed: bool | None = None
    urine_m: float | None = None
    urine_fixed: bool | None = None
    kappa: float | None = None
    lambda_: float | None = None
    marrow: float | None = None
    clonal: bool | None = None
    mrd_negative: bool | None = None
    scans: tuple[Scan, ...] | None = None


def assess(
    chance: Chance,
    myeloma: Myeloma,
    tumour: Tumour,
    day: int,
    *,
    planned: int,
    lost: float,
    immune: float,
) -> Assessed:
    """The assessment on a day; `immune` is how much of the normal plasma cells is there, 0 to 1."""
    place = tumour.day(day)
    cells, protein = float(tumour.cells[place]), float(tumour.m_protein[place])
    found = Assessed(day)
    if not happens(chance, lost):
        found = _serum(chance, found, myeloma, protein)
    if not happens(chance, 2 * lost):
        found = _urine(chance, found, myeloma, cells)
    if not happens(chance, lost):
        found = _light_chains(chance, found, myeloma, cells, immune)
    if planned < 0 or planned in MARROW_DAYS:
        found = _marrow(chance, found, myeloma, cells)
    if myeloma.lesions:
        found = replace(found, scans=_scans(chance, myeloma, tumour, place))
    return found


def screen(chance: Chance, myeloma: Myeloma, day: int) -> Assessed:
    """What is measured in screening: as at baseline, weeks earlier."""
    before = exp(0.08 * chance.standard_normal())
    found = _serum(chance, Assessed(day), myeloma, before)
    found = _urine(chance, found, myeloma, before)
    return _light_chains(chance, found, myeloma, before, 1.0)


def _serum(chance: Chance, found: Assessed, myeloma: Myeloma, protein: float) -> Assessed:
    true = myeloma.serum_m * protein
    read = round(true * exp(0.05 * chance.standard_normal()), 1)
    seen = true > FIXED * exp(0.3 * chance.standard_normal())
    return replace(found, serum_m=read if true > MEASURABLE else 0.0, serum_fixed=seen)


def _urine(chance: Chance, found: Assessed, myeloma: Myeloma, cells: float) -> Assessed:
    true = myeloma.urine_m * cells
    read = float(round(true * exp(0.12 * chance.standard_normal())))
    seen = true > URINE_FIXED * exp(0.3 * chance.standard_normal())
    return replace(found, urine_m=read if true > URINE_MEASURABLE else 0.0, urine_fixed=seen)


def _light_chains(
    chance: Chance, found: Assessed, myeloma: Myeloma, cells: float, immune: float
) -> Assessed:
    """Both free light chains; the normal part of each comes and goes with the immune system."""
    part = 0.25 + 0.75 * immune
    values = {
        chain: NORMAL[chain] * part * exp(0.12 * chance.standard_normal())
        + (myeloma.involved * cells if chain == myeloma.light_chain else 0.0)
        for chain in ("kappa", "lambda")
    }
    return replace(found, kappa=round(values["kappa"], 1), lambda_=round(values["lambda"], 1))


def _marrow(chance: Chance, found: Assessed, myeloma: Myeloma, cells: float) -> Assessed:
    read = myeloma.marrow * cells * exp(0.15 * chance.standard_normal()) + chance.uniform(0.2, 1.2)
    negative = cells < MRD_LIMIT * exp(0.4 * chance.standard_normal())
    return replace(
        found,
        marrow=round(min(float(read), 98), 1),
        clonal=not (negative or cells < 3e-4),
        mrd_negative=negative,
    )


def _scans(chance: Chance, myeloma: Myeloma, tumour: Tumour, place: int) -> tuple[Scan, ...]:
    """Each lesion, its diameters by the cube root of its size; regrowth brings a new one."""
    size = float(tumour.lesions[place]) ** (1 / 3)
    regrown = size > 0.85 and float(tumour.lesions[: place + 1].min()) < 0.3
    found = []
    for lesion in myeloma.lesions:
        noise = exp(0.04 * chance.standard_normal())
        long, short = round(lesion.long * size * noise), round(lesion.short * size * noise)
        seen = long >= GONE
        found.append(
            Scan(lesion.number, lesion.place, long if seen else 0, short if seen else 0, False)
        )
    if regrown:
        found.append(Scan(len(found) + 1, "rib", 24, 17, True))
    return tuple(found)
