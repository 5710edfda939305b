"""Which dose level was assigned at the data cut: DM says so without a date.

    infused by the cut                      the arms of DM
    a slot with a level granted by the cut  the level of the slot that was granted last
    else                                    no level yet

Reading: DM.ARMCD is filled in once and may be later than the cut, as may ACTARMCD. Where the study
recorded no slot requests at all, DM.ARMCD stands as it is. A code that is no dose level, such as
that of a screen failure, stands too. An infusion without a date happened by the cut.
"""

import datetime as dt

import polars as pl

from cartrial.adam.subject.exposure import is_infusion
from cartrial.adam.time.imputation import first_day
from cartrial.protocol.study import Study
from cartrial.sdtm.arm import arm_code, arm_label, planned_level
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.ex import Ex

SLOT = "SLOT REQUESTED"


def with_arms_at(study: Study, sdtm: Sdtm, cutoff: dt.date) -> pl.DataFrame:
    """DM with the arms planned and given as they were known at the cut."""
    infused = pl.col("USUBJID").is_in(_infused(study, sdtm, cutoff))
    dm = sdtm.of(Dm).with_columns(
        pl.when(infused).then(name).alias(name) for name in ("ACTARMCD", "ACTARM")
    )
    slots = sdtm.of(Ds).filter(pl.col("DSDECOD") == SLOT)
    if slots.is_empty():
        return dm
    kept = infused | planned_level(study).is_null()
    known = dm.join(_granted(slots, cutoff), on="USUBJID", how="left", maintain_order="left")
    return known.with_columns(
        pl.when(kept).then("ARMCD").otherwise(arm_code(study, pl.col("slot"))).alias("ARMCD"),
        pl.when(kept).then("ARM").otherwise(arm_label(study, pl.col("slot"))).alias("ARM"),
    ).drop("slot")


def _granted(slots: pl.DataFrame, cutoff: dt.date) -> pl.DataFrame:
    """The level of the slot of each subject that was the last to be granted."""
    day = first_day(pl.col("DSGRNTDT"))
    by_then = slots.filter(day <= cutoff, pl.col("DSLEVEL").is_not_null())
    last = by_then.sort("USUBJID", day, "DSSEQ").group_by("USUBJID", maintain_order=True).last()
    return last.select("USUBJID", slot="DSLEVEL")


def _infused(study: Study, sdtm: Sdtm, cutoff: dt.date) -> list[str]:
    """The subjects infused by the cut; where EX was not collected, by the actual arm."""
    if sdtm.has(Ex):
        given = sdtm.of(Ex).filter(is_infusion(study)).select("USUBJID", on="EXSTDTC")
    else:
        given = sdtm.of(Dm).filter(pl.col("ACTARMCD").is_not_null())
        given = given.select("USUBJID", on=pl.coalesce("RFSTDTC", "RFXSTDTC"))
    later = (first_day(pl.col("on")) > cutoff).fill_null(False)
    return given.filter(~later)["USUBJID"].unique().to_list()
