"""What of an adverse event changed after it was last reported: for the follow-up report.

Reading: changes are of the event, of its grades and of the reasons why it is serious, entered after
    the minute of the report. Where the clock on the wall shows that minute twice, after the first.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cartrial.capture.ledger import clock, read
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import key_cells
from cartrial.capture.state.words import label, local, spaced, title

NO_NEWS = ("subject", "number", "reported", "aware")  # of the event's name, and of the report


@dataclass(frozen=True)
class Changed:
    """One value that changed: of which form and field, from what to what, when and by whom."""

    form: str
    place: str
    field: str
    old: str
    new: str
    when: str
    who: str
    seq: int


def grades_of(subject: str, number: str) -> list[tuple[int, Held]]:
    """The grades of an event with the numbers of their records, withdrawn ones too, in time."""
    records = Record.objects.filter(subject=subject, form="ae_grade").values_list("pk", "key")
    found = [(pk, read.record(subject, "ae_grade", key)) for pk, key in records]
    mine = [(pk, one) for pk, one in found if one and one.row.cells["number"] == number]
    return sorted(mine, key=lambda one: one[1].row.cells["since"])


def changed_since(held: Held, report: Held, reported: dt.datetime) -> list[Changed]:
    """What changed after a report, oldest first; `held` is the event, `report` its form."""
    grades = grades_of(held.row.subject, held.row.cells["number"])
    places = [held, *(one for _, one in grades), report]
    found = [one for place in places for one in _of_record(place, reported)]
    return sorted(found, key=lambda one: one.seq)


def _of_record(held: Held, reported: dt.datetime) -> Iterator[Changed]:
    row = held.row
    for step in read.history(row.subject, row.form, row.key):
        if step.changes is None or clock.moment(step.entry.at) <= reported:
            continue
        changes = step.changes or {"": (None, f"({step.entry.action})")}
        for name, (old, new) in changes.items():
            if name not in NO_NEWS:
                yield Changed(
                    form=title(row.form),
                    place=_place(row.form, row.key),
                    field=label(row.form, name),
                    old=spaced(old or ""),
                    new=spaced(new or ""),
                    when=local(step.entry.at),
                    who=step.entry.name,
                    seq=step.entry.seq,
                )


def _place(form: str, key: str) -> str:
    return spaced(key_cells(form, key).get("since", "")) if form == "ae_grade" else ""
