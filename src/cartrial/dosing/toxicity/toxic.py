"""A toxicity as the clauses see it: its grades in time, each as far as it is known.

Times are days from the infusion day, 0 being its midnight; a clock time is a part of a day.
"""

from dataclasses import dataclass
from math import floor

from cartrial.protocol.clause import Cause, ToxicityKind

LAST_MINUTE = 1439 / 1440  # of a day
LATEST = 36_500.0  # days: of a time of which no latest day is known


@dataclass(frozen=True)
class When:
    """When something happened: at or after `earliest`, at or before `latest`."""

    earliest: float
    latest: float

    @property
    def day(self) -> int | None:
        """The day, where it is known."""
        first, last = floor(self.earliest), floor(self.latest)
        return first if first == last else None

    @property
    def timed(self) -> bool:
        """Whether the minute is known."""
        return self.earliest == self.latest


def at(time: float) -> When:
    """A time known to the minute."""
    return When(time, time)


def on(first: int, last: int | None = None) -> When:
    """Some time of a day, or of the days from `first` to `last`."""
    return When(first, (first if last is None else last) + LAST_MINUTE)


@dataclass(frozen=True)
class Step:
    """The grade from a time on, or of a value at a time: between `lowest` and `highest`."""

    when: When
    lowest: int
    highest: int


@dataclass(frozen=True)
class Toxic:
    """An adverse event, an episode of CRS or ICANS, or the values of one analyte in one direction.

    `number` is the adverse event, `terms` are the names that it goes by. `related` is nothing where
    nobody answered; `causes` are the other causes to which it is attributed. A `sign` of an episode
    is part of it. `reached` is a worst grade of which only the event is known, not the time;
    `ended` is nothing while it may last; up to `seen_to` it was documented.
    """

    kind: ToxicityKind
    steps: tuple[Step, ...]
    seen_to: float
    source: str = ""  # where its records are
    number: int = 0
    terms: tuple[str, ...] = ()
    organ_class: str = ""
    related: bool | None = None
    causes: frozenset[Cause] = frozenset()
    sign: bool = False
    reached: int = 0
    ended: When | None = None
    onset: int | None = None  # day
    analyte: str = ""
    direction: str = ""

    @property
    def worst(self) -> int:
        """The highest grade that it may have had."""
        return max(self.reached, *(step.highest for step in self.steps), 0)
