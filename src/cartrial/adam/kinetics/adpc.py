"""Kinetics concentrations (ADPC): one record per CAR measurement.

From: PC (quantitative PCR), CP (flow cytometry), ADSL.

    ASTATUS   quantified, below quantification, not detected, not done

A result without a number has no AVAL, never 0. Where a trial measures several analytes by one
method, the second and later carry their number in PARAMCD, in the order of the study file, then by
name.

Reading: a bare zero is `not detected`, and a number below its own limit is below quantification.
The time from infusion is exact where both
clock times are known, else it counts whole days.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import moment
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes_no, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.cp import Cp
from cartrial.sdtm.domains.pc import Pc
from cartrial.sdtm.study_day import calendar_day

METHODS: tuple[tuple[type[s.Table], str, str], ...] = ((Pc, "PC", "qPCR"), (Cp, "CP", "flow"))
QUANTIFIED, BELOW, ABSENT = "quantified", "below quantification", "not detected"
NOT_DONE = "not done"
SAID_BELOW = ("BLQ", "BLOQ", "BQL", "BLLOQ", "BELOW QUANTIFICATION", "BELOW LIMIT OF QUANTITATION")
SAID_ABSENT = ("NOT DETECTED", "UNDETECTED", "NEGATIVE", "ND", "0")
MINUTES_PER_DAY = 1440
UNIT_WORDS = {"DNA copies/ug": "copies/ug DNA", "10^6/L": "cells/uL"}  # of CDISC: of the trial


class Adpc(s.Table):
    """Kinetics concentrations (ADPC): one record per CAR measurement."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PKFL = yes_no("Cellular Kinetics Population Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    SPEC = char("Specimen Type")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALC = char("Analysis Value (C)")
    AVALU = char("Analysis Value Unit")
    ASTATUS = char("Status of the Result")
    ALLOQ = num("Lower Limit of Quantitation", unit_in="AVALU")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    ARELTM = num("Time from Infusion", "day")
    VISIT = char("Visit Name")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")


def derive_adpc(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Adpc]:
    """Every CAR measurement, with its status and its time from the infusion."""
    samples = [
        _coded(study, method, _samples(sdtm.of(domain), code, method))
        for domain, code, method in METHODS
    ]
    known = with_subject(pl.concat(samples), adsl, "TRTSDTM")
    timed = known.with_columns(
        ADY=study_day(pl.col("ADT"), pl.col("TRTSDT")),
        ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
        ARELTM=_time_from_infusion(),
        WHYMISS=pl.when(pl.col("AVAL").is_null()).then(pl.coalesce("REASON", "ASTATUS")),
    )
    expanded = timed.filter(_is_quantified_after_infusion())["USUBJID"].unique().to_list()
    flagged = timed.with_columns(PKFL=yes_where(pl.col("USUBJID").is_in(expanded)).fill_null("N"))
    return declared(Adpc, flagged, ("PARAMCD", "SPEC", "ADT", "ARELTM", "SRCSEQ"))


def is_blood() -> pl.Expr:
    """Whether a sample is of blood; one whose specimen is not named is taken to be."""
    return pl.col("SPEC").str.to_uppercase().str.contains("BLOOD").fill_null(True)


def is_before_retreatment() -> pl.Expr:
    """Whether a sample, with its subject's RETRTDT, is on the clock of the first infusion."""
    return pl.col("RETRTDT").is_null() | (pl.col("ADT") < pl.col("RETRTDT"))


def _samples(records: pl.DataFrame, code: str, method: str) -> pl.DataFrame:
    """The measurements of one domain in the words of the analysis."""
    status = _status(code)
    number = pl.col(f"{code}STRESN")
    return records.with_columns(ASTATUS=status).select(
        "STUDYID",
        "USUBJID",
        "VISIT",
        "ASTATUS",
        TESTCD=pl.col(f"{code}TESTCD"),
        ANALYTE=pl.col(f"{code}TEST"),
        SPEC=pl.col(f"{code}SPEC"),
        METHOD=pl.lit(method),
        AVAL=pl.when(pl.col("ASTATUS") == QUANTIFIED).then(number),
        AVALC=pl.col(f"{code}STRESC"),
        AVALU=pl.col(f"{code}STRESU").replace(UNIT_WORDS),
        ALLOQ=pl.col(f"{code}LLOQ"),
        REASON=pl.when(pl.col("ASTATUS") == NOT_DONE).then(
            pl.concat_str(
                pl.lit(NOT_DONE), pl.col(f"{code}REASND"), separator=": ", ignore_nulls=True
            )
        ),
        ADT=calendar_day(pl.col(f"{code}DTC")),
        ADTM=moment(pl.col(f"{code}DTC")),
        SRCDOM=pl.lit(code),
        SRCVAR=pl.lit(f"{code}STRESN"),
        SRCSEQ=pl.col(f"{code}SEQ"),
    )


def _status(code: str) -> pl.Expr:
    said = pl.coalesce(f"{code}STRESC", f"{code}ORRES").str.strip_chars().str.to_uppercase()
    number = pl.col(f"{code}STRESN")
    return (
        pl.when(pl.col(f"{code}STAT") == "NOT DONE")
        .then(pl.lit(NOT_DONE))
        .when(said.str.starts_with("<") | said.is_in(SAID_BELOW))
        .then(pl.lit(BELOW))
        .when(said.is_in(SAID_ABSENT) | (number == 0))
        .then(pl.lit(ABSENT))
        .when(number < pl.col(f"{code}LLOQ"))
        .then(pl.lit(BELOW))
        .when(number.is_not_null())
        .then(pl.lit(QUANTIFIED))
        .otherwise(pl.lit(NOT_DONE))
    )


def _coded(study: Study, method: str, samples: pl.DataFrame) -> pl.DataFrame:
    """The measurements with a code for each analyte of the method."""
    planned = [analyte.name for analyte in study.analytes if analyte.method == method]
    found = sorted(samples["ANALYTE"].drop_nulls().unique().to_list())
    known = [name for name in planned if name in found]
    order = known + [name for name in found if name not in known]
    suffix = {name: "" if n == 1 else str(n) for n, name in enumerate(order, start=1)}
    numbered = pl.col("ANALYTE").replace_strict(suffix, default="", return_dtype=pl.String)
    return samples.with_columns(
        PARAMCD=pl.col("TESTCD").str.slice(0, 7) + numbered, PARAM=pl.col("ANALYTE")
    )


def _time_from_infusion() -> pl.Expr:
    exact = (pl.col("ADTM") - pl.col("TRTSDTM")).dt.total_minutes() / MINUTES_PER_DAY
    whole = infusion_day(pl.col("ADT"), pl.col("TRTSDT")).cast(pl.Float64)
    return pl.coalesce(exact, whole)


def _is_quantified_after_infusion() -> pl.Expr:
    found = (pl.col("ASTATUS") == QUANTIFIED) & (pl.col("ARELTM") > 0).fill_null(False)
    return found & is_blood()
