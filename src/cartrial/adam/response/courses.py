"""The course of each infused subject's disease: its assessments, judged, and what bounds them.

    investigator    the overall responses that the investigator gave (RS)
    derived         the overall responses that the criteria give for the measured values (LB, TR)
    primary         the one of the two that the study file names
    published       best responses without their visits

Reading: responses are the investigator's; where no record names the investigator, all count. Of
two assessments on one day the lower counts. Assessments of the day of infusion or before it are no
response to it, those after death are an error and left out. A retreatment ends the time in which
responses count, as a new therapy does. An assessment whose day is not known cannot be ordered and
is left out of the course. Nothing is derived without criteria, or where nothing that could tell of
the myeloma was measured.
"""

from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial.adam.laboratory.adlb import bridging_ends
from cartrial.adam.response.myeloma import (
    diameters,
    lesions,
    mrd,
    mrd_records,
    myeloma_samples,
    of_investigator,
)
from cartrial.adam.response.myeloma_results import myeloma_results
from cartrial.adam.subject.adsl import Adsl
from cartrial.protocol.study import Study
from cartrial.response.assessed import ResponseTables
from cartrial.response.confirmation import judge
from cartrial.response.derive import derive_response
from cartrial.response.judged import Judged, Overall
from cartrial.response.mrd import MrdStatus, judge_mrd
from cartrial.response.sample import FollowUp, Lesion, Mrd, Sample
from cartrial.response.scale import RANK, RESPONSES
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.lb import Lb
from cartrial.sdtm.domains.rs import Rs, is_by_imaging
from cartrial.sdtm.domains.tr import Tr
from cartrial.sdtm.study_day import calendar_day

SPELT = {name.lower(): name for name in RESPONSES} | {
    "stringent complete response": "sCR",
    "complete response": "CR",
    "very good partial response": "VGPR",
    "partial response": "PR",
    "minimal response": "MR",
    "stable disease": "SD",
    "progressive disease": "PD",
    "not evaluable": "NE",
}
OF_DISEASE = ("MYELOMA", "PROGRESSIVE DISEASE", "DISEASE PROGRESSION")
TELLING = ("serum", "urine", "kappa", "lambda_", "marrow", "circulating")  # of the myeloma
OVERALL, BEST = TESTS = ("OVRLRESP", "BESTRESP")  # of response, in RS
NEEDED = (  # of RS
    *("USUBJID", "RSSEQ", "RSTESTCD", "RSORRES", "RSSTRESC", "RSSTAT", "RSEVAL", "RSDTC", "VISIT"),
    *("RSCONF", "RSPDBY", "PDIFL", "RSDUR", "RSDURU", "RSONGO"),
)
DAYS = {"DAYS": 1.0, "WEEKS": 7.0, "MONTHS": 30.4375}


class Published(s.Table):
    """A best response without its visits, as published.  Key: subject."""

    subject = s.subject_key()
    response = s.code("Best response", RESPONSES)
    confirmed = s.flag("Confirmed", nullable=True)
    number = s.count("Number of the record", "number")
    duration = s.number("Duration of response", "day", nullable=True)
    ongoing = s.flag("Response ongoing", nullable=True)


@dataclass(frozen=True)
class Recorded:
    """What was recorded of the disease of everybody, infused or not, read once.

    The investigator's overall responses, MRD, what adam.response.myeloma_results makes of the
    laboratory, and the diameters of lesions.
    """

    responses: pl.DataFrame
    mrd: pl.DataFrame
    results: pl.DataFrame
    diameters: pl.DataFrame


@dataclass(frozen=True)
class Courses:
    """The courses of the infused subjects; subjects are USUBJID.

    `follow_up` has a row for each, in the order of ADSL. `tables` is what the criteria say of each
    assessment and why; null where nothing could be derived, and `derived` is empty then.
    """

    follow_up: s.DataFrame[FollowUp]
    investigator: s.DataFrame[Judged]
    derived: s.DataFrame[Judged]
    primary: s.DataFrame[Judged]
    tables: ResponseTables | None
    published: s.DataFrame[Published]
    mrd: s.DataFrame[MrdStatus]
    recorded: Recorded


def disease_courses(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> Courses:
    """The courses of the infused subjects, by the investigator and by the criteria."""
    bounds, recorded = follow_up(sdtm, adsl), recorded_disease(sdtm)
    tables = _derived(study, sdtm, adsl, bounds, recorded)
    plan = study.response
    by_visit = _investigated(recorded.responses, bounds)
    investigator = judge(by_visit, bounds, method=plan.confirmation)
    derived = judge(_by_criteria(tables), bounds, method=plan.confirmation)
    primary = derived if plan.primary == "derived" else investigator
    return Courses(
        follow_up=bounds,
        investigator=investigator,
        derived=derived,
        primary=primary,
        tables=tables,
        published=_published(sdtm, bounds, investigator),
        mrd=_mrd(study, mrd(recorded.mrd, adsl), bounds, primary),
        recorded=recorded,
    )


def recorded_disease(sdtm: Sdtm) -> Recorded:
    """What was recorded of the disease."""
    return Recorded(
        responses=overall_responses(sdtm),
        mrd=mrd_records(sdtm),
        results=myeloma_results(sdtm),
        diameters=diameters(sdtm),
    )


def is_response_collected(sdtm: Sdtm) -> bool:
    """Whether the investigator's response was collected; MRD alone does not tell of it."""
    tests = sdtm.of(Rs)["RSTESTCD"]
    return sdtm.has(Rs) and (tests.is_empty() or tests.is_in(TESTS).any())


def follow_up(sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> s.DataFrame[FollowUp]:
    """What bounds the time in which the responses of each infused subject count."""
    infused = adsl.filter(pl.col("SAFFL") == "Y")
    bridged = infused.join(bridging_ends(sdtm), on="USUBJID", how="left", maintain_order="left")
    told = sdtm.of(Rs).filter(pl.col("DTHPDFL") == "Y")["USUBJID"].unique().to_list()
    died = (pl.col("DTHFL") == "Y").fill_null(False)
    of_disease = pl.col("DTHCAUS").str.to_uppercase().is_in(OF_DISEASE).fill_null(False)
    return FollowUp.cast(
        bridged.select(
            subject="USUBJID",
            infused="TRTSDT",
            before=pl.min_horizontal("LDSTDT", "TRTSDT"),
            after="BRIDGED",
            new_therapy=pl.min_horizontal("NACTDT", "RETRTDT"),
            died=died,
            death="DTHDT",
            died_of_disease=(died & of_disease) | pl.col("USUBJID").is_in(told),
        )
    )


# ---------------------------------------------------------------- by the investigator
def overall_responses(sdtm: Sdtm) -> pl.DataFrame:
    """The investigator's overall responses, as they are spelt in the criteria (RESPONSE)."""
    return _spelt(sdtm, OVERALL).with_columns(ADT=calendar_day(pl.col("RSDTC")))


def _spelt(sdtm: Sdtm, test: str) -> pl.DataFrame:
    records = sdtm.of(Rs).select(NEEDED).filter(pl.col("RSTESTCD") == test)
    chosen = of_investigator(records, "RSEVAL")
    word = pl.coalesce("RSSTRESC", "RSORRES").str.strip_chars().str.to_lowercase()
    return chosen.with_columns(
        RESPONSE=word.replace_strict(SPELT, default=None, return_dtype=pl.String)
    )


def _investigated(responses: pl.DataFrame, bounds: s.DataFrame[FollowUp]) -> s.DataFrame[Overall]:
    """The assessments between infusion and death, one a day: the lowest of it, NE last."""
    assessed = responses.select(
        subject="USUBJID",
        on="ADT",
        number="RSSEQ",
        response="RESPONSE",
        confirmed=_answer("RSCONF"),
        by_imaging=is_by_imaging(),
    )
    known = assessed.drop_nulls(["on", "response"]).join(
        bounds.select("subject", "infused", "death"), on="subject"
    )
    after = (pl.col("on") > pl.col("infused")).fill_null(True)
    alive = (pl.col("on") <= pl.col("death")).fill_null(True)
    order = pl.col("response").replace_strict(RANK | {"NE": len(RANK)}, return_dtype=pl.Int8)
    first = known.filter(after, alive).sort("subject", "on", order, "number")
    return Overall.cast(first.unique(["subject", "on"], keep="first", maintain_order=True))


def _published(
    sdtm: Sdtm, bounds: s.DataFrame[FollowUp], judged: s.DataFrame[Judged]
) -> s.DataFrame[Published]:
    """The best responses of those without an assessment; of several the last."""
    days = pl.col("RSDURU").replace_strict(DAYS, default=None, return_dtype=pl.Float64)
    best = _spelt(sdtm, BEST).sort("USUBJID", "RSSEQ")
    given = best.unique("USUBJID", keep="last", maintain_order=True).select(
        subject="USUBJID",
        response="RESPONSE",
        confirmed=_answer("RSCONF"),
        number="RSSEQ",
        duration=pl.col("RSDUR") * days,
        ongoing=_answer("RSONGO"),
    )
    infused = given.drop_nulls("response").join(bounds, on="subject", how="semi")
    return Published.cast(infused.join(judged, on="subject", how="anti", maintain_order="left"))


def _answer(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(
        {"Y": True, "N": False}, default=None, return_dtype=pl.Boolean
    )


# ---------------------------------------------------------------- by the criteria
def _derived(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    bounds: s.DataFrame[FollowUp],
    recorded: Recorded,
) -> ResponseTables | None:
    if study.criteria is None or not (sdtm.has(Lb) or sdtm.has(Tr)):
        return None
    samples, seen = myeloma_samples(recorded.results, adsl), lesions(recorded.diameters, adsl)
    if not _is_telling(samples, seen):
        return None
    together = study.response.together
    return derive_response(study.criteria, samples, seen, bounds, together=together)


def _is_telling(samples: s.DataFrame[Sample], seen: s.DataFrame[Lesion]) -> bool:
    """Whether anything was measured that could tell of the myeloma."""
    known = samples.select(pl.any_horizontal(pl.col(TELLING).is_not_null()).any()).item()
    return bool(known) or not seen.is_empty()


def _by_criteria(tables: ResponseTables | None) -> s.DataFrame[Overall]:
    if tables is None:
        return s.empty(Overall)
    unsaid = pl.lit(None, dtype=pl.Boolean)
    columns = ("subject", "on", "number", "response", "by_imaging")
    return Overall.cast(tables.assessed.select(*columns, confirmed=unsaid))


def _mrd(
    study: Study,
    results: s.DataFrame[Mrd],
    bounds: s.DataFrame[FollowUp],
    primary: s.DataFrame[Judged],
) -> s.DataFrame[MrdStatus]:
    """MRD by the primary response; nobody's where it was not collected or there are no criteria."""
    if study.criteria is None or results.is_empty():
        return s.empty(MrdStatus)
    together = study.response.together
    return judge_mrd(study.criteria, results, primary, bounds, together=together)
