"""Who has, and had, access: a fold over the entries of accounts, for any day.

A period is a time in which one person had one role in one organisation. It ends when that changes,
when the account is deactivated, or after its last day.

Source: ICH E6(R3) 4.2.2(a)(i), 4.3.8; 21 CFR 11.10(d), (g)
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.models import Entry
from cartrial.capture.people import account as accounts
from cartrial.capture.people.models import Account

QUARTER = dt.timedelta(days=92)
NAMED = ("name", "role", "organisation", "identity_verified")


@dataclass(frozen=True)
class Step:
    """A change of an account: when, of whom, by whom, the cells that are new, and its proofs."""

    at: dt.datetime
    username: str
    by: str
    cells: Mapping[str, str | None]
    proofs: str = ""  # empty in an entry of a version that did not hold them


@dataclass(frozen=True)
class Period:
    """A time in which a person had access; `end` is null while they have it."""

    username: str
    name: str
    role: str
    organisation: str
    identity_verified: str
    begin: dt.datetime
    given_by: str
    expires: str = ""
    end: dt.datetime | None = None
    ended_by: str = ""

    def covers(self, moment: dt.datetime) -> bool:
        """Whether the person had access at that moment."""
        return self.begin <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Review:
    """An access review that somebody signed."""

    at: dt.datetime
    by: str
    found: str


def periods(steps: Iterable[Step], now: dt.datetime) -> list[Period]:
    """Every period of access, in order of user name and time."""
    state: dict[str, dict[str, str]] = {}
    opened: dict[str, Period] = {}
    closed: list[Period] = []
    for step in steps:
        cells = state.setdefault(step.username, {})
        before = opened.pop(step.username, None)
        cells.update({name: cell or "" for name, cell in step.cells.items()})
        after = _period(step, cells)
        if before is not None:
            before = _expired(before, step.at)
        if before and after and before.end is None and _same(before, after):
            opened[step.username] = replace(before, expires=after.expires)
            continue
        if before is not None:
            closed.append(before if before.end else replace(before, end=step.at, ended_by=step.by))
        if after is not None:
            opened[step.username] = after
    every = closed + [_expired(period, now) for period in opened.values()]
    return sorted(every, key=lambda period: (period.username, period.begin))


def _period(step: Step, cells: Mapping[str, str]) -> Period | None:
    if cells.get("active") != "yes":
        return None
    name, role, organisation, verified = (cells.get(cell, "") for cell in NAMED)
    expires = cells.get("expires", "")
    return Period(step.username, name, role, organisation, verified, step.at, step.by, expires)


def _same(one: Period, other: Period) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in NAMED)


def _expired(period: Period, now: dt.datetime) -> Period:
    """The period, ended after its last day when that is over."""
    if not period.expires:
        return period
    after = dt.date.fromisoformat(period.expires) + dt.timedelta(days=1)
    end = max(dt.datetime.combine(after, dt.time(), dt.UTC), period.begin)
    return replace(period, end=end, ended_by="expiry") if end <= now else period


def read_steps() -> list[Step]:
    """Every change of an account, oldest first."""
    entries = Entry.objects.filter(action=action.ACCOUNT).select_related("content")
    return [_step(entry) for entry in entries.order_by("seq")]


def _step(entry: Entry) -> Step:
    said = json.loads(entry.content.text or "{}")
    cells = {name: new for name, (_, new) in said.get("changes", {}).items()}
    return Step(clock.moment(entry.at), entry.key, entry.name, cells, said.get("proofs_sha256", ""))


def differences() -> list[str]:
    """Accounts whose row in the database is not what their entries say."""
    said: dict[str, dict[str, str]] = {}
    proofs: dict[str, str] = {}
    for step in read_steps():
        cells = said.setdefault(step.username, {})
        cells.update({name: cell or "" for name, cell in step.cells.items()})
        proofs[step.username] = step.proofs
    there = {account.username: account for account in Account.objects.all()}
    found = []
    for username in sorted(said.keys() | there.keys()):
        account, known = there.get(username), proofs.get(username)
        kept = {name: cell for name, cell in said.get(username, {}).items() if cell}
        if kept != (accounts.state(account) if account else {}):
            found.append(f"account {username}: must be as its entries say, got another row")
        if account and known and known != accounts.proofs(account):
            found.append(
                f"account {username}: must have the password and second factors that its newest "
                "entry saw, got others"
            )
    return found


def last_review() -> Review | None:
    """The newest access review; null when there was none."""
    found = Entry.objects.filter(action=action.ACCESS_REVIEW).select_related("content")
    newest = found.order_by("-seq").first()
    if newest is None:
        return None
    said = json.loads(newest.content.text or "{}")
    return Review(clock.moment(newest.at), newest.name, said.get("found", ""))


def review_due() -> dt.date | None:
    """The day by which access is to be reviewed; null while there is no account."""
    last = last_review()
    if last is not None:
        return (last.at + QUARTER).date()
    first = Entry.objects.filter(action=action.ACCOUNT).order_by("seq").first()
    return (clock.moment(first.at) + QUARTER).date() if first else None
