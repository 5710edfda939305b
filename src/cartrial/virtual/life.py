"""One infused subject from lymphodepletion to its last day in the study.

The order is that of the causes: dose, CAR cells, reaction and blood, myeloma, what is seen of it at
the visits, how the investigator reads it, the next therapy, and the end. What would have come after
the end is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cartrial.errors import StudyError
from cartrial.protocol.study import Schedule, Study
from cartrial.virtual.blood import Blood, draw_blood
from cartrial.virtual.complaints import (
    complaints,
    infections,
    low_immunoglobulin,
    second_malignancy,
)
from cartrial.virtual.counts import count_events
from cartrial.virtual.event import Event
from cartrial.virtual.expansion import Expansion, draw_expansion
from cartrial.virtual.illness import organ_event, syndrome_events
from cartrial.virtual.investigator import Reading, read_responses
from cartrial.virtual.markers import Assessed, assess
from cartrial.virtual.person import Person
from cartrial.virtual.scenario import Scenario
from cartrial.virtual.signs import CrsSign, IcansSign, crs_signs, icans_signs
from cartrial.virtual.stream import Chance, happens, stream, within
from cartrial.virtual.support import Support, give_support
from cartrial.virtual.toxicity import Reaction, draw_reaction
from cartrial.virtual.tumour import Tumour, draw_tumour
from cartrial.virtual.visits import Held, draw_visits

AFTER = 40  # days beyond the last planned visit that are still simulated
BEFORE = -6  # the day of baseline
DAILY = (-6, -3, *range(15), 17, 21, 24, 28, 35, 42, 49, 56, 70, 77)
AFTER_PROGRESSION = 520.0  # days to death of myeloma, mean
OTHER_DEATHS = 0.006  # per year


@dataclass(frozen=True)
class Died:
    """A death: its day, cause, and the event it is due to."""

    day: int
    cause: Literal["myeloma", "infection", "other"]
    event: str | None = None


@dataclass(frozen=True)
class Life:
    """Everything that is true of an infused subject, and what was seen of it; times from day 0."""

    person: Person
    level: int
    planned: float
    given: float
    cells: Expansion
    tumour: Tumour
    reaction: Reaction
    blood: Blood
    support: Support
    crs: tuple[CrsSign, ...]
    icans: tuple[IcansSign, ...]
    visits: tuple[Held, ...]
    assessed: tuple[Assessed, ...]  # the first is baseline
    readings: tuple[Reading, ...]
    end: int  # the last day in the study
    events: tuple[Event, ...] = ()
    contacts: tuple[tuple[int, bool], ...] = ()  # day, reached alive
    new_therapy: int | None = None
    died: Died | None = None
    lost: int | None = None

    @property
    def progression(self) -> int | None:
        """The day of the first progression as the investigator reads it."""
        return next((r.day for r in self.readings if r.response == "PD"), None)

    @property
    def sampled(self) -> tuple[int, ...]:
        """The days on which blood was drawn, up to the next therapy."""
        held = {visit.day for visit in self.visits if visit.day is not None}
        last = self.end if self.new_therapy is None else self.new_therapy
        return tuple(day for day in sorted(held | set(DAILY)) if BEFORE <= day <= last)


def live(
    study: Study,
    scenario: Scenario,
    seed: int,
    candidate: int,
    *,
    person: Person,
    level: int,
    given: float,
) -> Life:
    """The life of a candidate after this dose at this level."""
    schedule = _schedule(study)
    body = _body(study, scenario, seed, candidate, person, level, given)
    visits = draw_visits(stream(seed, candidate, "visits"), schedule, scenario.missed_visit)
    chance = stream(seed, candidate, "assay")
    assessed = _assessments(chance, schedule, visits, person, body, scenario.missing_sample)
    course = stream(seed, candidate, "course")
    whole = Life(
        person=person,
        level=level,
        planned=study.doses.levels[level - 1].dose or 0.0,
        given=given,
        cells=body.cells,
        tumour=body.tumour,
        reaction=body.reaction,
        blood=body.blood,
        support=body.support,
        crs=crs_signs(course, body.reaction),
        icans=icans_signs(course, body.reaction),
        visits=visits,
        assessed=assessed,
        readings=read_responses(assessed[0], assessed[1:]),
        end=max((v.day for v in visits if v.day is not None), default=0),
    )
    window = study.dlt.window if study.dlt else 0
    events = _events(stream(seed, candidate, "events"), whole, window, scenario.second_malignancy)
    return _ended(stream(seed, candidate, "conduct"), whole, events, scenario)


@dataclass(frozen=True)
class _Body:
    """What happens inside a subject."""

    cells: Expansion
    reaction: Reaction
    blood: Blood
    support: Support
    tumour: Tumour


def _body(
    study: Study,
    scenario: Scenario,
    seed: int,
    candidate: int,
    person: Person,
    level: int,
    given: float,
) -> _Body:
    """The CAR cells of a dose, and what they bring about."""
    days = _schedule(study).end_of_study + AFTER
    middle = study.doses.levels[len(study.doses.levels) // 2].dose or 1.0
    burden = person.myeloma.burden
    cells = draw_expansion(scenario, seed, candidate, relative_dose=given / middle, burden=burden)
    reaction = draw_reaction(scenario, seed, candidate, level=level, burden=burden, cells=cells)
    chance = stream(seed, candidate, "blood")
    blood, support = give_support(draw_blood(chance, reaction=reaction, cells=cells, days=days))
    tumour = draw_tumour(scenario, seed, candidate, person=person, cells=cells, days=days)
    return _Body(cells, reaction, blood, support, tumour)


def _schedule(study: Study) -> Schedule:
    if study.schedule is None:
        raise StudyError("study.yaml: schedule: must be given to simulate a trial, got nothing")
    return study.schedule


def _assessments(
    chance: Chance,
    schedule: Schedule,
    visits: Sequence[Held],
    person: Person,
    body: _Body,
    missing: float,
) -> tuple[Assessed, ...]:
    """Baseline, the planned assessments, and a second look soon after a progression."""
    due = {visit.planned: visit.day for visit in visits}
    days = [(day, due.get(day, day)) for day in schedule.response_assessments]

    def look(day: int, planned: int, lost: float) -> Assessed:
        immune = body.blood.immune(day)
        return assess(
            chance, person.myeloma, body.tumour, day, planned=planned, lost=lost, immune=immune
        )

    first = look(BEFORE, BEFORE, 0.0)
    found = [look(day, planned, missing) for planned, day in days if day is not None]
    progressed = next((r.day for r in read_responses(first, found) if r.response == "PD"), None)
    if progressed is None:
        return (first, *found)
    again = look(progressed + within(chance, 14, 24), 1, 0.0)
    seen = [a for a in found if a.day <= progressed]
    return (first, *seen, again)


def _events(chance: Chance, life: Life, window: int, malignancy: float) -> list[Event]:
    """Every event that would come to a subject who stays to the end."""
    return [
        *complaints(chance),
        *syndrome_events(chance, life.reaction, life.crs),
        *organ_event(chance, life.reaction),
        *count_events(chance, life.blood, life.reaction, life.sampled),
        *low_immunoglobulin(chance, life.blood, life.end),
        *second_malignancy(chance, malignancy),
        *infections(chance, life.blood, days=life.end, window=window),
    ]


def _ended(chance: Chance, life: Life, events: Sequence[Event], scenario: Scenario) -> Life:
    """The life up to its end: death, loss, or the last visit."""
    therapy, died = _after_progression(chance, life, events)
    waited = float(chance.exponential(365 / max(scenario.lost_per_year, 1e-9)))
    lost = int(30 + waited) if 30 + waited < life.end else None
    if died is not None and (lost is None or died.day <= lost) and died.day <= life.end:
        end, lost = died.day, None
    else:
        end, died = min(life.end, lost if lost is not None else life.end), None
    therapy = therapy if therapy is not None and therapy <= end else None
    contacts = _contacts(chance, life.visits, end, died)
    kept = [_cut(event, end, died) for event in events if event.onset <= end]
    assessed = tuple(a for a in life.assessed if a.day <= end)
    return replace(
        life,
        events=tuple(sorted(kept, key=lambda e: (e.onset, e.preferred, e.name))),
        visits=tuple(v for v in life.visits if (v.day if v.day is not None else v.planned) <= end),
        contacts=contacts,
        crs=tuple(sign for sign in life.crs if sign.at <= end),
        icans=tuple(sign for sign in life.icans if sign.at <= end),
        assessed=assessed,
        readings=read_responses(assessed[0], assessed[1:]),
        new_therapy=therapy,
        died=died,
        lost=lost,
        end=end,
    )


def _after_progression(
    chance: Chance, life: Life, events: Sequence[Event]
) -> tuple[int | None, Died | None]:
    """The day of the next therapy, and the first of the deaths that lie ahead."""
    treated, wait = happens(chance, 0.9), within(chance, 6, 40)
    survives = float(chance.exponential(AFTER_PROGRESSION)) * (
        0.7 if life.person.high_risk else 1.15
    )
    other = float(chance.exponential(365 / OTHER_DEATHS))
    deaths = [Died(int(other) + 60, "other")]
    therapy = None
    if life.progression is not None:
        confirmed = life.readings[-1].day
        therapy = confirmed + wait if treated else None
        deaths.append(Died(confirmed + int(survives) + 12, "myeloma"))
    for event in events:
        if event.worst == 5 and event.end is not None:
            deaths.append(Died(int(event.end), "infection", event.name))
    return therapy, min(deaths, key=lambda d: d.day)


def _contacts(
    chance: Chance, visits: Sequence[Held], end: int, died: Died | None
) -> tuple[tuple[int, bool], ...]:
    """What is known of survival at each visit from the fourth week on, held or not."""
    found: list[tuple[int, bool]] = []
    for visit in visits:
        reached, later = happens(chance, 0.75), within(chance, 1, 5)
        day = visit.day if visit.day is not None else visit.planned + later
        alive = died is None or day < died.day
        later_than_last = not found or day > found[-1][0]
        if visit.planned >= 28 and day <= end and alive and later_than_last:
            found.append((day, visit.day is not None or reached))
    return tuple(found)


def _cut(event: Event, end: int, died: Died | None) -> Event:
    """The event as far as it was seen; of a death by another cause no grade 5 remains."""
    grades = tuple((at, grade) for at, grade in event.grades if at <= end)
    if died is None or died.event != event.name:
        grades = tuple((at, min(grade, 4)) for at, grade in grades)
    over = event.end is not None and event.end <= end
    serious = (
        event.serious
        if grades[-1][1] == 5
        else tuple(reason for reason in event.serious if reason != "fatal")
    )
    return replace(event, grades=grades, end=event.end if over else None, serious=serious)
