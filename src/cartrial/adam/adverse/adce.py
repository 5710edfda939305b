"""CRS and ICANS episodes (ADCE): one record per episode, recorded, derived, or both.

From: AE with AECAT CRS or ICANS, FA (grade changes, assessments), CM; ADAE, ADTOX.

    ASRC    AE and assessments, where an event and an episode of the assessments are the same;
            AE, for an event without an episode; assessments, for an episode without an event
    GRSRC   where the worst grade is from: the event; else the investigator's grades at the bedside;
            else the derived grade where it is settled

Reading: onset and end are those of the event, and of the assessments where there is none. The
attribution of an episode without an event is missing, and counts as related. One that the
investigator graded 0 throughout was none to the one who signs: it disagrees, and is not counted
(GR0FL). A retreatment starts a new clock: INFNO says which infusion the days count from. Grades by
different scales are not held against each other. A date that is known in part is that of the first
or last sign at the bedside, where this lies within it; else it stays filled in and flagged, and a
duration that depends on it is empty: WHYDUR has the shortest and the longest that are possible.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import RESOLVED, Adae
from cartrial.adam.adverse.adtox import agreement, clock_start, infusion_number
from cartrial.adam.adverse.duration import dates_from_the_bedside, durations
from cartrial.adam.adverse.grade import event_courses
from cartrial.adam.adverse.treated import with_treatment
from cartrial.adam.subject.adsl import Adsl, last_day_of_study
from cartrial.adam.subject.record import TREATMENT, declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day
from cartrial.adam.variable import char, seq, stamp, usubjid, whole, yes, yes_no, ymd
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae

OVER = (*RESOLVED, "FATAL")
ASTCT = "ASTCT"
RECORDED, AT_BEDSIDE, DERIVED = "adverse event", "bedside assessment", "derived"
BOTH, EVENT, ASSESSED = "AE and assessments", "AE", "assessments"
NOT_OF_EVENTS = ("STUDYID", *TREATMENT, "DTOXGRL", "DTOXGRH", "DTOXGR", "AGREEFL")
UNSETTLED = "no grade recorded, and the derived grade is not settled"


class Adce(s.Table):
    """CRS and ICANS episodes (ADCE): one record per episode, recorded, derived, or both."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes_no("Safety Population (Infused) Flag")
    AESEQ = whole("Sequence Number of AE", "number")
    AENO = whole("Event Number as Recorded", "number")
    EPNO = whole("Episode Number in the Assessments", "number")
    ASRC = char("Source of the Episode")
    INFNO = whole("Infusion that Days Count from", "number")
    ACAT = char("Syndrome")
    AESCALE = char("Grading Scale")
    ATOXGRN = whole("Analysis Toxicity Grade (N)", "grade")
    GRSRC = char("Source of the Worst Grade")
    WHYMISS = char("Why the Value Is Missing")
    DTOXGRL = whole("Derived Grade, Lowest Possible", "grade")
    DTOXGRH = whole("Derived Grade, Highest Possible", "grade")
    DTOXGR = char("Derived Grade")
    DTOXRULE = char("Rule that Decided the Derived Grade")
    AGREEFL = yes_no("Recorded Agrees with Derived Flag")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    AENDT = ymd("Analysis End Date")
    AENDTF = char("Analysis End Date Imputation Flag")
    ASTDTM = stamp("Onset Datetime, from the Assessments")
    AENDTM = stamp("Resolution Datetime, from Assessments")
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    PKDAY = whole("First Day of Worst Grade", "day")
    DAYPEAK = whole("Days from Onset to Worst Grade", "day")
    AENDAY = whole("End Day, Infusion is Day 0", "day")
    ADURN = whole("Duration, End minus Onset plus 1", "day")
    WHYDUR = char("Why the Duration Is Missing")
    ONGOFL = yes("Ongoing at the Data Cut Flag")
    ARELFL = yes("Related to the CAR-T Flag")
    REGFL = yes("In the Registered Time Frame Flag")
    GR0FL = yes("Graded 0 Throughout, in That Time Flag")
    TOCIFL = yes_no("Tocilizumab Given Flag")
    STERFL = yes_no("Steroid Given Flag")
    TOCIDAYS = whole("Days with Tocilizumab", "day")
    STERDAYS = whole("Days with a Steroid", "day")
    TOCIDTS = char("Dates with Tocilizumab, by a Space")
    STERDTS = char("Dates with a Steroid, by a Space")


def derive_adce(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    adae: s.DataFrame[Adae],
    episodes: pl.DataFrame,
    cutoff: dt.date | None,
) -> s.DataFrame[Adce]:
    """Every episode of CRS and ICANS with both grades and its treatment.

    `episodes` are those of the assessments, as in adam.episode.
    """
    both = _recorded(sdtm, adsl, adae).join(
        episodes.drop("AENO"), on=("USUBJID", "AECAT", "AESEQ"), how="left", maintain_order="left"
    )
    alone = episodes.filter(pl.col("AESEQ").is_null()).with_columns(AESCALE=pl.lit(ASTCT))
    known = with_subject(
        pl.concat([both, alone], how="diagonal"), adsl, "STUDYID", "RETRTDT", "DTHDT"
    )
    settled = known.with_columns(*dates_from_the_bedside())
    dated = settled.with_columns(*_dates()).with_columns(*_grades())
    clocked = dated.with_columns(INFNO=infusion_number(pl.col("ASTDT")))
    flagged = clocked.with_columns(*_flags(last_day_of_study(study)), *_days(), ACAT="AECAT")
    full = flagged.with_columns(*durations())
    return declared(Adce, with_treatment(sdtm, full, cutoff), ("ASTDT", "AENO", "EPNO"))


def _recorded(sdtm: Sdtm, adsl: s.DataFrame[Adsl], adae: s.DataFrame[Adae]) -> pl.DataFrame:
    """The adverse events of CRS and ICANS, with the day of their worst grade."""
    of_syndromes = pl.col("AECAT").is_in(SYNDROMES)
    courses = event_courses(sdtm.of(Ae).filter(of_syndromes), sdtm, adsl)
    peaks = courses.select("USUBJID", "AESEQ", "PEAKDT")
    events = adae.filter(of_syndromes).drop(NOT_OF_EVENTS)
    return events.join(peaks, on=("USUBJID", "AESEQ"), how="left", maintain_order="left")


def _dates() -> tuple[pl.Expr, ...]:
    over = pl.when(pl.col("AESEQ").is_null() & ~pl.col("GOESON")).then(pl.col("OVER").dt.date())
    return (
        pl.coalesce("ASTDT", pl.col("ONSET").dt.date()).alias("ASTDT"),
        pl.coalesce("AENDT", over).alias("AENDT"),
        pl.col("ONSET").alias("ASTDTM"),
        pl.when(~pl.col("GOESON")).then("OVER").alias("AENDTM"),
    )


def _grades() -> tuple[pl.Expr, ...]:
    """The worst grade, where it is from and since when, and whether the derived one agrees."""
    settled = pl.when(pl.col("DTOXGRL") == pl.col("DTOXGRH")).then("DTOXGRL")
    grade = pl.coalesce("ATOXGRN", "BEDSIDE", settled)
    by_astct = (pl.col("AESCALE") == ASTCT).fill_null(True)
    recorded = pl.when(by_astct).then(pl.coalesce("ATOXGRN", "BEDSIDE"))
    agrees = agreement(recorded, pl.col("DTOXGRL"), pl.col("DTOXGRH"))
    source = pl.coalesce(
        pl.when(pl.col("ATOXGRN").is_not_null()).then(pl.lit(RECORDED)),
        pl.when(pl.col("BEDSIDE").is_not_null()).then(pl.lit(AT_BEDSIDE)),
        pl.when(settled.is_not_null()).then(pl.lit(DERIVED)),
    )
    derived_peak = pl.col("PEAK").dt.date()
    peak = (
        pl.when(pl.col("ATOXGRN").is_not_null())
        .then(pl.coalesce("PEAKDT", pl.when(agrees == "Y").then(derived_peak)))
        .when(pl.col("BEDSIDE").is_not_null())
        .then(pl.col("SEEN").dt.date())
        .otherwise(derived_peak)
    )
    return (
        grade.alias("ATOXGRN"),
        source.alias("GRSRC"),
        pl.when(grade.is_null()).then(pl.coalesce("WHYMISS", pl.lit(UNSETTLED))).alias("WHYMISS"),
        pl.when(grade.is_not_null()).then(peak).alias("PEAKDT"),
        agrees.alias("AGREEFL"),
    )


def _flags(last: int) -> tuple[pl.Expr, ...]:
    """What an event says of itself, and what is taken for an episode without one."""
    alone = pl.col("AESEQ").is_null()
    lasting = pl.col("AENDT").is_null() & pl.col("DTHDT").is_null()
    over = pl.when(alone).then(~pl.col("GOESON")).otherwise(pl.col("AEOUT").is_in(OVER))
    day = infusion_day(pl.col("ASTDT"), pl.col("TRTSDT"))
    in_time = alone & (pl.col("SAFFL") == "Y") & day.is_between(0, last)
    counted, none = pl.col("ATOXGRN").ne_missing(0), pl.col("ATOXGRN").eq_missing(0)
    source = pl.when(alone).then(pl.lit(ASSESSED))
    return (
        source.when(pl.col("EPNO").is_null())
        .then(pl.lit(EVENT))
        .otherwise(pl.lit(BOTH))
        .alias("ASRC"),
        yes_where(lasting & ~over.fill_null(False)).alias("ONGOFL"),
        yes_where(alone | (pl.col("ARELFL") == "Y")).alias("ARELFL"),
        yes_where((in_time & counted).fill_null(False) | (pl.col("REGFL") == "Y")).alias("REGFL"),
        yes_where((in_time & none).fill_null(False)).alias("GR0FL"),
    )


def _days() -> tuple[pl.Expr, ...]:
    start = clock_start()
    ended = pl.when(pl.col("AENDTF").is_null()).then("AENDT")
    began = pl.when(pl.col("ASTDTF").is_null()).then("ASTDT")
    return (
        infusion_day(pl.col("ASTDT"), start).alias("ASTDAY"),
        infusion_day(pl.col("PEAKDT"), start).alias("PKDAY"),
        infusion_day(ended, start).alias("AENDAY"),
        infusion_day(pl.col("PEAKDT"), began).alias("DAYPEAK"),
    )
