"""Study days of SDTM, and the day they count from: the one place where they are made.

A study day counts from the subject's reference start (RFSTDTC), which is day 1; the day before is
day -1, there is no day 0. Only complete dates have a study day.

Source: SDTM Implementation Guide 3.4, section 4.4.4.
Reading: the reference start is the first infusion of the CAR-T, so that day 0 of the trial is study
    day 1; lymphodepletion has negative days, and a subject that was not infused has none
    (docs/decisions/0007).
"""

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Infusion
from cartrial.protocol.study import Study, Visit
from cartrial.sdtm.mapping import dtypes, unique_subject


def reference_starts(study: Study, forms: Forms) -> pl.DataFrame:
    """USUBJID and RFSTDTC of every subject that was infused on a known date."""
    infused = forms.of(Infusion).filter(pl.col("at").is_not_null())
    first = infused.sort("subject", "number").group_by("subject", maintain_order=True).first()
    return first.select(unique_subject(study), pl.col("at").alias("RFSTDTC"))


def with_study_days(
    domain: type[s.Table], frame: pl.DataFrame, starts: pl.DataFrame
) -> pl.DataFrame:
    """The records with each --DY that has a --DTC beside it."""
    pairs = [
        (name, f"{name[:-2]}DTC")
        for name in dtypes(domain)
        if name.endswith("DY") and f"{name[:-2]}DTC" in frame.columns
    ]
    joined = frame.join(starts, on="USUBJID", how="left", maintain_order="left")
    days = [
        study_day(calendar_day(pl.col(dtc)), calendar_day(pl.col("RFSTDTC"))).alias(dy)
        for dy, dtc in pairs
    ]
    return joined.with_columns(days).select(frame.columns)


def calendar_day(dtc: pl.Expr) -> pl.Expr:
    """The date of an ISO 8601 text; null where it is not known to the day."""
    return dtc.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def study_day(date: pl.Expr, start: pl.Expr) -> pl.Expr:
    """The study day of a date: the start is day 1, the day before is day -1."""
    days = (date - start).dt.total_days()
    return pl.when(days >= 0).then(days + 1).otherwise(days)


def planned_study_day(visit: Visit) -> int | None:
    """The study day on which a visit is planned; null where it does not count from the infusion."""
    if visit.unanchored:
        return None
    return visit.day + 1 if visit.day >= 0 else visit.day
