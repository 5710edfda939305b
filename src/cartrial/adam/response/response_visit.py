"""The records of ADRS that stand at an assessment: response, confirmed status, best so far.

Reading: a record that is in no course (before the infusion, after death, undated, unreadable, the
better of two on one day) is shown as it was recorded and has no status.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.record import yes_where
from cartrial.response.assessed import Assessed
from cartrial.response.judged import Judged
from cartrial.response.scale import RANK

NO_STATUS = "nothing is confirmed yet"
UNREADABLE = "not a response of the criteria"
KEPT = ("USUBJID", "ADT", "VISIT", "SRCDOM", "SRCSEQ", "ASSNUM", "ANL01FL")


def rank_of(response: str) -> pl.Expr:
    """The order of a response; null for what is none."""
    return pl.col(response).replace_strict(RANK, default=None, return_dtype=pl.Float64)


def investigator_visits(responses: pl.DataFrame, judged: s.DataFrame[Judged]) -> pl.DataFrame:
    """Every overall response of the investigator."""
    why = pl.coalesce(pl.col("RSSTAT").str.to_lowercase(), pl.lit(UNREADABLE))
    recorded = responses.select(
        "USUBJID",
        "RESPONSE",
        "ADT",
        "VISIT",
        AVALC=pl.coalesce("RESPONSE", "RSSTRESC"),
        WHYMISS=pl.when(pl.col("RESPONSE").is_null()).then(why),
        SRCDOM=pl.lit("RS"),
        SRCSEQ="RSSEQ",
        ASSNUM=pl.lit(None, dtype=pl.Int64),
        number="RSSEQ",
    )
    return _records(recorded, judged, "")


def derived_visits(
    assessed: s.DataFrame[Assessed], judged: s.DataFrame[Judged], prefix: str
) -> pl.DataFrame:
    """Every overall response by the criteria; it rests on more than one record."""
    beside = {
        "Relapse from CR: ": pl.col("relapse_from_cr"),
        "Signs of clinical relapse: ": pl.col("clinical_relapse"),
    }
    sentences = [pl.concat_str(pl.lit(lead), what, pl.lit(".")) for lead, what in beside.items()]
    known = assessed.select(
        "number",
        USUBJID="subject",
        RESPONSE="response",
        ADT="on",
        VISIT=pl.lit(None, dtype=pl.String),
        AVALC="response",
        WHYMISS=pl.lit(None, dtype=pl.String),
        EXPLAIN=pl.concat_str("explanation", *sentences, separator=" ", ignore_nulls=True),
        CAPPED="capped",
        SRCDOM=pl.lit("LB"),
        SRCSEQ=pl.lit(None, dtype=pl.Int64),
        ASSNUM="number",
    )
    return _records(known, judged, prefix)


def _records(assessed: pl.DataFrame, judged: s.DataFrame[Judged], prefix: str) -> pl.DataFrame:
    told = judged.select(
        "number", "is_confirmed", "counts", "status", "best_so_far", USUBJID="subject"
    )
    known = assessed.join(told, on=["USUBJID", "number"], how="left", maintain_order="left")
    asked = ~pl.col("RESPONSE").is_in(("SD", "NE"))
    answer = pl.when("is_confirmed").then(pl.lit("Y")).otherwise(pl.lit("N"))
    visits = known.with_columns(
        PARAMCD=pl.lit(f"{prefix}OVR"),
        AVAL=rank_of("RESPONSE"),
        RSCONF=pl.when(asked & pl.col("is_confirmed").is_not_null()).then(answer),
        ANL01FL=yes_where(pl.col("counts")),
    )
    in_course = visits.filter(pl.col("counts").is_not_null())
    statuses = [
        in_course.select(
            *KEPT,
            PARAMCD=pl.lit(f"{prefix}{code}"),
            AVAL=rank_of(column),
            AVALC=column,
            WHYMISS=pl.when(pl.col(column).is_null()).then(pl.lit(NO_STATUS)),
        )
        for code, column in (("STAT", "status"), ("COVR", "best_so_far"))
    ]
    dropped = ("RESPONSE", "number", "is_confirmed", "counts", "status", "best_so_far")
    return pl.concat([visits.drop(dropped), *statuses], how="diagonal")
