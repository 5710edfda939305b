"""Concomitant medication analysis (ADCM): one record per therapy given beside the CAR-T.

From: CM, AE (the event treated), ADSL.

    PREFL      it began before the infusion
    ONTRTFL    it was given, or may have been, between the infusion and the end of the time frame
    BRIDGFL    bridging therapy, between leukapheresis and lymphodepletion
    NACTFL     new anti-myeloma therapy after the infusion; the first is NACTDT of ADSL

Source: ADaM Structure for Occurrence Data (OCCDS) 1.1, sections 3.2.4 to 3.2.6.
Reading: a start known in part is its first possible day, an end its last, never after the data cut
or death, so that no day is lost on which a therapy may have been given; the start of a new
anti-myeloma therapy is moved to the infusion as in ADSL. Without any start a therapy counts as
given after the infusion unless it had ended before. An infusion without a date leaves the flags of
time empty.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import NEW_THERAPY, Adsl, last_day_of_study
from cartrial.adam.subject.record import declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import end_date, first_day, imputed, known_or_infusion, last_day
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, yes_no, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.cm import BRIDGING_THERAPY, Cm


class Adcm(s.Table):
    """Concomitant medication analysis (ADCM): one record per therapy given beside the CAR-T."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes_no("Safety Population (Infused) Flag")
    CMSEQ = whole("Sequence Number of CM", "number")
    CMTRT = char("Reported Name of Drug, Med, or Therapy")
    CMDECOD = char("Standardized Medication Name")
    CMCAT = char("Category for Medication")
    CMDOSE = num("Dose per Administration", unit_in="CMDOSU")
    CMDOSU = char("Dose Units")
    CMROUTE = char("Route of Administration")
    AENO = whole("Event Number as Recorded", "number")
    AESEQ = whole("Sequence Number of AE", "number")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    AENDT = ymd("Analysis End Date")
    AENDTF = char("Analysis End Date Imputation Flag")
    ASTDY = whole("Analysis Start Relative Day", "day")
    AENDY = whole("Analysis End Relative Day", "day")
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    AENDAY = whole("End Day, Infusion is Day 0", "day")
    PREFL = yes("Pre-treatment Flag")
    ONTRTFL = yes("On Treatment Record Flag")
    BRIDGFL = yes("Bridging Therapy Flag")
    NACTFL = yes("New Anti-Myeloma Therapy Flag")


def derive_adcm(
    study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl], cutoff: dt.date | None
) -> s.DataFrame[Adcm]:
    """Every therapy beside the CAR-T, when it was given, and for which event."""
    given = with_subject(sdtm.of(Cm), adsl, "DTHDT").with_columns(AENO="CMAENO")
    linked = given.join(_events(sdtm), on=("USUBJID", "AENO"), how="left", maintain_order="left")
    dated = linked.with_columns(*_dates(cutoff))
    full = dated.with_columns(
        ASTDY=study_day(pl.col("ASTDT"), pl.col("TRTSDT")),
        AENDY=study_day(pl.col("AENDT"), pl.col("TRTSDT")),
        ASTDAY=infusion_day(pl.col("ASTDT"), pl.col("TRTSDT")),
        AENDAY=infusion_day(pl.col("AENDT"), pl.col("TRTSDT")),
        PREFL=yes_where(pl.col("ASTDT") < pl.col("TRTSDT")),
        BRIDGFL=yes_where(pl.col("CMCAT") == BRIDGING_THERAPY),
        NACTFL=yes_where(_is_new_therapy()),
    ).with_columns(ONTRTFL=yes_where(_is_on_treatment(last_day_of_study(study))))
    return declared(Adcm, full, ("ASTDT", "CMSEQ"))


def _events(sdtm: Sdtm) -> pl.DataFrame:
    """The adverse events by the number under which they were recorded."""
    number = pl.col("AESPID").cast(pl.Int64, strict=False)
    events = sdtm.of(Ae).select("USUBJID", "AESEQ", AENO=number).drop_nulls()
    return events.unique(("USUBJID", "AENO"), keep="first", maintain_order=True)


def _dates(cutoff: dt.date | None) -> tuple[pl.Expr, ...]:
    start, end, infusion = pl.col("CMSTDTC"), pl.col("CMENDTC"), pl.col("TRTSDT")
    latest = pl.min_horizontal(pl.lit(cutoff, dtype=pl.Date), "DTHDT")
    began = pl.when(_is_new_therapy()).then(known_or_infusion(start, infusion, end))
    return (
        pl.coalesce(began, first_day(start)).alias("ASTDT"),
        imputed(start).alias("ASTDTF"),
        end_date(end, latest).alias("AENDT"),
        imputed(end).alias("AENDTF"),
    )


def _is_new_therapy() -> pl.Expr:
    after = last_day(pl.col("CMSTDTC")) > pl.col("TRTSDT")
    return ((pl.col("CMCAT") == NEW_THERAPY) & after).fill_null(False)


def _is_on_treatment(last: int) -> pl.Expr:
    """Given on some day from the infusion to the `last`; one without an end may still be given."""
    begun = (pl.col("ASTDAY") <= last).fill_null(True)
    lasted = (pl.col("AENDAY") >= 0).fill_null(True)
    return pl.col("TRTSDT").is_not_null() & begun & lasted
