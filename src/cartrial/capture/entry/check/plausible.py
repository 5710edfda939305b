"""Values that can be, and seldom are: each must be confirmed with a reason, or corrected.

Reading: chosen so that a slip of the finger is seen (a comma lost, a unit mistaken), not so that
    illness is: what CRS, sepsis or tumour lysis bring does not ask. Laboratory limits are in the
    standard unit of the analyte. No grade and no decision rests on them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.capture.ledger.row import CAPTURED
from cartrial.forms.catalogue import Forms

LIMITS_TABLE = """
    form              column         least  most
    vital_signs       temperature    34     42
    vital_signs       systolic       60     220
    vital_signs       diastolic      30     130
    vital_signs       pulse          40     180
    vital_signs       breaths        6      45
    vital_signs       saturation     70     100
    vital_signs       weight         35     160
    crs_assessment    temperature    34     42
    crs_assessment    oxygen_flow    0      60
    crs_assessment    vasopressors   0      4
    demographics      age            18     85
    disease_history   prior_lines    1      15
    infusion          weight         35     160
    leukapheresis     volume         2      30
    product_release   viability      60     100
    product_release   vector_copies  0.1    10
    lymphodepletion   dose           10     2000
    transfusion       units          0.5    8
    immunoglobulin    dose           2      80
    free_light_chain  ratio          0.001  10000
    plasmacytoma      long           1      300
    plasmacytoma      short          1      300
"""
LABORATORY_TABLE = """
    analyte   least  most
    HGB       40     200
    WBC       0      100
    NEUT      0      80
    LYM       0      80
    PLAT      0      1000
    CREAT     20     900
    BILI      1      400
    ALT       3      3000
    AST       3      3000
    ALB       10     60
    SODIUM    110    165
    K         2      7.5
    CA        1      4.5
    CRP       0      600
    FIBRINO   0.3    12
    LDH       50     10000
    FERRITIN  5      100000
"""
WEIGHT_CHANGE = 0.2  # of the last weight before
WEIGHTS = ("vital_signs", "infusion")
OLDEST = "1900"  # dates before this year are asked about
DATES = ("date", "moment", "partial")


@dataclass(frozen=True)
class Doubt:
    """A value that is asked about: of which column, and in which words."""

    column: str
    said: str


def _limits(table: str) -> Mapping[tuple[str, ...], tuple[float, float]]:
    lines = [line.split() for line in table.strip().splitlines()[1:]]
    return {tuple(names): (float(least), float(most)) for *names, least, most in lines}


LIMITS = _limits(LIMITS_TABLE)
LABORATORY = _limits(LABORATORY_TABLE)


def doubts(form: str, cells: Mapping[str, str], before: Forms, now: dt.datetime) -> Iterator[Doubt]:
    """What is asked about in a row; `before` are the subject's forms, `now` the centre's time."""
    for column in s.columns(CAPTURED[form]):
        cell = cells.get(column.name)
        if cell is None:
            continue
        if column.kind in DATES:
            yield from _date(column.name, cell, now)
        elif (form, column.name) in LIMITS:
            unit = f" {column.unit}" if column.kind == "number" else ""
            yield from _outside(column.name, float(cell), *LIMITS[form, column.name], unit)
    if form == "laboratory":
        yield from _laboratory(cells)
    if "diastolic" in cells and float(cells["diastolic"]) >= float(cells.get("systolic", "inf")):
        yield Doubt("diastolic", "is not below the systolic pressure, as it usually is")
    if form in WEIGHTS and "weight" in cells:
        yield from _weight(cells, before)


def _date(column: str, cell: str, now: dt.datetime) -> Iterator[Doubt]:
    if cell > now.strftime("%Y-%m-%dT%H:%M:%S")[: len(cell)]:
        yield Doubt(column, f"is in the future: it is {now:%Y-%m-%d %H:%M} at the centre")
    elif cell < OLDEST:
        yield Doubt(column, f"is before {OLDEST}")


def _outside(column: str, got: float, least: float, most: float, unit: str) -> Iterator[Doubt]:
    if not least <= got <= most:
        yield Doubt(column, f"is outside the usual {least:g} to {most:g}{unit}")


def _laboratory(cells: Mapping[str, str]) -> Iterator[Doubt]:
    analyte, value, unit = (cells.get(name) for name in ("analyte", "value", "unit"))
    limits = LABORATORY.get((str(analyte),))
    if limits is None or value is None or unit not in units.accepted_units(str(analyte)):
        return
    standard = units.standard_unit(str(analyte))
    got = float(value) * float(units.factor(str(analyte), str(unit)))
    for doubt in _outside("value", got, *limits, f" {standard}"):
        yield Doubt("value", f"{doubt.said}; {value} {unit} is {got:g} {standard}")


def _weight(cells: Mapping[str, str], before: Forms) -> Iterator[Doubt]:
    at = cells.get("at", "")
    known = [
        (str(row["at"]).replace(" ", "T"), row["weight"])
        for form in WEIGHTS
        if form in before.tables
        for row in before.tables[form].filter(pl.col("weight").is_not_null()).to_dicts()
        if row["at"] is not None
    ]
    earlier = [one for one in sorted(known) if one[0][: len(at)] < at]
    if not earlier:
        return
    when, last = earlier[-1]
    change = float(cells["weight"]) / last - 1
    if abs(change) > WEIGHT_CHANGE:
        yield Doubt("weight", f"is {change:+.0%} from {last:g} kg on {when[:10]}")
