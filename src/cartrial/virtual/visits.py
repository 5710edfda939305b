"""Which visits are held, when, and which are missed."""

from dataclasses import dataclass

from cartrial.protocol.study import Schedule, Visit
from cartrial.virtual.stream import Chance, happens, one_of

NEVER_MISSED = 14  # until this day the subject is in hospital
REASONS = (("patient refused", 0.35), ("too ill", 0.25), ("visit missed", 0.4))


@dataclass(frozen=True)
class Held:
    """A planned visit, the day it was held, or why it was missed."""

    name: str
    planned: int
    day: int | None
    why: str | None = None


def draw_visits(chance: Chance, schedule: Schedule, missed: float) -> tuple[Held, ...]:
    """The visits from baseline on that a subject would hold who is followed to the end."""
    found: list[Held] = []
    last = -1000
    for visit in sorted(schedule.visits, key=lambda v: v.day):
        if visit.unanchored:
            continue
        shift, skips, why = _shift(chance, visit), happens(chance, missed), one_of(chance, REASONS)
        if skips and visit.day > NEVER_MISSED:
            found.append(Held(visit.name, visit.day, None, why))
            continue
        day = max(visit.day + shift, last + 1)
        found.append(Held(visit.name, visit.day, day))
        last = day
    return tuple(found)


def _shift(chance: Chance, visit: Visit) -> int:
    """Days off plan: mostly none, always inside the window."""
    near = float(chance.triangular(-visit.before - 0.5, 0, visit.after + 0.5))
    return 0 if visit.day <= 1 else round(near)
