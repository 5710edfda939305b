"""Scores (ADSCORE): one record per infused subject and score.

From: ADLB, ADSL, ADTTE (progression); ADCE and ADTOX (CRS, ICANS) where they were derived.

    ICAHTE, ICAHTL      ICAHT by neutrophils, early and late       grade
    TICAHTE, TICAHTL    T-ICAHT by platelets, early and late       grade
    HEMATOX             CAR-HEMATOTOX at baseline                  points
    EASIX               EASIX at baseline                          index
    IECHS               screen for IEC-HS, positive is 1           screen
    IECFERR, IECRISE    its evidence: the ferritin that tells, its rise, and how many
    IECCOM, IECSUP      common and supporting criteria are met

AVAL is the settled value, AVALC the same in words, AVALCAT1 its class (risk, criterion met or not);
AVALLO and AVALHI are what the known inputs leave. A score of which an analyte was collected of
nobody has no records. The screen for IEC-HS is no grade: that is the investigator's.

Reading: counts are followed to death, progression, new therapy or retreatment, whichever is first,
else to the date last known alive. Baselines are those of ADLB, in the standard unit of the analyte.
"""

from collections.abc import Iterator

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adce import Adce
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.laboratory.blood_count import blood_values
from cartrial.adam.score.follow_up import followed
from cartrial.adam.score.iec_hs import ANALYTES, screened
from cartrial.adam.score.iec_hs import NAMES as IEC_HS
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import TREATMENT, declared, with_subject
from cartrial.adam.survival.adtte import Adtte
from cartrial.adam.time.day import infusion_day
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes_no, ymd
from cartrial.grading.car_hematotox import derive_car_hematotox
from cartrial.grading.easix import derive_easix
from cartrial.grading.grade import in_words
from cartrial.grading.icaht import derive_icaht
from cartrial.grading.t_icaht import derive_t_icaht

NAMES = {
    "ICAHTE": "Early ICAHT, Day 0 to 30",
    "ICAHTL": "Late ICAHT, Day 31 to 100",
    "TICAHTE": "Early T-ICAHT, Day 0 to 30",
    "TICAHTL": "Late T-ICAHT, Day 31 to 100",
    "HEMATOX": "CAR-HEMATOTOX",
    "EASIX": "EASIX",
    **IEC_HS,
}
BASELINE = {
    "HEMATOX": {
        "NEUT": "anc",
        "HGB": "haemoglobin",
        "PLAT": "platelets",
        "CRP": "crp",
        "FERRITIN": "ferritin",
    },
    "EASIX": {"LDH": "ldh", "CREAT": "creatinine", "PLAT": "platelets"},
}
CODES = {"NEUT", "PLAT"}.union(ANALYTES, *BASELINE.values())
NO_DAY = "the day of infusion is not known"
WORST = 4  # grade of ICAHT


class Adscore(s.Table):
    """Scores (ADSCORE): one record per infused subject and score."""

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
    AVALC = char("Analysis Value (C)")
    AVALCAT1 = char("Analysis Value Category 1")
    AVALU = char("Analysis Value Unit")
    AVALLO = num("Lowest Possible Value", unit_in="AVALU")
    AVALHI = num("Highest Possible Value", unit_in="AVALU")
    DERTXT = char("Rule and Evidence")
    MISSTXT = char("Inputs that Are Missing")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    SRCDOM = char("Source Data")


def derive_adscore(
    adsl: s.DataFrame[Adsl],
    adlb: s.DataFrame[Adlb],
    times: s.DataFrame[Adtte],
    episodes: s.DataFrame[Adce] | None,
    assessed: s.DataFrame[Adtox],
) -> s.DataFrame[Adscore]:
    """The scores of every infused subject; without `episodes` CRS and ICANS are not known."""
    values = blood_values(adlb, adsl, CODES)
    infused = adsl.filter(pl.col("SAFFL") == "Y").select("USUBJID")
    found = [
        *_icaht(values, infused, followed(adsl, times)),
        *_at_baseline(values, infused),
        *_iec_hs(values, infused, episodes, assessed),
    ]
    empty = s.empty(Adscore).drop("STUDYID", *TREATMENT)
    scores = pl.concat([empty, *found], how="diagonal_relaxed")
    known = with_subject(scores, adsl, "STUDYID").with_columns(
        PARAM=pl.col("PARAMCD").replace_strict(NAMES, return_dtype=pl.String),
        ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
        SRCDOM=pl.lit("ADLB"),
    )
    return declared(Adscore, known, ("PARAMCD",))


# ---------------------------------------------------------------- ICAHT and T-ICAHT
def _icaht(
    values: pl.DataFrame, infused: pl.DataFrame, follow_up: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    for name, code, derive in (("ICAHT", "NEUT", derive_icaht), ("TICAHT", "PLAT", derive_t_icaht)):
        counts = values.filter(pl.col("PARAMCD") == code)
        if counts.is_empty():
            continue
        dated = counts.filter(pl.col("ADAY").is_not_null()).select(
            subject="USUBJID", day="ADAY", value="AVAL"
        )
        graded = infused.join(
            derive(dated, follow_up), left_on="USUBJID", right_on="subject", how="left"
        )
        for phase, letter in (("early", "E"), ("late", "L")):
            yield _phase(graded, phase).with_columns(PARAMCD=pl.lit(f"{name}{letter}"))


def _phase(graded: pl.DataFrame, phase: str) -> pl.DataFrame:
    missing, rule = pl.col(f"{phase}_missing"), pl.col(f"{phase}_rule")
    why = pl.coalesce(pl.format("not known: {}", missing), rule, pl.lit(NO_DAY))
    return graded.select(
        "USUBJID",
        AVAL=pl.col(phase),
        AVALC=pl.col(f"{phase}_words").fill_null(in_words(0, WORST)),
        AVALU=pl.lit("grade"),
        AVALLO=pl.col(f"{phase}_lowest").fill_null(0),
        AVALHI=pl.col(f"{phase}_highest").fill_null(WORST),
        DERTXT=rule,
        MISSTXT=missing,
        WHYMISS=pl.when(pl.col(phase).is_null()).then(why),
    )


# ---------------------------------------------------------------- scores at baseline
def _at_baseline(values: pl.DataFrame, infused: pl.DataFrame) -> Iterator[pl.DataFrame]:
    collected = set(values["PARAMCD"].unique())
    at_baseline = values.filter(pl.col("ABLFL") == "Y").sort("ADT", "LBSEQ")
    for name, score in (("HEMATOX", _hematotox), ("EASIX", _easix)):
        inputs = BASELINE[name]
        if not collected >= inputs.keys():
            continue
        given = [
            pl.col("AVAL").filter(pl.col("PARAMCD") == code).last().alias(label)
            for code, label in inputs.items()
        ]
        baselines = (
            at_baseline.filter(pl.col("PARAMCD").is_in(inputs.keys()))
            .group_by("USUBJID")
            .agg(pl.col("ADT").max(), *given)
        )
        known = infused.join(baselines, on="USUBJID", how="left", maintain_order="left")
        yield known.select("USUBJID", "ADT").hstack(score(known)).with_columns(PARAMCD=pl.lit(name))


def _hematotox(values: pl.DataFrame) -> pl.DataFrame:
    unknown = pl.format("{} not known", "missing")
    return derive_car_hematotox(values).select(
        AVAL="certain",
        AVALCAT1="risk",
        AVALU=pl.lit("points"),
        AVALLO="lowest",
        AVALHI="highest",
        DERTXT="rule",
        MISSTXT="missing",
        WHYMISS=pl.when(pl.col("certain").is_null()).then(unknown),
    )


def _easix(values: pl.DataFrame) -> pl.DataFrame:
    return derive_easix(values).select(
        AVAL="value",
        AVALU=pl.lit("index"),
        AVALLO="value",
        AVALHI="value",
        DERTXT="rule",
        WHYMISS="why_missing",
    )


# ---------------------------------------------------------------- the screen for IEC-HS
def _iec_hs(
    values: pl.DataFrame,
    infused: pl.DataFrame,
    episodes: pl.DataFrame | None,
    assessed: pl.DataFrame,
) -> Iterator[pl.DataFrame]:
    if not values.filter(pl.col("PARAMCD") == "FERRITIN").is_empty():
        yield from screened(values, infused, episodes, assessed)
