"""When a subject was last seen: last known alive, last safety assessment, death.

Source: ADaM practice for LSTALVDT: the last date on which a record proves life.
Reading: a start date or a finding proves life, an end date does not; nor do a missed contact, a
loss to follow-up, a death, or a date known only in part beyond its first possible day. A death that
is dated in part lies on the later of the first possible day and the day last known alive. A
subject that died was last known alive on the day of death. Where records of several domains prove
life on that date, all are named, in alphabetical order.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.time.imputation import first_day, imputed, last_day
from cartrial.sdtm.domain import CODES, Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.cp import Cp
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.ex import Ex
from cartrial.sdtm.domains.fa import Fa
from cartrial.sdtm.domains.lb import Lb
from cartrial.sdtm.domains.pc import Pc
from cartrial.sdtm.domains.pr import Pr
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.domains.ss import Ss
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.domains.vs import Vs
from cartrial.sdtm.study_day import calendar_day

HELD = pl.col("SVOCCUR").ne_missing("N")  # a missed visit may carry its planned date
NO_PROOF = ("DEATH", "LOST TO FOLLOW-UP")
PROOFS: tuple[tuple[type[s.Table], str, pl.Expr], ...] = (
    (Dm, "RFICDTC", pl.lit(True)),
    (Dm, "RFXSTDTC", pl.lit(True)),
    (Ex, "EXSTDTC", pl.lit(True)),
    (Pr, "PRSTDTC", pl.lit(True)),
    (Sv, "SVSTDTC", HELD),
    (Ae, "AESTDTC", pl.lit(True)),
    (Cm, "CMSTDTC", pl.lit(True)),
    (Vs, "VSDTC", pl.lit(True)),
    (Lb, "LBDTC", pl.col("LBSTAT").is_null()),
    (Pc, "PCDTC", pl.col("PCSTAT").is_null()),
    (Cp, "CPDTC", pl.col("CPSTAT").is_null()),
    (Rs, "RSDTC", pl.col("RSSTAT").is_null()),
    (Fa, "FADTC", pl.col("FASTAT").is_null() & (pl.col("FACAT") != "AE GRADE")),
    (Ss, "SSDTC", pl.col("SSSTRESC") == "ALIVE"),
    (Ds, "DSSTDTC", ~pl.col("DSDECOD").is_in(NO_PROOF)),
)
OF_DM_ALONE: tuple[tuple[type[s.Table], str, pl.Expr], ...] = (
    (Dm, "RFENDTC", pl.lit(True)),
    (Dm, "RFPENDTC", pl.lit(True)),
)


def last_alive(sdtm: Sdtm) -> pl.DataFrame:
    """The last date, by subject, on which a record proves life, and the domains of the record.

    Where DM is all there is, the end of participation that it carries is the proof.
    """
    alone = not any(sdtm.has(domain) for domain, _, _ in PROOFS if domain is not Dm)
    proofs = pl.concat(
        _last_proof(sdtm, domain, date, proof)
        for domain, date, proof in (*PROOFS, *(OF_DM_ALONE if alone else ()))
    )
    latest = pl.col("seen") == pl.col("seen").max().over("USUBJID")
    named = proofs.filter(latest).unique().sort("USUBJID", "domain")
    return named.group_by("USUBJID", maintain_order=True).agg(
        LASTSEEN=pl.col("seen").first(), SEENIN=pl.col("domain").str.join(", ")
    )


def _last_proof(sdtm: Sdtm, domain: type[s.Table], date: str, proof: pl.Expr) -> pl.DataFrame:
    """The last date of each subject on which a record of the domain proves life.

    The text that is last is of that date: as texts, dates known in part come before their days.
    """
    dated = sdtm.of(domain).select("USUBJID", last=pl.when(proof).then(date)).drop_nulls()
    last = dated.group_by("USUBJID", maintain_order=True).agg(pl.col("last").max())
    return last.select("USUBJID", seen=first_day(pl.col("last")), domain=pl.lit(CODES[domain]))


def last_safety(sdtm: Sdtm) -> pl.DataFrame:
    """The last documented safety assessment of each subject."""
    return (
        safety_assessments(sdtm)
        .group_by("USUBJID", maintain_order=True)
        .agg(LSTSAFDT=pl.col("date").max())
    )


def safety_assessments(sdtm: Sdtm) -> pl.DataFrame:
    """The dated safety assessments: visits at which safety was assessed.

    Where that was never recorded, every visit that was held counts.
    """
    visits = sdtm.of(Sv).filter(HELD)
    recorded = visits["SVSAFETY"].is_not_null().any()
    assessed = visits.filter(pl.col("SVSAFETY") == "Y") if recorded else visits
    return assessed.select("USUBJID", date=calendar_day(pl.col("SVSTDTC"))).drop_nulls()


def deaths(sdtm: Sdtm) -> pl.DataFrame:
    """One record per subject known to be dead: as far as known when, why, and who judged it."""
    recorded = sdtm.of(Ds).filter(pl.col("DSDECOD") == "DEATH")
    reported = recorded.group_by("USUBJID", maintain_order=True).agg(
        pl.col("DSSTDTC", "DTHCAUS", "DTHADJ", "DTHAENO", "DTHCART").drop_nulls().first()
    )
    found = sdtm.of(Ss).filter(pl.col("SSSTRESC") == "DEAD").select("USUBJID", told=pl.lit(True))
    known = (
        sdtm.of(Dm)
        .select("USUBJID", "DTHDTC", "DTHFL")
        .join(reported, on="USUBJID", how="left", maintain_order="left")
        .join(found.unique(), on="USUBJID", how="left", maintain_order="left")
    )
    dated = known.with_columns(DTHDTC=pl.coalesce("DTHDTC", "DSSTDTC"))
    dead = (pl.col("DTHFL") == "Y") | pl.col("DTHDTC").is_not_null() | pl.col("told")
    ended = recorded["USUBJID"].unique().to_list()
    return dated.filter(dead.fill_null(False) | pl.col("USUBJID").is_in(ended)).select(
        "USUBJID", "DTHDTC", "DTHCAUS", "DTHADJ", "DTHAENO", "DTHCART", DTHFL=pl.lit("Y")
    )


def death_date() -> pl.Expr:
    """The date of death from DTHDTC, filled in where it is known in part."""
    first, last = first_day(pl.col("DTHDTC")), last_day(pl.col("DTHDTC"))
    seen = pl.col("LASTSEEN").clip(first, last)
    filled = pl.when(imputed(pl.col("DTHDTC")).is_not_null()).then(pl.coalesce(seen, first))
    return pl.coalesce(calendar_day(pl.col("DTHDTC")), filled)


def is_vital_status_collected(sdtm: Sdtm) -> bool:
    """Whether the data could tell of a death: one is on record, or subjects were seen afterwards.

    Consent, leukapheresis and infusion alone follow nobody.
    """
    followed = any(sdtm.has(domain) for domain, _, _ in PROOFS if domain not in (Dm, Ds, Ex, Pr))
    ended = sdtm.of(Ds)["DSCAT"].eq("DISPOSITION EVENT").any()
    return followed or ended or deaths(sdtm).height > 0
