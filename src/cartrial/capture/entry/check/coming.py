"""What comes next for a subject, in one line, and where it is entered.

Before the infusion: what it stands on, in the order in which it is done. After it: the visit that
waits longest, else the day of the next one.

Reading: the first visit of the schedule comes before eligibility, which rests on it; the others
    before day 0 come before the infusion, as they are overdue after it. A subject who is not
    eligible has an exception entered, or the end of the study.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.http import urlencode

from cartrial.capture.entry.check.sequence import is_eligible
from cartrial.capture.schedule import PlannedVisit
from cartrial.capture.schedule.visit import OPEN, OVERDUE
from cartrial.capture.state.shown.words import title
from cartrial.forms.catalogue import Forms

# what an infusion stands on, in order
WAY = (
    "eligibility",
    "slot_request",
    "leukapheresis",
    "product_release",
    "lymphodepletion",
    "infusion",
)


@dataclass(frozen=True)
class Coming:
    """What comes next; no address where there is nothing to enter yet."""

    words: str
    href: str = ""


def coming(own: Forms, subject: str, visits: Sequence[PlannedVisit]) -> Coming | None:
    """What comes next for a subject who is in the study; `own` are the subject's forms."""
    way = WAY if _is_missing(own, WAY[-1]) else ()
    form = next((form for form in way if _is_missing(own, form)), "")
    early = [visit for visit in visits if visit.status == OPEN and (visit.day or 0) < 0]
    if form not in ("", "eligibility") and not is_eligible({}, own):
        return Coming("Not eligible: enter the end of the study", _new("disposition", subject))
    if early and (form == "infusion" or (form == "eligibility" and early[0] == visits[0])):
        return _visit(subject, early[0])
    if form:
        return Coming(title(form), _new(form, subject))
    waiting = [visit for visit in visits if visit.is_waiting]
    if waiting:
        return _visit(subject, waiting[0])
    later = min((visit.due for visit in visits if visit.due and not visit.held), default=None)
    named = next((visit.name for visit in visits if visit.due == later), "")
    return Coming(f"{named}, due {later}") if later else None


def _is_missing(own: Forms, form: str) -> bool:
    return form not in own.tables or own.tables[form].is_empty()


def _visit(subject: str, visit: PlannedVisit) -> Coming:
    due = f", due {visit.due}" if visit.due else ""
    late = ", overdue" if visit.status == OVERDUE else ""
    return Coming(f"Visit {visit.name}{due}{late}", _new("visit", subject, visit=visit.name))


def _new(form: str, subject: str, **cells: str) -> str:
    return f"/forms/{form}/new?{urlencode({'subject': subject, **cells})}"
