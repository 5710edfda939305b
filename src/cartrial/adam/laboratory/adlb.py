"""Laboratory analysis (ADLB): one record per result.

From: LB, CM (bridging), ADSL.

    baseline              the last result before lymphodepletion; without it, before the infusion
    baseline, myeloma     the last result after bridging therapy and before lymphodepletion; where
                          there was no bridging, the last before lymphodepletion

Reading: a result of the day of lymphodepletion counts as before it (the hour of lymphodepletion is
not recorded); of the day of the infusion unless clock times say otherwise. A date known in part is
taken at its first day, and is never a baseline. A result in words, or in a unit that is not known,
has no number; it is a baseline all the same. Baselines are by parameter, specimen and method.
Calcium corrected for albumin is a result of its own, with the number of the calcium's record;
without an albumin of the same sample it has no value. Only blood, serum and plasma are graded, by
the version of CTCAE that the study names; the grade is empty, with its interval beside it, where
the value alone does not settle it.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.laboratory.corrected_calcium import corrected_for_albumin
from cartrial.adam.laboratory.laboratory_grade import of_blood, with_laboratory_grades
from cartrial.adam.laboratory.parameter import with_parameters
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject, yes_where
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.time.imputation import first_day, imputed, last_day, moment
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.cm import BRIDGING_THERAPY, Cm
from cartrial.sdtm.domains.lb import MYELOMA, Lb
from cartrial.sdtm.mapping import NOT_DONE

SERIES, NUMBER = ("USUBJID", "PARAMCD", "SPEC", "METHOD"), "\x00series"
ORDER = (*SERIES, "ADT", "LBSEQ")
IN_WORDS, UNCONVERTED = "the result is in words", "not in a known unit"


class Adlb(s.Table):
    """Laboratory analysis (ADLB): one record per result."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    LBSEQ = whole("Sequence Number of LB", "number")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    PARCAT1 = char("Parameter Category 1")
    SPEC = char("Specimen Type")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALC = char("Analysis Value (C)")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADTF = char("Analysis Date Imputation Flag")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    VISIT = char("Visit Name")
    ABLFL = yes("Baseline Record Flag")
    BASE = num("Baseline Value", unit_in="AVALU")
    CHG = num("Change from Baseline", unit_in="AVALU")
    ANRLO = num("Analysis Normal Range Lower Limit", unit_in="AVALU")
    ANRHI = num("Analysis Normal Range Upper Limit", unit_in="AVALU")
    ANRIND = char("Analysis Reference Range Indicator")
    BNRIND = char("Baseline Reference Range Indicator")
    DTYPE = char("Derivation Type")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")
    ATOXDSCL = char("Analysis Toxicity Description Low")
    ATOXGRLN = whole("Analysis Toxicity Grade Low (N)", "grade")
    ATOXLLO = whole("Grade Low, Lowest Possible", "grade")
    ATOXLHI = whole("Grade Low, Highest Possible", "grade")
    ATOXRULL = char("Rule that Decided the Grade Low")
    ATOXASKL = char("Question that Settles the Grade Low")
    ATOXWHYL = char("Why the Grade Low Is Missing")
    ATOXDSCH = char("Analysis Toxicity Description High")
    ATOXGRHN = whole("Analysis Toxicity Grade High (N)", "grade")
    ATOXHLO = whole("Grade High, Lowest Possible", "grade")
    ATOXHHI = whole("Grade High, Highest Possible", "grade")
    ATOXRULH = char("Rule that Decided the Grade High")
    ATOXASKH = char("Question that Settles the Grade High")
    ATOXWHYH = char("Why the Grade High Is Missing")
    BTOXGRLN = whole("Baseline Toxicity Grade Low (N)", "grade")
    BTOXGRHN = whole("Baseline Toxicity Grade High (N)", "grade")


def derive_adlb(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Adlb]:
    """Every laboratory result, with its baseline, the change from it, and its CTCAE grades."""
    recorded = with_subject(sdtm.of(Lb), adsl, "LDSTDT", "TRTSDTM")
    measured = recorded.select(pl.exclude("^LB.*$"), "LBSEQ", "LBDTC", *_values())
    both = pl.concat([measured, corrected_for_albumin(measured)], how="diagonal")
    results = with_parameters(both, of_blood()).sort(ORDER, nulls_last=True)
    numbered = results.with_columns(_number_of_series().alias(NUMBER))
    baselines = _baselines(numbered, bridging_ends(sdtm))
    known = numbered.join(baselines, on=NUMBER, how="left", maintain_order="left")
    later = (pl.col("ADT") > pl.col("BASEDT")).fill_null(False)
    full = known.with_columns(
        ABLFL=yes_where(pl.col("LBSEQ") == pl.col("BASESEQ")),
        CHG=pl.when(later).then(pl.col("AVAL") - pl.col("BASE")),
        SRCDOM=pl.lit("LB"),
        SRCVAR=pl.lit("LBSTRESN"),
        SRCSEQ=pl.col("LBSEQ"),
        ADY=study_day(pl.col("ADT"), pl.col("TRTSDT")),
        ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
    )
    graded = with_laboratory_grades(study, full, NUMBER)
    return declared(Adlb, graded)


def is_result() -> pl.Expr:
    """Whether something was measured, be it in words or in a unit that is not known."""
    told = pl.col("WHYMISS").is_in((IN_WORDS, UNCONVERTED)).fill_null(False)
    return pl.col("AVAL").is_not_null() | told


def before_infusion() -> pl.Expr:
    """Whether a result was taken before the infusion; of its day unless clock times are known."""
    timed = pl.col("ADTM").is_not_null() & pl.col("TRTSDTM").is_not_null()
    by_day = pl.col("ADT") <= pl.col("TRTSDT")
    return pl.when(timed).then(pl.col("ADTM") < pl.col("TRTSDTM")).otherwise(by_day)


def bridging_ends(sdtm: Sdtm) -> pl.DataFrame:
    """The last day of bridging therapy of each subject that had any."""
    given = sdtm.of(Cm).filter(pl.col("CMCAT") == BRIDGING_THERAPY)
    ended = last_day(pl.coalesce("CMENDTC", "CMSTDTC"))
    return given.group_by("USUBJID", maintain_order=True).agg(BRIDGED=ended.max())


def _values() -> tuple[pl.Expr, ...]:
    missing = pl.col("LBSTRESN").is_null()
    words = pl.when(missing).then("LBSTRESC").str.to_uppercase()
    not_done = ((pl.col("LBSTAT") == NOT_DONE) | (words == NOT_DONE)).fill_null(False)
    why = (
        pl.when(~missing)
        .then(None)
        .when(not_done)
        .then(pl.coalesce("LBREASND", pl.lit("not done")))
        .when(words.is_not_null())
        .then(pl.lit(IN_WORDS))
        .when(pl.col("LBORRES").is_not_null())
        .then(pl.lit(UNCONVERTED))
        .otherwise(pl.lit("no result"))
    )
    return (
        pl.col("LBTESTCD").alias("PARAMCD"),
        pl.col("LBTEST").alias("PARAM"),
        pl.col("LBCAT").alias("PARCAT1"),
        pl.col("LBSPEC").alias("SPEC"),
        pl.col("LBMETHOD").alias("METHOD"),
        pl.col("LBSTRESN").alias("AVAL"),
        pl.col("LBSTRESC").alias("AVALC"),
        pl.col("LBSTRESU").alias("AVALU"),
        why.alias("WHYMISS"),
        first_day(pl.col("LBDTC")).alias("ADT"),
        imputed(pl.col("LBDTC")).alias("ADTF"),
        moment(pl.col("LBDTC")).alias("ADTM"),
        pl.col("LBSTNRLO").alias("ANRLO"),
        pl.col("LBSTNRHI").alias("ANRHI"),
        pl.col("LBNRIND").alias("ANRIND"),
    )


def _number_of_series() -> pl.Expr:
    """The number of the series of each result; the results are in order."""
    each = pl.col(SERIES)
    return pl.any_horizontal(each.ne_missing(each.shift())).cum_sum()


def _baselines(results: pl.DataFrame, bridged: pl.DataFrame) -> pl.DataFrame:
    """The baseline of each numbered series that has one: value, date and record."""
    is_early = is_result() & pl.col("ADTF").is_null() & _before_treatment()
    needed = (NUMBER, "USUBJID", "PARCAT1", "ADT", "ADTM", "LBSEQ", "AVAL", "ANRIND")
    candidates = results.select(*needed, is_early=is_early).filter("is_early")
    known = candidates.join(bridged, on="USUBJID", how="left", maintain_order="left")
    after_bridging = (pl.col("ADT") > pl.col("BRIDGED")).fill_null(True)
    in_time = pl.when(pl.col("PARCAT1") == MYELOMA).then(after_bridging).otherwise(True)
    last = known.filter(in_time).sort(NUMBER, "ADT", "ADTM", "LBSEQ", nulls_last=False)
    return last.group_by(NUMBER, maintain_order=True).agg(
        BASE=pl.col("AVAL").last(),
        BNRIND=pl.col("ANRIND").last(),
        BASEDT=pl.col("ADT").last(),
        BASESEQ=pl.col("LBSEQ").last(),
    )


def _before_treatment() -> pl.Expr:
    """Whether a result was taken before lymphodepletion, or before the infusion without one."""
    conditioned = pl.col("LDSTDT").is_not_null()
    before = (
        pl.when(conditioned).then(pl.col("ADT") <= pl.col("LDSTDT")).otherwise(before_infusion())
    )
    return before.fill_null(False)
