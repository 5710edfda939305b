"""All records of the trial as one ODM file, each with its last entry.

Withdrawn records, and what a record said before, are those of the trail.
"""

import datetime as dt
import json
from importlib.metadata import version
from pathlib import Path

from django.db.models import Max

from cartrial.capture.deployment import Deployment
from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import Head, subjects
from cartrial.capture.ledger.row import CAPTURED
from cartrial.intake.odm import write as odm


def write_trial(here: Deployment, path: Path, at: dt.datetime, head: Head) -> None:
    """Write the records that stand; the file names the head of the chain."""
    filled = set(Record.objects.filter(voided=False).values_list("form", flat=True).distinct())
    users = _users()
    odm.write_odm(
        odm.OdmFile(f"{here.study.id}.{head.short}", at, "cartrial", version("cartrial")),
        here.study,
        [form for form in CAPTURED if form in filled],
        ((subject, _records(subject, users)) for subject in (*subjects(), "")),
        path,
        users=tuple(users.values()),
    )


def _users() -> dict[str, odm.User]:
    """Everybody who entered data, by user name, as they were at their last entry."""
    entries = Entry.objects.filter(action__in=action.CLINICAL)
    found = entries.values_list("actor", "name", "organisation").annotate(last=Max("seq"))
    return {actor: odm.User(actor, name, place) for actor, name, place, _ in found.order_by("last")}


def _records(subject: str, users: dict[str, odm.User]) -> list[odm.Record]:
    """The records of a subject, in the order of their keys; without one, those of the trial."""
    entries = Entry.objects.filter(subject=subject, action__in=action.CLINICAL).in_bulk()
    stands = Record.objects.filter(subject=subject, voided=False)
    return [
        odm.Record(one.form, json.loads(one.cells), _audit(entries[one.seq], users))
        for one in stands.order_by("form", "key")
    ]


def _audit(entry: Entry, users: dict[str, odm.User]) -> odm.Audit:
    return odm.Audit(users[entry.actor], entry.at, entry.reason, f"entry {entry.seq}")
