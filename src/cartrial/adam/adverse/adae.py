"""Adverse event analysis (ADAE): one record per adverse event.

From: AE, FA (grade changes), ADSL.

    treatment emergent    onset at or after the infusion, or its grade rose after it
    registered            treatment emergent, from day 0 to the end of the time frame (day 730)
    related               related or possibly related to the CAR-T; a missing answer counts as
                          related and is flagged, and so does a word that is not known
    tabulated             in tables by term: not CRS or ICANS, not a sign of such an episode, and
                          not CTCAE's own term for CRS

The grade by ASTCT and the grade by CTCAE are the worst grade, by the scale that was recorded. The
derived grade of CRS and ICANS is that of the matched episode of the bedside assessments (ADTOX).

Reading: an event without any date counts as treatment emergent unless it had ended before the
infusion: no event is lost for a missing date. A dated event of an infused subject whose infusion
has no date is not flagged. An event is a sign of an episode only where that episode is recorded.
Where no infusion is dated in the whole trial, the first exposure takes its place.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adtox import agreement
from cartrial.adam.adverse.grade import event_courses
from cartrial.adam.adverse.occurrence import with_occurrences
from cartrial.adam.adverse.special_interest import with_special_interest
from cartrial.adam.subject.adsl import Adsl, last_day_of_study
from cartrial.adam.subject.record import declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import (
    end_date,
    first_day,
    imputed,
    known_or_infusion,
    last_day,
    moment,
)
from cartrial.adam.variable import char, seq, usubjid, whole, yes, yes_no, ymd
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.study_day import calendar_day

RELATED = (
    "RELATED",
    "POSSIBLY RELATED",
    "PROBABLY RELATED",
    "DEFINITELY RELATED",
    "POSSIBLE",
    "PROBABLE",
    "DEFINITE",
    "Y",
    "YES",
)
UNRELATED = (
    "NOT RELATED",
    "UNLIKELY RELATED",
    "UNRELATED",
    "UNLIKELY",
    "REMOTE",
    "NONE",
    "N",
    "NO",
)
CTCAE_CRS = "cytokine release syndrome"
RESOLVED = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")


class Adae(s.Table):
    """Adverse event analysis (ADAE): one record per adverse event."""

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
    AETERM = char("Reported Term for the Adverse Event", private=True)
    AEDECOD = char("Dictionary-Derived Term")
    AEBODSYS = char("Body System or Organ Class")
    AELLT = char("CTCAE Term")
    AELLTCD = whole("CTCAE Term Code", "code")
    AECAT = char("Syndrome Graded by ASTCT")
    AESCALE = char("Grading Scale")
    AECOMPOF = whole("Sign of the CRS or ICANS Event", "number")
    AESEV = char("Severity/Intensity")
    ATOXGR = char("Analysis Toxicity Grade")
    ATOXGRN = whole("Analysis Toxicity Grade (N)", "grade")
    WHYMISS = char("Why the Value Is Missing")
    ASTCTGRN = whole("Grade by ASTCT (N)", "grade")
    CTCGRN = whole("Grade by CTCAE (N)", "grade")
    DTOXGRL = whole("Derived Grade, Lowest Possible", "grade")
    DTOXGRH = whole("Derived Grade, Highest Possible", "grade")
    DTOXGR = char("Derived Grade")
    AGREEFL = yes_no("Recorded Agrees with Derived Flag")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    AENDT = ymd("Analysis End Date")
    AENDTF = char("Analysis End Date Imputation Flag")
    ASTDY = whole("Analysis Start Relative Day", "day")
    AENDY = whole("Analysis End Relative Day", "day")
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    AENDAY = whole("End Day, Infusion is Day 0", "day")
    AESER = char("Serious Event")
    AEOUT = char("Outcome of Adverse Event")
    AEREL = char("Causality")
    ARELFL = yes("Related to the CAR-T Flag")
    ARELMFL = yes("Causality Missing, Taken as Related Flag")
    RELLDFL = yes("Related to Lymphodepletion Flag")
    TRTEMFL = yes("Treatment Emergent Analysis Flag")
    REGFL = yes("In the Registered Time Frame Flag")
    TABFL = yes("Tabulated as Its Own Event Flag")
    AOCCFL = yes("1st Occurrence within Subject Flag")
    AOCCSFL = yes("1st Occurrence of SOC Flag")
    AOCCPFL = yes("1st Occurrence of Preferred Term Flag")
    AOCCIFL = yes("1st Max Sev./Int. Occurrence Flag")
    AOCCSIFL = yes("1st Max Sev./Int. Occur Within SOC Flag")
    AOCCPIFL = yes("1st Max Sev./Int. Occur Within PT Flag")
    AESIFL = yes("Event of Special Interest Flag")
    AESICAT = char("Category of Special Interest")
    AESIUFL = yes("Prolonged Cytopenia Not to Be Told Flag")
    AEDLT = char("Dose-Limiting by the Investigator")
    DLTDT = ymd("Date DLT Clause Was Met")
    DLTDAY = whole("Day DLT Clause Was Met", "day")


def derive_adae(
    study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl], cutoff: dt.date | None
) -> s.DataFrame[Adae]:
    """Every adverse event as known at the cut, with its worst grade from the infusion on."""
    recorded = sdtm.of(Ae)
    courses = event_courses(recorded, sdtm, adsl)
    events = with_subject(recorded, adsl, "TRTSDTM", "DTHDT").join(
        courses, on=("USUBJID", "AESEQ"), how="left", maintain_order="left"
    )
    anchored = _anchored(events, sdtm)
    dated = anchored.with_columns(*_dates(cutoff))
    timed = dated.with_columns(
        AENO=pl.col("AESPID").cast(pl.Int64, strict=False),
        AEBODSYS=pl.coalesce("AEBODSYS", "AESOC"),
        ATOXGR=pl.coalesce(pl.col("ATOXGRN").cast(pl.String), "AETOXGR"),
        ASTDY=study_day(pl.col("ASTDT"), pl.col("TRTSDT")),
        AENDY=study_day(pl.col("AENDT"), pl.col("TRTSDT")),
        ASTDAY=infusion_day(pl.col("ASTDT"), pl.col("TRTSDT")),
        AENDAY=infusion_day(pl.col("AENDT"), pl.col("TRTSDT")),
        DLTDAY=infusion_day(pl.col("DLTDT"), pl.col("TRTSDT")),
        TRTEMFL=yes_where(_is_emergent()),
    )
    flagged = timed.with_columns(
        REGFL=yes_where(_is_registered(last_day_of_study(study))),
        TABFL=yes_where(~_in_an_episode(timed) & ~is_ctcae_crs()),
        **_attribution(),
    )
    graded = flagged.with_columns(
        ASTCTGRN=pl.when(pl.col("AESCALE") == "ASTCT").then("ATOXGRN"),
        CTCGRN=pl.when(pl.col("AESCALE") == "CTCAE").then("ATOXGRN"),
    )
    told = with_special_interest(graded, *_possible_ends(cutoff))
    return declared(Adae, with_occurrences(told), ("ASTDT", "AESEQ"))


def with_derived_grades(adae: s.DataFrame[Adae], episodes: pl.DataFrame) -> s.DataFrame[Adae]:
    """The events with the derived grade of the episode that they are, as in adam.episode."""
    derived = episodes.filter(pl.col("AESEQ").is_not_null()).select(
        "USUBJID", "AESEQ", "DTOXGRL", "DTOXGRH", "DTOXGR"
    )
    known = adae.drop("DTOXGRL", "DTOXGRH", "DTOXGR").join(
        derived, on=("USUBJID", "AESEQ"), how="left", maintain_order="left"
    )
    agrees = agreement(pl.col("ASTCTGRN"), pl.col("DTOXGRL"), pl.col("DTOXGRH"))
    return Adae.cast(known.with_columns(AGREEFL=agrees).select(adae.columns))


def event_number() -> pl.Expr:
    """The event's own number; where it has none, its place in AE, below zero."""
    return pl.coalesce("AENO", -pl.col("AESEQ"))


def is_after_infusion() -> pl.Expr:
    """Whether an event of ADAE is from the infusion on, or of no known day."""
    return (pl.col("TRTEMFL") == "Y").fill_null(False) | pl.col("ASTDAY").is_null()


def word(variable: str) -> pl.Expr:
    """A coded answer as it is compared: trimmed, in capitals, empty as missing."""
    plain = pl.col(variable).str.strip_chars().str.to_uppercase()
    return pl.when(plain != "").then(plain)


def _anchored(events: pl.DataFrame, sdtm: Sdtm) -> pl.DataFrame:
    """The events with the first exposure for the infusion where no infusion is dated at all."""
    if events.is_empty() or events["TRTSDT"].is_not_null().any():
        return events
    first = sdtm.of(Dm).select("USUBJID", first=calendar_day(pl.coalesce("RFXSTDTC", "RFSTDTC")))
    known = events.drop("TRTSDT").join(first, on="USUBJID", how="left", maintain_order="left")
    return known.rename({"first": "TRTSDT"})


def _dates(cutoff: dt.date | None) -> tuple[pl.Expr, ...]:
    start, end = pl.col("AESTDTC"), pl.col("AEENDTC")
    latest = pl.min_horizontal(pl.lit(cutoff, dtype=pl.Date), "DTHDT")
    return (
        known_or_infusion(start, pl.col("TRTSDT"), end).alias("ASTDT"),
        imputed(start).alias("ASTDTF"),
        end_date(end, latest).alias("AENDT"),
        imputed(end).alias("AENDTF"),
        first_day(pl.col("AEDLTDTC")).alias("DLTDT"),
    )


def _possible_ends(cutoff: dt.date | None) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day on which an event can have ended; no last one is null.

    One that had not ended lasted to the data cut or death, one that was over began before.
    """
    end, death = pl.col("AEENDTC"), pl.col("DTHDT")
    over = pl.col("AEOUT").is_in(RESOLVED).fill_null(False)
    known_to = pl.min_horizontal(pl.lit(cutoff, dtype=pl.Date), death)
    first = pl.coalesce(first_day(end), pl.when(over).then("ASTDT").otherwise(known_to))
    return first, pl.min_horizontal(last_day(end), death)


def _is_emergent() -> pl.Expr:
    began, infused = moment(pl.col("AESTDTC")), pl.col("TRTSDTM")
    timed = began.is_not_null() & infused.is_not_null()
    after = pl.when(timed).then(began >= infused).otherwise(pl.col("ASTDT") >= pl.col("TRTSDT"))
    ended_before = (last_day(pl.col("AEENDTC")) < pl.col("TRTSDT")).fill_null(False)
    undated = pl.col("ASTDT").is_null() & ~ended_before
    rose = pl.col("RISEDT").is_not_null()
    return (pl.col("SAFFL") == "Y") & (after.fill_null(False) | undated | rose)


def _is_registered(last: int) -> pl.Expr:
    rise = infusion_day(pl.col("RISEDT"), pl.col("TRTSDT"))
    began = pl.when(pl.col("ASTDAY") < 0).then(rise).otherwise("ASTDAY")
    return pl.col("TRTEMFL").is_not_null() & (began <= last).fill_null(True)


def _in_an_episode(events: pl.DataFrame) -> pl.Expr:
    """Whether an event is an episode of CRS or ICANS, or a sign of a recorded one."""
    episodes = events.filter(pl.col("AECAT").is_in(SYNDROMES), pl.col("AENO").is_not_null())
    keys = episodes.select(pl.format("{} {}", "USUBJID", "AENO")).to_series().to_list()
    sign = pl.format("{} {}", "USUBJID", "AECOMPOF").is_in(keys).fill_null(False)
    return pl.col("AECAT").is_in(SYNDROMES).fill_null(False) | sign


def is_ctcae_crs() -> pl.Expr:
    """Whether an event is of CTCAE's own term for CRS."""
    return (pl.col("AEDECOD").str.to_lowercase() == CTCAE_CRS).fill_null(False)


def _attribution() -> dict[str, pl.Expr]:
    cause = word("AEREL")
    return {
        "ARELFL": yes_where(~cause.is_in(UNRELATED).fill_null(False)),
        "ARELMFL": yes_where(cause.is_null()),
        "RELLDFL": yes_where(word("AERELLD").is_in(RELATED)),
    }
