"""Kinetics parameters (ADPP): Cmax, Tmax, Tlast, AUC0-28 per subject and analyte.

From: ADPC by kinetics.nca.

Reading: blood alone, and samples that do not name their specimen. Samples that were not done are
left out, those below quantification or not detected enter as such. Samples from the day of a
retreatment on belong to its own clock and are left out. A subject whose infusion has no date has no
time, and no parameter.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.adam.adpc import NOT_DONE, Adpc, is_blood
from cartrial.adam.adsl import Adsl
from cartrial.adam.record import declared, with_subject
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes
from cartrial.kinetics.nca import PARAMETERS, Parameter, profile_from_infusion

SERIES = ("USUBJID", "PKFL", "STUDYID", "PARAMCD", "PARAM", "METHOD")


class Adpp(s.Table):
    """Kinetics parameters (ADPP): Cmax, Tmax, Tlast, AUC0-28 per subject and analyte."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PKFL = yes("Cellular Kinetics Population Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    PPCAT = char("Analyte")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")


def derive_adpp(adpc: s.DataFrame[Adpc], adsl: s.DataFrame[Adsl]) -> s.DataFrame[Adpp]:
    """The parameters of each infused subject and analyte in blood, or why there is none."""
    samples = with_subject(adpc, adsl, "RETRTDT").filter(pl.col("SAFFL") == "Y", is_blood())
    rows = [
        row
        for key, mine in samples.sort("USUBJID", "PARAMCD").group_by(SERIES, maintain_order=True)
        for row in _parameters(dict(zip(SERIES, key, strict=True)), mine)
    ]
    found = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return declared(Adpp, with_subject(found, adsl), ("PPCAT", "METHOD", "PARAMCD"))


def _parameters(key: dict[str, Any], samples: pl.DataFrame) -> Iterator[dict[str, Any]]:
    first_course = pl.col("RETRTDT").is_null() | (pl.col("ADT") < pl.col("RETRTDT"))
    done = samples.filter(
        first_course, pl.col("ARELTM").is_not_null(), pl.col("ASTATUS") != NOT_DONE
    ).sort("ARELTM")
    conc = done["AVAL"].fill_null(0.0).to_numpy()
    profile = profile_from_infusion(done["ARELTM"].to_numpy().astype(np.float64), conc)
    unit = next(iter(samples["AVALU"].drop_nulls().to_list()), None)
    for parameter in PARAMETERS:
        found = parameter.of(profile)
        yield {
            "STUDYID": key["STUDYID"],
            "USUBJID": key["USUBJID"],
            "PKFL": key["PKFL"],
            "PARAMCD": parameter.code,
            "PARAM": parameter.name,
            "PPCAT": key["PARAM"],
            "METHOD": key["METHOD"],
            "AVAL": found.value,
            "AVALU": _unit(parameter, unit),
            "WHYMISS": found.why,
        }


def _unit(parameter: Parameter, concentration: str | None) -> str | None:
    match parameter.unit:
        case "time":
            return "day"
        case "concentration":
            return concentration
        case _:
            return f"day*{concentration}" if concentration else None


SCHEMA = {
    name: dtype
    for name, dtype in s.empty(Adpp).schema.items()
    if name not in ("ASEQ", "TRT01A", "TRT01AN", "SAFFL")
}
