"""CRS and ICANS episodes (ADCE): one record per episode.

From: AE with AECAT CRS or ICANS, FA (grade changes), CM; ADAE.

Reading: a drug was given for an episode when its record names the episode, or names no event and
was given between onset and resolution. A drug that names another event counts for that one. A drug
without a complete date, which may have been given in that time, leaves the answer unknown, and so
does concomitant medication that was not collected.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.adae import SYNDROMES, Adae
from cartrial.adam.adsl import Adsl
from cartrial.adam.day import infusion_day
from cartrial.adam.grade import event_courses
from cartrial.adam.imputation import first_day, last_day
from cartrial.adam.record import declared, with_subject, yes_where
from cartrial.adam.variable import char, seq, usubjid, whole, yes, yes_no, ymd
from cartrial.sdtm.cm import Cm
from cartrial.sdtm.domain import Sdtm

OVER = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE", "FATAL")
DRUGS = {
    "TOCIFL": ("TOCILIZUMAB", ("TOCILIZUMAB",)),
    "STERFL": (
        "STEROID",
        ("DEXAMETHASONE", "METHYLPREDNISOLONE", "PREDNISOLONE", "PREDNISONE", "HYDROCORTISONE"),
    ),
}


class Adce(s.Table):
    """CRS and ICANS episodes (ADCE): one record per episode."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes("Safety Population (Infused) Flag")
    AENO = whole("Event Number as Recorded", "number")
    ACAT = char("Syndrome")
    AESCALE = char("Grading Scale")
    ATOXGRN = whole("Worst Grade", "grade")
    WHYMISS = char("Why the Grade Is Missing")
    ASTDT = ymd("Onset Date")
    AENDT = ymd("Resolution Date")
    ASTDAY = whole("Onset Day, Infusion is Day 0", "day")
    PKDAY = whole("First Day of Worst Grade", "day")
    AENDAY = whole("Resolution Day, Infusion is Day 0", "day")
    ADURN = whole("Duration, End minus Onset plus 1", "day")
    ONGOFL = yes("Ongoing at the Data Cut Flag")
    ARELFL = yes("Related to the CAR-T Flag")
    REGFL = yes("In the Registered Time Frame Flag")
    TOCIFL = yes_no("Tocilizumab Given Flag")
    STERFL = yes_no("Steroid Given Flag")


def derive_adce(
    sdtm: Sdtm, adsl: s.DataFrame[Adsl], adae: s.DataFrame[Adae], cutoff: dt.date | None
) -> s.DataFrame[Adce]:
    """The episodes of CRS and ICANS, with their treatment."""
    peaks = event_courses(sdtm, adsl).select("USUBJID", "AESEQ", "PEAKDT")
    events = adae.filter(pl.col("AECAT").is_in(SYNDROMES)).join(
        peaks, on=("USUBJID", "AESEQ"), how="left", maintain_order="left"
    )
    episodes = with_subject(events, adsl, "DTHDT").with_columns(
        ACAT=pl.col("AECAT"),
        PKDAY=infusion_day(pl.col("PEAKDT"), pl.col("TRTSDT")),
        ADURN=infusion_day(pl.col("AENDT"), pl.col("ASTDT")) + 1,
        ONGOFL=yes_where(
            pl.col("AENDT").is_null()
            & pl.col("DTHDT").is_null()
            & ~pl.col("AEOUT").is_in(OVER).fill_null(False)
        ),
    )
    treated = episodes.with_columns(
        _given(sdtm, episodes, flag, cutoff).alias(flag) for flag in DRUGS
    )
    return declared(Adce, treated, ("ASTDT", "AENO"))


def _given(sdtm: Sdtm, episodes: pl.DataFrame, flag: str, cutoff: dt.date | None) -> pl.Expr:
    """Whether one of the drugs was given for each episode: Y, N, or unknown."""
    if not sdtm.has(Cm):
        return pl.lit(None, dtype=pl.String)
    kind, names = DRUGS[flag]
    known = pl.col("CMCAT") == kind
    named = pl.coalesce("CMDECOD", "CMTRT").str.to_uppercase().str.contains_any(list(names))
    given = sdtm.of(Cm).filter((known | named).fill_null(False))
    pairs = episodes.select("USUBJID", "AESEQ", "AENO", "ASTDT", "AENDT").join(
        given.select("USUBJID", "CMSTDTC", "CMENDTC", "CMAENO"), on="USUBJID"
    )
    end = pl.coalesce("AENDT", pl.lit(cutoff, dtype=pl.Date))
    start, stop = pl.col("CMSTDTC"), pl.coalesce("CMENDTC", "CMSTDTC")
    surely = (last_day(start) <= end) & (first_day(stop) >= pl.col("ASTDT"))
    perhaps = (first_day(start) <= end) & (last_day(stop) >= pl.col("ASTDT"))
    for_it = pl.col("CMAENO") == pl.col("AENO")
    sure = pairs.filter(pl.coalesce(for_it, surely).fill_null(False))
    possible = pairs.filter(pl.coalesce(for_it, perhaps).fill_null(True))
    return pl.when(_is_among(sure)).then(pl.lit("Y")).when(~_is_among(possible)).then(pl.lit("N"))


def _is_among(episodes: pl.DataFrame) -> pl.Expr:
    key = pl.format("{} {}", "USUBJID", "AESEQ")
    return key.is_in(episodes.select(key).to_series().to_list())
