"""Too many failures lock a name for a while, and more of them an address.

    by        failures   within       locked for
    name      5          15 minutes   15 minutes
    address   30         15 minutes   15 minutes

Failures at the login, at its second step and at a signature all count. They stand in the database,
so a restart or another process changes nothing, and a name that no account has is locked like any
other. A name that no account has may be a password typed into the wrong field: only its keyed hash
is kept, and of its lock nobody is told by e-mail.
"""

import datetime as dt
from collections.abc import Sequence
from ipaddress import ip_address

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action
from cartrial.capture.ledger.centre import shown
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.people.models import Account, Attempt
from cartrial.capture.people.proof.alarm import tell_locked

BY_NAME, BY_ADDRESS = 5, 30  # failures
WINDOW = LOCK = dt.timedelta(minutes=15)


class LockedOut(Refused):
    """Too many failures: not even the right password is taken now."""

    status = 429


def label(username: str) -> str:
    """The name that failures count for: an account's, or a keyed hash of what was typed."""
    name = username.strip().lower()
    if len(name) <= 60 and name.isprintable() and Account.objects.filter(username=name).exists():
        return name
    return "unknown " + salted_hmac("cartrial.attempt", name, algorithm="sha256").hexdigest()[:16]


def locked_until(name: str, address: str, now: dt.datetime) -> dt.datetime | None:
    """Until when this name or this address is locked; null when neither is."""
    since = now - WINDOW - LOCK
    found = Attempt.objects.filter(at__gt=since, at__lte=now).order_by("at")
    near = found.filter(address=address) if address else found.none()
    ends = (
        end_of_lock(list(found.filter(username=name).values_list("at", flat=True)), BY_NAME),
        end_of_lock(list(near.values_list("at", flat=True)), BY_ADDRESS),
    )
    return max((end for end in ends if end is not None and end > now), default=None)


def end_of_lock(failures: Sequence[dt.datetime], most: int) -> dt.datetime | None:
    """When the lock of these failures ends; null when they are too few, or too far apart."""
    if len(failures) < most or failures[-1] - failures[-most] > WINDOW:
        return None
    return failures[-1] + LOCK


def refuse_locked(name: str, address: str, now: dt.datetime) -> None:
    """Refuse whoever is locked, right password or not."""
    until = locked_until(name, address, now)
    if until is not None:
        raise LockedOut(
            f"login: must wait until {shown(until)}, got too many failures. "
            "An administrator can unlock an account earlier"
        )


def add_failure(ledger: Ledger, name: str, address: str, now: dt.datetime, what: str) -> None:
    """Enter a failure, and the lock that it may bring."""
    Attempt.objects.filter(at__lte=now - WINDOW - LOCK).delete()
    Attempt.objects.create(username=name, address=address, at=now)
    said = {"username": name, "address": address}
    ledger.add(action.LOGIN_FAILED, key=name, content={**said, "what": what})
    if locked_until(name, address, now) is not None:
        ledger.add(action.LOCKED_OUT, key=name, content={**said, "what": "locked for 15 minutes"})
        tell_locked(_locked(name, address, now), address, now)


def _locked(name: str, address: str, now: dt.datetime) -> list[str]:
    """What is locked, in words: an account, an address, or both."""
    is_account = Account.objects.filter(username=name).exists()
    return [
        *([f"account {name}"] if is_account and locked_until(name, "", now) else []),
        *([f"address {address}"] if locked_until("", address, now) else []),
    ]


def forget_failures(name: str) -> int:
    """Begin to count anew for a name; how many there were."""
    return Attempt.objects.filter(username=name).delete()[0]


def address_of(request: HttpRequest) -> str:
    """The address of the browser: behind TLS, the one that the proxy on this machine saw."""
    near = request.META.get("REMOTE_ADDR", "")
    said = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    if deployment().https and near in ("", "127.0.0.1", "::1") and said:
        near = said
    try:
        return str(ip_address(near))[:45]
    except ValueError:
        return ""
