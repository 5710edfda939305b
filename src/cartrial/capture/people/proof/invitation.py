"""One-time links: for the first administrator, and for setting a password.

A link is signed and holds for a day. It is used up by what it brings about: that an administrator
exists, or that the account has another password than when the link was made.
"""

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import salted_hmac

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.models import Account

SALT = "cartrial.link"
HOLDS = dt.timedelta(days=1)
FIRST = "first administrator"


class UsedUp(Refused):
    """The link was used, is too old, or is none of ours."""

    status = 410


@dataclass(frozen=True)
class Invitation:
    """What a link is for: an account's password, or the first administrator when null."""

    account: Account | None


def first_administrator_link() -> str | None:
    """The path by which the first administrator is made; null once there is one."""
    if Account.objects.filter(role="administrator").exists():
        return None
    return "/link/" + signing.dumps({"for": FIRST}, salt=SALT)


def link_of(account: Account) -> str:
    """The path by which an account sets its password."""
    return "/link/" + signing.dumps({"account": account.pk, "mark": _mark(account)}, salt=SALT)


def opened(token: str) -> Invitation:
    """What a link is for; raises `UsedUp`."""
    try:
        said = signing.loads(token, salt=SALT, max_age=HOLDS)
    except signing.BadSignature:
        raise _used_up() from None
    if said.get("for") == FIRST:
        if first_administrator_link() is None:
            raise _used_up()
        return Invitation(None)
    account = Account.objects.filter(pk=said.get("account"), is_active=True).first()
    if account is None or said.get("mark") != _mark(account):
        raise _used_up()
    return Invitation(account)


def _mark(account: Account) -> str:
    return salted_hmac(SALT, account.password, algorithm="sha256").hexdigest()[:32]


def _used_up() -> UsedUp:
    return UsedUp("link: must be one that nobody has used, made within a day, got another")
