"""Reading the ledger: records, their history, and the trial's forms as the pipeline takes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.row import CAPTURED, Row
from cartrial.capture.trail.verify_trail import FIRST
from cartrial.forms.catalogue import Forms


@dataclass(frozen=True)
class Head:
    """The last entry of the chain."""

    seq: int
    hash: str

    @property
    def short(self) -> str:
        """The head as it is printed in a footer."""
        return f"{self.seq}:{self.hash[:16]}"


@dataclass(frozen=True)
class Held:
    """A record as it stands: its row, its newest entry, and whether it was withdrawn."""

    row: Row
    seq: int
    voided: bool


@dataclass(frozen=True)
class Step:
    """One entry of a record's history, with what it changed; null where it was redacted."""

    entry: Entry
    changes: Mapping[str, tuple[str | None, str | None]] | None


def head() -> Head:
    """The head of the chain."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*last) if last else Head(0, FIRST)


def record(subject: str, form: str, key: str) -> Held | None:
    """One record, or null."""
    found = Record.objects.filter(subject=subject, form=form, key=key).first()
    return _held(found) if found else None


def records(form: str, subject: str | None = None, *, voided: bool = False) -> list[Held]:
    """The records of a form, of one subject or of all, in order of their keys."""
    found = Record.objects.filter(form=form)
    if subject is not None:
        found = found.filter(subject=subject)
    if not voided:
        found = found.filter(voided=False)
    return [_held(one) for one in found.order_by("subject", "key")]


def history(subject: str, form: str, key: str) -> list[Step]:
    """Every entry of a record, oldest first."""
    entries = Entry.objects.filter(subject=subject, form=form, key=key).select_related("content")
    return [Step(entry, _changes(entry)) for entry in entries.order_by("seq")]


def content(entry: Entry) -> Mapping[str, object] | None:
    """What an entry says; null where it was redacted."""
    text = entry.content.text
    return json.loads(text) if text else None


def subjects() -> list[str]:
    """Every subject with a record, in order."""
    found = Record.objects.exclude(subject="").filter(voided=False)
    return sorted(found.values_list("subject", flat=True).distinct())


def _held(record: Record) -> Held:
    cells = json.loads(record.cells)
    return Held(Row(record.form, record.subject, record.key, cells), record.seq, record.voided)


def _changes(entry: Entry) -> dict[str, tuple[str | None, str | None]] | None:
    said = content(entry)
    if said is None:
        return None
    changes = said.get("changes", {})
    assert isinstance(changes, dict)
    return {name: (old, new) for name, (old, new) in changes.items()}


class Snapshot:
    """The forms of the trial, kept in memory and brought up to the head when they are asked for.

    Only what changed since is read again, as entries are only added. One lives in each process.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
        self._frames: dict[str, pl.DataFrame] = {}
        self._seq = 0

    def forms(self) -> tuple[Forms, Head]:
        """The forms as they stand, and the head up to which they do."""
        at = head()
        fresh = Record.objects.filter(seq__gt=self._seq, seq__lte=at.seq)
        touched = set()
        for record in fresh.iterator():
            rows = self._rows.setdefault(record.form, {})
            place = (record.subject, record.key)
            rows.pop(place, None)
            if not record.voided:
                rows[place] = json.loads(record.cells)
            touched.add(record.form)
        for form in touched:
            self._frames[form] = _frame(form, self._rows[form])
        self._seq = at.seq
        return Forms(dict(self._frames)), at


def _frame(form: str, rows: Mapping[tuple[str, str], Mapping[str, str]]) -> pl.DataFrame:
    """The rows of a form as its declared table, in order of subject and key."""
    table = CAPTURED[form]
    schema = {column.name: pl.String for column in s.columns(table)}
    ordered = [rows[place] for place in sorted(rows)]
    return table.cast(s.typed(table, pl.DataFrame(ordered, schema=schema)))
