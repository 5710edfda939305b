"""Arms: a dose level is an arm; which was planned, which was given, and why one is empty.

Source: SDTM Implementation Guide 3.4, section 5.2 (ARMCD, ACTARMCD, ARMNRS).
Reading: the actual arm is the level of the first infusion. A level that the study does not have
    keeps its number, as DL and the number.
"""

import polars as pl

from cartrial.cdisc.spelling import spelled
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics, Eligibility
from cartrial.forms.product import Infusion
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import unique_subject

SCREEN_FAILURE = "SCREEN FAILURE"
NOT_ASSIGNED = "NOT ASSIGNED"
NOT_TREATED = "ASSIGNED, NOT TREATED"
NOT_RECORDED = "ACTUAL ARM NOT RECORDED"


def arm_codes(study: Study) -> dict[int, str]:
    """The ARMCD of each dose level."""
    return {level: study.arm(level) for level in range(1, len(study.doses.levels) + 1)}


def arm_labels(study: Study) -> dict[int, str]:
    """The ARM of each dose level: its label, in ASCII."""
    levels = range(1, len(study.doses.levels) + 1)
    return {level: spelled(study.level_label(level)) for level in levels}


def arm_code(study: Study, level: pl.Expr) -> pl.Expr:
    """The ARMCD of a level."""
    other = pl.lit("DL") + level.cast(pl.String)
    return level.replace_strict(arm_codes(study), default=other, return_dtype=pl.String)


def arm_label(study: Study, level: pl.Expr) -> pl.Expr:
    """The ARM of a level."""
    other = pl.lit("Dose level ") + level.cast(pl.String)
    return level.replace_strict(arm_labels(study), default=other, return_dtype=pl.String)


def planned_level(study: Study) -> pl.Expr:
    """The dose level of a DM record, from its ARMCD."""
    levels = {code: level for level, code in arm_codes(study).items()}
    number = pl.col("ARMCD").str.extract(r"^DL(\d+)$").cast(pl.Int64, strict=False)
    return pl.col("ARMCD").replace_strict(levels, default=number, return_dtype=pl.Int64)


def with_arms(study: Study, forms: Forms, records: pl.DataFrame) -> pl.DataFrame:
    """The DM records with planned and actual arm, and the reason where one is empty."""
    levels = forms.of(Demographics).select(unique_subject(study), "level")
    first = forms.of(Infusion).sort("subject", "number").filter(pl.col("number") == 1)
    given = first.select(unique_subject(study), pl.col("level").alias("given"), infused=True)
    judged = (
        forms.of(Eligibility).sort("subject", "decided").select(unique_subject(study), "eligible")
    )
    last = judged.group_by("USUBJID", maintain_order=True).last()
    known = records.drop("ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS")
    for one in (levels, given, last):
        known = known.join(one, on="USUBJID", how="left")
    return known.with_columns(
        ARMCD=arm_code(study, pl.col("level")),
        ARM=arm_label(study, pl.col("level")),
        ACTARMCD=arm_code(study, pl.col("given")),
        ACTARM=arm_label(study, pl.col("given")),
        ARMNRS=_why_no_arm(),
    )


def _why_no_arm() -> pl.Expr:
    infused, level, given = pl.col("infused"), pl.col("level"), pl.col("given")
    return (
        pl.when(infused.is_null() & level.is_not_null())
        .then(pl.lit(NOT_TREATED))
        .when(infused.is_null() & ~pl.col("eligible"))
        .then(pl.lit(SCREEN_FAILURE))
        .when(level.is_null())
        .then(pl.lit(NOT_ASSIGNED))
        .when(given.is_null())
        .then(pl.lit(NOT_RECORDED))
    )
