"""The 24 hours within which a serious event is reported, from when the investigator was aware.

Both times are typed in the centre's time. The 24 hours are hours that pass: where a clock change
lies between, the report is due an hour earlier or later by the clock on the wall. An hour that the
wall shows twice is taken as the first.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HOURS = 24
WITHIN = dt.timedelta(hours=HOURS)


@dataclass(frozen=True)
class ReportClock:
    """When a report is due, in the centre's time, and how much time is left (below 0: overdue)."""

    due: dt.datetime
    left: dt.timedelta

    @property
    def is_overdue(self) -> bool:
        """Whether the time is over."""
        return self.left < dt.timedelta()

    @property
    def due_here(self) -> str:
        """When it is due, by the clock on the wall."""
        return f"{self.due:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        """How it stands, in words."""
        minutes = abs(self.left) // dt.timedelta(minutes=1)
        span = f"{minutes // 60} h {minutes % 60} min"
        if self.is_overdue:
            return f"Not reported: it was due by {self.due_here}, {span} ago"
        return f"To be reported by {self.due_here}: {span} left"


def report_clock(aware: str | dt.datetime, now: dt.datetime, zone: ZoneInfo) -> ReportClock | None:
    """The clock of an event; null where the time cannot be read. `now` knows its zone."""
    moment = moment_here(aware, zone)
    if moment is None:
        return None
    try:
        due = (moment + WITHIN).astimezone(zone)
    except OverflowError:
        return None
    return ReportClock(due, moment + WITHIN - now.astimezone(dt.UTC))


def moment_here(typed: str | dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """A time that was typed at the centre, in UTC; null where it cannot be read."""
    try:
        naive = dt.datetime.fromisoformat(typed) if isinstance(typed, str) else typed
        return naive.replace(tzinfo=zone).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
