"""What was assessed before, and when the next assessment is due: information, and no rule.

Reading: every 8 hours; hourly while the last assessment may be grade 2 or more, or cannot be told.
    The protocol and the ward decide; nothing is refused or overdue by it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cartrial.capture.graded.syndrome import Graded, grades, infusion_of, rows_of
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import Row, key_cells

USUAL, CLOSE = dt.timedelta(hours=8), dt.timedelta(hours=1)
CLOSE_FROM = 2  # a grade
SHOWN = 5  # assessments before


@dataclass(frozen=True)
class Before:
    """An assessment that stands: its record, when it was, its grades."""

    number: int
    at: dt.datetime
    graded: Graded

    @property
    def next_due(self) -> dt.datetime:
        """When the next assessment is usual."""
        return self.at + (CLOSE if self.graded["highest"] >= CLOSE_FROM else USUAL)

    @property
    def is_close(self) -> bool:
        """Whether the next is usual within the hour."""
        return bool(self.graded["highest"] >= CLOSE_FROM)


def assessed(form: str, subject: str, until: dt.datetime) -> list[Before]:
    """The last assessments up to a moment, newest first."""
    rows = rows_of(form, subject)
    found = grades(form, rows, infusion_of(subject))
    numbers = _numbers(form, subject, rows)
    known = [Before(numbers[one["at"]], one["at"], one) for one in found if one["at"] <= until]
    return known[::-1][:SHOWN]


def _numbers(form: str, subject: str, rows: Sequence[Row]) -> dict[dt.datetime, int]:
    keys = {row.key: dt.datetime.fromisoformat(key_cells(form, row.key)["at"]) for row in rows}
    found = Record.objects.filter(form=form, subject=subject, key__in=keys)
    return {keys[key]: number for number, key in found.values_list("pk", "key")}
