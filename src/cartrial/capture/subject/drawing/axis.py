"""The axis of time that every panel of a subject shares: days from the infusion, which is day 0.

A day is a column with its number in the middle: what is known to the day stands at its number, a
clock time half a day around it. Before an infusion the days count from the consent, else from the
first date there is.

Reading: a date known in part stands for its first day where something began, and for its last where
    it ended; a single finding of such a date has no place.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

MONTH = 30.4375  # days
BEFORE = 7  # days before the infusion in the views of its first weeks
MOST_TICKS = 7  # so that their labels have room on a phone
STEPS = (1, 2, 5, 7, 14, 28)  # days between ticks
MONTHS = (1, 2, 3, 6, 12, 24, 60)
LONG = 120  # days; a longer axis is marked in months
EDGE = 60  # the part of the whole course that is left free at each end
ZOOMS: Mapping[str, tuple[str, int | None]] = {  # in the address: the words, and the last day
    "30": ("First 30 days", 30),
    "84": ("12 weeks", 84),
    "all": ("All", None),
}


@dataclass(frozen=True)
class Tick:
    """A mark of the axis, its place in percent of the width."""

    at: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The days that are shown, from the beginning of the first to the end of the last."""

    zero: dt.date
    first: int
    last: int
    event: str = "infusion"  # what the days count from

    @property
    def days(self) -> int:
        """How many days are shown."""
        return self.last - self.first + 1

    def at(self, day: float) -> float:
        """The place of a day, in percent of the width."""
        return round((day - self.first + 0.5) / self.days * 100, 2)

    def shows(self, start: float, end: float | None = None) -> bool:
        """Whether any of a stretch of days is shown."""
        end = start if end is None else end
        return end >= self.first - 0.5 and start <= self.last + 0.5

    def within(self, day: float) -> float:
        """The nearest day that is shown."""
        return min(max(day, self.first - 0.5), self.last + 0.5)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The marks of the axis."""
        if self.days > LONG:
            return self._months()
        step = next((s for s in STEPS if self.days / s <= MOST_TICKS), STEPS[-1])
        first = -(-self.first // step) * step
        return tuple(Tick(self.at(day), str(day)) for day in range(first, self.last + 1, step))

    def _months(self) -> tuple[Tick, ...]:
        step = next((s for s in MONTHS if self.days / MONTH / s <= MOST_TICKS), MONTHS[-1])
        first = -int(-self.first // (step * MONTH))
        marks = range(first * step, int(self.last / MONTH) + 1, step)
        return tuple(Tick(self.at(month * MONTH), str(month)) for month in marks)

    @property
    def title(self) -> str:
        """What the axis counts."""
        return f"{'Months' if self.days > LONG else 'Days'} from the {self.event}"

    def day(self, text: str) -> float | None:
        """The day of a date as it was typed; null where it is not known to the day."""
        if len(text) < 10:
            return None
        days = (dt.date.fromisoformat(text[:10]) - self.zero).days
        if len(text) < 16:
            return float(days)
        clock = dt.datetime.fromisoformat(text)
        return round(days + (clock.hour + clock.minute / 60 - 12) / 24, 3)

    def start(self, text: str) -> float | None:
        """The beginning of the first day that a date can mean; null where there is none."""
        if not text:
            return None
        if len(text) >= 16:
            return self.day(text)
        first = dt.date.fromisoformat((text + "-01-01")[:10])
        return (first - self.zero).days - 0.5

    def end(self, text: str) -> float | None:
        """The end of the last day that a date can mean; null where there is none."""
        if not text:
            return None
        if len(text) >= 16:
            return self.day(text)
        return (_last_day(text) - self.zero).days + 0.5


def _last_day(text: str) -> dt.date:
    if len(text) == 4:
        return dt.date(int(text), 12, 31)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:7])
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date.fromisoformat(text[:10])


def axis_of(
    zoom: str, zero: dt.date, *, infused: bool, first: dt.date, last: dt.date, event: str
) -> Axis:
    """The axis of a zoom; `first` and `last` are those of all that is dated."""
    start, end = (first - zero).days, max((last - zero).days, 1)
    edge = max(1, (end - start) // EDGE)  # so that the first and last marks are whole
    whole = Axis(zero, start - edge, end + edge, event)
    upto = ZOOMS[zoom][1]
    return Axis(zero, -BEFORE, upto, event) if infused and upto is not None else whole


def usual_zoom(day: int | None) -> str:
    """The zoom that shows most on this day from the infusion; null before it."""
    if day is None:
        return "all"
    return next((zoom for zoom, (_, last) in ZOOMS.items() if last and day <= last), "all")
