"""Whether the ledger is whole, and every record is what its entries make of it.

What is checked: the chain (each hash, content, order, time), the heads that signatures and data
cuts hold, the records (each rebuilt from its entries and compared), and the triggers.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from cartrial.capture.ledger import action, triggers
from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.ledger.read import Head, head
from cartrial.capture.trail.verify_trail import FIELDS, canonical, faults

BATCH = 5_000
ALTERED = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)  # what reading no content of ours raises


@dataclass(frozen=True)
class Verified:
    """What was verified, and what was found."""

    head: Head
    records: int
    findings: tuple[str, ...]


def verify(heads: Mapping[int, str] | None = None) -> Verified:
    """Verify the whole ledger, and heads that were printed or kept elsewhere, by their number."""
    rebuilt = _Rebuilt()
    anchors = {**_anchors(), **(heads or {})}
    found = list(faults(rebuilt.watching(entries()), anchors))
    found += rebuilt.compared()
    found += [f"trigger {name}: must be there, got none, or another" for name in triggers.absent()]
    return Verified(head(), len(rebuilt.records), tuple(found))


def entries(subject: str | None = None) -> Iterator[dict[str, Any]]:
    """Every entry, or those about a subject, with hash and content, as the verifier reads them."""
    some = Entry.objects.all() if subject is None else Entry.objects.filter(subject=subject)
    texts = some.annotate(text=F("content__text")).order_by("seq")
    for entry in texts.values(*FIELDS, "hash", "text").iterator(chunk_size=BATCH):
        yield {**entry, "content": entry.pop("text") or ""}


def _anchors() -> dict[int, str]:
    """The heads that later entries hold: of signatures, cuts and backups."""
    kept = Content.objects.filter(
        entry__action__in=(action.SIGN, action.CUT, action.DECIDE, action.BACKUP, action.RESTORED)
    )
    heads = {}
    for text in kept.values_list("text", flat=True):
        with suppress(*ALTERED):  # the chain tells of it
            seq, hash_ = str(json.loads(text or "{}")["head"]).split(":")
            heads[int(seq)] = hash_
    return {seq: hash_ for seq, hash_ in heads.items() if seq and len(hash_) == 64}


class _Rebuilt:
    """The records, made again from the entries that pass by."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str, str], tuple[int, bool, dict[str, str]]] = {}
        self.blank: set[tuple[str, str, str]] = set()  # of which a content was redacted
        self.wrong: list[str] = []

    def watching(self, passing: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The same entries, each followed on its way."""
        for entry in passing:
            if entry["action"] in action.CLINICAL:
                self._follow(entry)
            yield entry

    def _follow(self, entry: Mapping[str, Any]) -> None:
        place = _place(entry)
        _, _, cells = self.records.get(place, (0, False, {}))
        try:
            cells = self._changed(entry, cells) if entry["content"] else cells
        except ALTERED:
            self.wrong.append(f"entry {entry['seq']}: must say what changed, got something else")
        if not entry["content"]:
            self.blank.add(place)
        voided = entry["action"] == action.VOID
        self.records[place] = (entry["seq"], voided, cells)

    def _changed(self, entry: Mapping[str, Any], cells: dict[str, str]) -> dict[str, str]:
        changes = json.loads(entry["content"]).get("changes", {})
        known = _place(entry) in self.blank
        for name, (old, new) in changes.items():
            if not known and cells.get(name) != old:
                self.wrong.append(
                    f"entry {entry['seq']}: {name}: must name the value before, got another"
                )
            cells = {**cells, name: new}
        return {name: cell for name, cell in cells.items() if cell is not None}

    def compared(self) -> Iterator[str]:
        """Where a record in the database is not what its entries make of it."""
        yield from self.wrong
        left = dict(self.records)
        for record in Record.objects.order_by("id").iterator(chunk_size=BATCH):
            place = (record.subject, record.form, record.key)
            said = " ".join(part for part in place if part)
            made = left.pop(place, None)
            if made is None:
                yield f"record {said}: must have an entry, got none"
                continue
            seq, voided, cells = made
            if (record.seq, record.voided) != (seq, voided):
                yield f"record {said}: must show entry {seq}, got entry {record.seq}"
            if place not in self.blank and record.cells != canonical(cells):
                yield f"record {said}: must hold what its entries say, got something else"
        for place in left:
            yield f"record {' '.join(part for part in place if part)}: must be there, got none"


def _place(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(entry["subject"]), str(entry["form"]), str(entry["key"])
