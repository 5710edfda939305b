"""SDTM to ADaM: the data are cut, the subjects made, then each dataset from them.

A dataset whose source was not collected is absent. The sets of ADSL that depend on an endpoint
(DLT-evaluable, response-evaluable, kinetics) are made last, from the datasets of that endpoint.

To add a dataset: write its module and add a line here and in `adam.dataset`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import Adae, derive_adae, with_derived_grades
from cartrial.adam.adverse.adce import Adce, derive_adce
from cartrial.adam.adverse.adcm import derive_adcm
from cartrial.adam.adverse.adtox import Adtox, derive_adtox
from cartrial.adam.adverse.bedside import Assessments, assessments, graded_assessments
from cartrial.adam.adverse.episode import matched_episodes
from cartrial.adam.cut import cut_sdtm, last_date
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.adam.dose_limiting.addl import Addl, derive_addl
from cartrial.adam.dose_limiting.addlev import derive_addlev, held_against, rules_of
from cartrial.adam.dose_limiting.adjudication import adjudications
from cartrial.adam.dose_limiting.decisions import committee_decisions, decision_findings
from cartrial.adam.evaluable import (
    disease_measured_by,
    dlt_evaluable,
    kinetics_evaluable,
    response_evaluable,
)
from cartrial.adam.findings import adam_findings
from cartrial.adam.kinetics.adpc import derive_adpc
from cartrial.adam.kinetics.adpp import derive_adpp
from cartrial.adam.laboratory.adlb import Adlb, derive_adlb
from cartrial.adam.laboratory.advs import derive_advs
from cartrial.adam.response.adrs import derive_adrs
from cartrial.adam.response.courses import Courses, disease_courses, is_response_collected
from cartrial.adam.score.adscore import derive_adscore
from cartrial.adam.subject.adex import derive_adex
from cartrial.adam.subject.adsl import Adsl, derive_adsl, with_populations
from cartrial.adam.subject.alive import is_vital_status_collected
from cartrial.adam.summed import Tables
from cartrial.adam.survival.adtte import Adtte, derive_adtte
from cartrial.adam.toxicity import toxicities
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.cp import Cp
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ex import Ex
from cartrial.sdtm.domains.lb import Lb
from cartrial.sdtm.domains.pc import Pc
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.domains.vs import Vs


def derive_adam(study: Study, sdtm: Sdtm, cutoff: dt.date | None = None) -> Adam:
    """The analysis datasets at the data cut; without one, the last date in the data."""
    cut_at = cutoff or last_date(sdtm)
    known = cut_sdtm(study, sdtm, cut_at)
    adsl = derive_adsl(study, known)
    courses = disease_courses(study, known, adsl)
    seen = assessments(study, known, adsl)
    tables = {
        **_safety(study, known, adsl, cut_at, seen),
        **_beside(study, known, adsl, cut_at),
        **_efficacy(study, known, adsl, courses),
        **_laboratory(study, known, adsl),
    }
    tables |= _scores(adsl, tables)
    tables |= _dose_limiting(study, known, adsl, tables, cut_at)
    tables["ADSL"] = with_populations(
        adsl,
        dlt=dlt_evaluable(tables),
        response=response_evaluable(study, courses, tables),
        kinetics=kinetics_evaluable(tables),
        measured_by=disease_measured_by(courses),
    )
    ordered = {name: tables[name] for name in DATASETS if name in tables}
    decisions = committee_decisions(sdtm, cut_at)
    made = Adam(ordered, cut_at, margins=sdtm.margins, decisions=decisions)
    findings = (
        *sdtm.findings,
        *adam_findings(study, known, ordered, courses, seen),
        *decision_findings(sdtm, decisions, made.of(Adsl), made.of(Addl)),
    )
    return replace(made, findings=findings)


def derive_dose_limiting(study: Study, sdtm: Sdtm, cutoff: dt.date) -> Adam:
    """The subjects and their DLT status alone, at the data cut; the sets of ADSL are not made."""
    known = cut_sdtm(study, sdtm, cutoff)
    adsl = derive_adsl(study, known)
    tables = _safety(study, known, adsl, cutoff, assessments(study, known, adsl))
    if known.has(Lb):
        tables["ADLB"] = derive_adlb(study, known, adsl)
    tables |= _dose_limiting(study, known, adsl, tables, cutoff)
    status = {"ADDL": tables["ADDL"]} if "ADDL" in tables else {}
    return Adam({"ADSL": pl.DataFrame(adsl), **status}, cutoff)


def _safety(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    cutoff: dt.date | None,
    seen: Assessments,
) -> dict[str, pl.DataFrame]:
    """Exposure, adverse events, CRS and ICANS."""
    tables: dict[str, pl.DataFrame] = {}
    events = derive_adae(study, sdtm, adsl, cutoff)
    graded = graded_assessments(seen)
    episodes = matched_episodes(graded, events)
    adae = with_derived_grades(events, episodes)
    if sdtm.has(Ex):
        tables["ADEX"] = derive_adex(study, sdtm, adsl)
    if sdtm.has(Ae):
        tables["ADAE"] = adae
    if not graded.is_empty():
        tables["ADTOX"] = derive_adtox(graded, episodes, adsl)
    if not graded.is_empty() or (sdtm.has(Ae) and _tells_syndromes(sdtm.of(Ae))):
        tables["ADCE"] = derive_adce(study, sdtm, adsl, adae, episodes, cutoff)
    return tables


def _beside(
    study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl], cutoff: dt.date | None
) -> dict[str, pl.DataFrame]:
    """What was given beside the CAR-T, and vital signs."""
    tables: dict[str, pl.DataFrame] = {}
    if sdtm.has(Cm):
        tables["ADCM"] = derive_adcm(study, sdtm, adsl, cutoff)
    if sdtm.has(Vs):
        tables["ADVS"] = derive_advs(study, sdtm, adsl)
    return tables


def _dose_limiting(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    tables: Mapping[str, pl.DataFrame],
    cutoff: dt.date | None,
) -> dict[str, pl.DataFrame]:
    """The clauses and pause rules held against the toxicities, and the DLT status of each."""
    found: dict[str, pl.DataFrame] = {}
    known = Adam(tables, cutoff)
    adae, rules = known.of(Adae), rules_of(study)
    toxic = toxicities(rules, sdtm, known, adsl) if rules else {}
    held = held_against(study, toxic)
    verdicts = adjudications(study, sdtm, adsl)
    if rules and any(name in tables for name in ("ADAE", "ADTOX", "ADLB")):
        found["ADDLEV"] = derive_addlev(adsl, adae, verdicts, held)
    if study.dlt is not None and _tells_toxicity(sdtm):
        found["ADDL"] = derive_addl(study, sdtm, adsl, adae, cutoff, verdicts=verdicts, held=held)
    return found


def _tells_toxicity(sdtm: Sdtm) -> bool:
    """Whether the data could tell of a DLT: events, visits, or a verdict."""
    return sdtm.has(Ae) or sdtm.has(Sv) or sdtm.of(Dm)["DLTADJ"].is_not_null().any()


def _efficacy(
    study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl], courses: Courses
) -> dict[str, pl.DataFrame]:
    """Response and time to event."""
    judged, derived = is_response_collected(sdtm), courses.tables is not None
    times = derive_adtte(
        study,
        adsl,
        courses,
        by_visit=derived if study.response.primary == "derived" else judged,
        by_death=is_vital_status_collected(sdtm),
        by_therapy=sdtm.has(Cm) or adsl["NACTDT"].count() > 0,
    )
    responses = {"ADRS": derive_adrs(sdtm, adsl, courses)} if judged or derived else {}
    return {**responses, "ADTTE": times}


def _laboratory(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> dict[str, pl.DataFrame]:
    """Laboratory values and CAR kinetics."""
    tables: dict[str, pl.DataFrame] = {}
    if sdtm.has(Lb):
        tables["ADLB"] = derive_adlb(study, sdtm, adsl)
    if sdtm.has(Pc) or sdtm.has(Cp):
        adpc = derive_adpc(study, sdtm, adsl)
        tables["ADPC"] = adpc
        tables["ADPP"] = derive_adpp(adpc, adsl)
    return tables


def _scores(adsl: s.DataFrame[Adsl], tables: Tables) -> dict[str, pl.DataFrame]:
    """The scores, where their analytes were collected; they need all else but ADSL's sets."""
    known = Adam(tables, None)
    if not known.has(Adlb):
        return {}
    scores = derive_adscore(
        adsl,
        known.of(Adlb),
        known.of(Adtte),
        known.of(Adce) if known.has(Adce) else None,
        known.of(Adtox),
    )
    return {} if scores.is_empty() else {"ADSCORE": scores}


def _tells_syndromes(events: s.DataFrame[Ae]) -> bool:
    """Whether the adverse events say which are CRS and ICANS, or by which scale they are graded."""
    return events.is_empty() or bool(events["AECAT"].count() or events["AESCALE"].count())
