"""A person who is logged in proves it again: before each signature, and before what is as grave.

Two components each time (user id and password), and the code where an authenticator app is
enrolled. A failure is entered, and counts to the lockout like one at the login.

Source: 21 CFR 11.200(a)(1)
"""

from django.http import HttpRequest

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import lockout, second_factor


class NotProved(Refused):
    """The password or the code is not right."""


def reauthenticate(request: HttpRequest, account: Account, password: str, code: str = "") -> None:
    """Return when the person has proved it, else raise `Refused`.

    Call it before `writing`, never within: the failure would be rolled back with the refusal.
    """
    name, address = account.username, lockout.address_of(request)
    lockout.refuse_locked(name, address, clock.now())
    right = account.check_password(password)
    with writing(account.actor) as ledger:
        now = clock.now()
        lockout.refuse_locked(name, address, now)  # another may have failed since
        fresh = Account.objects.get(pk=account.pk)
        what = "" if right and fresh.is_active else "password at a signature"
        if not what and fresh.totp_secret and not second_factor.take_code(fresh, code, now):
            what = "code at a signature"
        if what:
            lockout.add_failure(ledger, name, address, now, what)
        else:
            lockout.forget_failures(name)
    if what:
        raise NotProved(_said(what, fresh))


def _said(what: str, account: Account) -> str:
    if what.startswith("code"):
        return (
            "proof: must be with the code that your app shows now, got another or a used one. "
            "Wait for the next code"
        )
    return f"proof: must be with the password of {account.username}, got another"
