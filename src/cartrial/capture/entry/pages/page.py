"""What the page of a row shows: its fields with their values, faults, questions and queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartrial.capture.deployment import deployment
from cartrial.capture.entry.check.prompt import Prompt
from cartrial.capture.entry.form.field import Field, groups_of, labels_of
from cartrial.capture.entry.form.listed import Offer, offers
from cartrial.capture.entry.saving.save import Outcome
from cartrial.capture.entry.saving.submit import REASONS, Said, Sent, signed
from cartrial.capture.ledger import read
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import Row
from cartrial.capture.state.fold.query import Query
from cartrial.capture.state.shown.words import spaced, title

ANSWERS = ("checked against the source", "measured again", "known to the investigator")


@dataclass(frozen=True)
class Asked:
    """A question, the answer that was typed, and whether it is still open."""

    prompt: Prompt
    answer: str
    is_open: bool


@dataclass(frozen=True)
class Shown:
    """A field on a page."""

    field: Field
    name: str
    value: str
    faults: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    queries: tuple[Query, ...] = ()
    offer: Offer = ()

    @property
    def typed(self) -> str:
        """The value as it is typed: a date and its time with a blank between."""
        return spaced(self.value) if self.field.kind in ("moment", "partial") else self.value

    @property
    def described(self) -> str:
        """The ids of what describes the field, for a screen reader."""
        parts = ((self.field.hint, "hint"), (self.faults, "fault"), (self.asked, "ask"))
        return " ".join(f"{part}-{self.name}" for there, part in parts if there)


def shown_groups(
    form: str,
    subject: str,
    cells: Mapping[str, str],
    *,
    faults: tuple[Said, ...] = (),
    asked: tuple[Asked, ...] = (),
    queries: Mapping[str, tuple[Query, ...]] = {},
    prefix: str = "",
) -> list[tuple[str, list[Shown]]]:
    """The fields of a form under their headings."""
    offered = offered_by(form, subject)
    return [
        (
            heading,
            [
                Shown(
                    field,
                    prefix + field.name,
                    cells.get(field.name, ""),
                    tuple(fault.words for fault in faults if fault.column == field.name),
                    tuple(one for one in asked if one.prompt.column == field.name),
                    queries.get(field.name, ()),
                    offered.get(field.name, ()),
                )
                for field in fields
            ],
        )
        for heading, fields in groups_of(form)
    ]


def offered_by(form: str, subject: str) -> dict[str, Offer]:
    """What each field of a form offers to choose from."""
    forms, _ = read.forms_of(subject)
    return offers(form, deployment().study, forms)


def asked_of(outcome: Outcome, sent: Sent) -> tuple[Asked, ...]:
    """The questions of an outcome with the answers that were typed."""
    return tuple(
        Asked(prompt, sent.get(f"_answer.{prompt.id}", ""), prompt.id in outcome.open)
        for one in outcome.judged
        for prompt in one.prompts
    )


def of_row(
    form: str,
    subject: str,
    cells: Mapping[str, str],
    *,
    who: str,
    sent: Sent | None = None,
    outcome: Outcome | None = None,
    queries: Mapping[str, tuple[Query, ...]] = {},
) -> dict[str, Any]:
    """The page of a row: new, or a record's; with what an outcome says of it."""
    sent = sent or {}
    faults = tuple(f for one in outcome.judged for f in one.errors) if outcome else ()
    asked = asked_of(outcome, sent) if outcome else ()
    labels = labels_of(form)
    needs_reason = outcome is not None and any(one.is_change for one in outcome.judged)
    return {
        "form": form,
        "title": title(form),
        "subject": subject,
        "groups": shown_groups(form, subject, cells, faults=faults, asked=asked, queries=queries),
        "faults": [(labels.get(f.column, ""), f) for f in faults],
        "asked": asked,
        "zone": deployment().time_zone,
        "row_asked": [one for one in asked if one.prompt.column not in labels],
        "open": [one for one in asked if one.is_open],
        "labels": labels,
        "fired": signed(outcome.fired, who) if outcome and outcome.fired else "",
        **reason_part(sent, outcome.reason_faults if outcome else ()),
        "needs_reason": needs_reason,
        "answers": ANSWERS,
        "there": _there(outcome) if outcome else 0,
    }


def reason_part(sent: Sent, faults: tuple[Said, ...] = ()) -> dict[str, Any]:
    """What the question for a reason shows."""
    return {
        "reasons": REASONS,
        "reason": sent.get("_reason", ""),
        "reason_words": sent.get("_words", ""),
        "reason_faults": faults,
    }


def number_of(row: Row) -> int:
    """The number of a record, by which addresses name it."""
    return Record.objects.get(subject=row.subject, form=row.form, key=row.key).pk


def _there(outcome: Outcome) -> int:
    """The record that has the key of a draft already; 0 where there is none."""
    rows = (one.there.row for one in outcome.judged if one.there is not None)
    return next(map(number_of, rows), 0)
