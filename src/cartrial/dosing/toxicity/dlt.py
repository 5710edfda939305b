"""Dose-limiting toxicity (DLT): the status of one subject in the DLT window.

    dlt_status(rule, course, doses=(1.0, 2.0, 4.0), cutoff=112) -> DltStatus

`course` is what is known of the subject up to the data cut, in days from its infusion (day 0);
`doses` are the planned doses of the levels; `cutoff` is the day of the data cut. The first rule
that holds decides:

    DLT            the committee says so; or an event that began in the window is proposed as DLT
                   and the committee has not judged it: it counts whatever dose was given
    not evaluable  the committee says so
    maturing       an event that began in the window cannot be settled yet, or nobody has judged
                   a death
    not evaluable  the dose given is unknown, or outside the limits and fits no other level; new
                   anti-myeloma therapy or death before the last day of the window; follow-up
                   ended, or safety assessments were missed, before the window was documented
    complete       a safety assessment is documented on or after the last day of the window
    pending        else; its days run to the last documented safety assessment, not to the cut

The day of a DLT is the day its clause is met; its onset is kept beside it.

Reading: an event belongs to the window in which it began, so a duration clause may be met after
it. A committee's verdict covers what was known on the day it was made; a DLT met later counts
again. A missed assessment is made good by a later one: it makes a subject not evaluable once the
window is over and nothing was documented after the miss. An unknown dose is not the planned dose.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import floor, isclose
from typing import Literal

from cartrial.dosing.state import Patient, Status
from cartrial.dosing.toxicity.proposal import ToxicityEvent
from cartrial.protocol.study import Dlt

Verdict = Literal["DLT", "no DLT", "not evaluable"]
DeathCause = Literal["disease", "other", "unsettled"]


@dataclass(frozen=True)
class Adjudication:
    """The committee's verdict on a subject, the day it was made, and the event it rests on."""

    verdict: Verdict
    decided: int
    number: int | None = None
    met: int | None = None
    reason: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Course:
    """What is known of one infused subject up to the data cut, in days from its infusion.

    `assessed` are the documented safety assessments, `missed` the planned days of those that are
    documented as missed; `left` is the day on which follow-up ended without death.
    """

    level: int
    given: float | None
    events: tuple[ToxicityEvent, ...] = ()
    adjudication: Adjudication | None = None
    assessed: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    left: int | None = None
    new_therapy: int | None = None
    death: int | None = None
    death_cause: DeathCause | None = None


@dataclass(frozen=True)
class DltStatus:
    """The DLT status of a subject, why, and the level at which it counts.

    `days` are the documented days of the window; `met` and `onset` are set for a DLT; `late`
    flags a complete subject whose closing assessment came after the allowance; `clause` is that of
    a DLT or a maturing event; `interim` is the status at the interim day, where the study has one.
    """

    status: Status
    level: int
    days: int
    reason: str
    met: int | None = None
    onset: int | None = None
    event: int | None = None
    clause: str = ""
    late: bool = False
    interim: "DltStatus | None" = None
    assigned: int | None = None  # the level of treatment

    def patient(self, subject: str) -> Patient:
        """The subject as the escalation sees it."""
        return Patient(subject, self.level, self.status, self.days, self.assigned, self.met)


About = partial[DltStatus]  # what is known of the subject, its status to come


def dlt_status(
    rule: Dlt,
    course: Course,
    *,
    doses: Sequence[float | None],
    cutoff: int,
    allowance: int = 7,
) -> DltStatus:
    """The status in the DLT window, with the interim status beside it.

    An assessment more than `allowance` days after the window completes it all the same, flagged.
    """
    early = None
    if rule.interim is not None:
        before = _up_to(course, rule.interim)
        early = _status(rule, before, rule.interim, doses, cutoff, allowance)
    return _status(rule, course, rule.window, doses, cutoff, allowance, early)


def _status(
    rule: Dlt,
    course: Course,
    window: int,
    doses: Sequence[float | None],
    cutoff: int,
    allowance: int,
    interim: DltStatus | None = None,
) -> DltStatus:
    assessed = [day for day in course.assessed if day <= cutoff]
    last = max(assessed, default=0)
    days = min(last, window)
    about = partial(DltStatus, days=days, interim=interim, assigned=course.level)
    toxic = _toxic(partial(about, level=course.level), course, window)
    if toxic is not None:
        return toxic
    level, dosed = _level_of_dose(rule, course, doses)
    if level is None:
        return about("not evaluable", course.level, reason=dosed)
    lost = _lost(course, window, last, cutoff)
    if lost:
        return about("not evaluable", course.level, reason=lost)
    closing = min([day for day in assessed if day >= window], default=None)
    if closing is None:
        documented = f"{days} of {window} days documented"
        return about("pending", level, reason=_joined(documented, dosed))
    late = closing > window + allowance
    seen = f"assessed on day {closing}" + (f", {closing - window} days late" if late else "")
    return about("complete", level, reason=_joined(seen, dosed), late=late)


def _toxic(about: About, course: Course, window: int) -> DltStatus | None:
    """DLT, maturing, or not evaluable by verdict; nothing where toxicity does not decide."""
    judged = course.adjudication
    if judged is not None and judged.verdict == "DLT":
        event = next((e for e in course.events if e.number == judged.number), None)
        onset = event.onset if event is not None else None
        reason = _joined("adjudicated as DLT", judged.reason)
        clause = judged.clause or (event.clause if event is not None else "")
        return _as_dlt(about, judged.met, onset, judged.number, reason, clause)
    fresh = [e for e in course.events if _in_window(e, window) and not _covered(e, judged)]
    proposed = sorted((e for e in fresh if e.dlt == "yes"), key=_met_first)
    if proposed:
        first = proposed[0]
        by = f" by clause {first.clause}" if first.clause else ""
        reason = f"proposed{by}, not yet adjudicated"
        return _as_dlt(about, first.met, first.onset, first.number, reason, first.clause)
    if judged is not None and judged.verdict == "not evaluable":
        reason = _joined("adjudicated as not evaluable", judged.reason)
        return about("not evaluable", reason=reason)
    unsettled = next((e for e in fresh if e.dlt == "open"), None)
    if unsettled is not None:
        return _as_maturing(about, unsettled)
    if _death_awaits_verdict(course, window):
        reason = f"the death on day {course.death} is not adjudicated"
        return about("maturing", reason=reason)
    return None


def _as_dlt(
    about: About, met: int | None, onset: int | None, number: int | None, reason: str, clause: str
) -> DltStatus:
    said = reason if met is not None else f"{reason}; the day its clause was met is not known"
    return about("DLT", met=met, onset=onset, event=number, reason=said, clause=clause)


def _as_maturing(about: About, event: ToxicityEvent) -> DltStatus:
    what = event.term or "an event without a number"
    if event.number > 0:
        what = f"event {event.number}" + (f" ({event.term})" if event.term else "")
    why = f": clause {event.clause}, {event.why}" if event.clause else ""
    return about(
        "maturing",
        reason=f"{what} cannot be settled yet{why}",
        onset=event.onset,
        event=event.number,
        clause=event.clause,
    )


def _in_window(event: ToxicityEvent, window: int) -> bool:
    """Whether the event began in the window; an event without any day is taken to be in it."""
    onset = event.onset if event.onset is not None and event.onset >= 0 else event.met
    began = onset if event.began is None else event.began
    return began is None or 0 <= began <= window


def _covered(event: ToxicityEvent, judged: Adjudication | None) -> bool:
    """Whether the committee's verdict has covered what is known of the event."""
    if judged is None:
        return False
    known = event.met if event.met is not None else event.onset
    return event.number == judged.number if known is None else known <= judged.decided


def _met_first(event: ToxicityEvent) -> tuple[bool, int, int]:
    return (event.met is None, event.met or 0, event.number)


def _level_of_dose(
    rule: Dlt, course: Course, doses: Sequence[float | None]
) -> tuple[int | None, str]:
    """The level at which a subject without DLT counts, and what is to be said about its dose."""
    planned = doses[course.level - 1]
    if planned is None:
        return course.level, ""
    if course.given is None:
        return None, "the dose given is not known"
    if _within(rule, course.given, planned):
        return course.level, ""
    percent = floor(round(100 * course.given / planned, 9) + 0.5)  # half up
    said = f"{percent} % of the dose of level {course.level} given"
    fitting = [
        (abs(course.given - dose) / dose, level)
        for level, dose in enumerate(doses, start=1)
        if dose and _within(rule, course.given, dose)
    ]
    if not fitting:
        return None, said
    level = min(fitting)[1]
    return level, f"{said}, counted at level {level}"


def _within(rule: Dlt, given: float, dose: float) -> bool:
    """Whether a dose given lies within the limits of a planned one, the limits included."""
    least, most = rule.least * dose, rule.most * dose
    return least <= given <= most or isclose(given, least) or isclose(given, most)


def _lost(course: Course, window: int, last: int, cutoff: int) -> str:
    """Why the window can no longer be documented; empty where it still can or has been."""
    if course.new_therapy is not None and course.new_therapy < window:
        return f"new anti-myeloma therapy on day {course.new_therapy}"
    if _died_in(course, window):
        cause = "of the disease" if course.death_cause == "disease" else "of another cause"
        return f"died {cause} on day {course.death}"
    if last >= window:
        return ""
    ended = course.left if course.death is None else course.death
    if ended is not None:
        return f"follow-up ended on day {ended}, last safety assessment on day {last}"
    missed = [day for day in course.missed if last < day < window]
    if missed and cutoff > window:
        return f"safety assessment missed on day {min(missed)}, none since day {last}"
    return ""


def _death_awaits_verdict(course: Course, window: int) -> bool:
    judged, death = course.adjudication, course.death
    if death is None or not _died_in(course, window):
        return False
    settled = course.death_cause in ("disease", "other")
    return not settled and (judged is None or judged.decided < death)


def _died_in(course: Course, window: int) -> bool:
    return course.death is not None and course.death < window


def _up_to(course: Course, day: int) -> Course:
    """The course as it concerns the days up to an interim day: toxicity that began by then."""
    judged = course.adjudication
    if judged is not None and judged.verdict == "DLT":
        event = next((e for e in course.events if e.number == judged.number), None)
        began = event.onset if event is not None and event.onset is not None else judged.met
        if began is not None and began > day:
            return replace(course, adjudication=replace(judged, verdict="no DLT"))
    return course


def _joined(*said: str) -> str:
    return "; ".join(part for part in said if part)
