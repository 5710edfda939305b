"""Who is evaluable for an endpoint, from the datasets of that endpoint; lists of USUBJID.

Reading: where no myeloma laboratory value was collected at all, measurable disease cannot be asked
and is not; where it was, a subject whose baseline does not prove measurable disease is not
response-evaluable. An assessment that could not be evaluated (NE) is not one.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.adsl import Adsl
from cartrial.adam.imputation import last_day
from cartrial.response.measurable import is_measurable
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tr import Tr

MEASURES = {
    "serum": ("MCPROT", "g/L"),
    "urine": ("MPROTEXR", "mg/day"),
    "kappa": ("KLCFR", "mg/L"),
    "lambda_": ("LLCFR", "mg/L"),
}

Tables = Mapping[str, pl.DataFrame]


def dlt_evaluable(tables: Tables) -> list[str]:
    """The subjects with a DLT, or with the window completed without one."""
    if "ADDL" not in tables:
        return []
    decided = tables["ADDL"].filter(pl.col("DLTSTAT").is_in(["DLT", "complete"]))
    return decided["USUBJID"].to_list()


def kinetics_evaluable(tables: Tables) -> list[str]:
    """The infused subjects with a quantifiable CAR measurement after infusion."""
    if "ADPC" not in tables:
        return []
    shown = tables["ADPC"].filter(pl.col("PKFL") == "Y")
    return shown["USUBJID"].unique(maintain_order=True).to_list()


def response_evaluable(sdtm: Sdtm, adsl: s.DataFrame[Adsl], tables: Tables) -> list[str]:
    """The infused subjects with measurable disease and a response assessed after infusion."""
    if "ADRS" not in tables:
        return []
    best = tables["ADRS"].filter(pl.col("PARAMCD") == "UBOR", pl.col("AVALC") != "NE")
    assessed = best["USUBJID"].to_list()
    measurable = _measurable(sdtm, adsl, tables)
    return assessed if measurable is None else [one for one in assessed if one in measurable]


def _measurable(sdtm: Sdtm, adsl: s.DataFrame[Adsl], tables: Tables) -> set[str] | None:
    """The subjects with measurable disease at baseline; null where nobody measured myeloma."""
    codes = [code for code, _ in MEASURES.values()]
    labs = tables.get("ADLB")
    measured = None if labs is None else labs.filter(pl.col("PARAMCD").is_in(codes))
    if measured is None or measured.is_empty():
        return None
    baseline = measured.filter(pl.col("ABLFL") == "Y")
    values = {
        (row["USUBJID"], row["PARAMCD"]): row["AVAL"]
        for row in baseline.iter_rows(named=True)
        if (row["PARAMCD"], row["AVALU"]) in MEASURES.values()
    }
    lesions = _lesions(sdtm, adsl)
    return {
        one
        for one in adsl["USUBJID"].to_list()
        if is_measurable(
            serum=values.get((one, "MCPROT")),
            urine=values.get((one, "MPROTEXR")),
            kappa=values.get((one, "KLCFR")),
            lambda_=values.get((one, "LLCFR")),
            lesion=one in lesions,
        )
    }


def _lesions(sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> set[str]:
    """The subjects with a plasmacytoma measured before the infusion."""
    found = sdtm.of(Tr).join(adsl.select("USUBJID", "TRTSDT"), on="USUBJID")
    before = found.filter(
        pl.col("TRTESTCD") == "LDIAM",
        pl.col("TRSTRESN") > 0,
        last_day(pl.col("TRDTC")) <= pl.col("TRTSDT"),
    )
    return set(before["USUBJID"].to_list())
