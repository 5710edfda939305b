"""The forms while they are filled, and the chart of one subject with its calendar."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms

NEVER = ("published_margin", "best_response")  # not collected in a trial that enters its own data
CUT_ENDS = {  # dates that were not known yet when they are after the cut
    "adverse_event": ("ended",),
    "bridging": ("ended",),
    "growth_factor": ("ended",),
    "hospital_stay": ("discharged",),
    "medication": ("ended",),
}


@dataclass
class Sheet:
    """The rows of each form, held back where they were not known at the cut."""

    cut: dt.date | None
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in FORMS if name not in NEVER}
    )

    def knows(self, when: dt.date) -> bool:
        """Whether something of that date was known at the cut."""
        return self.cut is None or when <= self.cut

    def add(self, form: str, when: dt.date, **cells: Any) -> None:
        """A row that was known from `when` on; its later ends are left open."""
        if not self.knows(when):
            return
        for name in CUT_ENDS.get(form, ()):
            if cells.get(name) is not None and not self.knows(_date(cells[name])):
                cells[name] = None
        self.rows[form].append(cells)

    def forms(self) -> Forms:
        """The filled forms, each in the order of its key."""
        return Forms({name: _frame(FORMS[name], rows) for name, rows in self.rows.items()})


@dataclass(frozen=True)
class Chart:
    """The chart of one subject; days count from `zero`, its infusion or its consent."""

    sheet: Sheet
    subject: str
    zero: dt.date

    def date(self, day: float) -> dt.date:
        """The calendar date of a day."""
        return self.zero + dt.timedelta(days=int(day // 1))

    def moment(self, at: float) -> dt.datetime:
        """The date and clock time, to the minute, of a time in days."""
        minutes = round(at * 24 * 60)
        return dt.datetime.combine(self.zero, dt.time()) + dt.timedelta(minutes=minutes)

    def clock(self, at: float) -> str:
        """The date and clock time as text."""
        return self.moment(at).strftime("%Y-%m-%dT%H:%M")

    def text(self, day: float) -> str:
        """The date of a day as text."""
        return self.date(day).isoformat()

    def knows(self, day: float) -> bool:
        """Whether what happened on a day was known at the cut."""
        return self.sheet.knows(self.date(day))

    def add(self, form: str, day: float, **cells: Any) -> None:
        """A row of this subject that was known from a day on."""
        self.sheet.add(form, self.date(day), subject=self.subject, **cells)


def _date(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _frame(table: type[s.Table], rows: list[dict[str, Any]]) -> pl.DataFrame:
    declared = s.columns(table)
    empty = s.empty(table)
    cells = {c.name: [row.get(c.name) for row in rows] for c in declared}
    frame = pl.DataFrame(cells, schema=empty.schema)
    return frame.sort(s.key(table), maintain_order=True)
