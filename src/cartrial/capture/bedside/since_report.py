"""What of an adverse event changed after it was last reported: for the follow-up report.

Reading: changes are of the event, of its grades and of the reasons why it is serious, entered after
    the minute of the report. What was first entered before it was entered that the event was
    reported (data that come late) is what was reported; a grade from a later time is news all the
    same. Where the clock on the wall shows that minute twice, it is the first.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cartrial.capture.ledger import action, clock, read
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import Row, key_cells
from cartrial.capture.state.shown.words import label, local, spaced, title

NO_NEWS = ("subject", "number", "since", "reported", "aware")  # names, and the report itself


@dataclass(frozen=True)
class Changed:
    """One value that changed: what it is, from what to what, when and by whom."""

    what: str
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
    said = _said_at(report)
    found: list[Changed] = []
    for place in (held, *(one for _, one in grades), report):
        is_news = place.row.cells.get("since", "") > _as_far(place, report)
        found += _of_record(place, reported, 0 if is_news else said)
    return sorted(found, key=lambda one: one.seq)


def _said_at(report: Held) -> int:
    """The entry that says when it was reported."""
    steps = read.history(report.row.subject, report.row.form, report.row.key)
    named = [one.entry.seq for one in steps if "reported" in (one.changes or {})]
    return named[-1] if named else 0


def _as_far(place: Held, report: Held) -> str:
    """When it was reported, as far as the time of a grade is known."""
    return report.row.cells["reported"][: len(place.row.cells.get("since", ""))]


def _of_record(held: Held, reported: dt.datetime, first: int) -> Iterator[Changed]:
    """The changes of a record after a report; being made up to the entry `first` is none."""
    row = held.row
    for step in read.history(row.subject, row.form, row.key):
        entry, is_made = step.entry, step.entry.action == action.CREATE
        if step.changes is None or clock.moment(entry.at) <= reported:
            continue
        if entry.action not in action.CLINICAL or (is_made and entry.seq <= first):
            continue
        for name, (old, new) in (step.changes or {"": (None, f"({entry.action})")}).items():
            if name not in NO_NEWS:
                yield Changed(
                    what=_what(row, name),
                    old=spaced(old or ""),
                    new=spaced(new or ""),
                    when=local(entry.at),
                    who=entry.name,
                    seq=entry.seq,
                )


def _what(row: Row, column: str) -> str:
    """A field in words: of the event by its label, of a grade by its time."""
    field = label(row.form, column)
    if row.form == "adverse_event":
        return field
    if row.form == "ae_grade":
        return f"{field} from {spaced(key_cells(row.form, row.key)['since'])}"
    return f"{title(row.form)}: {field}"
