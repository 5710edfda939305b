"""Time to event (ADTTE): DOR, PFS, OS.

From: ADSL, RS (as judged by response.confirmation).

    parameter   starts at        events                 censored at the last of
    OS          infusion         death                  last known alive
    PFS         infusion         progression, death     last adequate assessment, infusion
    DOR         first response   progression, death     last adequate assessment
    PFSFDA      as PFS; what follows new therapy is no event and no assessment
    DORFDA      as DOR; likewise

CNSDTDSC names the domain of the record by which a subject was last known alive.

PFS and DOR are the registered analysis: events count whatever therapy came between. The first event
counts; AVAL is in days, the start is 0. FDA-style censoring is the sensitivity analysis.

Source: FDA guidance Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018),
    appendix 3, table A (new therapy).
Reading: progression is dated at the first assessment that shows confirmed PD, also when a new
therapy came before the confirmation; response at the first assessment that shows it. A retreatment
is a new therapy. The rule of two missed assessments is not applied. A death without a date is an
event without a time; so is an event dated before the start, and a censoring then has none either.
Where progression was not recorded by visit, the time is unknown: no row is invented from a best
response.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adsl import Adsl
from cartrial.adam.courses import Course
from cartrial.adam.record import declared, with_subject
from cartrial.adam.variable import char, num, seq, usubjid, whole, ymd
from cartrial.protocol.study import Study
from cartrial.response.confirmation import OBJECTIVE, RANK, first_response, progression


class Adtte(s.Table):
    """Time to event (ADTTE): DOR, PFS, OS."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    AVAL = num("Time from Start to Event or Censoring", "day")
    STARTDT = ymd("Time-to-Event Origin Date")
    ADT = ymd("Analysis Date")
    CNSR = whole("Censor", "0 event, 1 censored")
    EVNTDESC = char("Event or Censoring Description")
    CNSDTDSC = char("Censor Date Description")
    WHYMISS = char("Why the Time Is Missing")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")


# ---------------------------------------------------------------- where dates come from
@dataclass(frozen=True)
class Point:
    """Something that is known to have happened; its date, and its record, where they are known.

    `found_in` names the domains of the record where they differ from subject to subject.
    """

    on: dt.date | None
    number: int | None = None
    found_in: str | None = None


@dataclass(frozen=True)
class Source:
    """An event or a censoring: what it is called, which variable dates it, and how it is found."""

    description: str
    domain: str
    variable: str
    of: Callable[[Course], Point | None]


@dataclass(frozen=True)
class Parameter:
    """A time to event: the first of its events, else the last of its censorings."""

    code: str
    name: str
    events: tuple[Source, ...]
    censorings: tuple[Source, ...]
    censored: str  # what a censored subject is
    from_response: bool = False
    by_visit: bool = True  # whether it rests on disease assessments


def _death(course: Course) -> Point | None:
    return Point(course.death) if course.died else None


def _death_before_therapy(course: Course) -> Point | None:
    therapy = course.new_therapy
    if therapy is not None and (course.death is None or course.death > therapy):
        return None
    return _death(course)


def _progression(course: Course) -> Point | None:
    shown = progression(course.judged)
    if shown is not None:
        return Point(shown.on, shown.number)
    published = course.published == "PD" and not course.judged
    return Point(None, course.published_number) if published else None


def _progression_before_therapy(course: Course) -> Point | None:
    shown, therapy = _progression(course), course.new_therapy
    late = shown is not None and shown.on is not None and therapy is not None and shown.on > therapy
    return None if late else shown


def _last_alive(course: Course) -> Point | None:
    return Point(course.last_alive, found_in=course.alive_by) if course.last_alive else None


def _last_assessment(course: Course) -> Point | None:
    adequate = [one.assessment for one in course.judged if one.assessment.response != "NE"]
    return Point(adequate[-1].on, adequate[-1].number) if adequate else None


def _last_assessment_before_therapy(course: Course) -> Point | None:
    therapy = course.new_therapy
    adequate = [one.assessment for one in course.judged if one.assessment.response != "NE"]
    before = [one for one in adequate if therapy is None or one.on <= therapy]
    return Point(before[-1].on, before[-1].number) if before else None


def _infusion(course: Course) -> Point | None:
    return Point(course.infused)


DEATH = Source("Death", "ADSL", "DTHDT", _death)
DEATH_FDA = Source("Death", "ADSL", "DTHDT", _death_before_therapy)
PROGRESSION = Source("Progression", "RS", "RSDTC", _progression)
PROGRESSION_FDA = Source("Progression", "RS", "RSDTC", _progression_before_therapy)
ALIVE = Source("Last known alive", "ADSL", "LSTALVDT", _last_alive)
ASSESSED = Source("Last adequate disease assessment", "RS", "RSDTC", _last_assessment)
ASSESSED_FDA = Source(
    "Last adequate disease assessment before new therapy",
    "RS",
    "RSDTC",
    _last_assessment_before_therapy,
)
INFUSED = Source("Infusion, no disease assessment after it", "ADSL", "TRTSDT", _infusion)

FREE = "No progression or death"
PARAMETERS = (
    Parameter(
        "DOR",
        "Duration of Response",
        (PROGRESSION, DEATH),
        (ASSESSED,),
        FREE,
        from_response=True,
    ),
    Parameter(
        "DORFDA",
        "Duration of Response, FDA Censoring",
        (PROGRESSION_FDA, DEATH_FDA),
        (ASSESSED_FDA,),
        f"{FREE} before new therapy",
        from_response=True,
    ),
    Parameter("OS", "Overall Survival", (DEATH,), (ALIVE,), "Alive", by_visit=False),
    Parameter("PFS", "Progression-Free Survival", (PROGRESSION, DEATH), (ASSESSED, INFUSED), FREE),
    Parameter(
        "PFSFDA",
        "Progression-Free Survival, FDA Censoring",
        (PROGRESSION_FDA, DEATH_FDA),
        (ASSESSED_FDA, INFUSED),
        f"{FREE} before new therapy",
    ),
)
NO_INFUSION = "the day of infusion is not known"
NO_EVENT_DATE = "the date of the event is not known"
NO_CENSOR_DATE = "it is not known until when the subject was followed"
NO_VISITS = "progression was not recorded by visit"
BEFORE_START = "the date of the event or censoring is before the start"


# ---------------------------------------------------------------- times
def derive_adtte(
    study: Study,
    adsl: s.DataFrame[Adsl],
    courses: Sequence[Course],
    *,
    by_visit: bool,
    by_death: bool,
) -> s.DataFrame[Adtte]:
    """The times of every infused subject; DOR of the responders alone.

    Without disease assessments in the data (`by_visit`) there is overall survival alone; without
    anything that could tell of a death (`by_death`) there is none.
    """
    confirmed = study.endpoints.confirmed_response
    rows = [
        row
        for parameter in PARAMETERS
        if (by_visit if parameter.by_visit else by_death)
        for course in courses
        for row in _times(parameter, course, confirmed)
    ]
    times = pl.DataFrame(rows, schema=_schema(), orient="row")
    return declared(Adtte, with_subject(times, adsl, "STUDYID"), ("PARAMCD",))


def _times(parameter: Parameter, course: Course, confirmed: bool) -> Iterator[dict[str, Any]]:
    start, why = course.infused, NO_INFUSION
    if parameter.from_response:
        if not _responds(course, confirmed):
            return
        first = first_response(course.judged, confirmed=confirmed)
        start, why = (first.on if first else None), NO_VISITS
    known = _outcome(parameter, course)
    ended = known["ADT"]
    blind = parameter.by_visit and course.published is not None and not course.judged
    reason = NO_VISITS if blind else why if start is None else known["WHYMISS"]
    time = (ended - start).days if ended and start and not blind else None
    if time is not None and time < 0:
        time, reason = None, BEFORE_START
    yield {
        "USUBJID": course.subject,
        **known,
        "PARAMCD": parameter.code,
        "PARAM": parameter.name,
        "STARTDT": start,
        "AVAL": None if time is None else float(time),
        "CNSR": None if blind and known["CNSR"] == 1 else known["CNSR"],
        "WHYMISS": reason if time is None else None,
    }


def _responds(course: Course, confirmed: bool) -> bool:
    if course.judged or course.published is None:
        return first_response(course.judged, confirmed=confirmed) is not None
    lacking = confirmed and course.published_confirmed is False
    return RANK[course.published] >= OBJECTIVE and not lacking


def _outcome(parameter: Parameter, course: Course) -> dict[str, Any]:
    """The first event, one without a date last; else the last censoring."""
    events = [(source, point) for source in parameter.events if (point := source.of(course))]
    if events:
        source, point = min(events, key=lambda found: found[1].on or dt.date.max)
        return _ended(source, point, 0, source.description, NO_EVENT_DATE)
    ends = [(source, point) for source in parameter.censorings if (point := source.of(course))]
    if not ends:
        return {"ADT": None, "CNSR": None, "WHYMISS": NO_CENSOR_DATE}
    source, point = max(ends, key=lambda found: found[1].on or dt.date.min)
    return _ended(source, point, 1, parameter.censored, NO_CENSOR_DATE)


def _ended(source: Source, point: Point, censored: int, what: str, why: str) -> dict[str, Any]:
    by = f" ({point.found_in})" if point.found_in else ""
    return {
        "ADT": point.on,
        "CNSR": censored,
        "EVNTDESC": what,
        "CNSDTDSC": f"{source.description}{by}" if censored else None,
        "WHYMISS": why if point.on is None else None,
        "SRCDOM": source.domain,
        "SRCVAR": source.variable,
        "SRCSEQ": point.number,
    }


def _schema() -> dict[str, Any]:
    names = ("STUDYID", "TRT01A", "TRT01AN", "ASEQ")
    return {k: v for k, v in s.empty(Adtte).schema.items() if k not in names}
