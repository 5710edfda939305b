"""Vital signs analysis (ADVS): one record per measurement.

From: VS, ADSL; the planned visits of the study.

    baseline    the last value before the infusion
    AVISIT      the planned visit in whose window the day lies
    ANL01FL     the record that stands for its subject, parameter and visit

Reading: a measurement of the day of the infusion is before it unless clock times say otherwise. A
date known in part is taken at its first day, and is never a baseline. Visits are told by the day
alone, whatever visit was recorded; of two windows that hold a day, the nearer planned day counts.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.laboratory.adlb import before_infusion
from cartrial.adam.laboratory.parameter import with_parameters
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import first_day, imputed, moment
from cartrial.adam.time.visit_window import analysis_visit, with_visit_records
from cartrial.adam.variable import char, num, seq, stamp, usubjid, whole, yes, yes_no, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.vs import Vs

SERIES = ("USUBJID", "PARAMCD")


class Advs(s.Table):
    """Vital signs analysis (ADVS): one record per measurement."""

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
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADTM = stamp("Analysis Datetime")
    ADTF = char("Analysis Date Imputation Flag")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    AVISIT = char("Analysis Visit")
    AVISITN = whole("Analysis Visit (N)", "number")
    ABLFL = yes("Baseline Record Flag")
    BASE = num("Baseline Value", unit_in="AVALU")
    CHG = num("Change from Baseline", unit_in="AVALU")
    ANL01FL = yes("Analysis Flag 01")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")


def derive_advs(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Advs]:
    """Every vital sign, with its baseline, the change from it, and its visit."""
    measured = with_subject(sdtm.of(Vs), adsl, "TRTSDTM").with_columns(*_values())
    timed = (
        with_parameters(measured)
        .with_columns(
            ADY=study_day(pl.col("ADT"), pl.col("TRTSDT")),
            ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
        )
        .with_columns(*analysis_visit(study))
    )
    known = timed.join(_baselines(timed), on=SERIES, how="left", maintain_order="left")
    later = (pl.col("ADT") > pl.col("BASEDT")) | (pl.col("ADTM") > pl.col("BASEDTM"))
    full = known.with_columns(
        ABLFL=yes_where(pl.col("SRCSEQ") == pl.col("BASESEQ")),
        CHG=pl.when(later.fill_null(False)).then(pl.col("AVAL") - pl.col("BASE")),
    )
    chosen = with_visit_records(full)
    return declared(Advs, chosen, ("PARAMCD", "ADT", "ADTM", "SRCSEQ"))


def _values() -> tuple[pl.Expr, ...]:
    missing = pl.coalesce(pl.col("VSSTAT").str.to_lowercase(), pl.lit("no result"))
    return (
        pl.col("VSTESTCD").alias("PARAMCD"),
        pl.col("VSTEST").alias("PARAM"),
        pl.col("VSSTRESN").alias("AVAL"),
        pl.col("VSSTRESU").alias("AVALU"),
        pl.when(pl.col("VSSTRESN").is_null()).then(missing).alias("WHYMISS"),
        first_day(pl.col("VSDTC")).alias("ADT"),
        moment(pl.col("VSDTC")).alias("ADTM"),
        imputed(pl.col("VSDTC")).alias("ADTF"),
        pl.lit("VS").alias("SRCDOM"),
        pl.lit("VSSTRESN").alias("SRCVAR"),
        pl.col("VSSEQ").alias("SRCSEQ"),
    )


def _baselines(measured: pl.DataFrame) -> pl.DataFrame:
    """The baseline of each series that has one: value, date and record."""
    whole_date = pl.col("AVAL").is_not_null() & pl.col("ADTF").is_null()
    early = measured.filter(whole_date, before_infusion().fill_null(False))
    last = early.sort("ADT", "ADTM", "SRCSEQ", nulls_last=False)
    return last.group_by(SERIES, maintain_order=True).agg(
        BASE=pl.col("AVAL").last(),
        BASEDT=pl.col("ADT").last(),
        BASEDTM=pl.col("ADTM").last(),
        BASESEQ=pl.col("SRCSEQ").last(),
    )
