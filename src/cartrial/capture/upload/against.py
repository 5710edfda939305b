"""The rows of a file against the records that stand: new, the same, different, or held.

Reading: a field that no row of the file has is not known to it, and keeps what the record says. A
    row of a subject that is not enrolled, whose record was withdrawn, or which is frozen or locked
    is held with its reason, never entered beside.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cartrial import schema as s
from cartrial.capture.entry.check.plausible import Doubt, doubts
from cartrial.capture.entry.check.prompt import LOOKED_UP, words
from cartrial.capture.ledger import read
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import CAPTURED, Row, changed, typed_rows
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import hold
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.shown.words import label, spaced
from cartrial.capture.trail.verify_trail import canonical
from cartrial.capture.upload.understood import Understood
from cartrial.forms.catalogue import Forms
from cartrial.forms.checks import check_forms
from cartrial.protocol.study import Study
from cartrial.trial import planned

NEW, SAME, DIFFERENT, HELD = "new", "same", "different", "held"
ENTERED = (NEW, DIFFERENT)


@dataclass(frozen=True)
class Compared:
    """A row: how it stands against the record of its key, what changes, what is asked, why held."""

    row: Row
    status: str
    base: int = 0
    changes: tuple[tuple[str, str, str], ...] = ()  # label, old, new
    doubts: tuple[Doubt, ...] = ()
    why: str = ""

    @property
    def at(self) -> str:
        """When the sample was taken, as it is read."""
        return spaced(self.row.cells.get("at", ""))


def compare(study: Study, found: Understood, forms: Forms, now: dt.datetime) -> list[Compared]:
    """Every row of a file, against the records that stand."""
    state, there = follow(), _there(found.form, {row.subject for row in found.rows})
    enrolled = set(
        Record.objects.filter(form="demographics", voided=False).values_list("subject", flat=True)
    )
    filled = {name for row in found.rows for name in row.cells}
    compared = [
        _compared(row, there.get((row.subject, row.key)), filled, enrolled, state)
        for row in found.rows
    ]
    entered = [one.row for one in compared if one.status in ENTERED]
    said = _contradictions(study, forms, found.form, entered)
    return [
        _with_doubts(one, forms, now, said) if one.status in ENTERED else one for one in compared
    ]


def _there(form: str, subjects: set[str]) -> dict[tuple[str, str], Held]:
    every = [one for name in sorted(subjects) for one in read.records(form, name, voided=True)]
    return {(one.row.subject, one.row.key): one for one in every}


def _compared(
    row: Row,
    there: Held | None,
    filled: set[str],
    enrolled: set[str],
    state: State,
) -> Compared:
    if row.subject not in enrolled:
        return Compared(row, HELD, why="its subject must be enrolled, got one that is not")
    if there is not None and there.voided:
        return Compared(row, HELD, why="its record was withdrawn. Put that one back first")
    if there is not None:
        kept = {name: cell for name, cell in there.row.cells.items() if name not in filled}
        row = Row(row.form, row.subject, row.key, {**kept, **row.cells})
        if row.cells == there.row.cells:
            return Compared(row, SAME, there.seq)
    held = hold.strongest(state.holds, Place(row.subject, row.form, row.key))
    if held is not None:
        return Compared(row, HELD, why=f"it is {held.state}")
    if there is None:
        return Compared(row, NEW)
    return Compared(row, DIFFERENT, there.seq, _changes(row, there.row.cells))


def _with_doubts(
    one: Compared, forms: Forms, now: dt.datetime, said: Mapping[str, list[Doubt]]
) -> Compared:
    if one.status not in ENTERED:
        return one
    row = one.row
    asked = (*doubts(row.form, row.cells, forms, now), *said.get(_key(row), ()))
    return replace(one, doubts=tuple(asked))


def _contradictions(
    study: Study, forms: Forms, form: str, rows: Sequence[Row]
) -> dict[str, list[Doubt]]:
    """What the forms would say against rows, by their keys in words."""
    if not rows:
        return {}
    tables = {name: forms.tables[name] for name in LOOKED_UP if name in forms.tables}
    checked = Forms({**tables, form: typed_rows(form, [row.cells for row in rows])})
    found: dict[str, list[Doubt]] = {}
    for finding in check_forms(checked, planned(study)):
        if finding.table == f"{form}.csv":
            doubt = Doubt(finding.column, words(form, finding))
            found.setdefault(finding.rows, []).append(doubt)
    return found


def _key(row: Row) -> str:
    return s.row_key(CAPTURED[row.form], dict(row.cells))


def _changes(row: Row, old: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (label(row.form, name), spaced(was or ""), spaced(now or ""))
        for name, (was, now) in changed(old, row.cells).items()
    )


def seal(compared: Sequence[Compared]) -> str:
    """A name for exactly this comparison, by which a confirmation says what it has seen."""
    said = [[one.row.subject, one.row.key, dict(one.row.cells), one.status, str(one.base)]
            for one in compared]  # fmt: skip
    return sha256(canonical(said).encode()).hexdigest()
