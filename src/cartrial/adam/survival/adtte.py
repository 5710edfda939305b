"""Time to event (ADTTE): response, progression, next therapy, survival.

From: ADSL; RS, or LB and TR, as the response criteria of the study judge them.

AVAL is in days, the start is 0. EVNTDESC says which event it was, or as what the subject was
censored; CNSDTDSC by what; SRCDOM, SRCVAR and SRCSEQ name the record. A response
derived by the criteria has no single record: ASSNUM names its assessment in ADRS. EVTYPE tells
competing events apart.

Reading: a death without a date is an event without a time; so is an event dated before the start,
and a censoring then has none either. Where progression was not recorded by visit, the time is
unknown: no row is invented from a best response.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.response.courses import Courses
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject
from cartrial.adam.survival.censoring import censored_by_fda, planned_assessments
from cartrial.adam.survival.endpoint import ENDPOINTS
from cartrial.adam.survival.event_time import event_times
from cartrial.adam.survival.milestone import CRITERIA, INVESTIGATOR, Evaluator, milestones, subjects
from cartrial.adam.variable import char, num, seq, usubjid, whole, ymd
from cartrial.protocol.study import Study


class Adtte(s.Table):
    """Time to event (ADTTE): response, progression, next therapy, survival."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    AVAL = num("Analysis Value", "day")
    STARTDT = ymd("Time-to-Event Origin Date")
    ADT = ymd("Analysis Date")
    CNSR = whole("Censor", "0 event, 1 censored")
    CNSRSET = char("Set of Censoring Rules")
    EVNTDESC = char("Event or Censoring Description")
    EVTYPE = whole("Type of Competing Event", "0 censored, 1 progression, 2 death without it")
    CNSDTDSC = char("Censor Date Description")
    WHYMISS = char("Why the Value Is Missing")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")
    ASSNUM = whole("Number of the Derived Assessment", "number")


NO_SCHEDULE = " (Missed Assessments Not Known)"

View = tuple[pl.DataFrame, Evaluator]  # the milestones as the evaluator judged them


def derive_adtte(
    study: Study,
    adsl: s.DataFrame[Adsl],
    courses: Courses,
    *,
    by_visit: bool,
    by_death: bool,
    by_therapy: bool,
) -> s.DataFrame[Adtte]:
    """The times of every subject, by parameter.

    A parameter is there where its source was collected: assessments by the primary evaluator
    (`by_visit`), what could tell of a death (`by_death`) and of new therapies (`by_therapy`). Those
    of the other evaluator are there where it judged anybody.
    """
    collected = {"visits": by_visit, "deaths": by_death, "therapies": by_therapy and by_death}
    views = _views(study, adsl, courses)
    found = [
        event_times(endpoint, *views[endpoint.by_other, endpoint.rules == "FDA"])
        for endpoint in ENDPOINTS
        if (collected[endpoint.needs] if not endpoint.by_other else (True, False) in views)
    ]
    if not found:
        return Adtte.create_empty()
    known = with_subject(pl.concat(found), adsl, "STUDYID")
    return declared(Adtte, known.with_columns(PARAM=_named(study)), ("PARAMCD",))


def _views(
    study: Study, adsl: s.DataFrame[Adsl], courses: Courses
) -> Mapping[tuple[bool, bool], View]:
    """The views by (of the other evaluator, censored FDA-style)."""
    people, confirmed = subjects(adsl), study.endpoints.confirmed_response
    judged = {
        INVESTIGATOR: (courses.investigator, courses.published),
        CRITERIA: (courses.derived, courses.published.clear()),
    }
    primary, other = _evaluators(study)
    known = milestones(people, *judged[primary], confirmed=confirmed)
    strict = censored_by_fda(known, judged[primary][0], planned_assessments(study))
    views = {(False, False): (known, primary), (False, True): (strict, primary)}
    if not judged[other][0].is_empty():
        views[True, False] = (milestones(people, *judged[other], confirmed=confirmed), other)
    return views


def _evaluators(study: Study) -> tuple[Evaluator, Evaluator]:
    """The primary evaluator, and the other."""
    by_criteria = study.response.primary == "derived"
    return (CRITERIA, INVESTIGATOR) if by_criteria else (INVESTIGATOR, CRITERIA)


def _named(study: Study) -> pl.Expr:
    """The names of the parameters and their unit, with the other evaluator and what is lacking."""
    _, other = _evaluators(study)
    lacking = "" if planned_assessments(study) else NO_SCHEDULE
    more = {
        endpoint.code: f", {other.name}" if endpoint.by_other else lacking
        for endpoint in ENDPOINTS
        if endpoint.by_other or endpoint.rules == "FDA"
    }
    names = {one.code: f"{one.name}{more.get(one.code, '')} (days)" for one in ENDPOINTS}
    return pl.col("PARAMCD").replace_strict(names, return_dtype=pl.String)
