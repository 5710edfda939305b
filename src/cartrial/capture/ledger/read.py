"""Reading the ledger: records, their history, and the trial's forms as the pipeline takes them."""

import json
import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import NamedTuple

import polars as pl

from cartrial import schema as s
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.row import CAPTURED, OF_SUBJECT, Row, stored_rows
from cartrial.capture.trail.verify_trail import FIRST
from cartrial.forms.catalogue import Forms

BATCH = 10_000  # records that are fetched at a time
PIECES = 50  # that a frame may have, before it is made one again


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


class _Stored(NamedTuple):
    """A record as it is stored: as much as forms are made from."""

    form: str
    subject: str
    key: str
    seq: int
    voided: bool
    cells: str


class _Part:
    """The rows of a form and a subject that stand, in order of their keys."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._keys: list[str] = []
        self.frame: pl.DataFrame = s.empty(CAPTURED[form])

    def put(self, fresh: Mapping[str, str | None]) -> None:
        """Put rows in by their keys, in the place of those that stand there; null is none."""
        stored = [cells for _, cells in sorted(fresh.items()) if cells is not None]
        rows = stored_rows(self._form, stored)
        keys, frames, taken, at = list[str](), list[pl.DataFrame](), 0, 0
        for place, those in groupby(sorted(fresh), key=partial(bisect_left, self._keys)):
            coming = list(those)
            present = [key for key in coming if fresh[key] is not None]
            keys += [*self._keys[at:place], *present]
            frames += [self.frame[at:place], rows[taken : taken + len(present)]]
            taken += len(present)
            at = place + (self._keys[place : place + 1] == coming[:1])
        self._keys = keys + self._keys[at:]
        whole = pl.concat([*frames, self.frame[at:]])
        self.frame = whole.rechunk() if whole.n_chunks() > PIECES else whole


class Snapshot:
    """The forms of the trial, kept in memory and brought up to the head when they are asked for.

    Only what changed since is read again, as entries are only added. One lives in each process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._parts: dict[str, dict[str, _Part]] = {}  # of a form, by subject
        self._frames: dict[str, pl.DataFrame] = {}  # of a form, as far as they were asked for
        self._head = Head(0, FIRST)

    def forms(self) -> tuple[Forms, Head]:
        """The forms as they stand, and the head up to which they do."""
        with self._lock:
            self._bring_up_to(head())
            for form in self._parts.keys() - self._frames.keys():
                parts = self._parts[form]
                self._frames[form] = pl.concat([parts[one].frame for one in sorted(parts)])
            return Forms(dict(self._frames)), self._head

    def forms_of(self, subject: str) -> tuple[Forms, Head]:
        """The forms of one subject, and those that have no subject, as they stand."""
        with self._lock:
            self._bring_up_to(head())
            own = {}
            for form, parts in self._parts.items():
                part = parts.get(subject if form in OF_SUBJECT else "")
                own[form] = s.empty(CAPTURED[form]) if part is None else part.frame
            return Forms(own), self._head

    def _bring_up_to(self, at: Head) -> None:
        if not self._is_of_this_chain(at):  # another database, or a restored one
            self._begin()
        if at == self._head:
            return
        # one statement reads one moment: what it holds may be later than the head before it
        newest = 0
        for (form, subject), of_part in groupby(self._fresh(), key=_place):
            fresh = dict[str, str | None]()
            for record in of_part:
                fresh[record.key] = None if record.voided else record.cells
                newest = max(newest, record.seq)
            parts = self._parts.setdefault(form, {})
            parts.setdefault(subject, _Part(form)).put(fresh)
            self._frames.pop(form, None)
        self._head = at if newest <= at.seq else _head_at(newest)

    def _fresh(self) -> Iterable[_Stored]:
        """The records that are newer than the head, by form and subject."""
        stored = Record.objects.values_list(*_Stored._fields)
        if self._head.seq:
            return sorted(map(_Stored._make, stored.filter(seq__gt=self._head.seq)))
        return map(_Stored._make, stored.order_by("form", "subject").iterator(BATCH))

    def _is_of_this_chain(self, at: Head) -> bool:
        if at == self._head or not self._head.seq:
            return True
        known = Entry.objects.filter(seq=self._head.seq, hash=self._head.hash)
        return self._head.seq <= at.seq and known.exists()


def _place(record: _Stored) -> tuple[str, str]:
    return record.form, record.subject


def _head_at(seq: int) -> Head:
    return Head(seq, Entry.objects.values_list("hash", flat=True).get(seq=seq))


_SNAPSHOT = Snapshot()


def forms_now() -> tuple[Forms, Head]:
    """The forms of the trial as they stand, and the head up to which they do."""
    return _SNAPSHOT.forms()


def forms_of(subject: str) -> tuple[Forms, Head]:
    """The forms of one subject, and those that have no subject, as they stand."""
    return _SNAPSHOT.forms_of(subject)
