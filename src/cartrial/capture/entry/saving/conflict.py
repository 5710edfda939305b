"""A lost update: two people changed a record, and the one who saves later sees both values."""

from dataclasses import dataclass

from cartrial.capture.entry.form.field import fields_of
from cartrial.capture.entry.saving.submit import Draft
from cartrial.capture.ledger import read
from cartrial.capture.ledger.read import Held


@dataclass(frozen=True)
class Difference:
    """A field with two values, and the one proposed where one of the two persons changed it."""

    name: str
    label: str
    mine: str
    theirs: str
    proposed: str  # mine, theirs, or empty where both changed it


def differences(draft: Draft, held: Held) -> list[Difference]:
    """The fields in which a draft and the record differ, in the order of the form."""
    before = cells_at(held, draft.base)
    found = []
    for field in fields_of(draft.form):
        mine, theirs = draft.cells.get(field.name, ""), held.row.cells.get(field.name, "")
        if mine != theirs and not field.decided:
            first = before.get(field.name, "")
            proposed = "theirs" if mine == first else "mine" if theirs == first else ""
            found.append(Difference(field.name, field.label, mine, theirs, proposed))
    return found


def cells_at(held: Held, seq: int) -> dict[str, str]:
    """The cells of a record as they stood after an entry; what was redacted is absent."""
    cells: dict[str, str] = {}
    for step in read.history(held.row.subject, held.row.form, held.row.key):
        if step.entry.seq > seq:
            break
        for name, (_, new) in (step.changes or {}).items():
            cells[name] = new or ""
    return cells
