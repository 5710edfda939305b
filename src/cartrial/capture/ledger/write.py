"""The one way into the ledger: a transaction in which one actor adds entries.

    with writing(actor) as ledger:
        ledger.enter("vital_signs", row, base=0)
        ledger.add(action.SIGN, subject="001-001", content={"meaning": "..."})

Either all entries of a transaction are there, or none. Writers wait in one queue: within a process
by a lock (SQLite has no queue of its own), between processes by the database.
"""

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from django.db import DatabaseError, connection, transaction

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Conflict, Refused, refusal
from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.ledger.read import step
from cartrial.capture.ledger.row import SUBJECT_KEY, SUBJECT_MUST, Row, changed
from cartrial.capture.trail.verify_trail import FIRST, canonical, entry_hash, sha256

SOFTWARE = f"cartrial {version('cartrial')}"
QUEUE = threading.RLock()
BATCH = 2000  # entries that are written in one statement, or as the database takes them
ADVISORY = 0x0CA27  # the number of the lock by which PostgreSQL's writers wait


@dataclass(frozen=True)
class Actor:
    """Who acts, as they are at this moment."""

    username: str
    name: str
    role: str
    organisation: str


SOFTWARE_ITSELF = Actor("system", "the software", "system", "")


@dataclass
class End:
    """The end of the chain within a transaction; whoever writes in it writes here."""

    seq: int
    hash: str


_ENDS: list[End] = []  # one for each transaction that is open, the inner ones last; within QUEUE


@contextmanager
def writing(actor: Actor) -> Iterator["Ledger"]:
    """A transaction on the ledger; one within another joins it, and may fail alone."""
    with QUEUE:
        try:
            with transaction.atomic(), _end() as end:
                yield Ledger(actor, end)
        except DatabaseError as fault:
            raise refusal(fault) from None


@contextmanager
def _end() -> Iterator[End]:
    """The end of the chain; that of the outer transaction is moved on when the inner is whole."""
    if _ENDS:
        end = replace(_ENDS[-1])
    else:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY])
        last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
        end = End(*last) if last else End(0, FIRST)
    _ENDS.append(end)
    try:
        yield end
    except BaseException:
        _ENDS.pop()
        raise
    _ENDS.pop()
    if _ENDS:
        _ENDS[-1].seq, _ENDS[-1].hash = end.seq, end.hash


class Ledger:
    """The open end of the ledger, within one transaction."""

    def __init__(self, actor: Actor, end: End) -> None:
        self.actor = actor
        self.end = end

    @property
    def seq(self) -> int:
        """The number of the last entry, those of this transaction among them."""
        return self.end.seq

    @property
    def head(self) -> str:
        """The hash of the last entry, those of this transaction among them."""
        return self.end.hash

    def add(
        self,
        what: str,
        *,
        subject: str = "",
        form: str = "",
        key: str = "",
        content: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> Entry:
        """Add one entry; what it says must be of texts, lists and mappings."""
        entry, said = self._next(
            what, subject=subject, form=form, key=key, content=content or {}, reason=reason
        )
        entry.save(force_insert=True)
        said.save(force_insert=True)
        return entry

    def enter_all(self, rows: Sequence[Row], *, reason: str = "") -> int:
        """Create a record of each row, in batches; a row whose record is there is refused."""
        there = set(Record.objects.values_list("subject", "form", "key"))
        for row in rows:
            _check_subject(row)
            place = (row.subject, row.form, row.key)
            if place in there:
                raise Conflict(f"{row.form}: must be a new record, got one that is there")
            there.add(place)
        for start in range(0, len(rows), BATCH):
            self._create(rows[start : start + BATCH], reason)
        return len(rows)

    def _create(self, rows: Sequence[Row], reason: str) -> None:
        made = []
        for row in rows:
            place = {"subject": row.subject, "form": row.form, "key": row.key}
            said = {"changes": changed({}, row.cells)}
            entry, content = self._next(action.CREATE, **place, content=said, reason=reason)
            cells = canonical(dict(row.cells))
            made.append((entry, content, Record(**place, seq=entry.seq, cells=cells)))
        Entry.objects.bulk_create([entry for entry, _, _ in made])
        Content.objects.bulk_create([content for _, content, _ in made])
        Record.objects.bulk_create([record for _, _, record in made])

    def _next(
        self,
        what: str,
        *,
        subject: str,
        form: str,
        key: str,
        content: Mapping[str, Any],
        reason: str,
    ) -> tuple[Entry, Content]:
        """The next entry of the chain and what it says, not yet saved."""
        if "\0" in reason:  # PostgreSQL holds none in a text
            raise Refused("reason: must be of letters that print, got a null character")
        if reason.strip() and not any(c.isprintable() and not c.isspace() for c in reason):
            raise Refused("reason: must be of letters that print, got none that does")
        text = canonical(content)
        entry = Entry(
            seq=self.end.seq + 1,
            at=clock.stamp(clock.now()),
            actor=self.actor.username,
            name=self.actor.name,
            role=self.actor.role,
            organisation=self.actor.organisation,
            action=what,
            subject=subject,
            form=form,
            key=key,
            reason=reason.strip(),
            software=SOFTWARE,
            content_sha256=sha256(text),
            previous=self.end.hash,
        )
        entry.hash = entry_hash(entry.fields())
        self.end.seq, self.end.hash = entry.seq, entry.hash
        return entry, Content(entry=entry, text=text)

    def enter(self, row: Row, *, base: int, reason: str = "") -> Entry | None:
        """Create a record, or change it; null where nothing changed.

        `base` is the newest entry of the record that the person saw, 0 where they saw none.
        """
        _check_subject(row)
        there = _record(row.subject, row.form, row.key)
        _expect(there, base, row)
        changes = changed(_cells(there), row.cells)
        if there is None:
            what = action.CREATE
        elif there.voided:
            what = action.RESTORE
        elif changes:
            what = action.CHANGE
        else:
            return None
        return self._write(row, there, what, changes, reason, voided=False)

    def void(self, row: Row, *, base: int, reason: str) -> Entry:
        """Withdraw a record: it stays to be seen, and is counted no more."""
        there = _record(row.subject, row.form, row.key)
        _expect(there, base, row)
        as_it_is = replace(row, cells=_cells(there))
        return self._write(as_it_is, there, action.VOID, {}, reason, voided=True)

    def redact(self, seq: int, columns: Collection[str], reason: str) -> list[Entry]:
        """Blank an entry for what it said in some columns, and those that repeat it; hashes stay.

        The record must be corrected first; the correction, which names the old value, goes too,
        and so does each check that fired for the value.
        """
        entry = Entry.objects.select_related("content").get(seq=seq)
        there = _record(entry.subject, entry.form, entry.key)
        said = {(name, cell) for name, cell in _new_values(entry) if name in columns}
        if said & _cells(there).items():
            raise Refused(
                f"entry {seq}: must say nothing that its record still shows, got a value that "
                "stands there. Correct the record first"
            )
        place = {"subject": entry.subject, "form": entry.form, "key": entry.key}
        others = Entry.objects.filter(**place, action__in=(*action.CLINICAL, action.CHECK_FIRED))
        others = others.exclude(seq=seq).select_related("content").order_by("seq")
        repeat = [one for one in others if said & _values(one)]
        return [self._blank(one, reason) for one in (entry, *repeat)]

    def _blank(self, entry: Entry, reason: str) -> Entry:
        done = self.add(
            action.REDACT,
            subject=entry.subject,
            form=entry.form,
            key=str(entry.seq),
            content={"content_sha256": entry.content_sha256},
            reason=reason,
        )
        Content.objects.filter(entry=entry).update(text=None)
        return done

    def _write(
        self,
        row: Row,
        there: Record | None,
        what: str,
        changes: Mapping[str, Any],
        reason: str,
        *,
        voided: bool,
    ) -> Entry:
        place = {"subject": row.subject, "form": row.form, "key": row.key}
        entry = self.add(what, **place, content={"changes": changes}, reason=reason)
        record = there or Record(**place)
        record.seq, record.voided, record.cells = entry.seq, voided, canonical(dict(row.cells))
        record.save()
        return entry


def _new_values(entry: Entry) -> set[tuple[str, str]]:
    return {
        (name, new) for name, (_, new) in (step(entry).changes or {}).items() if new is not None
    }


def _values(entry: Entry) -> set[tuple[str, str]]:
    """Every value that an entry names, with its column: before and after, or of a check."""
    said = json.loads(entry.content.text or "{}")
    cells = {
        (name, cell) for name, pair in said.get("changes", {}).items() for cell in pair if cell
    }
    return cells | {(said.get("column", ""), said.get(name, "")) for name in ("value", "new")}


def _record(subject: str, form: str, key: str) -> Record | None:
    return Record.objects.filter(subject=subject, form=form, key=key).first()


def _cells(record: Record | None) -> dict[str, str]:
    cells: dict[str, str] = json.loads(record.cells) if record else {}
    return cells


def _check_subject(row: Row) -> None:
    if row.subject and not SUBJECT_KEY.fullmatch(row.subject):
        raise Refused(f"{row.form}: subject {SUBJECT_MUST}, got {row.subject!r}")


def _expect(there: Record | None, base: int, row: Row) -> None:
    newest = there.seq if there else 0
    if newest == base:
        return
    if there is None:
        raise Conflict(f"{row.form}: must be a record that is there, got none with this key")
    entry = Entry.objects.get(seq=newest)
    raise Conflict(
        f"{row.form}: must be as it was when the page was opened, "
        f"got a change by {entry.name} at {entry.at[:16].replace('T', ' ')} UTC",
        newest,
    )
