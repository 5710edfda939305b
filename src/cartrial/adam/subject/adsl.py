"""Subject-level analysis (ADSL): one record per subject.

From: DM, EX, DS, PR, SC, SS, SV, CM, RS; the sets that depend on an endpoint come from ADDL, ADRS,
ADPC, and by what the disease is measured (MEASBY) from LB and TR.

    enrolled              every subject of DM
    infused (safety)      any infusion of the product, dated or not
    DLT-evaluable         DLT, or the window completed without one
    response-evaluable    infused, measurable disease at baseline, a response assessed after it
    cellular kinetics     at least one quantifiable CAR measurement after infusion

Reading: two years are completed by a subject followed alive to day 730 less the window of that
visit (28 days); a death before that day is no completion. New anti-myeloma therapy is the first
recorded after the infusion, in CM or beside a response of another system (NACTDT of RS). Time since
diagnosis runs to consent, or where that date is missing to the infusion. The dose level planned is
the one assigned at the data cut.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.alive import death_date, deaths, last_alive, last_safety
from cartrial.adam.subject.disposition import protocol_version, study_ends, study_status
from cartrial.adam.subject.exposure import (
    dose_ratio,
    first_infusions,
    first_lymphodepletion,
    level_of_arm,
)
from cartrial.adam.subject.history import histories, months_since_diagnosis
from cartrial.adam.time.day import infusion_day
from cartrial.adam.time.imputation import first_day, imputed, last_day
from cartrial.adam.variable import char, num, stamp, usubjid, whole, yes, yes_no, ymd
from cartrial.protocol.study import Study
from cartrial.sdtm.arm import arm_label
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.pr import Pr
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.study_day import calendar_day

END_OF_STUDY, WINDOW = 730, 28  # days, where the study has no schedule
POPULATIONS = ("ENRLFL", "APHFL", "SAFFL", "DLTEVLFL", "RSPEVLFL", "PKFL")  # Y or N, never empty
NEW_THERAPY = "NEW ANTI-MYELOMA THERAPY"


class Adsl(s.Table):
    """Subject-level analysis (ADSL): one record per subject."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    SUBJID = char("Subject Identifier for the Study", "Req")
    SITEID = char("Study Site Identifier")
    AGE = num("Age", unit_in="AGEU")
    AGEU = char("Age Units")
    SEX = char("Sex")
    RACE = char("Race", private=True)
    COUNTRY = char("Country")
    ARMCD = char("Planned Arm Code")
    ARM = char("Description of Planned Arm")
    ACTARMCD = char("Actual Arm Code")
    ACTARM = char("Description of Actual Arm")
    TRT01P = char("Planned Treatment for Period 01")
    TRT01PN = whole("Planned Treatment for Period 01 (N)", "level")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    RFICDT = ymd("Date of Informed Consent")
    APHERDT = ymd("Date of First Leukapheresis")
    LDSTDT = ymd("Date of First Lymphodepletion")
    TRTSDT = ymd("Date of First CAR-T Infusion")
    TRTSDTM = stamp("Datetime of First CAR-T Infusion")
    TRTEDT = ymd("Date of Last CAR-T Infusion")
    RETRTDT = ymd("Date of Retreatment with CAR-T")
    NACTDT = ymd("Date of New Anti-Myeloma Therapy")
    LSTSAFDT = ymd("Date of Last Safety Assessment")
    LSTALVDT = ymd("Date Last Known Alive")
    LALVSRC = char("Source of Date Last Known Alive")
    DTHDT = ymd("Date of Death")
    DTHDTF = char("Date of Death Imputation Flag")
    DTHFL = yes("Subject Death Flag")
    DTHCAUS = char("Cause of Death")
    DTHADJFL = yes("Cause of Death Adjudicated Flag")
    DTHAENO = whole("Adverse Event That Caused Death", "number")
    DTHCARFL = yes("Death Related to the CAR-T Flag")
    EOSDT = ymd("End of Study Date")
    EOSSTT = char("End of Study Status")
    DCSREAS = char("Reason for Discontinuation from Study")
    ENRLFL = yes_no("Enrolled Population Flag")
    APHFL = yes_no("Leukapheresed Population Flag")
    SAFFL = yes_no("Safety Population (Infused) Flag")
    DLTEVLFL = yes_no("DLT-Evaluable Population Flag")
    RSPEVLFL = yes_no("Response-Evaluable Population Flag")
    PKFL = yes_no("Cellular Kinetics Population Flag")
    CARDOSP = num("Planned CAR-T Dose", unit_in="CARDOSU")
    CARDOSA = num("CAR-T Dose Given", unit_in="CARDOSU")
    CARDOSU = char("CAR-T Dose Unit")
    CARDOSR = num("Dose Given as a Fraction of Planned", "fraction")
    FUDUR = whole("Follow-up from Infusion", "day")
    COMP2YFL = yes("Completed 2 Years Flag")
    PROTVER = char("Protocol Version at Consent")
    MDXDUR = num("Time since Diagnosis", "month")
    HVCHAIN = char("Heavy Chain")
    LTCHAIN = char("Light Chain")
    ISS = char("ISS Stage")
    RISS = char("R-ISS Stage")
    HIRISKFL = yes_no("High-Risk Cytogenetics Flag")
    EMDFL = yes_no("Extramedullary Disease Flag")
    PRIORLN = whole("Prior Lines of Therapy", "lines")
    PRIORTFL = yes_no("Prior Autologous Transplant Flag")
    TRIPRFL = yes_no("Triple-Class Refractory Flag")
    ECOG = whole("ECOG Performance Status", "grade")
    BCMAPOS = num("BCMA-Positive Plasma Cells", "%")
    MEASBY = char("Disease Is Measurable by")


def derive_adsl(study: Study, sdtm: Sdtm) -> s.DataFrame[Adsl]:
    """The subjects as known at the cut; the sets that depend on an endpoint are still empty."""
    joined = sdtm.of(Dm).drop("DTHDTC", "DTHFL")
    for part in (
        first_infusions(study, sdtm),
        first_lymphodepletion(study, sdtm),
        leukaphereses(sdtm),
        last_safety(sdtm),
        last_alive(sdtm),
        deaths(sdtm),
        study_ends(sdtm),
        histories(sdtm),
    ):
        joined = joined.join(part, on="USUBJID", how="left", maintain_order="left")
    dated = _dated(joined)
    treated = dated.join(
        new_therapies(sdtm, dated), on="USUBJID", how="left", maintain_order="left"
    )
    full = treated.with_columns(*_milestones(study))
    named = full.with_columns(protocol_version(study, full["RFICDT"]))
    return _declared(named)


def with_populations(
    adsl: s.DataFrame[Adsl],
    *,
    dlt: list[str],
    response: list[str],
    kinetics: list[str],
    measured_by: Mapping[str, str],
) -> s.DataFrame[Adsl]:
    """The subjects with the sets that depend on an endpoint, given as lists of USUBJID.

    `measured_by` says for a subject by what its disease can be measured.
    """
    sets = {"DLTEVLFL": dlt, "RSPEVLFL": response, "PKFL": kinetics}
    flags = [
        pl.when(pl.col("USUBJID").is_in(members)).then(pl.lit("Y")).alias(name)
        for name, members in sets.items()
    ]
    measure = pl.col("USUBJID").replace_strict(measured_by, default=None, return_dtype=pl.String)
    return _declared(adsl.with_columns(*flags, MEASBY=measure))


def last_day_of_study(study: Study) -> int:
    """The day of the last visit of the time frame, counted from the infusion."""
    return study.schedule.end_of_study if study.schedule else END_OF_STUDY


def first_day_of_last_visit(study: Study) -> int:
    """The day from which on the last visit of the time frame may be held."""
    visits = study.schedule.visits if study.schedule else ()
    last = last_day_of_study(study)
    return last - next((visit.before for visit in visits if visit.day == last), WINDOW)


def leukaphereses(sdtm: Sdtm) -> pl.DataFrame:
    """The first leukapheresis of each subject that had one."""
    done = sdtm.of(Pr).filter(pl.col("PRTRT").str.to_uppercase() == "LEUKAPHERESIS")
    return done.group_by("USUBJID", maintain_order=True).agg(
        APHERDT=calendar_day(pl.col("PRSTDTC")).min(), APHFL=pl.lit("Y").first()
    )


def new_therapies(sdtm: Sdtm, adsl: pl.DataFrame) -> pl.DataFrame:
    """The first new anti-myeloma therapy after the infusion, at its first possible day."""
    given = sdtm.of(Cm).filter(pl.col("CMCAT") == NEW_THERAPY).select("USUBJID", began="CMSTDTC")
    told = sdtm.of(Rs).filter(pl.col("NACTDT").is_not_null()).select("USUBJID", began="NACTDT")
    known = pl.concat([given, told]).join(
        adsl.select("USUBJID", "TRTSDT"), on="USUBJID", maintain_order="left"
    )
    started = pl.max_horizontal(first_day(pl.col("began")), pl.col("TRTSDT"))
    after = (last_day(pl.col("began")) > pl.col("TRTSDT")).fill_null(False)
    return known.filter(after).group_by("USUBJID", maintain_order=True).agg(NACTDT=started.min())


def _dated(joined: pl.DataFrame) -> pl.DataFrame:
    """Death and last known alive, which later dates depend on."""
    return joined.with_columns(DTHDT=death_date(), DTHDTF=imputed(pl.col("DTHDTC")))


def _milestones(study: Study) -> list[pl.Expr]:
    ended, status, reason = study_status()
    alive = pl.coalesce("DTHDT", "LASTSEEN")
    followed = infusion_day(alive, pl.col("TRTSDT"))
    consent = calendar_day(pl.col("RFICDTC"))
    done = followed >= first_day_of_last_visit(study)
    infused = pl.col("SAFFL").is_not_null()
    return [
        consent.alias("RFICDT"),
        alive.alias("LSTALVDT"),
        pl.when(pl.col("DTHDT").is_null())
        .then("SEENIN")
        .otherwise(pl.lit("DTHDT"))
        .alias("LALVSRC"),
        followed.alias("FUDUR"),
        ended,
        status,
        reason,
        pl.lit("Y").alias("ENRLFL"),
        level_of_arm(study, "ARMCD").alias("TRT01PN"),
        pl.col("ARM").alias("TRT01P"),
        arm_label(study, pl.col("TRT01AN")).alias("TRT01A"),
        pl.when(infused).then(pl.lit(study.doses.unit)).alias("CARDOSU"),
        dose_ratio("CARDOSA", "CARDOSP").alias("CARDOSR"),
        pl.when((infused & done).fill_null(False)).then(pl.lit("Y")).alias("COMP2YFL"),
        _yes("DTHADJ").alias("DTHADJFL"),
        _yes("DTHCART").alias("DTHCARFL"),
        months_since_diagnosis(pl.coalesce(consent, "TRTSDT")).alias("MDXDUR"),
    ]


def _yes(answer: str) -> pl.Expr:
    return pl.when(pl.col(answer) == "Y").then(pl.lit("Y"))


def _declared(frame: pl.DataFrame) -> s.DataFrame[Adsl]:
    cells = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in s.empty(Adsl).schema.items()
    ]
    answered = [pl.col(name).fill_null("N") for name in POPULATIONS]
    return Adsl.cast(frame.select(cells).with_columns(answered).sort("USUBJID"))
