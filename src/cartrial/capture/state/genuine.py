"""Whether each signature is of the record that it names, and of the rows that it saw.

The entries are read once, oldest first, and the rows made of them as they stood at each signature.
Where the content of a covered record was redacted, its rows cannot be made again, and the snapshot
of a signature over it cannot be compared; the scope and the head are, all the same.

Source: 21 CFR 11.70: signatures cannot be excised, copied or transferred
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import F

from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Entry
from cartrial.capture.state.act import Place
from cartrial.capture.state.verb.meaning import MEANINGS
from cartrial.capture.state.verb.sign import Row, snapshot
from cartrial.capture.trail.verify_trail import canonical

BATCH = 5_000


class _Row(NamedTuple):
    """A record as it stood after an entry."""

    seq: int
    voided: bool
    cells: dict[str, str | None]


Rows = dict[str, dict[Place, _Row]]  # by subject


def verify_signatures() -> list[str]:
    """Everything that is wrong with the signatures of the ledger."""
    rows: Rows = {}
    blank: set[Place] = set()
    found: list[str] = []
    for entry in _entries():
        place = Place(entry["subject"], entry["form"], entry["key"])
        if entry["action"] == action.SIGN:
            found += _faults(entry, place, rows, blank)
        elif entry["text"] is None:
            blank.add(place)
        else:
            _track(rows, place, entry)
    return found


def _entries() -> Iterator[dict[str, Any]]:
    last = Entry.objects.filter(action=action.SIGN).order_by("-seq").first()
    some = Entry.objects.filter(
        action__in=(*action.CLINICAL, action.SIGN), seq__lte=last.seq if last else 0
    )
    names = ("seq", "action", "subject", "form", "key", "previous")
    texts = some.order_by("seq").annotate(text=F("content__text"))
    yield from texts.values(*names, "text").iterator(BATCH)


def _track(rows: Rows, place: Place, entry: Mapping[str, Any]) -> None:
    of_subject = rows.setdefault(place.subject, {})
    cells = dict(of_subject[place].cells) if place in of_subject else {}
    changes = json.loads(entry["text"]).get("changes", {})
    cells |= {name: new for name, (_, new) in changes.items()}
    of_subject[place] = _Row(entry["seq"], entry["action"] == action.VOID, cells)


def _faults(entry: Mapping[str, Any], place: Place, rows: Rows, blank: set[Place]) -> Iterator[str]:
    named, said = f"signature {entry['seq']}", json.loads(entry["text"] or "{}")
    if not said:
        yield f"{named}: must have its content, got one that was redacted"
    elif said.get("of") != list(place):
        yield f"{named}: must be of the record it was given for, got one moved to another"
    elif said.get("meaning") not in MEANINGS:
        yield f"{named}: must have a known meaning, got {said.get('meaning')}"
    else:
        if said.get("head") != f"{entry['seq'] - 1}:{entry['previous']}":
            yield f"{named}: must name the head of the chain before it, got another"
        forms = said.get("forms") or ()
        hidden = any(place.holds(one) and (not forms or one.form in forms) for one in blank)
        if not hidden and snapshot(_rows(rows, place, forms)) != said.get("snapshot"):
            yield f"{named}: must be of the rows that it saw, got others"


def _rows(rows: Rows, place: Place, forms: Collection[str]) -> Iterator[Row]:
    """The rows that a signature covers, in their canonical form."""
    for subject in [place.subject] if place.subject or place.form else list(rows):
        for other, row in rows.get(subject, {}).items():
            if place.holds(other) and (not forms or other.form in forms):
                cells = {name: cell for name, cell in row.cells.items() if cell is not None}
                yield (*other, row.seq, row.voided, canonical(cells))
