"""Accounts made and changed by an administrator: each change is an entry with the old and the new.

An account is deactivated, never deleted, and its name is never given to another person or changed.
Nobody changes their own. An administrator cannot set a password: a reset gives a one-time link, and
who revoked somebody's second factors does not also reset that password before its owner was in
again, so that signing as another takes two people. Each entry also holds the SHA-256 of what the
account then proves itself with: a password or a factor that was put into the database shows.

Source: 21 CFR 11.100(a), 11.200(a)(3), 11.300(c)
"""

import datetime as dt
import re
from collections.abc import Mapping

from cartrial.capture.ledger import action
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import content
from cartrial.capture.ledger.row import changed
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, Actor, Ledger, writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES
from cartrial.capture.people.proof import invitation, lockout, second_factor
from cartrial.capture.people.session import end_sessions
from cartrial.capture.trail.verify_trail import canonical, sha256

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,59}")
RESERVED = (SOFTWARE_ITSELF.username, "console")  # whose entries no person made
CREATED, CHANGED, REVOKED, RESET = "created", "changed", "second factors revoked", "password reset"
DEACTIVATED, ACTIVATED, UNLOCKED = "deactivated", "activated", "unlocked"
FIRST_YEAR, LAST_YEAR = 2000, 2199  # of days that an account can have
ENDS_SESSIONS = ("role", "active")


def state(account: Account) -> dict[str, str]:
    """What entries tell of an account; what is empty is absent."""
    cells = {
        "name": account.name,
        "email": account.email,
        "role": account.role,
        "organisation": account.organisation,
        "expires": account.expires.isoformat() if account.expires else "",
        "identity_verified": account.identity_verified,
        "active": "yes" if account.is_active else "no",
    }
    return {name: cell for name, cell in cells.items() if cell}


def proofs(account: Account) -> str:
    """The SHA-256 of the password's hash, the secret of the app and the passkeys.

    Not of what changes with each use: recovery codes that are left, and counters. None of it can be
    guessed from it, as each part is random: of the password it is the salted hash.
    """
    keys = [one["data"] for one in account.passkeys]
    return sha256(canonical([account.password, account.totp_secret, keys]))


def enter(
    ledger: Ledger,
    account: Account,
    what: str,
    *,
    old: Mapping[str, str] | None = None,
    reason: str = "",
    **more: str,
) -> None:
    """Enter what was done with an account, as it now stands in the database.

    `old` is what was said of it before, where that may have changed.
    """
    there = Account.objects.get(pk=account.pk)
    changes = {} if old is None else changed(old, state(there))
    said = {"what": what, "changes": changes, "proofs_sha256": proofs(there), **more}
    ledger.add(action.ACCOUNT, key=there.username, content=said, reason=reason)


def create(actor: Actor, given: Mapping[str, str]) -> Account:
    """A new account, without a password: its owner sets one by a one-time link."""
    username = given.get("username", "").strip().lower()
    if not USERNAME.fullmatch(username):
        raise Refused(
            "user name: must be of a to z, digits, dot, hyphen and underscore, and begin with a "
            "letter, got another"
        )
    if username in RESERVED:
        raise Refused(f"user name: must be a person's, got {username}, which the software goes by")
    account = Account(username=username)
    account.set_unusable_password()
    with writing(actor) as ledger:
        if Account.objects.filter(username=username).exists():
            raise Refused(f"user name: must be one that nobody had, got {username}")
        _fill(account, given)
        account.save(force_insert=True)
        enter(ledger, account, CREATED, old={})
    return account


def change(actor: Actor, account: Account, given: Mapping[str, str], reason: str) -> None:
    """Change what is said of a person, or what they may; a change of role ends their sessions."""
    with writing(actor) as ledger:
        account.refresh_from_db()
        old = state(account)
        _fill(account, given)
        _save(ledger, account, CHANGED, old, reason)


def deactivate(actor: Actor, account: Account, reason: str) -> None:
    """Take all access away, at once."""
    _activate(actor, account, False, reason)


def activate(actor: Actor, account: Account, reason: str) -> None:
    """Give the same person access again."""
    _activate(actor, account, True, reason)


def unlock(actor: Actor, account: Account, reason: str) -> None:
    """End a lock after failures before its time."""
    with writing(actor) as ledger:
        _may_change(ledger, account, reason)
        lockout.forget_failures(account.username)
        enter(ledger, account, UNLOCKED, reason=reason)


def revoke_second_factors(actor: Actor, account: Account, reason: str) -> None:
    """Take app, passkeys and recovery codes from an account: they were lost or stolen."""
    with writing(actor) as ledger:
        _may_change(ledger, account, reason)
        _needs_another(actor, account, RESET)
        account.refresh_from_db()
        second_factor.clear(account)
        end_sessions(ledger, account, REVOKED)
        enter(ledger, account, REVOKED, reason=reason)


def reset_password(actor: Actor, account: Account, reason: str) -> str:
    """Make the password useless; the one-time link by which its owner sets another."""
    with writing(actor) as ledger:
        _may_change(ledger, account, reason)
        _needs_another(actor, account, REVOKED)
        account.refresh_from_db()
        account.set_unusable_password()
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        end_sessions(ledger, account, RESET)
        enter(ledger, account, RESET, reason=reason)
    return invitation.link_of(account)


def _activate(actor: Actor, account: Account, active: bool, reason: str) -> None:
    with writing(actor) as ledger:
        account.refresh_from_db()
        old = state(account)
        account.is_active = active
        _save(ledger, account, ACTIVATED if active else DEACTIVATED, old, reason)


def _save(ledger: Ledger, account: Account, what: str, old: Mapping[str, str], reason: str) -> None:
    _may_change(ledger, account, reason)
    new = state(account)
    if new == old:
        return
    account.save(update_fields=["name", "email", "role", "organisation", "expires",
                                "identity_verified", "is_active"])  # fmt: skip
    if any(old.get(name) != new.get(name) for name in ENDS_SESSIONS):
        end_sessions(ledger, account, f"account {what}")
    enter(ledger, account, what, old=old, reason=reason)


def _may_change(ledger: Ledger, account: Account, reason: str) -> None:
    if ledger.actor.username == account.username:
        raise Refused("account: must be changed by another administrator, got one's own")
    if not reason.strip():
        raise Refused("reason: must be given for a change of an account, got nothing")


def _needs_another(actor: Actor, account: Account, done: str) -> None:
    """Refuse who already did the other half of taking an account over, until its owner was in.

    The console of the server may do both, for a last administrator who lost everything.
    """
    if actor.role == SOFTWARE_ITSELF.role:
        return
    of_account = Entry.objects.filter(action=action.ACCOUNT, key=account.username)
    for entry in of_account.filter(actor=actor.username).order_by("-seq"):
        said = content(entry)
        if said is not None and said.get("what") == done:
            logins = Entry.objects.filter(action=action.LOGIN, actor=account.username)
            if not logins.filter(seq__gt=entry.seq).exists():
                raise Refused(
                    f"account: must be by another administrator than who did “{done}”, got the "
                    "same. Two people are needed, so that none can act as another"
                )
            return


def _fill(account: Account, given: Mapping[str, str]) -> None:
    """Put in what was typed; every fault of it in one refusal."""
    account.name = _text(given, "name", 120)
    account.email = _text(given, "email", 200)
    account.organisation = _text(given, "organisation", 120)
    account.role = given.get("role", "")
    account.identity_verified = _identity(given)
    before, account.expires = account.expires, read_day(given.get("expires", ""), "last day")
    wrong = []
    if account.expires and account.expires != before and account.expires < today():
        wrong.append(
            f"last day: must not be over, got {account.expires}. To end access, deactivate"
        )
    if not account.name:
        wrong.append("name: must be given, got nothing")
    if not account.organisation:
        wrong.append("organisation: must be given, got nothing")
    if account.role not in ROLES:
        wrong.append("role: must be one of the list, got another")
    if not account.identity_verified:
        wrong.append("identity: must have been verified by somebody on a day, got nothing")
    if wrong:
        raise Refused("; ".join(wrong))


def _text(given: Mapping[str, str], name: str, most: int) -> str:
    text = " ".join(given.get(name, "").split())
    if len(text) > most or not text.isprintable():
        raise Refused(f"{name}: must be at most {most} characters that can be printed, got others")
    return text


def _identity(given: Mapping[str, str]) -> str:
    by, on = _text(given, "identity_by", 120), read_day(given.get("identity_on", ""), "verified on")
    if on and on > today():
        raise Refused(f"verified on: must be a day that has been, got {on}")
    return f"{by}, {on.isoformat()}" if by and on else ""


def read_day(text: str, what: str) -> dt.date | None:
    """The day that was typed, null where nothing was; raises `Refused`."""
    if not text.strip():
        return None
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{what}: must be a day as 2026-05-03, got another text") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"{what}: must be from {FIRST_YEAR} to {LAST_YEAR}, got {day.year}")
    return day
