"""Whether drafts can be saved: what refuses each, what is asked about it, whether it changes."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.capture.entry.check.prompt import Prompt, contradictions, prompts, put_in, words
from cartrial.capture.entry.check.sequence import breaches
from cartrial.capture.entry.saving.submit import Draft, Said
from cartrial.capture.ledger import read
from cartrial.capture.ledger.read import Head, Held
from cartrial.capture.ledger.row import SUBJECT, Row, read_row
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study


@dataclass(frozen=True)
class Judged:
    """A draft, the row that it makes, and what stands against it."""

    draft: Draft
    row: Row | None
    old: Held | None
    there: Held | None  # another record, which has the key of the row
    errors: tuple[Said, ...]
    prompts: tuple[Prompt, ...]

    @property
    def moved(self) -> bool:
        """Whether the key is another than that of the record that is changed."""
        return self.old is not None and self.row is not None and self.row.key != self.old.row.key

    @property
    def is_sent_twice(self) -> bool:
        """Whether it is a new row, and there already as it was typed."""
        if not self.draft.is_new or self.row is None or self.there is None or self.there.voided:
            return False
        return self.row.cells == self.there.row.cells

    @property
    def is_change(self) -> bool:
        """Whether a saved value would change."""
        return (
            self.old is not None and self.row is not None and self.row.cells != self.old.row.cells
        )


@dataclass(frozen=True)
class Known:
    """What drafts are judged by: the study, a subject's forms and their head, the centre's time."""

    study: Study
    forms: Forms
    head: Head
    now: dt.datetime


def known_of(study: Study, subject: str, now: dt.datetime) -> Known:
    """What is known of a subject now."""
    forms, head = read.forms_of(subject)
    return Known(study, forms, head, now)


def judge(known: Known, drafts: Sequence[Draft]) -> list[Judged]:
    """Each draft, judged with the ones before it put in."""
    judged, forms = [], known.forms
    for draft in drafts:
        one, forms = _judged(known, draft, forms)
        judged.append(one)
    return judged


def _judged(known: Known, draft: Draft, forms: Forms) -> tuple[Judged, Forms]:
    """A draft judged by the forms as they stand, and these with its row put in."""
    row, findings = _read(draft)
    errors = list(draft.faults)
    errors += [Said(f.column, words(draft.form, f)) for f in s.errors(findings)]
    old = read.record(draft.subject, draft.form, draft.old_key) if draft.old_key else None
    if row is None:
        return Judged(draft, None, old, None, tuple(errors), ()), forms
    there = None
    if old is None or row.key != old.row.key:
        there = read.record(row.subject, row.form, row.key)
    if there is not None:
        errors.append(Said("", _there(there)))
    errors += _out_of_sequence(row, old, forms)
    asked: list[Prompt] = []
    before = old.row if old else None
    after = put_in(forms, row, before)
    if not errors:
        warned = [finding for finding in findings if finding.severity == "warning"]
        asked = prompts(row, before, forms, after, warned, known.study, known.now)
    return Judged(draft, row, old, there, tuple(errors), tuple(asked)), after


def _read(draft: Draft) -> tuple[Row | None, list[s.Finding]]:
    """The row of a draft, or null; and all that breaks its declaration, so that it is told at once.

    A cell that is refused is put aside, and the rest is read again without it.
    """
    refused = {fault.column for fault in draft.faults}
    row, findings = read_row(draft.form, _without(refused, draft.cells))
    findings = [one for one in findings if _is_told(one, refused)]
    named = {one.column for one in s.errors(findings)}
    while named - refused:
        refused |= named
        _, more = read_row(draft.form, _without(refused, draft.cells))
        more = [one for one in s.errors(more) if _is_told(one, refused)]
        named = {one.column for one in more}
        findings += more
    return None if refused else row, findings


def _without(refused: Collection[str], cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if name not in refused}


def _is_told(finding: s.Finding, refused: Collection[str]) -> bool:
    """Whether a finding is of a field alone that is not refused, or of a row that is whole."""
    return finding.column not in refused and bool(finding.column or not refused)


def _there(there: Held) -> str:
    if there.voided:
        return "must be a new record, got the key of one that was withdrawn. Restore that one"
    return "must be a new record, got the key of one that is there. Open that one to change it"


def _out_of_sequence(row: Row, old: Held | None, forms: Forms) -> list[Said]:
    """What must come first and does not; what the record lacked before is not asked again."""
    if SUBJECT not in row.cells:
        return []
    before = breaches(row.form, old.row.cells, forms) if old and not old.voided else []
    return [
        Said("", f"must {edge.must}. {edge.first}")
        for edge in breaches(row.form, row.cells, forms)
        if edge not in before
    ]


def judge_withdrawal(known: Known, held: Held) -> list[Prompt]:
    """What is asked about when a record is withdrawn."""
    after = put_in(known.forms, None, held.row)
    return list(contradictions(held.row, held.row, None, known.forms, after, known.study))
