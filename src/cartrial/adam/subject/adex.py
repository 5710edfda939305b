"""Exposure analysis (ADEX): one record per dose given.

From: EX, ADSL.

Reading: the planned dose of an infusion is the one recorded with it, else that of its level.
Lymphodepletion has no planned dose here.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.exposure import dose_ratio, is_infusion, planned_dose
from cartrial.adam.subject.record import declared, with_subject
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import first_day, imputed
from cartrial.adam.variable import char, num, seq, usubjid, whole, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ex import INFUSION, Ex


class Adex(s.Table):
    """Exposure analysis (ADEX): one record per dose given."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    EXSEQ = whole("Sequence Number of EX", "number")
    EXTRT = char("Name of Treatment")
    EXCAT = char("Category of Treatment")
    EXNUM = whole("Infusion Number", "number")
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    DOSEP = num("Planned Dose", unit_in="DOSEU")
    DOSEA = num("Dose Given", unit_in="DOSEU")
    DOSEU = char("Dose Unit")
    DOSER = num("Dose Given as a Fraction of Planned", "fraction")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    ASTDY = whole("Analysis Start Relative Day", "day")
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    WHYMISS = char("Why the Value Is Missing")


def derive_adex(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Adex]:
    """Every dose of lymphodepletion and product, against the dose that was planned."""
    given = with_subject(sdtm.of(Ex), adsl).with_columns(product=is_infusion(study))
    level = pl.coalesce("EXLEVEL", "TRT01AN")
    planned = given.with_columns(LEVEL=level).with_columns(
        DOSEP=pl.when("product").then(pl.coalesce("EXPLDOSE", planned_dose(study, "LEVEL"))),
        DOSEA=pl.col("EXDOSE"),
        EXCAT=pl.coalesce("EXCAT", pl.when("product").then(pl.lit(INFUSION))),
    )
    start = first_day(pl.col("EXSTDTC"))
    unknown = pl.coalesce("EXDOSRSN", pl.lit("not recorded"))
    full = planned.with_columns(
        DOSEU=pl.col("EXDOSU"),
        DOSER=dose_ratio("DOSEA", "DOSEP"),
        ASTDT=start,
        ASTDTF=imputed(pl.col("EXSTDTC")),
        ASTDY=study_day(start, pl.col("TRTSDT")),
        ASTDAY=infusion_day(start, pl.col("TRTSDT")),
        WHYMISS=pl.when(pl.col("DOSEA").is_null()).then(unknown),
    )
    return declared(Adex, full, ("ASTDT", "EXSEQ"))
