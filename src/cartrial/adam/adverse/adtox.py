"""Toxicity assessments (ADTOX): one record per bedside assessment of CRS or ICANS.

From: FA (signs of CRS and of ICANS), ADSL; AE for the number of the event.

    recorded    the grade that the investigator wrote at the bedside
    derived     what the signs say by the ASTCT consensus, an interval where some are missing
    agrees      Y where the derived grade is settled and the same; N where the recorded grade lies
                outside the interval; empty where the interval leaves it open, where no grade was
                recorded, and for grade 5, which signs cannot tell

Reading: a retreatment starts a new clock: INFNO says which infusion ADAY counts from, and what is
of the day of the retreatment is of the retreatment.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject
from cartrial.adam.time.day import infusion_day
from cartrial.adam.variable import char, seq, stamp, usubjid, whole, yes_no, ymd
from cartrial.grading.crs import SCALE

NAMES = {
    "CRS": "Cytokine Release Syndrome",
    "ICANS": "Immune Effector Cell-Associated Neurotoxicity Syndrome",
}


class Adtox(s.Table):
    """Toxicity assessments (ADTOX): one record per bedside assessment of CRS or ICANS."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes_no("Safety Population (Infused) Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    ADT = ymd("Analysis Date")
    ADTM = stamp("Analysis Datetime")
    INFNO = whole("Infusion that Days Count from", "number")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    SCALE = char("Grading Scale")
    ATOXGRN = whole("Analysis Toxicity Grade (N)", "grade")
    DTOXGRL = whole("Derived Grade, Lowest Possible", "grade")
    DTOXGRH = whole("Derived Grade, Highest Possible", "grade")
    DTOXGR = char("Derived Grade")
    DTOXRULE = char("Rule that Decided the Derived Grade")
    DTOXMISS = char("Inputs that Are Missing")
    DTOXASK = char("Question that Settles the Grade")
    EPNO = whole("Episode Number in the Assessments", "number")
    AENO = whole("Event Number as Recorded", "number")
    SRCDOM = char("Source Data")
    AGREEFL = yes_no("Recorded Agrees with Derived Flag")


def derive_adtox(
    graded: pl.DataFrame, matched: pl.DataFrame, adsl: s.DataFrame[Adsl]
) -> s.DataFrame[Adtox]:
    """Every assessment with both grades and its event; `matched` are of adam.adverse.episode."""
    named = graded.rename({"syndrome": "PARAMCD", "episode": "EPNO"}).with_columns(
        PARAM=pl.col("PARAMCD").replace_strict(NAMES),
        SRCDOM=pl.lit("FA"),
        ADT=pl.col("at").dt.date(),
        ADTM=pl.when(~pl.col("hourless")).then("at"),
        SCALE=pl.lit(SCALE),
        ATOXGRN="grade",
        DTOXGRL="lowest",
        DTOXGRH="highest",
        DTOXGR="words",
        DTOXRULE="rule",
        DTOXMISS="missing",
        DTOXASK="questions",
    )
    events = matched.select("USUBJID", "EPNO", "AENO", PARAMCD="AECAT")
    keyed = named.join(events, on=("USUBJID", "PARAMCD", "EPNO"), how="left", maintain_order="left")
    known = with_subject(keyed, adsl, "STUDYID", "RETRTDT").with_columns(
        INFNO=infusion_number(pl.col("ADT")),
        AGREEFL=agreement(pl.col("ATOXGRN"), pl.col("DTOXGRL"), pl.col("DTOXGRH")),
    )
    dated = known.with_columns(ADAY=infusion_day(pl.col("ADT"), clock_start()))
    return declared(Adtox, dated, ("PARAMCD", "ADT", "ADTM"))


def infusion_number(date: pl.Expr) -> pl.Expr:
    """The infusion on whose clock a date stands: 1, or 2 from the day of a retreatment on."""
    again = (date >= pl.col("RETRTDT")).fill_null(False)
    return pl.when(date.is_not_null()).then(1 + again.cast(pl.Int64))


def clock_start() -> pl.Expr:
    """Day 0 of the clock that INFNO names."""
    return pl.when(pl.col("INFNO") == 2).then("RETRTDT").otherwise("TRTSDT")


def agreement(recorded: pl.Expr, lowest: pl.Expr, highest: pl.Expr) -> pl.Expr:
    """Whether a recorded grade agrees with a derived one: Y, N, or null where it is left open."""
    outside = (recorded < lowest) | (recorded > highest)
    said = pl.when(outside).then(pl.lit("N")).when(lowest == highest).then(pl.lit("Y"))
    return pl.when(recorded < FATAL).then(said)
