"""The second factor that is typed: a code of an authenticator app (TOTP), or a recovery code.

A code of the app holds for 30 seconds and is taken a step early or late, and once: the step of the
last one is kept. A recovery code is kept as a keyed hash, and struck off when it is used.

Source: RFC 6238 (TOTP), section 5.2: the verifier must not accept the second attempt of a code
"""

import datetime as dt
import secrets
from hmac import compare_digest

import pyotp
import segno
from django.utils.crypto import salted_hmac

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.people.models import Account

STEP = 30  # seconds
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def is_enrolled(account: Account) -> bool:
    """Whether the account has a second factor: an app or a passkey."""
    return bool(account.totp_secret or account.passkeys)


def take_code(account: Account, code: str, now: dt.datetime) -> bool:
    """Whether the code is right, of the app or for recovery; it is then used up."""
    typed = "".join(code.split()).lower()
    step = step_of(account.totp_secret, typed, now)
    if step is not None and step > account.totp_last:
        account.totp_last = step
        account.save(update_fields=["totp_last"])
        return True
    printed = recovery_hash(typed)
    if printed not in account.recovery:
        return False
    account.recovery = [left for left in account.recovery if left != printed]
    account.save(update_fields=["recovery"])
    return True


def step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The time step whose code this is, of those next to now; null when it is of none."""
    if not secret:
        return None
    at = int(now.timestamp()) // STEP
    made = pyotp.TOTP(secret)
    right = [s for s in (at - 1, at, at + 1) if _same(made.generate_otp(s), code)]
    return max(right, default=None)


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())


def remove(account: Account, which: str) -> str:
    """Take one factor away: `app`, or the passkey of this number; what it was."""
    if which == "app":
        account.totp_secret = ""
        what = "app"
    elif (number := sent_number(which)) is not None and number < len(account.passkeys):
        what = f"passkey {account.passkeys[number]['name']}"
        account.passkeys = [p for i, p in enumerate(account.passkeys) if i != number]
    else:
        raise Refused("second factor: must be one of the account, got another")
    account.save(update_fields=["totp_secret", "passkeys"])
    return what


def clear(account: Account) -> None:
    """Take every second factor from an account."""
    account.totp_secret, account.passkeys, account.recovery = "", [], []
    account.save(update_fields=["totp_secret", "passkeys", "recovery"])


def new_secret() -> str:
    """A secret for an app."""
    return pyotp.random_base32()


def qr(account: Account, secret: str, trial: str) -> str:
    """The secret as a QR code: an SVG as data for an image."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=trial)
    return segno.make(uri, micro=False).svg_data_uri(scale=5, border=3)


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """Codes to print, and the hashes to keep."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in codes], [recovery_hash(code) for code in codes]


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code."""
    plain = code.replace("-", "")
    return salted_hmac("cartrial.recovery", plain, algorithm="sha256").hexdigest()
