"""Giving a signature: the entry that binds a person, a meaning and the rows as they stand.

    reauthenticate(request, account, password, code)
    with writing(account.actor) as ledger:
        sign(ledger, "subject", Place("001"))

It holds the scope that it is of, the SHA-256 of the canonical rows, and the head of the chain at
signing: moved to another record, or its rows changed, it no longer verifies.

Source: 21 CFR 11.50, 11.70
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.people.permission import PERMISSIONS, ROLES
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.meaning import MEANINGS, Meaning
from cartrial.capture.trail.verify_trail import canonical, sha256

Row = tuple[str, str, str, int, bool, str]  # subject, form, key, newest entry, voided, cells


def sign(
    ledger: Ledger,
    meaning: str,
    place: Place,
    *,
    seen: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> Entry:
    """Sign what a meaning covers at a place; `more` is said beside it.

    `seen` is the head of the chain that the person read: a change since then is a conflict.
    """
    what = MEANINGS[meaning]
    _check(ledger, what, place)
    rows = covered(place, what.forms)
    if not rows:
        raise Refused("signature: must be of a record that is there, got none to sign")
    newest = max(row[3] for row in rows)
    if seen is not None and not newest <= seen <= ledger.seq:
        raise Conflict("signature: must be of what was read, got data that changed since", newest)
    content = {
        **(more or {}),
        "meaning": meaning,
        "words": what.words,
        "of": list(place),
        "forms": list(what.forms),
        "records": str(len(rows)),
        "snapshot": snapshot(rows),
        "head": f"{ledger.seq}:{ledger.head}",
    }
    return ledger.add(action.SIGN, **place._asdict(), content=content)


def given_since(username: str, meaning: str, place: Place, seen: int) -> int:
    """The signature that a person gave from the very page that they read, sent twice; 0 if none."""
    last = follow().last_signed(place, meaning)
    if last is None or not last.is_whole or last.signature.act.actor != username:
        return 0
    return last.signature.number if last.signature.number > seen else 0


def covered(place: Place, forms: Iterable[str] = ()) -> list[Row]:
    """The records that a signature of a place covers, as they stand."""
    found = Record.objects.all()
    if place.subject or place.form:
        found = found.filter(subject=place.subject)
    if place.form:
        found = found.filter(form=place.form, key=place.key)
    if forms:
        found = found.filter(form__in=list(forms))
    return sorted(found.values_list("subject", "form", "key", "seq", "voided", "cells"))


def snapshot(rows: Iterable[Row]) -> str:
    """The SHA-256 of rows in their canonical order."""
    named = sorted(rows)
    return sha256(canonical([[*r[:3], str(r[3]), "voided" if r[4] else "", r[5]] for r in named]))


def _check(ledger: Ledger, what: Meaning, place: Place) -> None:
    role = ledger.actor.role
    if role not in PERMISSIONS[what.permission]:
        may = " or ".join(ROLES[name].lower() for name in PERMISSIONS[what.permission])
        raise Refused(f"signature: must be by the {may}, got one by the {ROLES.get(role, role)}")
    if place.kind != what.scope:
        raise Refused(f"signature: must be of a {what.scope}, got one of a {place.kind}")
