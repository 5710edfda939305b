"""How a subject's study ended (EOSDT, EOSSTT, DCSREAS) and which protocol version it consented to.

Reading: the disposition that ends the study decides; where there is none, that of the treatment not
given; a death without a disposition ends the study. Records of other systems name no milestone: the
last disposition event counts.
"""

import polars as pl

from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.study_day import calendar_day

ENDS_STUDY, NOT_TREATED = "END OF STUDY", "TREATMENT NOT GIVEN"


def study_ends(sdtm: Sdtm) -> pl.DataFrame:
    """The disposition of each subject that has one."""
    events = sdtm.of(Ds).filter(pl.col("DSCAT") == "DISPOSITION EVENT")
    rank = pl.col("DSSPID").replace_strict({ENDS_STUDY: 2, NOT_TREATED: 0}, default=1)
    last = (
        events.with_columns(rank=rank)
        .sort("USUBJID", "rank", "DSSTDTC", "DSSEQ", nulls_last=False)
        .group_by("USUBJID", maintain_order=True)
        .last()
    )
    completed = pl.col("DSDECOD") == "COMPLETED"
    return last.select(
        "USUBJID",
        EOSDT=calendar_day(pl.col("DSSTDTC")),
        EOSSTT=pl.when(completed).then(pl.lit("COMPLETED")).otherwise(pl.lit("DISCONTINUED")),
        DCSREAS=pl.when(~completed).then("DSDECOD"),
    )


def study_status() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """EOSDT, EOSSTT and DCSREAS, a death being an end of the study too."""
    died = pl.col("DTHFL").is_not_null()
    status = pl.when(died).then(pl.lit("DISCONTINUED")).otherwise(pl.lit("ONGOING"))
    reason = pl.when(died & pl.col("EOSSTT").is_null()).then(pl.lit("DEATH"))
    return (
        pl.coalesce("EOSDT", "DTHDT").alias("EOSDT"),
        pl.coalesce("EOSSTT", status).alias("EOSSTT"),
        pl.coalesce("DCSREAS", reason).alias("DCSREAS"),
    )


def protocol_version(study: Study, consented: pl.Series) -> pl.Series:
    """The version in force on the day of consent; with one version, that one."""
    known = sorted(study.versions, key=lambda v: (v.since is not None, v.since))
    if len(known) <= 1:
        only = known[0].version if known else None
        return pl.Series("PROTVER", [only] * len(consented), dtype=pl.String)
    named = [
        next((v.version for v in reversed(known) if v.since is None or v.since <= day), None)
        if day is not None
        else None
        for day in consented
    ]
    return pl.Series("PROTVER", named, dtype=pl.String)
