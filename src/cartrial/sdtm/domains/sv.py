"""Subject Visits (SV).

From the forms: visit.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.bedside import Visit
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record, from_records, to_records
from cartrial.sdtm.records import finished
from cartrial.sdtm.variable import char, dtc, dy, usubjid


class Sv(s.Table):
    """Subject Visits (SV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    VISITNUM = s.number("Visit Number", "number", primary_key=True, core="Req")
    VISIT = char("Visit Name", "Perm")
    SVPRESP = char("Pre-specified", "Exp")
    SVOCCUR = char("Occurrence", "Exp")
    SVREASOC = char("Reason for Occur Value")
    SVSTDTC = dtc("Start Date/Time of Observation", "Exp")
    SVENDTC = dtc("End Date/Time of Observation", "Exp")
    SVSTDY = dy("Study Day of Start of Observation")
    SVENDY = dy("Study Day of End of Observation")
    SVSAFETY = char("Safety Was Assessed", supp=True)


ORDER = ("VISITNUM",)
UNSCHEDULED = 900  # an unscheduled visit has a number above it
VISIT = Record(
    form=Visit,
    domain=Sv,
    fields={
        "visit": "VISIT",
        "on": "SVSTDTC",
        "why_missed": "SVREASOC",
        "safety": "SVSAFETY",
    },
    derived={
        "SVOCCUR": pl.when(pl.col("on").is_not_null()).then(pl.lit("Y")).otherwise(pl.lit("N")),
        "SVENDTC": pl.col("on").dt.strftime("%Y-%m-%d"),
    },
)


def to_sv(study: Study, forms: Forms) -> s.DataFrame[Sv]:
    """Visits as SV, numbered as in the schedule; others follow by date from 901."""
    records = to_records(VISIT, study, forms.of(Visit)).drop("VISITNUM", "SVPRESP")
    numbers = visit_numbers(study)
    planned = pl.col("VISIT").replace_strict(numbers, default=None, return_dtype=pl.Float64)
    by_date = records.sort("USUBJID", "SVSTDTC", "VISIT", nulls_last=True)
    ordered = by_date.with_columns(planned=planned)
    nth = pl.col("planned").is_null().cum_sum().over("USUBJID")
    numbered = ordered.with_columns(
        pl.coalesce("planned", UNSCHEDULED + nth).alias("VISITNUM"),
        pl.when(pl.col("planned").is_not_null()).then(pl.lit("Y")).alias("SVPRESP"),
    )
    return finished(Sv, study, forms, numbered, ORDER)


def from_sv(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into SV."""
    return {Visit: from_records(VISIT, study, records)}


def visit_numbers(study: Study) -> dict[str, float]:
    """The number of each planned visit, by name."""
    visits = study.schedule.visits if study.schedule else ()
    return {visit.name: float(n) for n, visit in enumerate(visits, start=1)}
