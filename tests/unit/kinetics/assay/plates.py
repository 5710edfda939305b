"""Plates written as text tables, on a curve that can be worked by hand.

The standards lie on Ct = 40 - 10/3 log10(copies): 10 copies at 110/3 cycles, 1000 at 30, a million
at 20. Two spaces part the columns, `-` is an empty cell.
"""

import re
from fractions import Fraction

import polars as pl

from cartrial import schema as s
from cartrial.kinetics.assay.well import Well

SLOPE, INTERCEPT = Fraction(-10, 3), 40
PLACES = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]


def cycle(power: int | Fraction) -> float:
    """The cycle of 10^power copies."""
    return float(INTERCEPT + SLOPE * power)


STANDARDS = [
    {"role": "standard", "ct": str(cycle(power)), "copies": str(10**power)}
    for power in range(1, 7)
    for _ in range(2)
]
CLEAN = [{"role": "ntc", "ct": "undet"}]


def rows(text: str, role: str = "sample") -> list[dict[str, str | None]]:
    """Wells in a text table; `undet` is a well that did not cross the threshold."""
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    return [
        {"role": role} | {n: None if c == "-" else c for n, c in zip(header, line, strict=True)}
        for line in lines
    ]


def plate(*wells: dict[str, str | None], analyte: str = "CAR") -> s.DataFrame[Well]:
    """The wells in order, one place after another."""
    names = [column.name for column in s.columns(Well)]
    filled = [
        {"well": place, "analyte": analyte}
        | well
        | {
            "ct": None if well.get("ct") == "undet" else well.get("ct"),
            "undetermined": "yes" if well.get("ct") == "undet" else "no",
        }
        for place, well in zip(PLACES, wells, strict=False)
    ]
    schema = dict.fromkeys(names, pl.String)
    parsed = s.parse(Well, pl.DataFrame(filled, schema=schema, orient="row"), place="plate.csv")
    assert not s.errors(parsed.findings), parsed.findings
    return parsed.frame
