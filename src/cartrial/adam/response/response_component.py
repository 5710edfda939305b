"""The records of ADRS that stand behind a derived response: what was measured and what it says.

Reading: a value that holds until the next names the record it was read from, at the assessment
where it holds. Light chains name the record of kappa, plasmacytomas the first measured that day.
"""

import polars as pl

from cartrial.adam.response.courses import Recorded
from cartrial.adam.response.response_visit import rank_of
from cartrial.response.assessed import ResponseTables

CODES = {
    "serum M-protein": "SPEP",
    "urine M-protein": "UPEP",
    "free light chains": "DFLC",
    "marrow plasma cells": "BMPC",
    "plasmacytomas": "PLASM",
    "circulating plasma cells": "CPC",
}
KINDS = {  # of laboratory result, where a component is read from
    "serum": "SPEP",
    "urine": "UPEP",
    "kappa": "DFLC",
    "marrow": "BMPC",
    "circulating": "CPC",
}
NOT_APPLICABLE = "not applicable"


def component_records(tables: ResponseTables, recorded: Recorded) -> pl.DataFrame:
    """Each component of each assessment, with its numbers and the record they were read from."""
    at = tables.assessed.select("subject", "number", ADT="on")
    known = tables.components.join(at, on=["subject", "number"], maintain_order="left")
    idle = pl.col("level") == NOT_APPLICABLE
    records = known.select(
        "ADT",
        "dated",
        USUBJID="subject",
        PARAMCD=pl.col("component").replace_strict(CODES, return_dtype=pl.String),
        AVAL=rank_of("level"),
        AVALC="level",
        WHYMISS=pl.when(idle).then(pl.lit(NOT_APPLICABLE)),
        MVAL="value",
        MUNIT="unit",
        MBASE="baseline",
        MNADIR="lowest",
        MCHG="change",
        MRISE="rise",
        EXPLAIN="explanation",
        ASSNUM="number",
    )
    return records.join(
        _sources(recorded),
        on=["USUBJID", "PARAMCD", "dated"],
        how="left",
        maintain_order="left",
    ).drop("dated")


def _sources(recorded: Recorded) -> pl.DataFrame:
    """The first record of each day from which a component is read."""
    code = pl.col("kind").replace_strict(KINDS, return_dtype=pl.String)
    told = recorded.results.select("USUBJID", "LBSEQ", "on", "kind", "value")
    measured = told.filter(
        pl.col("kind").is_in(KINDS.keys()), pl.col("value").is_not_null()
    ).select("USUBJID", PARAMCD=code, dated="on", SRCDOM=pl.lit("LB"), SRCSEQ="LBSEQ")
    seen = recorded.diameters.select(
        USUBJID="subject",
        PARAMCD=pl.lit("PLASM"),
        dated="on",
        SRCDOM=pl.lit("TR"),
        SRCSEQ="TRSEQ",
    )
    whole = pl.concat([measured, seen]).drop_nulls("dated")
    key = ["USUBJID", "PARAMCD", "dated"]
    return whole.group_by(key).agg(pl.col("SRCDOM").first(), pl.col("SRCSEQ").min())
