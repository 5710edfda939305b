"""The visits of a subject, from the day of infusion and the schedule of the study.

    later          its window is not open yet
    in window      its window is open, its day has not come
    due            its day has come, its window is still open
    overdue        its window is over, and nothing is recorded
    done           recorded with its date; `outside` says that the date is not in the window
    missed         recorded as missed
    unscheduled    recorded, and not a visit of the schedule
    open           not counted from the infusion, or there is none yet: no date, nothing recorded
    not expected   after the subject's death or end of study, or before an infusion that came first

Reading: a visit that is not counted from the infusion (screening, leukapheresis) has no window, and
    is overdue once the subject is infused. A date of infusion that is not known to the day counts
    as none.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial.forms.bedside import Visit as VisitForm
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import Death, Disposition
from cartrial.forms.partial import latest
from cartrial.forms.product import Infusion
from cartrial.protocol.study import Study, Visit

LATER, IN_WINDOW, DUE, OVERDUE = "later", "in window", "due", "overdue"
DONE, MISSED, UNSCHEDULED = "done", "missed", "unscheduled"
OPEN, NOT_EXPECTED = "open", "not expected"
WAITING = (IN_WINDOW, DUE, OVERDUE)  # something is to be done now


@dataclass(frozen=True)
class PlannedVisit:
    """A visit: when it is planned, within which days, and how it stands."""

    name: str
    day: int | None  # of the plan, or of an unscheduled visit; null where it has none
    due: dt.date | None
    opens: dt.date | None
    closes: dt.date | None
    held: dt.date | None
    status: str
    outside: bool = False  # held, and not in its window

    @property
    def is_waiting(self) -> bool:
        """Whether something is to be done now."""
        return self.status in WAITING


def infusion_day(forms: Forms, subject: str) -> dt.date | None:
    """The day of the first infusion, where it is known to the day."""
    first = forms.of(Infusion).filter(pl.col("subject") == subject, pl.col("number") == 1)
    at = first["at"].to_list()
    return dt.date.fromisoformat(at[0][:10]) if at and at[0] and len(at[0]) >= 10 else None


def schedule_of(
    study: Study, forms: Forms, subject: str, today: dt.date
) -> tuple[PlannedVisit, ...]:
    """The planned visits of a subject in their order, then those that were not planned."""
    zero, end = infusion_day(forms, subject), _end(forms, subject)
    recorded = {
        row["visit"].strip().casefold(): row
        for row in forms.of(VisitForm).filter(pl.col("subject") == subject).sort("visit").to_dicts()
    }
    planned = study.schedule.visits if study.schedule else ()
    made = [
        _planned(visit, recorded.pop(visit.name.casefold(), None), zero, end, today)
        for visit in planned
    ]
    return (*made, *_unscheduled(recorded.values(), zero))


def overdue(study: Study, forms: Forms, today: dt.date) -> Iterator[tuple[str, PlannedVisit]]:
    """Every overdue visit of the trial, by subject."""
    for subject in sorted(forms.of(Infusion)["subject"].unique()):
        for visit in schedule_of(study, forms, subject, today):
            if visit.status == OVERDUE:
                yield subject, visit


def _planned(
    visit: Visit,
    row: Mapping[str, Any] | None,
    zero: dt.date | None,
    end: dt.date | None,
    today: dt.date,
) -> PlannedVisit:
    anchored = zero is not None and not visit.unanchored
    due = zero + dt.timedelta(visit.day) if zero and anchored else None
    opens = due - dt.timedelta(visit.before) if due else None
    closes = due + dt.timedelta(visit.after) if due else None
    held = row["on"] if row else None
    outside = bool(held and opens and closes and not opens <= held <= closes)
    status = _recorded(row) or _expected(due, opens, closes, zero, end, today)
    return PlannedVisit(visit.name, visit.day, due, opens, closes, held, status, outside)


def _recorded(row: Mapping[str, Any] | None) -> str:
    """How a visit stands that has its form; without a date and a reason it says nothing."""
    if row is None or (row["on"] is None and row["why_missed"] is None):
        return ""
    return MISSED if row["on"] is None else DONE


def _expected(
    due: dt.date | None,
    opens: dt.date | None,
    closes: dt.date | None,
    zero: dt.date | None,
    end: dt.date | None,
    today: dt.date,
) -> str:
    """How a visit stands that nothing is recorded of."""
    if due is None or opens is None or closes is None:
        if end is not None and end <= today:
            return NOT_EXPECTED
        return OVERDUE if zero and zero < today else OPEN
    if end is not None and end < opens:
        return NOT_EXPECTED
    if closes < today:
        return OVERDUE
    if today < opens:
        return LATER
    return IN_WINDOW if today < due else DUE


def _end(forms: Forms, subject: str) -> dt.date | None:
    """The day on which a subject died or left the study; null while it is in it."""
    died = forms.of(Death).filter(pl.col("subject") == subject)
    left = forms.of(Disposition).filter(
        pl.col("subject") == subject, pl.col("milestone") == "end of study"
    )
    last = died.select(latest(pl.col("on")).dt.date())["on"].to_list() if died.height else []
    days = [day for day in (*last, *left["on"]) if day is not None]
    return min(days, default=None)


def _unscheduled(rows: Iterable[Mapping[str, Any]], zero: dt.date | None) -> Iterator[PlannedVisit]:
    for row in sorted(rows, key=lambda row: (row["on"] or dt.date.max, row["visit"])):
        held = row["on"]
        day = (held - zero).days if held and zero else None
        status = UNSCHEDULED if held else MISSED
        yield PlannedVisit(row["visit"], day, None, None, None, held, status)
