"""Reading the ledger: records, their history, and the trial's forms as the pipeline takes them."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.row import CAPTURED, SUBJECT, Row
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
    return [step(entry) for entry in entries.order_by("seq")]


def step(entry: Entry) -> Step:
    """An entry with what it changed."""
    return Step(entry, _changes(entry))


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
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._rows: dict[tuple[str, str], dict[str, dict[str, str]]] = {}  # of a form and subject
        self._parts: dict[str, dict[str, pl.DataFrame]] = {}  # of a form, by subject
        self._frames: dict[str, pl.DataFrame] = {}
        self._head = Head(0, FIRST)

    def forms(self) -> tuple[Forms, Head]:
        """The forms as they stand, and the head up to which they do."""
        with self._lock:
            self._bring_up_to(head())
            return Forms(dict(self._frames)), self._head

    def forms_of(self, subject: str) -> tuple[Forms, Head]:
        """The forms of one subject, and those that have no subject, as they stand."""
        with self._lock:
            self._bring_up_to(head())
            own = {
                form: self._parts[form].get(subject, frame.clear())
                if SUBJECT in frame.columns
                else frame
                for form, frame in self._frames.items()
            }
            return Forms(own), self._head

    def _bring_up_to(self, at: Head) -> None:
        if not self._is_of_this_chain(at):  # another database, or a restored one
            self._begin()
        # one statement reads one moment: what it holds may be later than the head before it
        fresh = list(Record.objects.filter(seq__gt=self._head.seq))
        for record in fresh:
            rows = self._rows.setdefault((record.form, record.subject), {})
            rows.pop(record.key, None)
            if not record.voided:
                rows[record.key] = json.loads(record.cells)
        touched = {(record.form, record.subject) for record in fresh}
        for form, subject in touched:
            part = _frame(form, self._rows[form, subject])
            self._parts.setdefault(form, {})[subject] = part
        for form in {form for form, _ in touched}:
            parts = self._parts[form]
            self._frames[form] = pl.concat([parts[subject] for subject in sorted(parts)])
        newest = max((record.seq for record in fresh), default=0)
        self._head = at if newest <= at.seq else _head_at(newest)

    def _is_of_this_chain(self, at: Head) -> bool:
        if at == self._head or not self._head.seq:
            return True
        known = Entry.objects.filter(seq=self._head.seq, hash=self._head.hash)
        return self._head.seq <= at.seq and known.exists()


def _head_at(seq: int) -> Head:
    return Head(seq, Entry.objects.values_list("hash", flat=True).get(seq=seq))


_SNAPSHOT = Snapshot()


def forms_now() -> tuple[Forms, Head]:
    """The forms of the trial as they stand, and the head up to which they do."""
    return _SNAPSHOT.forms()


def forms_of(subject: str) -> tuple[Forms, Head]:
    """The forms of one subject, and those that have no subject, as they stand."""
    return _SNAPSHOT.forms_of(subject)


def _frame(form: str, rows: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """The rows of a form and a subject as its declared table, in order of their keys."""
    table = CAPTURED[form]
    schema = {column.name: pl.String for column in s.columns(table)}
    ordered = [rows[key] for key in sorted(rows)]
    return table.cast(s.typed(table, pl.DataFrame(ordered, schema=schema)))
