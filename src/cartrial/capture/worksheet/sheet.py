"""Which worksheets a visit needs, and what stands on them before anybody writes.

    every visit              visit, vital signs, adverse event, medication
    day of the infusion      CAR-T infusion
    from it to day 28        CRS, ICE and ICANS: to the interim of the DLT window, else to its end
    day of a CAR sample      CAR copies, CAR+ cells: by the methods of the study's analytes
    day of an assessment     M-protein, free light chains, marrow, plasmacytoma, response

Reading: the schedule binds samples and assessments of response to days, and no other form to a
    visit. Other forms, those before the infusion among them, are taken from the set of all forms;
    laboratory results come from the laboratory on paper of its own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.schedule.visit import DONE, MISSED, NOT_EXPECTED, UNSCHEDULED, PlannedVisit
from cartrial.protocol.study import Study, Visit

ALWAYS, EVENTS = ("visit", "vital_signs"), ("adverse_event", "medication")
SYNDROMES = ("crs_assessment", "icans_assessment")
SAMPLES: Mapping[str, str] = {"qPCR": "car_transgene", "flow": "car_flow"}
RESPONSE = ("m_protein", "free_light_chain", "marrow", "plasmacytoma", "response")
AHEAD = 30  # days for which a ward has paper
OVER = (DONE, MISSED, NOT_EXPECTED, UNSCHEDULED)  # nothing is to be written any more


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its form, and what is printed on it before."""

    form: str
    subject: str = ""
    visit: str = ""
    when: str = ""  # the day and the window of the visit, in words
    given: Mapping[str, str] = field(default_factory=dict)  # the cells that are known already


def blank(forms: Iterable[str] = CAPTURED, subject: str = "") -> tuple[Sheet, ...]:
    """A worksheet of each form, for any visit."""
    return tuple(Sheet(form, subject) for form in forms)


def near(visits: Iterable[PlannedVisit], today: dt.date, days: int = AHEAD) -> list[PlannedVisit]:
    """The visits whose window opens within so many days; without dates, up to that day."""
    last = today + dt.timedelta(days)
    return [v for v in visits if (v.opens <= last if v.opens else (v.day or 0) <= days)]


def coming(study: Study, subject: str, visits: Iterable[PlannedVisit]) -> tuple[Sheet, ...]:
    """The worksheets of those visits of a subject that are still to be held, in their order."""
    planned = {visit.name: visit for visit in study.schedule.visits} if study.schedule else {}
    return tuple(
        sheet
        for visit in visits
        if visit.status not in OVER
        for sheet in of_visit(study, planned[visit.name], subject, visit)
    )


def of_visit(
    study: Study, visit: Visit, subject: str = "", dated: PlannedVisit | None = None
) -> tuple[Sheet, ...]:
    """The worksheets of one visit; with its dates where the day of infusion is known."""
    return tuple(
        Sheet(form, subject, visit.name, _when(visit, dated), _given(form, visit))
        for form in forms_at(study, visit)
    )


def forms_at(study: Study, visit: Visit) -> tuple[str, ...]:
    """The forms that a visit fills."""
    schedule, dlt = study.schedule, study.dlt
    watched = (dlt.interim or dlt.window) if dlt else 0
    anchored = not visit.unanchored
    methods = {analyte.method for analyte in study.analytes}
    sampled = anchored and schedule is not None and visit.day in schedule.car_samples
    assessed = anchored and schedule is not None and visit.day in schedule.response_assessments
    return (
        *ALWAYS,
        *(("infusion",) if anchored and visit.day == 0 else ()),
        *(SYNDROMES if anchored and 0 <= visit.day <= watched else ()),
        *(form for method, form in SAMPLES.items() if sampled and method in methods),
        *(RESPONSE if assessed else ()),
        *EVENTS,
    )


def _given(form: str, visit: Visit) -> dict[str, str]:
    return {"visit": visit.name} if "visit" in CAPTURED[form].columns() else {}


def _when(visit: Visit, dated: PlannedVisit | None) -> str:
    if dated is not None and dated.due is not None:
        return f"planned {dated.due}, window {dated.opens} to {dated.closes}"
    if visit.unanchored:
        return "not counted from the infusion"
    first, last = visit.day - visit.before, visit.day + visit.after
    return f"planned day {visit.day} from the infusion, window day {first} to {last}"
