"""Entries of accounts and sessions in words, for the pages that show them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import content
from cartrial.capture.people.permission import ROLES

FIELDS = {
    "name": "name",
    "email": "e-mail",
    "role": "role",
    "organisation": "organisation",
    "expires": "last day",
    "identity_verified": "identity verified",
    "active": "active",
}


@dataclass(frozen=True)
class Told:
    """One entry about an account: when, what, by whom, from where, why."""

    seq: int
    at: dt.datetime
    what: str
    by: str
    address: str
    of: str
    reason: str
    changes: tuple[str, ...] = ()


def told(entries: Iterable[Entry]) -> list[Told]:
    """The entries in words."""
    return [_told(entry, content(entry) or {}) for entry in entries]


def _told(entry: Entry, said: Any) -> Told:
    what = {
        action.LOGIN: f"logged in with {said.get('by', '')}",
        action.LOGIN_FAILED: f"failed: {said.get('what', '')}",
        action.LOCKED_OUT: said.get("what", ""),
        action.SESSION_END: f"session ended: {said.get('why', '')}",
    }.get(entry.action, said.get("what", entry.action))
    changes = tuple(
        f"{FIELDS.get(name, name)}: {_cell(old)} → {_cell(new)}"
        if old
        else f"{FIELDS.get(name, name)}: {_cell(new)}"
        for name, (old, new) in said.get("changes", {}).items()
    )
    return Told(
        seq=entry.seq,
        at=clock.moment(entry.at),
        what=what,
        by=entry.name,
        address=said.get("address", ""),
        of=entry.key,
        reason=entry.reason,
        changes=changes,
    )


def _cell(cell: str | None) -> str:
    return ROLES.get(cell or "", cell or "nothing")
