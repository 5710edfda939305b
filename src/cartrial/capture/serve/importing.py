"""Fill the trial from forms as CSV: what would be new, what is there already, what differs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getuser

from cartrial.capture.graded.syndrome import settle_rows
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import CAPTURED, Row, rows_of
from cartrial.capture.ledger.write import Actor, writing
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.trail.verify_trail import canonical
from cartrial.forms.catalogue import Forms


@dataclass(frozen=True)
class Import:
    """The rows of forms, held against the records that are there."""

    new: tuple[Row, ...]
    same: int
    other: tuple[Row, ...]  # their record is there and says something else, or was withdrawn
    unknown: tuple[str, ...]  # forms that are not entered in a trial

    def by_form(self) -> Mapping[str, int]:
        """How many new rows each form has, in the order of the catalogue."""
        counts = Counter(row.form for row in self.new)
        return {form: counts[form] for form in CAPTURED if form in counts}


def compare(forms: Forms) -> Import:
    """Hold the rows of forms against the records."""
    every = Record.objects.values_list("subject", "form", "key", "cells", "voided").iterator()
    there = {
        (subject, form, key): None if voided else cells
        for subject, form, key, cells, voided in every
    }
    rows = [row for name, frame in forms if name in CAPTURED for row in rows_of(name, frame)]
    new, same, other = [], 0, []
    for row in rows:
        place = (row.subject, row.form, row.key)
        if place not in there:
            new.append(row)
        elif there[place] == canonical(dict(row.cells)):
            same += 1
        else:
            other.append(row)
    unknown = tuple(name for name, frame in forms if name not in CAPTURED and frame.height)
    return Import(tuple(new), same, tuple(other), unknown)


def enter(given: Import, reason: str) -> int:
    """Enter the new rows with one reason, all of them or none; then the queries that they bring."""
    with writing(console()) as ledger:
        entered = ledger.enter_all(given.new, reason=reason)
    follow()  # kept now, and not read again for each subject
    with writing(console()) as ledger:
        settle_rows(ledger, given.new)
    return entered


def console() -> Actor:
    """Whoever works at the console of the server, by the name of the operating system."""
    return Actor("console", f"the console, as {getuser()}"[:120], "system", "")
