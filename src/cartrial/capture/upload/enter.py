"""Entering what was previewed: all rows in one transaction, each with the file that it is from."""

import datetime as dt
from collections.abc import Sequence

from cartrial.capture.ledger import action, read
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Ledger, writing
from cartrial.capture.people.models import Account
from cartrial.capture.upload.against import DIFFERENT, ENTERED, HELD, NEW, Compared, compare, seal
from cartrial.capture.upload.kept import Kept, whole
from cartrial.capture.upload.understood import Understood, understand
from cartrial.protocol.study import Study

ANSWER = 1000  # characters


def enter_upload(
    study: Study,
    account: Account,
    kept: Kept,
    *,
    seen: str,
    reason: str,
    answer: str,
    now: dt.datetime,
) -> Entry:
    """Enter the rows of an upload as its preview showed them (`seen`); the entry that says so."""
    whole(kept)
    found = understand(study, kept)
    with writing(account.actor) as ledger:
        forms, _ = read.forms_now()
        compared = compare(study, found, forms, now)
        if seal(compared) != seen:
            must = "must be as its preview showed it"
            raise Conflict(f"upload: {must}, got a change since. Look again")
        _check(compared, reason, answer)
        return _entered(ledger, kept, found, compared, reason, answer)


def _check(compared: Sequence[Compared], reason: str, answer: str) -> None:
    entered = [one for one in compared if one.status in ENTERED]
    if not entered:
        raise Refused("upload: must have a row that is new or different, got none")
    if any(one.status == DIFFERENT for one in entered) and not reason:
        raise Refused("reason: must be given where the file changes saved values, got none")
    if any(one.doubts for one in entered) and not answer.strip():
        raise Refused("answer: must say why the unusual values are right, got nothing")


def _entered(
    ledger: Ledger,
    kept: Kept,
    found: Understood,
    compared: Sequence[Compared],
    reason: str,
    answer: str,
) -> Entry:
    new = [one for one in compared if one.status == NEW]
    other = [one for one in compared if one.status == DIFFERENT]
    held = len(found.held) + sum(one.status == HELD for one in compared)
    entry = ledger.add(
        action.UPLOAD,
        content={
            "upload": kept.token,
            "kind": kept.kind,
            "form": found.form,
            "files": [{"name": one.name, "sha256": one.sha256} for one in kept.files],
            "new": str(len(new)),
            "changed": str(len(other)),
            "held": str(held),
        },
        reason=reason,
    )
    source = f"upload {entry.seq}: {kept.files[0].name}, SHA-256 {kept.files[0].sha256}"
    ledger.enter_all([one.row for one in new], reason=source)
    for one in other:
        ledger.enter(one.row, base=one.base, reason=f"{reason}; {source}")
    for one in (*new, *other):
        _answered(ledger, one, entry, answer)
    return entry


def _answered(ledger: Ledger, one: Compared, entry: Entry, answer: str) -> None:
    """An entry for each unusual value, with why it is right."""
    for doubt in one.doubts:
        said = {
            "of": str(entry.seq),
            "rule": "plausible",
            "column": doubt.column,
            "value": one.row.cells.get(doubt.column, ""),
            "prompt": doubt.said,
            "answer": "confirmed",
            "reason": answer.strip()[:ANSWER],
        }
        place = {"subject": one.row.subject, "form": one.row.form, "key": one.row.key}
        ledger.add(action.CHECK_FIRED, **place, content=said)
